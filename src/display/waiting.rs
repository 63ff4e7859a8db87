//! There is no code, or not any more: what is waited for, and what the customer does meanwhile, mostly
//! nothing.

use std::time::Duration;

use super::about::About;
use super::choice::Whose;
use super::notice::{Notice, Tone};
use super::success::{bought, paid_by_lines, received};
use super::symbol::Shape;
use super::words;
use crate::locale::{Phrase, Said};
use crate::money::Amount;
use crate::payment::{ConditionStatus, PaidBy};
use crate::sale::{Cause, Question, Reason};

/// The wait for a verdict. `left`: the time that is left to pay.
pub(super) fn of(reason: &Reason, left: Duration, about: &About) -> Notice {
    match reason {
        Reason::Barcode => for_the_patron(left, about),
        Reason::Settling => calm(
            about,
            Phrase::TimeIsOver,
            &[Phrase::CheckingPayment, Phrase::DoNotPayAgain],
        ),
        Reason::Resuming { .. } => checking(about),
        Reason::Condition(question) => of_question(question, about),
        Reason::PartPayment { by, remaining } => part(by, *remaining, about),
    }
}

/// What came in so far, and the rest, large.
fn part(by: &[PaidBy], remaining: Option<Amount>, about: &About) -> Notice {
    let mut notice = match remaining {
        Some(_) => calm(about, Phrase::StillToBePaid, &[]),
        None => calm(about, Phrase::PartIsPaid, &[]),
    };
    notice.amount = remaining.or(about.amount);
    notice
        .lines
        .extend(remaining.and_then(|remaining| received(remaining, about)));
    notice.lines.extend(paid_by_lines(by));
    notice.lines.extend(bought(by));
    notice.lines.push(Phrase::WaitingForTheRest.into());

    notice
}

/// The customer's phone asks to confirm the payment.
fn for_the_patron(left: Duration, about: &About) -> Notice {
    let headline = Phrase::ConfirmOnPhone;
    let mut notice = Notice::new(Tone::Calm, Shape::Confirm, about.amount, headline);
    notice.lines.push(words::time_left(left));

    notice
}

/// A payment condition, in the platform's own words.
fn of_question(question: &Question, about: &About) -> Notice {
    let message = Said::verbatim(question.condition().message.as_str());
    if question.condition().status == ConditionStatus::AwaitingPatron {
        let mut notice = calm(about, Phrase::QuestionFirst, &[]);
        notice.lines = vec![message, Phrase::AnswerOnPhone.into()];

        return notice;
    }
    let mut notice = calm(about, Phrase::QuestionFirst, &[Phrase::OneMomentPlease]);
    notice.cashier.push(message);
    if question.has_lost_an_answer() {
        notice.cashier.push(Phrase::AnswerAgain.into());
    }

    notice
}

/// The platform is asked about a payment before anything else may be shown.
pub(super) fn checking(about: &About) -> Notice {
    if about.whose == Whose::Own {
        return calm(
            about,
            Phrase::CheckingLastPayment,
            &[Phrase::OneMomentPlease, Phrase::DoNotPayAgain],
        );
    }

    about_another(about, Phrase::CheckingEarlierSale)
}

/// The wait for a cancellation, or for what the platform says about it.
pub(super) fn voiding(cause: &Cause, about: &About) -> Notice {
    match cause {
        Cause::Unclear => checking(about),
        _ if about.whose == Whose::Own => calm(
            about,
            Phrase::Cancelling,
            &[Phrase::OneMomentPlease, Phrase::DoNotPayAnyMore],
        ),
        _ => about_another(about, Phrase::CancellingEarlierSale),
    }
}

/// A wait that the present customer has no part in.
fn about_another(about: &About, headline: Phrase) -> Notice {
    let mut notice = calm(about, headline, &[Phrase::NotYourPaymentMoment]);
    notice.lines.extend(about.what_comes_next());

    notice
}

fn calm(about: &About, headline: Phrase, lines: &[Phrase]) -> Notice {
    let mut notice = Notice::new(Tone::Calm, Shape::Dots, about.amount, headline);
    notice.lines = lines.iter().copied().map(Said::from).collect();

    notice
}
