//! The properties that must always hold, and the endings that must be reachable.

use patron_display::sale::{Ended, Ending, State};
use stateright::Property;

use super::disk::{Disk, Outcome};
use super::machine::Claim;
use super::process::Process;
use super::server::Request;
use super::till::{Desk, Name, Shop, Tag};
use super::world::{Counter, DeskState, Message, World};

/// A false statement of a display. A statement is checked when it is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Lie {
    /// The display said "Paid", but the request is not paid.
    NotPaid(Claim),
    /// The display said "Not charged", but the request is paid or can still be paid.
    Charged(Claim),
    /// A code is on the screen, but the journal says that the sale is paid.
    PaidBefore(Tag),
    /// The display said "Refund started", but no refund was made.
    NotRefunded(Claim),
    /// The till was told of a payment, and later something else.
    Contradicted(Claim),
    /// An ending that gives way stays on the screen.
    DoesNotGiveWay,
}

impl Lie {
    /// Checks a code that appears on the screen against the journal.
    pub(crate) fn in_code(disk: &Disk, tag: Tag) -> Option<Self> {
        let mut rows = disk.rows().iter().filter(|row| row.tag.shop == tag.shop);

        rows.any(|row| row.outcome().is_some_and(Outcome::is_payment))
            .then_some(Self::PaidBefore(tag))
    }

    /// Checks a statement of `desk` against the platform.
    ///
    /// A display makes a statement when the platform's answer arrives, so the statement must be true at that
    /// moment. A payment after it is a late payment. Statements by staff are not checked.
    pub(crate) fn in_words(world: &World, desk: Desk, claim: Claim) -> Option<Self> {
        match claim {
            Claim::Ended { name, outcome } => {
                let row = world.desk(desk).disk.named(name);
                let request = row.and_then(|row| world.server.get(row.tag));
                let closed_as_paid = closed_as_paid(world, desk).any(|closed| closed == name);

                Self::in_outcome(request.as_slice(), outcome, closed_as_paid, claim)
            }
            Claim::Outcome { shop, outcome }
            | Claim::LastWord { shop, outcome }
            | Claim::Journal { shop, outcome } => {
                let requests: Vec<_> = of(world, shop, desk).collect();
                let closed_as_paid =
                    closed_as_paid(world, desk).any(|closed| closed.reference == shop.reference());

                Self::in_outcome(&requests, outcome, closed_as_paid, claim)
            }
        }
    }

    /// Checks a statement about a whole sale of `desk` against what its till was told before. An attempt that was not
    /// paid does not contradict the payment of another attempt.
    pub(crate) fn in_memory(world: &World, desk: Desk, claim: Claim) -> Option<Self> {
        let desk = world.desk(desk);
        let (shop, outcome) = match claim {
            Claim::Ended { .. } => return None,
            Claim::Outcome { shop, outcome }
            | Claim::LastWord { shop, outcome }
            | Claim::Journal { shop, outcome } => (shop, outcome),
        };

        (outcome != Outcome::Paid && desk.told_paid.contains(&shop))
            .then_some(Self::Contradicted(claim))
    }

    fn in_outcome(
        requests: &[&Request],
        outcome: Outcome,
        closed_as_paid: bool,
        claim: Claim,
    ) -> Option<Self> {
        let mut requests = requests.iter();
        match outcome {
            Outcome::Paid => (!closed_as_paid
                && !requests.any(|request| request.is_paid_in_full()))
            .then_some(Self::NotPaid(claim)),
            Outcome::PartPaid => {
                (!requests.any(|request| request.charges())).then_some(Self::NotPaid(claim))
            }
            Outcome::RefundStarted => {
                (!requests.any(|request| request.refunded)).then_some(Self::NotRefunded(claim))
            }
            Outcome::Unknown => None,
            Outcome::Expired
            | Outcome::Cancelled
            | Outcome::Dropped
            | Outcome::Rejected
            | Outcome::Unreachable => requests
                .any(|request| request.charges() && !request.late || request.is_payable())
                .then_some(Self::Charged(claim)),
        }
    }
}

/// Returns the attempts that staff closed as paid. The record may be on disk or still in the queue.
fn closed_as_paid(world: &World, desk: Desk) -> impl Iterator<Item = Name> {
    let state = world.desk(desk);
    let rows = state.disk.rows().iter();
    let queue = state.process.iter().flat_map(|process| &process.queue);

    rows.filter(|row| row.closed_as_paid == Some(true))
        .map(|row| row.tag.name())
        .chain(queue.filter_map(|(_, entry)| entry.closes_as_paid()))
}

fn of(world: &World, shop: Shop, desk: Desk) -> impl Iterator<Item = &Request> {
    world
        .server
        .requests()
        .iter()
        .filter(move |request| request.tag.shop == shop && request.tag.desk == desk)
}

/// Returns the endings that are on screens, each with its request.
pub(crate) fn endings(world: &World) -> impl Iterator<Item = (&Ended, Option<Tag>)> {
    world
        .processes()
        .filter_map(|process| match process.state() {
            State::Ended(ended) => {
                let tag = ended
                    .request()
                    .map(|request| Tag::of_id(request.id.as_str()));

                Some((ended, tag))
            }
            _ => None,
        })
}

fn shows(world: &World, wanted: impl Fn(&Ending) -> bool) -> bool {
    endings(world).any(|(ended, _)| wanted(ended.ending()))
}

fn is_closed_by_staff(world: &World, tag: Tag) -> bool {
    world
        .row(tag)
        .is_some_and(|row| row.closed_as_paid.is_some())
}

pub(crate) const ONCE: &str = "a sale is charged at most once";
pub(crate) const TRUE_PAID: &str = "every PAID screen is true";
pub(crate) const TRUE_WORDS: &str = "every statement to the till is true when it is made";
pub(crate) const NOT_CHARGED: &str = "every screen that says not charged is true";
pub(crate) const JOURNALED: &str = "every shown request is open in the journal or closed for good";
pub(crate) const ONE_CODE: &str = "at most one shown code can be paid";
pub(crate) const DURABLE: &str = "a code on the screen is on disk as shown";
pub(crate) const INDEX: &str = "the journal never has to refuse a second code";
pub(crate) const LATE: &str = "a late payment is reported or still looked for";
pub(crate) const JOURNAL_WORD: &str = "the journal's word on a sale is true at any moment";
pub(crate) const PAID: &str = "paid";
pub(crate) const PART_PAID: &str = "paid in part";
pub(crate) const EXPIRED: &str = "expired";
pub(crate) const CANCELLED: &str = "cancelled";
pub(crate) const REFUND_STARTED: &str = "refund started";
pub(crate) const UNKNOWN_THEN_SETTLED: &str = "unknown, then settled";
pub(crate) const THIRD_ATTEMPT: &str = "the code of a third attempt";
pub(crate) const NO_REPEAT: &str = "no reference is used twice";
pub(crate) const OWN: &str = "a counter voids only its own requests";

pub(crate) fn all(counter: &Counter) -> Vec<Property<Counter>> {
    let mut properties = vec![
        Property::always(ONCE, |_, world| charged_once(world)),
        Property::always(TRUE_PAID, |_, world| paid_is_true(world)),
        Property::always(TRUE_WORDS, |_, world: &World| world.lie.is_none()),
        Property::always(NOT_CHARGED, |_, world| not_charged_is_true(world)),
        Property::always(JOURNALED, |_, world| journaled(world)),
        Property::always(ONE_CODE, |_, world| one_code(world)),
        Property::always(DURABLE, |_, world| durable(world)),
        Property::always(LATE, |_, world| late_is_told(world)),
        Property::always(JOURNAL_WORD, journal_is_true),
        Property::always(NO_REPEAT, |_, world: &World| !world.server.repeated),
        Property::always(OWN, |_, world: &World| !world.server.trespassed),
        Property::sometimes(PAID, |_, world| {
            shows(world, |ending| matches!(ending, Ending::Paid { .. }))
        }),
        Property::sometimes(PART_PAID, |_, world| {
            shows(world, |ending| matches!(ending, Ending::PartPaid { .. }))
        }),
        Property::sometimes(EXPIRED, |_, world| {
            shows(world, |ending| matches!(ending, Ending::Expired))
        }),
        Property::sometimes(CANCELLED, |_, world| {
            shows(world, |ending| {
                matches!(ending, Ending::Cancelled { reason: Some(_) })
            })
        }),
        Property::sometimes(REFUND_STARTED, |_, world| {
            shows(world, |ending| matches!(ending, Ending::RefundStarted))
        }),
        Property::sometimes(UNKNOWN_THEN_SETTLED, |_, world| unknown_then_settled(world)),
        Property::sometimes(THIRD_ATTEMPT, |_, world: &World| {
            let mut codes = world.processes().filter_map(Process::code);

            codes.any(|tag| tag.attempt == 3)
        }),
    ];
    // A full disk can lose a verdict. The lost verdict's code then counts as unsettled, and only the index
    // prevents a second code on the screen.
    if counter.limits.full_disks == 0 {
        properties.push(Property::always(INDEX, |_, world: &World| {
            !world.index_refused
        }));
    }

    properties
}

fn charged_once(world: &World) -> bool {
    world.desk_numbers().all(|desk| {
        Shop::ALL.into_iter().all(|shop| {
            let charges =
                of(world, shop, desk).filter(|request| request.charges() && !request.late);

            charges.count() <= 1
        })
    })
}

fn paid_is_true(world: &World) -> bool {
    endings(world).all(|(ended, tag)| {
        let ending = ended.ending();
        if ended.closed_by().is_some()
            || !matches!(ending, Ending::Paid { .. } | Ending::PartPaid { .. })
        {
            return true;
        }
        let Some((tag, request)) = tag.and_then(|tag| Some((tag, world.server.get(tag)?))) else {
            return false;
        };
        let is_adrift = |desk: &DeskState| desk.adrift.contains(&Message::Void(tag));
        let voided = world.desks.iter().any(is_adrift)
            || world.processes().any(|process| process.voids(tag));

        request.charges()
            && (request.kept || !voided)
            && (request.is_paid_in_full() || matches!(ending, Ending::PartPaid { .. }))
    })
}

fn not_charged_is_true(world: &World) -> bool {
    endings(world).all(|(ended, tag)| {
        let request = tag.and_then(|tag| world.server.get(tag));
        match (ended.ending(), request) {
            (Ending::Expired | Ending::Cancelled { reason: Some(_) }, Some(request)) => {
                !request.word.is_open() && (!request.charges() || request.late)
            }
            (Ending::Expired | Ending::Cancelled { reason: Some(_) }, None) => false,
            (
                Ending::Cancelled { reason: None } | Ending::Rejected(_) | Ending::Unreachable(_),
                Some(request),
            ) => !request.is_payable() && (!request.charges() || request.late),
            (Ending::RefundStarted, request) => request.is_some_and(|request| request.refunded),
            _ => true,
        }
    })
}

fn journaled(world: &World) -> bool {
    world
        .server
        .requests()
        .iter()
        .filter(|request| request.presented)
        .all(|request| {
            let mut rows = world.desk(request.tag.desk).disk.rows().iter();
            let row = rows.find(|row| row.tag == request.tag && row.payable);
            row.is_some_and(|row| {
                !row.closed
                    || match row.outcome() {
                        Some(Outcome::Paid | Outcome::PartPaid) => true,
                        Some(_) => !request.word.is_open() && !request.charges(),
                        None => false,
                    }
            })
        })
}

fn one_code(world: &World) -> bool {
    world.desk_numbers().all(|desk| {
        let payable = world.server.requests().iter().filter(|request| {
            request.tag.desk == desk
                && request.is_payable()
                && !is_closed_by_staff(world, request.tag)
        });

        payable.count() <= 1
    })
}

fn durable(world: &World) -> bool {
    world.processes().all(|process| {
        process.code().is_none_or(|tag| {
            world
                .row(tag)
                .is_some_and(|row| row.payable && row.request == Some(tag) && !row.closed)
        })
    })
}

fn late_is_told(world: &World) -> bool {
    world
        .server
        .requests()
        .iter()
        .filter(|request| request.late && request.charges())
        .all(|request| {
            world
                .row(request.tag)
                .is_some_and(|row| !row.closed || row.outcome().is_some_and(Outcome::is_payment))
        })
}

/// Whether each till that asks the journal for its sale now is told the truth, and nothing else than before.
fn journal_is_true(counter: &Counter, world: &World) -> bool {
    world.desk_numbers().all(|desk| {
        let claims = counter.machine.journal_says(&world.desk(desk).disk);

        claims.into_iter().all(|claim| {
            Lie::in_words(world, desk, claim).is_none()
                && Lie::in_memory(world, desk, claim).is_none()
        })
    })
}

/// Whether a screen shows the known ending of a request whose outcome is still unknown in the journal.
fn unknown_then_settled(world: &World) -> bool {
    endings(world).any(|(ended, tag)| {
        let was_unknown = tag
            .and_then(|tag| world.row(tag))
            .is_some_and(|row| row.is_unknown());

        was_unknown && !matches!(ended.ending(), Ending::Unknown { .. }) && world.lie.is_none()
    })
}
