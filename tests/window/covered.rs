//! A code that cannot be seen is not told as shown.

use std::process::Stdio;
use std::time::Duration;

use serde_json::json;

use crate::manager::{Cover, Manager};
use crate::program::Program;
use crate::scene::{Scene, ended_event, waiting_event};
use crate::screen::Screen;
use crate::shop::{Home, Platform, SALE, Settings};
use crate::xvfb::Xvfb;
use patron_display::sandbox::Options;

const SIZE: (u32, u32) = (1280, 800);

/// Longer than it takes to draw the code.
const A_WHILE: Duration = Duration::from_millis(1500);

fn sale_on(screen: Screen) -> Scene {
    Scene::sale_on(screen, Settings::default())
}

#[test]
fn f57_covered_code_is_shown_once_it_is_uncovered() {
    let screen = Screen::start(SIZE);
    let _manager = Manager::of(&screen);
    let cover = Cover::over(&screen, (0, 0, 1280, 800));
    let mut scene = sale_on(screen);
    let request = scene.creates(1);
    scene.program().says_nothing_for(A_WHILE);
    cover.goes();
    scene.shows(1, &request);

    scene.pays(&request);
    scene.ends_paid(1, &request);
}

#[test]
fn f57_code_with_covered_corner_is_not_shown() {
    let screen = Screen::start(SIZE);
    let _manager = Manager::of(&screen);
    let cover = Cover::over(&screen, (0, 0, 60, 120));
    let scene = sale_on(screen);
    let request = scene.creates(1);
    scene.program().says_nothing_for(A_WHILE);
    cover.goes();
    scene.shows(1, &request);
}

#[test]
fn f57_window_beside_code_hides_nothing() {
    let screen = Screen::start(SIZE);
    let _manager = Manager::of(&screen);
    let _cover = Cover::over(&screen, (1180, 700, 100, 100));
    let scene = sale_on(screen);
    let request = scene.creates(1);
    scene.shows(1, &request);
}

#[test]
fn f57_unmapped_code_is_shown_once_it_is_mapped() {
    let screen = Screen::start(SIZE);
    let manager = Manager::that_maps_none(&screen);
    let scene = sale_on(screen);
    let request = scene.creates(1);
    scene.program().says_nothing_for(A_WHILE);
    // The program asks for it again and again.
    manager.map();
    scene.shows(1, &request);
}

#[test]
fn f57_code_covered_later_is_raised_again() {
    let scene = sale_on(Screen::start(SIZE));
    let (request, _) = scene.shows_code(1);
    let _cover = Cover::over(scene.screen(), (0, 0, 1280, 800));
    scene.sees_code(&request.url);
}

#[test]
fn f57_window_off_the_screen_comes_back() {
    let scene = sale_on(Screen::start(SIZE));
    let (request, _) = scene.shows_code(1);
    scene.screen().move_window(700, -300);
    scene.sees_code(&request.url);
}

#[test]
fn f57_destroyed_window_ends_sale_as_cancelled() {
    let mut scene = sale_on(Screen::start(SIZE));
    let (request, _) = scene.shows_code(1);
    scene.screen().destroy_window();
    scene.tells(&waiting_event(1, "voiding"));
    scene.tells(&ended_event(1, &request, "cancelled"));
    scene.ends_cancelled(&request);
    scene.is_voided(&request);
}

#[test]
fn f57_window_destroyed_before_code_was_seen_ends_with_40() {
    let screen = Screen::start(SIZE);
    let _manager = Manager::of(&screen);
    let _cover = Cover::over(&screen, (0, 0, 1280, 800));
    let mut scene = sale_on(screen);
    let request = scene.creates(1);
    scene.program().says_nothing_for(A_WHILE);
    scene.screen().destroy_window();
    scene.tells(&waiting_event(1, "voiding"));
    scene.tells(&ended_event(1, &request, "rejected"));
    scene.ends_rejected("the window was destroyed");
    scene.is_voided(&request);
}

#[test]
fn f57_code_never_seen_is_voided_at_deadline() {
    let screen = Screen::start(SIZE);
    let _manager = Manager::that_maps_none(&screen);
    let settings = Settings {
        expiry_seconds: 12,
        ..Settings::default()
    };
    let mut scene = Scene::sale_on(screen, settings);
    let request = scene.creates(1);
    scene.tells(&waiting_event(1, "voiding"));
    scene.tells(&ended_event(1, &request, "rejected"));
    scene.ends_rejected("the window stayed covered");
}

#[test]
fn f58_code_on_320x240_is_whole() {
    for size in [(320, 240), (240, 320)] {
        let scene = sale_on(Screen::start(size));
        let (request, payload) = scene.shows_code(1);
        assert_eq!(payload, request.url);
    }
}

#[test]
fn f58_screen_too_small_for_code_ends_with_40_before_create() {
    let mut scene = sale_on(Screen::start((140, 140)));
    assert_eq!(scene.exit_code(), 40);
    let log = scene.program().log();
    assert!(log.contains("no readable code could be made"), "{log}");
    assert_eq!(scene.platform().latest(), None);
}

#[test]
fn f58_window_that_shrinks_takes_code_back() {
    let mut scene = sale_on(Screen::start(SIZE));
    let (request, _) = scene.shows_code(1);
    scene.screen().resize_window(120, 120);
    scene.tells(&waiting_event(1, "voiding"));
    scene.tells(&ended_event(1, &request, "rejected"));
    scene.ends_rejected("the window is too small");
    scene.is_voided(&request);
}

/// Whether it is found before or after the create, such a screen shows nothing.
#[test]
fn f56_screen_that_takes_no_frame_is_never_told_as_shown() {
    let xvfb = Xvfb::start(SIZE, &["-screen", "0", "1280x800x16"]);
    let platform = Platform::start(Options::default());
    let address = platform.address();
    let home = Home::new(address, address, Settings::default());
    let mut command = home.command(&crate::process::tested_program(), xvfb.display());
    command.stdin(Stdio::null()).args(SALE).args(home.options());
    let mut program = Program::start(command, home.path().join("log.txt"));
    let (code, said) = program.all_it_says();
    assert!(matches!(code, 40 | 69), "{code}: {said:?}");
    assert!(
        said.iter().all(|event| event["event"] != json!("shown")),
        "{said:?}"
    );
    if let Some(request) = platform.control().latest() {
        assert!(platform.control().pay(&request).is_err(), "it can be paid");
    }
    // Ten failing frames a second are some lines.
    assert!(program.log().lines().count() < 20, "{}", program.log());
}
