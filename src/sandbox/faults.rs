//! The fault script: which call goes wrong, in which way, and how often. `docs/sandbox.md` is its
//! manual.

mod answers;
mod behaviour;
mod edit;
mod fault;
mod play;
mod routes;
mod script;
mod words;

pub use behaviour::{Answer, RetryAfter};
pub use fault::Fault;
pub(super) use play::play;
pub(super) use routes::router;
pub use script::{Script, ScriptError};
