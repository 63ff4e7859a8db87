//! Notices of a sale whose outcome is unknown, or that staff closed while it was unknown. They say what the
//! customer and the cashier must do, and what they must not do.

use crate::app::choice::Audience;
use crate::app::screens::notice::Notice;
use crate::app::screens::sale_summary::SaleSummary;
use crate::app::widgets::symbol::Shape;
use crate::locale::{Phrase, ScreenText};

pub(crate) fn notice(summary: &SaleSummary) -> Notice {
    let notice = |headline| summary.notice(|palette| palette.unsure, Shape::Question, headline);
    let notice = if summary.audience == Audience::Own {
        notice(Phrase::PaidNotKnown)
            .lines([Phrase::PleaseWait])
            .cashier([Phrase::DoNotChargeAgain.into(), summary.named()])
    } else {
        notice(Phrase::EarlierNotKnown)
            .lines([Phrase::NotYourPaymentWait])
            .cashier([Phrase::DoNotChargeUntilSettled])
    };
    let waits = |next| ScreenText::from(Phrase::NewSaleWaits).with_amount("amount", next);

    notice.cashier(summary.next.map(waits))
}

/// Returns the notice of a sale that staff closed as paid. The till is told that the sale is paid, so the customer
/// is told the same.
pub(crate) fn closed_as_paid(by: &str, summary: &SaleSummary) -> Notice {
    let thanks = match summary.from_before {
        true => Phrase::PaidBefore,
        false => Phrase::ThankYou,
    };

    summary
        .notice(|palette| palette.good, Shape::Tick, Phrase::ClosedAsPaid)
        .lines([thanks])
        .cashier([answers_for_it(by), summary.named()])
}

/// Returns the notice of a sale that staff closed as not paid. `confirming`: the till has started the sale again,
/// and the platform has not confirmed yet that it is unpaid. The notice must not say "not charged".
pub(crate) fn closed_as_not_paid(by: &str, confirming: bool, summary: &SaleSummary) -> Notice {
    let notice = summary
        .notice(
            |palette| palette.ended,
            Shape::Person,
            Phrase::ClosedAsNotPaid,
        )
        .detail([summary.named()]);
    if !confirming {
        return notice.lines([answers_for_it(by)]);
    }

    notice
        .lines([Phrase::OneMomentPlease])
        .cashier([Phrase::CodeOnceConfirmed.into(), answers_for_it(by)])
}

fn answers_for_it(by: &str) -> ScreenText {
    ScreenText::from(Phrase::AnswersForIt).with("name", by)
}
