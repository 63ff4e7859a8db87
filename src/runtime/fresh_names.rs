//! References and tokens, drawn from the clock and at random.

use jiff::Timestamp;

use crate::domain::counter::FreshNames;

/// The length of a token. 62^10 is enough: no two counters draw the same token for the same reference.
const TOKEN_LENGTH: usize = 10;

/// Draws the names of a new sale.
pub fn fresh_names() -> FreshNames {
    FreshNames {
        reference: fresh_reference(),
        token: random_text(TOKEN_LENGTH),
    }
}

/// Draws a reference that no other sale has. The time is for people. The eight random characters tell two counters
/// apart in the same second. The platform asks for a unique reference (certification 104.6).
pub(crate) fn fresh_reference() -> String {
    let time = Timestamp::now().strftime("%Y%m%dT%H%M%SZ");

    format!("PD-{time}-{}", random_text(8))
}

/// Draws letters and digits.
pub(crate) fn random_text(length: usize) -> String {
    std::iter::repeat_with(fastrand::alphanumeric)
        .take(length)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn f2_no_two_references_are_the_same() {
        let references: std::collections::HashSet<_> =
            std::iter::repeat_with(fresh_reference).take(1000).collect();
        assert_eq!(references.len(), 1000);
    }
}
