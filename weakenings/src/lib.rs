//! The pure modules of the program. `weakenings/run.sh` makes this file the crate root of the copied sources, so
//! that the checker explores the shipped code, apart from the patch.

#![forbid(unsafe_code)]
#![allow(
    dead_code,
    unused_imports,
    reason = "the program uses it, and its own build looks for what is not used"
)]

/// A stand-in for codes: the model shows codes, but never reads them.
pub mod qr {
    /// A code without any modules.
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct Code;

    impl Code {
        /// Returns a code for `payload`.
        ///
        /// # Errors
        ///
        /// None. The program's own code has some.
        pub fn proven(_payload: &str) -> Result<Self, String> {
            Ok(Self)
        }
    }
}

/// The letters that can be read.
pub mod text {
    pub mod letters;
    pub mod nearest;
}

pub mod domain;
pub mod sale;
