//! What draws the screens: iced's software renderer, with a compositor of its own.
//!
//! Iced asks for a frame after every message, and its compositor hands every frame to the display
//! server as a whole. Here a frame that differs in nothing is not handed over at all, and of any
//! other only what differs.

mod compositor;
mod damage;
#[cfg(target_os = "linux")]
mod exposures;
mod frame;
mod losses;
#[cfg(target_os = "linux")]
mod plain;
mod surface;

use iced::advanced::graphics::{compositor as graphics_compositor, geometry};
use iced::advanced::renderer::{Headless, Quad};
use iced::advanced::{self, image, text};
use iced::{Background, Color, Font, Pixels, Point, Rectangle, Size, Transformation};
use iced_tiny_skia::{Geometry, Layer};

use super::sight::Placed;

pub use compositor::Compositor;
pub use surface::Surface;

#[cfg(test)]
pub(super) use surface::Canvas;

type Inner = iced_tiny_skia::Renderer;

/// Iced's software renderer under a name of its own, so that it can have another compositor.
#[derive(Debug)]
pub struct Renderer {
    inner: Inner,
    /// Where the present frame has a code.
    code: Option<Placed>,
    /// Whether words were left out of it.
    leaves_out: bool,
}

impl Renderer {
    pub(super) fn new(font: Font, text_size: Pixels) -> Self {
        Self {
            inner: Inner::new(font, text_size),
            code: None,
            leaves_out: false,
        }
    }

    /// Notes that the present frame has a code here.
    pub(super) fn note_code(&mut self, code: Placed) {
        self.code = Some(code);
    }

    /// The code that the present frame has, and where.
    pub(super) fn code(&self) -> Option<&Placed> {
        self.code.as_ref()
    }

    /// Notes that words were left out of the present frame.
    pub(super) fn note_left_out(&mut self) {
        self.leaves_out = true;
    }

    /// Whether words were left out of the present frame.
    pub(super) fn leaves_out(&self) -> bool {
        self.leaves_out
    }

    /// What the present frame consists of, from the bottom to the top.
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
        self.inner.fill_quad(quad, background);
    }

    fn reset(&mut self, new_bounds: Rectangle) {
        self.code = None;
        self.leaves_out = false;
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
        self.inner
            .fill_paragraph(paragraph, position, color, clip_bounds);
    }

    fn fill_editor(
        &mut self,
        editor: &Self::Editor,
        position: Point,
        color: Color,
        clip_bounds: Rectangle,
    ) {
        self.inner.fill_editor(editor, position, color, clip_bounds);
    }

    fn fill_text(
        &mut self,
        text: text::Text,
        position: Point,
        color: Color,
        clip_bounds: Rectangle,
    ) {
        self.inner.fill_text(text, position, color, clip_bounds);
    }
}

impl geometry::Renderer for Renderer {
    type Geometry = Geometry;
    type Frame = iced_tiny_skia::geometry::Frame;

    fn new_frame(&self, bounds: Rectangle) -> Self::Frame {
        self.inner.new_frame(bounds)
    }

    fn draw_geometry(&mut self, geometry: Self::Geometry) {
        self.inner.draw_geometry(geometry);
    }
}

impl graphics_compositor::Default for Renderer {
    type Compositor = Compositor;
}

impl Headless for Renderer {
    async fn new(font: Font, text_size: Pixels, backend: Option<&str>) -> Option<Self> {
        <Inner as Headless>::new(font, text_size, backend)
            .await
            .map(|inner| Self {
                inner,
                code: None,
                leaves_out: false,
            })
    }

    fn name(&self) -> String {
        self.inner.name()
    }

    fn screenshot(&mut self, size: Size<u32>, scale_factor: f32, background: Color) -> Vec<u8> {
        self.inner.screenshot(size, scale_factor, background)
    }
}
