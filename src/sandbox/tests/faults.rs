//! Tests of the fault script: what each fault sends, and when.

mod answers;
mod counter;
mod effects;
mod holding;
mod sequences;
mod telling;
mod wire;
mod words;
