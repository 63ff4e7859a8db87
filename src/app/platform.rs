//! Facts that the display server knows about the screen and the window.

pub(super) mod screen;
pub(super) mod sight;
