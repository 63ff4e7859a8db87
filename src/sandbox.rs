//! An embedded Centrapay for the demo, for tests and for rehearsals in the shop: a real HTTP
//! server on loopback that speaks the platform's API. No money moves.
//!
//! [`Sandbox::start`] serves it; [`Control`] acts on the same payment requests from inside the
//! process, in the part of the patron or of the platform, and sets what goes wrong: a script of
//! [`Fault`]s for each kind of [`Call`].
//!
//! What is the platform's, is as the platform documents it. What the documentation leaves open,
//! or what a rehearsal needs on top, follows the sandbox's own conventions:
//!
//! - Every `configId` and every `merchantAccountId` is known. A `configId` that starts with
//!   `refused` has no way to pay: its creates answer 403 `NO_AVAILABLE_PAYMENT_OPTIONS`.
//! - A request that was created with `conditionsEnabled`, and whose `externalRef` or the name of
//!   one of whose line items starts with `CONDITION`, gets a merchant condition at its first
//!   poll. It cannot be paid (403 `PAYMENT_UNCONFIRMED`) until the merchant accepts; when the
//!   merchant declines it is cancelled as `DECLINED_BY_MERCHANT`.
//! - `pay` takes an optional `value` (`{"amount": "500", "currency": "NZD"}`, or only the amount)
//!   for a part payment where `partialAllowed` is set. A part payment ends the request.
//! - No patron code is known, so a create with a `barcode` answers 403 `PATRON_CODE_INVALID`.
//! - An id that does not exist answers 403 `FORBIDDEN`, a body that does not fit 400
//!   `BAD_REQUEST` with the field in `reason`.
//! - `pay` opened in a browser (a GET, as from a QR of the older form) leads to the pay page.
//! - The last character of a short code is a check character (see `short_code.rs`).

mod activity;
mod api;
mod call;
mod cancellation;
mod condition;
mod connection;
mod control;
mod create;
mod faults;
mod guard;
mod money;
mod options;
mod patron_code;
mod pay_page;
mod rate_limit;
mod refund;
mod refusal;
mod request;
mod rules;
mod server;
mod short_code;
mod store;
#[cfg(test)]
mod tests;
mod wire;

pub use call::Call;
pub use cancellation::CancellationReason;
pub use control::{Control, Snapshot};
pub use faults::{Answer, Fault, RetryAfter, Script, ScriptError};
pub use options::{Liveness, Options, Patron};
pub use rate_limit::RateLimit;
pub use refusal::Refusal;
pub use request::Status;
pub use server::{Sandbox, StartError};
