//! Numbers as tills write them: as JSON numbers or text, with an exponent, or with floating-point noise.

use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

/// The number of decimals that count: a millionth of a kilogram, of a percent or of a cent. Further decimals are
/// noise.
const DECIMALS: u32 = 6;

/// A decimal number, in millionths.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Decimal(i128);

impl Decimal {
    const ONE: i128 = 10_i128.pow(DECIMALS);

    /// Parses `-12.50` or `1.25e1`, and rounds it to six decimals. `None` for other text, and for a number too
    /// large for any till.
    fn parse(text: &str) -> Option<Self> {
        let (number, exponent) = match text.split_once(['e', 'E']) {
            Some((number, exponent)) => (number, exponent.parse::<i32>().ok()?),
            None => (text, 0),
        };
        let (is_negative, number) = match number.strip_prefix('-') {
            Some(number) => (true, number),
            None => (false, number),
        };
        let (whole, part) = number.split_once('.').unwrap_or((number, "0"));
        let is_plain =
            |digits: &str| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        if !is_plain(whole) || !is_plain(part) {
            return None;
        }
        let digits: i128 = format!("{whole}{part}").parse().ok()?;
        let shift = exponent
            .checked_add(DECIMALS.cast_signed())?
            .checked_sub(i32::try_from(part.len()).ok()?)?;
        let power = 10_i128.checked_pow(shift.unsigned_abs());
        let millionths = match power {
            Some(power) if shift >= 0 => digits.checked_mul(power)?,
            Some(power) => digits.checked_add(power / 2)? / power,
            None if shift < 0 || digits == 0 => 0,
            None => return None,
        };

        Some(Self(if is_negative { -millionths } else { millionths }))
    }

    /// Formats the number without an exponent and trailing zeros, with at most `decimals` decimals.
    fn plain(self, decimals: u32) -> String {
        let step = 10_i128.pow(DECIMALS - decimals.min(DECIMALS));
        let rounded = (self.0.abs() + step / 2) / step * step;
        let sign = if self.0 < 0 && rounded > 0 { "-" } else { "" };
        let text = format!("{sign}{}.{:06}", rounded / Self::ONE, rounded % Self::ONE);

        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    }
}

/// Returns a quantity as the patron sees it: at most three decimals, and none if all are zero. Other text stays
/// unchanged.
pub fn shown_quantity(quantity: &str) -> String {
    const SHOWN: u32 = 3;
    let Some(decimal) = Decimal::parse(quantity) else {
        return quantity.to_owned();
    };
    let decimals = quantity.split_once('.').map_or("", |(_, part)| part);
    // A scale writes such a quantity, so it stays unchanged.
    if decimals.len() <= SHOWN as usize && decimals.contains(|c| c != '0') {
        return quantity.to_owned();
    }
    let rounded = decimal.plain(SHOWN);
    // A quantity of less than a thousandth must not show as zero.
    if rounded == "0" && decimal.0 != 0 {
        return decimal.plain(DECIMALS);
    }

    rounded
}

/// The value that a till wrote where a number is expected.
struct Written(String);

impl<'de> Deserialize<'de> for Written {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = Box::<RawValue>::deserialize(deserializer)?;
        let json = raw.get();
        match json.as_bytes().first() {
            Some(b'"') => serde_json::from_str::<String>(json)
                .map(|text| Self(text.trim().to_owned()))
                .map_err(serde::de::Error::custom),
            Some(b'-' | b'0'..=b'9') => Ok(Self(json.to_owned())),
            _ if json == "null" => Ok(Self(String::new())),
            _ => Err(serde::de::Error::custom("a number is needed")),
        }
    }
}

impl Written {
    /// Returns a plain number unchanged, and any other number without its exponent and floating-point noise.
    fn figures<E: serde::de::Error>(self, may_be_negative: bool) -> Result<String, E> {
        const LONGEST: usize = 20;
        let wrong = || E::custom("a number such as 2 or 0.35 is needed");
        let decimal = Decimal::parse(&self.0)
            .filter(|decimal| may_be_negative || decimal.0 >= 0)
            .ok_or_else(wrong)?;
        let decimals = self.0.split_once('.').map_or(0, |(_, part)| part.len());
        let is_noisy = self.0.contains(['e', 'E']) || decimals > DECIMALS as usize;
        let text = if is_noisy {
            decimal.plain(DECIMALS)
        } else {
            self.0
        };
        if text.len() > LONGEST {
            return Err(wrong());
        }

        Ok(text)
    }

    fn minor_units<E: serde::de::Error>(&self) -> Result<i64, E> {
        Decimal::parse(&self.0)
            .filter(|decimal| decimal.0 % Decimal::ONE == 0)
            .and_then(|decimal| i64::try_from(decimal.0 / Decimal::ONE).ok())
            .ok_or_else(|| E::custom("a whole number of minor units is needed, 1250 for 12.50"))
    }

    fn is_absent(&self) -> bool {
        self.0.is_empty()
    }
}

/// Reads a quantity. It is below zero for returned goods.
pub(super) fn quantity<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    Written::deserialize(deserializer)?.figures(true)
}

/// Reads an optional share in percent.
pub(super) fn maybe_percent<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<String>, D::Error> {
    let written = Written::deserialize(deserializer)?;

    (!written.is_absent())
        .then(|| written.figures(false))
        .transpose()
}

/// Reads an amount in minor units.
pub(super) fn minor_units<'de, D: Deserializer<'de>>(deserializer: D) -> Result<i64, D::Error> {
    Written::deserialize(deserializer)?.minor_units()
}

/// Reads an optional amount in minor units.
pub(super) fn maybe_minor_units<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<i64>, D::Error> {
    let written = Written::deserialize(deserializer)?;

    (!written.is_absent())
        .then(|| written.minor_units())
        .transpose()
}

/// Whether a price ends in `.00`, such as `5.00`. It could mean 5 minor units or 500.
pub(super) fn looks_like_major_units(json: &str) -> bool {
    #[derive(Deserialize)]
    struct Line {
        price: Written,
    }
    let lines: Vec<Line> = serde_json::from_str(json).unwrap_or_default();

    lines.iter().any(|line| {
        line.price
            .0
            .split_once('.')
            .is_some_and(|(_, part)| part == "00")
    })
}

/// Reads an optional truth value: `true`, `"True"`, `1` and their opposites.
pub(super) fn maybe_truth<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<bool>, D::Error> {
    let raw = Box::<RawValue>::deserialize(deserializer)?;
    match raw
        .get()
        .trim_matches('"')
        .trim()
        .to_ascii_lowercase()
        .as_str()
    {
        "" | "null" => Ok(None),
        "true" | "1" => Ok(Some(true)),
        "false" | "0" => Ok(Some(false)),
        _ => Err(serde::de::Error::custom("true or false is needed")),
    }
}
