//! Shows frames in windows.

use std::thread;
use std::time::Duration;

use iced::advanced::graphics::compositor::{Display, Information, SurfaceError, Window};
use iced::advanced::graphics::error::Error;
use iced::advanced::graphics::{self, Settings, Shell, Viewport};
use iced::advanced::renderer::Headless;
use iced::{Color, Size};

use super::lost_frames::LostFrames;
use super::surface::FrameError;
use super::{Renderer, Surface};
use crate::app::platform::sight;
use crate::runtime::timing;

/// Shows frames in windows. Draws a pixel again only if it has changed.
pub struct Compositor {
    context: softbuffer::Context<Box<dyn Display>>,
    settings: Settings,
}

impl std::fmt::Debug for Compositor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Compositor").finish_non_exhaustive()
    }
}

impl graphics::Compositor for Compositor {
    type Renderer = Renderer;
    type Surface = Surface;

    async fn with_backend(
        settings: Settings,
        display: impl Display + Clone,
        _window: impl Window + Clone,
        _shell: Shell,
        _backend: Option<&str>,
    ) -> Result<Self, Error> {
        let display: Box<dyn Display> = Box::new(display);
        let context = softbuffer::Context::new(display)
            .map_err(|error| Error::BackendError(error.to_string()))?;

        Ok(Self { context, settings })
    }

    fn create_renderer(&self) -> Renderer {
        Renderer::new(self.settings.default_font, self.settings.default_text_size)
    }

    fn create_surface<W: Window + Clone>(&mut self, window: W, width: u32, height: u32) -> Surface {
        timing::reached("window created");
        let lost_frames = LostFrames::of(&window);
        sight::look_at(&window);
        let window: Box<dyn Window> = Box::new(window);
        let raw = softbuffer::Surface::new(&self.context, window)
            .inspect_err(|error| tracing::error!(%error, "the window cannot be drawn into"));
        let mut surface = Surface::new(raw.ok(), lost_frames);
        surface.configure(Size::new(width, height));

        surface
    }

    fn configure_surface(&mut self, surface: &mut Surface, width: u32, height: u32) {
        surface.configure(Size::new(width, height));
    }

    fn information(&self) -> Information {
        Information {
            adapter: "CPU".to_owned(),
            backend: "tiny-skia".to_owned(),
        }
    }

    fn present(
        &mut self,
        renderer: &mut Renderer,
        surface: &mut Surface,
        viewport: &Viewport,
        background: Color,
        on_pre_present: impl FnOnce(),
    ) -> Result<(), SurfaceError> {
        timing::step("frame", || {
            surface.show(renderer, viewport, background, on_pre_present)
        })
        .map_err(|failure| {
            // After a failure iced tries again at once; the pause keeps the processor from running at full load.
            const PAUSE: Duration = Duration::from_millis(100);
            tracing::error!(%failure, "a frame cannot be shown");
            thread::sleep(PAUSE);

            match failure {
                FrameError::Size => SurfaceError::Outdated,
                FrameError::NoSurface | FrameError::Server(_) => SurfaceError::Lost,
            }
        })
    }

    fn screenshot(
        &mut self,
        renderer: &mut Renderer,
        viewport: &Viewport,
        background: Color,
    ) -> Vec<u8> {
        renderer.screenshot(
            viewport.physical_size(),
            viewport.scale_factor(),
            background,
        )
    }
}
