//! The idle screen: the shop's logo and name, and a welcome in each of the shop's languages. A customer cannot
//! mistake the screen for a question.

use iced::widget::{Space, center, column, container, text};
use iced::{Alignment, Length, Padding, Size, Theme};

use crate::app::message::Message;
use crate::app::renderer::{Column, Element};
use crate::app::theme::look::Look;
use crate::app::widgets::measure::{self, LINE_HEIGHT};
use crate::app::widgets::{parts, shop};
use crate::locale::{Phrase, ScreenText, TranslatedText};

/// The content of the idle screen.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Idle {
    /// The name of the shop.
    pub name: String,
    /// The time of day; `None` if the shop does not want a clock.
    pub clock: Option<String>,
}

/// The name and the welcome shrink to no less than this share of their wanted sizes.
const SMALLEST: f32 = 0.35;
/// The least height of a logo, as a share of the screen. The words shrink until the logo has this height.
const LEAST_LOGO: f32 = 0.16;

/// Draws the logo, the name and a welcome in the middle, and the clock at the foot.
pub(crate) fn view<'a>(idle: &Idle, look: &Look) -> Element<'a, Message> {
    let surface = look.palette.calm;
    let margin = look.space(4.0);
    let edge = look.space(2.0);
    // A gap above, as high as the clock at the foot, keeps the logo and the words in the middle of the screen.
    let clock_height = match idle.clock {
        Some(_) => look.letters(2.6) * LINE_HEIGHT + look.space(1.0),
        None => 0.0,
    };
    let room = Size::new(
        look.size.width - 2.0 * margin,
        look.size.height - 2.0 * (edge + clock_height),
    );
    let words = Middle::fitting(idle, room, look);
    let left = room.height - words.height() - words.below_logo;
    let logo_room = Size::new(room.width * 0.7, left.min(look.size.height * 0.34));
    let logo = shop::logo::<Message>(logo_room, look.scale_factor, look);
    let mut middle = Column::new().align_x(Alignment::Center);
    if let Some(logo) = logo {
        middle = middle.push(logo).push(gap(words.below_logo));
    }
    let clock: Element<'a, Message> = match &idle.clock {
        Some(clock) => parts::letters(clock, look.letters(2.6), surface.quiet).into(),
        None => Space::new().into(),
    };
    let screen = column![
        gap(clock_height),
        center(words.push_to(middle, look)),
        container(clock)
            .height(clock_height)
            .width(Length::Fill)
            .align_x(Alignment::Center)
            .align_y(Alignment::End),
    ]
    .padding(Padding::from([edge, margin]));

    parts::screen(screen, look, surface)
}

/// The most lines of the name. A longer name gets smaller; if it still does not fit, it is cut.
const MOST_LINES: u32 = 4;

/// The name and the welcome, in sizes at which both fit.
struct Middle {
    name: TranslatedText,
    name_size: f32,
    /// The width at which the lines of the name are about equally long.
    name_width: f32,
    welcomes: Vec<(TranslatedText, f32)>,
    rule: f32,
    below_logo: f32,
    above_rule: f32,
    below_rule: f32,
    width: f32,
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
            let needed = middle.height() + middle.below_logo + logo;
            if share <= SMALLEST || needed <= room.height {
                return middle;
            }
            share -= 0.05;
        }
    }

    fn new(idle: &Idle, width: f32, share: f32, look: &Look) -> Self {
        let letters = |steps: f32| (look.letters(steps) * share).floor();
        let name = look.say(ScreenText::verbatim(&idle.name));
        let largest = letters(if look.shop_logo.is_some() { 5.0 } else { 8.0 });
        // The name is on one line; if that makes it small, on several.
        let smallest = look.small().min(largest);
        let wanted = measure::on_one_line(&name, largest, width)
            .max(measure::unbroken(&name, largest * 0.6, width))
            .max(smallest);
        let (name, name_size) = measure::on_lines(name, (smallest, wanted), width, MOST_LINES);
        let welcomes = look.translator.translate_all(&Phrase::Welcome.into());
        let sized = |(index, words): (usize, TranslatedText)| {
            let largest = letters(if index == 0 { 3.2 } else { 2.6 });
            let size = measure::on_one_line(&words, largest, width);

            (words, size)
        };

        Self {
            name_width: measure::balanced(&name, name_size, LINE_HEIGHT, width).ceil(),
            name,
            name_size,
            welcomes: welcomes.into_iter().enumerate().map(sized).collect(),
            rule: look.space(0.5),
            below_logo: look.space(3.4 * share),
            above_rule: look.space(2.4 * share),
            below_rule: look.space(2.2 * share),
            width,
        }
    }

    fn height(&self) -> f32 {
        let name = measure::room(&self.name, self.name_size, LINE_HEIGHT, self.name_width);
        let welcomes = self.welcomes.iter();
        let welcomes: f32 = welcomes
            .map(|(words, size)| measure::room(words, *size, LINE_HEIGHT, self.width).height)
            .sum();

        name.height + self.above_rule + self.rule + self.below_rule + welcomes
    }

    fn push_to<'a>(self, above: Column<'a, Message>, look: &Look) -> Column<'a, Message> {
        let surface = look.palette.calm;
        let name = parts::words(self.name, self.name_size, surface.ink)
            .width(self.name_width)
            .align_x(text::Alignment::Center)
            .wrapping(text::Wrapping::WordOrGlyph);
        let mut middle = above
            .push(name)
            .push(gap(self.above_rule))
            .push(rule(self.rule, look))
            .push(gap(self.below_rule));
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
        .width(look.space(9.0))
        .height(height)
        .style(move |_theme: &Theme| parts::filled(colour, height / 2.0))
        .into()
}

fn gap(height: f32) -> Space {
    Space::new().height(height)
}
