//! The journal as a list of rows, without SQLite. It reads and changes the same columns as
//! `src/journal/write.rs`, `src/journal/recall.rs` and the schema.

use std::time::Duration;

use patron_display::domain::order::Order;
use patron_display::domain::outcome;
use patron_display::sale::{
    AttemptKey, Earlier, Ending, HandedOver, JournaledSale, Known, Mark, Progress, Recollection,
    Record, Standing, Void,
};

use super::machine::Claim;
use super::server;
use super::till::{Desk, HANDOVER, Name, Shop, Tag, order, rules};

/// The rows on disk, oldest first.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub(crate) struct Disk {
    rows: Vec<Row>,
}

/// The journal's row of one attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Row {
    pub(crate) tag: Tag,
    phase: Phase,
    pub(crate) request: Option<Tag>,
    /// Whether a customer can pay the request: its code was shown, or it was created with the customer's code.
    pub(crate) payable: bool,
    shown: bool,
    void: Option<bool>,
    outcome: Option<Outcome>,
    /// Whether the platform has said that the request is over and that money came in.
    was_paid: bool,
    /// Whether the platform reported money before the attempt ended.
    had_money: bool,
    pub(crate) late: bool,
    acknowledged: bool,
    /// Whether staff closed the attempt as paid or as not paid, if they closed it.
    pub(crate) closed_as_paid: Option<bool>,
    /// Whether the current hand-over created or resumed the attempt.
    handed_over: bool,
    pub(crate) closed: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Phase {
    Intended,
    Created,
    Shown,
    Voiding,
    Unknown,
    Settled,
}

/// The kind of an ending.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Outcome {
    Paid,
    PartPaid,
    Expired,
    Cancelled,
    /// Cancelled without the platform's confirmation. Only an attempt whose code was never shown may end so.
    Dropped,
    RefundStarted,
    Unknown,
    Rejected,
    Unreachable,
}

/// A record on its way to the disk. It has only the fields that matter to the model.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Entry {
    name: Name,
    note: Note,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Note {
    Intent {
        tag: Tag,
        payable: bool,
    },
    TakenUp,
    Created(Tag),
    Shown,
    Voiding(Tag),
    VoidAnswered,
    Money,
    Verdict {
        outcome: Outcome,
        late: bool,
        /// Whether the verdict is "unknown" and its evidence has the result of a void.
        voided: bool,
    },
    Acknowledged,
    ClosedByStaff {
        paid: bool,
    },
    Watched {
        closed: bool,
    },
}

/// A reason why the journal refuses a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NotWritten {
    NoAttempt,
    SecondCode,
    /// The row of another attempt has this request already.
    KnownRequest,
}

impl From<&Ending> for Outcome {
    fn from(ending: &Ending) -> Self {
        match ending {
            Ending::Paid { .. } => Self::Paid,
            Ending::Expired => Self::Expired,
            Ending::Cancelled { reason: Some(_) } => Self::Cancelled,
            Ending::Cancelled { reason: None } => Self::Dropped,
            Ending::RefundStarted => Self::RefundStarted,
            Ending::Unknown { .. } => Self::Unknown,
            Ending::Rejected(_) => Self::Rejected,
            Ending::Unreachable(_) => Self::Unreachable,
            Ending::PartPaid { .. } => Self::PartPaid,
        }
    }
}

/// An outcome that the till is told does not say who cancelled.
impl From<outcome::Outcome> for Outcome {
    fn from(told: outcome::Outcome) -> Self {
        match told {
            outcome::Outcome::Paid => Self::Paid,
            outcome::Outcome::PartPaid => Self::PartPaid,
            outcome::Outcome::Expired => Self::Expired,
            outcome::Outcome::Cancelled => Self::Cancelled,
            outcome::Outcome::RefundStarted => Self::RefundStarted,
            outcome::Outcome::Unknown => Self::Unknown,
            outcome::Outcome::Rejected => Self::Rejected,
            outcome::Outcome::Unreachable => Self::Unreachable,
        }
    }
}

impl Outcome {
    pub(crate) fn is_payment(self) -> bool {
        matches!(self, Self::Paid | Self::PartPaid)
    }

    fn unpaid(self) -> Option<outcome::Outcome> {
        match self {
            Self::Expired => Some(outcome::Outcome::Expired),
            Self::Cancelled | Self::Dropped => Some(outcome::Outcome::Cancelled),
            Self::Rejected => Some(outcome::Outcome::Rejected),
            Self::Unreachable => Some(outcome::Outcome::Unreachable),
            Self::Unknown => Some(outcome::Outcome::Unknown),
            Self::Paid | Self::PartPaid | Self::RefundStarted => None,
        }
    }

    fn is_money(self) -> bool {
        self.is_payment() || self == Self::RefundStarted
    }
}

impl Entry {
    /// Converts a record. Returns `None` for a record that only informs people and changes no column.
    pub(crate) fn of(key: &AttemptKey, record: &Record, desk: Desk) -> Option<Self> {
        let note = match record {
            Record::Intent { request, .. } => Note::Intent {
                tag: Tag::of_reference(&request.external_ref, desk),
                payable: request.barcode.is_some(),
            },
            Record::TakenUp { .. } => Note::TakenUp,
            Record::Created { id, .. } => Note::Created(Tag::of_id(id.as_str())),
            Record::Shown => Note::Shown,
            Record::Voiding { id } => Note::Voiding(Tag::of_id(id.as_str())),
            Record::Progress(Progress::Voided(_)) => Note::VoidAnswered,
            Record::Progress(Progress::PartPayment(_) | Progress::Money) => Note::Money,
            Record::Progress(_) => return None,
            Record::Verdict { ending, late } => Note::Verdict {
                outcome: ending.into(),
                late: *late,
                voided: matches!(
                    ending,
                    Ending::Unknown { evidence } if evidence.has_void_result()
                ),
            },
            Record::Acknowledged => Note::Acknowledged,
            Record::ClosedByStaff { paid, .. } => Note::ClosedByStaff { paid: *paid },
            Record::Watched { closed } => Note::Watched { closed: *closed },
        };

        Some(Self {
            name: key.into(),
            note,
        })
    }

    /// Returns the attempt, if staff close it as paid with this record.
    pub(crate) fn closes_as_paid(self) -> Option<Name> {
        (self.note == Note::ClosedByStaff { paid: true }).then_some(self.name)
    }

    pub(crate) fn mark(self) -> Mark {
        match self.note {
            Note::Intent { .. } => Mark::Intent,
            Note::Created(_) => Mark::Created,
            Note::Shown => Mark::Shown,
            Note::Voiding(_) => Mark::Voiding,
            Note::VoidAnswered | Note::Money | Note::TakenUp => Mark::Progress,
            Note::Verdict { .. } => Mark::Verdict,
            Note::Acknowledged | Note::ClosedByStaff { .. } => Mark::Acknowledged,
            Note::Watched { .. } => Mark::Watched,
        }
    }
}

impl Row {
    fn intended(tag: Tag, payable: bool) -> Self {
        Self {
            tag,
            phase: Phase::Intended,
            request: None,
            payable,
            shown: false,
            void: None,
            outcome: None,
            was_paid: false,
            had_money: false,
            late: false,
            acknowledged: false,
            closed_as_paid: None,
            handed_over: true,
            closed: false,
        }
    }

    /// Whether the index `attempt_payable` contains this row.
    fn is_payable_and_unsettled(&self) -> bool {
        self.payable
            && self.closed_as_paid.is_none()
            && self.phase != Phase::Settled
            && self
                .outcome
                .is_none_or(|outcome| outcome == Outcome::Unknown)
            && !self.was_paid
    }

    /// Whether the latest verdict is unknown.
    pub(crate) fn is_unknown(&self) -> bool {
        self.phase == Phase::Unknown
    }

    pub(crate) fn outcome(&self) -> Option<Outcome> {
        self.outcome.filter(|_| self.phase == Phase::Settled)
    }

    fn note(&mut self, note: Note) {
        match note {
            Note::Intent { .. } => {}
            Note::TakenUp => self.handed_over = true,
            Note::Money => self.had_money = true,
            Note::Created(request) => {
                self.phase = Phase::Created;
                self.request = Some(request);
            }
            Note::Shown => {
                self.phase = Phase::Shown;
                self.shown = true;
                self.payable = true;
            }
            Note::Voiding(request) => {
                self.phase = Phase::Voiding;
                self.request = Some(request);
                self.void = Some(false);
                self.closed = false;
            }
            Note::VoidAnswered => self.void = Some(true),
            Note::Verdict {
                outcome,
                late,
                voided,
            } => {
                if voided {
                    self.void = self.void.or(Some(false));
                }
                self.phase = match outcome {
                    Outcome::Unknown => Phase::Unknown,
                    _ => Phase::Settled,
                };
                self.outcome = Some(outcome);
                self.was_paid |= outcome.is_payment();
                self.late = late;
                self.acknowledged = false;
                self.closed = self.is_closed_by(outcome);
            }
            Note::Acknowledged => {
                self.acknowledged = self.phase == Phase::Settled;
                self.closed = self.acknowledged;
            }
            Note::ClosedByStaff { paid } => {
                self.phase = Phase::Settled;
                self.outcome = Some(match paid {
                    true => Outcome::Paid,
                    false => Outcome::Unknown,
                });
                self.closed_as_paid = Some(paid);
                self.late = false;
                self.acknowledged = true;
                self.closed = paid;
            }
            Note::Watched { closed } => self.closed = closed,
        }
    }

    /// Whether this ending closes the attempt, because no payment can follow. If the merchant has an account, an
    /// attempt without a request stays open: its create may have taken effect, and the display looks it up.
    fn is_closed_by(&self, outcome: Outcome) -> bool {
        let without_money = !outcome.is_money() && outcome != Outcome::Unknown;
        let may_be_forgotten = self.request.is_some() || !self.tag.shop.has_account();

        (outcome == Outcome::Rejected && self.request.is_none())
            || (without_money && !self.payable && may_be_forgotten)
    }

    fn standing(&self) -> Standing {
        let void = match self.void {
            None if self.phase == Phase::Unknown && self.request.is_some() && !self.payable => {
                Void::Unanswered
            }
            None => Void::NotSent,
            Some(true) => Void::Answered,
            Some(false) => Void::Unanswered,
        };
        let ended = |ending| Standing::Ended {
            ending,
            late: self.late,
            acknowledged: self.acknowledged,
        };
        match (self.phase, self.outcome) {
            (Phase::Intended, _) if !self.payable => Standing::Intended,
            (Phase::Created | Phase::Voiding, _) if !self.payable => Standing::Created(void),
            (Phase::Settled, Some(Outcome::Paid)) => ended(Ending::Paid {
                by: Vec::new(),
                kept: false,
            }),
            (Phase::Settled, Some(Outcome::PartPaid)) => ended(Ending::PartPaid {
                by: Vec::new(),
                remaining: server::remaining(),
            }),
            (Phase::Settled, Some(Outcome::RefundStarted)) => ended(Ending::RefundStarted),
            (Phase::Settled, _) => Standing::Watched(void),
            _ => Standing::Payable(void),
        }
    }

    fn earlier(&self, is_over: bool) -> Earlier {
        Earlier {
            order: Order {
                handover: self.handed_over.then(|| HANDOVER.to_owned()),
                ..order(self.tag.shop, self.tag.desk)
            },
            attempt: u32::from(self.tag.attempt),
            base_url: rules().base_url.to_string(),
            request: self.request.map(|tag| Known {
                id: server::id(tag),
                short_code: None,
                payload: server::url(tag),
                time_left: Duration::ZERO,
            }),
            age: None,
            is_over,
            closed_by: self.closed_as_paid.map(|_| "Ana".to_owned()),
            had_money: self.was_paid || self.had_money,
            unpaid: self.outcome().and_then(Outcome::unpaid),
            settled_at: None,
            patron_presented: self.payable && !self.shown,
            standing: self.standing(),
        }
    }
}

impl Disk {
    pub(crate) fn rows(&self) -> &[Row] {
        &self.rows
    }

    pub(crate) fn row(&self, tag: Tag) -> Option<&Row> {
        self.rows.iter().rfind(|row| row.tag == tag)
    }

    pub(crate) fn named(&self, name: Name) -> Option<&Row> {
        self.rows.iter().rfind(|row| row.tag.name() == name)
    }

    /// Starts another hand-over. All existing rows now belong to an earlier hand-over.
    pub(crate) fn begin_handover(&mut self) {
        for row in &mut self.rows {
            row.handed_over = false;
        }
    }

    /// Returns what the journal tells a till whose display died during this sale.
    pub(crate) fn handed_over(&self, shop: Shop, desk: Desk, any_terms: bool) -> HandedOver {
        let attempts = self
            .rows
            .iter()
            .filter(|row| row.tag.shop.reference() == shop.reference())
            .map(|row| row.earlier(false))
            .collect();
        let (order, rules) = (order(shop, desk), rules());

        HandedOver::sort(
            attempts,
            HANDOVER,
            (!any_terms).then_some((&order, rules.base_url.as_str(), Duration::MAX)),
        )
    }

    /// Returns the rows of each reference, oldest first.
    pub(crate) fn sales(&self) -> Vec<Vec<Row>> {
        let mut sales: Vec<Vec<Row>> = Vec::new();
        for row in &self.rows {
            let row = Row {
                handed_over: false,
                ..*row
            };
            let reference = row.tag.shop.reference();
            match sales
                .iter_mut()
                .find(|rows| rows[0].tag.shop.reference() == reference)
            {
                Some(rows) => rows.push(row),
                None => sales.push(vec![row]),
            }
        }

        sales
    }

    /// Returns what the journal says of the newest sale among the rows of a reference.
    pub(crate) fn says(rows: &[Row]) -> Claim {
        let attempts = rows.iter().map(|row| row.earlier(false)).collect();
        let sale = JournaledSale::newest(attempts, Duration::MAX).unwrap();
        let word = sale.outcome();

        Claim::Journal {
            shop: Shop::of(&word.attempt.unwrap().order),
            outcome: word.outcome.into(),
        }
    }

    /// Writes one record.
    ///
    /// # Errors
    ///
    /// If the journal does not have this attempt, if another attempt has the request, or if the index refuses a
    /// second payable and unsettled attempt.
    pub(crate) fn write(&mut self, entry: Entry, indexed: bool) -> Result<(), NotWritten> {
        if let Note::Intent { tag, payable } = entry.note {
            self.rows.push(Row::intended(tag, payable));
            if indexed && self.payable_and_unsettled() > 1 {
                self.rows.pop();

                return Err(NotWritten::SecondCode);
            }

            return Ok(());
        }
        let named = |row: &Row| row.tag.name() == entry.name;
        let Some(place) = self.rows.iter().rposition(named) else {
            return Err(NotWritten::NoAttempt);
        };
        let before = self.rows[place];
        if let Note::Created(request) | Note::Voiding(request) = entry.note
            && before.request != Some(request)
            && self.rows.iter().any(|row| row.request == Some(request))
        {
            return Err(NotWritten::KnownRequest);
        }
        self.rows[place].note(entry.note);
        if indexed && self.payable_and_unsettled() > 1 {
            self.rows[place] = before;

            return Err(NotWritten::SecondCode);
        }

        Ok(())
    }

    fn payable_and_unsettled(&self) -> usize {
        let open = self.rows.iter();

        open.filter(|row| row.is_payable_and_unsettled()).count()
    }

    /// Returns what a launch reads. If `is_over`, the time to pay has passed for every open request.
    pub(crate) fn recall(&self, sale: Option<&str>, is_over: bool) -> Recollection {
        let asked = |row: &&Row| Some(row.tag.shop.reference()) == sale;
        let matters = |row: &&Row| {
            !row.closed || (asked(row) && row.outcome.is_some_and(Outcome::is_payment))
        };
        let attempts = self.rows.iter().filter(asked).map(|row| row.tag.attempt);

        Recollection {
            taken: Vec::new(),
            attempts: attempts.max().map_or(0, u32::from),
            open: self
                .rows
                .iter()
                .filter(matters)
                .map(|row| row.earlier(is_over))
                .collect(),
        }
    }

    /// Whether it matters to a launch how much time has passed: an open attempt has no request yet.
    pub(crate) fn has_intents(&self) -> bool {
        self.rows
            .iter()
            .any(|row| !row.closed && row.request.is_none())
    }
}
