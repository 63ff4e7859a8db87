//! Draws a screen into a picture without a window, a display server or a graphics card.

use iced::advanced::clipboard;
use iced::advanced::renderer::{self, Headless};
use iced::{Event, Pixels, Size, Theme, mouse, theme, window};
use iced_runtime::user_interface::{Cache, UserInterface};
use image::RgbaImage;
use thiserror::Error;

use crate::app::message::Message;
use crate::app::renderer::{Element, Renderer};
use crate::app::theme::look;

/// A software renderer for screens.
#[derive(Debug)]
pub struct Painter {
    renderer: Renderer,
}

/// An error of the painter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum PainterError {
    /// The renderer could not be created.
    #[error("cannot create a software renderer")]
    Renderer,
    /// The renderer made a picture of the wrong size.
    #[error("the renderer made a picture of the wrong size")]
    Size,
}

impl Painter {
    /// Creates a painter.
    ///
    /// # Errors
    ///
    /// If no renderer can be created.
    pub async fn new() -> Result<Self, PainterError> {
        let renderer = <Renderer as Headless>::new(look::FONT, Pixels(16.0), None)
            .await
            .ok_or(PainterError::Renderer)?;

        Ok(Self { renderer })
    }

    /// Draws a screen of `size` device pixels, with `scale_factor` device pixels in a logical one.
    ///
    /// # Errors
    ///
    /// If the renderer makes a picture of the wrong size.
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

    /// Lays a screen out and calls `inspect` with the renderer while the screen still exists: the screen owns its
    /// texts.
    pub(super) fn lay_out<T>(
        &mut self,
        screen: Element<'_, Message>,
        style: &theme::Style,
        size: Size<u32>,
        scale_factor: f32,
        inspect: impl FnOnce(&mut Renderer) -> T,
    ) -> T {
        let size = logical(size, scale_factor);
        let widgets = Cache::new();

        lay_out(screen, style, size, widgets, &mut self.renderer, inspect).0
    }
}

/// Converts a size from device pixels to logical pixels.
pub(super) fn logical(size: Size<u32>, scale_factor: f32) -> Size {
    Size::new(size.width as f32, size.height as f32) * (1.0 / scale_factor)
}

/// Lays out a screen of `size` logical pixels with the widgets of an earlier screen. Returns the widgets of this
/// screen, too.
pub(super) fn lay_out<T>(
    screen: Element<'_, Message>,
    style: &theme::Style,
    size: Size,
    widgets: Cache,
    renderer: &mut Renderer,
    inspect: impl FnOnce(&mut Renderer) -> T,
) -> (T, Cache) {
    let mut interface = UserInterface::build(screen, size, widgets, renderer);
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
    let result = inspect(renderer);

    (result, interface.into_cache())
}
