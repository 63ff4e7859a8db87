//! Short codes, such as `CP-C7F-ZS5`.
//!
//! A code has five random characters and a check character. The alphabet leaves out characters that people
//! confuse. Its 31 characters form a prime field, so the weighted sum detects every single wrong character and
//! every swapped pair.

use super::refusal::SandboxRefusal;

const ALPHABET: &[u8; 31] = b"23456789ABCDEFGHJKMNPQRSTUVWXYZ";
const PREFIX: &str = "CP";
/// Weight of the first character; each further one weighs one more.
const FIRST_WEIGHT: usize = 2;

/// Draws a random code. Another request may already have the same code.
pub(super) fn random() -> String {
    let payload: [usize; 5] = std::array::from_fn(|_| fastrand::usize(..ALPHABET.len()));
    let letters: String = payload
        .into_iter()
        .chain([check_value(payload)])
        .map(letter)
        .collect();
    let (first, second) = letters.split_at(3);

    format!("{PREFIX}-{first}-{second}")
}

/// Checks a code for typing errors.
/// Errors: 400 `CHECKSUM_FAILED`, also for a code of another form.
pub(super) fn check(code: &str) -> Result<(), SandboxRefusal> {
    match parse(code) {
        Some((payload, check)) if check_value(payload) == check => Ok(()),
        _ => Err(SandboxRefusal::mistake(
            "CHECKSUM_FAILED",
            "the short code has a typing error",
        )),
    }
}

/// The values of the five characters and of the check character.
fn parse(code: &str) -> Option<([usize; 5], usize)> {
    let (prefix, rest) = code.split_once('-')?;
    let (first, second) = rest.split_once('-')?;
    if prefix != PREFIX || first.len() != 3 || second.len() != 3 {
        return None;
    }

    let values: Option<Vec<usize>> = first
        .bytes()
        .chain(second.bytes())
        .map(|byte| ALPHABET.iter().position(|letter| *letter == byte))
        .collect();
    let values = values?;
    let (check, payload) = values.split_last()?;
    Some((payload.try_into().ok()?, *check))
}

fn check_value(payload: [usize; 5]) -> usize {
    let weights = FIRST_WEIGHT..;
    let sum: usize = payload
        .iter()
        .zip(weights)
        .map(|(value, weight)| value * weight)
        .sum();

    sum % ALPHABET.len()
}

fn letter(value: usize) -> char {
    ALPHABET.get(value).map_or('2', |byte| char::from(*byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn platform_sample_is_valid() {
        assert_eq!(check("CP-C7F-ZS5"), Ok(()));
    }

    #[test]
    fn random_codes_are_valid() {
        for _ in 0..200 {
            let code = random();
            assert_eq!(check(&code), Ok(()), "{code}");
        }
    }

    #[test]
    fn one_wrong_character_is_caught() {
        let sample = "CP-C7F-ZS5";
        for position in [3, 4, 5, 7, 8, 9] {
            let letters = ALPHABET.iter().map(|byte| char::from(*byte));
            for letter in letters.filter(|letter| !sample[position..].starts_with(*letter)) {
                let mut wrong = sample.to_owned();
                wrong.replace_range(position..=position, letter.to_string().as_str());
                assert!(check(&wrong).is_err(), "{wrong}");
            }
        }
    }

    #[test]
    fn swapped_neighbours_are_caught() {
        for wrong in [
            "CP-7CF-ZS5",
            "CP-CF7-ZS5",
            "CP-C7Z-FS5",
            "CP-C7F-SZ5",
            "CP-C7F-Z5S",
        ] {
            assert!(check(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn other_forms_are_refused() {
        for wrong in [
            "",
            "CP",
            "C7F-ZS5",
            "CP-C7FZS5",
            "XX-C7F-ZS5",
            "CP-C7F-ZS5-015",
            "CP-C7F-ZSé",
        ] {
            assert!(check(wrong).is_err(), "{wrong}");
        }
    }
}
