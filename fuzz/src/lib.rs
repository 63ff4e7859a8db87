//! The fuzz targets: the promises of `src/promises.rs`, kept for whatever a fuzzer thinks of.
//!
//! The sources of the program are taken in by path, so that what is fuzzed is what is shipped,
//! without the window, the network and the database.

#![forbid(unsafe_code)]

/// The modules as they are in the program. What only the rest of the program uses is idle here.
#[allow(
    dead_code,
    unused_imports,
    reason = "the program uses it, and its own build looks for what is not used"
)]
#[path = "../../src"]
mod source {
    /// The pure half of the API client.
    pub mod centrapay {
        mod headers;
        pub mod promises;
        mod refusal;
        mod wire;
    }

    /// No target draws a code, and the libraries that do take as long to build as all the rest.
    pub mod qr {
        /// What the state machine hands on to the window.
        #[derive(Debug, Clone, PartialEq, Eq, Hash)]
        pub struct Code;
    }

    pub mod basket;
    pub mod bounded_read;
    pub mod colour;
    pub mod config;
    pub mod control;
    pub mod letters;
    pub mod locale;
    pub mod money;
    pub mod payment;
    pub mod promises;
    pub mod sale;
}

// The modules name each other from the root of the crate.
use source::{
    basket, bounded_read, centrapay, colour, config, control, letters, locale, money, payment,
    promises, qr, sale,
};

/// An amount as a person types it.
pub fn amount(bytes: &[u8]) {
    promises::amount::hold(bytes);
}

/// An answer of the platform to any call.
pub fn answer(bytes: &[u8]) {
    centrapay::promises::hold(bytes);
}

/// The configuration file.
pub fn config(bytes: &[u8]) {
    promises::config::hold(bytes);
}

/// What the till writes to standard input.
pub fn control(bytes: &[u8]) {
    promises::control::hold(bytes);
}

/// The headers `Retry-After`, `Date` and `Content-Type`, one a line.
pub fn headers(bytes: &[u8]) {
    centrapay::promises::hold_headers(bytes);
}

/// The url that a code leads to.
pub fn pay_url(bytes: &[u8]) {
    promises::pay_url::hold(bytes);
}

/// Text that is shown.
pub fn text(bytes: &[u8]) {
    promises::text::hold(bytes);
}
