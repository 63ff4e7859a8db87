//! The same application without a window: its tasks run, its screens are drawn into pictures.

use std::time::{Duration, Instant};

use iced::futures::StreamExt;
use iced::futures::stream::{BoxStream, SelectAll};
use iced::keyboard::Key;
use iced::{Size, Task};
use iced_runtime::{Action, task};
use image::RgbaImage;

use super::key_guard::LAPS;
use super::painter::{Painter, PainterError};
use super::{Display, KeyEvent, Message, Setup};
use crate::sale::State;

/// Until a key is pressed. Nothing waits for it: the key only says that it was pressed then.
const TIME_TO_LOOK: Duration = Duration::from_secs(1);

/// A display that nobody sees.
pub struct Offscreen {
    display: Display,
    painter: Painter,
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

impl Offscreen {
    /// Starts a display with screens of `size` pixels.
    ///
    /// # Errors
    ///
    /// When there is no renderer.
    pub async fn start(setup: Setup, size: Size<u32>) -> Result<Self, PainterError> {
        let painter = Painter::new().await?;
        let (display, first) = Display::new(setup);
        let mut offscreen = Self {
            display,
            painter,
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

    /// Presses a key as a person does who has seen the screen: alone, with a pause after it.
    pub fn press(&mut self, key: Key) {
        let at = Instant::now() + TIME_TO_LOOK;
        self.send(Message::Key(KeyEvent::press(key, at)));
        for _ in 0..LAPS {
            self.send(Message::Key(KeyEvent::pause(at)));
        }
    }

    /// Presses keys as a scanner does, one right after another.
    pub fn scan(&mut self, keys: impl IntoIterator<Item = Key>) {
        let at = Instant::now() + TIME_TO_LOOK;
        for key in keys {
            self.send(Message::Key(KeyEvent::press(key, at)));
        }
        for _ in 0..LAPS {
            self.send(Message::Key(KeyEvent::pause(at)));
        }
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
    ) -> Result<bool, PainterError> {
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
    pub async fn step(&mut self) -> Result<(), PainterError> {
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
    pub fn draw(&mut self) -> Result<RgbaImage, PainterError> {
        let _ = self.display.update(Message::Second);
        let style = self.display.style();

        self.painter
            .paint(self.display.view(), &style, self.size, 1.0)
    }
}
