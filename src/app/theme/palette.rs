//! All colours of the screens, by purpose.

use iced::Color;

use crate::colour::Colour;
use crate::config::Theme;

#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Palette {
    /// There is no verdict yet.
    pub calm: SurfaceColours,
    pub good: SurfaceColours,
    /// The sale ended without payment.
    pub ended: SurfaceColours,
    pub unsure: SurfaceColours,
    /// An error that the cashier has to fix.
    pub wrong: SurfaceColours,
    pub late: SurfaceColours,
    /// The ending of an earlier sale. The present customer must not take it for the ending of their own sale.
    pub past: SurfaceColours,
    pub banner: SurfaceColours,
    pub band: SurfaceColours,
}

/// A background with colours that are legible on it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct SurfaceColours {
    pub ground: Color,
    pub ink: Color,
    /// The colour of less important text.
    pub quiet: Color,
    pub action: Color,
    pub on_action: Color,
    /// The colour of lines, and of the edges of buttons other than the main one.
    pub line: Color,
}

impl Palette {
    pub(crate) fn of(theme: Theme, accent: Option<Colour>) -> Self {
        let palette = match theme {
            Theme::Light => Self::LIGHT,
            Theme::Dark => Self {
                calm: SurfaceColours::NIGHT,
                ..Self::LIGHT
            },
            Theme::HighContrast => Self {
                calm: SurfaceColours::BLACK,
                ended: SurfaceColours::BLACK,
                ..Self::LIGHT
            },
        };

        Self {
            calm: SurfaceColours {
                ground: drawn(theme.ground()),
                ..accent.map_or(palette.calm, |accent| palette.calm.with_accent(accent))
            },
            ..palette
        }
    }

    const LIGHT: Self = Self {
        calm: SurfaceColours::new([0xf4f6f8, 0x0d1b26, 0x3b4a57, 0x0b4f6c, 0xffffff, 0x738492]),
        good: SurfaceColours::new([0x0a5535, 0xffffff, 0xe3f5ea, 0xffffff, 0x0a5535, 0x6fae8c]),
        ended: SurfaceColours::new([0x26323d, 0xffffff, 0xdfe6ec, 0xffffff, 0x17212a, 0x7d8b98]),
        unsure: SurfaceColours::new([0xffc83d, 0x1d1500, 0x3d2e00, 0x1d1500, 0xffffff, 0x8a6a00]),
        wrong: SurfaceColours::new([0x7a1420, 0xffffff, 0xffe6e8, 0xffffff, 0x7a1420, 0xc8737d]),
        late: SurfaceColours::new([0xff9838, 0x1c0d00, 0x2e1600, 0x1c0d00, 0xffffff, 0x8a4a00]),
        past: SurfaceColours::new([0x17406b, 0xffffff, 0xe2edf8, 0xffffff, 0x17406b, 0x8fb0d2]),
        banner: SurfaceColours::new([0x06121f, 0xffffff, 0xe2edf8, 0xffffff, 0x06121f, 0x8fb0d2]),
        band: SurfaceColours::new([0x4a2178, 0xffffff, 0xf0e5ff, 0xffffff, 0x4a2178, 0xa98fd0]),
    };
}

const fn drawn(colour: Colour) -> Color {
    Color::from_rgb8(colour.red, colour.green, colour.blue)
}

impl SurfaceColours {
    /// Returns the same colours with the shop's own colour for the main button.
    fn with_accent(self, accent: Colour) -> Self {
        Self {
            action: drawn(accent),
            on_action: drawn(accent.ink()),
            ..self
        }
    }

    const NIGHT: Self = Self::new([0x10181f, 0xffffff, 0xd3dce4, 0x9bdcf5, 0x06202c, 0x6b7c8a]);
    const BLACK: Self = Self::new([0x000000, 0xffffff, 0xffffff, 0xffffff, 0x000000, 0xffffff]);

    /// Creates colours from RGB values in the order of the fields.
    const fn new([ground, ink, quiet, action, on_action, line]: [u32; 6]) -> Self {
        Self {
            ground: drawn(Colour::rgb(ground)),
            ink: drawn(Colour::rgb(ink)),
            quiet: drawn(Colour::rgb(quiet)),
            action: drawn(Colour::rgb(action)),
            on_action: drawn(Colour::rgb(on_action)),
            line: drawn(Colour::rgb(line)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn as_colour(color: Color) -> Colour {
        let [red, green, blue, _] = color.into_rgba8();

        Colour { red, green, blue }
    }

    fn is_legible(palette: &Palette, scene: &str) {
        for surface in [
            palette.calm,
            palette.good,
            palette.ended,
            palette.unsure,
            palette.wrong,
            palette.late,
            palette.past,
            palette.banner,
            palette.band,
        ] {
            for (text, ground) in [
                (surface.ink, surface.ground),
                (surface.quiet, surface.ground),
                (surface.on_action, surface.action),
            ] {
                let ratio = as_colour(text).contrast(as_colour(ground));
                assert!(ratio >= 7.0, "{ratio} in {scene}: {text:?} on {ground:?}");
            }
            // WCAG asks for 3 to 1 for a button's edge.
            let ratio = as_colour(surface.line).contrast(as_colour(surface.ground));
            assert!(ratio >= 3.0, "{ratio} in {scene}: {:?}", surface.line);
        }
    }

    #[test]
    fn all_text_has_a_contrast_of_seven() {
        for theme in [Theme::Light, Theme::Dark, Theme::HighContrast] {
            is_legible(&Palette::of(theme, None), &format!("{theme:?}"));
        }
    }

    #[test]
    fn valid_accent_keeps_text_legible() {
        for theme in [Theme::Light, Theme::Dark, Theme::HighContrast] {
            for number in [0xff_7f_00, 0x00_a0_50, 0x88_22_cc, 0x40_40_40, 0xff_dd_00] {
                let accent = Colour::rgb(number).nearest_with_contrast(theme.ground(), 7.0);
                let palette = Palette::of(theme, Some(accent));
                assert_eq!(as_colour(palette.calm.action), accent);
                is_legible(&palette, &format!("{theme:?} with {accent}"));
            }
        }
    }
}
