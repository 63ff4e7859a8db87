//! The fuzz targets. They check the properties in `src/properties.rs` with a fuzzer's input.
//!
//! This crate includes the program's sources by path, without the window, the network and the database. So the
//! fuzzer tests the code that is shipped.

#![forbid(unsafe_code)]

/// The program's modules. Code that only the omitted modules use is dead here.
#[allow(
    dead_code,
    unused_imports,
    reason = "the program uses this code, and its own build reports dead code"
)]
#[path = "../../src"]
mod source {
    /// The parts of the API client that do not use the network or files.
    pub mod centrapay {
        mod headers;
        pub mod properties;
        mod refusal;
        mod wire;
    }

    /// A placeholder for the QR code, because no target draws one and the QR libraries take long to build.
    pub mod qr {
        /// A placeholder for the code that the state machine passes to the window.
        #[derive(Debug, Clone, PartialEq, Eq, Hash)]
        pub struct Code;
    }

    /// The plain data, without the counter, which no target needs.
    pub mod domain {
        pub mod basket;
        pub mod merchant;
        pub mod money;
        pub mod order;
        pub mod outcome;
        pub mod payment;
    }

    /// Bounded reads of files.
    pub mod files {
        pub mod bounded_read;
    }

    /// Only the reader of the till's commands, and its rate limit.
    pub mod runtime {
        pub mod control;
        mod rate_limit;
    }

    /// The classes of characters.
    pub mod text {
        pub mod letters;
        pub mod nearest;
    }

    pub mod colour;
    pub mod config;
    pub mod locale;
    pub mod properties;
    pub mod sale;
}

// The included modules refer to each other by paths from the crate root. A visibility cannot follow these imports, so
// the included files write `pub(in super::super)`.
use source::{
    centrapay, colour, config, domain, files, locale, properties, qr, runtime, sale, text,
};

/// Checks an amount as a person types it.
pub fn amount(bytes: &[u8]) {
    properties::amount::check(bytes);
}

/// Checks an answer of the platform. The target reads it as the answer to each kind of call.
pub fn answer(bytes: &[u8]) {
    centrapay::properties::check(bytes);
}

/// Checks a configuration file.
pub fn config(bytes: &[u8]) {
    properties::config::check(bytes);
}

/// Checks the till's commands on standard input.
pub fn control(bytes: &[u8]) {
    properties::control::check(bytes);
}

/// Checks the headers `Retry-After`, `Date` and `Content-Type`, one per line.
pub fn headers(bytes: &[u8]) {
    centrapay::properties::check_headers(bytes);
}

/// Checks the pay URL of a payment request.
pub fn pay_url(bytes: &[u8]) {
    properties::pay_url::check(bytes);
}

/// Checks a text that is shown on the screen.
pub fn text(bytes: &[u8]) {
    properties::text::check(bytes);
}
