//! The outcome of a sale, with the names that tills, the journal and people know.

use schemars::JsonSchema;
use serde::Serialize;

/// The outcome of a sale.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// Paid in full.
    Paid,
    /// Paid in part.
    PartPaid,
    /// The platform says that the request was not paid in time.
    Expired,
    /// The request was cancelled.
    Cancelled,
    /// The request was paid, but then cancelled. The money goes back.
    RefundStarted,
    /// No one can say whether money moved.
    Unknown,
    /// The platform or this program refused the sale. No code was shown.
    Rejected,
    /// The platform could not be reached. No code was shown.
    Unreachable,
}

impl Outcome {
    /// All outcomes, each with its name and its exit code. Tills rely on both, so neither may change.
    const ALL: [(Self, &'static str, u8); 8] = [
        (Self::Paid, "paid", 0),
        (Self::PartPaid, "part-paid", 10),
        (Self::Expired, "expired", 20),
        (Self::Cancelled, "cancelled", 21),
        (Self::RefundStarted, "refund-started", 22),
        (Self::Unknown, "unknown", 30),
        (Self::Rejected, "rejected", 40),
        (Self::Unreachable, "unreachable", 41),
    ];

    /// Returns the outcome with this name.
    pub fn parse(name: &str) -> Option<Self> {
        let found = Self::ALL.iter().find(|(_, known, _)| *known == name);

        found.map(|(outcome, ..)| *outcome)
    }

    /// Whether money came in, even if it goes back.
    pub const fn is_money(self) -> bool {
        matches!(self, Self::Paid | Self::PartPaid | Self::RefundStarted)
    }

    /// Returns the outcome's name in events and in the journal.
    pub const fn as_str(self) -> &'static str {
        Self::ALL[self as usize].1
    }

    /// Returns the exit code of the program for this outcome.
    pub const fn exit_code(self) -> u8 {
        Self::ALL[self as usize].2
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn table_is_in_the_order_of_the_type() {
        for (index, (outcome, name, exit_code)) in Outcome::ALL.into_iter().enumerate() {
            assert_eq!(outcome as usize, index);
            assert_eq!(outcome.as_str(), name);
            assert_eq!(serde_json::to_value(outcome).unwrap(), name);
            assert_eq!(outcome.exit_code(), exit_code);
            assert_eq!(Outcome::parse(name), Some(outcome));
        }
        assert_eq!(Outcome::parse("kept"), None);
    }
}
