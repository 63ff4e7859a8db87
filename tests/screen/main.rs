//! Tests of the real program on a virtual screen. They need Xvfb and zbarimg. `crash` also needs a C compiler, and
//! `web_till` needs Chromium.
//!
//! ```text
//! cargo test --test screen
//! cargo test --test screen window::
//! ```
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    clippy::unwrap_used,
    reason = "a failed precondition fails the test; long tests print their figures"
)]

mod crash;
#[cfg(target_os = "linux")]
mod day;
#[cfg(target_os = "linux")]
mod delay;
mod gate;
mod process;
mod program;
mod screen;
#[path = "../it/support/mod.rs"]
mod support;
#[cfg(unix)]
mod till;
mod watchdog;
#[cfg(target_os = "linux")]
mod web_till;
mod window;
mod x11;
mod xvfb;
