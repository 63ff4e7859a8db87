//! Reads the keys that the window library reports, and drops those that were meant for another screen.

pub(super) mod key_guard;
pub(super) mod keys;
