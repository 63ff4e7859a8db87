//! The look of a screen: colours, and sizes and spacing that scale with the screen.

use std::sync::Arc;

use iced::border::Radius;
use iced::{Font, Size, theme};

use crate::app::theme::palette::Palette;
use crate::colour::Colour;
use crate::config::{self, Theme};
use crate::locale::{Language, ScreenText, TranslatedText, Translator};
use crate::qr::Logo;

/// The smallest legible text size, in device pixels.
pub(crate) const SMALLEST_LETTERS: f32 = 9.0;

/// The display's own font, with which a screen looks the same on every machine.
pub(crate) const FONT: Font = Font::with_name("Fira Sans");

/// Returns the font of a language. The built-in font does not cover all languages, and the system cannot know
/// which of its Han fonts a language needs, so each such language names its font.
pub(crate) fn font(language: Language) -> Font {
    language.font().map_or(FONT, Font::with_name)
}

/// The shop's choice of colours, text size and languages.
#[derive(Debug, Clone)]
pub struct Appearance {
    /// Translates into the shop's languages.
    pub translator: Translator,
    /// The colour theme.
    pub theme: Theme,
    /// The shop's own colour.
    pub accent: Option<Colour>,
    /// The text size, in percent of the usual one.
    pub text: u16,
    /// Whether animations are kept to a minimum.
    pub reduced_motion: bool,
    /// The shop's logo.
    pub shop_logo: Option<Arc<Logo>>,
    /// The apps that customers pay with.
    pub apps: Arc<[String]>,
    /// Whether `conditions = false` is set: the cashier cannot answer payment conditions, and the platform cancels
    /// such payments.
    pub conditions_are_off: bool,
}

impl Default for Appearance {
    fn default() -> Self {
        Self::from(&config::Display::default())
    }
}

/// Reads `[display]`. The logo is missing, because its file is read elsewhere; so is the `conditions` key, which
/// is under `[terminal]`.
impl From<&config::Display> for Appearance {
    fn from(display: &config::Display) -> Self {
        Self {
            translator: Translator::new(&display.locale),
            theme: display.theme,
            accent: display.accent,
            text: display.text_size,
            reduced_motion: display.reduced_motion,
            shop_logo: None,
            apps: display.apps.as_slice().into(),
            conditions_are_off: false,
        }
    }
}

impl Appearance {
    pub(crate) fn style(&self) -> theme::Style {
        let calm = Palette::of(self.theme, self.accent).calm;

        theme::Style {
            background_color: calm.ground,
            text_color: calm.ink,
        }
    }
}

/// The sizes, colours and languages of one screen.
#[derive(Debug, Clone)]
pub(crate) struct Look {
    /// The area to draw in, in logical pixels.
    pub size: Size,
    /// Device pixels in one logical pixel.
    pub scale_factor: f32,
    pub palette: Palette,
    pub translator: Translator,
    pub reduced_motion: bool,
    pub shop_logo: Option<Arc<Logo>>,
    pub apps: Arc<[String]>,
    /// The configured text size as a factor.
    text: f32,
    /// The length of which all sizes are multiples, in logical pixels.
    unit: f32,
}

impl Look {
    pub(crate) fn new(size: Size, scale_factor: f32, appearance: &Appearance) -> Self {
        let (long, short) = (size.width.max(size.height), size.width.min(size.height));

        Self {
            size,
            scale_factor,
            palette: Palette::of(appearance.theme, appearance.accent),
            translator: appearance.translator.clone(),
            reduced_motion: appearance.reduced_motion,
            // The screens show no logo until its file has been read.
            shop_logo: appearance.shop_logo.clone().filter(|logo| logo.is_ready()),
            apps: appearance.apps.clone(),
            text: f32::from(appearance.text) / 100.0,
            unit: (short / 48.0).min(long / 80.0).max(8.0),
        }
    }

    /// Returns the same look for a part of the screen.
    #[must_use]
    pub(crate) fn within(&self, size: Size) -> Self {
        Self {
            size,
            ..self.clone()
        }
    }

    pub(crate) fn is_portrait(&self) -> bool {
        self.size.height > self.size.width
    }

    /// Returns `steps` of the spacing scale, rounded to whole device pixels.
    pub(crate) fn space(&self, steps: f32) -> f32 {
        (self.unit * steps * self.scale_factor).round() / self.scale_factor
    }

    /// Returns the height of the band at the top of a screen in a demo or with test money.
    pub(crate) fn band_height(&self) -> f32 {
        self.space(3.6).max(36.0)
    }

    /// Returns the same look with the usual text size.
    pub(crate) fn usual(&self) -> Self {
        Self {
            text: 1.0,
            ..self.clone()
        }
    }

    /// Returns a text size of `steps`, times the configured text size.
    pub(crate) fn letters(&self, steps: f32) -> f32 {
        self.space(steps * self.text)
    }

    /// The text size of the cashier's strip and of small print.
    pub(crate) fn small(&self) -> f32 {
        self.letters(1.7)
    }

    /// The text size of sentences.
    pub(crate) fn body(&self) -> f32 {
        self.letters(2.2)
    }

    /// The text size of prompts and names.
    pub(crate) fn title(&self) -> f32 {
        self.letters(3.5)
    }

    /// The height of a button: at least 64 pixels.
    pub(crate) fn touch(&self) -> f32 {
        self.space(4.8).max(64.0)
    }

    pub(crate) fn radius(&self) -> Radius {
        Radius::new(self.space(0.8))
    }

    pub(crate) fn say(&self, said: impl Into<ScreenText>) -> TranslatedText {
        self.translator.say(&said.into())
    }
}
