//! Tests that measure their own process. They take minutes.
//!
//! ```text
//! cargo test --test alone
//! ```
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    clippy::unwrap_used,
    reason = "a failed precondition fails the test; long tests print their figures"
)]

mod endurance;
mod growth;
#[path = "../it/support/mod.rs"]
mod support;

use tokio::sync::RwLock;

/// A test that measures the process locks this for writing. The other tests lock it for reading.
static ALONE: RwLock<()> = RwLock::const_new(());
