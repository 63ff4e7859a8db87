//! A window to draw into.

use std::collections::VecDeque;
use std::num::NonZeroU32;

use iced::advanced::graphics::Viewport;
use iced::advanced::graphics::compositor::{Display, Window};
use iced::{Color, Size};
use softbuffer::SoftBufferError;
use thiserror::Error;
use tiny_skia::{Mask, PixmapMut};

use super::Renderer;
use super::damage::{self, Region};
use super::frame::Frame;
use super::losses::Losses;
use crate::display::sight;

/// The window as softbuffer has it.
pub(super) type Raw = softbuffer::Surface<Box<dyn Display>, Box<dyn Window>>;

/// A window that frames are drawn into.
pub struct Surface {
    /// `None` where it could not be made.
    raw: Option<Raw>,
    canvas: Option<Canvas>,
    losses: Losses,
    /// Whether the window's content has to be drawn again, whatever the display server says.
    is_lost: bool,
    /// Whether the display server is done with the last frame.
    is_settled: bool,
}

/// What frames were drawn last.
#[derive(Debug)]
pub(in crate::display) struct Canvas {
    size: Size<u32>,
    /// The newest first. Buffers take turns, so one may hold an older frame than the screen.
    frames: VecDeque<Frame>,
    /// How many frames it takes until a buffer has its turn again.
    turns: usize,
}

impl std::fmt::Debug for Surface {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Surface").finish_non_exhaustive()
    }
}

/// Why a frame cannot be shown.
#[derive(Debug, Error)]
pub(super) enum Failure {
    /// There is nothing to draw into.
    #[error("the window cannot be drawn into")]
    NoSurface,
    /// It is made for another size, or for none.
    #[error("the window has another size")]
    Size,
    /// The display server, or the way to it.
    #[error(transparent)]
    Server(#[from] SoftBufferError),
}

impl Surface {
    pub(super) fn new(raw: Option<Raw>, losses: Losses) -> Self {
        Self {
            raw,
            canvas: None,
            losses,
            is_lost: true,
            is_settled: true,
        }
    }

    /// Makes it as large as this. Everything is drawn anew.
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
            Ok(()) => self.canvas = Canvas::new(size),
            Err(error) => tracing::error!(%error, ?size, "the window cannot have this size"),
        }
    }

    /// Shows the frame that `renderer` has, and says what came of it.
    pub(super) fn show(
        &mut self,
        renderer: &mut Renderer,
        viewport: &Viewport,
        background: Color,
        before: impl FnOnce(),
    ) -> Result<(), Failure> {
        let shown = self.present(renderer, viewport, background, before);
        match &shown {
            Ok(()) => sight::presented(renderer.code(), renderer.leaves_out(), self.is_settled),
            Err(failure) => sight::failed(&failure.to_string()),
        }

        shown
    }

    /// Hands the frame over. Where it is on the screen already, nothing is done beyond waiting until it
    /// really is. As long as there is nothing on it, the window stays as the system has opened it.
    fn present(
        &mut self,
        renderer: &mut Renderer,
        viewport: &Viewport,
        background: Color,
        before: impl FnOnce(),
    ) -> Result<(), Failure> {
        let raw = self.raw.as_mut().ok_or(Failure::NoSurface)?;
        let canvas = self.canvas.as_mut().ok_or(Failure::Size)?;
        if canvas.size != viewport.physical_size() {
            return Err(Failure::Size);
        }
        let frame = Frame::of(renderer.layers(), background);
        if canvas.frames.is_empty() {
            if frame.is_empty() {
                return Ok(());
            }
            #[cfg(target_os = "linux")]
            if let Some(plain) = frame.plain(viewport.scale_factor()) {
                self.losses.fill(&plain);
            }
        }
        // In this order: what was lost before the first question need not be asked for.
        self.is_lost = self.is_lost || self.losses.any();
        let changed = match canvas.frames.front() {
            Some(shown) if !self.is_lost => canvas.between(shown, &frame, viewport),
            _ => canvas.whole(),
        };
        if changed.is_empty() {
            if !self.is_settled {
                // A buffer is given out when the server is done with what it was last given.
                raw.buffer_mut()?;
                self.is_settled = true;
            }

            return Ok(());
        }
        let mut buffer = raw.buffer_mut()?;
        let age = usize::from(buffer.age());
        let is_new = age == 0 || age > canvas.frames.len();
        let changed = if is_new { canvas.whole() } else { changed };
        let pixels = bytemuck::cast_slice_mut(&mut buffer);
        canvas
            .draw(renderer, frame, viewport, pixels, age)
            .ok_or(Failure::Size)?;
        before();
        buffer.present_with_damage(&rectangles(&changed))?;
        self.is_lost = false;
        self.is_settled = false;

        Ok(())
    }
}

impl Canvas {
    /// `None` where `size` has no pixels.
    pub(in crate::display) fn new(size: Size<u32>) -> Option<Self> {
        Region::whole(size)?;

        Some(Self {
            size,
            frames: VecDeque::new(),
            turns: 1,
        })
    }

    fn whole(&self) -> Vec<Region> {
        Region::whole(self.size).into_iter().collect()
    }

    fn between(&self, before: &Frame, now: &Frame, viewport: &Viewport) -> Vec<Region> {
        damage::between(before, now, viewport.scale_factor(), self.size)
    }

    /// Draws `frame`, which `renderer` has, into pixels that hold the frame of `age` frames ago, or
    /// none where it is 0. `None` where the pixels are not as many as they should be.
    fn draw(
        &mut self,
        renderer: &mut Renderer,
        frame: Frame,
        viewport: &Viewport,
        pixels: &mut [u8],
        age: usize,
    ) -> Option<()> {
        let held = age.checked_sub(1).and_then(|age| self.frames.get(age));
        let places: Vec<_> = match held {
            Some(held) => self.between(held, &frame, viewport),
            None => self.whole(),
        }
        .into_iter()
        .map(|region| region.logical(viewport.scale_factor()))
        .collect();
        let mut pixels = PixmapMut::from_bytes(pixels, self.size.width, self.size.height)?;
        // As large as the screen, and of no use between two frames.
        let mut mask = Mask::new(self.size.width, self.size.height)?;
        renderer.inner.draw(
            &mut pixels,
            &mut mask,
            viewport,
            &places,
            frame.background(),
        );
        self.turns = self.turns.max(age);
        self.frames.truncate(self.turns - 1);
        self.frames.push_front(frame);

        Some(())
    }
}

#[cfg(test)]
impl Canvas {
    /// Fills pixels as the X server would for the frame that `renderer` has; not where it is not plain.
    #[cfg(target_os = "linux")]
    pub(in crate::display) fn fill(
        &self,
        renderer: &mut Renderer,
        scale_factor: f32,
        background: Color,
        pixels: &mut [u8],
    ) {
        let frame = Frame::of(renderer.layers(), background);
        for filled in frame.plain(scale_factor).into_iter().flatten() {
            for rectangle in filled.rectangles {
                let [left, top] = [rectangle.x, rectangle.y].map(|at| at.max(0) as usize);
                let right = (left + rectangle.width as usize).min(self.size.width as usize);
                let bottom = (top + rectangle.height as usize).min(self.size.height as usize);
                for y in top..bottom {
                    let row = y * self.size.width as usize;
                    for pixel in pixels[(row + left) * 4..(row + right) * 4].chunks_exact_mut(4) {
                        pixel.copy_from_slice(&filled.color.to_le_bytes());
                    }
                }
            }
        }
    }

    /// Draws what `renderer` has into pixels that hold what was drawn into them last.
    pub(in crate::display) fn repaint(
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

fn rectangles(regions: &[Region]) -> Vec<softbuffer::Rect> {
    let rectangle = |region: &Region| {
        Some(softbuffer::Rect {
            x: region.left,
            y: region.top,
            width: NonZeroU32::new(region.width())?,
            height: NonZeroU32::new(region.height())?,
        })
    };

    regions.iter().filter_map(rectangle).collect()
}
