use std::fmt::Display;
use std::io::{Write, stdout};

use serde::Serialize;

use crate::cli::failure::{CommandError, unprinted};
use crate::text::printable::{self, Lines, spelled};

/// Prints the result of each check at once, and remembers the first failure.
#[derive(Debug)]
pub(super) struct Report {
    json: bool,
    is_stdout_open: bool,
    first_failure: Option<u8>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum CheckResult {
    Ok,
    Note,
    Failed,
    Skipped,
}

impl CheckResult {
    /// Returns the word for people. A failure is in capitals, to be found at once.
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
struct ReportLine<'a> {
    event: &'static str,
    subject: &'a str,
    result: CheckResult,
    message: &'a str,
}

impl Report {
    pub(super) fn to_stdout(json: bool) -> Self {
        Self {
            json,
            is_stdout_open: true,
            first_failure: None,
        }
    }

    pub(super) fn good(&mut self, subject: &str, message: impl Display) {
        self.tell(CheckResult::Ok, subject, message);
    }

    /// Reports something that does not prevent a sale.
    pub(super) fn note(&mut self, subject: &str, message: impl Display) {
        self.tell(CheckResult::Note, subject, message);
    }

    pub(super) fn failed(&mut self, subject: &str, exit_code: u8, message: impl Display) {
        self.first_failure.get_or_insert(exit_code);
        self.tell(CheckResult::Failed, subject, message);
    }

    /// Reports a check that could not run, because an earlier one failed.
    pub(super) fn skipped(&mut self, subject: &str, because: impl Display) {
        self.tell(CheckResult::Skipped, subject, because);
    }

    /// Returns the value, or reports the failure.
    pub(super) fn passed<T>(
        &mut self,
        subject: &str,
        result: Result<T, impl Into<CommandError>>,
    ) -> Option<T> {
        result
            .map_err(Into::into)
            .inspect_err(|failure| self.failed(subject, failure.exit_code(), failure))
            .ok()
    }

    /// Returns 0, or the exit code of the first failure.
    pub(super) fn exit_code(&self) -> u8 {
        self.first_failure.unwrap_or(0)
    }

    fn tell(&mut self, result: CheckResult, subject: &str, message: impl Display) {
        let message = &message.to_string();
        let mut out = stdout().lock();
        // If standard output is closed, the exit code still reports the result.
        let told = if self.json {
            let line = ReportLine {
                event: "check",
                subject,
                result,
                message,
            };

            printable::json_line(&mut out, &line)
        } else {
            let (word, message) = (result.word(), spelled(message, Lines::Spell));

            writeln!(out, "{word:<8} {subject:<14} {message}")
        };
        if let Err(error) = told.and_then(|()| out.flush())
            && self.is_stdout_open
        {
            self.is_stdout_open = false;
            unprinted(&error);
        }
    }
}
