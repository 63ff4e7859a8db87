use crate::money::Amount;
use crate::payment::{Activity, ActivityKind, Failure, RequestId};
use crate::sale::Void;

/// The refusals of a void that prove that it did nothing, and that none before it did: the platform
/// would then have said so.
const NOTHING_DONE: [&str; 5] = [
    "REQUEST_PAID",
    "REQUEST_EXPIRED",
    "REFUND_NOT_SUPPORTED",
    "INACTIVE_ASSET",
    "VOID_WINDOW_EXCEEDED",
];

/// What the voids of a request have shown so far.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Evidence {
    /// A void was answered with a refund, of this sum.
    pub(super) refund: Option<Refund>,
    /// A void provably did nothing, so that a payment stands: it was refused, or never got there.
    pub(super) in_vain: bool,
    /// A void may have taken effect, or may still: its answer was lost, or says that an earlier one
    /// has worked, or does not say what was done.
    pub(super) unclear: bool,
}

impl From<Void> for Evidence {
    /// What the journal knows of earlier voids. Where all were answered, none of them refunded
    /// anything; a payment stands.
    fn from(void: Void) -> Self {
        Self {
            refund: None,
            in_vain: void == Void::Answered,
            unclear: void == Void::Unanswered,
        }
    }
}

impl Evidence {
    /// Takes in what a void brought; what came of earlier ones is in what was known before.
    pub(super) fn take_in(&mut self, answer: &Result<Activity, Failure>) {
        match answer {
            Ok(activity) => match activity.kind {
                ActivityKind::Refund => self.refund = Some(Refund(activity.value)),
                ActivityKind::Cancellation => {}
                ActivityKind::Other(_) => self.unclear = true,
            },
            Err(failure) if did_nothing(failure) => self.in_vain = true,
            Err(_) => self.unclear = true,
        }
    }

    /// Whether it is known of every void what it did, and none of them gives, or has given, money back.
    pub(super) fn is_clear(self) -> bool {
        self.refund.is_none() && !self.unclear
    }

    /// Whether anything in it comes from a void.
    pub fn tells_of_a_void(self) -> bool {
        self != Self::default()
    }

    /// Whether a payment stands that is in no list of refunds.
    pub(super) fn lets_a_payment_stand(self) -> bool {
        self.in_vain && self.is_clear()
    }
}

/// Whether a void that failed so provably did nothing; an earlier try that may have done something
/// stays unclear. Whoever is not reached, does not know the key, or only asks for patience, carries
/// nothing out.
fn did_nothing(failure: &Failure) -> bool {
    match failure {
        Failure::NotSent(_) | Failure::Unauthorised(_) | Failure::Throttled { .. } => true,
        Failure::Refused(refusal) => NOTHING_DONE.contains(&refusal.code.as_str()),
        Failure::Ambiguous(_) => false,
    }
}

/// Whether the answer to a void says that money went back, by it or before.
pub(super) fn tells_of_a_refund(answer: &Result<Activity, Failure>) -> bool {
    match answer {
        Ok(activity) => activity.kind == ActivityKind::Refund,
        Err(failure) => failure
            .refusal()
            .is_some_and(|refusal| refusal.code.as_str() == "ALREADY_REFUNDED"),
    }
}

/// A refund that a void was answered with. The sum is `None` if the answer left it out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Refund(Option<Amount>);

impl Refund {
    /// Whether it gives back all that came in.
    pub(super) fn is_all_of(self, received: Amount) -> bool {
        self.0.is_none_or(|value| value == received)
    }
}

/// What a list of activities says about the money that came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum GivenBack {
    /// No refund is listed.
    Nothing,
    /// All of it goes back.
    All,
    /// A part of it, another currency, or a sum that cannot be read.
    Unclear,
}

/// Adds up the refunds of this request. An entry about another request says nothing about it.
pub(super) fn given_back(
    activities: &[Activity],
    id: &RequestId,
    received: Option<Amount>,
) -> GivenBack {
    let refunds: Vec<_> = activities
        .iter()
        .filter(|activity| activity.kind == ActivityKind::Refund && activity.is_about(id))
        .map(|refund| refund.value)
        .collect();
    if refunds.is_empty() {
        return GivenBack::Nothing;
    }
    let Some(received) = received else {
        return GivenBack::Unclear;
    };
    let sum = refunds.into_iter().try_fold(0_u64, |sum, value| {
        let value = value.filter(|value| value.currency() == received.currency())?;

        sum.checked_add(value.minor())
    });

    match sum {
        Some(sum) if sum >= received.minor() => GivenBack::All,
        _ => GivenBack::Unclear,
    }
}
