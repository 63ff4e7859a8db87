//! Keys as real keyboards and scanners send them.

use std::thread;
use std::time::Duration;

use patron_display::sandbox::{ApiCall, Fault, SandboxStatus};
use serde_json::Value;

use crate::process::poll;
use crate::screen::{Screen, TIME_TO_SEE};
use crate::window::keyboard::{
    ALT, BY_HAND, BY_SCANNER, CONTROL, ENTER, NUM_LOCK, SHIFT, SUPER, has_layout, place, presses,
    types, with,
};
use crate::window::scene::Scene;
use crate::window::server::Server;

const SMALL: (u32, u32) = (800, 480);

/// Within this time a key would show its effect.
const MEANWHILE: Duration = Duration::from_millis(600);

/// Opens the create screen on a keyboard with this layout.
fn entry(layout: Option<&str>) -> Scene {
    let screen = Screen::start(SMALL);
    if let Some(layout) = layout {
        has_layout(&screen, layout);
    }
    let scene = Scene::of(screen, &["sale", "--ref", "A1", "--json"]);
    scene.screen().has_given_the_keyboard();
    thread::sleep(TIME_TO_SEE);

    scene
}

/// Starts a sale for which the platform asks a condition.
fn asked() -> Scene {
    let sale = [
        "sale",
        "--amount",
        "12.50",
        "--ref",
        "CONDITION-1",
        "--json",
    ];
    let scene = Scene::of(Screen::start(SMALL), &sale);
    while scene.program().event()["reason"] != "condition" {}
    scene.screen().has_given_the_keyboard();
    thread::sleep(TIME_TO_SEE);

    scene
}

/// Starts a sale about which the platform answers no more, so that its outcome is unknown.
fn unknown() -> Scene {
    let scene = Scene::sale_with(SMALL, crate::window::shop::Settings::default());
    scene.shows_code(1);
    let control = scene.platform();
    for call in [ApiCall::Void, ApiCall::Read] {
        control.script(call, [Fault::status(400).forever()]);
    }
    scene.press(crate::screen::Key::Escape);
    next(&scene, "ended");
    thread::sleep(TIME_TO_SEE);

    scene
}

fn next(scene: &Scene, name: &str) -> Value {
    loop {
        let event = scene.program().event();
        if event["event"] == name {
            return event;
        }
    }
}

fn starts_a_sale_of(scene: &Scene, cents: &str) {
    assert_eq!(next(scene, "created")["amount"]["amount"], cents);
}

#[test]
fn f63_french_keyboard_types() {
    let scene = entry(Some("fr"));
    // The key of 1 with Shift, the key of 2 with Shift, the comma, and the key of 5 with Shift.
    for shifted in ['!', '@'] {
        types(scene.screen(), &shifted.to_string(), BY_HAND);
    }
    types(scene.screen(), "m%", BY_HAND);
    presses(scene.screen(), &[ENTER]);
    starts_a_sale_of(&scene, "1250");
}

#[test]
fn f63_keypad_types_an_amount() {
    let scene = entry(None);
    presses(scene.screen(), &[NUM_LOCK, 87, 88, 91, 84, 90, 104]);
    starts_a_sale_of(&scene, "1250");
}

/// On the layout Neo, some digits are typed while another key is held.
#[test]
fn f63_level_key_is_no_digit() {
    const LEVEL: u8 = 94;
    let scene = entry(Some("de(neo)"));
    scene.screen().strike(LEVEL, true);
    // The codes of the keys M and comma.
    for place in [58, 59] {
        thread::sleep(Duration::from_millis(50));
        scene.screen().strike(place, true);
        scene.screen().strike(place, false);
    }
    scene.screen().strike(LEVEL, false);
    thread::sleep(TIME_TO_SEE);
    presses(scene.screen(), &[ENTER]);
    starts_a_sale_of(&scene, "1200");
}

#[test]
fn f63_name_keeps_its_signs() {
    const NAME: &str = "Aroha T. 1! (Mgr)";
    let mut scene = unknown();
    types(scene.screen(), "h", BY_HAND);
    thread::sleep(TIME_TO_SEE);
    types(scene.screen(), NAME, BY_HAND);
    presses(scene.screen(), &[ENTER]);
    thread::sleep(2 * TIME_TO_SEE);
    types(scene.screen(), "p", BY_HAND);
    let outcome = next(&scene, "outcome");
    assert_eq!(outcome["reason"], format!("closed as paid by {NAME}"));
    assert_eq!(scene.exit_code(), 0);
}

#[test]
fn f63_russian_key_answers() {
    let scene = asked();
    has_layout(scene.screen(), "ru");
    types(scene.screen(), "a", BY_HAND);
    next(&scene, "shown");
}

#[test]
fn f64_combinations_answer_nothing() {
    let scene = asked();
    for (modifier, key) in [(CONTROL, 'a'), (SUPER, 'd'), (ALT, 'a'), (CONTROL, 'd')] {
        with(scene.screen(), modifier, place(key).0);
        thread::sleep(BY_HAND);
    }
    is_unanswered(&scene);
    types(scene.screen(), "a", BY_HAND);
    next(&scene, "shown");
}

fn is_unanswered(scene: &Scene) {
    thread::sleep(MEANWHILE);
    let control = scene.platform();
    assert_eq!(control.calls(ApiCall::AcceptCondition), 0);
    assert_eq!(control.calls(ApiCall::DeclineCondition), 0);
    let latest = control.latest().expect("a request");
    let request = control.request(&latest).expect("the request");
    assert_eq!(request.status, SandboxStatus::New);
}

#[test]
fn f65_scan_answers_no_question() {
    let scene = asked();
    for code in ["AB123456", "DM123456\n", "A\n", "Da"] {
        types(scene.screen(), code, BY_SCANNER);
        is_unanswered(&scene);
    }
    types(scene.screen(), "a", BY_HAND);
    next(&scene, "shown");
}

#[test]
fn f65_scan_closes_no_unknown_sale() {
    let scene = unknown();
    let calls = |call| scene.platform().calls(call);
    let voids = calls(ApiCall::Void);
    for code in ["H123X\n", "ORD-77", "L1", "\n\n"] {
        types(scene.screen(), code, BY_SCANNER);
        thread::sleep(MEANWHILE);
    }
    assert_eq!(calls(ApiCall::Void), voids);
    // The scan must not have opened the panel for a name either. In that panel, L would be a letter.
    types(scene.screen(), "l", BY_HAND);
    assert_eq!(next(&scene, "outcome")["reason"], Value::Null);
}

#[test]
fn f65_scan_is_no_amount() {
    let scene = entry(None);
    for code in ["K1250A", "123\n", "5\n", "12", "AB123456\n"] {
        types(scene.screen(), code, BY_SCANNER);
        thread::sleep(MEANWHILE);
    }
    assert_eq!(scene.platform().latest(), None);
    types(scene.screen(), "7\n", BY_HAND);
    starts_a_sale_of(&scene, "700");
}

/// Digits on a French keyboard need Shift, and some scanners send each key movement slowly.
#[test]
fn f65_scan_with_shift_is_no_amount() {
    let scene = entry(Some("fr"));
    for place in [10, 11, 12, 13] {
        for (key, down) in [(SHIFT, true), (place, true), (place, false), (SHIFT, false)] {
            scene.screen().strike(key, down);
            thread::sleep(Duration::from_millis(12));
        }
    }
    scene.screen().strike(ENTER, true);
    scene.screen().strike(ENTER, false);
    thread::sleep(MEANWHILE);
    assert_eq!(scene.platform().latest(), None);
}

#[test]
fn f65_customers_code_is_still_scanned() {
    let scene = entry(None);
    types(scene.screen(), "12.50", BY_HAND);
    thread::sleep(TIME_TO_SEE);
    types(scene.screen(), "9990001234567890\n", BY_SCANNER);
    starts_a_sale_of(&scene, "1250");
    let latest = scene.platform().latest().expect("a request");
    let request = scene.platform().request(&latest).expect("the request");
    assert_eq!(request.told["barcode"], "9990001234567890");
}

#[test]
fn f66_fast_hands_type_an_amount() {
    let scene = entry(None);
    types(scene.screen(), "12.50\n", Duration::from_millis(60));
    starts_a_sale_of(&scene, "1250");
}

#[test]
fn f66_key_for_another_window() {
    let scene = asked();
    let (screen, window) = (scene.screen(), scene.screen().window());
    screen.give_the_keyboard(screen.root());
    thread::sleep(TIME_TO_SEE);
    screen.give_the_keyboard(window);
    types(screen, "a", BY_HAND);
    is_unanswered(&scene);
    types(screen, "a", BY_HAND);
    next(&scene, "shown");
}

/// The button "Cancel" is where "Try again" was on the screen before.
#[test]
fn f66_double_tap_does_not_cancel() {
    let scene = Scene::sale_on(
        Screen::start((480, 800)),
        crate::window::shop::Settings::default(),
    );
    let (first, _) = scene.shows_code(1);
    scene.platform().expire(&first.id).expect("an expiry");
    next(&scene, "ended");
    thread::sleep(TIME_TO_SEE);
    Server::of(scene.screen()).move_pointer(90, 735);
    for _ in 0..2 {
        scene.screen().click(true);
        scene.screen().click(false);
        thread::sleep(BY_HAND);
    }
    next(&scene, "shown");
    let more = poll(MEANWHILE, || {
        (scene.platform().calls(ApiCall::Void) > 0).then_some(())
    });
    assert!(more.is_none(), "the second tap has cancelled the sale");
}
