//! A platform, or a network, that misbehaves while a code stands on the screen and when it is
//! cancelled: the whole application without a window, against a script of faults over HTTP and
//! against a gate that loses answers below it. Each test names its rows of the table of faults, and
//! ends with the oracle.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    dead_code,
    reason = "a test that cannot set its scene has failed; not every test needs all of the scene"
)]

#[path = "hostile_polls/counter.rs"]
mod counter;
#[path = "hostile_polls/deadline.rs"]
mod deadline;
#[path = "hostile_polls/denied.rs"]
mod denied;
#[path = "hostile_polls/gate.rs"]
mod gate;
#[path = "hostile_polls/late.rs"]
mod late;
#[path = "hostile_polls/link.rs"]
mod link;
#[path = "hostile_polls/lost_voids.rs"]
mod lost_voids;
#[path = "hostile_polls/oracle.rs"]
mod oracle;
#[path = "hostile_polls/pace.rs"]
mod pace;
#[path = "hostile_polls/photograph.rs"]
mod photograph;
#[path = "rehearsal/scene.rs"]
mod scene;
#[path = "hostile_polls/verdicts.rs"]
mod verdicts;
#[path = "hostile_polls/voids.rs"]
mod voids;
#[path = "rehearsal/words.rs"]
mod words;
