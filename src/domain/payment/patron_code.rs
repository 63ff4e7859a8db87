use std::fmt;

use thiserror::Error;

/// The code on a patron's phone, which the shop scans: the platform's `barcode`. For five minutes and once, anyone
/// who has the code can ask the patron for money. So this program tells it to the platform only.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct PatronCode(String);

/// Why a text is no patron code.
#[allow(missing_docs, reason = "the message of each variant explains it")]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum PatronCodeError {
    #[error("there is no code; scan the code on the customer's phone")]
    Missing,
    /// The text has a character that is neither a digit, nor a space or a dash between digits.
    #[error("a customer's code has digits only; scan the code on the customer's phone")]
    NotDigits,
    #[error("a customer's code has at most 16 digits; scan the code on the customer's phone")]
    TooLong,
}

impl PatronCode {
    /// The length that the platform documents: a prefix of 6 digits, 9 digits, and a check digit.
    pub const LENGTH: usize = 16;

    /// Parses a code as it was scanned or typed, with or without spaces and dashes. Any prefix is accepted, since
    /// new ones may appear. Shorter codes are accepted too: the platform decides about them.
    ///
    /// # Errors
    ///
    /// A sentence that says what is wrong and what to do.
    pub fn parse(text: &str) -> Result<Self, PatronCodeError> {
        let is_gap = |c: &char| c.is_whitespace() || *c == '-';
        let digits: String = text.chars().filter(|c| !is_gap(c)).collect();
        if digits.is_empty() {
            return Err(PatronCodeError::Missing);
        }
        if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(PatronCodeError::NotDigits);
        }
        if digits.len() > Self::LENGTH {
            return Err(PatronCodeError::TooLong);
        }

        Ok(Self(digits))
    }

    /// Whether the last digit fits the others (ISO/IEC 7812-1, annex B: Luhn). A code without a check digit always
    /// does.
    ///
    /// A wrong digit most likely means a wrong scan. It is no proof: the sample in the platform's own
    /// documentation, 9990001234567895, breaks the rule. Only the platform knows whether a code is valid.
    pub fn is_consistent(&self) -> bool {
        self.0.len() != Self::LENGTH || passes_luhn(&self.0)
    }

    /// Returns the digits, for the platform.
    pub fn digits(&self) -> &str {
        &self.0
    }

    /// Returns only as many digits as a person needs to tell this code from another.
    pub fn masked(&self) -> String {
        const TOLD: usize = 4;
        let hidden = self.0.len().saturating_sub(TOLD);
        let told = if hidden == 0 { "" } else { &self.0[hidden..] };

        format!("…{told}")
    }
}

/// Hides most digits, so that the log does not get the code either.
impl fmt::Debug for PatronCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PatronCode({})", self.masked())
    }
}

/// Whether the last digit is the check digit of the others.
fn passes_luhn(digits: &str) -> bool {
    let sum: u32 = digits
        .bytes()
        .rev()
        .enumerate()
        .map(|(place, byte)| {
            let digit = u32::from(byte - b'0');
            match place % 2 {
                0 => digit,
                _ if digit > 4 => digit * 2 - 9,
                _ => digit * 2,
            }
        })
        .sum();

    sum.is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The platform's sample with a corrected last digit, which fits Luhn's rule.
    const SAMPLE: &str = "9990001234567890";

    #[test]
    fn a_code_is_read_as_people_write_it() {
        for text in [
            SAMPLE,
            " 9990001234567890\r",
            "9990 0012 3456 7890",
            "999000-123456789-0",
        ] {
            assert_eq!(PatronCode::parse(text).unwrap().digits(), SAMPLE, "{text}");
        }
        // The platform's documentation creates a request with this code.
        assert!(PatronCode::parse("123456789").is_ok());
        assert!(PatronCode::parse("1").is_ok());
    }

    #[test]
    fn what_is_no_code_is_refused_with_what_to_do() {
        for (text, error) in [
            ("", PatronCodeError::Missing),
            (" - ", PatronCodeError::Missing),
            ("12.50", PatronCodeError::NotDigits),
            ("CP-C7F-ZS5", PatronCodeError::NotDigits),
            ("٣٤٥", PatronCodeError::NotDigits),
            ("99900012345678901", PatronCodeError::TooLong),
        ] {
            assert_eq!(PatronCode::parse(text), Err(error), "{text}");
            assert!(error.to_string().contains("scan"), "{error}");
        }
    }

    fn consistent(digits: &str) -> bool {
        PatronCode::parse(digits).unwrap().is_consistent()
    }

    #[test]
    fn wrong_and_swapped_digits_are_noticed() {
        for place in 0..SAMPLE.len() {
            for digit in b'0'..=b'9' {
                let mut other = SAMPLE.as_bytes().to_vec();
                other[place] = digit;
                let other = String::from_utf8(other).unwrap();
                assert_eq!(consistent(&other), other == SAMPLE, "{other}");
            }
        }
        assert!(!consistent("9990001234576890"));
        // Shorter codes have no known check digit. The documentation's sample has a wrong one, but is accepted.
        assert!(consistent("123456789"));
        assert!(PatronCode::parse("9990001234567895").is_ok());
    }

    #[test]
    fn no_more_than_four_digits_are_ever_written() {
        for (text, told) in [
            (SAMPLE, "…7890"),
            ("12345", "…2345"),
            ("1234", "…"),
            ("1", "…"),
        ] {
            let code = PatronCode::parse(text).unwrap();
            assert_eq!(code.masked(), told);
            assert_eq!(format!("{code:?}"), format!("PatronCode({told})"));
        }
    }
}
