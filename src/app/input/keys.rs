//! Reads key events as the characters that the keyboard's layout types.
//!
//! The position of a key does not tell its character: on a French keyboard a digit needs Shift, and on a keypad
//! `NumLock` decides. So the layout decides what a key types, and the letter that is printed on the key is its
//! shortcut.

use std::time::Instant;

use iced::advanced::input_method;
use iced::keyboard::{Event, Key, Modifiers, key};

/// The first character after the Latin alphabets.
const AFTER_LATIN: char = '\u{370}';

/// The zero digits of the scripts that keyboards may type. In each script, the other nine digits follow the zero.
/// In order: Latin; Arabic, Persian, N'Ko; Devanagari, Bengali, Gurmukhi, Gujarati, Oriya, Tamil, Telugu, Kannada,
/// Malayalam; Thai, Lao, Tibetan, Burmese, Shan, Khmer, Mongolian; Ol Chiki, Javanese, Meitei; the wide digits of
/// East Asian input methods.
const ZEROS: [char; 24] = [
    '0', '\u{660}', '\u{6f0}', '\u{7c0}', '\u{966}', '\u{9e6}', '\u{a66}', '\u{ae6}', '\u{b66}',
    '\u{be6}', '\u{c66}', '\u{ce6}', '\u{d66}', '\u{e50}', '\u{ed0}', '\u{f20}', '\u{1040}',
    '\u{1090}', '\u{17e0}', '\u{1810}', '\u{1c50}', '\u{a9d0}', '\u{abf0}', '\u{ff10}',
];

/// The meaning of a key press, for any keyboard layout.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stroke {
    /// A key that types a text.
    Text {
        /// The text, nearly always one character.
        text: String,
        /// The letter that is printed on the key, in lower case, for shortcuts. On a keyboard of another alphabet,
        /// the Latin letter of the same key.
        letter: Option<char>,
    },
    /// A key with a name, such as Enter.
    Named(key::Named),
    /// A combination with Ctrl, Alt or Super, a dead key, or a key that types nothing.
    Inert,
}

impl Stroke {
    /// Splits the text into strokes of one character.
    pub(in crate::app) fn parts(&self) -> Vec<Self> {
        match self {
            Self::Text { text, .. } if text.chars().count() > 1 => {
                text.chars().map(|one| typed(one.to_string())).collect()
            }
            other => vec![other.clone()],
        }
    }

    /// Returns the digit that the stroke types, as an ASCII digit.
    pub(in crate::app) fn digit(&self) -> Option<char> {
        match self {
            Self::Text { text, .. } => decimal_digit(only(text)?),
            _ => None,
        }
    }
}

impl From<Key> for Stroke {
    /// Reads a key without modifiers.
    fn from(key: Key) -> Self {
        match key {
            Key::Named(key::Named::Space) => typed(" ".to_owned()),
            Key::Named(named) => Self::Named(named),
            Key::Character(text) => typed(text.to_string()),
            Key::Unidentified => Self::Inert,
        }
    }
}

fn typed(text: String) -> Stroke {
    let letter = only(&text)
        .filter(char::is_ascii_alphabetic)
        .map(|letter| letter.to_ascii_lowercase());

    Stroke::Text { text, letter }
}

/// Returns the character of a text that has exactly one character.
fn only(text: &str) -> Option<char> {
    let mut characters = text.chars();
    let first = characters.next()?;

    characters.next().is_none().then_some(first)
}

/// Returns the ASCII digit for a decimal digit of any script that keyboards type.
pub(in crate::app) fn decimal_digit(character: char) -> Option<char> {
    let zero = ZEROS
        .into_iter()
        .find(|zero| (0..10).contains(&(u32::from(character).wrapping_sub(u32::from(*zero)))))?;

    char::from_digit(u32::from(character) - u32::from(zero), 10)
}

/// An event of the keyboard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyEvent {
    /// The time when the program received the event.
    pub at: Instant,
    /// The kind of event.
    pub change: KeyChange,
}

/// The kinds of keyboard events.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeyChange {
    /// A key went down, at this position if the position is known.
    Pressed(Stroke, Option<key::Physical>),
    /// A held key repeats itself.
    Repeated(Stroke),
    /// The key at this position came up.
    Released(key::Physical),
    /// A key such as Shift went down or came up.
    Modifier,
    /// A third of the pause that ends a run of keys has passed without an event.
    Paused,
}

impl KeyEvent {
    /// Creates the event of a key without modifiers.
    pub fn press(key: Key, at: Instant) -> Self {
        let change = KeyChange::Pressed(key.into(), None);

        Self { at, change }
    }

    /// Creates the event [`KeyChange::Paused`].
    pub fn pause(at: Instant) -> Self {
        let change = KeyChange::Paused;

        Self { at, change }
    }

    /// Whether the guard must wait for a lap after this event: a third of the pause that ends a run.
    pub(in crate::app) fn starts_lap(&self) -> bool {
        match self.change {
            KeyChange::Pressed(..) | KeyChange::Modifier | KeyChange::Paused => true,
            KeyChange::Repeated(_) | KeyChange::Released(_) => false,
        }
    }

    /// Reads a text that an input method composed.
    pub(in crate::app) fn committed(event: input_method::Event, at: Instant) -> Option<Self> {
        match event {
            input_method::Event::Commit(text) if is_text(&text) => {
                let change = KeyChange::Pressed(typed(text), None);

                Some(Self { at, change })
            }
            _ => None,
        }
    }

    /// Reads an event of the window library.
    pub(in crate::app) fn read(event: Event, at: Instant) -> Option<Self> {
        let change = match event {
            Event::KeyPressed {
                ref key,
                ref modified_key,
                ..
            }
            | Event::KeyReleased {
                ref key,
                ref modified_key,
                ..
            } if is_modifier(key) || is_modifier(modified_key) => KeyChange::Modifier,
            Event::KeyPressed {
                key,
                modified_key,
                physical_key,
                modifiers,
                text,
                repeat,
                ..
            } => {
                let text = text.as_deref();
                let stroke = stroke(&key, &modified_key, physical_key, modifiers, text);
                match repeat {
                    true => KeyChange::Repeated(stroke),
                    false => KeyChange::Pressed(stroke, Some(physical_key)),
                }
            }
            Event::KeyReleased { physical_key, .. } => KeyChange::Released(physical_key),
            Event::ModifiersChanged(_) => return None,
        };

        Some(Self { at, change })
    }
}

fn stroke(
    key: &Key,
    modified_key: &Key,
    physical: key::Physical,
    modifiers: Modifiers,
    text: Option<&str>,
) -> Stroke {
    if is_command(key, modified_key, modifiers) {
        return Stroke::Inert;
    }
    // The text of Enter and Escape is a control character.
    if let Some(text) = text.filter(|text| is_text(text)) {
        let mut stroke = typed(text.to_owned());
        if let Stroke::Text { letter, .. } = &mut stroke
            && letter.is_none()
        {
            *letter = letter_of_another_alphabet(key, physical);
        }

        return stroke;
    }
    match (modified_key, key) {
        (Key::Named(named), _) | (_, Key::Named(named)) => Stroke::from(Key::Named(*named)),
        // A line feed also ends a line, but the window library has no name for its key.
        _ if text == Some("\n") => Stroke::Named(key::Named::Enter),
        _ => Stroke::Inert,
    }
}

fn is_text(text: &str) -> bool {
    !text.is_empty() && !text.chars().any(char::is_control)
}

/// Whether the key is part of a combination with Ctrl, Alt or Super. On Windows, Ctrl and Alt together mean
/// `AltGr`, which types characters.
fn is_command(key: &Key, modified_key: &Key, modifiers: Modifiers) -> bool {
    let alt_graph = Modifiers::CTRL | Modifiers::ALT;
    if cfg!(windows) && modifiers.contains(alt_graph) && key != modified_key {
        return false;
    }

    modifiers.intersects(alt_graph | Modifiers::LOGO)
}

fn letter_of_another_alphabet(key: &Key, physical: key::Physical) -> Option<char> {
    let Key::Character(text) = key else {
        return None;
    };
    let first = text.chars().next().filter(|first| *first >= AFTER_LATIN)?;

    Key::Character(first.to_string().into())
        .to_latin(physical)
        .filter(char::is_ascii_alphabetic)
}

fn is_modifier(key: &Key) -> bool {
    use key::Named::{
        Alt, AltGraph, CapsLock, Control, Fn, FnLock, Hyper, Meta, NumLock, ScrollLock, Shift,
        Super, Symbol, SymbolLock,
    };
    const MODIFIERS: [key::Named; 14] = [
        Alt, AltGraph, CapsLock, Control, Fn, FnLock, Hyper, Meta, NumLock, ScrollLock, Shift,
        Super, Symbol, SymbolLock,
    ];

    matches!(key, Key::Named(named) if MODIFIERS.contains(named))
}

/// A key that is printed on a button.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shortcut {
    /// Enter, for the main button.
    Enter,
    /// Esc, to cancel.
    Escape,
    /// A letter key.
    Letter(char),
}

impl Shortcut {
    /// Returns the name of the key for the button.
    pub fn name(self) -> String {
        match self {
            Self::Enter => "Enter".to_owned(),
            Self::Escape => "Esc".to_owned(),
            Self::Letter(letter) => letter.to_string(),
        }
    }

    /// Whether `pressed` is this key.
    pub fn is(self, pressed: &Stroke) -> bool {
        match (self, pressed) {
            (Self::Enter, Stroke::Named(key::Named::Enter))
            | (Self::Escape, Stroke::Named(key::Named::Escape)) => true,
            (Self::Letter(letter), Stroke::Text { letter: typed, .. }) => {
                *typed == Some(letter.to_ascii_lowercase())
            }
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests;
