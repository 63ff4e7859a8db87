use crate::domain::money::Amount;
use crate::domain::payment::{Activity, ActivityKind, Failure, RequestId};

/// Refusals that prove that no void had an effect, neither this one nor an earlier one: after an effect, the
/// platform would answer with another code.
const NOTHING_DONE: [&str; 5] = [
    "REQUEST_PAID",
    "REQUEST_EXPIRED",
    "REFUND_NOT_SUPPORTED",
    "INACTIVE_ASSET",
    "VOID_WINDOW_EXCEEDED",
];

/// The result of the voids of an attempt. After a void was sent, `paid` alone does not mean paid.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Void {
    /// No void was sent.
    #[default]
    NotSent,
    /// Every void that arrived was answered. Only the list of activities tells whether money went back.
    Answered,
    /// A void may still be on its way.
    Unanswered,
}

/// The results of all voids of a request.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Evidence {
    /// The refund that a void was answered with.
    pub(in super::super) refund: Option<VoidRefund>,
    /// A void was refused or never arrived, so it had no effect, and a payment is valid.
    pub(in super::super) void_had_no_effect: bool,
    /// A void may have had an effect, now or later: its answer was lost, says that an earlier void worked, or does
    /// not say what was done.
    pub(in super::super) unclear: bool,
}

impl From<Void> for Evidence {
    /// Returns what the journal knows of earlier voids. `Answered` means that no void refunded money, so a payment
    /// is valid.
    fn from(void: Void) -> Self {
        Self {
            refund: None,
            void_had_no_effect: void == Void::Answered,
            unclear: void == Void::Unanswered,
        }
    }
}

impl Evidence {
    /// Adds the answer to a void.
    pub(in super::super) fn add(&mut self, answer: &Result<Activity, Failure>) {
        match answer {
            Ok(activity) => match activity.kind {
                ActivityKind::Refund => self.refund = Some(VoidRefund(activity.value)),
                ActivityKind::Cancellation => {}
                ActivityKind::Other(_) => self.unclear = true,
            },
            Err(failure) if proves_no_effect(failure) => self.void_had_no_effect = true,
            Err(_) => self.unclear = true,
        }
    }

    /// Whether the result of every void is known and no void refunds money.
    pub(in super::super) fn is_clear(self) -> bool {
        self.refund.is_none() && !self.unclear
    }

    /// Whether any void had a result.
    pub fn has_void_result(self) -> bool {
        self != Self::default()
    }

    /// Whether a payment is valid if no refund is listed.
    pub(in super::super) fn payment_is_kept(self) -> bool {
        self.void_had_no_effect && self.is_clear()
    }
}

/// Whether this failure proves that the void had no effect. A platform that was not reached, rejects the key, or
/// asks to wait has done nothing. The failure proves nothing about an earlier void with an unclear result.
fn proves_no_effect(failure: &Failure) -> bool {
    match failure {
        Failure::NotSent(_) | Failure::Unauthorised(_) | Failure::Throttled { .. } => true,
        Failure::Refused(refusal) => NOTHING_DONE.contains(&refusal.code.as_str()),
        Failure::Ambiguous(_) => false,
    }
}

/// Whether the answer to a void reports a refund, by this void or an earlier one.
pub(crate) fn reports_refund(answer: &Result<Activity, Failure>) -> bool {
    match answer {
        Ok(activity) => activity.kind == ActivityKind::Refund,
        Err(failure) => failure
            .refusal()
            .is_some_and(|refusal| refusal.code.as_str() == "ALREADY_REFUNDED"),
    }
}

/// A refund that a void was answered with. The amount is `None` if the answer left it out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct VoidRefund(Option<Amount>);

impl VoidRefund {
    /// Whether the refund gives back all the money that came in.
    pub(crate) fn is_all_of(self, received: Amount) -> bool {
        self.0.is_none_or(|value| value == received)
    }
}

/// The refunds in a list of activities, compared with the money that came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum GivenBack {
    /// No refund is listed.
    Nothing,
    /// All the money goes back.
    All,
    /// A part goes back, or the currency is another one, or an amount cannot be read.
    Unclear,
}

/// Adds up the refunds of this request. It ignores entries about other requests.
pub(crate) fn given_back(
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
