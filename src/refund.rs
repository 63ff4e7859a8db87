//! Refunds of a payment, in whole or in part.
//!
//! A refund has its own reference, and the platform carries out each reference once. So a refund with an unknown
//! result is sent again with the same reference until the result is known. The journal records each refund
//! before it is sent, and its result after. The platform carries refunds out later, so the program only ever
//! says that a refund was started.

mod client;
mod error;
mod evidence;
mod outcome;
mod part;
mod payment;
mod request;
mod send;

pub use client::RefundClient;
pub use error::UsageError;
pub use outcome::{RefundMismatch, RefundOutcome, RefundRejection, RefundVerdict, Remainder};
pub use part::PartDecision;
pub use payment::ConfiguredMerchants;
pub use request::{PaymentName, RefundRequest, RefundedPayment};
