//! Promises that hold for generated sales, whatever the platform, the disk and people do.

mod clocks;
mod configuration;
mod creating;
mod endings;
mod generators;
mod pacing;
mod simulation;
mod wrong_answers;
