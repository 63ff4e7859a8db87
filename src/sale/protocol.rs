//! The types between the state machine and the runtime: events go in, effects come out.

mod announcement;
mod effect;
mod ending;
mod event;
mod time;

pub use announcement::{Announcement, Link, PaidByLine, Repeated, Sum, WaitingFor};
pub use effect::{Effect, Job, NewRequest, Progress, Record};
pub use ending::{Cause, Ending, Rejection};
pub use event::{Ask, Command, Event, Fact, Mark, Wakeup};
pub use time::{Delay, Moment, Timer, Timing};
