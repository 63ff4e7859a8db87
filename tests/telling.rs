//! What the real program tells, to whom, and who else on the machine can look into it or get in between.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    dead_code,
    reason = "a test that cannot set its scene has failed; not every test needs all of the shop"
)]

#[path = "refund/counter.rs"]
mod counter;
#[path = "telling/keys.rs"]
mod keys;
#[cfg(target_os = "linux")]
#[path = "telling/printing.rs"]
mod printing;
#[path = "command_line/shop.rs"]
mod shop;
#[cfg(target_os = "linux")]
#[path = "telling/signals.rs"]
mod signals;
#[path = "telling/strings.rs"]
mod strings;
#[cfg(unix)]
#[path = "telling/users.rs"]
mod users;
