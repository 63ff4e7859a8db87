//! What a display is started with.

use std::sync::Arc;

use iced::Size;
use iced::keyboard::Key;

use super::band::Patron;
use super::look::Appearance;
use crate::control::Controls;
use crate::counter::Counter;
use crate::effects::Effects;
use crate::sale::{Order, Rules, Timing};

/// What a display is started with.
#[derive(Debug, Clone)]
pub struct Setup {
    /// What answers are checked against.
    pub rules: Rules,
    /// How long endings stay.
    pub timing: Timing,
    /// What the counter sells under.
    pub counter: Counter,
    /// The sale to start with; `None`: the cashier enters it.
    pub order: Option<Order>,
    /// What runs the sale's effects.
    pub effects: Effects,
    /// How the screens look and what they speak.
    pub appearance: Appearance,
    /// The customer of a demo.
    pub patron: Option<Arc<dyn Patron>>,
    /// The cashier of a demo: keys that press themselves, until somebody presses one.
    pub cashier: Vec<Key>,
    /// What the till asks for meanwhile.
    pub controls: Controls,
    /// The window.
    pub mode: Mode,
}

/// How the window stands on the screen.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Mode {
    /// It fills the screen.
    Fullscreen,
    /// A window of this size, in logical pixels.
    Windowed(Size),
}
