//! The confirmation: paid, how much, by which means.

use super::about::About;
use super::notice::{Notice, Tone};
use super::symbol::Shape;
use crate::basket::shown_quantity;
use crate::locale::{Phrase, Said};
use crate::money::Amount;
use crate::payment::{PaidBy, PaidLine, odd_sum};

/// The most items that are named; the others are counted.
const MOST_ITEMS: usize = 3;

/// Paid in full. `kept`: the payment stands although its cancellation was tried. A sale that was
/// paid before it was asked for again says so: whoever stands here may be somebody else.
pub(super) fn paid(by: &[PaidBy], kept: bool, about: &About) -> Notice {
    let mut notice = Notice::new(Tone::Good, Shape::Tick, about.amount, Phrase::Paid);
    notice.lines = if by.len() == 1 {
        paid_by_line(by)
    } else {
        paid_by_lines(by)
    };
    notice.lines.push(
        match (about.from_before, kept) {
            (true, _) => Phrase::PaidBefore,
            (false, true) => Phrase::CouldNotBeCancelled,
            (false, false) => Phrase::ThankYou,
        }
        .into(),
    );
    let asked = about.amount;
    if asked.is_some_and(|asked| odd_sum(by, asked).is_some()) {
        notice.cashier = vec![Phrase::AnotherSum.into(), about.named()];
    }

    notice
}

/// What is still owed, and what came in.
pub(super) fn part(by: &[PaidBy], remaining: Amount, about: &About) -> Notice {
    let headline = Phrase::StillToBePaid;
    let mut notice = Notice::new(Tone::Unsure, Shape::Half, Some(remaining), headline);
    notice.lines.extend(received(remaining, about));
    notice.lines.extend(paid_by_lines(by));
    notice.lines.extend(bought(by));
    notice.lines.push(Phrase::PayTheRest.into());

    notice
}

/// The sum that came in, by what the platform says is still owed.
pub(super) fn received(remaining: Amount, about: &About) -> Option<Said> {
    let asked = about.amount?;
    let received = asked.checked_sub(remaining)?;

    Some(
        Said::from(Phrase::ReceivedOf)
            .with_amount("received", received)
            .with_amount("asked", asked),
    )
}

/// The means of payment in the platform's words (certification 101.2), each with its sum.
pub(super) fn paid_by_lines(by: &[PaidBy]) -> Vec<Said> {
    by.iter()
        .filter_map(|paid| {
            let means = paid.description.as_str();

            match (paid.total, means.is_empty()) {
                (Some(total), false) => Some(
                    Said::from(Phrase::AmountPaidBy)
                        .with_amount("amount", total)
                        .with("means", means),
                ),
                (Some(total), true) => {
                    Some(Said::from(Phrase::AmountPaid).with_amount("amount", total))
                }
                (None, false) => Some(Said::from(Phrase::PaidBy).with("means", means)),
                (None, true) => None,
            }
        })
        .collect()
}

/// The items that the means of payment bought. Nobody may pay for them again by other means (platform
/// guide "Line Items").
pub(super) fn bought(by: &[PaidBy]) -> Option<Said> {
    let lines = || by.iter().flat_map(|paid| &paid.line_items);
    let mut items: Vec<_> = lines()
        .filter_map(item)
        .take(MOST_ITEMS)
        .map(Said::verbatim)
        .collect();
    if items.is_empty() {
        return None;
    }
    let left_out = lines().count() - items.len();
    if left_out > 0 {
        items.push(Said::from(Phrase::MoreItems).with("count", left_out.to_string()));
    }

    Some(Said::from(Phrase::AlreadyPaid).with_said("items", items))
}

/// Such as `2 × Flat white`, with the number on the line of the name; `None` if the platform gives no name.
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

/// The only means of payment, whose sum is the sale's.
fn paid_by_line(by: &[PaidBy]) -> Vec<Said> {
    by.iter()
        .map(|paid| paid.description.as_str())
        .filter(|means| !means.is_empty())
        .map(|means| Said::from(Phrase::PaidBy).with("means", means))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::locale::Tongue;
    use crate::payment::Text;

    fn said(lines: Vec<PaidLine>) -> Option<String> {
        let by = [PaidBy {
            line_items: lines,
            ..PaidBy::default()
        }];

        bought(&by).map(|said| Tongue::default().say(&said).text.replace('\u{a0}', " "))
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
    fn bought_items_are_named_and_the_rest_counted() {
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
    fn bought_item_without_name_shows_its_number() {
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
