//! The journal of a display, with the sales that later launches still check.
//!
//! In this simulation no program is killed, and every cashier waits for the ending. So launches check only
//! sales that ended without money, for 24 hours. All displays share the account's calls for these checks.

use std::time::Duration;

use patron_display::domain::order::Order;
use patron_display::sale::{
    AttemptKey, Earlier, Ending, Known, Progress, Recollection, Record, Standing, Void,
};

/// The number of earlier sales that one launch checks, and the pause between two checks of a sale. Both are
/// as in `src/journal/recall.rs`.
const MOST: usize = 4;
const REST: Duration = Duration::from_secs(60);

/// The attempts that are not closed, oldest first.
#[derive(Default)]
pub(crate) struct Journal {
    rows: Vec<Row>,
}

struct Row {
    key: AttemptKey,
    order: Order,
    base_url: String,
    request: Option<Known>,
    shown: bool,
    void: Void,
    settled_at: Option<Duration>,
    watched_at: Option<Duration>,
}

impl Journal {
    pub(crate) fn write(&mut self, key: AttemptKey, record: Record, now: Duration) {
        if let Record::Intent { order, request } = record {
            self.rows.push(Row {
                key,
                order,
                base_url: request.base_url,
                request: None,
                shown: false,
                void: Void::NotSent,
                settled_at: None,
                watched_at: None,
            });
            return;
        }
        let Some(place) = self.rows.iter().position(|row| row.key == key) else {
            return;
        };
        if self.rows[place].write(record, now) {
            self.rows.remove(place);
        }
    }

    /// Returns what the journal tells the launch of a new sale.
    pub(crate) fn recall(&self, now: Duration) -> Recollection {
        let rested = |row: &&Row| row.watched_at.is_none_or(|at| now - at >= REST);
        let mut watched: Vec<_> = self.rows.iter().filter(rested).collect();
        watched.sort_by_key(|row| row.watched_at.or(row.settled_at));

        Recollection {
            taken: Vec::new(),
            attempts: 0,
            open: watched.into_iter().take(MOST).map(Row::earlier).collect(),
        }
    }
}

impl Row {
    /// Applies the record. Returns whether it closes the attempt.
    fn write(&mut self, record: Record, now: Duration) -> bool {
        match record {
            Record::Created { id, payload, .. } => {
                self.request = Some(Known {
                    id,
                    short_code: None,
                    payload,
                    time_left: Duration::ZERO,
                });
            }
            Record::Shown => self.shown = true,
            Record::Voiding { .. } => self.void = Void::Unanswered,
            Record::Progress(Progress::Voided(_)) => self.void = Void::Answered,
            Record::Verdict { ending, .. } => {
                let is_watched = ending.may_retry() && self.shown;
                self.settled_at = is_watched.then_some(now);

                return !is_watched && !matches!(ending, Ending::Unknown { .. });
            }
            Record::Watched { closed } => {
                self.watched_at = Some(now);

                return closed;
            }
            Record::Acknowledged => return true,
            _ => {}
        }

        false
    }

    fn earlier(&self) -> Earlier {
        assert!(self.settled_at.is_some(), "{:?} was left open", self.key);

        Earlier {
            order: self.order.clone(),
            attempt: self.key.attempt,
            base_url: self.base_url.clone(),
            request: self.request.clone(),
            age: None,
            is_over: true,
            closed_by: None,
            had_money: false,
            unpaid: None,
            settled_at: None,
            patron_presented: false,
            standing: Standing::Watched(self.void),
        }
    }
}
