//! An unknown outcome is settled by hand: the cashier gives a name, by touch or by keyboard, and
//! answers for it.

use iced::keyboard::{Key, key};

/// The longest name.
const LONGEST: usize = 40;

/// The name that has been entered so far.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ByHand {
    name: String,
    /// It was confirmed without a name.
    name_is_missing: bool,
}

/// What the cashier did.
#[derive(Debug, Clone, PartialEq, Eq)]
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
    /// Back to the other choices.
    Left,
}

/// What the panel asks of whoever owns it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// Nothing.
    None,
    /// Settle it: this person answers for it.
    Settle(String),
    /// Go back to the other choices.
    Leave,
}

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

    /// Takes in what the cashier did.
    pub fn update(&mut self, message: Message) -> Action {
        self.name_is_missing = false;
        match message {
            Message::Opened => {}
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
            Message::Confirmed => return self.confirm(),
            Message::Left => return Action::Leave,
        }

        Action::None
    }

    fn push(&mut self, character: char) {
        let is_leading_space = self.name.is_empty() && character.is_whitespace();
        if !character.is_control() && !is_leading_space && self.name.chars().count() < LONGEST {
            self.name.push(character);
        }
    }

    fn confirm(&mut self) -> Action {
        let name = self.name.trim();
        if name.is_empty() {
            self.name_is_missing = true;

            return Action::None;
        }

        Action::Settle(name.to_owned())
    }

    /// What a key means here: what it means elsewhere does not count while a name is typed.
    pub fn key(&self, key: &Key) -> Option<Message> {
        match key {
            Key::Named(key::Named::Enter) => Some(Message::Confirmed),
            Key::Named(key::Named::Escape) => Some(Message::Left),
            Key::Named(key::Named::Backspace) => Some(Message::Backspace),
            Key::Named(key::Named::Space) => Some(Message::Typed(' ')),
            Key::Named(_) | Key::Unidentified => None,
            Key::Character(character) => character.chars().next().map(Message::Typed),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(panel: &mut ByHand, text: &str) {
        for character in text.chars() {
            assert_eq!(panel.update(Message::Typed(character)), Action::None);
        }
    }

    #[test]
    fn a_name_is_required() {
        let mut panel = ByHand::new(None);
        assert_eq!(panel.update(Message::Confirmed), Action::None);
        assert!(panel.name_is_missing());
        typed(&mut panel, "   ");
        assert_eq!(panel.update(Message::Confirmed), Action::None);
        typed(&mut panel, " Aroha ");
        assert!(!panel.name_is_missing());
        assert_eq!(
            panel.update(Message::Confirmed),
            Action::Settle("Aroha".to_owned())
        );
    }

    #[test]
    fn whoever_is_selling_is_proposed_and_can_be_replaced() {
        let mut panel = ByHand::new(Some(" Mere "));
        assert_eq!(panel.name(), "Mere");
        for _ in 0..10 {
            panel.update(Message::Backspace);
        }
        typed(&mut panel, "Hāna");
        assert_eq!(
            panel.update(Message::Confirmed),
            Action::Settle("Hāna".to_owned())
        );
    }

    #[test]
    fn a_name_has_forty_characters_at_most_and_none_that_steer() {
        let mut panel = ByHand::new(Some(&"ā".repeat(60)));
        assert_eq!(panel.name().chars().count(), 40);
        panel.update(Message::Backspace);
        panel.update(Message::Typed('\u{7}'));
        assert_eq!(panel.name().chars().count(), 39);
    }

    #[test]
    fn letters_that_are_touched_are_written_as_names_are() {
        let mut panel = ByHand::new(None);
        for letter in "ANNE-MARIE KING".chars() {
            panel.update(Message::Touched(letter));
        }
        assert_eq!(panel.name(), "Anne-Marie King");
    }

    #[test]
    fn every_key_has_its_meaning_here_and_no_other() {
        let panel = ByHand::new(None);
        let character = |text: &str| Key::Character(text.into());
        assert_eq!(panel.key(&character("r")), Some(Message::Typed('r')));
        assert_eq!(panel.key(&character("L")), Some(Message::Typed('L')));
        let named = |named| panel.key(&Key::Named(named));
        assert_eq!(named(key::Named::Space), Some(Message::Typed(' ')));
        assert_eq!(named(key::Named::Enter), Some(Message::Confirmed));
        assert_eq!(named(key::Named::Escape), Some(Message::Left));
        assert_eq!(named(key::Named::Backspace), Some(Message::Backspace));
        assert_eq!(named(key::Named::F1), None);
    }
}
