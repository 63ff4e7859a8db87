//! The till is not told `shown` for a code that cannot be seen.

use std::process::Stdio;
use std::time::Duration;

use serde_json::json;

use crate::program::Program;
use crate::screen::Screen;
use crate::support::words::assert_has;
use crate::window::manager::Manager;
use crate::window::scene::{Scene, ended_event, waiting_event};
use crate::window::shop::{Home, Platform, SALE, Settings};
use crate::x11::{Bounds, Cover};
use crate::xvfb::Xvfb;
use patron_display::sandbox::{Options, Snapshot};

const SIZE: (u32, u32) = (1280, 800);

/// Longer than the program needs to draw the code.
const A_WHILE: Duration = Duration::from_millis(1500);

fn sale_on(screen: Screen) -> Scene {
    Scene::sale_on(screen, Settings::default())
}

/// Starts a sale whose request is created. The till is not told `shown`, because a window covers this place.
fn unseen_under(place: Bounds) -> (Manager, Cover, Scene, Snapshot) {
    let screen = Screen::start(SIZE);
    let manager = Manager::of(&screen);
    let cover = Cover::over(screen.xvfb().display(), place);
    let scene = sale_on(screen);
    let request = scene.creates(1);
    scene.program().says_nothing_for(A_WHILE);

    (manager, cover, scene, request)
}

#[test]
fn f57_covered_code_is_shown_later() {
    let (_manager, cover, mut scene, request) = unseen_under((0, 0, 1280, 800));
    cover.goes();
    scene.shows(1, &request);

    scene.is_paid(1, &request);
}

#[test]
fn f57_covered_corner_is_not_shown() {
    let (_manager, cover, scene, request) = unseen_under((0, 0, 60, 120));
    cover.goes();
    scene.shows(1, &request);
}

#[test]
fn f57_window_next_to_the_code() {
    let screen = Screen::start(SIZE);
    let _manager = Manager::of(&screen);
    let _cover = Cover::over(screen.xvfb().display(), (1180, 700, 100, 100));
    let scene = sale_on(screen);
    let request = scene.creates(1);
    scene.shows(1, &request);
}

#[test]
fn f57_unmapped_code_is_shown_later() {
    let screen = Screen::start(SIZE);
    let manager = Manager::that_maps_none(&screen);
    let scene = sale_on(screen);
    let request = scene.creates(1);
    scene.program().says_nothing_for(A_WHILE);
    // The program has asked again and again for its window to be mapped.
    manager.map();
    scene.shows(1, &request);
}

#[test]
fn f57_covered_code_is_raised() {
    let scene = sale_on(Screen::start(SIZE));
    let (request, _) = scene.shows_code(1);
    let _cover = Cover::over(scene.screen().xvfb().display(), (0, 0, 1280, 800));
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
fn f57_destroyed_window_cancels_sale() {
    let mut scene = sale_on(Screen::start(SIZE));
    let (request, _) = scene.shows_code(1);
    scene.screen().destroy_window();
    scene.tells(&waiting_event(1, "voiding"));
    scene.tells(&ended_event(1, &request, "cancelled"));
    scene.ends_cancelled(&request);
    scene.is_voided(&request);
}

#[test]
fn f57_window_destroyed_before_shown() {
    let (_manager, _cover, mut scene, request) = unseen_under((0, 0, 1280, 800));
    scene.screen().destroy_window();
    scene.tells(&waiting_event(1, "voiding"));
    scene.tells(&ended_event(1, &request, "rejected"));
    scene.ends_rejected("the window was destroyed");
    scene.is_voided(&request);
}

#[test]
fn f57_unseen_code_is_voided() {
    let screen = Screen::start(SIZE);
    let _manager = Manager::that_maps_none(&screen);
    let settings = Settings::with(|settings| settings.expiry_seconds = 12);
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
fn f58_too_small_screen_is_40() {
    let mut scene = sale_on(Screen::start((140, 140)));
    assert_eq!(scene.exit_code(), 40);
    let log = scene.program().log();
    assert_has(&log, "the screen is too small for a readable code");
    assert_eq!(scene.platform().latest(), None);
}

#[test]
fn f58_shrunk_window_takes_code_back() {
    let mut scene = sale_on(Screen::start(SIZE));
    let (request, _) = scene.shows_code(1);
    scene.screen().resize_window(120, 120);
    scene.tells(&waiting_event(1, "voiding"));
    scene.tells(&ended_event(1, &request, "rejected"));
    scene.ends_rejected("the window is too small");
    scene.is_voided(&request);
}

/// The program may notice the fault before or after the create. In both cases it shows nothing.
#[test]
fn f56_screen_without_frames() {
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
    // The program tries ten frames a second, and each fails. The log must not have a line for each.
    assert!(program.log().lines().count() < 20, "{}", program.log());
}
