//! The application without a window: its tasks run, and its screens are drawn into pictures.

use std::time::{Duration, Instant};

use iced::futures::StreamExt;
use iced::futures::stream::{BoxStream, SelectAll};
use iced::keyboard::Key;
use iced::{Size, Task};
use iced_runtime::{Action, task};
use image::RgbaImage;

use crate::app::application::App;
use crate::app::display::SaleDisplay;
use crate::app::input::key_guard::LAPS;
use crate::app::input::keys::KeyEvent;
use crate::app::message::{AppMessage, Message};
use crate::app::painter::{Painter, PainterError};
use crate::app::resident::ResidentStart;
use crate::app::setup::Setup;
use crate::sale::State;

/// Key presses are dated this much later, so that the key guard accepts them and no test has to wait.
const TIME_TO_LOOK: Duration = Duration::from_secs(1);

/// An application without a window.
pub struct Offscreen {
    app: App,
    painter: Painter,
    tasks: SelectAll<BoxStream<'static, Action<AppMessage>>>,
    size: Size<u32>,
    over: bool,
}

impl std::fmt::Debug for Offscreen {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Offscreen").finish_non_exhaustive()
    }
}

impl Offscreen {
    /// Starts a sale with screens of `size` pixels.
    ///
    /// # Errors
    ///
    /// If no renderer can be created.
    pub async fn start(setup: Setup, size: Size<u32>) -> Result<Self, PainterError> {
        Self::with(App::for_sale(setup, None, None), size).await
    }

    /// Starts a resident display with screens of `size` pixels.
    ///
    /// # Errors
    ///
    /// If no renderer can be created.
    pub async fn start_resident(
        start: ResidentStart,
        size: Size<u32>,
    ) -> Result<Self, PainterError> {
        Self::with(App::resident(start, None), size).await
    }

    async fn with(
        (app, first): (App, Task<AppMessage>),
        size: Size<u32>,
    ) -> Result<Self, PainterError> {
        let mut offscreen = Self {
            app,
            painter: Painter::new().await?,
            tasks: SelectAll::new(),
            size,
            over: false,
        };
        offscreen.perform(first);
        offscreen.send(Message::Rescaled(1.0));

        Ok(offscreen)
    }

    /// Returns the application.
    pub fn app(&self) -> &App {
        &self.app
    }

    /// Returns the display on the screen.
    pub fn display(&self) -> &SaleDisplay {
        self.app.display()
    }

    /// Returns whether the application has ended.
    pub fn is_over(&self) -> bool {
        self.over
    }

    /// Returns the number of running tasks.
    pub fn under_way(&self) -> usize {
        self.tasks.len()
    }

    /// Sends the application a message, as a window does.
    pub fn send(&mut self, message: Message) {
        self.update(AppMessage::Window(message));
    }

    /// Sends the display on the screen a message, as its buttons do.
    pub fn send_to_display(&mut self, message: Message) {
        self.update(AppMessage::Display(self.app.generation(), message));
    }

    fn update(&mut self, message: AppMessage) {
        let task = self.app.update(message);
        self.perform(task);
    }

    /// Presses a key as a person who has seen the screen does, with a pause after the key.
    pub fn press(&mut self, key: Key) {
        self.scan([key]);
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

    fn perform(&mut self, task: Task<AppMessage>) {
        if let Some(stream) = task::into_stream(task) {
            self.tasks.push(stream);
        }
    }

    /// Runs until `reached` accepts the state of the sale. Returns `false` if the application ended first. When
    /// the sale presents a code, this draws a frame, as a window does.
    ///
    /// # Errors
    ///
    /// If a screen cannot be drawn.
    pub async fn run_until(
        &mut self,
        mut reached: impl FnMut(&State) -> bool,
    ) -> Result<bool, PainterError> {
        loop {
            if reached(self.display().sale().state()) {
                return Ok(true);
            }
            if self.over {
                return Ok(false);
            }
            self.step().await?;
        }
    }

    /// Handles the next event.
    ///
    /// # Errors
    ///
    /// If a screen cannot be drawn.
    pub async fn step(&mut self) -> Result<(), PainterError> {
        let waits_for_a_frame = matches!(
            self.display().sale().state(),
            State::Presenting(presenting) if !presenting.is_on_screen()
        );
        if waits_for_a_frame {
            self.draw()?;
            self.send_to_display(Message::Frame);

            return Ok(());
        }
        match self.tasks.next().await {
            Some(Action::Output(message)) => self.update(message),
            Some(Action::Exit) | None => self.over = true,
            // A request to a window is ignored, because there is no window.
            Some(_) => {}
        }

        Ok(())
    }

    /// Draws the present screen.
    ///
    /// # Errors
    ///
    /// If the renderer fails.
    pub fn draw(&mut self) -> Result<RgbaImage, PainterError> {
        self.send_to_display(Message::Second);
        let display = self.app.display();

        self.painter
            .paint(display.view(), &display.style(), self.size, 1.0)
    }
}
