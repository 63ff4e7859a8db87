//! The platform's words as plain data: what a payment request is, what can happen to it, and how
//! a call to the platform can fail.
//!
//! Nothing here reads, sends or draws. The API client produces these values, the state machine
//! decides by them, the journal keeps them and the screens show them.

mod failure;
mod request;

pub use failure::{Failure, Refusal};
pub use request::{
    Activity, ActivityKind, CancellationReason, Condition, ConditionStatus, Liveness, PaidBy,
    PaymentRequest, RequestId, Status, Text,
};
