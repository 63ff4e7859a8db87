//! A phone's camera in front of a panel, simulated, and who reads what it sees.
#![allow(
    dead_code,
    reason = "the short test does not look at all that the long one does, and neither needs the whole scene"
)]

pub(crate) mod camera;
pub(crate) mod counter;
pub(crate) mod disturbance;
mod panel;
mod reader;
#[path = "../screens/scene.rs"]
mod scene;
mod sensor;
pub(crate) mod tally;
