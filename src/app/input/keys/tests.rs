use iced::keyboard::Location;
use iced::keyboard::key::{Code, Named, Physical};

use super::*;

/// Reads the press of a key: its own meaning, its meaning with modifiers, and its text.
fn read(
    key: Key,
    modified: Key,
    code: Code,
    modifiers: Modifiers,
    text: Option<&str>,
) -> KeyChange {
    let event = Event::KeyPressed {
        key,
        modified_key: modified,
        physical_key: Physical::Code(code),
        location: Location::Standard,
        modifiers,
        text: text.map(Into::into),
        repeat: false,
    };

    KeyEvent::read(event, Instant::now()).unwrap().change
}

fn stroke_of(key: &str, code: Code, modifiers: Modifiers, text: &str) -> Stroke {
    let modified = Key::Character(text.into());
    match read(
        Key::Character(key.into()),
        modified,
        code,
        modifiers,
        Some(text),
    ) {
        KeyChange::Pressed(stroke, _) => stroke,
        other => panic!("{other:?}"),
    }
}

fn letter(stroke: &Stroke) -> Option<char> {
    match stroke {
        Stroke::Text { letter, .. } => *letter,
        _ => None,
    }
}

#[test]
fn f63_layout_decides_what_is_typed() {
    let digit = stroke_of("&", Code::Digit1, Modifiers::SHIFT, "1");
    assert_eq!(digit.digit(), Some('1'));
    let sign = stroke_of("1", Code::Digit1, Modifiers::SHIFT, "!");
    assert_eq!(sign.digit(), None);
    // `NumLock` is on. Without `NumLock` the key is End.
    let end = Key::Named(Named::End);
    let keypad = read(
        end,
        Key::Character("1".into()),
        Code::Numpad1,
        Modifiers::NONE,
        Some("1"),
    );
    assert!(matches!(keypad, KeyChange::Pressed(stroke, _) if stroke.digit() == Some('1')));
    let enter = Key::Named(Named::Enter);
    let pressed = read(
        enter.clone(),
        enter,
        Code::NumpadEnter,
        Modifiers::NONE,
        Some("\r"),
    );
    assert!(matches!(
        pressed,
        KeyChange::Pressed(Stroke::Named(Named::Enter), _)
    ));
}

#[test]
fn f63_shortcut_is_the_letter_on_the_key() {
    // On a French keyboard, A is where an American keyboard has Q.
    assert_eq!(
        letter(&stroke_of("a", Code::KeyQ, Modifiers::NONE, "a")),
        Some('a')
    );
    assert_eq!(
        letter(&stroke_of("a", Code::KeyA, Modifiers::SHIFT, "A")),
        Some('a')
    );
    for (typed, code, wanted) in [
        ("ф", Code::KeyA, 'a'),
        ("ה", Code::KeyV, 'v'),
        ("ρ", Code::KeyR, 'r'),
        ("व", Code::KeyB, 'b'),
    ] {
        assert_eq!(
            letter(&stroke_of(typed, code, Modifiers::NONE, typed)),
            Some(wanted)
        );
    }
    assert_eq!(
        letter(&stroke_of("é", Code::KeyA, Modifiers::NONE, "é")),
        None
    );
}

#[test]
fn f63_digits_of_other_scripts_are_digits() {
    for (typed, digit) in [
        ('٣', '3'),
        ('۷', '7'),
        ('९', '9'),
        ('５', '5'),
        ('0', '0'),
        ('៤', '4'),
        ('၆', '6'),
        ('༢', '2'),
    ] {
        assert_eq!(decimal_digit(typed), Some(digit));
    }
    assert_eq!(decimal_digit('½'), None);
}

#[test]
fn f64_combinations_type_nothing() {
    for modifiers in [Modifiers::CTRL, Modifiers::ALT, Modifiers::LOGO] {
        assert_eq!(stroke_of("a", Code::KeyA, modifiers, "a"), Stroke::Inert);
    }
    // AltGr types characters, so it is not such a combination.
    assert_eq!(
        stroke_of("q", Code::KeyQ, Modifiers::NONE, "@"),
        typed("@".to_owned())
    );
}
