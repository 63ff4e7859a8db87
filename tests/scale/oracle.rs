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

#[cfg(test)]
mod tests {
    use patron_display::money::{Amount, Currency};
    use patron_display::sale::NewRequest;

    use super::*;
    use crate::platform::Call;

    const NOW: Duration = Duration::from_secs(10);

    /// Requests R0, R1 … under these references.
    fn platform(references: &[&str]) -> Platform {
        let mut platform = Platform::new(200);
        for reference in references {
            let request = NewRequest {
                base_url: String::new(),
                config_id: String::new(),
                amount: Amount::from_minor(1250, Currency::NZD),
                external_ref: (*reference).to_owned(),
                expiry_seconds: 120,
                operator: None,
                particulars: Default::default(),
                barcode: None,
            };
            platform.answer(Call::Create(request), Duration::ZERO);
        }

        platform
    }

    fn told(outcome: &'static str, platform: &mut Platform) -> Oracle {
        let mut oracle = Oracle::default();
        let announcement = Announcement::Ended {
            attempt: 1,
            id: Some("R0".to_owned()),
            outcome,
            repeated: None,
        };
        oracle.hear(&announcement, platform, NOW);

        oracle
    }

    #[test]
    fn paid_is_a_lie_of_what_is_not_paid_and_so_is_an_ending_of_what_can_be_paid() {
        for outcome in ["paid", "expired", "cancelled", "refund-started"] {
            let mut platform = platform(&["A"]);
            let oracle = told(outcome, &mut platform);
            assert!(
                matches!(oracle.look_back(&platform, &[]), Err(Lie::Told { .. })),
                "{outcome}"
            );
        }
    }

    #[test]
    fn a_payment_that_was_told_is_none_and_one_that_nobody_was_told_of_is_forgotten() {
        let mut platform = platform(&["A"]);
        platform.pay(0, NOW);
        assert_eq!(
            told("paid", &mut platform).look_back(&platform, &[]),
            Ok(())
        );
        let silent = Oracle::default();
        assert_eq!(silent.look_back(&platform, &[]), Err(Lie::Forgotten(0)));
    }

    #[test]
    fn two_paid_attempts_at_one_sale_are_a_double_charge_and_two_sales_are_not() {
        for (references, twice) in [(["A", "A-2"], true), (["A", "B"], false)] {
            let mut platform = platform(&references);
            let oracle = Oracle {
                told_paid: HashSet::from([0, 1]),
                lie: None,
            };
            platform.pay(0, NOW);
            platform.pay(1, NOW);
            let found = oracle.look_back(&platform, &[]);
            assert_eq!(found == Err(Lie::ChargedTwice("A".to_owned())), twice);
        }
    }
}
