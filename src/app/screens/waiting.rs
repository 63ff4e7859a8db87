//! Notices for a wait without a code: what the display waits for, and what the customer does meanwhile.

use std::time::Duration;

use crate::app::choice::Audience;
use crate::app::screens::notice::Notice;
use crate::app::screens::sale_summary::SaleSummary;
use crate::app::screens::success::came_in;
use crate::app::screens::words;
use crate::app::widgets::symbol::Shape;
use crate::domain::money::Amount;
use crate::domain::payment::{ConditionStatus, PaidBy};
use crate::locale::{Phrase, ScreenText};
use crate::sale::{Cause, Question, Reason};

/// The notice while the display waits for a verdict. `left`: the time left to pay.
pub(crate) fn notice(reason: &Reason, left: Duration, summary: &SaleSummary) -> Notice {
    match reason {
        Reason::Barcode => for_the_patron(left, summary),
        Reason::Settling => calm(Phrase::TimeIsOver, summary)
            .lines([Phrase::CheckingPayment, Phrase::DoNotPayAgain]),
        Reason::Resuming { .. } => checking(summary),
        Reason::Condition(question) => condition(question, summary),
        Reason::PartPayment { by, remaining } => part(by, *remaining, summary),
    }
}

/// Shows the amount still owed as the largest text, and the payments that came in.
fn part(by: &[PaidBy], remaining: Option<Amount>, summary: &SaleSummary) -> Notice {
    let headline = match remaining {
        Some(_) => Phrase::StillToBePaid,
        None => Phrase::PartIsPaid,
    };

    Notice {
        amount: remaining.or(summary.amount),
        ..calm(headline, summary)
    }
    .lines(came_in(by, remaining, summary))
    .lines([Phrase::WaitingForTheRest])
}

fn for_the_patron(left: Duration, summary: &SaleSummary) -> Notice {
    Notice {
        shape: Shape::Confirm,
        ..calm(Phrase::ConfirmOnPhone, summary)
    }
    .lines([words::time_left(left)])
}

/// A payment condition, in the platform's own words.
fn condition(question: &Question, summary: &SaleSummary) -> Notice {
    let message = ScreenText::verbatim(question.condition().message.as_str());
    let notice = calm(Phrase::QuestionFirst, summary);
    if question.condition().status == ConditionStatus::AwaitingPatron {
        return notice.lines([message, Phrase::AnswerOnPhone.into()]);
    }

    notice
        .lines([Phrase::OneMomentPlease])
        .cashier([message])
        .cashier(question.has_lost_an_answer().then_some(Phrase::AnswerAgain))
}

/// The notice while the display asks the platform about a payment, before it shows anything else.
pub(crate) fn checking(summary: &SaleSummary) -> Notice {
    if summary.audience == Audience::Own {
        return calm(Phrase::CheckingLastPayment, summary)
            .lines([Phrase::OneMomentPlease, Phrase::DoNotPayAgain]);
    }

    earlier_sale(Phrase::CheckingEarlierSale, summary)
}

/// The notice while the display waits for a void, and then for the verdict.
pub(crate) fn voiding(cause: &Cause, summary: &SaleSummary) -> Notice {
    match cause {
        Cause::Unclear => checking(summary),
        _ if summary.audience == Audience::Own => calm(Phrase::Cancelling, summary)
            .lines([Phrase::OneMomentPlease, Phrase::DoNotPayAnyMore]),
        _ => earlier_sale(Phrase::CancellingEarlierSale, summary),
    }
}

/// The notice while the display waits for an earlier sale, not for the present customer's.
fn earlier_sale(headline: Phrase, summary: &SaleSummary) -> Notice {
    calm(headline, summary)
        .lines([Phrase::NotYourPaymentMoment])
        .lines(summary.next_sale())
}

fn calm(headline: Phrase, summary: &SaleSummary) -> Notice {
    summary.notice(|palette| palette.calm, Shape::Dots, headline)
}
