//! The words of a notice, as large as the room allows. They are to the right of the notice's shape, or below.

use iced::widget::{column, container, row, text};
use iced::{Alignment, Length, Padding, Size, Theme};

use super::Notice;
use crate::app::message::Message;
use crate::app::renderer::{Column, Element};
use crate::app::theme::look::Look;
use crate::app::theme::palette::SurfaceColours;
use crate::app::widgets::symbol::symbol;
use crate::app::widgets::{measure, parts};
use crate::locale::{Phrase, TranslatedText};

pub(super) fn margin(look: &Look) -> f32 {
    look.space(3.0)
}

/// The sizes of a notice's amount, headline, words and detail, then of its symbol next to the words, and of its
/// symbol above them. In steps of the spacing scale.
type Sizes = [f32; 6];

/// The sizes from the best to the tightest. The amount is always the largest text.
const SIZES: [Sizes; 12] = [
    [14.0, 5.6, 2.9, 1.9, 25.0, 26.0],
    [12.2, 5.2, 2.7, 1.9, 23.0, 24.0],
    [10.8, 4.8, 2.5, 1.8, 20.0, 22.0],
    [9.5, 4.4, 2.2, 1.7, 18.0, 20.0],
    [8.5, 4.4, 2.2, 1.7, 18.0, 17.0],
    [7.5, 4.1, 2.2, 1.7, 17.0, 14.0],
    [6.6, 3.8, 2.2, 1.7, 15.0, 12.0],
    [5.8, 3.5, 2.1, 1.7, 13.0, 10.0],
    [5.2, 3.2, 2.0, 1.6, 11.0, 9.0],
    [4.6, 2.9, 1.9, 1.6, 10.0, 8.0],
    [4.0, 2.6, 1.8, 1.6, 9.0, 7.0],
    [3.5, 2.4, 1.7, 1.6, 8.0, 6.0],
];

/// A paragraph of a notice.
struct Group {
    words: TranslatedText,
    size: f32,
    line_height: f32,
    kind: Kind,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Amount,
    Headline,
    SecondHeadline,
    Customer,
    SecondCustomer,
    Cashier,
    Detail,
}

impl Kind {
    /// Returns the label that says who the words are for, if the kind needs one.
    fn label(self) -> Option<Phrase> {
        match self {
            Self::Customer | Self::SecondCustomer => Some(Phrase::Customer),
            Self::Cashier => Some(Phrase::Cashier),
            Self::Amount | Self::Headline | Self::SecondHeadline | Self::Detail => None,
        }
    }
}

struct Layout {
    symbol: f32,
    width: f32,
    groups: Vec<Group>,
    fits: bool,
}

/// Draws the notice in the largest sizes at which everything fits into `room`.
pub(super) fn body<'a>(
    notice: &Notice,
    room: Size,
    look: &Look,
    surface: SurfaceColours,
) -> Element<'a, Message> {
    let Some(layout) = largest(notice, room, look) else {
        return column![].into();
    };
    let labelled = !notice.cashier.is_empty();
    let shape = symbol(notice.shape, surface.ink, layout.symbol);
    let says = column_of(&layout.groups, labelled, layout.width, look, surface);
    let body: Element<'a, Message> = if look.is_portrait() {
        column![shape, says].spacing(gap_below(look)).into()
    } else {
        row![shape, says]
            .spacing(margin(look))
            .align_y(Alignment::Center)
            .into()
    };

    container(body)
        .height(Length::Fill)
        .align_y(Alignment::Center)
        .into()
}

/// Returns the layout with the largest sizes that fit. First all sizes are tried with the configured text size,
/// then the smaller ones with the usual text size. Small words are better than none.
fn largest(notice: &Notice, room: Size, look: &Look) -> Option<Layout> {
    const SMALLER: usize = 5;
    const SHARES: [f32; 6] = [0.9, 0.8, 0.7, 0.6, 0.5, 0.4];
    let [.., tightest] = SIZES;
    let (step, enlarged_step) = (look.space(1.0), look.letters(1.0));
    let enlarged = SIZES.iter().map(|sizes| (*sizes, enlarged_step));
    let usual = SIZES[SMALLER..].iter().map(|sizes| (*sizes, step));
    let small = SHARES
        .iter()
        .map(|share| (tightest.map(|size| size * share), step));
    let mut chosen = None;
    for (sizes, step) in enlarged.chain(usual).chain(small) {
        let layout = laid_out(notice, sizes, room, look, step);
        let fits = layout.fits;
        chosen = Some(layout);
        if fits {
            break;
        }
    }

    chosen
}

/// Lays a notice out. `step`: the pixels of one step of text.
fn laid_out(notice: &Notice, sizes: Sizes, room: Size, look: &Look, step: f32) -> Layout {
    let [.., beside, above] = sizes.map(|size| look.space(size));
    let (symbol, width, height_above) = if look.is_portrait() {
        (above, room.width, above + gap_below(look))
    } else {
        (beside, room.width - beside - margin(look), 0.0)
    };
    let groups = groups(notice, sizes, look, width, step);
    let height = height_above + height(&groups, look, width);

    Layout {
        symbol,
        width,
        fits: height <= room.height && symbol <= room.height,
        groups,
    }
}

fn gap_below(look: &Look) -> f32 {
    look.space(2.0)
}

fn groups(notice: &Notice, sizes: Sizes, look: &Look, width: f32, step: f32) -> Vec<Group> {
    // The headline is smaller than the amount.
    const HEADLINE_OF_AMOUNT: f32 = 0.68;
    // A second language is smaller.
    const SECOND: f32 = 0.72;
    let [amount, headline, words, detail, ..] = sizes;
    let mut groups = Vec::new();
    let mut headline = step * headline;
    if let Some(sum) = notice.amount {
        let words = look.say(sum);
        let size = measure::on_one_line(&words, look.space(amount), width);
        headline = headline.min(size * HEADLINE_OF_AMOUNT);
        groups.push(Group {
            words,
            size,
            line_height: 1.05,
            kind: Kind::Amount,
        });
    }
    let headlines = look.translator.translate_all(&notice.headline.into());
    for (index, words) in headlines.into_iter().enumerate() {
        let (size, kind) = match index {
            0 => (headline, Kind::Headline),
            _ => (headline * SECOND, Kind::SecondHeadline),
        };
        groups.push(Group {
            size: headline_size(&words, size, width),
            words,
            line_height: 1.15,
            kind,
        });
    }
    // The customer stands farther away than the cashier, so their words are larger.
    let customer = if notice.cashier.is_empty() {
        words
    } else {
        words * 1.2
    };
    let lines: Vec<_> = notice
        .lines
        .iter()
        .map(|said| look.translator.translate_all(said))
        .collect();
    let nth = |n: usize| lines.iter().filter_map(move |words| words.get(n).cloned());
    let of = |size: f32, kind: Kind| {
        move |words| Group {
            words,
            size: (step * size).min(headline),
            line_height: 1.25,
            kind,
        }
    };
    let say = |said| look.translator.say(said);
    // All lines in the first language come first, then all in the second.
    groups.extend(nth(0).map(of(customer, Kind::Customer)));
    groups.extend(nth(1).map(of(customer * 0.86, Kind::SecondCustomer)));
    groups.extend(notice.cashier.iter().map(say).map(of(words, Kind::Cashier)));
    groups.extend(notice.detail.iter().map(say).map(of(detail, Kind::Detail)));

    groups
}

/// Returns the size of a headline: it is on one line if it loses at most 30 % of its size. No line ends within a
/// word.
fn headline_size(words: &TranslatedText, largest: f32, width: f32) -> f32 {
    const LITTLE: f32 = 0.7;
    let on_one_line = measure::on_one_line(words, largest, width);
    if on_one_line >= largest * LITTLE {
        on_one_line
    } else {
        measure::unbroken(words, largest, width)
    }
}

/// The gap above a group; smaller between groups of the same kind.
fn gap_above(groups: &[Group], index: usize, look: &Look) -> f32 {
    let kind = |index: usize| groups.get(index).map(|group| group.kind);
    match (index.checked_sub(1).and_then(kind), kind(index)) {
        (None, _) => 0.0,
        (before, this) if before == this => look.space(0.3),
        (Some(Kind::Amount), _) | (_, Some(Kind::SecondHeadline)) => look.space(0.4),
        _ => look.space(0.9),
    }
}

fn height(groups: &[Group], look: &Look, width: f32) -> f32 {
    let labelled = groups.iter().any(|group| group.kind == Kind::Cashier);
    let heights = groups.iter().enumerate().map(|(index, group)| {
        let indent = match group.kind.label() {
            Some(_) if labelled => label_width(look) + label_gap(look),
            _ => 0.0,
        };
        let words = measure::room(&group.words, group.size, group.line_height, width - indent);

        words.height + gap_above(groups, index, look)
    });

    heights.sum()
}

fn column_of<'a>(
    groups: &[Group],
    labelled: bool,
    width: f32,
    look: &Look,
    surface: SurfaceColours,
) -> Column<'a, Message> {
    let mut column = Column::new();
    let mut before = None;
    for (index, group) in groups.iter().enumerate() {
        let ink = match group.kind {
            Kind::Detail | Kind::SecondHeadline | Kind::SecondCustomer => surface.quiet,
            _ => surface.ink,
        };
        let wrapping = match group.kind {
            Kind::Amount => text::Wrapping::None,
            _ => text::Wrapping::WordOrGlyph,
        };
        let words = parts::words(group.words.clone(), group.size, ink)
            .line_height(group.line_height)
            .wrapping(wrapping);
        let label = group.kind.label().filter(|_| labelled);
        let indent = label.map_or(0.0, |_| label_width(look) + label_gap(look));
        let balanced = match group.kind {
            Kind::Amount => width,
            _ => measure::balanced(&group.words, group.size, group.line_height, width - indent),
        };
        let words = words.width(balanced);
        let first = before.replace(label) != Some(label);
        let line: Element<'a, Message> = match label {
            Some(label) => {
                let height = group.size * group.line_height;
                let chip = first.then(|| label_chip(label, height, look, surface));

                row![
                    container(chip).width(label_width(look)).center_y(height),
                    words
                ]
                .spacing(label_gap(look))
                .into()
            }
            None => words.into(),
        };
        let gap = gap_above(groups, index, look);
        column = column.push(container(line).padding(Padding::ZERO.top(gap)));
    }

    column
}

fn label_width(look: &Look) -> f32 {
    look.space(8.4)
}

fn label_gap(look: &Look) -> f32 {
    look.space(1.2)
}

/// The label that says who a line is for, next to the first line for this person.
fn label_chip<'a>(
    label: Phrase,
    height: f32,
    look: &Look,
    surface: SurfaceColours,
) -> Element<'a, Message> {
    /// The text size as a share of the line's height.
    const LETTERS: f32 = 0.75;
    let radius = look.space(0.4);
    let words = look.say(label);
    let largest = look.space(1.6).min(height * LETTERS);
    let size = measure::on_one_line(&words, largest, label_width(look) - look.space(0.8));

    container(parts::words(words, size, surface.ink))
        .center_x(Length::Fill)
        .style(move |_theme: &Theme| parts::outlined(surface.ink, radius))
        .into()
}
