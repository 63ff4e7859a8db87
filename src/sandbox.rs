//! An embedded Centrapay for the demo, for tests and for rehearsals in the shop: a real HTTP
//! server on loopback that speaks the platform's API. No money moves.
//!
//! [`Sandbox::start`] serves it; [`Control`] acts on the same payment requests from inside the
//! process, in the part of the patron or of the platform, and sets what goes wrong: a script of
//! [`Fault`]s for each kind of [`Call`].
//!
//! The sandbox answers as the platform documents it. Its own conventions, for what the documentation leaves open or a
//! rehearsal needs, are in `docs/sandbox.md`.

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
mod line_item;
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
