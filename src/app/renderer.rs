//! Draws the screens with iced's software renderer and our compositor.
//!
//! Iced asks for a frame after every message, and iced's own compositor hands each whole frame to the display
//! server. Our compositor hands over only the parts that changed, or nothing if the frame is the same.

mod compositor;
mod damage;
mod frame;
mod lost_frames;
mod surface;

use iced::advanced::graphics::{compositor as graphics_compositor, geometry};
use iced::advanced::renderer::{Headless, Quad};
use iced::advanced::{self, image, text};
use iced::{Background, Color, Font, Pixels, Point, Rectangle, Size, Transformation};
use iced_tiny_skia::{Geometry, Layer};

use crate::app::platform::sight::Placed;

pub use compositor::Compositor;
pub(super) use frame::is_seen;
pub use surface::Surface;

#[cfg(test)]
pub(super) use surface::Canvas;

type Inner = iced_tiny_skia::Renderer;

/// An element of a screen.
pub(super) type Element<'a, Message> = iced::Element<'a, Message, iced::Theme, Renderer>;

pub(super) type Column<'a, Message> = iced::widget::Column<'a, Message, iced::Theme, Renderer>;
pub(super) type Row<'a, Message> = iced::widget::Row<'a, Message, iced::Theme, Renderer>;
pub(super) type Button<'a, Message> = iced::widget::Button<'a, Message, iced::Theme, Renderer>;
pub(super) type Text<'a> = iced::widget::Text<'a, iced::Theme, Renderer>;

/// Iced's software renderer, wrapped so that our compositor can be used with it.
#[derive(Debug)]
pub struct Renderer {
    inner: Inner,
    /// The code in the current frame, with its place.
    code: Option<Placed>,
    /// Whether words were left out of the current frame.
    leaves_out: bool,
    /// Whether what is drawn now is only prepared.
    is_unseen: bool,
}

impl Renderer {
    pub(super) fn new(font: Font, text_size: Pixels) -> Self {
        Self {
            inner: Inner::new(font, text_size),
            code: None,
            leaves_out: false,
            is_unseen: false,
        }
    }

    pub(super) fn note_code(&mut self, code: Placed) {
        if !self.is_unseen {
            self.code = Some(code);
        }
    }

    /// Prepares the letters that `draw` draws, and shows nothing of it.
    pub(super) fn unseen(&mut self, draw: impl FnOnce(&mut Self)) {
        let before = std::mem::replace(&mut self.is_unseen, true);
        draw(self);
        self.is_unseen = before;
    }

    /// Returns the colour in which a text is drawn now.
    fn ink(&self, color: Color) -> Color {
        match self.is_unseen {
            // The renderer keeps letters by their colour, whatever the opacity.
            true => color.scale_alpha(0.0),
            false => color,
        }
    }

    pub(super) fn code(&self) -> Option<&Placed> {
        self.code.as_ref()
    }

    /// Records that words were left out of the current frame.
    pub(super) fn note_left_out(&mut self) {
        self.leaves_out |= !self.is_unseen;
    }

    pub(super) fn leaves_out(&self) -> bool {
        self.leaves_out
    }

    /// Returns the layers of the current frame, from bottom to top.
    pub(super) fn layers(&mut self) -> &[Layer] {
        self.inner.layers()
    }
}

impl advanced::Renderer for Renderer {
    fn start_layer(&mut self, bounds: Rectangle) {
        self.inner.start_layer(bounds);
    }

    fn end_layer(&mut self) {
        self.inner.end_layer();
    }

    fn start_transformation(&mut self, transformation: Transformation) {
        self.inner.start_transformation(transformation);
    }

    fn end_transformation(&mut self) {
        self.inner.end_transformation();
    }

    fn fill_quad(&mut self, quad: Quad, background: impl Into<Background>) {
        if !self.is_unseen {
            self.inner.fill_quad(quad, background);
        }
    }

    fn reset(&mut self, new_bounds: Rectangle) {
        self.code = None;
        self.leaves_out = false;
        self.is_unseen = false;
        self.inner.reset(new_bounds);
    }

    fn allocate_image(
        &mut self,
        handle: &image::Handle,
        callback: impl FnOnce(Result<image::Allocation, image::Error>) + Send + 'static,
    ) {
        self.inner.allocate_image(handle, callback);
    }
}

impl text::Renderer for Renderer {
    type Font = Font;
    type Paragraph = <Inner as text::Renderer>::Paragraph;
    type Editor = <Inner as text::Renderer>::Editor;

    const ICON_FONT: Font = <Inner as text::Renderer>::ICON_FONT;
    const CHECKMARK_ICON: char = <Inner as text::Renderer>::CHECKMARK_ICON;
    const ARROW_DOWN_ICON: char = <Inner as text::Renderer>::ARROW_DOWN_ICON;
    const SCROLL_UP_ICON: char = <Inner as text::Renderer>::SCROLL_UP_ICON;
    const SCROLL_DOWN_ICON: char = <Inner as text::Renderer>::SCROLL_DOWN_ICON;
    const SCROLL_LEFT_ICON: char = <Inner as text::Renderer>::SCROLL_LEFT_ICON;
    const SCROLL_RIGHT_ICON: char = <Inner as text::Renderer>::SCROLL_RIGHT_ICON;
    const ICED_LOGO: char = <Inner as text::Renderer>::ICED_LOGO;

    fn default_font(&self) -> Self::Font {
        self.inner.default_font()
    }

    fn default_size(&self) -> Pixels {
        self.inner.default_size()
    }

    fn fill_paragraph(
        &mut self,
        paragraph: &Self::Paragraph,
        position: Point,
        color: Color,
        clip_bounds: Rectangle,
    ) {
        let ink = self.ink(color);
        self.inner
            .fill_paragraph(paragraph, position, ink, clip_bounds);
    }

    fn fill_editor(
        &mut self,
        editor: &Self::Editor,
        position: Point,
        color: Color,
        clip_bounds: Rectangle,
    ) {
        let ink = self.ink(color);
        self.inner.fill_editor(editor, position, ink, clip_bounds);
    }

    fn fill_text(
        &mut self,
        text: text::Text,
        position: Point,
        color: Color,
        clip_bounds: Rectangle,
    ) {
        let ink = self.ink(color);
        self.inner.fill_text(text, position, ink, clip_bounds);
    }
}

impl geometry::Renderer for Renderer {
    type Geometry = Geometry;
    type Frame = iced_tiny_skia::geometry::Frame;

    fn new_frame(&self, bounds: Rectangle) -> Self::Frame {
        self.inner.new_frame(bounds)
    }

    fn draw_geometry(&mut self, geometry: Self::Geometry) {
        if !self.is_unseen {
            self.inner.draw_geometry(geometry);
        }
    }
}

impl graphics_compositor::Default for Renderer {
    type Compositor = Compositor;
}

impl Headless for Renderer {
    async fn new(font: Font, text_size: Pixels, _backend: Option<&str>) -> Option<Self> {
        Some(Self::new(font, text_size))
    }

    fn name(&self) -> String {
        self.inner.name()
    }

    fn screenshot(&mut self, size: Size<u32>, scale_factor: f32, background: Color) -> Vec<u8> {
        self.inner.screenshot(size, scale_factor, background)
    }
}
