//! The one place for colours, sizes and spacing. Everything scales with the screen.

use iced::border::Radius;
use iced::{Color, Font, Size, color};

use crate::config::Theme;

/// The display's own font, so that a screen looks the same on every machine.
pub(crate) const FONT: Font = Font::with_name("Fira Sans");

/// What a screen needs to know to draw itself.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Look {
    /// The size of the area to draw in, in logical pixels.
    pub size: Size,
    /// Device pixels for each logical one.
    pub scale_factor: f32,
    /// The colours.
    pub palette: Palette,
    /// The step that all sizes are multiples of, in logical pixels.
    unit: f32,
}

impl Look {
    /// The look of a screen of this size.
    pub fn new(size: Size, scale_factor: f32, theme: Theme) -> Self {
        let (long, short) = if size.width >= size.height {
            (size.width, size.height)
        } else {
            (size.height, size.width)
        };

        Self {
            size,
            scale_factor,
            palette: Palette::of(theme),
            unit: (short / 48.0).min(long / 80.0).max(8.0),
        }
    }

    /// The same look for a part of the screen.
    #[must_use]
    pub fn within(self, size: Size) -> Self {
        Self { size, ..self }
    }

    /// Whether the screen is higher than wide.
    pub fn is_portrait(&self) -> bool {
        self.size.height > self.size.width
    }

    /// `steps` of the spacing scale, on whole device pixels.
    pub fn space(&self, steps: f32) -> f32 {
        (self.unit * steps * self.scale_factor).round() / self.scale_factor
    }

    /// Text for the cashier's strip and for what is least important.
    pub fn small(&self) -> f32 {
        self.space(1.7)
    }

    /// Text to be read.
    pub fn body(&self) -> f32 {
        self.space(2.2)
    }

    /// What to do, and names.
    pub fn title(&self) -> f32 {
        self.space(3.5)
    }

    /// The height of what can be touched: never under 64 px.
    pub fn touch(&self) -> f32 {
        self.space(4.8).max(64.0)
    }

    /// The text size at which `text` fits into `width` on one line, at most `largest`.
    pub fn fitted(&self, text: &str, largest: f32, width: f32) -> f32 {
        // The width of a figure in the display's font, in parts of its size.
        const ADVANCE: f32 = 0.58;
        let characters = text.chars().count().max(1) as f32;

        largest.min(width / (characters * ADVANCE)).floor()
    }

    /// Rounded corners.
    pub fn radius(&self) -> Radius {
        Radius::new(self.space(0.8))
    }
}

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
    pub(super) fn of(theme: Theme) -> Self {
        match theme {
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
        }
    }

    const LIGHT: Self = Self {
        calm: Surface {
            ground: color!(0xf4f6f8),
            ink: color!(0x0d1b26),
            quiet: color!(0x3b4a57),
            action: color!(0x0b4f6c),
            on_action: color!(0xffffff),
            line: color!(0xb9c4cd),
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

impl Surface {
    const NIGHT: Self = Self {
        ground: color!(0x10181f),
        ink: color!(0xffffff),
        quiet: color!(0xd3dce4),
        action: color!(0x9bdcf5),
        on_action: color!(0x06202c),
        line: color!(0x52616d),
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

    /// The contrast ratio of WCAG 2.
    fn contrast(a: Color, b: Color) -> f32 {
        let luminance = |color: Color| {
            let [r, g, b, _] = color.into_linear();

            0.2126 * r + 0.7152 * g + 0.0722 * b
        };
        let (a, b) = (luminance(a), luminance(b));

        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    #[test]
    fn every_text_has_a_contrast_of_at_least_seven_to_one_in_every_theme() {
        for theme in [Theme::Light, Theme::Dark, Theme::HighContrast] {
            let palette = Palette::of(theme);
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
                    let ratio = contrast(text, ground);
                    assert!(ratio >= 7.0, "{ratio} in {theme:?}: {text:?} on {ground:?}");
                }
            }
        }
    }
}
