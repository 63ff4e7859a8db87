//! An embedded Centrapay for the demo, for tests and for trials in a shop: a real HTTP server on
//! loopback with the platform's API. No money moves.
//!
//! [`Sandbox::start`] starts it. [`Control`] acts on the payment requests from inside the process, as
//! the patron or the platform. It also sets the fault script: a sequence of [`Fault`]s for each kind of [`ApiCall`].
//!
//! The sandbox answers as the platform documents. `docs/sandbox.md` describes its own conventions.

mod api;
mod call;
mod connection;
mod control;
mod create;
mod faults;
mod guard;
mod money;
mod options;
mod pay_page;
mod rate_limit;
mod refund;
mod refusal;
mod request;
mod rules;
mod server;
mod short_code;
mod state;
mod store;
#[cfg(test)]
mod tests;
mod wire;

pub use crate::domain::payment::Liveness;
pub use call::ApiCall;
pub use control::{Control, Snapshot};
pub use faults::script::{Script, ScriptError};
pub use faults::{Fault, FaultAnswer, RetryAfter};
pub use options::{Options, PatronMode};
pub use rate_limit::RateLimit;
pub use refusal::SandboxRefusal;
pub use request::{CancelReason, SandboxStatus};
pub use server::{Sandbox, StartError};
