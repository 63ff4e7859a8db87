//! Every screen, built without a platform, a journal or a window. The tests draw, compare and measure them in many
//! sizes and languages.

mod contrast;
mod legibility;
mod pictures;
mod player;
mod prepared;
mod repaints;
mod small;
mod snapshots;

use iced::Size;

use crate::app::screens::create::Create;
use crate::app::screens::idle::Idle;
use crate::app::screens::manual_settlement::ManualSettlement;
use crate::app::screens::scene::Scene;
use crate::app::theme::look::Appearance;
use crate::config::Theme;
use crate::locale::{Language, Translator};
use crate::sale::{Moment, Sale};

use pictures::named;
pub(super) use pictures::{Picture, all};

/// A size in device pixels, and the number of device pixels in a logical one.
type ScreenLayout = (Size<u32>, f32);

/// The layouts of display.md, in device pixels, each with its scale.
const LAYOUTS: [ScreenLayout; 6] = [
    (Size::new(1920, 1080), 1.0),
    (Size::new(1080, 1920), 1.0),
    (Size::new(1280, 800), 1.0),
    (Size::new(1024, 600), 1.0),
    (Size::new(800, 480), 1.0),
    (Size::new(1920, 1080), 2.0),
];

/// A tall and a small layout, for the everyday tests.
const FEW_LAYOUTS: [ScreenLayout; 2] = [LAYOUTS[1], LAYOUTS[4]];

impl Picture {
    /// Returns the content of this screen in this appearance and at this scale.
    fn scene<'a>(&'a self, appearance: &'a Appearance, scale_factor: f32) -> Scene<'a> {
        Scene {
            sale: &self.sale,
            create: &self.create,
            idle: self.idle.as_ref(),
            manual_settlement: self.manual_settlement.as_ref(),
            appearance,
            now: self.now,
            busy: self.busy,
            demo: self.demo,
            scale_factor,
        }
    }
}

/// Returns the default appearance with these languages and this theme.
fn appearance(languages: &[Language], theme: Theme) -> Appearance {
    Appearance {
        translator: Translator::new(languages),
        theme,
        ..Appearance::default()
    }
}
