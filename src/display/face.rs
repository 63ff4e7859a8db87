//! A screen that gives way to another one is painted anew, all of it.
//!
//! The renderer repaints what differs from the frame before, and was seen to leave something out
//! where one screen followed another: the upper half of an amount, when the panel for a name came
//! up. It paints everything when the window's ground has changed, so that is changed by less than
//! the eye, or the picture, can hold.

use std::mem::{Discriminant, discriminant};

use iced::Color;

use crate::sale::{Sale, State};

/// Less than half a step of a colour of eight bits.
const INVISIBLE: f32 = 0.000_5;

/// Which screen stands there, as far as it takes another's place.
#[derive(Debug, Default)]
pub(super) struct Face {
    shown: Option<(Discriminant<State>, &'static str, bool, bool)>,
    odd: bool,
}

impl Face {
    /// Looks at what is to be shown now.
    pub(super) fn look_at(&mut self, sale: &Sale, by_hand: bool) {
        let ending = match sale.state() {
            State::Ended(ended) => ended.ending().name(),
            _ => "",
        };
        let shown = Some((
            discriminant(sale.state()),
            ending,
            by_hand,
            sale.is_about_an_earlier_sale(),
        ));
        if self.shown != shown {
            self.shown = shown;
            self.odd = !self.odd;
        }
    }

    /// The ground of the window for this screen.
    pub(super) fn tint(&self, ground: Color) -> Color {
        Color {
            b: ground.b - if self.odd { INVISIBLE } else { 0.0 },
            ..ground
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use url::Url;

    use super::*;
    use crate::config::QrContent;
    use crate::sale::{Rules, Timing};

    #[test]
    fn another_screen_has_another_ground_that_looks_the_same() {
        let rules = Rules {
            base_url: Url::parse("https://service.centrapay.com").expect("a url"),
            pay_hosts: Vec::new(),
            content: QrContent::PaymentUrl,
        };
        let timing = Timing {
            close_after: Duration::from_secs(8),
            leave_after: None,
            counters: 1,
        };
        let sale = Sale::new(rules, timing);
        let mut face = Face::default();
        face.look_at(&sale, false);
        let ground = face.tint(Color::WHITE);
        face.look_at(&sale, false);
        assert_eq!(face.tint(Color::WHITE), ground, "nothing has changed");
        face.look_at(&sale, true);
        let other = face.tint(Color::WHITE);
        assert_ne!(other, ground);
        assert_eq!(other.into_rgba8(), ground.into_rgba8());
    }
}
