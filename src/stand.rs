//! A display that stands between sales, and how a sale is handed to it.
//!
//! Both sides are this program, of the same user and on the same machine. They meet at a socket that
//! belongs to the data directory, and speak in lines of JSON: each greets with its version, the
//! caller says what it wants, and what comes of it is told word by word until the exit code.
//!
//! * [`Calls`] is the stand's side: who calls, and with what.
//! * [`Caller`] is one of them. Telling it something never waits, however slowly it reads.
//! * [`Line`] is the caller's side.

mod caller;
mod calls;
mod line;
mod place;
mod wire;

pub use caller::Caller;
pub use calls::{Call, Calls, Request, Sayings};
pub use line::{Answer, Heard, Line};
pub use place::Place;
pub use wire::Saying;
