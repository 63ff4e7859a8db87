//! The actions that each screen offers. Buttons and keys come from this one list, so every button shows
//! its key.

use crate::app::input::keys::Shortcut;
use crate::app::message::Message;
use crate::app::screens::manual_settlement::SettlementMessage;
use crate::locale::Phrase;
use crate::sale::{Command, Ended, Ending, Question, Sale, State, Waiting};

/// An action that a screen offers, by touch or by key.
#[derive(Debug, Clone, PartialEq)]
pub struct Choice {
    /// The text on the button.
    pub label: Phrase,
    /// The consequence of the action, if the label does not say it.
    pub explains: Option<Phrase>,
    /// The key that does the same as the button.
    pub key: Shortcut,
    /// The result of making the choice.
    pub action: ChoiceAction,
    /// Whether the choice has the main button.
    pub main: bool,
}

/// The effect of a choice.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(
    clippy::large_enum_variant,
    reason = "there are a few at a time, each moved a few times"
)]
pub enum ChoiceAction {
    /// Sends a command to the sale.
    Ask(Command),
    /// Opens the panel on which staff close the sale.
    OpenSettlement,
}

impl ChoiceAction {
    pub(super) fn message(&self) -> Message {
        match self {
            Self::Ask(command) => Message::Asked(command.clone()),
            Self::OpenSettlement => Message::ManualSettlement(SettlementMessage::Opened),
        }
    }
}

/// The origin of the sale on the screen. The labels of the choices depend on this.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// The present customer's sale.
    Own,
    /// An earlier sale, while no new sale waits.
    Earlier,
    /// An earlier sale, while the present customer's sale waits until the earlier one is settled.
    EarlierFirst,
}

impl Audience {
    /// Returns the audience of the sale on the screen.
    pub fn of(sale: &Sale) -> Self {
        match sale.asked() {
            _ if !sale.is_about_an_earlier_sale() => Self::Own,
            Some(_) => Self::EarlierFirst,
            None => Self::Earlier,
        }
    }
}

/// Returns the choices of the present state, the main one first.
pub fn choices(sale: &Sale) -> Vec<Choice> {
    let audience = Audience::of(sale);
    match sale.state() {
        State::Creating(creating) if creating.is_cancelled() => Vec::new(),
        // Esc would be meant for the sale of the customer at the counter. The sale here is an earlier one, whose
        // customer may have paid. The wait ends by itself.
        State::Waiting(_) | State::Creating(_) if audience != Audience::Own => Vec::new(),
        State::Waiting(waiting) if is_for_the_cashier(waiting) => question_choices(),
        State::Creating(_) | State::Presenting(_) | State::Waiting(_) => {
            vec![cancel(Phrase::Cancel, Command::Cancel)]
        }
        State::Rechecking(_) => vec![cancel(Phrase::Back, Command::Cancel)],
        State::Entry | State::Recalling | State::Voiding(_) => Vec::new(),
        State::Ended(ended) => {
            let mut choices = ended_choices(ended, audience);
            choices.retain(|choice| sale.can_be_looked_into() || !asks_the_platform(choice));

            choices
        }
    }
}

fn asks_the_platform(choice: &Choice) -> bool {
    matches!(
        choice.action,
        ChoiceAction::Ask(Command::KeepChecking | Command::CancelAndRefund)
    )
}

/// Returns whether the wait has a question that the cashier can answer.
pub(super) fn is_for_the_cashier(waiting: &Waiting) -> bool {
    waiting.question().is_some_and(Question::is_for_the_cashier)
}

/// Returns whether the choices move money or settle a sale. If not, they are only ways to go on.
pub(super) fn is_question(choices: &[Choice]) -> bool {
    const WAYS_TO_GO_ON: usize = 2;

    choices.len() > WAYS_TO_GO_ON || choices.iter().any(|choice| choice.explains.is_some())
}

/// The answers are letter keys, not Enter: the question appears by itself, and Enter that was meant for another
/// screen must not answer it.
fn question_choices() -> Vec<Choice> {
    let ask = |key, label, command| letter(key, label, None, ChoiceAction::Ask(command));

    vec![
        Choice {
            main: true,
            ..ask('A', Phrase::Accept, Command::Accept)
        },
        ask('D', Phrase::Decline, Command::Decline),
        cancel(Phrase::Cancel, Command::Cancel),
    ]
}

/// Returns the name of the person who closed the sale, and whether they closed it as paid. `None` if the platform
/// has reported another ending since.
pub(super) fn closed_by_staff(ended: &Ended) -> Option<(&str, bool)> {
    let by = ended.closed_by()?;
    match ended.ending() {
        // Staff closed the sale as not paid, but a payment came in.
        _ if ended.is_late() => None,
        Ending::Paid { .. } => Some((by, true)),
        Ending::Unknown { .. } => Some((by, false)),
        _ => None,
    }
}

fn ended_choices(ended: &Ended, audience: Audience) -> Vec<Choice> {
    match closed_by_staff(ended) {
        Some(_) => vec![main_choice(Phrase::Done, None, Command::Close)],
        None => ending_choices(ended.ending(), ended.is_late(), audience),
    }
}

/// Returns the choices of an ending. `late`: the sale was paid after it had been called expired or cancelled.
pub fn ending_choices(ending: &Ending, late: bool, audience: Audience) -> Vec<Choice> {
    let label = if late || audience != Audience::Own {
        Phrase::Noted
    } else {
        Phrase::Done
    };
    match ending {
        Ending::PartPaid { .. } => keep_or_refund(label, Phrase::KeepThePart),
        Ending::Paid { .. } if late || ending.is_kept() => keep_or_refund(label, Phrase::KeepIt),
        Ending::Paid { .. } | Ending::RefundStarted => {
            vec![main_choice(label, None, Command::Close)]
        }
        Ending::Expired
        | Ending::Cancelled { .. }
        | Ending::Rejected(_)
        | Ending::Unreachable(_) => vec![
            main_choice(Phrase::TryAgain, None, Command::Retry),
            cancel(Phrase::Close, Command::Close),
        ],
        Ending::Unknown { .. } => unknown_choices(audience),
    }
}

fn keep_or_refund(keep: Phrase, explains: Phrase) -> Vec<Choice> {
    vec![
        main_choice(keep, Some(explains), Command::Close),
        refund(Phrase::GiveBack, Phrase::AllGoesBack),
    ]
}

fn unknown_choices(audience: Audience) -> Vec<Choice> {
    let left_open = match audience {
        Audience::Own | Audience::Earlier => Phrase::ComesUpAgain,
        Audience::EarlierFirst => Phrase::NewSaleNotMade,
    };

    vec![
        main_choice(
            Phrase::KeepChecking,
            Some(Phrase::AsksByItself),
            Command::KeepChecking,
        ),
        refund(Phrase::CancelAndRefund, Phrase::WhatWasPaidGoesBack),
        letter(
            'H',
            Phrase::ClosedByStaff,
            Some(Phrase::CheckedMyself),
            ChoiceAction::OpenSettlement,
        ),
        letter(
            'L',
            Phrase::LeaveOpen,
            Some(left_open),
            ChoiceAction::Ask(Command::Close),
        ),
    ]
}

fn refund(label: Phrase, explains: Phrase) -> Choice {
    let action = ChoiceAction::Ask(Command::CancelAndRefund);

    letter('R', label, Some(explains), action)
}

fn main_choice(label: Phrase, explains: Option<Phrase>, command: Command) -> Choice {
    Choice {
        label,
        explains,
        key: Shortcut::Enter,
        action: ChoiceAction::Ask(command),
        main: true,
    }
}

fn cancel(label: Phrase, command: Command) -> Choice {
    Choice {
        key: Shortcut::Escape,
        main: false,
        ..main_choice(label, None, command)
    }
}

fn letter(key: char, label: Phrase, explains: Option<Phrase>, action: ChoiceAction) -> Choice {
    Choice {
        label,
        explains,
        key: Shortcut::Letter(key),
        action,
        main: false,
    }
}

#[cfg(test)]
mod tests;
