//! The words of a notice beside or below its shape, as large as the room allows.

use iced::widget::{column, container, row, text};
use iced::{Alignment, Length, Padding, Size};

use super::label::{label_gap, label_of, label_width};
use super::{Notice, margin};
use crate::display::look::Look;
use crate::display::palette::Surface;
use crate::display::symbol::symbol;
use crate::display::{Column, Element};
use crate::display::{Message, measure, parts};
use crate::locale::{Phrase, Said, Words};

/// Sizes of a notice's parts, in steps of the spacing scale.
#[derive(Debug, Clone, Copy)]
struct Sizes {
    amount: f32,
    headline: f32,
    words: f32,
    detail: f32,
    symbol: f32,
    symbol_above: f32,
}

/// From the best to the tightest: the amount stays the largest in all of them.
const SIZES: [Sizes; 12] = [
    Sizes::new(14.0, 5.6, 2.9, 1.9, 25.0, 26.0),
    Sizes::new(12.2, 5.2, 2.7, 1.9, 23.0, 24.0),
    Sizes::new(10.8, 4.8, 2.5, 1.8, 20.0, 22.0),
    Sizes::new(9.5, 4.4, 2.2, 1.7, 18.0, 20.0),
    Sizes::new(8.5, 4.4, 2.2, 1.7, 18.0, 17.0),
    Sizes::new(7.5, 4.1, 2.2, 1.7, 17.0, 14.0),
    Sizes::new(6.6, 3.8, 2.2, 1.7, 15.0, 12.0),
    Sizes::new(5.8, 3.5, 2.1, 1.7, 13.0, 10.0),
    Sizes::new(5.2, 3.2, 2.0, 1.6, 11.0, 9.0),
    Sizes::new(4.6, 2.9, 1.9, 1.6, 10.0, 8.0),
    Sizes::new(4.0, 2.6, 1.8, 1.6, 9.0, 7.0),
    Sizes::new(3.5, 2.4, 1.7, 1.6, 8.0, 6.0),
];

impl Sizes {
    const fn new(
        amount: f32,
        headline: f32,
        words: f32,
        detail: f32,
        symbol: f32,
        symbol_above: f32,
    ) -> Self {
        Self {
            amount,
            headline,
            words,
            detail,
            symbol,
            symbol_above,
        }
    }

    /// The same, all of it smaller.
    fn times(self, share: f32) -> Self {
        Self {
            amount: self.amount * share,
            headline: self.headline * share,
            words: self.words * share,
            detail: self.detail * share,
            symbol: self.symbol * share,
            symbol_above: self.symbol_above * share,
        }
    }
}

/// One group of words that stand below each other.
struct Group {
    words: Words,
    size: f32,
    line_height: f32,
    kind: Kind,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Amount,
    Headline,
    /// The headline in a second language.
    HeadlineToo,
    Customer,
    /// What the customer is told, in a second language.
    CustomerToo,
    Cashier,
    Detail,
}

impl Kind {
    /// Whom it speaks to, where it has to be said.
    fn label(self) -> Option<Phrase> {
        match self {
            Self::Customer | Self::CustomerToo => Some(Phrase::Customer),
            Self::Cashier => Some(Phrase::Cashier),
            Self::Amount | Self::Headline | Self::HeadlineToo | Self::Detail => None,
        }
    }
}

/// A notice laid out with sizes.
struct Layout {
    symbol: f32,
    width: f32,
    groups: Vec<Group>,
    fits: bool,
}

/// The largest sizes at which everything fits into `room`.
pub(super) fn body<'a>(
    notice: &Notice,
    room: Size,
    look: &Look,
    surface: Surface,
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

/// Text that is wanted larger gives way last: all sizes are tried with it, and then the smaller ones
/// without. Where the buttons leave no room for these either, small words are better than none.
fn largest(notice: &Notice, room: Size, look: &Look) -> Option<Layout> {
    const SMALLER: usize = 5;
    const SHARES: [f32; 6] = [0.9, 0.8, 0.7, 0.6, 0.5, 0.4];
    let [.., tightest] = SIZES;
    let enlarged = SIZES
        .iter()
        .map(|sizes| laid_out(notice, sizes, room, look, look.letters(1.0)));
    let usual = SIZES[SMALLER..]
        .iter()
        .map(|sizes| laid_out(notice, sizes, room, look, look.space(1.0)));
    let small = SHARES
        .iter()
        .map(|share| laid_out(notice, &tightest.times(*share), room, look, look.space(1.0)));
    let mut chosen = None;
    for layout in enlarged.chain(usual).chain(small) {
        let fits = layout.fits;
        chosen = Some(layout);
        if fits {
            break;
        }
    }

    chosen
}

/// A notice with these sizes, a step of text being so many pixels.
fn laid_out(notice: &Notice, sizes: &Sizes, room: Size, look: &Look, step: f32) -> Layout {
    let beside = !look.is_portrait();
    let side = look.space(if beside {
        sizes.symbol
    } else {
        sizes.symbol_above
    });
    let width = if beside {
        room.width - side - margin(look)
    } else {
        room.width
    };
    let groups = groups(notice, sizes, look, width, step);
    let above = if beside { 0.0 } else { side + gap_below(look) };
    let height = above + height(&groups, look, width);

    Layout {
        symbol: side,
        width,
        fits: height <= room.height && side <= room.height,
        groups,
    }
}

fn gap_below(look: &Look) -> f32 {
    look.space(2.0)
}

fn groups(notice: &Notice, sizes: &Sizes, look: &Look, width: f32, step: f32) -> Vec<Group> {
    // What happened and what to do stand below the amount in size as well.
    const HEADLINE_OF_AMOUNT: f32 = 0.68;
    // A second language steps back.
    const SECOND: f32 = 0.72;
    let mut groups = Vec::new();
    let mut headline = step * sizes.headline;
    if let Some(amount) = notice.amount {
        let words = look.say(amount);
        let size = measure::on_one_line(&words, look.space(sizes.amount), width);
        headline = headline.min(size * HEADLINE_OF_AMOUNT);
        groups.push(Group {
            words,
            size,
            line_height: 1.05,
            kind: Kind::Amount,
        });
    }
    for (index, words) in look
        .tongue
        .say_in_all(&notice.headline)
        .into_iter()
        .enumerate()
    {
        let (size, kind) = match index {
            0 => (headline, Kind::Headline),
            _ => (headline * SECOND, Kind::HeadlineToo),
        };
        groups.push(Group {
            size: headline_size(&words, size, width),
            words,
            line_height: 1.15,
            kind,
        });
    }
    // Where both are spoken to, the customer's words are the larger ones: they are farther away.
    let customer = if notice.cashier.is_empty() {
        sizes.words
    } else {
        sizes.words * 1.2
    };
    let second = customer * 0.86;
    let said = customers(&notice.lines, look)
        .into_iter()
        .map(|(kind, words)| match kind {
            Kind::Customer => (kind, customer, words),
            _ => (kind, second, words),
        });
    let cashier = notice
        .cashier
        .iter()
        .map(|said| (Kind::Cashier, sizes.words, look.tongue.say(said)));
    let detail = notice
        .detail
        .iter()
        .map(|said| (Kind::Detail, sizes.detail, look.tongue.say(said)));
    groups.extend(
        said.chain(cashier)
            .chain(detail)
            .map(|(kind, size, words)| Group {
                words,
                size: (step * size).min(headline),
                line_height: 1.25,
                kind,
            }),
    );

    groups
}

/// A headline stands on one line where that costs it little, and never breaks within a word.
fn headline_size(words: &Words, largest: f32, width: f32) -> f32 {
    const LITTLE: f32 = 0.7;
    let on_one_line = measure::on_one_line(words, largest, width);
    if on_one_line >= largest * LITTLE {
        on_one_line
    } else {
        measure::unbroken(words, largest, width)
    }
}

/// What the customer is told: all of it in the first language, and then all of it in the second.
fn customers(lines: &[Said], look: &Look) -> Vec<(Kind, Words)> {
    let spoken: Vec<Vec<Words>> = lines
        .iter()
        .map(|said| look.tongue.say_in_all(said))
        .collect();
    let nth = |n: usize, kind: Kind| {
        spoken
            .iter()
            .filter_map(move |words| words.get(n).cloned())
            .map(move |words| (kind, words))
    };

    nth(0, Kind::Customer)
        .chain(nth(1, Kind::CustomerToo))
        .collect()
}

/// The gap above a group of words: less between what belongs together.
fn gap_above(groups: &[Group], index: usize, look: &Look) -> f32 {
    let kind = |index: usize| groups.get(index).map(|group| group.kind);
    match (index.checked_sub(1).and_then(kind), kind(index)) {
        (None, _) => 0.0,
        (before, this) if before == this => look.space(0.3),
        (Some(Kind::Amount), _) | (_, Some(Kind::HeadlineToo)) => look.space(0.4),
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
    surface: Surface,
) -> Column<'a, Message> {
    let mut column = Column::new();
    let mut before = None;
    for (index, group) in groups.iter().enumerate() {
        let ink = match group.kind {
            Kind::Detail | Kind::HeadlineToo | Kind::CustomerToo => surface.quiet,
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
        let words = words.width(Length::Fixed(balanced));
        let first = before.replace(label) != Some(label);
        let line: Element<'a, Message> = match label {
            Some(label) => {
                let height = group.size * group.line_height;

                row![
                    label_of(first.then_some(label), height, look, surface),
                    words
                ]
                .spacing(label_gap(look))
                .into()
            }
            None => words.into(),
        };
        column = column.push(container(line).padding(Padding {
            top: gap_above(groups, index, look),
            ..Padding::ZERO
        }));
    }

    column
}
