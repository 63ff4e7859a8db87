//! The one place for colours, by what they are for.

use iced::{Color, color};

use crate::colour::Colour;
use crate::config::Theme;

/// Colours by what they are for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Palette {
    /// Where nothing has been decided.
    pub calm: Surface,
    /// Paid.
    pub good: Surface,
    /// Ended without payment: nothing to worry about.
    pub ended: Surface,
    /// Nobody knows yet: stop and look.
    pub unsure: Surface,
    /// Something is wrong that the cashier has to mend.
    pub wrong: Surface,
    /// Paid after all, when everybody thought that it was not: look here first.
    pub late: Surface,
    /// An earlier customer's, and over: nothing that the present one could take for an answer.
    pub past: Surface,
    /// The banner over all that is about an earlier sale.
    pub banner: Surface,
    /// The band of a demo or a test.
    pub band: Surface,
}

/// A background with what is legible on it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Surface {
    /// The background.
    pub ground: Color,
    /// Text.
    pub ink: Color,
    /// Text that steps back.
    pub quiet: Color,
    /// The main button.
    pub action: Color,
    /// Text on the main button.
    pub on_action: Color,
    /// Lines and other buttons' edges.
    pub line: Color,
}

impl Palette {
    /// The colours of a theme.
    pub(super) fn of(theme: Theme, accent: Option<Colour>) -> Self {
        let palette = match theme {
            Theme::Light => Self::LIGHT,
            Theme::Dark => Self {
                calm: Surface::NIGHT,
                ..Self::LIGHT
            },
            Theme::HighContrast => Self {
                calm: Surface::BLACK,
                ended: Surface::BLACK,
                ..Self::LIGHT
            },
        };

        Self {
            calm: Surface {
                ground: drawn(theme.ground()),
                ..accent.map_or(palette.calm, |accent| palette.calm.with_accent(accent))
            },
            ..palette
        }
    }

    const LIGHT: Self = Self {
        calm: Surface {
            ground: color!(0xf4f6f8),
            ink: color!(0x0d1b26),
            quiet: color!(0x3b4a57),
            action: color!(0x0b4f6c),
            on_action: color!(0xffffff),
            line: color!(0x738492),
        },
        good: Surface {
            ground: color!(0x0a5535),
            ink: color!(0xffffff),
            quiet: color!(0xe3f5ea),
            action: color!(0xffffff),
            on_action: color!(0x0a5535),
            line: color!(0x6fae8c),
        },
        ended: Surface {
            ground: color!(0x26323d),
            ink: color!(0xffffff),
            quiet: color!(0xdfe6ec),
            action: color!(0xffffff),
            on_action: color!(0x17212a),
            line: color!(0x7d8b98),
        },
        unsure: Surface {
            ground: color!(0xffc83d),
            ink: color!(0x1d1500),
            quiet: color!(0x3d2e00),
            action: color!(0x1d1500),
            on_action: color!(0xffffff),
            line: color!(0x8a6a00),
        },
        wrong: Surface {
            ground: color!(0x7a1420),
            ink: color!(0xffffff),
            quiet: color!(0xffe6e8),
            action: color!(0xffffff),
            on_action: color!(0x7a1420),
            line: color!(0xc8737d),
        },
        late: Surface {
            ground: color!(0xff9838),
            ink: color!(0x1c0d00),
            quiet: color!(0x2e1600),
            action: color!(0x1c0d00),
            on_action: color!(0xffffff),
            line: color!(0x8a4a00),
        },
        past: Surface {
            ground: color!(0x17406b),
            ink: color!(0xffffff),
            quiet: color!(0xe2edf8),
            action: color!(0xffffff),
            on_action: color!(0x17406b),
            line: color!(0x8fb0d2),
        },
        banner: Surface {
            ground: color!(0x06121f),
            ink: color!(0xffffff),
            quiet: color!(0xe2edf8),
            action: color!(0xffffff),
            on_action: color!(0x06121f),
            line: color!(0x8fb0d2),
        },
        band: Surface {
            ground: color!(0x4a2178),
            ink: color!(0xffffff),
            quiet: color!(0xf0e5ff),
            action: color!(0xffffff),
            on_action: color!(0x4a2178),
            line: color!(0xa98fd0),
        },
    };
}

/// A colour of the configuration as it is drawn.
fn drawn(colour: Colour) -> Color {
    Color::from_rgb8(colour.red, colour.green, colour.blue)
}

impl Surface {
    /// The same with the shop's colour for what stands out.
    fn with_accent(self, accent: Colour) -> Self {
        Self {
            action: drawn(accent),
            on_action: drawn(accent.ink()),
            ..self
        }
    }

    const NIGHT: Self = Self {
        ground: color!(0x10181f),
        ink: color!(0xffffff),
        quiet: color!(0xd3dce4),
        action: color!(0x9bdcf5),
        on_action: color!(0x06202c),
        line: color!(0x6b7c8a),
    };
    const BLACK: Self = Self {
        ground: color!(0x000000),
        ink: color!(0xffffff),
        quiet: color!(0xffffff),
        action: color!(0xffffff),
        on_action: color!(0x000000),
        line: color!(0xffffff),
    };
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
            // Where a button ends must be seen as well: WCAG asks for 3 to 1.
            let ratio = as_colour(surface.line).contrast(as_colour(surface.ground));
            assert!(ratio >= 3.0, "{ratio} in {scene}: {:?}", surface.line);
        }
    }

    #[test]
    fn every_text_has_a_contrast_of_at_least_seven_to_one_in_every_theme() {
        for theme in [Theme::Light, Theme::Dark, Theme::HighContrast] {
            is_legible(&Palette::of(theme, None), &format!("{theme:?}"));
        }
    }

    #[test]
    fn an_accent_that_passes_leaves_every_text_legible() {
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
