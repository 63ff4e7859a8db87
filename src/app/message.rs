//! The messages of the application and of the display of a sale.

use std::time::Instant;

use iced::keyboard::Key;

use crate::app::demo::Act;
use crate::app::input::keys::KeyEvent;
use crate::app::resident::provider::{Prepared, ServedSale};
use crate::app::screens::{create, manual_settlement};
use crate::local_api::{Call, CallRefusal};
use crate::runtime::control::ControlLine;
use crate::sale::{Command, Event};

/// A message of the application.
#[derive(Debug)]
#[allow(
    clippy::large_enum_variant,
    reason = "there are a few at a time, each moved a few times"
)]
pub enum AppMessage {
    /// An event of the window, the keyboard or the program.
    Window(Message),
    /// A message of the display of this generation. Messages of earlier generations are dropped.
    Display(u32, Message),
    /// A message of the resident display's activity of this generation. Messages of earlier generations are
    /// dropped.
    Resident(u32, ResidentMessage),
    /// A client of the resident display calls.
    Called(Call),
    /// It is time for a sign of life to the service manager.
    Alive,
    /// The clients have read the last outcome, and the application ends.
    Done,
}

/// A message of an activity of the resident display.
#[derive(Debug)]
#[allow(
    clippy::large_enum_variant,
    reason = "there are a few at a time, each moved a few times"
)]
pub enum ResidentMessage {
    /// A sale or a settlement is prepared, or was refused.
    Prepared(Result<Prepared, CallRefusal>),
    /// The idle screen was prepared. It checks earlier sales.
    Rested(Result<ServedSale, CallRefusal>),
    /// It is time to check earlier sales.
    Look,
    /// The clock of the idle screen shows another minute.
    Minute,
    /// Earlier sales are settled; the client gets this exit code.
    Settled(u8),
    /// Whether a new version of the program was installed.
    Replaced(bool),
}

/// A message of the display.
#[derive(Debug, Clone)]
#[allow(
    clippy::large_enum_variant,
    reason = "there are a few at a time, each moved a few times"
)]
pub enum Message {
    /// An event of the sale.
    Sale(Event),
    /// A person made a choice.
    Asked(Command),
    /// The till wrote a line.
    Control(ControlLine),
    /// The cashier enters an amount.
    Create(create::EntryMessage),
    /// Staff close a sale whose outcome is unknown.
    ManualSettlement(manual_settlement::SettlementMessage),
    /// A key event.
    Key(KeyEvent),
    /// The pointer or a finger went down at this time, or came up.
    Touched(Option<Instant>),
    /// Someone tapped a button that sends this message.
    Tapped(Box<Self>),
    /// The cashier of a demo pressed a key.
    Played(Key),
    /// The customer of a demo did this.
    Patron(Act),
    /// A second of the countdown is over.
    Second,
    /// A frame was drawn; only in an application without a window.
    Frame,
    /// The visible part of the window changed.
    Sight,
    /// The machine has slept, or its clock was set.
    ClockJumped,
    /// The wait with this number is over: if the code still cannot be drawn, it is withdrawn.
    StillUnseen(u32),
    /// The create of this attempt has taken so long that the screen reports it.
    Busy(u32),
    /// The early start has something to show, or the wait for this is over.
    CaughtUp,
    /// The shop's logo is ready, or was given up.
    Logo,
    /// The window got the keyboard.
    Focused,
    /// The window has opened.
    Opened(iced::window::Id),
    /// The screen has this scale factor.
    Rescaled(f32),
}
