//! Notices of sales for which money came in: paid, paid in part or paid late, for the present sale or an earlier
//! one.
//!
//! An earlier sale's notice differs from a confirmation in colour, shape and headline: the present customer must
//! not take the notice for their own.

use crate::app::choice::Audience;
use crate::app::screens::notice::Notice;
use crate::app::screens::sale_summary::SaleSummary;
use crate::app::widgets::symbol::Shape;
use crate::domain::basket::shown_quantity;
use crate::domain::money::Amount;
use crate::domain::payment::{PaidBy, PaidLine, odd_sum};
use crate::locale::{Phrase, ScreenText};
use crate::sale::Ending;

/// Paid in full. `kept`: a void was tried, but the payment was kept. If the sale was already paid before this
/// launch, the notice says so: another customer may stand at the counter now.
pub(crate) fn paid(by: &[PaidBy], kept: bool, summary: &SaleSummary) -> Notice {
    if summary.audience != Audience::Own {
        return earlier_paid(by, kept, summary);
    }
    let means = match by {
        // With a single means of payment, its sum is the amount above the line.
        [only] => paid_by_line(only, None).into_iter().collect(),
        _ => paid_by_lines(by),
    };
    let thanks = match (summary.from_before, kept) {
        (true, _) => Phrase::PaidBefore,
        (false, true) => Phrase::CouldNotBeCancelled,
        (false, false) => Phrase::ThankYou,
    };
    let notice = summary
        .notice(|palette| palette.good, Shape::Tick, Phrase::Paid)
        .lines(means)
        .lines([thanks]);
    match summary.amount.and_then(|asked| odd_sum(by, asked)) {
        Some(_) => notice.cashier([Phrase::AnotherSum.into(), summary.named()]),
        None => notice,
    }
}

fn earlier_paid(by: &[PaidBy], kept: bool, summary: &SaleSummary) -> Notice {
    let means = paid_by_lines(by);
    let paid = if means.is_empty() {
        Phrase::PaidInFull.into()
    } else {
        ScreenText::from(Phrase::PaidInFullBy).with_texts("means", means)
    };

    earlier(Shape::Receipt, Phrase::EarlierPaid, summary)
        .cashier([paid, Phrase::DoNotChargeItAgain.into()])
        .cashier(kept.then_some(Phrase::CancelledTooLate))
}

/// Paid in part: shows the amount still owed and the payments that came in.
pub(crate) fn part_paid(by: &[PaidBy], remaining: Amount, summary: &SaleSummary) -> Notice {
    let came_in = came_in(by, Some(remaining), summary);
    if summary.audience != Audience::Own {
        return earlier(Shape::Half, Phrase::EarlierPaidInPart, summary)
            .cashier([not_paid(remaining)])
            .cashier(came_in);
    }

    Notice {
        amount: Some(remaining),
        ..summary.notice(|palette| palette.unsure, Shape::Half, Phrase::StillToBePaid)
    }
    .lines(came_in)
    .lines([Phrase::PayTheRest])
}

pub(crate) fn earlier_refund_started(summary: &SaleSummary) -> Notice {
    earlier(Shape::Return, Phrase::EarlierGoingBack, summary).cashier([Phrase::NotPaidGoingBack])
}

fn earlier(shape: Shape, headline: Phrase, summary: &SaleSummary) -> Notice {
    summary
        .notice(|palette| palette.past, shape, headline)
        .lines([Phrase::NotYourPaymentWait])
        .lines(summary.next_sale())
}

/// A payment that came in after this display had called the sale unpaid. The notice stands out, because the
/// cashier decides whether the money is kept.
pub(crate) fn late(ending: &Ending, summary: &SaleSummary) -> Notice {
    let headline = match (ending, summary.audience) {
        (Ending::RefundStarted, _) => Phrase::LateGoingBack,
        (_, Audience::Own) => Phrase::LatePaid,
        _ => Phrase::LateEarlier,
    };
    let notice = summary.notice(|palette| palette.late, Shape::Alert, headline);
    let notice = if summary.audience == Audience::Own {
        let lines: &[_] = match ending {
            Ending::PartPaid { .. } => &[Phrase::PartArrivedAfterAll],
            Ending::RefundStarted => &[Phrase::CameTooLate, Phrase::GoingBackToYou],
            _ => &[Phrase::ArrivedAfterAll, Phrase::DoNotPayAgain],
        };

        notice
            .lines(lines.iter().copied())
            .cashier([summary.named()])
    } else {
        notice
            .lines([Phrase::NotYourPaymentWait])
            .lines(summary.next_sale())
    };
    let outcome = match ending {
        Ending::PartPaid { remaining, .. } => not_paid(*remaining),
        Ending::RefundStarted => Phrase::GoingBackNotPaid.into(),
        _ if summary.audience == Audience::Own => Phrase::ThisSaleIsPaidNow.into(),
        _ => Phrase::ThatSaleIsPaidNow.into(),
    };

    notice.cashier([Phrase::CameInAfter.into(), outcome])
}

fn not_paid(remaining: Amount) -> ScreenText {
    ScreenText::from(Phrase::AmountNotPaid).with_amount("amount", remaining)
}

/// The payments that came in: the sum, if the platform says how much is still owed, and the means of payment.
pub(super) fn came_in(
    by: &[PaidBy],
    remaining: Option<Amount>,
    summary: &SaleSummary,
) -> impl Iterator<Item = ScreenText> {
    let received = remaining.and_then(|remaining| {
        let asked = summary.amount?;
        let received = asked.checked_sub(remaining)?;

        Some(
            ScreenText::from(Phrase::ReceivedOf)
                .with_amount("received", received)
                .with_amount("asked", asked),
        )
    });

    received
        .into_iter()
        .chain(paid_by_lines(by))
        .chain(bought(by))
}

/// The means of payment in the platform's words (certification 101.2), each with its sum.
fn paid_by_lines(by: &[PaidBy]) -> Vec<ScreenText> {
    by.iter()
        .filter_map(|paid| paid_by_line(paid, paid.total))
        .collect()
}

fn paid_by_line(paid: &PaidBy, total: Option<Amount>) -> Option<ScreenText> {
    let means = paid.description.as_str();
    let amount = |phrase: Phrase, total| ScreenText::from(phrase).with_amount("amount", total);

    match (total, means.is_empty()) {
        (Some(total), false) => Some(amount(Phrase::AmountPaidBy, total).with("means", means)),
        (Some(total), true) => Some(amount(Phrase::AmountPaid, total)),
        (None, false) => Some(ScreenText::from(Phrase::PaidBy).with("means", means)),
        (None, true) => None,
    }
}

/// The items that a voucher or another means of payment bought. The customer must not pay for them
/// again by other means (platform guide "Line Items").
fn bought(by: &[PaidBy]) -> Option<ScreenText> {
    /// The most items to name; the other items are only counted.
    const MOST_ITEMS: usize = 3;
    let lines = || by.iter().flat_map(|paid| &paid.line_items);
    let mut items: Vec<_> = lines()
        .filter_map(item)
        .take(MOST_ITEMS)
        .map(ScreenText::verbatim)
        .collect();
    if items.is_empty() {
        return None;
    }
    let left_out = lines().count() - items.len();
    if left_out > 0 {
        items.push(ScreenText::from(Phrase::MoreItems).with("count", left_out.to_string()));
    }

    Some(ScreenText::from(Phrase::AlreadyPaid).with_texts("items", items))
}

/// Returns an item as `2 × Flat white`, with no line break before the name; `None` without a name and a SKU.
fn item(line: &PaidLine) -> Option<String> {
    let name = match (line.name.is_empty(), &line.sku) {
        (false, _) => &line.name,
        (true, sku) => sku.as_ref()?,
    };

    Some(match &line.quantity {
        Some(quantity) => format!(
            "{}\u{a0}×\u{a0}{name}",
            shown_quantity(quantity.as_str()).replace('-', "−")
        ),
        None => name.to_string(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::payment::Text;
    use crate::locale::Translator;

    fn said(lines: Vec<PaidLine>) -> Option<String> {
        let by = [PaidBy {
            line_items: lines,
            ..PaidBy::default()
        }];

        bought(&by).map(|said| Translator::default().say(&said).text.replace('\u{a0}', " "))
    }

    fn line(quantity: Option<&str>, name: &str, sku: Option<&str>) -> PaidLine {
        PaidLine {
            name: Text::clean(name),
            quantity: quantity.map(Text::clean),
            sku: sku.map(Text::clean),
            price: None,
        }
    }

    #[test]
    fn three_items_are_named_the_rest_counted() {
        let many = |count| vec![line(Some("2"), "Flat white", None); count];
        assert_eq!(said(Vec::new()), None);
        assert_eq!(
            said(many(1)).as_deref(),
            Some("Already paid: 2 × Flat white")
        );
        assert_eq!(
            said(many(5)).as_deref(),
            Some("Already paid: 2 × Flat white, 2 × Flat white, 2 × Flat white, and 2 more")
        );
    }

    #[test]
    fn item_without_name_shows_its_sku() {
        assert_eq!(
            said(vec![
                line(None, "", Some("GH1234")),
                line(Some("1"), "", None)
            ])
            .as_deref(),
            Some("Already paid: GH1234, and 1 more")
        );
        assert_eq!(said(vec![line(Some("1"), "", None)]), None);
    }
}
