//! Draws a screen into a picture, without a window, a display server or a graphics card.

use iced::advanced::clipboard;
use iced::advanced::renderer::{self, Headless};
use iced::{Event, Pixels, Size, Theme, mouse, theme, window};
use iced_runtime::user_interface::{Cache, UserInterface};
use image::RgbaImage;
use thiserror::Error;

use super::{Element, Renderer};
use super::{Message, look};

/// Draws screens into pictures.
pub struct Painter {
    renderer: Renderer,
}

impl std::fmt::Debug for Painter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Painter").finish_non_exhaustive()
    }
}

/// Why nothing can be drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum PainterError {
    /// There is no renderer.
    #[error("there is no renderer to draw with")]
    Renderer,
    /// The renderer made a picture of another size than it was asked for.
    #[error("the renderer made a picture of another size than it was asked for")]
    Size,
}

impl Painter {
    /// A painter.
    ///
    /// # Errors
    ///
    /// When there is no renderer.
    pub async fn new() -> Result<Self, PainterError> {
        let renderer = <Renderer as Headless>::new(look::FONT, Pixels(16.0), None)
            .await
            .ok_or(PainterError::Renderer)?;

        Ok(Self { renderer })
    }

    /// Draws a screen of `size` device pixels, `scale_factor` of them to a logical one.
    ///
    /// # Errors
    ///
    /// When the renderer fails.
    pub fn paint(
        &mut self,
        screen: Element<'_, Message>,
        style: &theme::Style,
        size: Size<u32>,
        scale_factor: f32,
    ) -> Result<RgbaImage, PainterError> {
        let pixels = self.lay_out(screen, style, size, scale_factor, |renderer| {
            renderer.screenshot(size, scale_factor, style.background_color)
        });

        RgbaImage::from_raw(size.width, size.height, pixels).ok_or(PainterError::Size)
    }

    /// Draws a screen as far as it is known where everything stands, and hands that on while it
    /// lives: what is written is kept by the screen.
    pub(super) fn lay_out<T>(
        &mut self,
        screen: Element<'_, Message>,
        style: &theme::Style,
        size: Size<u32>,
        scale_factor: f32,
        hand_on: impl FnOnce(&mut Renderer) -> T,
    ) -> T {
        let layout = Room::Device(size, scale_factor);
        let widgets = Cache::new();

        lay_out(screen, style, layout, widgets, &mut self.renderer, hand_on).0
    }
}

/// The size of a screen.
#[derive(Debug, Clone, Copy)]
pub(super) enum Room {
    /// In logical pixels.
    Logical(Size),
    /// In device pixels, so many of them to a logical one.
    Device(Size<u32>, f32),
}

/// The same with widgets that were there before; answers with those that are there now, too.
pub(super) fn lay_out<T>(
    screen: Element<'_, Message>,
    style: &theme::Style,
    room: Room,
    widgets: Cache,
    renderer: &mut Renderer,
    hand_on: impl FnOnce(&mut Renderer) -> T,
) -> (T, Cache) {
    let logical = match room {
        Room::Logical(size) => size,
        Room::Device(size, scale_factor) => Size::new(
            size.width as f32 / scale_factor,
            size.height as f32 / scale_factor,
        ),
    };
    let mut interface = UserInterface::build(screen, logical, widgets, renderer);
    let redraw = Event::Window(window::Event::RedrawRequested(std::time::Instant::now()));
    let _ = interface.update(
        &[redraw],
        mouse::Cursor::Unavailable,
        renderer,
        &mut clipboard::Null,
        &mut Vec::new(),
    );
    interface.draw(
        renderer,
        &Theme::Light,
        &renderer::Style {
            text_color: style.text_color,
        },
        mouse::Cursor::Unavailable,
    );
    let handed_on = hand_on(renderer);

    (handed_on, interface.into_cache())
}
