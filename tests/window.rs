//! The real binary in a real window: an X server draws it, two libraries read its code from the
//! screen, a keyboard operates it, and a till reads what it says and how it ends.
//!
//! Needs `Xvfb` and `zbarimg`, so it is not among the tests that run everywhere:
//!
//! ```text
//! cargo test --test window
//! ```
//!
//! Where a test fails, the screen is left in `target/window-failures`.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "a test says what went wrong by failing, and so do its helpers"
)]

#[path = "window/covered.rs"]
mod covered;
#[path = "window/drawing.rs"]
mod drawing;
#[path = "window/gate.rs"]
mod gate;
#[path = "window/keyboard.rs"]
mod keyboard;
#[path = "window/keys.rs"]
mod keys;
#[path = "window/logos.rs"]
mod logos;
#[path = "window/manager.rs"]
mod manager;
#[path = "window/picture.rs"]
mod picture;
#[path = "window/process.rs"]
mod process;
#[path = "window/program.rs"]
mod program;
#[path = "window/scene.rs"]
mod scene;
#[path = "window/screen.rs"]
mod screen;
#[path = "window/server.rs"]
mod server;
#[path = "window/shop.rs"]
mod shop;
#[path = "window/stand.rs"]
mod stand;
#[path = "window/torn.rs"]
mod torn;
#[path = "window/unfit.rs"]
mod unfit;
#[path = "window/watchdog.rs"]
mod watchdog;
#[path = "window/xvfb.rs"]
mod xvfb;

use std::io::Write;
use std::time::Duration;

use serde_json::json;
use url::Url;

use drawing::Drawing;
use picture::Ground;
use scene::{Scene, ended_event, pay_endpoint, waiting_event};
use screen::{Key, Screen};
use server::Server;
use shop::{KEY, Settings};

#[test]
fn a_code_on_1920x1080_says_the_url_and_the_sale_ends_with_its_payment() {
    is_scanned_and_paid((1920, 1080));
}

#[test]
fn a_code_on_800x480_says_the_url_and_the_sale_ends_with_its_payment() {
    is_scanned_and_paid((800, 480));
}

fn is_scanned_and_paid(size: (u32, u32)) {
    let mut scene = Scene::sale_with(size, Settings::default());
    let (request, payload) = scene.shows_code(1);
    assert_eq!(payload, request.url);
    let (width, height) = scene.screen().size();
    assert_eq!(scene.screen().window_bounds(), (0, 0, width, height));

    scene.pays(&request);
    scene.ends_paid(1, &request);
}

#[test]
fn a_sale_has_started_itself_with_an_empty_table_of_compose_sequences_as_the_same_process() {
    let scene = Scene::sale();
    scene.shows_code(1);
    let id = scene.program().process().id();
    let environment = std::fs::read_to_string(format!("/proc/{id}/environ"));
    let environment = environment.expect("a process that is root's or ours");
    let mut said = environment.split('\0');
    assert!(
        said.any(|one| one.starts_with("XCOMPOSEFILE=/proc/self/fd/")),
        "{environment}"
    );
}

#[test]
fn a_sale_that_goes_well_says_nothing_on_standard_error_beside_its_log() {
    let mut scene = Scene::sale();
    let (request, _) = scene.shows_code(1);
    scene.pays(&request);
    scene.ends_paid(1, &request);
    let log = scene.program().log();
    let other = |line: &&str| !line.contains(" INFO patron_display");
    assert_eq!(log.lines().find(other), None);
}

#[test]
fn while_a_code_stands_only_its_countdown_is_drawn_and_once_a_second() {
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

/// Whether a frame that the server needs meets one that a message asked for is a matter of time, so
/// this is done at many times.
#[test]
fn a_code_that_something_stood_over_is_drawn_again_whenever_that_goes() {
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

/// From when nothing but the countdown is left to be drawn.
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
fn a_pay_endpoint_code_says_the_older_guides_form_and_is_paid_there() {
    let mut scene = Scene::sale_with(
        (1920, 1080),
        Settings {
            content: "pay-endpoint",
            ..Settings::default()
        },
    );
    let (request, payload) = scene.shows_code(1);
    assert_eq!(payload, pay_endpoint(scene.api(), &request.id));

    scene.pays_at(&Url::parse(&payload).expect("a url"));
    scene.ends_paid(1, &request);
}

/// Certification 104.1, 104.2, 104.6, 302.1 and 303.1.
#[test]
fn what_the_till_says_of_a_sale_reaches_the_platform() {
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
fn an_expired_sale_is_tried_again_under_a_new_reference_and_paid() {
    let mut scene = Scene::sale_with(
        (1920, 1080),
        Settings {
            expiry_seconds: 11,
            ..Settings::default()
        },
    );
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
fn f52_a_cancelled_code_leaves_the_screen_first_and_cannot_be_paid_from_a_photograph() {
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
fn a_till_cancels_and_closes_on_standard_input_and_what_it_cannot_ask_is_told() {
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
fn f55_the_log_of_a_whole_sale_names_it_and_not_the_key() {
    let mut scene = Scene::sale();
    let (request, _) = scene.shows_code(1);
    scene.pays(&request);
    scene.ends_paid(1, &request);
    let log = scene.kept_log();
    for named in [&request.id, &request.short_code, "12.50", "took_ms="] {
        assert!(log.contains(named), "{named} is not in\n{log}");
    }
    for text in [&log, &scene.program().log()] {
        assert!(!text.contains(KEY), "{text}");
    }
}

#[test]
fn f50_closing_the_window_takes_the_code_away_and_voids_the_request() {
    f50_leaves_and_voids(|scene| scene.screen().close_window());
}

#[test]
fn f50_sigterm_takes_the_code_away_and_voids_the_request() {
    f50_leaves_and_voids(|scene| scene.program().process().signal("TERM"));
}

#[test]
fn f50_ctrl_c_takes_the_code_away_and_voids_the_request() {
    f50_leaves_and_voids(|scene| scene.program().process().signal("INT"));
}

/// The terminal that it was started in is closed, or the connection to it is gone.
#[test]
fn f50_sighup_takes_the_code_away_and_voids_the_request() {
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

/// Does what cancels the sale, and insists that the code is gone while the platform has not even
/// answered the void.
fn goes_and_is_voided(scene: &Scene, cancel: impl FnOnce(&Scene)) {
    scene.gate().hold_voids();
    cancel(scene);
    assert!(scene.gate().void_has_come(), "no void was sent");
    scene.tells(&waiting_event(1, "voiding"));
    scene.sees_no_code();
    scene.gate().let_through();
}

#[test]
fn f53_a_test_shop_says_on_every_screen_that_no_money_moves() {
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
fn the_demo_plays_a_whole_sale_in_a_window_by_itself_and_ends_with_0() {
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
fn a_sale_fills_the_monitor_that_the_configuration_names_and_nothing_else() {
    let screen = two_monitors();
    let mut scene = Scene::sale_on(
        screen,
        Settings {
            display: r#"monitor = "HDMI-1""#,
            ..Settings::default()
        },
    );
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
fn a_monitor_that_is_not_there_is_named_with_those_that_are_before_anything_is_created() {
    let screen = two_monitors();
    let mut scene = Scene::sale_on(
        screen,
        Settings {
            display: r#"monitor = "HDMI-7""#,
            ..Settings::default()
        },
    );
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
fn a_screen_of_twice_the_density_is_filled_and_its_code_says_the_url() {
    is_scanned_at_twice_the_density((1920, 1080));
}

#[test]
fn a_small_screen_of_twice_the_density_is_filled_and_its_code_says_the_url() {
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
fn no_pointer_is_over_a_full_screen_also_not_on_a_button() {
    let mut scene = Scene::sale();
    let (request, _) = scene.shows_code(1);
    let server = Server::of(scene.screen());
    server.sees_no_pointer();
    for (x, y) in [(960, 540), (1215, 985), (300, 600), (1919, 1079)] {
        server.move_pointer(x, y);
        server.sees_no_pointer();
    }

    scene.pays(&request);
    scene.ends_paid(1, &request);
}

#[test]
fn a_dark_screen_wakes_for_a_sale_and_stays_awake_until_it_is_over() {
    let screen = Screen::start((800, 480));
    Server::of(&screen).goes_dark_after_a_second();
    Server::of(&screen).make_dark();
    let mut scene = Scene::sale_on(screen, Settings::default());
    let (request, _) = scene.shows_code(1);
    Server::of(scene.screen()).stays_awake();

    scene.pays(&request);
    scene.ends_paid(1, &request);
    Server::of(scene.screen()).sees_darkness();
}

#[test]
fn a_killed_sale_leaves_no_screen_awake() {
    let screen = Screen::start((800, 480));
    Server::of(&screen).goes_dark_after_a_second();
    let scene = Scene::sale_on(screen, Settings::default());
    scene.shows_code(1);
    Server::of(scene.screen()).stays_awake();

    scene.program().process().signal("KILL");
    Server::of(scene.screen()).sees_darkness();
}

#[test]
fn a_screen_that_may_go_dark_does() {
    let screen = Screen::start((800, 480));
    Server::of(&screen).goes_dark_after_a_second();
    let scene = Scene::sale_on(
        screen,
        Settings {
            display: "keep-awake = false",
            ..Settings::default()
        },
    );
    scene.shows_code(1);
    Server::of(scene.screen()).sees_darkness();
}
