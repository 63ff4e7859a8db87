//! The fault script: what each fault does on the wire, and when it does it.

mod answers;
mod counter;
mod effects;
mod holding;
mod sequences;
mod telling;
mod wire;
mod words;
