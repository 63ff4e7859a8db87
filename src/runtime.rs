//! Everything outside the state machine: its effects, its clock, the till's commands and events, sounds and signals.

pub(crate) mod announcer;
pub(crate) mod clock;
pub(crate) mod clock_jumps;
pub mod control;
pub mod early_start;
pub mod effects;
pub mod fresh_names;
pub(crate) mod outbox;
pub(crate) mod process;
pub mod program;
pub(crate) mod rate_limit;
pub mod service_manager;
pub mod sound;
pub(crate) mod timing;
