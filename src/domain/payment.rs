//! The platform's data: payment requests, their activities, and failed calls.
//!
//! No code here reads, sends or draws. The API client produces these values, the state machine decides by them,
//! the journal stores them and the screens show them. Each text from the platform has a type that has checked or
//! cleaned it.

mod failure;
mod id;
mod patron_code;
mod pay_url;
mod refusal_words;
mod request;
mod text;

pub use failure::{Distrust, Failure, Refusal, Unsent};
pub use id::{ConditionId, ConfigId, ExternalRef, RequestId, ShortCode};
pub use patron_code::{PatronCode, PatronCodeError};
pub use pay_url::{BadUrl, PayHost, PayUrl, QrContent};
pub use refusal_words::meaning_of_reason;
pub(crate) use refusal_words::sentence;
pub use request::{
    Activity, ActivityKind, CancellationReason, Condition, ConditionStatus, Decision, Liveness,
    PaidBy, PaidLine, PaymentRequest, Refund, Refunds, Status, odd_sum, sum_of,
};
pub use text::Text;
