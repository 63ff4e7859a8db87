//! Staff close a sale whose outcome is unknown: they enter a name, then say whether the sale was paid.

use std::time::Duration;

use iced::keyboard::key;

use crate::app::input::keys::{Shortcut, Stroke};
use crate::locale::Phrase;
use crate::sale::Moment;

/// The longest name, in characters.
const LONGEST_NAME: usize = 40;

/// The question ignores answers for this long after it appears: such a tap or letter was still meant for the name.
const TIME_TO_READ: Duration = Duration::from_millis(700);

/// The state of the panel on which staff close a sale.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ManualSettlement {
    name: String,
    name_is_missing: bool,
    /// When the question appeared; `None` while staff enter the name.
    asked_at: Option<Moment>,
}

/// An input on the panel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SettlementMessage {
    /// Staff opened the panel.
    Opened,
    /// A character from a keyboard.
    Typed(char),
    /// A letter from the keyboard on the screen, which has capital letters only.
    Touched(char),
    /// Remove the last character.
    Backspace,
    /// The name is complete.
    Confirmed,
    /// The sale was paid.
    Paid,
    /// The sale was not paid.
    NotPaid,
    /// Go back: from the question to the name, or from the name to the other choices.
    Back,
}

impl SettlementMessage {
    /// Returns whether the input only changes the name.
    pub(crate) fn is_typing(self) -> bool {
        matches!(self, Self::Typed(_) | Self::Backspace)
    }
}

/// The panel's request to the display.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SettlementAction {
    /// The display has nothing to do.
    None,
    /// Close the sale.
    Close {
        /// The name of the person who answers for the decision.
        by: String,
        /// Whether the person says that the sale was paid.
        paid: bool,
    },
    /// Go back to the other choices.
    Leave,
}

/// The answers to the question whether the sale was paid, in the order of their buttons. Enter chooses no answer.
pub(crate) const ANSWERS: [(Phrase, Shortcut, SettlementMessage); 3] = [
    (Phrase::Paid, Shortcut::Letter('P'), SettlementMessage::Paid),
    (
        Phrase::NotPaid,
        Shortcut::Letter('N'),
        SettlementMessage::NotPaid,
    ),
    (Phrase::Back, Shortcut::Escape, SettlementMessage::Back),
];

impl ManualSettlement {
    /// Creates a panel that proposes the operator's name.
    pub fn new(operator: Option<&str>) -> Self {
        let mut panel = Self::default();
        for character in operator.unwrap_or_default().trim().chars() {
            panel.push(character);
        }

        panel
    }

    /// Returns the name as typed.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns whether staff confirmed without a name.
    pub fn name_is_missing(&self) -> bool {
        self.name_is_missing
    }

    /// Returns whether the name is confirmed and the panel asks whether the sale was paid.
    pub fn is_asking(&self) -> bool {
        self.asked_at.is_some()
    }

    /// Handles an input at `now`.
    pub fn update(&mut self, message: SettlementMessage, now: Moment) -> SettlementAction {
        match self.asked_at {
            Some(asked_at) => self.answer(message, now.since(asked_at)),
            None => self.enter(message, now),
        }
    }

    fn enter(&mut self, message: SettlementMessage, now: Moment) -> SettlementAction {
        self.name_is_missing = false;
        match message {
            SettlementMessage::Opened | SettlementMessage::Paid | SettlementMessage::NotPaid => {}
            SettlementMessage::Typed(character) => self.push(character),
            SettlementMessage::Touched(letter) => {
                if self.name.ends_with(char::is_alphanumeric) {
                    self.push(letter.to_ascii_lowercase());
                } else {
                    self.push(letter.to_ascii_uppercase());
                }
            }
            SettlementMessage::Backspace => {
                self.name.pop();
            }
            SettlementMessage::Confirmed => self.confirm(now),
            SettlementMessage::Back => return SettlementAction::Leave,
        }

        SettlementAction::None
    }

    fn push(&mut self, character: char) {
        let is_leading_space = self.name.is_empty() && character.is_whitespace();
        if !character.is_control() && !is_leading_space && self.name.chars().count() < LONGEST_NAME
        {
            self.name.push(character);
        }
    }

    fn confirm(&mut self, now: Moment) {
        self.name.truncate(self.name.trim_end().len());
        if self.name.is_empty() {
            self.name_is_missing = true;
        } else {
            self.asked_at = Some(now);
        }
    }

    /// Handles an input that came `after` the question appeared.
    fn answer(&mut self, message: SettlementMessage, after: Duration) -> SettlementAction {
        let paid = match message {
            SettlementMessage::Back => {
                self.asked_at = None;

                return SettlementAction::None;
            }
            SettlementMessage::Paid => true,
            SettlementMessage::NotPaid => false,
            SettlementMessage::Opened
            | SettlementMessage::Typed(_)
            | SettlementMessage::Touched(_)
            | SettlementMessage::Backspace
            | SettlementMessage::Confirmed => return SettlementAction::None,
        };
        if after < TIME_TO_READ {
            return SettlementAction::None;
        }

        SettlementAction::Close {
            by: self.name.clone(),
            paid,
        }
    }

    /// Returns the input that a key stands for, or `None` if this panel does not use the key.
    pub fn key(&self, stroke: &Stroke) -> Option<SettlementMessage> {
        if self.is_asking() {
            let (_, _, message) = ANSWERS.into_iter().find(|(_, key, _)| key.is(stroke))?;

            return Some(message);
        }
        match stroke {
            Stroke::Named(key::Named::Enter) => Some(SettlementMessage::Confirmed),
            Stroke::Named(key::Named::Escape) => Some(SettlementMessage::Back),
            Stroke::Named(key::Named::Backspace) => Some(SettlementMessage::Backspace),
            Stroke::Named(_) | Stroke::Inert => None,
            Stroke::Text { text, .. } => text.chars().next().map(SettlementMessage::Typed),
        }
    }
}

#[cfg(test)]
mod tests {
    use iced::keyboard::Key;

    use super::*;

    const START: Moment = Moment::after_start(Duration::ZERO);
    /// The earliest moment at which an answer counts.
    const READ: Moment = Moment::after_start(TIME_TO_READ);

    fn enter(panel: &mut ManualSettlement, message: SettlementMessage) {
        assert_eq!(panel.update(message, START), SettlementAction::None);
    }

    fn type_in(panel: &mut ManualSettlement, text: &str) {
        for character in text.chars() {
            enter(panel, SettlementMessage::Typed(character));
        }
    }

    /// A panel that asks whether the sale was paid.
    fn asking(name: &str) -> ManualSettlement {
        let mut panel = ManualSettlement::new(Some(name));
        enter(&mut panel, SettlementMessage::Confirmed);
        assert!(panel.is_asking());

        panel
    }

    /// Presses a key on the panel at `now`.
    fn press(panel: &mut ManualSettlement, key: &Stroke, now: Moment) -> SettlementAction {
        match panel.key(key) {
            Some(message) => panel.update(message, now),
            None => SettlementAction::None,
        }
    }

    fn character(text: &str) -> Stroke {
        Key::Character(text.into()).into()
    }

    fn close(by: &str, paid: bool) -> SettlementAction {
        SettlementAction::Close {
            by: by.to_owned(),
            paid,
        }
    }

    #[test]
    fn missing_name_keeps_the_first_step() {
        let mut panel = ManualSettlement::new(None);
        enter(&mut panel, SettlementMessage::Confirmed);
        assert!(panel.name_is_missing() && !panel.is_asking());
        type_in(&mut panel, "   ");
        enter(&mut panel, SettlementMessage::Confirmed);
        assert!(panel.name_is_missing() && !panel.is_asking());
    }

    #[test]
    fn confirmed_name_brings_the_question() {
        let mut panel = ManualSettlement::new(None);
        type_in(&mut panel, " Aroha ");
        assert!(!panel.is_asking());
        enter(&mut panel, SettlementMessage::Confirmed);
        assert!(panel.is_asking() && !panel.name_is_missing());
        assert_eq!(panel.name(), "Aroha");
    }

    #[test]
    fn proposed_name_can_be_replaced() {
        let mut panel = ManualSettlement::new(Some(" Mere "));
        assert_eq!(panel.name(), "Mere");
        for _ in 0..10 {
            enter(&mut panel, SettlementMessage::Backspace);
        }
        type_in(&mut panel, "Hāna");
        enter(&mut panel, SettlementMessage::Confirmed);
        assert_eq!(
            panel.update(SettlementMessage::Paid, READ),
            close("Hāna", true)
        );
    }

    #[test]
    fn name_is_limited_and_clean() {
        let mut panel = ManualSettlement::new(Some(&"ā".repeat(60)));
        assert_eq!(panel.name().chars().count(), 40);
        enter(&mut panel, SettlementMessage::Backspace);
        enter(&mut panel, SettlementMessage::Typed('\u{7}'));
        assert_eq!(panel.name().chars().count(), 39);
    }

    #[test]
    fn touched_letters_are_capitalised() {
        let mut panel = ManualSettlement::new(None);
        for letter in "ANNE-MARIE KING".chars() {
            enter(&mut panel, SettlementMessage::Touched(letter));
        }
        assert_eq!(panel.name(), "Anne-Marie King");
    }

    #[test]
    fn keys_enter_the_name_in_the_first_step() {
        let panel = ManualSettlement::new(None);
        assert_eq!(
            panel.key(&character("r")),
            Some(SettlementMessage::Typed('r'))
        );
        assert_eq!(
            panel.key(&character("p")),
            Some(SettlementMessage::Typed('p'))
        );
        assert_eq!(
            panel.key(&character("N")),
            Some(SettlementMessage::Typed('N'))
        );
        let named = |named| panel.key(&Key::Named(named).into());
        assert_eq!(
            named(key::Named::Space),
            Some(SettlementMessage::Typed(' '))
        );
        assert_eq!(named(key::Named::Enter), Some(SettlementMessage::Confirmed));
        assert_eq!(named(key::Named::Escape), Some(SettlementMessage::Back));
        assert_eq!(
            named(key::Named::Backspace),
            Some(SettlementMessage::Backspace)
        );
        assert_eq!(named(key::Named::F1), None);
    }

    #[test]
    fn p_and_n_answer_the_question() {
        for (key, paid) in [("p", true), ("P", true), ("n", false), ("N", false)] {
            let mut panel = asking("Aroha");
            assert_eq!(
                press(&mut panel, &character(key), READ),
                close("Aroha", paid)
            );
        }
    }

    #[test]
    fn enter_and_other_keys_answer_nothing() {
        let mut panel = asking("Aroha");
        let named = [
            key::Named::Enter,
            key::Named::Space,
            key::Named::Backspace,
            key::Named::F1,
        ];
        let keys = named.map(|named| Key::Named(named).into());
        for key in keys.iter().chain(&[character("a"), character("y")]) {
            assert_eq!(
                press(&mut panel, key, READ),
                SettlementAction::None,
                "{key:?}"
            );
        }
        assert_eq!(panel, asking("Aroha"));
        // The button of the first step, and letters that staff are still typing.
        for message in [
            SettlementMessage::Confirmed,
            SettlementMessage::Typed('p'),
            SettlementMessage::Opened,
        ] {
            assert_eq!(panel.update(message, READ), SettlementAction::None);
        }
        assert_eq!(panel, asking("Aroha"));
    }

    #[test]
    fn answer_within_700_ms_is_ignored() {
        let mut panel = asking("Aroha");
        let early = Moment::after_start(Duration::from_millis(699));
        for message in [SettlementMessage::Paid, SettlementMessage::NotPaid] {
            assert_eq!(panel.update(message, early), SettlementAction::None);
        }
        assert_eq!(
            panel.update(SettlementMessage::Paid, READ),
            close("Aroha", true)
        );
    }

    #[test]
    fn escape_goes_back_step_by_step() {
        let escape = Stroke::Named(key::Named::Escape);
        let mut panel = asking("Aroha");
        assert_eq!(press(&mut panel, &escape, START), SettlementAction::None);
        assert!(!panel.is_asking());
        assert_eq!(panel.name(), "Aroha");
        assert_eq!(press(&mut panel, &escape, START), SettlementAction::Leave);
    }

    #[test]
    fn answers_count_only_while_asked() {
        let mut panel = ManualSettlement::new(Some("Aroha"));
        for message in [SettlementMessage::Paid, SettlementMessage::NotPaid] {
            assert_eq!(panel.update(message, READ), SettlementAction::None);
        }
        assert_eq!(panel, ManualSettlement::new(Some("Aroha")));
    }
}
