//! Keys that were meant for what stood on the screen before.

use std::time::Duration;

use crate::sale::{Moment, Round, Sale, State};

/// A key before this is not about the ending of an earlier sale that has just come up: it may be
/// the one that launched the sale.
const TIME_TO_NOTICE: Duration = Duration::from_millis(700);
/// Nobody who is typing a name pauses for longer between two keys.
const TYPING_PAUSE: Duration = Duration::from_secs(2);

/// Which keys have to be ignored, and until when.
#[derive(Debug, Default)]
pub(super) struct StrayKeys {
    /// Keys until then are the rest of a name that was being typed when its panel went: they must
    /// not give money back.
    typing_until: Option<Moment>,
    /// Which ending of an earlier sale stands there, and since when.
    to_be_noted: Option<(Round, Moment)>,
}

impl StrayKeys {
    /// The panel for a name was taken away, perhaps under somebody's fingers.
    pub(super) fn panel_went(&mut self, now: Moment) {
        self.typing_until = Some(now.plus(TYPING_PAUSE));
    }

    /// Looks at what is on the screen now.
    pub(super) fn look_at(&mut self, sale: &Sale, now: Moment) {
        let to_be_noted =
            matches!(sale.state(), State::Ended(_)) && sale.is_about_an_earlier_sale();
        self.to_be_noted = match self.to_be_noted {
            _ if !to_be_noted => None,
            Some((round, since)) if round == sale.round() => Some((round, since)),
            _ => Some((sale.round(), now)),
        };
    }

    /// Whether a key that is pressed now is a stray one.
    pub(super) fn is_stray(&mut self, now: Moment) -> bool {
        let typing = self.typing_until.is_some_and(|until| now < until);
        self.typing_until = typing.then(|| now.plus(TYPING_PAUSE));
        let unread = self
            .to_be_noted
            .is_some_and(|(_, since)| now.since(since) < TIME_TO_NOTICE);

        typing || unread
    }
}
