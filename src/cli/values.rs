//! What an option's value may be, and how it is read.

use std::time::Duration;

use iced::Size;

/// Reads `1024x600`.
pub(super) fn size(text: &str) -> Result<Size<u32>, String> {
    const SMALLEST: u32 = 320;
    const LARGEST: u32 = 16_384;
    let wrong = || {
        format!(
            "write the width and the height in pixels, from {SMALLEST} to {LARGEST}, such as 1024x600"
        )
    };
    let (width, height) = text.split_once('x').ok_or_else(wrong)?;
    let side = |side: &str| {
        side.parse()
            .ok()
            .filter(|side| (SMALLEST..=LARGEST).contains(side))
            .ok_or_else(wrong)
    };

    Ok(Size::new(side(width)?, side(height)?))
}

pub(super) fn seconds(text: &str) -> Result<Duration, String> {
    text.parse()
        .ok()
        .filter(|seconds| (0.0..=3600.0).contains(seconds))
        .map(Duration::from_secs_f64)
        .ok_or_else(|| "write a number of seconds up to 3600".to_owned())
}

/// The platform takes 128 characters (its limit for `invoiceRef`).
pub(super) fn invoice_ref(text: &str) -> Result<String, String> {
    const LONGEST: usize = 128;
    let text = text.trim();
    let fits =
        !text.is_empty() && text.chars().count() <= LONGEST && !text.chars().any(char::is_control);

    fits.then(|| text.to_owned())
        .ok_or_else(|| format!("write 1 to {LONGEST} characters on one line, such as INV-2047"))
}

/// A reference stands in the platform's records and in a url, and is read out over the phone.
pub(super) fn reference(text: &str) -> Result<String, String> {
    const LONGEST: usize = 100;
    let plain = |c: char| c.is_ascii_graphic() || c == ' ';
    let fits = !text.trim().is_empty() && text.len() <= LONGEST && text.chars().all(plain);

    // In a url these stand for a directory, however they are written.
    if [".", ".."].contains(&text.trim()) {
        return Err("write more than dots, such as A1-20260817".to_owned());
    }
    if fits {
        Ok(text.trim().to_owned())
    } else {
        Err(format!(
            "write 1 to {LONGEST} plain characters, such as A1-20260817"
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_size_is_width_times_height_in_pixels() {
        assert_eq!(size("1024x600"), Ok(Size::new(1024, 600)));
        for bad in [
            "1024", "1024x", "x600", "1024*600", "0x600", "10x10", "-1x5",
        ] {
            assert!(size(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn an_invoice_number_that_the_platform_refuses_is_refused_before() {
        assert_eq!(invoice_ref(" INV-7 "), Ok("INV-7".to_owned()));
        assert!(invoice_ref(&"é".repeat(128)).is_ok());
        for bad in ["", " ", "a\nb", &"é".repeat(129)] {
            assert!(invoice_ref(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn a_reference_that_cannot_be_read_out_is_refused() {
        assert_eq!(reference(" A1 "), Ok("A1".to_owned()));
        for bad in ["", "  ", "a\nb", "caf\u{e9}", ".", " .. "] {
            assert!(reference(bad).is_err(), "{bad:?}");
        }
    }
}
