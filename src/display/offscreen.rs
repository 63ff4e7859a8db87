//! The same application without a window: its tasks run, its screens are drawn into pictures.

use iced::advanced::clipboard;
use iced::advanced::renderer::{self, Headless};
use iced::futures::StreamExt;
use iced::futures::stream::{BoxStream, SelectAll};
use iced::{Event, Pixels, Renderer, Size, Task, Theme, mouse, window};
use iced_runtime::user_interface::{Cache, UserInterface};
use iced_runtime::{Action, task};
use image::RgbaImage;
use thiserror::Error;

use super::{Display, Message, Setup};
use crate::sale::State;

/// A display that nobody sees.
pub struct Offscreen {
    display: Display,
    renderer: Renderer,
    tasks: SelectAll<BoxStream<'static, Action<Message>>>,
    size: Size<u32>,
    over: bool,
}

impl std::fmt::Debug for Offscreen {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Offscreen")
            .field("display", &self.display)
            .field("size", &self.size)
            .field("over", &self.over)
            .finish_non_exhaustive()
    }
}

/// Why nothing can be drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum OffscreenError {
    /// There is no renderer.
    #[error("there is no renderer to draw with")]
    Renderer,
    /// The renderer made a picture of another size than it was asked for.
    #[error("the renderer made a picture of another size than it was asked for")]
    Size,
}

impl Offscreen {
    /// Starts a display with screens of `size` pixels.
    ///
    /// # Errors
    ///
    /// When there is no renderer.
    pub async fn start(setup: Setup, size: Size<u32>) -> Result<Self, OffscreenError> {
        let renderer = <Renderer as Headless>::new(super::look::FONT, Pixels(16.0), None)
            .await
            .ok_or(OffscreenError::Renderer)?;
        let (display, first) = Display::new(setup);
        let mut offscreen = Self {
            display,
            renderer,
            tasks: SelectAll::new(),
            size,
            over: false,
        };
        offscreen.perform(first);
        offscreen.send(Message::Rescaled(1.0));

        Ok(offscreen)
    }

    /// The display.
    pub fn display(&self) -> &Display {
        &self.display
    }

    /// Whether the sale has asked to leave.
    pub fn is_over(&self) -> bool {
        self.over
    }

    /// Gives the display a message, as a window would.
    pub fn send(&mut self, message: Message) {
        let task = self.display.update(message);
        self.perform(task);
    }

    fn perform(&mut self, task: Task<Message>) {
        if let Some(stream) = task::into_stream(task) {
            self.tasks.push(stream);
        }
    }

    /// Runs until the state of the sale is one that `reached` accepts; `false` when the sale ended
    /// before. Draws once the code stands, as a window would, so that the sale goes on.
    ///
    /// # Errors
    ///
    /// When a screen cannot be drawn.
    pub async fn run_until(
        &mut self,
        mut reached: impl FnMut(&State) -> bool,
    ) -> Result<bool, OffscreenError> {
        loop {
            if reached(self.display.sale().state()) {
                return Ok(true);
            }
            if self.over {
                return Ok(false);
            }
            self.step().await?;
        }
    }

    /// Takes in the next thing that happens.
    ///
    /// # Errors
    ///
    /// When a screen cannot be drawn.
    pub async fn step(&mut self) -> Result<(), OffscreenError> {
        let waits_for_a_frame = matches!(
            self.display.sale().state(),
            State::Presenting(presenting) if !presenting.is_on_screen()
        );
        if waits_for_a_frame {
            self.draw()?;
            self.send(Message::Frame);

            return Ok(());
        }
        match self.tasks.next().await {
            Some(Action::Output(message)) => self.send(message),
            Some(Action::Exit) | None => self.over = true,
            // What would be asked of a window has nobody to answer it.
            Some(_) => {}
        }

        Ok(())
    }

    /// Draws the present screen.
    ///
    /// # Errors
    ///
    /// When the renderer fails.
    pub fn draw(&mut self) -> Result<RgbaImage, OffscreenError> {
        let _ = self.display.update(Message::Second);
        let style = self.display.style();
        let mut interface = UserInterface::build(
            self.display.view(),
            #[allow(clippy::cast_precision_loss)]
            Size::new(self.size.width as f32, self.size.height as f32),
            Cache::new(),
            &mut self.renderer,
        );
        let redraw = Event::Window(window::Event::RedrawRequested(std::time::Instant::now()));
        let _ = interface.update(
            &[redraw],
            mouse::Cursor::Unavailable,
            &mut self.renderer,
            &mut clipboard::Null,
            &mut Vec::new(),
        );
        interface.draw(
            &mut self.renderer,
            &Theme::Light,
            &renderer::Style {
                text_color: style.text_color,
            },
            mouse::Cursor::Unavailable,
        );
        let pixels = self
            .renderer
            .screenshot(self.size, 1.0, style.background_color);

        RgbaImage::from_raw(self.size.width, self.size.height, pixels).ok_or(OffscreenError::Size)
    }
}
