//! Every screen there is, put up without a platform, a journal or a window, so that all of them can
//! be drawn, compared and measured in every size and every language.

mod contrast;
#[cfg(target_os = "linux")]
mod first_light;
mod legibility;
mod pictures;
mod player;
mod repaints;
mod small;
mod snapshots;

use iced::Size;

use super::by_hand::ByHand;
use super::create::Create;
use super::idle::Idle;
use super::look::Appearance;
use super::view::Scene;
use crate::config::Theme;
use crate::locale::{Language, Tongue};
use crate::sale::{Moment, Sale};

use pictures::named;
pub(super) use pictures::{Picture, all};

/// The layouts that display.md names, in device pixels and with their scale.
const LAYOUTS: [(Size<u32>, f32); 6] = [
    (Size::new(1920, 1080), 1.0),
    (Size::new(1080, 1920), 1.0),
    (Size::new(1280, 800), 1.0),
    (Size::new(1024, 600), 1.0),
    (Size::new(800, 480), 1.0),
    (Size::new(1920, 1080), 2.0),
];

impl Picture {
    /// What is on this screen, in this appearance and at this scale.
    fn scene<'a>(&'a self, appearance: &'a Appearance, scale_factor: f32) -> Scene<'a> {
        Scene {
            sale: &self.sale,
            create: &self.create,
            idle: self.idle.as_ref(),
            by_hand: self.by_hand.as_ref(),
            appearance,
            now: self.now,
            busy: self.busy,
            demo: self.demo,
            scale_factor,
        }
    }
}

/// The usual appearance in these languages and this theme.
fn appearance(languages: &[Language], theme: Theme) -> Appearance {
    Appearance {
        tongue: Tongue::new(languages),
        theme,
        ..Appearance::default()
    }
}
