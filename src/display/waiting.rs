//! The code is gone: what is waited for, and that the customer has nothing to do.

use super::about::About;
use super::choice::Whose;
use super::notice::{Notice, Tone};
use super::symbol::Shape;
use crate::sale::{Cause, Reason};

/// The wait for a verdict.
pub(super) fn of(reason: &Reason, about: &About) -> Notice {
    match reason {
        Reason::Settling => calm(
            about,
            "The time to pay is over",
            &[
                "Checking whether your payment came in. One moment, please.",
                "Please do not pay again.",
            ],
        ),
        Reason::Resuming { .. } => checking(about),
        Reason::Condition(condition) => {
            calm(about, "One question first", &[condition.message.as_str()])
        }
        Reason::PartPayment(by) => {
            let mut notice = calm(about, "A part of it is paid", &[]);
            notice.lines = by
                .iter()
                .map(|paid| {
                    paid.total.map_or_else(
                        || paid.description.to_string(),
                        |total| format!("{total} by {}", paid.description),
                    )
                })
                .chain(["Waiting for the rest. Please go on on your phone.".to_owned()])
                .collect();

            notice
        }
    }
}

/// The platform is asked about a payment before anything else may be shown.
pub(super) fn checking(about: &About) -> Notice {
    if about.whose == Whose::Own {
        return calm(
            about,
            "Checking the last payment",
            &["One moment, please.", "Please do not pay again."],
        );
    }
    let mut notice = calm(
        about,
        "Checking an earlier sale",
        &["This is not your payment. One moment, please."],
    );
    notice.lines.extend(about.what_comes_next());

    notice
}

/// The wait for a cancellation, or for what the platform says about it.
pub(super) fn voiding(cause: &Cause, about: &About) -> Notice {
    match cause {
        Cause::Unclear => checking(about),
        _ if about.whose == Whose::Own => calm(
            about,
            "Cancelling",
            &["One moment, please.", "Please do not pay this any more."],
        ),
        _ => {
            let mut notice = calm(
                about,
                "Cancelling an earlier sale",
                &["This is not your payment. One moment, please."],
            );
            notice.lines.extend(about.what_comes_next());

            notice
        }
    }
}

fn calm(about: &About, headline: &str, lines: &[&str]) -> Notice {
    let mut notice = Notice::new(Tone::Calm, Shape::Dots, about.amount, headline);
    notice.lines = lines.iter().map(|line| (*line).to_owned()).collect();

    notice
}
