//! Compares what the displays announce with the true state at the platform.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use patron_display::domain::outcome::Outcome;
use patron_display::sale::Announcement;

use crate::scale::display::Display;
use crate::scale::platform::{Platform, Word, number};

/// A broken promise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Lie {
    /// The announced outcome did not match the payment request.
    Told {
        outcome: Outcome,
        request: usize,
        word: Word,
        charged: bool,
    },
    /// A customer paid this sale twice.
    ChargedTwice(String),
    /// A customer paid this request, but the till was not told, and no display checks the request any more.
    Forgotten(usize),
}

#[derive(Default)]
pub(crate) struct Oracle {
    told_paid: HashSet<usize>,
    lie: Option<Lie>,
}

impl Oracle {
    /// Checks an announcement that was made at `now`.
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
            Outcome::Paid => charged,
            Outcome::RefundStarted => request.refunded,
            Outcome::Expired | Outcome::Cancelled => {
                request.paid_at.is_none() && request.word != Word::New
            }
            Outcome::Unknown => true,
            // In this simulation the platform is always reachable and never rejects a sale for good.
            _ => false,
        };
        if *outcome == Outcome::Paid {
            self.told_paid.insert(place);
        }
        if !holds && self.lie.is_none() {
            self.lie = Some(Lie::Told {
                outcome: *outcome,
                request: place,
                word: request.word,
                charged,
            });
        }
    }

    /// Checks the whole day: no announcement was false, no customer was charged twice, and every payment was
    /// announced or is still being checked.
    ///
    /// # Errors
    /// The first broken promise.
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
    use patron_display::domain::money::{Amount, Currency};
    use patron_display::sale::NewRequest;

    use super::*;
    use crate::scale::platform::Call;

    const NOW: Duration = Duration::from_secs(10);

    /// Creates a platform whose requests R0, R1 … have these references.
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

    fn told(outcome: Outcome, platform: &mut Platform) -> Oracle {
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
    fn false_outcome_is_found() {
        for outcome in [
            Outcome::Paid,
            Outcome::Expired,
            Outcome::Cancelled,
            Outcome::RefundStarted,
        ] {
            let mut platform = platform(&["A"]);
            let oracle = told(outcome, &mut platform);
            assert!(
                matches!(oracle.look_back(&platform, &[]), Err(Lie::Told { .. })),
                "{outcome:?}"
            );
        }
    }

    #[test]
    fn unreported_payment_is_found() {
        let mut platform = platform(&["A"]);
        platform.pay(0, NOW);
        assert_eq!(
            told(Outcome::Paid, &mut platform).look_back(&platform, &[]),
            Ok(())
        );
        let silent = Oracle::default();
        assert_eq!(silent.look_back(&platform, &[]), Err(Lie::Forgotten(0)));
    }

    #[test]
    fn double_charge_is_found() {
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
