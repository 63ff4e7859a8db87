//! What the displays say, held against what is so at the platform.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use patron_display::sale::Announcement;

use crate::display::Display;
use crate::platform::{Platform, Word, number};

/// The first thing that was told and was not so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Lie {
    /// This was said of a request that stood otherwise.
    Told {
        outcome: String,
        request: usize,
        word: Word,
        charged: bool,
    },
    /// A customer has paid one sale by two requests.
    ChargedTwice(String),
    /// A customer has paid, nobody was told, and nobody looks.
    Forgotten(usize),
}

#[derive(Default)]
pub(crate) struct Oracle {
    told_paid: HashSet<usize>,
    lie: Option<Lie>,
}

impl Oracle {
    /// Something is told at `now`.
    pub(crate) fn hear(&mut self, told: &Announcement, platform: &mut Platform, now: Duration) {
        let Announcement::Ended {
            id: Some(id),
            outcome,
            ..
        } = told
        else {
            return;
        };
        let place = number(id);
        let request = platform.request(place, now);
        let charged = request.is_charged();
        let holds = match *outcome {
            "paid" => charged,
            "refund-started" => request.refunded,
            "expired" | "cancelled" => request.paid_at.is_none() && request.word != Word::New,
            // It claims nothing.
            "unknown" => true,
            // Nothing here is refused for good, and the platform can always be reached.
            _ => false,
        };
        if *outcome == "paid" {
            self.told_paid.insert(place);
        }
        if !holds && self.lie.is_none() {
            self.lie = Some(Lie::Told {
                outcome: (*outcome).to_owned(),
                request: place,
                word: request.word,
                charged,
            });
        }
    }

    /// What holds at the end of the day: nobody was told a falsehood, nobody has paid twice, and who
    /// has paid was told so or is still looked after.
    ///
    /// # Errors
    /// The first that does not hold.
    pub(crate) fn look_back(self, platform: &Platform, displays: &[Display]) -> Result<(), Lie> {
        if let Some(lie) = self.lie {
            return Err(lie);
        }
        let followed: HashSet<_> = displays
            .iter()
            .filter_map(|display| Some(number(display.follows()?.id.as_str())))
            .collect();
        let mut paid_by: HashMap<&str, usize> = HashMap::new();
        let charged = platform.requests.iter().enumerate();
        for (place, request) in charged.filter(|(_, request)| request.is_charged()) {
            if paid_by.insert(request.sale(), place).is_some() {
                return Err(Lie::ChargedTwice(request.sale().to_owned()));
            }
            if !self.told_paid.contains(&place) && !followed.contains(&place) {
                return Err(Lie::Forgotten(place));
            }
        }

        Ok(())
    }
}
