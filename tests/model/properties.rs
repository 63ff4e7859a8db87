//! What must never be, and what must be possible.

use patron_display::sale::{Ending, State};
use stateright::Property;

use super::disk::{Disk, Outcome};
use super::machine::Said;
use super::process::Process;
use super::server::Request;
use super::till::{Shop, Tag};
use super::world::{Counter, Message, World};

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

    /// What is wrong with these words as the platform stands.
    ///
    /// They are said in the moment when the platform's answer arrives, and the answer has the
    /// truth of that moment; what comes in later is late.
    pub(crate) fn in_words(world: &World, said: Said) -> Option<Self> {
        match said {
            Said::Ended { tag, outcome } | Said::Earlier { tag, outcome, .. } => {
                let request = world.server.get(tag);
                match outcome {
                    Outcome::Paid => (!request.is_some_and(Request::is_paid_in_full))
                        .then_some(Self::NotPaid(said)),
                    Outcome::PartPaid => {
                        (!request.is_some_and(Request::charges)).then_some(Self::NotPaid(said))
                    }
                    Outcome::RefundStarted => (!request.is_some_and(|request| request.refunded))
                        .then_some(Self::NotRefunded(said)),
                    Outcome::Expired
                    | Outcome::Cancelled
                    | Outcome::Dropped
                    | Outcome::Rejected
                    | Outcome::Unreachable => request
                        .is_some_and(|request| {
                            request.charges() && !request.late || request.is_payable()
                        })
                        .then_some(Self::Charged(said)),
                    Outcome::Unknown => None,
                }
            }
            Said::Outcome { shop, outcome } => {
                let mut requests = of(world, shop);
                match outcome {
                    Outcome::Paid => {
                        (!requests.any(Request::is_paid_in_full)).then_some(Self::NotPaid(said))
                    }
                    Outcome::PartPaid => {
                        (!requests.any(Request::charges)).then_some(Self::NotPaid(said))
                    }
                    Outcome::RefundStarted => (!requests.any(|request| request.refunded))
                        .then_some(Self::NotRefunded(said)),
                    Outcome::Unknown => None,
                    // What a person answers for is not meant.
                    _ => requests
                        .filter(|request| !is_in_hand(world, request.tag))
                        .any(|request| request.charges() && !request.late || request.is_payable())
                        .then_some(Self::Charged(said)),
                }
            }
        }
    }
}

fn of(world: &World, shop: Shop) -> impl Iterator<Item = &Request> {
    world
        .server
        .requests()
        .iter()
        .filter(move |request| request.tag.shop == shop)
}

/// The ending that is on the screen, and its request.
pub(crate) fn ending(world: &World) -> Option<(&Ending, Option<Tag>)> {
    match world.process.as_ref()?.state() {
        State::Ended(ended) => {
            let tag = ended
                .request()
                .map(|request| Tag::named(request.id.as_str()));

            Some((ended.ending(), tag))
        }
        _ => None,
    }
}

fn shows(world: &World, wanted: impl Fn(&Ending) -> bool) -> bool {
    ending(world).is_some_and(|(ending, _)| wanted(ending))
}

/// Whether a person answers for this request.
fn is_in_hand(world: &World, tag: Tag) -> bool {
    world.disk.row(tag).is_some_and(|row| row.by_hand)
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
        let code = world.process.as_ref().and_then(Process::code);

        code.is_some_and(|tag| tag.attempt == 3)
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
    Shop::ALL.into_iter().all(|shop| {
        let charges = of(world, shop).filter(|request| {
            request.charges() && !request.late && !is_in_hand(world, request.tag)
        });

        charges.count() <= 1
    })
}

fn paid_is_true(world: &World) -> bool {
    let Some((ending @ (Ending::Paid { .. } | Ending::PartPaid { .. }), tag)) = ending(world)
    else {
        return true;
    };
    let Some(tag) = tag else {
        return false;
    };
    let voided = world.adrift.contains(&Message::Void(tag))
        || world
            .process
            .as_ref()
            .is_some_and(|process| process.voids(tag));
    let charges = world.server.get(tag).is_some_and(Request::charges);
    let kept = world.server.get(tag).is_some_and(|request| request.kept);

    let in_full = world.server.get(tag).is_some_and(Request::is_paid_in_full);

    charges && (kept || !voided) && (in_full || matches!(ending, Ending::PartPaid { .. }))
}

fn not_charged_is_true(world: &World) -> bool {
    let Some((ending, tag)) = ending(world) else {
        return true;
    };
    let request = tag.and_then(|tag| world.server.get(tag));
    match (ending, request) {
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
}

fn journaled(world: &World) -> bool {
    world
        .server
        .requests()
        .iter()
        .filter(|request| request.presented)
        .all(|request| {
            let row = world
                .disk
                .rows()
                .iter()
                .find(|row| row.tag == request.tag && row.payable);
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
    let payable = world
        .server
        .requests()
        .iter()
        .filter(|request| request.is_payable() && !is_in_hand(world, request.tag));

    payable.count() <= 1
}

fn durable(world: &World) -> bool {
    let code = world.process.as_ref().and_then(|process| process.code());

    code.is_none_or(|tag| {
        world
            .disk
            .row(tag)
            .is_some_and(|row| row.payable && row.request == Some(tag) && !row.closed)
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
                .disk
                .row(request.tag)
                .is_some_and(|row| !row.closed || row.outcome().is_some_and(Outcome::is_payment))
        })
}

/// On the screen stands an ending of a request that the journal has as unknown so far.
fn unknown_then_settled(world: &World) -> bool {
    let Some((ending, Some(tag))) = ending(world) else {
        return false;
    };
    let was_unknown = world.disk.row(tag).is_some_and(|row| row.is_unknown());

    was_unknown && !matches!(ending, Ending::Unknown { .. }) && world.lie.is_none()
}
