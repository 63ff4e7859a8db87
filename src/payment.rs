//! The platform's words as plain data: what a payment request is, what can happen to it, and how
//! a call to the platform can fail.
//!
//! Nothing here reads, sends or draws. The API client produces these values, the state machine
//! decides by them, the journal keeps them and the screens show them. What the platform wrote comes
//! only as a value of a type that has checked or cleaned it.

mod failure;
mod id;
mod patron_code;
mod pay_url;
mod refund;
mod refusal_words;
mod request;
mod text;

pub use failure::{Distrust, Failure, Refusal, Unsent};
pub use id::{ConditionId, ConfigId, ExternalRef, RequestId, ShortCode};
pub use patron_code::{PatronCode, PatronCodeError};
pub use pay_url::{BadUrl, PayUrl};
pub use refund::{Refund, Refunds};
pub use refusal_words::meaning_of_reason;
pub use request::{
    Activity, ActivityKind, CancellationReason, Condition, ConditionStatus, Decision, Liveness,
    PaidBy, PaidLine, PaymentRequest, Status, odd_sum, sum_of,
};
pub use text::Text;
