use std::io::{Write, stdout};

use serde::Serialize;

use crate::cli::Failure;
use crate::cli::failure::unprinted;
use crate::printable::{self, Lines, spelled};

/// What was looked at so far, told as it is found.
#[derive(Debug)]
pub(super) struct Report {
    json: bool,
    /// Whether all could be printed so far.
    is_read: bool,
    first_failure: Option<u8>,
}

/// How something was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum Found {
    Ok,
    Note,
    Failed,
    Skipped,
}

impl Found {
    fn word(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Note => "note",
            Self::Failed => "FAILED",
            Self::Skipped => "skipped",
        }
    }
}

#[derive(Serialize)]
struct Line<'a> {
    event: &'static str,
    subject: &'a str,
    result: Found,
    message: &'a str,
}

impl Report {
    pub(super) fn to_stdout(json: bool) -> Self {
        Self {
            json,
            is_read: true,
            first_failure: None,
        }
    }

    /// All is well.
    pub(super) fn good(&mut self, subject: &str, says: &str) {
        self.tell(Found::Ok, subject, says);
    }

    /// Selling works, but this should be known.
    pub(super) fn note(&mut self, subject: &str, says: &str) {
        self.tell(Found::Note, subject, says);
    }

    /// It is wrong, and `exit_code` stands for it.
    pub(super) fn failed(&mut self, subject: &str, exit_code: u8, says: &str) {
        self.first_failure.get_or_insert(exit_code);
        self.tell(Found::Failed, subject, says);
    }

    /// It could not be looked at, because of something above.
    pub(super) fn skipped(&mut self, subject: &str, because: &str) {
        self.tell(Found::Skipped, subject, because);
    }

    /// The value, or the failure told.
    pub(super) fn passed<T>(
        &mut self,
        subject: &str,
        result: Result<T, impl Into<Failure>>,
    ) -> Option<T> {
        match result {
            Ok(value) => Some(value),
            Err(failure) => {
                let failure = failure.into();
                self.failed(subject, failure.exit_code(), &failure.to_string());

                None
            }
        }
    }

    /// 0, or what stands for the first thing that is wrong.
    pub(super) fn exit_code(&self) -> u8 {
        self.first_failure.unwrap_or(0)
    }

    fn tell(&mut self, result: Found, subject: &str, message: &str) {
        let mut out = stdout().lock();
        // Whoever has closed standard output still gets the exit code.
        let told = if self.json {
            let line = Line {
                event: "check",
                subject,
                result,
                message,
            };

            printable::json(&mut out, &line).and_then(|()| writeln!(out))
        } else {
            writeln!(
                out,
                "{:<8} {subject:<14} {}",
                result.word(),
                spelled(message, Lines::Spell)
            )
        };
        if let Err(error) = told.and_then(|()| out.flush())
            && self.is_read
        {
            self.is_read = false;
            unprinted(&error);
        }
    }
}
