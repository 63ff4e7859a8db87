//! Staff close a sale whose outcome is unknown: the cashier gives a name, by touch or by keyboard,
//! and then says whether it was paid.

use std::time::Duration;

use iced::keyboard::key;

use super::choice::Shortcut;
use super::keys::Stroke;
use crate::locale::Phrase;
use crate::sale::Moment;

/// The longest name.
const LONGEST: usize = 40;

/// An answer before this was meant for the name: a second tap, or a letter of it.
const TIME_TO_READ: Duration = Duration::from_millis(700);

/// What has been entered so far.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ByHand {
    name: String,
    /// It was confirmed without a name.
    name_is_missing: bool,
    /// When the panel began to ask whether it was paid; `None` while the name is entered.
    asked_at: Option<Moment>,
}

/// What the cashier did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Message {
    /// Asked for the panel.
    Opened,
    /// A character from a keyboard.
    Typed(char),
    /// A letter on the screen, which has no second set of small ones.
    Touched(char),
    /// Take the last character back.
    Backspace,
    /// This is the name.
    Confirmed,
    /// It was paid.
    Paid,
    /// It was not paid.
    NotPaid,
    /// Back: to the name, or to the other choices.
    Back,
}

impl Message {
    /// Whether it only changes the name.
    pub(super) fn is_typing(self) -> bool {
        matches!(self, Self::Typed(_) | Self::Backspace)
    }
}

/// What the panel asks of whoever owns it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// Nothing.
    None,
    /// Close the sale.
    Close {
        /// Who answers for it.
        by: String,
        /// Whether it was paid.
        paid: bool,
    },
    /// Go back to the other choices.
    Leave,
}

/// An answer to the question whether it was paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Answer {
    /// What its button says.
    pub label: Phrase,
    /// Its key.
    pub key: Shortcut,
    /// What it does.
    pub message: Message,
}

/// All answers, in the order of their buttons. Enter is the key of none.
pub(super) const ANSWERS: [Answer; 3] = [
    Answer {
        label: Phrase::Paid,
        key: Shortcut::Letter('P'),
        message: Message::Paid,
    },
    Answer {
        label: Phrase::NotPaid,
        key: Shortcut::Letter('N'),
        message: Message::NotPaid,
    },
    Answer {
        label: Phrase::Back,
        key: Shortcut::Escape,
        message: Message::Back,
    },
];

impl ByHand {
    /// A panel that proposes whoever is selling.
    pub fn new(operator: Option<&str>) -> Self {
        let mut panel = Self::default();
        operator
            .unwrap_or_default()
            .trim()
            .chars()
            .for_each(|character| panel.push(character));

        panel
    }

    /// The name so far.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether a name was wanted and there is none.
    pub fn name_is_missing(&self) -> bool {
        self.name_is_missing
    }

    /// Whether the name is confirmed, and the panel asks whether it was paid.
    pub fn is_asking(&self) -> bool {
        self.asked_at.is_some()
    }

    /// Takes in what the cashier did at `now`.
    pub fn update(&mut self, message: Message, now: Moment) -> Action {
        match self.asked_at {
            Some(asked_at) => self.answer(message, now.since(asked_at)),
            None => self.enter(message, now),
        }
    }

    fn enter(&mut self, message: Message, now: Moment) -> Action {
        self.name_is_missing = false;
        match message {
            Message::Opened | Message::Paid | Message::NotPaid => {}
            Message::Typed(character) => self.push(character),
            Message::Touched(letter) => {
                let begins = self
                    .name
                    .chars()
                    .next_back()
                    .is_none_or(|c| !c.is_alphanumeric());
                let letter = if begins {
                    letter.to_ascii_uppercase()
                } else {
                    letter.to_ascii_lowercase()
                };
                self.push(letter);
            }
            Message::Backspace => {
                self.name.pop();
            }
            Message::Confirmed => self.confirm(now),
            Message::Back => return Action::Leave,
        }

        Action::None
    }

    fn push(&mut self, character: char) {
        let is_leading_space = self.name.is_empty() && character.is_whitespace();
        if !character.is_control() && !is_leading_space && self.name.chars().count() < LONGEST {
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

    /// Takes in what the cashier did while the question stands, so long after it came up.
    fn answer(&mut self, message: Message, after: Duration) -> Action {
        let paid = match message {
            Message::Back => {
                self.asked_at = None;

                return Action::None;
            }
            Message::Paid => true,
            Message::NotPaid => false,
            Message::Opened
            | Message::Typed(_)
            | Message::Touched(_)
            | Message::Backspace
            | Message::Confirmed => return Action::None,
        };
        if after < TIME_TO_READ {
            return Action::None;
        }

        Action::Close {
            by: self.name.clone(),
            paid,
        }
    }

    /// What a key means here: what it means elsewhere does not count while a name is typed.
    pub fn key(&self, stroke: &Stroke) -> Option<Message> {
        if self.is_asking() {
            let answer = ANSWERS.into_iter().find(|answer| answer.key.is(stroke))?;

            return Some(answer.message);
        }
        match stroke {
            Stroke::Named(key::Named::Enter) => Some(Message::Confirmed),
            Stroke::Named(key::Named::Escape) => Some(Message::Back),
            Stroke::Named(key::Named::Backspace) => Some(Message::Backspace),
            Stroke::Named(_) | Stroke::Inert => None,
            Stroke::Text { text, .. } => text.chars().next().map(Message::Typed),
        }
    }
}

#[cfg(test)]
mod tests {
    use iced::keyboard::Key;

    use super::*;

    const START: Moment = Moment::after_start(Duration::ZERO);
    /// The question has stood long enough to be read.
    const READ: Moment = Moment::after_start(TIME_TO_READ);

    fn enter(panel: &mut ByHand, message: Message) {
        assert_eq!(panel.update(message, START), Action::None);
    }

    fn type_in(panel: &mut ByHand, text: &str) {
        for character in text.chars() {
            enter(panel, Message::Typed(character));
        }
    }

    /// A panel that asks whether it was paid.
    fn asking(name: &str) -> ByHand {
        let mut panel = ByHand::new(Some(name));
        enter(&mut panel, Message::Confirmed);
        assert!(panel.is_asking());

        panel
    }

    /// Presses a key on the panel at `now`.
    fn press(panel: &mut ByHand, key: &Stroke, now: Moment) -> Action {
        match panel.key(key) {
            Some(message) => panel.update(message, now),
            None => Action::None,
        }
    }

    fn character(text: &str) -> Stroke {
        Key::Character(text.into()).into()
    }

    fn close(by: &str, paid: bool) -> Action {
        Action::Close {
            by: by.to_owned(),
            paid,
        }
    }

    #[test]
    fn missing_name_keeps_the_first_step() {
        let mut panel = ByHand::new(None);
        enter(&mut panel, Message::Confirmed);
        assert!(panel.name_is_missing() && !panel.is_asking());
        type_in(&mut panel, "   ");
        enter(&mut panel, Message::Confirmed);
        assert!(panel.name_is_missing() && !panel.is_asking());
    }

    #[test]
    fn confirmed_name_asks_whether_it_was_paid() {
        let mut panel = ByHand::new(None);
        type_in(&mut panel, " Aroha ");
        assert!(!panel.is_asking());
        enter(&mut panel, Message::Confirmed);
        assert!(panel.is_asking() && !panel.name_is_missing());
        assert_eq!(panel.name(), "Aroha");
    }

    #[test]
    fn proposed_name_can_be_replaced() {
        let mut panel = ByHand::new(Some(" Mere "));
        assert_eq!(panel.name(), "Mere");
        for _ in 0..10 {
            enter(&mut panel, Message::Backspace);
        }
        type_in(&mut panel, "Hāna");
        enter(&mut panel, Message::Confirmed);
        assert_eq!(panel.update(Message::Paid, READ), close("Hāna", true));
    }

    #[test]
    fn name_is_limited_and_has_no_control_characters() {
        let mut panel = ByHand::new(Some(&"ā".repeat(60)));
        assert_eq!(panel.name().chars().count(), 40);
        enter(&mut panel, Message::Backspace);
        enter(&mut panel, Message::Typed('\u{7}'));
        assert_eq!(panel.name().chars().count(), 39);
    }

    #[test]
    fn touched_letters_are_capitalised_as_a_name() {
        let mut panel = ByHand::new(None);
        for letter in "ANNE-MARIE KING".chars() {
            enter(&mut panel, Message::Touched(letter));
        }
        assert_eq!(panel.name(), "Anne-Marie King");
    }

    #[test]
    fn keys_enter_the_name_in_the_first_step() {
        let panel = ByHand::new(None);
        assert_eq!(panel.key(&character("r")), Some(Message::Typed('r')));
        assert_eq!(panel.key(&character("p")), Some(Message::Typed('p')));
        assert_eq!(panel.key(&character("N")), Some(Message::Typed('N')));
        let named = |named| panel.key(&Key::Named(named).into());
        assert_eq!(named(key::Named::Space), Some(Message::Typed(' ')));
        assert_eq!(named(key::Named::Enter), Some(Message::Confirmed));
        assert_eq!(named(key::Named::Escape), Some(Message::Back));
        assert_eq!(named(key::Named::Backspace), Some(Message::Backspace));
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
            assert_eq!(press(&mut panel, key, READ), Action::None, "{key:?}");
        }
        assert_eq!(panel, asking("Aroha"));
        // The button of the first step, and letters that were on their way.
        for message in [Message::Confirmed, Message::Typed('p'), Message::Opened] {
            assert_eq!(panel.update(message, READ), Action::None);
        }
        assert_eq!(panel, asking("Aroha"));
    }

    #[test]
    fn answer_within_700_ms_is_ignored() {
        let mut panel = asking("Aroha");
        let early = Moment::after_start(Duration::from_millis(699));
        for message in [Message::Paid, Message::NotPaid] {
            assert_eq!(panel.update(message, early), Action::None);
        }
        assert_eq!(panel.update(Message::Paid, READ), close("Aroha", true));
    }

    #[test]
    fn escape_goes_back_step_by_step() {
        let escape = Stroke::Named(key::Named::Escape);
        let mut panel = asking("Aroha");
        assert_eq!(press(&mut panel, &escape, START), Action::None);
        assert!(!panel.is_asking());
        assert_eq!(panel.name(), "Aroha");
        assert_eq!(press(&mut panel, &escape, START), Action::Leave);
    }

    #[test]
    fn answers_count_only_while_asked() {
        let mut panel = ByHand::new(Some("Aroha"));
        for message in [Message::Paid, Message::NotPaid] {
            assert_eq!(panel.update(message, READ), Action::None);
        }
        assert_eq!(panel, ByHand::new(Some("Aroha")));
    }
}
