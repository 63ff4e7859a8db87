//! The screens, each in its own file. `scene` chooses the screen for the state of the sale.

pub(super) mod band;
pub mod create;
pub(super) mod idle;
mod line_items;
pub mod manual_settlement;
pub(super) mod notice;
mod retry;
pub(super) mod sale_summary;
mod scan_prompt;
pub(super) mod scene;
mod settlement_panel;
pub(super) mod show_qr;
mod success;
mod unknown;
mod waiting;
pub(super) mod words;
