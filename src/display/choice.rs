//! What can be chosen where: one list for the buttons and for the keys, so that every button has a
//! key and the key is written on it.

use iced::keyboard::key;

use super::keys::Stroke;
use super::{Message, by_hand};
use crate::locale::Phrase;
use crate::sale::{Command, Ended, Ending, Question, Sale, State, Waiting};

/// Something that can be chosen, by touch or by key.
#[derive(Debug, Clone, PartialEq)]
pub struct Choice {
    /// What the button says.
    pub label: Phrase,
    /// What comes of it, where the label alone leaves that open.
    pub explains: Option<Phrase>,
    /// Its key.
    pub key: Shortcut,
    /// What it does.
    pub deed: Deed,
    /// Whether it is what most people want here.
    pub main: bool,
}

/// What a choice does.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(
    clippy::large_enum_variant,
    reason = "there are a few at a time, each moved a few times"
)]
pub enum Deed {
    /// It asks the sale for something.
    Ask(Command),
    /// It asks the cashier for a name, and then whether the sale was paid.
    AnswerByHand,
}

impl Deed {
    /// The message for it.
    pub(super) fn message(&self) -> Message {
        match self {
            Self::Ask(command) => Message::Asked(command.clone()),
            Self::AnswerByHand => Message::ByHand(by_hand::Message::Opened),
        }
    }
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

/// Whose sale is on the screen, which decides what its choices are called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    /// The one that was asked for.
    Own,
    /// An earlier one; nothing else was asked for yet.
    Earlier,
    /// An earlier one, and the sale that was asked for waits behind it.
    EarlierFirst,
}

impl Whose {
    /// Whose sale is on the screen.
    pub fn of(sale: &Sale) -> Self {
        match sale.asked() {
            _ if !sale.is_about_an_earlier_sale() => Self::Own,
            Some(_) => Self::EarlierFirst,
            None => Self::Earlier,
        }
    }
}

/// The choices of the present state, the main one first.
pub fn choices(sale: &Sale) -> Vec<Choice> {
    let whose = Whose::of(sale);
    match sale.state() {
        State::Creating(creating) if creating.is_cancelled() => Vec::new(),
        // Whoever presses Esc here means the customer at the counter, not one who has left and may
        // have paid. The wait ends by itself.
        State::Waiting(_) | State::Creating(_) if whose != Whose::Own => Vec::new(),
        State::Waiting(waiting) if is_for_the_cashier(waiting) => of_question(),
        State::Creating(_) | State::Presenting(_) | State::Waiting(_) => {
            vec![cancel(Phrase::Cancel, Command::Cancel)]
        }
        State::Rechecking(_) => vec![cancel(Phrase::Back, Command::Cancel)],
        State::Entry | State::Recalling | State::Voiding(_) => Vec::new(),
        State::Ended(ended) => {
            let mut choices = of_ended(ended, whose);
            if !sale.can_be_looked_into() {
                choices.retain(|choice| !asks_the_platform(choice));
            }

            choices
        }
    }
}

fn asks_the_platform(choice: &Choice) -> bool {
    matches!(
        choice.deed,
        Deed::Ask(Command::KeepChecking | Command::CancelAndRefund)
    )
}

/// Whether the cashier is asked something that can be answered now.
pub(super) fn is_for_the_cashier(waiting: &Waiting) -> bool {
    waiting.question().is_some_and(Question::is_for_the_cashier)
}

/// Whether these are the answers to a question that moves money or settles what became of it, and not just
/// ways to go on.
pub(super) fn is_question(choices: &[Choice]) -> bool {
    const WAYS_TO_GO_ON: usize = 2;

    choices.len() > WAYS_TO_GO_ON || choices.iter().any(|choice| choice.explains.is_some())
}

/// An answer is a letter, not Enter: a question comes up by itself, and a finger that was on its way
/// to another button must not answer it.
fn of_question() -> Vec<Choice> {
    let accept = letter('A', Phrase::Accept, None, Deed::Ask(Command::Accept));

    vec![
        Choice {
            main: true,
            ..accept
        },
        letter('D', Phrase::Decline, None, Deed::Ask(Command::Decline)),
        cancel(Phrase::Cancel, Command::Cancel),
    ]
}

/// Returns who of the staff closed it, and whether as paid; `None` if the platform has reported
/// another ending since.
pub(super) fn closed_by_staff(ended: &Ended) -> Option<(&str, bool)> {
    let by = ended.closed_by()?;
    match ended.ending() {
        // They closed it as not paid, and it was paid.
        _ if ended.is_late() => None,
        Ending::Paid { .. } => Some((by, true)),
        Ending::Unknown { .. } => Some((by, false)),
        _ => None,
    }
}

fn of_ended(ended: &Ended, whose: Whose) -> Vec<Choice> {
    match closed_by_staff(ended) {
        Some(_) => vec![main_choice(Phrase::Done, None, Command::Close)],
        None => of_ending(ended.ending(), ended.is_late(), whose),
    }
}

/// The choices of an ending. `late`: it was paid after it had been called expired or cancelled.
pub fn of_ending(ending: &Ending, late: bool, whose: Whose) -> Vec<Choice> {
    let taken_note = if late || whose != Whose::Own {
        Phrase::Noted
    } else {
        Phrase::Done
    };
    match ending {
        Ending::PartPaid { .. } => keep_or_give_back(taken_note, Phrase::KeepThePart),
        Ending::Paid { .. } if late || ending.is_kept() => {
            keep_or_give_back(taken_note, Phrase::KeepIt)
        }
        Ending::Paid { .. } | Ending::RefundStarted => {
            vec![main_choice(taken_note, None, Command::Close)]
        }
        Ending::Expired
        | Ending::Cancelled { .. }
        | Ending::Rejected(_)
        | Ending::Unreachable(_) => vec![
            main_choice(Phrase::TryAgain, None, Command::Retry),
            cancel(Phrase::Close, Command::Close),
        ],
        Ending::Unknown { .. } => of_unknown(whose),
    }
}

fn keep_or_give_back(keep: Phrase, explains: Phrase) -> Vec<Choice> {
    vec![
        main_choice(keep, Some(explains), Command::Close),
        letter(
            'R',
            Phrase::GiveBack,
            Some(Phrase::AllGoesBack),
            Deed::Ask(Command::CancelAndRefund),
        ),
    ]
}

fn of_unknown(whose: Whose) -> Vec<Choice> {
    let left_open = match whose {
        Whose::Own | Whose::Earlier => Phrase::ComesUpAgain,
        Whose::EarlierFirst => Phrase::NewSaleNotMade,
    };

    vec![
        main_choice(
            Phrase::KeepChecking,
            Some(Phrase::AsksByItself),
            Command::KeepChecking,
        ),
        letter(
            'R',
            Phrase::CancelAndRefund,
            Some(Phrase::WhatWasPaidGoesBack),
            Deed::Ask(Command::CancelAndRefund),
        ),
        letter(
            'H',
            Phrase::ClosedByStaff,
            Some(Phrase::CheckedMyself),
            Deed::AnswerByHand,
        ),
        letter(
            'L',
            Phrase::LeaveOpen,
            Some(left_open),
            Deed::Ask(Command::Close),
        ),
    ]
}

fn main_choice(label: Phrase, explains: Option<Phrase>, command: Command) -> Choice {
    Choice {
        label,
        explains,
        key: Shortcut::Enter,
        deed: Deed::Ask(command),
        main: true,
    }
}

fn cancel(label: Phrase, command: Command) -> Choice {
    Choice {
        label,
        explains: None,
        key: Shortcut::Escape,
        deed: Deed::Ask(command),
        main: false,
    }
}

fn letter(key: char, label: Phrase, explains: Option<Phrase>, deed: Deed) -> Choice {
    Choice {
        label,
        explains,
        key: Shortcut::Letter(key),
        deed,
        main: false,
    }
}

#[cfg(test)]
mod tests;
