//! Nobody is served: whose shop this is, in the shop's own languages, and nothing that a customer could
//! take for a question.

use iced::widget::{Space, center, column, container, text};
use iced::{Alignment, Background, Border, Length, Padding, Size, Theme};

use super::look::Look;
use super::shop;
use super::{Column, Element};
use super::{Message, measure, parts};
use crate::locale::{Phrase, Said, Words};

/// What the idle screen says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Idle {
    /// The shop.
    pub name: String,
    /// The time of day, where it is shown.
    pub clock: Option<String>,
}

/// The smallest share of the sizes that are wanted.
const SMALLEST: f32 = 0.35;
/// The least height of a logo, as a part of the screen's: with less left, the words get smaller.
const LEAST_LOGO: f32 = 0.16;

/// Draws it: the logo, the name and a welcome in the middle, the clock at the foot.
pub(super) fn view<'a>(idle: &Idle, look: &Look) -> Element<'a, Message> {
    let surface = look.palette.calm;
    let margin = look.space(4.0);
    let edge = look.space(2.0);
    // As high as the clock at the foot, so that the middle is the screen's own.
    let clock_height = match idle.clock {
        Some(_) => look.letters(2.6) * LINE + look.space(1.0),
        None => 0.0,
    };
    let room = Size::new(
        look.size.width - 2.0 * margin,
        look.size.height - 2.0 * (edge + clock_height),
    );
    let words = Middle::fitting(idle, room, look);
    let left = room.height - words.height() - words.gaps.below_logo;
    let logo_room = Size::new(room.width * 0.7, left.min(look.size.height * 0.34));
    let logo = shop::logo::<Message>(logo_room, look.scale_factor, look);
    let mut middle = Column::new().align_x(Alignment::Center);
    if let Some(logo) = logo {
        middle = middle.push(logo).push(gap(words.gaps.below_logo));
    }
    let clock: Element<'a, Message> = match &idle.clock {
        Some(clock) => parts::letters(clock, look.letters(2.6), surface.quiet).into(),
        None => Space::new().into(),
    };
    let screen = column![
        gap(clock_height),
        center(words.push_to(middle, look)),
        container(clock)
            .height(Length::Fixed(clock_height))
            .width(Length::Fill)
            .align_x(Alignment::Center)
            .align_y(Alignment::End),
    ]
    .padding(Padding::from([edge, margin]));

    parts::screen(screen, look, surface)
}

/// A longer name gets smaller, then is cut.
const MOST_LINES: u32 = 4;

/// How high a line of these letters is.
const LINE: f32 = 1.25;

/// The name and the welcome, in sizes at which all of it fits.
struct Middle {
    name: Words,
    name_size: f32,
    /// Where the name is broken, so that its lines are about as long.
    name_width: f32,
    welcomes: Vec<(Words, f32)>,
    rule: f32,
    gaps: Gaps,
    width: f32,
}

#[derive(Clone, Copy)]
struct Gaps {
    below_logo: f32,
    above_rule: f32,
    below_rule: f32,
}

impl Middle {
    fn fitting(idle: &Idle, room: Size, look: &Look) -> Self {
        let logo = match look.shop_logo {
            Some(_) => look.size.height * LEAST_LOGO,
            None => 0.0,
        };
        let mut share = 1.0;
        loop {
            let middle = Self::new(idle, room.width, share, look);
            let needed = middle.height() + middle.gaps.below_logo + logo;
            if share <= SMALLEST || needed <= room.height {
                return middle;
            }
            share -= 0.05;
        }
    }

    fn new(idle: &Idle, width: f32, share: f32, look: &Look) -> Self {
        let letters = |steps: f32| (look.letters(steps) * share).floor();
        let name = look.say(Said::verbatim(&idle.name));
        let largest = letters(if look.shop_logo.is_some() { 5.0 } else { 8.0 });
        // On one line, or on more where it would get small.
        let smallest = look.small().min(largest);
        let wanted = measure::on_one_line(&name, largest, width)
            .max(measure::unbroken(&name, largest * 0.6, width))
            .max(smallest);
        let (name, name_size) =
            measure::on_lines(name, (smallest, wanted), LINE, width, MOST_LINES);
        let welcomes = look.tongue.say_in_all(&Phrase::Welcome.into());
        let sized = |(index, words): (usize, Words)| {
            let largest = letters(if index == 0 { 3.2 } else { 2.6 });
            let size = measure::on_one_line(&words, largest, width);

            (words, size)
        };

        Self {
            name_width: measure::balanced(&name, name_size, LINE, width).ceil(),
            name,
            name_size,
            welcomes: welcomes.into_iter().enumerate().map(sized).collect(),
            rule: look.space(0.5),
            gaps: Gaps {
                below_logo: look.space(3.4 * share),
                above_rule: look.space(2.4 * share),
                below_rule: look.space(2.2 * share),
            },
            width,
        }
    }

    fn height(&self) -> f32 {
        let name = measure::room(&self.name, self.name_size, LINE, self.name_width);
        let welcomes = self.welcomes.iter();
        let welcomes: f32 = welcomes
            .map(|(words, size)| measure::room(words, *size, LINE, self.width).height)
            .sum();

        name.height + self.gaps.above_rule + self.rule + self.gaps.below_rule + welcomes
    }

    fn push_to<'a>(self, above: Column<'a, Message>, look: &Look) -> Column<'a, Message> {
        let surface = look.palette.calm;
        let name = parts::words(self.name, self.name_size, surface.ink)
            .width(Length::Fixed(self.name_width))
            .align_x(text::Alignment::Center)
            .wrapping(text::Wrapping::WordOrGlyph);
        let mut middle = above
            .push(name)
            .push(gap(self.gaps.above_rule))
            .push(rule(self.rule, look))
            .push(gap(self.gaps.below_rule));
        for (words, size) in self.welcomes {
            let welcome = parts::words(words, size, surface.quiet);
            middle = middle.push(welcome.wrapping(text::Wrapping::None));
        }

        middle
    }
}

/// A short line in the shop's own colour.
fn rule<'a>(height: f32, look: &Look) -> Element<'a, Message> {
    let colour = look.palette.calm.action;

    container(Space::new())
        .width(Length::Fixed(look.space(9.0)))
        .height(Length::Fixed(height))
        .style(move |_theme: &Theme| container::Style {
            background: Some(Background::Color(colour)),
            border: Border {
                radius: (height / 2.0).into(),
                ..Border::default()
            },
            ..container::Style::default()
        })
        .into()
}

fn gap(height: f32) -> Space {
    Space::new().height(Length::Fixed(height))
}
