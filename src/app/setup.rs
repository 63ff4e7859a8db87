//! The parameters of a display.

use std::sync::Arc;

use iced::Size;
use iced::keyboard::Key;

use crate::app::demo::Patron;
use crate::app::theme::look::Appearance;
use crate::domain::counter::Counter;
use crate::domain::order::Order;
use crate::runtime::control::Controls;
use crate::runtime::effects::Effects;
use crate::sale::{Rules, Timing};

/// The parameters of a display.
#[derive(Debug, Clone)]
pub struct Setup {
    /// The rules for checking the platform's answers.
    pub rules: Rules,
    /// The time that each ending stays on the screen.
    pub timing: Timing,
    /// The merchants and the defaults of the counter.
    pub counter: Counter,
    /// The sale to start with; `None` if the cashier enters it.
    pub order: Option<Order>,
    /// Runs the sale's effects.
    pub effects: Effects,
    /// Colours, text size and languages.
    pub appearance: Appearance,
    /// Plays the patron; `None` outside a demo.
    pub patron: Option<Arc<dyn Patron>>,
    /// The keys that the demo presses, until a person presses a key.
    pub cashier: Vec<Key>,
    /// The commands that the till sends during the sale.
    pub controls: Controls,
    /// Whether the window fills the screen.
    pub mode: Mode,
}

/// The size of the window.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Mode {
    /// The window fills the screen.
    Fullscreen,
    /// A window of this size, in logical pixels.
    Windowed(Size),
}
