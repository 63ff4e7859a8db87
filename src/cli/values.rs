//! Parses the values of options.

use std::time::Duration;

use iced::Size;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp, Zoned};

use crate::local_api::tills::{TillName, WebOrigin};
use crate::refund::PaymentName;

/// Parses a size such as `1024x600`.
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

/// Parses an invoice number. The platform's limit for `invoiceRef` is 128 characters.
pub(super) fn invoice_ref(text: &str) -> Result<String, String> {
    const LONGEST: usize = 128;
    let text = text.trim();
    let fits =
        !text.is_empty() && text.chars().count() <= LONGEST && !text.chars().any(char::is_control);

    fits.then(|| text.to_owned())
        .ok_or_else(|| format!("write 1 to {LONGEST} characters on one line, such as INV-2047"))
}

/// Parses a reference. The platform stores it, a URL contains it, and people read it out over the phone.
pub(super) fn reference(text: &str) -> Result<String, String> {
    const LONGEST: usize = 100;
    let plain = |c: char| c.is_ascii_graphic() || c == ' ';
    let fits = text.len() <= LONGEST && text.chars().all(plain);
    match text.trim() {
        // In a URL, these segments mean a directory, even when they are escaped.
        "." | ".." => Err("write more than dots, such as A1-20260817".to_owned()),
        text if fits && !text.is_empty() => Ok(text.to_owned()),
        _ => Err(format!(
            "write 1 to {LONGEST} plain characters, such as A1-20260817"
        )),
    }
}

/// Parses the date on a receipt. A time or a zone is refused, because it could mean another day here.
pub(super) fn date(text: &str) -> Result<Date, String> {
    let text = text.trim();

    Date::strptime("%Y-%m-%d", text)
        .or_else(|_| Date::strptime("%Y%m%d", text))
        .map_err(|_| "write only the date on the receipt, such as 2026-08-17".to_owned())
}

/// Parses a payment request's id or short code.
pub(super) fn request_name(text: &str) -> Result<PaymentName, String> {
    PaymentName::new(text).ok_or_else(|| {
        "write the payment request's id, such as MhocUmpxxmgdHjr7DgKoKw, or its short code, such \
         as CP-C7F-ZS5"
            .to_owned()
    })
}

/// Parses the name of a till.
pub(super) fn till_name(text: &str) -> Result<TillName, String> {
    TillName::parse(text)
}

/// Parses the origin of a till's web page.
pub(super) fn web_origin(text: &str) -> Result<WebOrigin, String> {
    WebOrigin::parse(text)
}

/// Parses a date, a time or an age such as `2h`.
pub(super) fn since(text: &str) -> Result<Timestamp, String> {
    let by_clock = |at: DateTime| at.to_zoned(TimeZone::system()).map(|at| at.timestamp());
    let ago = || {
        text.parse::<Span>()
            .and_then(|span| Zoned::now().checked_sub(span.abs()))
            .map(|at| at.timestamp())
    };

    // `DateTime` would ignore a zone in brackets.
    let local = || match text.contains('[') {
        true => ago(),
        false => text.parse::<DateTime>().and_then(by_clock),
    };

    text.parse::<Timestamp>()
        .or_else(|_| local())
        .or_else(|_| ago())
        .map_err(|_| {
            "write a date such as 2026-08-17, a time such as 2026-08-17T09:30, or an age such as 2h or 7d"
                .to_owned()
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn size_is_width_and_height() {
        assert_eq!(size("1024x600"), Ok(Size::new(1024, 600)));
        for bad in [
            "1024", "1024x", "x600", "1024*600", "0x600", "10x10", "-1x5",
        ] {
            assert!(size(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn invalid_invoice_number_is_refused() {
        assert_eq!(invoice_ref(" INV-7 "), Ok("INV-7".to_owned()));
        assert!(invoice_ref(&"é".repeat(128)).is_ok());
        for bad in ["", " ", "a\nb", &"é".repeat(129)] {
            assert!(invoice_ref(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn unreadable_reference_is_refused() {
        assert_eq!(reference(" A1 "), Ok("A1".to_owned()));
        for bad in ["", "  ", "a\nb", "caf\u{e9}", ".", " .. "] {
            assert!(reference(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn since_takes_date_time_or_age() {
        for good in [
            "2026-08-17",
            "2026-08-17T09:30",
            "2h",
            "7d",
            "2026-08-17T09:30:00Z",
        ] {
            assert!(since(good).is_ok(), "{good}");
        }
        let an_hour_ago = since("1h").expect("a time");
        let age = Timestamp::now().duration_since(an_hour_ago).as_secs();
        assert!((3599..=3601).contains(&age), "{age}");
        assert!(since("yesterday-ish").is_err());
    }
}
