//! The iced application: the window, its screens, and the input of the people in front of it.
//!
//! [`App`] runs one sale, or the resident display with one sale after another. Each sale has a [`SaleDisplay`].

mod application;
pub mod choice;
pub mod demo;
mod display;
#[cfg(test)]
mod gallery;
mod input;
mod message;
pub mod offscreen;
pub mod painter;
mod platform;
pub mod renderer;
pub mod resident;
mod screens;
mod setup;
mod task_scope;
mod theme;
mod widgets;
mod window;

pub use application::{App, block_on, run_resident, run_sale, runtime};
pub use display::SaleDisplay;
pub use display::visibility::was_window_destroyed;
pub use input::keys::{KeyChange, KeyEvent, Stroke};
pub use message::{AppMessage, Message};
pub use platform::screen::{Monitor, NoScreen, Screen};
pub use screens::idle::Idle;
pub use screens::show_qr::code_room;
pub use screens::{create, manual_settlement};
pub use setup::{Mode, Setup};
pub use theme::fonts;
pub use theme::look::Appearance;
pub use window::salvage::Breakdown;
