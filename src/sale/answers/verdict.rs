//! The verdict that an answer from the platform proves.

use crate::domain::order::Order;
use crate::domain::payment::{PaymentRequest, Status};
use crate::sale::Ending;

/// The meaning of an answer for a sale.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// The request is open.
    Open,
    /// The request has this ending. `paid` is believed only if no void was sent.
    Ended(Ending),
    /// The request expired or was cancelled after money came in. Its activities tell whether the money went back.
    OverWithMoney,
}

impl Verdict {
    /// Returns the verdict of an answer for this order. `had_money`: whether the platform has reported money
    /// before.
    pub(crate) fn of(order: &Order, request: &PaymentRequest, had_money: bool) -> Self {
        match &request.status {
            Status::New | Status::Unknown(_) => Self::Open,
            Status::Paid => Self::Ended(paid(order, request, false)),
            Status::Expired | Status::Cancelled if had_money || request.has_money(order.amount) => {
                Self::OverWithMoney
            }
            Status::Expired => Self::Ended(Ending::Expired),
            Status::Cancelled => Self::Ended(Ending::Cancelled {
                reason: request.cancellation_reason.clone(),
            }),
        }
    }
}

/// Returns the ending of a request that the platform calls paid: in full, in part, or unknown. It is unknown if
/// parts are allowed and the platform does not say how much came in.
pub(crate) fn paid(order: &Order, request: &PaymentRequest, kept: bool) -> Ending {
    let by = request.paid_by.clone();
    let remaining = request
        .received(order.amount)
        .map(|received| (received, order.amount.checked_sub(received)));

    match remaining {
        None if order.allows_parts() => Ending::unknown(),
        Some((received, Some(_))) if received.is_zero() => Ending::unknown(),
        Some((_, Some(remaining))) if !remaining.is_zero() => Ending::PartPaid { by, remaining },
        // The full amount came in, or more.
        _ => Ending::Paid { by, kept },
    }
}
