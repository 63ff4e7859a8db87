//! Colours, sizes and fonts.

pub mod fonts;
pub(super) mod look;
pub(super) mod palette;
