//! The promises of the state machine, told as sales.
//!
//! A small till drives the real machine: it answers each job by hand, so that every order of
//! events can be tried.

mod after_death;
mod barcode;
mod cancelling;
mod conditions;
mod creating;
mod edges;
mod ending;
mod late_edges;
mod looking_up;
mod pacing;
mod parts;
mod polling;
mod properties;
mod rechecking;
mod recovering;
mod strangers;
mod sweeping;
mod till;
mod unattended;
mod unknown;
mod unseen;
mod watching;
