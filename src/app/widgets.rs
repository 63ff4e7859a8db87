//! The parts that screens are made of.

pub(super) mod code;
pub(super) mod legible;
pub(super) mod measure;
pub(super) mod parts;
pub(super) mod shop;
pub(super) mod stack;
pub(super) mod symbol;
pub(super) mod unseen;
