//! The same application without a window: its tasks run, its screens are drawn into pictures.

use std::fmt;

use iced::futures::StreamExt;
use iced::futures::stream::{BoxStream, SelectAll};
use iced::{Size, Task};
use iced_runtime::{Action, task};
use image::RgbaImage;

use super::{Message, Stand, Start};
use crate::display;
use crate::display::painter::{Painter, PainterError};
use crate::sale::State;

/// A stand that nobody sees.
pub struct Offscreen {
    stand: Stand,
    painter: Painter,
    tasks: SelectAll<BoxStream<'static, Action<Message>>>,
    size: Size<u32>,
    over: bool,
}

impl fmt::Debug for Offscreen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Offscreen")
            .field("stand", &self.stand)
            .field("size", &self.size)
            .field("over", &self.over)
            .finish_non_exhaustive()
    }
}

impl Offscreen {
    /// Starts a stand with screens of `size` pixels.
    ///
    /// # Errors
    ///
    /// When there is no renderer.
    pub async fn start(start: Start, size: Size<u32>) -> Result<Self, PainterError> {
        let painter = Painter::new().await?;
        let (stand, first) = Stand::new(start);
        let mut offscreen = Self {
            stand,
            painter,
            tasks: SelectAll::new(),
            size,
            over: false,
        };
        offscreen.perform(first);
        offscreen.send(Message::Window(display::Message::Rescaled(1.0)));

        Ok(offscreen)
    }

    /// The stand.
    pub fn stand(&self) -> &Stand {
        &self.stand
    }

    /// Whether it has ended itself.
    pub fn is_over(&self) -> bool {
        self.over
    }

    /// How many tasks of its are under way.
    pub fn under_way(&self) -> usize {
        self.tasks.len()
    }

    /// Gives the stand a message, as a window would.
    pub fn send(&mut self, message: Message) {
        let task = self.stand.update(message);
        self.perform(task);
    }

    /// Gives the display that is on the screen a message.
    pub fn send_to_display(&mut self, message: display::Message) {
        self.send(Message::Of(self.stand.number, message));
    }

    fn perform(&mut self, task: Task<Message>) {
        if let Some(stream) = task::into_stream(task) {
            self.tasks.push(stream);
        }
    }

    /// Takes in the next thing that happens. Draws once a code stands, as a window would.
    ///
    /// # Errors
    ///
    /// When a screen cannot be drawn.
    pub async fn step(&mut self) -> Result<(), PainterError> {
        let waits_for_a_frame = matches!(
            self.stand.display().sale().state(),
            State::Presenting(presenting) if !presenting.is_on_screen()
        );
        if waits_for_a_frame {
            self.draw()?;
            self.send_to_display(display::Message::Frame);

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
    pub fn draw(&mut self) -> Result<RgbaImage, PainterError> {
        let display = self.stand.display();

        self.painter
            .paint(display.view(), &display.style(), self.size, 1.0)
    }
}
