//! The code that a patron shows on the phone.

/// The platform's: a prefix of 6 digits, 9 more, and one that checks them.
const LENGTH: usize = 16;

/// Whether the sandbox takes a code: every one whose digits go together, and every shorter one.
pub(super) fn is_good(code: &str) -> bool {
    let digits = !code.is_empty() && code.bytes().all(|byte| byte.is_ascii_digit());

    digits && (code.len() < LENGTH || code.len() == LENGTH && sum(code).is_multiple_of(10))
}

/// Luhn's sum: every second digit from the right is doubled, and the digits of that are added.
fn sum(code: &str) -> u32 {
    let digits = code.chars().rev().filter_map(|digit| digit.to_digit(10));
    let weighted = digits.enumerate().map(|(place, digit)| match place % 2 {
        0 => digit,
        _ => digit * 2 / 10 + digit * 2 % 10,
    });

    weighted.sum()
}
