use iced::keyboard::Key;
use iced::keyboard::key::{Code, Physical};

use super::*;

/// Types keys, each some milliseconds after the previous one.
struct Hand {
    guard: KeyGuard,
    now: Instant,
}

impl Hand {
    fn new() -> Self {
        let guard = KeyGuard::default();

        Self {
            guard,
            now: Instant::now(),
        }
    }

    fn press(&mut self, after: u64, key: &str) -> Option<Input> {
        self.now += Duration::from_millis(after);

        self.guard.take_in(KeyEvent::press(named(key), self.now))
    }

    fn pauses(&mut self, laps: u32) -> Option<Input> {
        (0..laps).find_map(|_| {
            self.now += LAP;

            self.guard.take_in(KeyEvent::pause(self.now))
        })
    }

    /// Types keys at this pace, then pauses. Returns their meaning.
    fn types(&mut self, keys: &[&str], pace: u64) -> Option<Input> {
        for key in keys {
            assert_eq!(self.press(pace, key), None, "{key} before a pause");
        }

        self.pauses(LAPS)
    }
}

fn named(key: &str) -> Key {
    match key {
        "Enter" => Key::Named(Named::Enter),
        "Tab" => Key::Named(Named::Tab),
        "Backspace" => Key::Named(Named::Backspace),
        "GS" => Key::Unidentified,
        text => Key::Character(text.into()),
    }
}

fn made_of(keys: &[&str], pace: u64) -> Option<Input> {
    Hand::new().types(keys, pace)
}

fn is_scan(input: Option<&Input>) -> bool {
    matches!(input, Some(Input::Scan(_)))
}

/// Returns the strokes of a person, each with whether it may act.
fn keys_of(input: Option<Input>) -> Vec<(Stroke, bool)> {
    match input {
        Some(Input::Keys(keys)) => keys
            .into_iter()
            .map(|key| (key.stroke, key.may_act))
            .collect(),
        _ => Vec::new(),
    }
}

const CODE: [&str; 17] = [
    "9", "9", "9", "0", "0", "0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "5", "Enter",
];

fn scan(code: &str) -> Option<Input> {
    Some(Input::Scan(code.to_owned()))
}

#[test]
fn f65_burst_is_a_scan_whatever_it_types() {
    let codes: [&[&str]; 8] = [
        &["A", "B", "1", "2", "3", "4", "5", "6"],
        &["5", "Enter"],
        &["1", "2"],
        &["1", "2", "3", "Enter"],
        &["K", "1", "2", "5", "0", "A"],
        &["é", "Tab"],
        &["GS", "a", "GS", "Enter"],
        &["r", "r", "r"],
    ];
    for pace in [0, 1, 5, 10, 20, 30] {
        for code in codes {
            assert!(
                is_scan(made_of(code, pace).as_ref()),
                "{code:?} at {pace} ms"
            );
        }
    }
}

/// A scanner sends four events a letter: Shift down, key down, key up, Shift up. It pauses `step` ms after each.
#[test]
fn f65_scanner_may_press_shift_each_time() {
    for (step, is_scanned) in [(1, true), (10, true), (30, true), (50, false)] {
        let mut hand = Hand::new();
        let shift = |hand: &mut Hand, after| {
            hand.now += Duration::from_millis(after);
            let change = KeyChange::Modifier;
            hand.guard.take_in(KeyEvent {
                at: hand.now,
                change,
            });
        };
        for key in ["1", "2", "3"] {
            shift(&mut hand, step);
            hand.press(step, key);
            shift(&mut hand, 2 * step);
        }
        hand.press(step, "Enter");
        let input = hand.pauses(LAPS);
        assert_eq!(is_scan(input.as_ref()), is_scanned, "{step} ms");
    }
}

#[test]
fn f65_fast_hands_are_no_scan() {
    let amount = ["1", "2", ".", "5", "0", "Enter"];
    for pace in [40, 50, 60, 79] {
        let typed = keys_of(made_of(&amount, pace));
        assert_eq!(typed.len(), 6, "{pace} ms");
        assert!(typed.iter().all(|(_, may_act)| *may_act));
    }
    // The first key is still down when the second is pressed.
    let mut hand = Hand::new();
    for (after, text, code) in [(0, "1", Code::Digit1), (25, "2", Code::Digit2)] {
        hand.now += Duration::from_millis(after);
        let stroke = Stroke::from(Key::Character(text.into()));
        let change = KeyChange::Pressed(stroke, Some(Physical::Code(code)));
        hand.guard.take_in(KeyEvent {
            at: hand.now,
            change,
        });
    }
    assert_eq!(keys_of(hand.pauses(LAPS)).len(), 2);
}

#[test]
fn patron_code_is_read_at_any_scanner_pace() {
    for pace in [0, 1, 5, 20, 40] {
        assert_eq!(made_of(&CODE, pace), scan("9990001234567895"), "{pace} ms");
    }
    for pace in [60, 79] {
        assert_eq!(keys_of(made_of(&CODE, pace)).len(), 17, "{pace} ms");
    }
}

#[test]
fn patron_code_may_have_other_ends() {
    let digits = &CODE[..16];
    let with = |before: &[&'static str], after: &[&'static str]| {
        made_of(&[before, digits, after].concat(), 5)
    };
    for (before, after) in [
        (&[][..], &[][..]),
        (&[], &["Tab"]),
        (&[], &["GS", "Enter"]),
        (&["]", "Q", "x"], &["Enter"]),
    ] {
        assert_eq!(
            with(before, after),
            scan("9990001234567895"),
            "{before:?} {after:?}"
        );
    }
    // Without its suffix, only a code of the usual length is a patron's.
    assert_eq!(with(&["1"], &["Enter"]), scan("19990001234567895"));
    assert_eq!(with(&["1"], &[]), scan(""));
    assert_eq!(
        made_of(
            &["L", "1", "2", "3", "4", "5", "6", "7", "8", "9", "Enter"],
            5
        ),
        scan("")
    );
    assert_eq!(made_of(&["1", "2", "3", "4", "Enter"], 5), scan("1234"));
}

/// A slow frame delays the keys, so it must delay the laps as well.
#[test]
fn slow_frame_does_not_hide_a_scan() {
    let mut hand = Hand::new();
    for (place, key) in CODE.into_iter().enumerate() {
        hand.press(if place % 5 == 1 { 120 } else { 2 }, key);
        if place % 5 == 1 {
            assert_eq!(hand.pauses(LAPS - 1), None);
        }
    }
    assert!(is_scan(hand.pauses(LAPS).as_ref()));
}

#[test]
fn f66_key_acts_after_a_pause_only() {
    let mut hand = Hand::new();
    assert_eq!(hand.press(0, "a"), None);
    assert_eq!(hand.pauses(LAPS - 1), None);
    let acts = hand.pauses(1);
    let Some(Input::Keys(keys)) = acts else {
        panic!("{acts:?}");
    };
    assert!(keys[0].may_act && keys[0].is_alone);
    // Shift before the next letter does not count as a pause.
    hand.press(0, "a");
    hand.pauses(LAPS - 1);
    let shift = KeyEvent {
        at: hand.now,
        change: KeyChange::Modifier,
    };
    assert_eq!(hand.guard.take_in(shift), None);
    assert_eq!(hand.pauses(1), None);
    hand.press(5, "b");
    assert!(!matches!(hand.pauses(LAPS), Some(Input::Keys(keys)) if keys[0].is_alone));
}

#[test]
fn f66_key_for_a_new_screen_only_types() {
    let mut hand = Hand::new();
    hand.guard.appears(hand.now, TIME_TO_SEE);
    let early = hand.types(&["a"], 299);
    assert!(keys_of(early).iter().all(|(_, may_act)| !may_act));
    let later = hand.types(&["a"], 10);
    assert!(keys_of(later).iter().all(|(_, may_act)| *may_act));
}

#[test]
fn f66_key_does_nothing_on_the_next_screen() {
    let mut hand = Hand::new();
    hand.press(0, "a");
    hand.guard.appears(hand.now, TIME_TO_SEE);
    assert_eq!(hand.pauses(LAPS), None);
    // A scan that began on the previous screen is dropped, too.
    hand.press(0, "9");
    hand.guard.appears(hand.now, TIME_TO_SEE);
    assert_eq!(hand.types(&CODE[1..], 5), None);
}

#[test]
fn f66_key_right_after_a_scan_only_types() {
    let mut hand = Hand::new();
    assert!(is_scan(hand.types(&["A", "1"], 5).as_ref()));
    let late_suffix = hand.types(&["Enter"], 100);
    assert!(keys_of(late_suffix).iter().all(|(_, may_act)| !may_act));
    let hand_later = hand.types(&["Enter"], 300);
    assert!(keys_of(hand_later).iter().all(|(_, may_act)| *may_act));
}

#[test]
fn f66_held_key_only_takes_characters_back() {
    let mut hand = Hand::new();
    let held = |key: &str, at| KeyEvent {
        at,
        change: KeyChange::Repeated(named(key).into()),
    };
    let back = hand.guard.take_in(held("Backspace", hand.now));
    assert_eq!(keys_of(back).len(), 1);
    // Enter was already down when the window opened.
    hand.press(0, "Enter");
    assert_eq!(hand.guard.take_in(held("Enter", hand.now)), None);
    assert_eq!(hand.pauses(LAPS), None);
}

#[test]
fn f66_tap_from_another_screen_is_ignored() {
    let mut guard = KeyGuard::default();
    let start = Instant::now();
    let later = start + Duration::from_secs(1);
    guard.appears(start, TIME_TO_SEE);
    assert!(!guard.takes_tap(start + Duration::from_millis(299)));
    assert!(guard.takes_tap(later));
    guard.touches(Some(start));
    assert!(!guard.takes_tap(later));
    guard.touches(Some(start));
    guard.touches(None);
    assert!(guard.takes_tap(later));
}
