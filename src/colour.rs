//! Colours of the configuration, and their contrast.

use std::fmt;

/// An sRGB colour with eight bits per channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Colour {
    /// The red channel.
    pub red: u8,
    /// The green channel.
    pub green: u8,
    /// The blue channel.
    pub blue: u8,
}

impl Colour {
    const BLACK: Self = Self::rgb(0);
    const WHITE: Self = Self::rgb(0xff_ff_ff);

    /// Returns the colour of a number such as `0x0b4f6c`.
    pub const fn rgb(number: u32) -> Self {
        let [_, red, green, blue] = number.to_be_bytes();

        Self { red, green, blue }
    }

    /// Reads `#0b4f6c` or the short form `#0bc`.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('#')?;
        if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        let number = u32::from_str_radix(digits, 16).ok()?;

        match digits.len() {
            6 => Some(Self::rgb(number)),
            3 => {
                let doubled = |shift: u32| ((number >> shift) & 0xf) * 0x11;

                Some(Self::rgb(doubled(8) << 16 | doubled(4) << 8 | doubled(0)))
            }
            _ => None,
        }
    }

    /// Returns the contrast by WCAG 2: from 1 (same colour) to 21 (black and white).
    pub fn contrast(self, other: Self) -> f32 {
        let (a, b) = (self.luminance(), other.luminance());

        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    /// Returns the nearest colour of the same hue that has a contrast of at least `wanted` to `ground`. It is
    /// darker on a light ground, lighter on a dark one.
    #[must_use]
    pub fn nearest_with_contrast(self, ground: Self, wanted: f32) -> Self {
        const STEPS: u16 = 255;
        let end = ground.ink();

        (0..=STEPS)
            .map(|step| self.mixed(end, f32::from(step) / f32::from(STEPS)))
            .find(|colour| colour.contrast(ground) >= wanted)
            .unwrap_or(end)
    }

    /// Returns black or white, whichever has more contrast to this colour.
    #[must_use]
    pub fn ink(self) -> Self {
        if self.contrast(Self::BLACK) > self.contrast(Self::WHITE) {
            Self::BLACK
        } else {
            Self::WHITE
        }
    }

    /// Mixes in `share` (0 to 1) of another colour.
    fn mixed(self, other: Self, share: f32) -> Self {
        let channel = |from: u8, to: u8| {
            let (from, to) = (f32::from(from), f32::from(to));

            // The value is rounded and within the range of a channel.
            (from + (to - from) * share).round() as u8
        };

        Self {
            red: channel(self.red, other.red),
            green: channel(self.green, other.green),
            blue: channel(self.blue, other.blue),
        }
    }

    /// Relative luminance by WCAG 2, from 0 to 1.
    fn luminance(self) -> f32 {
        let linear = |channel: u8| {
            let value = f32::from(channel) / 255.0;
            if value <= 0.040_45 {
                value / 12.92
            } else {
                ((value + 0.055) / 1.055).powf(2.4)
            }
        };

        0.2126 * linear(self.red) + 0.7152 * linear(self.green) + 0.0722 * linear(self.blue)
    }
}

impl fmt::Display for Colour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{:02x}{:02x}{:02x}", self.red, self.green, self.blue)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn written_colours_are_parsed() {
        for text in ["#0b4f6c", "#ffffff", "#000000"] {
            assert_eq!(
                Colour::parse(text).map(|c| c.to_string()).as_deref(),
                Some(text)
            );
        }
        assert_eq!(Colour::parse("#0Bc"), Some(Colour::rgb(0x00bbcc)));
        for text in ["", "#", "0b4f6c", "#0b4f6", "#0b4f6c80", "#+12345", "blue"] {
            assert_eq!(Colour::parse(text), None, "{text}");
        }
    }

    #[test]
    fn contrast_follows_wcag() {
        let ratio = Colour::BLACK.contrast(Colour::WHITE);
        assert!((ratio - 21.0).abs() < 0.01, "{ratio}");
        let ratio = Colour::rgb(0x76_76_76).contrast(Colour::WHITE);
        assert!((ratio - 4.54).abs() < 0.01, "{ratio}");
    }

    #[test]
    fn nearest_colour_just_passes() {
        for (colour, ground) in [(0xff_7f_00, 0xf4_f6_f8), (0x0b_4f_6c, 0x10_18_1f)] {
            let (colour, ground) = (Colour::rgb(colour), Colour::rgb(ground));
            let nearest = colour.nearest_with_contrast(ground, 7.0);
            let ratio = nearest.contrast(ground);
            assert!((7.0..7.4).contains(&ratio), "{nearest} has {ratio}");
            assert!(nearest.contrast(nearest.ink()) >= 7.0, "{nearest}");
        }
        let passes = Colour::rgb(0x0b_4f_6c);
        assert_eq!(passes.nearest_with_contrast(Colour::WHITE, 7.0), passes);
    }
}
