//! Evidence of the platform's answers: which request it is about, whether that request fits the order, and how
//! the request ended.

pub(crate) mod echo_check;
pub(crate) mod evidence;
pub(crate) mod lost_create;
pub(crate) mod polling;
pub(crate) mod polls;
pub(crate) mod verdict;

pub use echo_check::{Accepted, Mismatch, Rules};
pub use evidence::{Evidence, Void};
pub use polls::shortest_poll_interval;
