//! What must never be, and what must be possible.

use patron_display::sale::{Ended, Ending, State};
use stateright::Property;

use super::disk::{Disk, Outcome};
use super::machine::Said;
use super::process::Process;
use super::server::Request;
use super::till::{Desk, Name, Shop, Tag};
use super::world::{Counter, DeskState, Message, World};

/// Something that was said at the moment when it was not so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Lie {
    /// Paid, of a request that nobody has paid.
    NotPaid(Said),
    /// Not charged, of a request that is paid or can still be.
    Charged(Said),
    /// A code of a sale that the journal has as paid.
    PaidBefore(Tag),
    /// Going back, of a payment that is not.
    NotRefunded(Said),
}

impl Lie {
    /// What is wrong with putting this code on the screen as the journal has it.
    pub(crate) fn in_code(disk: &Disk, tag: Tag) -> Option<Self> {
        let mut rows = disk.rows().iter().filter(|row| row.tag.shop == tag.shop);

        rows.any(|row| row.outcome().is_some_and(Outcome::is_payment))
            .then_some(Self::PaidBefore(tag))
    }

    /// What is wrong with these words of `desk` as the platform stands.
    ///
    /// They are said in the moment when the platform's answer arrives, and the answer has the
    /// truth of that moment; what comes in later is late. What staff answer for is not meant.
    pub(crate) fn in_words(world: &World, desk: Desk, said: Said) -> Option<Self> {
        match said {
            Said::Ended { name, outcome } => {
                let row = world.desk(desk).disk.named(name);
                let request = row.and_then(|row| world.server.get(row.tag));
                let closed_as_paid = closed_as_paid(world, desk).any(|closed| closed == name);

                Self::in_outcome(request.as_slice(), outcome, closed_as_paid, said)
            }
            Said::Outcome { shop, outcome } | Said::LastWord { shop, outcome } => {
                let requests: Vec<_> = of(world, shop, desk).collect();
                let closed_as_paid =
                    closed_as_paid(world, desk).any(|closed| closed.reference == shop.reference());

                Self::in_outcome(&requests, outcome, closed_as_paid, said)
            }
        }
    }

    fn in_outcome(
        requests: &[&Request],
        outcome: Outcome,
        closed_as_paid: bool,
        said: Said,
    ) -> Option<Self> {
        let mut requests = requests.iter();
        match outcome {
            Outcome::Paid => (!closed_as_paid
                && !requests.any(|request| request.is_paid_in_full()))
            .then_some(Self::NotPaid(said)),
            Outcome::PartPaid => {
                (!requests.any(|request| request.charges())).then_some(Self::NotPaid(said))
            }
            Outcome::RefundStarted => {
                (!requests.any(|request| request.refunded)).then_some(Self::NotRefunded(said))
            }
            Outcome::Unknown => None,
            Outcome::Expired
            | Outcome::Cancelled
            | Outcome::Dropped
            | Outcome::Rejected
            | Outcome::Unreachable => requests
                .any(|request| request.charges() && !request.late || request.is_payable())
                .then_some(Self::Charged(said)),
        }
    }
}

/// The attempts that staff have closed as paid, on disk or on the way there.
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

/// The endings that are on screens, each with its request.
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

/// Whether staff answer for this request.
fn is_closed_by_staff(world: &World, tag: Tag) -> bool {
    world
        .row(tag)
        .is_some_and(|row| row.closed_as_paid.is_some())
}

pub(crate) const ONCE: &str = "a sale is charged at most once";
pub(crate) const TRUE_PAID: &str = "every PAID screen is true";
pub(crate) const TRUE_WORDS: &str = "what is said is so when it is said";
pub(crate) const NOT_CHARGED: &str = "every screen that says not charged is true";
pub(crate) const JOURNALED: &str = "every shown request is open in the journal, or closed for good";
pub(crate) const ONE_CODE: &str = "never two shown codes that can be paid";
pub(crate) const DURABLE: &str = "a code on the screen is on disk as shown";
pub(crate) const INDEX: &str = "the journal never has to refuse a second code";
pub(crate) const LATE: &str = "a late payment is told or still looked for";
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
    ];
    properties.push(Property::sometimes(THIRD_ATTEMPT, |_, world: &World| {
        let mut codes = world.processes().filter_map(Process::code);

        codes.any(|tag| tag.attempt == 3)
    }));
    // Where a verdict could not be written, its code still counts as shown and unsettled, and it is
    // the index that keeps a second one off the screen.
    if counter.limits.full_disks == 0 {
        properties.push(Property::always(INDEX, |_, world: &World| {
            !world.index_refused
        }));
    }

    properties
}

fn charged_once(world: &World) -> bool {
    let desks = 0..u8::try_from(world.desks.len()).unwrap();

    desks.into_iter().all(|desk| {
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
    let mut desks = 0..u8::try_from(world.desks.len()).unwrap();

    desks.all(|desk| {
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

/// On a screen stands an ending of a request that the journal has as unknown so far.
fn unknown_then_settled(world: &World) -> bool {
    endings(world).any(|(ended, tag)| {
        let was_unknown = tag
            .and_then(|tag| world.row(tag))
            .is_some_and(|row| row.is_unknown());

        was_unknown && !matches!(ended.ending(), Ending::Unknown { .. }) && world.lie.is_none()
    })
}
