//! Tests of the state machine's promises, each a short story of one sale.
//!
//! [`till::Till`] drives the real machine. A test answers each job itself, so it can try every order of events.

mod barcode;
mod cancelling;
mod conditions;
mod creating;
mod ending;
mod fixtures;
mod journaled_sale;
mod looking_up;
mod lost_display;
mod lost_patron_create;
mod outcome_at_once;
mod pacing;
mod parts;
mod polling;
mod properties;
mod rechecking;
mod recovering;
mod till;
mod unattended;
mod unknown;
mod unseen;
mod watching;
mod wrong_answers;
