//! What can be chosen where: one list for the buttons and for the keys, so that every button has a
//! key and the key is written on it.

use iced::keyboard::{Key, key};

use crate::sale::{Command, Ending, State};

/// Something that can be chosen, by touch or by key.
#[derive(Debug, Clone, PartialEq)]
pub struct Choice {
    /// What the button says.
    pub label: &'static str,
    /// Its key.
    pub key: Shortcut,
    /// What it asks for.
    pub command: Command,
    /// Whether it is what most people want here.
    pub main: bool,
}

/// A key that stands on a button.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shortcut {
    /// Enter confirms the main button.
    Enter,
    /// Esc cancels.
    Escape,
    /// A letter.
    Letter(char),
}

impl Shortcut {
    /// How the key is written on the button.
    pub fn name(self) -> String {
        match self {
            Self::Enter => "Enter".to_owned(),
            Self::Escape => "Esc".to_owned(),
            Self::Letter(letter) => letter.to_string(),
        }
    }

    /// Whether `pressed` is this key.
    pub fn is(self, pressed: &Key) -> bool {
        match (self, pressed) {
            (Self::Enter, Key::Named(key::Named::Enter))
            | (Self::Escape, Key::Named(key::Named::Escape)) => true,
            (Self::Letter(letter), Key::Character(character)) => {
                character.eq_ignore_ascii_case(letter.encode_utf8(&mut [0; 4]))
            }
            _ => false,
        }
    }
}

/// The choices of a state, the main one first.
pub fn choices(state: &State) -> Vec<Choice> {
    match state {
        State::Creating(creating) if creating.is_cancelled() => Vec::new(),
        State::Creating(_) | State::Presenting(_) | State::Waiting(_) => {
            vec![choice("Cancel", Shortcut::Escape, Command::Cancel)]
        }
        State::Rechecking(_) => vec![choice("Cancel", Shortcut::Escape, Command::Cancel)],
        State::Entry | State::Recalling | State::Voiding(_) => Vec::new(),
        State::Ended(ended) => of_ending(ended.ending()),
    }
}

fn of_ending(ending: &Ending) -> Vec<Choice> {
    match ending {
        Ending::Paid { .. } | Ending::PartPaid { .. } | Ending::RefundStarted => {
            vec![main_choice("Done", Command::Close)]
        }
        Ending::Expired
        | Ending::Cancelled { .. }
        | Ending::Rejected(_)
        | Ending::Unreachable(_) => vec![
            main_choice("Try again", Command::Retry),
            choice("Close", Shortcut::Escape, Command::Close),
        ],
        Ending::Unknown { .. } => vec![
            main_choice("Keep checking", Command::KeepChecking),
            choice(
                "Cancel and refund",
                Shortcut::Letter('R'),
                Command::CancelAndRefund,
            ),
            choice("Leave it open", Shortcut::Letter('L'), Command::Close),
        ],
    }
}

fn main_choice(label: &'static str, command: Command) -> Choice {
    Choice {
        label,
        key: Shortcut::Enter,
        command,
        main: true,
    }
}

fn choice(label: &'static str, key: Shortcut, command: Command) -> Choice {
    Choice {
        label,
        key,
        command,
        main: false,
    }
}
