//! A customer-facing payment display for the Centrapay network.
//!
//! The parts, from the middle outwards:
//!
//! * [`sale`], the state machine of a sale: pure, and the place where every decision about money
//!   is made. [`money`] and [`payment`] are the plain data it speaks of.
//! * [`centrapay`], the platform's API; [`journal`], what was promised, on disk; [`qr`], the code.
//! * [`effects`] runs what the state machine asks for with these three.
//! * [`refund`], giving back what was paid.
//! * [`display`], the window: it owns the sale, draws it, and hands its effects on.
//! * [`sound`], what is heard of an ending.
//! * [`control`], what the till asks for meanwhile on standard input.
//! * [`stand`], a display that stays between sales, and how a sale is handed to it.
//! * [`sandbox`], an embedded platform for the demo, for tests and for rehearsals.
//! * [`signals`], how the system asks the program to end.
//! * [`private`], what on disk belongs to one user of the machine alone.
//! * [`locale`], what is said in which language, [`letters`], [`colour`], and [`logo`].
//! * [`cli`], [`config`] and [`counter`]: how it is started, and what it sells under.

pub mod basket;
mod bounded_read;
pub mod centrapay;
pub mod cli;
pub mod colour;
#[cfg(target_os = "linux")]
mod compositor;
pub mod config;
pub mod control;
pub mod counter;
pub mod display;
pub mod effects;
pub mod journal;
pub mod letters;
pub mod locale;
pub mod logo;
pub mod money;
mod outbox;
pub mod payment;
mod printable;
pub mod private;
#[cfg(test)]
mod promises;
pub mod qr;
pub mod refund;
pub mod sale;
pub mod sandbox;
pub mod signals;
pub mod sound;
pub mod stand;
mod timing;
mod workers;
