//! What a screen looks like: sizes and spacing, which scale with it, and its colours.

use std::sync::Arc;

use iced::border::Radius;
use iced::{Font, Size, theme};

use super::palette::Palette;
use crate::colour::Colour;
use crate::config::{self, Theme};
use crate::locale::{Language, Said, Tongue, Words};
use crate::logo::Logo;

/// The display's own font, so that a screen looks the same on every machine.
pub(crate) const FONT: Font = Font::with_name("Fira Sans");

/// The font that a language is drawn with. The built-in one has no letters for some, and the system
/// cannot know which of its fonts for Han characters is meant.
pub(super) fn font(language: Language) -> Font {
    language.font().map_or(FONT, Font::with_name)
}

/// How the screens look and what they speak, as the shop has chosen.
#[derive(Debug, Clone, Default)]
pub struct Appearance {
    /// The languages.
    pub tongue: Tongue,
    /// The colours.
    pub theme: Theme,
    /// The shop's own colour.
    pub accent: Option<Colour>,
    /// How large text is, as a factor: 1 is usual.
    pub text: TextSize,
    /// Whether nothing moves that need not.
    pub reduced_motion: bool,
    /// The shop's logo.
    pub shop_logo: Option<Arc<Logo>>,
    /// The apps that customers pay with.
    pub apps: Apps,
    /// Whether the platform cancels what needs an answer from the cashier, since nobody answers it here
    /// (`conditions = false`).
    pub conditions_are_off: bool,
}

/// The names of the apps that customers pay with. Cheap to clone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Apps(Arc<[String]>);

impl Default for Apps {
    fn default() -> Self {
        Self([config::USUAL_APP.to_owned()].into())
    }
}

impl From<&[String]> for Apps {
    fn from(names: &[String]) -> Self {
        Self(names.into())
    }
}

impl Apps {
    /// The names, in their order.
    pub(super) fn names(&self) -> &[String] {
        &self.0
    }
}

/// How large text is, as a factor.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TextSize(f32);

/// From percent of the usual size.
impl From<u16> for TextSize {
    fn from(percent: u16) -> Self {
        Self(f32::from(percent) / 100.0)
    }
}

impl Default for TextSize {
    fn default() -> Self {
        Self(1.0)
    }
}

/// As `[display]` has it. The logo's file is read elsewhere, and `[terminal]` says whether conditions are answered.
impl From<&config::Display> for Appearance {
    fn from(display: &config::Display) -> Self {
        Self {
            tongue: Tongue::new(&display.locale),
            theme: display.theme,
            accent: display.accent,
            text: display.text_size.into(),
            reduced_motion: display.reduced_motion,
            shop_logo: None,
            apps: display.apps.as_slice().into(),
            conditions_are_off: false,
        }
    }
}

impl Appearance {
    /// The window's own ground and the ink on it.
    pub(super) fn style(&self) -> theme::Style {
        let calm = Palette::of(self.theme, self.accent).calm;

        theme::Style {
            background_color: calm.ground,
            text_color: calm.ink,
        }
    }
}

/// What a screen needs to know to draw itself.
#[derive(Debug, Clone)]
pub struct Look {
    /// The size of the area to draw in, in logical pixels.
    pub size: Size,
    /// Device pixels for each logical one.
    pub scale_factor: f32,
    /// The colours.
    pub palette: Palette,
    /// Puts what is said into words.
    pub tongue: Tongue,
    /// Whether nothing moves that need not.
    pub reduced_motion: bool,
    /// The shop's logo.
    pub shop_logo: Option<Arc<Logo>>,
    /// The apps that customers pay with.
    pub apps: Apps,
    text: TextSize,
    /// The step that all sizes are multiples of, in logical pixels.
    unit: f32,
}

impl Look {
    /// The look of a screen of this size.
    pub fn new(size: Size, scale_factor: f32, appearance: &Appearance) -> Self {
        let (long, short) = if size.width >= size.height {
            (size.width, size.height)
        } else {
            (size.height, size.width)
        };

        Self {
            size,
            scale_factor,
            palette: Palette::of(appearance.theme, appearance.accent),
            tongue: appearance.tongue.clone(),
            reduced_motion: appearance.reduced_motion,
            // The screens go on without it until it is there.
            shop_logo: appearance.shop_logo.clone().filter(|logo| logo.is_ready()),
            apps: appearance.apps.clone(),
            text: appearance.text,
            unit: (short / 48.0).min(long / 80.0).max(8.0),
        }
    }

    /// The same look for a part of the screen.
    #[must_use]
    pub fn within(&self, size: Size) -> Self {
        Self {
            size,
            ..self.clone()
        }
    }

    /// Whether the screen is higher than wide.
    pub fn is_portrait(&self) -> bool {
        self.size.height > self.size.width
    }

    /// `steps` of the spacing scale, on whole device pixels.
    pub fn space(&self, steps: f32) -> f32 {
        (self.unit * steps * self.scale_factor).round() / self.scale_factor
    }

    /// The same with text as large as it usually is.
    pub fn usual(&self) -> Self {
        Self {
            text: TextSize::default(),
            ..self.clone()
        }
    }

    /// The size of text of so many steps, enlarged as the shop wants it.
    pub fn letters(&self, steps: f32) -> f32 {
        self.space(steps * self.text.0)
    }

    /// Text for the cashier's strip and for what is least important.
    pub fn small(&self) -> f32 {
        self.letters(1.7)
    }

    /// Text to be read.
    pub fn body(&self) -> f32 {
        self.letters(2.2)
    }

    /// What to do, and names.
    pub fn title(&self) -> f32 {
        self.letters(3.5)
    }

    /// The height of what can be touched: never under 64 px.
    pub fn touch(&self) -> f32 {
        self.space(4.8).max(64.0)
    }

    /// Rounded corners.
    pub fn radius(&self) -> Radius {
        Radius::new(self.space(0.8))
    }

    /// What is said, in the first language.
    pub fn say(&self, said: impl Into<Said>) -> Words {
        self.tongue.say(&said.into())
    }
}
