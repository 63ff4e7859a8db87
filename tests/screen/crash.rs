//! Kills the real program at each point of a sale where the disk, the network or the screen has a part of it,
//! and starts the program again. Then the till, the journal and the platform must agree on every cent, or the
//! sale must still be open. The module also covers full disks, power cuts, a second display and a changed
//! configuration. The tests need `Xvfb` and a C compiler:
//!
//! ```text
//! cargo test --test screen crash::
//! ```

mod barcode;
mod counter;
mod disk;
mod killed;
mod ledger;
mod lost;
mod matrix;
mod operation;
mod oracle;
mod resident;
mod scene;
mod shim;
mod voids;
