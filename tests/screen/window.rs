//! The real program in a real window: an X server shows it, two libraries read its code, a keyboard operates
//! it, and a till reads its events. The tests need `Xvfb` and `zbarimg`:
//!
//! ```text
//! cargo test --test screen window::
//! ```
//!
//! A failed test saves a picture of its screen in `target/window-failures`.

mod covered;
mod disconnected;
mod drawing;
mod faulty_screen;
mod keyboard;
mod keys;
mod logos;
mod manager;
mod picture;
mod resident;
mod scene;
mod server;
mod service_manager;
pub(crate) mod shop;
mod update;

use patron_display::sandbox::ApiCall;

use crate::process;
use std::io::Write;
use std::time::Duration;

use serde_json::json;
use url::Url;

use crate::gate::{Fate, Rule};
use crate::screen::{Key, Screen};
use drawing::Drawing;
use picture::Ground;
use scene::{Scene, ended_event, pay_endpoint, waiting_event};
use server::Server;
use shop::{KEY, Settings};

#[test]
fn code_on_1920x1080_is_paid() {
    is_scanned_and_paid((1920, 1080));
}

#[test]
fn code_on_800x480_is_paid() {
    is_scanned_and_paid((800, 480));
}

fn is_scanned_and_paid(size: (u32, u32)) {
    let mut scene = Scene::sale_with(size, Settings::default());
    let (request, payload) = scene.shows_code(1);
    assert_eq!(payload, request.url);
    let (width, height) = scene.screen().size();
    assert_eq!(scene.screen().window_bounds(), (0, 0, width, height));

    scene.is_paid(1, &request);
}

#[test]
fn good_sale_logs_only_info_lines() {
    let mut scene = Scene::sale();
    let (request, _) = scene.shows_code(1);
    scene.is_paid(1, &request);
    let log = scene.program().log();
    let other = |line: &&str| !line.contains(" INFO patron_display");
    assert_eq!(log.lines().find(other), None);
}

#[test]
fn shown_code_redraws_its_countdown() {
    const SECONDS: u64 = 8;
    let scene = Scene::sale();
    scene.shows_code(1);
    let drawing = drawing_of(&scene);
    let (width, height) = scene.screen().size();
    let fifth = u64::from(width * height) / 5;

    let drawn = drawing.during(Duration::from_secs(SECONDS));
    let times = SECONDS - 2..=SECONDS + 1;
    assert!(times.contains(&(drawn.len() as u64)), "{drawn:?}");
    assert!(drawn.iter().all(|one| one.pixels < fifth), "{drawn:?}");
}

/// Repeats this, because a redraw that the X server asks for may coincide with a redraw for a message.
#[test]
fn uncovered_code_is_drawn_again() {
    const TIMES: u32 = 60;
    let scene = Scene::sale();
    let (request, _) = scene.shows_code(1);
    let drawing = drawing_of(&scene);
    let (width, height) = scene.screen().size();
    let whole = u64::from(width * height);
    for time in 0..TIMES {
        drawing.seen();
        if time % 10 == 9 {
            scene.screen().blink();
        } else {
            scene
                .screen()
                .cover(Duration::from_millis((37 * u64::from(time)) % 101));
        }
        let mut pixels = 0;
        let again = process::poll(Duration::from_secs(3), || {
            pixels += drawing.seen().iter().map(|one| one.pixels).sum::<u64>();

            (pixels >= whole).then_some(())
        });
        assert!(
            again.is_some(),
            "the {time}th time only {pixels} pixels came"
        );
    }
    assert_eq!(scene.code_now().as_deref(), Some(request.url.as_str()));
}

/// Counts drawing from the moment when only the countdown is still drawn.
fn drawing_of(scene: &Scene) -> Drawing {
    let screen = scene.screen();
    let drawing = Drawing::into(screen.window(), screen.xvfb().display());
    assert!(
        drawing.settles(Duration::from_secs(5)),
        "it is drawn all the time"
    );

    drawing
}

#[test]
fn pay_endpoint_code_is_paid_there() {
    let settings = Settings::with(|settings| settings.content = "pay-endpoint");
    let mut scene = Scene::sale_with((1920, 1080), settings);
    let (request, payload) = scene.shows_code(1);
    assert_eq!(payload, pay_endpoint(scene.api(), &request.id));

    scene.pays_at(&Url::parse(&payload).expect("a url"));
    scene.ends_paid(1, &request);
}

/// Covers the platform's certification cases 104.1, 104.2, 104.6, 302.1 and 303.1.
#[test]
fn sale_data_reaches_the_platform() {
    let items = json!([
        {"name": "Flat white", "qty": "2", "price": "1100"},
        {"name": "Ham", "qty": "0.100", "price": "300", "sku": "HAM"},
        {"name": "Voucher", "qty": "1", "price": "-150"},
    ]);
    let mut file = tempfile::NamedTempFile::new().expect("a file");
    write!(file, "{items}").expect("lines");
    let scene = Scene::sale_told(&[
        "--items",
        file.path().to_str().expect("a path"),
        "--operator",
        "ana",
        "--invoice-ref",
        "INV-2047",
        "--patron-not-present",
    ]);
    let (request, _) = scene.shows_code(1);
    let told = json!({
        "externalRef": request.external_ref,
        "terminalId": "COUNTER-1",
        "deviceId": "SN-0042",
        "operatorId": "ana",
        "invoiceRef": "INV-2047",
        "lineItems": items,
        "conditionsEnabled": true,
        "patronNotPresent": true,
    });
    assert_eq!(request.till_reference(), Some("A1"));
    assert_eq!(request.told, told);
}

#[test]
fn expired_sale_is_paid_again() {
    let settings = Settings::with(|settings| settings.expiry_seconds = 11);
    let mut scene = Scene::sale_with((1920, 1080), settings);
    let (first, first_payload) = scene.shows_code(1);
    assert_eq!(first.till_reference(), Some("A1"));
    scene.tells(&waiting_event(1, "settling"));
    scene.tells(&ended_event(1, &first, "expired"));
    scene.sees(Ground::Ended);
    scene.sees_no_code();

    scene.press(Key::Enter);
    let (second, second_payload) = scene.shows_code(2);
    assert_eq!(second.till_reference(), Some("A1-2"));
    assert_ne!(second.id, first.id);
    assert_ne!(second_payload, first_payload);

    scene.pays(&second);
    scene.ends_paid(2, &second);
    assert_eq!(scene.platform().captured_minus_refunded(&first.id), Some(0));
}

#[test]
fn f52_cancelled_code_leaves_first() {
    let mut scene = Scene::sale();
    let (request, _) = scene.shows_code(1);
    goes_and_is_voided(&scene, |scene| scene.press(Key::Escape));
    scene.tells(&ended_event(1, &request, "cancelled"));
    scene.sees(Ground::Ended);
    scene.is_voided(&request);

    scene.press(Key::Escape);
    scene.ends_cancelled(&request);
}

#[test]
fn till_cancels_and_closes_on_stdin() {
    let mut scene = Scene::controlled();
    let (request, _) = scene.shows_code(1);
    scene.program().writes("cancel, please");
    let error = scene.program().event();
    assert_eq!(error["event"], "error");
    assert_eq!(scene.code_now().as_deref(), Some(request.url.as_str()));

    let cancel = |scene: &Scene| scene.program().writes(r#"{"command":"cancel"}"#);
    goes_and_is_voided(&scene, cancel);
    scene.tells(&ended_event(1, &request, "cancelled"));
    scene.is_voided(&request);

    scene.program().writes(r#"{"command":"close"}"#);
    scene.ends_cancelled(&request);
}

#[test]
fn f55_log_has_the_sale_and_no_key() {
    let mut scene = Scene::sale();
    let (request, _) = scene.shows_code(1);
    scene.is_paid(1, &request);
    let log = scene.kept_log();
    for named in [&request.id, &request.short_code, "12.50", "took_ms="] {
        assert!(log.contains(named), "{named} is not in\n{log}");
    }
    for text in [&log, &scene.program().log()] {
        assert!(!text.contains(KEY), "{text}");
    }
}

#[test]
fn f50_closed_window_voids_the_code() {
    f50_leaves_and_voids(|scene| scene.screen().close_window());
}

#[test]
fn f50_sigterm_voids_the_code() {
    f50_leaves_and_voids(|scene| scene.program().process().signal("TERM"));
}

#[test]
fn f50_ctrl_c_voids_the_code() {
    f50_leaves_and_voids(|scene| scene.program().process().signal("INT"));
}

/// SIGHUP comes when the terminal is closed, or when the connection to it is lost.
#[test]
fn f50_sighup_voids_the_code() {
    f50_leaves_and_voids(|scene| scene.program().process().signal("HUP"));
}

fn f50_leaves_and_voids(leave: impl FnOnce(&Scene)) {
    let mut scene = Scene::sale();
    let (request, _) = scene.shows_code(1);
    goes_and_is_voided(&scene, leave);
    scene.tells(&ended_event(1, &request, "cancelled"));
    scene.ends_cancelled(&request);
    scene.is_voided(&request);
}

/// Cancels the sale, and checks that the code is gone before the platform answers the void.
fn goes_and_is_voided(scene: &Scene, cancel: impl FnOnce(&Scene)) {
    scene
        .gate()
        .obey(&[Rule::all(ApiCall::Void, Fate::HeldBefore)]);
    cancel(scene);
    scene.gate().stops(ApiCall::Void);
    scene.tells(&waiting_event(1, "voiding"));
    scene.sees_no_code();
    scene.gate().lift(ApiCall::Void);
}

#[test]
fn f53_test_shop_on_every_screen() {
    let mut scene = Scene::sale();
    let (request, _) = scene.shows_code(1);
    assert!(picture::has_band(&scene.look()));

    scene.platform().decline(&request.id).expect("a decline");
    assert!(picture::has_band(&scene.sees(Ground::Ended)));
    scene.tells(&ended_event(1, &request, "cancelled"));

    scene.press(Key::Enter);
    let (request, _) = scene.shows_code(2);
    scene.pays(&request);
    assert!(picture::has_band(&scene.sees(Ground::Good)));
    scene.ends_paid(2, &request);
}

#[test]
fn demo_plays_a_whole_sale() {
    let mut scene = Scene::demo(&[
        "demo",
        "--windowed",
        "1024x600",
        "--pays-after",
        "1",
        "--json",
    ]);
    let created = scene.program().event();
    assert_eq!(created["event"], "created");
    scene.tells(&json!({"event": "shown", "attempt": 1, "id": created["id"]}));
    assert_eq!(scene.code_now().as_deref(), created["url"].as_str());
    let (_, _, width, height) = scene.screen().window_bounds();
    assert_eq!((width, height), (1024, 600));

    let ended = json!({"event": "ended", "attempt": 1, "id": created["id"], "outcome": "paid"});
    scene.tells(&ended);
    let outcome = scene.program().event();
    assert_eq!(outcome["event"], "outcome");
    assert_eq!(outcome["outcome"], "paid");
    assert_eq!(outcome["amount"], created["amount"]);
    assert_eq!(scene.exit_code(), 0);
}

#[test]
fn sale_fills_the_configured_monitor() {
    let screen = two_monitors();
    let settings = Settings::with(|settings| settings.display = r#"monitor = "HDMI-1""#);
    let mut scene = Scene::sale_on(screen, settings);
    let (request, payload) = scene.shows_code(1);
    assert_eq!(payload, request.url);
    assert_eq!(scene.screen().window_bounds(), (1280, 100, 800, 480));

    scene.press(Key::Escape);
    scene.tells(&waiting_event(1, "voiding"));
    scene.tells(&ended_event(1, &request, "cancelled"));
    scene.press(Key::Escape);
    scene.ends_cancelled(&request);
}

#[test]
fn missing_monitor_is_named_first() {
    let screen = two_monitors();
    let settings = Settings::with(|settings| settings.display = r#"monitor = "HDMI-7""#);
    let mut scene = Scene::sale_on(screen, settings);
    assert_eq!(scene.exit_code(), 78);
    let log = scene.program().log();
    for named in ["HDMI-7", r#""DP-1" (1280x800)"#, r#""HDMI-1" (800x480)"#] {
        assert!(log.contains(named), "{named} is not in\n{log}");
    }
    assert_eq!(scene.platform().latest(), None);
}

fn two_monitors() -> Screen {
    let screen = Screen::start((2080, 800));
    let server = Server::of(&screen);
    server.add_monitor("DP-1", (0, 0, 1280, 800));
    server.add_monitor("HDMI-1", (1280, 100, 800, 480));

    screen
}

#[test]
fn dense_screen_is_filled() {
    is_scanned_at_twice_the_density((1920, 1080));
}

#[test]
fn small_dense_screen_is_filled() {
    is_scanned_at_twice_the_density((800, 480));
}

fn is_scanned_at_twice_the_density(size: (u32, u32)) {
    let screen = Screen::start(size);
    Server::of(&screen).set_dpi(192);
    let scene = Scene::sale_on(screen, Settings::default());
    let (request, payload) = scene.shows_code(1);
    assert_eq!(payload, request.url);
    assert_eq!(scene.screen().window_bounds(), (0, 0, size.0, size.1));
}

#[test]
fn no_pointer_on_a_full_screen() {
    let mut scene = Scene::sale();
    let (request, _) = scene.shows_code(1);
    let server = Server::of(scene.screen());
    server.sees_no_pointer();
    for (x, y) in [(960, 540), (1215, 985), (300, 600), (1919, 1079)] {
        server.move_pointer(x, y);
        server.sees_no_pointer();
    }

    scene.is_paid(1, &request);
}

#[test]
fn dark_screen_wakes_for_a_sale() {
    let screen = Screen::start((800, 480));
    Server::of(&screen).goes_dark_after_a_second();
    Server::of(&screen).make_dark();
    let mut scene = Scene::sale_on(screen, Settings::default());
    let (request, _) = scene.shows_code(1);
    Server::of(scene.screen()).stays_awake();

    scene.is_paid(1, &request);
    Server::of(scene.screen()).sees_darkness();
}

#[test]
fn killed_sale_lets_the_screen_go_dark() {
    let screen = Screen::start((800, 480));
    Server::of(&screen).goes_dark_after_a_second();
    let scene = Scene::sale_on(screen, Settings::default());
    scene.shows_code(1);
    Server::of(scene.screen()).stays_awake();

    scene.program().process().signal("KILL");
    Server::of(scene.screen()).sees_darkness();
}

#[test]
fn screen_may_go_dark_if_configured() {
    let screen = Screen::start((800, 480));
    Server::of(&screen).goes_dark_after_a_second();
    let settings = Settings::with(|settings| settings.display = "keep-awake = false");
    let scene = Scene::sale_on(screen, settings);
    scene.shows_code(1);
    Server::of(scene.screen()).sees_darkness();
}
