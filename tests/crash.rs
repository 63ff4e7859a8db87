//! The real binary, killed at every point where something of a sale is on disk, on its way, or on
//! the screen, and started again: what the till was told, what the journal says and what the
//! platform has must agree on every cent, or be open. Full disks, power cuts, a second display
//! and a changed configuration belong to it.
//!
//! Needs `Xvfb` and a C compiler, so it is not among the tests that run everywhere:
//!
//! ```text
//! cargo test --test crash
//! ```

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "a test says what went wrong by failing, and so does what it stands on"
)]

#[path = "crash/barcode.rs"]
mod barcode;
#[path = "crash/counter.rs"]
mod counter;
#[path = "crash/disk.rs"]
mod disk;
#[path = "crash/gate.rs"]
mod gate;
#[path = "crash/killed.rs"]
mod killed;
#[path = "crash/launch.rs"]
mod launch;
#[path = "crash/ledger.rs"]
mod ledger;
#[path = "crash/lost.rs"]
mod lost;
#[path = "crash/matrix.rs"]
mod matrix;
#[path = "crash/operation.rs"]
mod operation;
#[path = "crash/oracle.rs"]
mod oracle;
#[path = "window/process.rs"]
mod process;
#[path = "crash/resident.rs"]
mod resident;
#[path = "crash/scene.rs"]
mod scene;
#[path = "window/screen.rs"]
#[allow(dead_code, reason = "the tests of the window look at more of it")]
mod screen;
#[path = "crash/shim.rs"]
mod shim;
#[path = "window/shop.rs"]
#[allow(dead_code, reason = "the tests of the window have other sales")]
mod shop;
#[path = "crash/voids.rs"]
mod voids;
#[path = "window/watchdog.rs"]
mod watchdog;
#[path = "window/xvfb.rs"]
mod xvfb;
