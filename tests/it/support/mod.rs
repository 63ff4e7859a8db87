//! Fixtures that several modules and several test programs share.
#![allow(dead_code, reason = "each test program uses a part of it")]

#[cfg(unix)]
pub(crate) mod api;
pub(crate) mod gate;
pub(crate) mod oracle;
pub(crate) mod recording_server;
#[cfg(unix)]
pub(crate) mod resident;
pub(crate) mod scene;
pub(crate) mod shop;
pub(crate) mod silent_address;
#[cfg(unix)]
pub(crate) mod till;
pub(crate) mod words;
