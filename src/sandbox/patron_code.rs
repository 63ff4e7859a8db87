//! The code that a patron shows on the phone.

use super::refusal::Refusal;

/// The platform's length: a prefix of 6 digits, 9 more, and one that checks them.
const LENGTH: usize = 16;

/// Checks the last digit of a code of 16 digits. Other codes have no digit that checks them.
///
/// # Errors
/// 400 `CHECKSUM_FAILED`, documented as "Luhn checksum digit doesn't pass".
pub(super) fn check_digits(code: &str) -> Result<(), Refusal> {
    if code.len() == LENGTH && is_digits(code) && !luhn_sum(code).is_multiple_of(10) {
        return Err(Refusal::mistake(
            "CHECKSUM_FAILED",
            "the last digit of the patron code does not check the others",
        ));
    }

    Ok(())
}

/// Whether the sandbox knows a code: every one of 1 to 16 digits.
pub(super) fn is_known(code: &str) -> bool {
    (1..=LENGTH).contains(&code.len()) && is_digits(code)
}

fn is_digits(code: &str) -> bool {
    code.bytes().all(|byte| byte.is_ascii_digit())
}

/// Luhn's sum: every second digit from the right is doubled, and the digits of that are added.
fn luhn_sum(code: &str) -> u32 {
    let digits = code.chars().rev().filter_map(|digit| digit.to_digit(10));
    let weighted = digits.enumerate().map(|(place, digit)| match place % 2 {
        0 => digit,
        _ => digit * 2 / 10 + digit * 2 % 10,
    });

    weighted.sum()
}
