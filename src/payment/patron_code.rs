use std::fmt;

use thiserror::Error;

/// What a customer shows on the phone, in the place of the shop showing a code: the platform's
/// `barcode`. Whoever has it can have the customer asked for money, for five minutes and once, so it is
/// told to nobody but the platform.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct PatronCode(String);

/// Why something is no patron code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum PatronCodeError {
    /// There is nothing.
    #[error("there is no code; scan the code on the customer's phone")]
    Missing,
    /// Something in it is neither a digit nor a space or a dash between digits.
    #[error("a customer's code has digits only; scan the code on the customer's phone")]
    NotDigits,
    /// It is longer than any.
    #[error("a customer's code has at most 16 digits; scan the code on the customer's phone")]
    TooLong,
}

impl PatronCode {
    /// As the platform documents it: a prefix of 6 digits, 9 more, and one to check them by.
    pub const LENGTH: usize = 16;

    /// Reads a code as it was scanned or typed. Spaces and dashes may stand in it. Prefixes are not looked
    /// at, since there may be more of them one day, and shorter codes are left to the platform.
    ///
    /// # Errors
    ///
    /// What is wrong with it, in a sentence that says what to do.
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

    /// Whether its last digit checks the others, where it has one that does (ISO/IEC 7812-1, annex B: Luhn).
    ///
    /// Where it does not, a scan has most likely gone wrong. That is no proof, since the sample in the
    /// platform's own documentation, 9990001234567895, has another last digit than this rule gives it:
    /// whether a code is good, only the platform can say.
    pub fn is_consistent(&self) -> bool {
        self.0.len() != Self::LENGTH || passes_luhn(&self.0)
    }

    /// The digits, for the platform.
    pub fn digits(&self) -> &str {
        &self.0
    }

    /// So much of it that a person can tell it from another one, and no more.
    pub fn masked(&self) -> String {
        const TOLD: usize = 4;
        let hidden = self.0.len().saturating_sub(TOLD);
        let told = if hidden == 0 { "" } else { &self.0[hidden..] };

        format!("…{told}")
    }
}

/// Not told to a log either.
impl fmt::Debug for PatronCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PatronCode({})", self.masked())
    }
}

/// Whether the last digit checks the others.
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

    /// The platform's own sample, with the last digit that Luhn's rule gives it.
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
        // The documentation's sample of a create.
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
    fn one_wrong_digit_and_two_that_changed_places_are_noticed() {
        for place in 0..SAMPLE.len() {
            for digit in b'0'..=b'9' {
                let mut other = SAMPLE.as_bytes().to_vec();
                other[place] = digit;
                let other = String::from_utf8(other).unwrap();
                assert_eq!(consistent(&other), other == SAMPLE, "{other}");
            }
        }
        assert!(!consistent("9990001234576890"));
        // Shorter ones have no digit that is known to check them; and the documentation's sample is let in.
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
