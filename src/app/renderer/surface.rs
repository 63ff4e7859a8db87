//! The surface of a window, to which frames are drawn.

use std::collections::VecDeque;
use std::num::NonZeroU32;

use iced::advanced::graphics::Viewport;
use iced::advanced::graphics::compositor::{Display, Window};
use iced::{Color, Rectangle, Size};
use softbuffer::SoftBufferError;
use thiserror::Error;
use tiny_skia::{Mask, PixmapMut};

use super::Renderer;
use super::damage;
use super::frame::Frame;
use super::lost_frames::LostFrames;
use crate::app::platform::sight;

/// The surface of the softbuffer library.
pub(super) type Raw = softbuffer::Surface<Box<dyn Display>, Box<dyn Window>>;

/// The surface of a window.
pub struct Surface {
    /// `None` if the surface could not be created.
    raw: Option<Raw>,
    canvas: Option<Canvas>,
    lost_frames: LostFrames,
    /// Whether the whole window must be drawn again.
    is_lost: bool,
    /// Whether the display server has finished the last frame.
    is_settled: bool,
}

/// The last frames, of which the next frame repaints only the differences.
#[derive(Debug)]
pub(in crate::app) struct Canvas {
    size: Size<u32>,
    /// The last frames, the newest first. The server alternates between buffers, so the buffer for the next frame
    /// may hold an older frame than the screen.
    frames: VecDeque<Frame>,
    /// The number of buffers between which the server alternates.
    turns: usize,
    /// The mask of the last frame, if it had no code.
    mask: Option<Mask>,
}

impl std::fmt::Debug for Surface {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Surface").finish_non_exhaustive()
    }
}

/// The reason why a frame cannot be shown.
#[derive(Debug, Error)]
pub(super) enum FrameError {
    /// The window has no surface.
    #[error("the window cannot be drawn into")]
    NoSurface,
    /// The frame and the window differ in size, or the window has no size.
    #[error("the window has another size")]
    Size,
    /// An error of the display server or the connection to it.
    #[error(transparent)]
    Server(#[from] SoftBufferError),
}

impl Surface {
    pub(super) fn new(raw: Option<Raw>, lost_frames: LostFrames) -> Self {
        Self {
            raw,
            canvas: None,
            lost_frames,
            is_lost: true,
            is_settled: true,
        }
    }

    /// Resizes the surface. The next frame is drawn whole.
    pub(super) fn configure(&mut self, size: Size<u32>) {
        self.canvas = None;
        self.is_lost = true;
        let (Some(raw), Some(width), Some(height)) = (
            &mut self.raw,
            NonZeroU32::new(size.width),
            NonZeroU32::new(size.height),
        ) else {
            return;
        };
        match raw.resize(width, height) {
            Ok(()) => self.canvas = Some(Canvas::new(size)),
            Err(error) => tracing::error!(%error, ?size, "the window cannot have this size"),
        }
    }

    /// Shows the renderer's frame, and records the result.
    pub(super) fn show(
        &mut self,
        renderer: &mut Renderer,
        viewport: &Viewport,
        background: Color,
        before: impl FnOnce(),
    ) -> Result<(), FrameError> {
        let shown = self.present(renderer, viewport, background, before);
        match &shown {
            Ok(()) => sight::presented(renderer.code(), renderer.leaves_out(), self.is_settled),
            Err(failure) => sight::failed(&failure.to_string()),
        }

        shown
    }

    /// Hands the frame to the display server. If the same frame is already on the screen, this only waits until
    /// the server has finished it.
    fn present(
        &mut self,
        renderer: &mut Renderer,
        viewport: &Viewport,
        background: Color,
        before: impl FnOnce(),
    ) -> Result<(), FrameError> {
        let raw = self.raw.as_mut().ok_or(FrameError::NoSurface)?;
        let canvas = self.canvas.as_mut().ok_or(FrameError::Size)?;
        let size = canvas.size;
        if size != viewport.physical_size() {
            return Err(FrameError::Size);
        }
        let frame = Frame::of(renderer.layers(), background);
        // The first frame is drawn whole, so it is not asked whether content was lost.
        self.is_lost = self.is_lost || self.lost_frames.any();
        let changed = match canvas.frames.front() {
            Some(shown) if !self.is_lost => canvas.between(shown, &frame, viewport),
            _ => vec![damage::whole(size)],
        };
        if changed.is_empty() {
            if !self.is_settled {
                // The server returns a buffer only after it has finished the previous one.
                raw.buffer_mut()?;
                self.is_settled = true;
            }

            return Ok(());
        }
        let mut buffer = raw.buffer_mut()?;
        let age = usize::from(buffer.age());
        let is_new = age == 0 || age > canvas.frames.len();
        let changed = if is_new {
            vec![damage::whole(size)]
        } else {
            changed
        };
        let pixels = bytemuck::cast_slice_mut(&mut buffer);
        canvas
            .draw(renderer, frame, viewport, pixels, age)
            .ok_or(FrameError::Size)?;
        before();
        buffer.present_with_damage(&rectangles(&changed))?;
        self.is_lost = false;
        self.is_settled = false;

        Ok(())
    }
}

impl Canvas {
    pub(in crate::app) fn new(size: Size<u32>) -> Self {
        Self {
            size,
            frames: VecDeque::new(),
            turns: 1,
            mask: None,
        }
    }

    fn between(&self, before: &Frame, now: &Frame, viewport: &Viewport) -> Vec<Rectangle> {
        damage::between(before, now, viewport.scale_factor(), self.size)
    }

    /// Draws the renderer's `frame` into pixels that hold the frame of `age` frames ago, or no frame if `age` is
    /// 0. Returns `None` if the number of pixels is wrong.
    fn draw(
        &mut self,
        renderer: &mut Renderer,
        frame: Frame,
        viewport: &Viewport,
        pixels: &mut [u8],
        age: usize,
    ) -> Option<()> {
        let held = age.checked_sub(1).and_then(|age| self.frames.get(age));
        let scale_factor = viewport.scale_factor();
        let places: Vec<_> = match held {
            Some(held) => self.between(held, &frame, viewport),
            None => vec![damage::whole(self.size)],
        }
        .into_iter()
        .map(|region| Rectangle {
            x: region.x / scale_factor,
            y: region.y / scale_factor,
            width: region.width / scale_factor,
            height: region.height / scale_factor,
        })
        .collect();
        let mut pixels = PixmapMut::from_bytes(pixels, self.size.width, self.size.height)?;
        let kept = self.mask.take();
        let mut mask = kept.or_else(|| Mask::new(self.size.width, self.size.height))?;
        let background = frame.background;
        renderer
            .inner
            .draw(&mut pixels, &mut mask, viewport, &places, background);
        // Getting the memory takes as long as drawing half a code, so the frame with the code uses the mask of the
        // frame before. A mask is as large as the screen, so none is kept while the code stands.
        self.mask = renderer.code().is_none().then_some(mask);
        self.turns = self.turns.max(age);
        self.frames.truncate(self.turns - 1);
        self.frames.push_front(frame);

        Some(())
    }
}

#[cfg(test)]
impl Canvas {
    /// Draws the renderer's frame into pixels that hold the previous frame.
    pub(in crate::app) fn repaint(
        &mut self,
        renderer: &mut Renderer,
        scale_factor: f32,
        background: Color,
        pixels: &mut [u8],
    ) {
        let frame = Frame::of(renderer.layers(), background);
        let viewport = Viewport::with_physical_size(self.size, scale_factor);
        let age = self.frames.len().min(1);
        self.draw(renderer, frame, &viewport, pixels, age)
            .expect("as many pixels as the canvas has");
    }
}

fn rectangles(regions: &[Rectangle]) -> Vec<softbuffer::Rect> {
    let rectangle = |region: &Rectangle| {
        Some(softbuffer::Rect {
            x: region.x as u32,
            y: region.y as u32,
            width: NonZeroU32::new(region.width as u32)?,
            height: NonZeroU32::new(region.height as u32)?,
        })
    };

    regions.iter().filter_map(rectangle).collect()
}
