//! What the till asks for on standard input: what a key could ask for, and no more.

use iced::Task;

use super::choice::is_for_the_cashier;
use super::{Display, Message};
use crate::control::{ControlCommand, ControlLine};
use crate::sale::{Announcement, Command, Effect, Event, Sale, State};

impl Display {
    /// Takes in a line of the till's: a command for the sale, or a sentence in answer.
    pub(super) fn control(&mut self, line: ControlLine) -> Task<Message> {
        match asked(line, &self.sale) {
            Ok(command) => self.handle(Event::Asked(command)),
            Err(message) => {
                // Nothing comes of it later.
                let _ = self
                    .effects
                    .start(Effect::Announce(Announcement::Error { message }));

                Task::none()
            }
        }
    }
}

/// What the sale is asked for, or why it cannot be. A command that does not fit the state is left
/// to the sale, which drops it as it drops a key.
fn asked(line: ControlLine, sale: &Sale) -> Result<Command, String> {
    let asked = line.map_err(|error| error.to_string())?;
    tracing::info!(command = asked.name(), "the till asks");
    let command = match asked {
        ControlCommand::Cancel => Command::Cancel,
        ControlCommand::Retry => Command::Retry,
        ControlCommand::Close => Command::Close,
        ControlCommand::Accept => Command::Accept,
        ControlCommand::Decline => Command::Decline,
    };
    // The till means the sale it launched. What another customer may have paid is not its to
    // cancel, and not its to take note of.
    if sale.is_about_an_earlier_sale() {
        return Err(format!(
            "{} was not done: an earlier sale is on the screen and comes first",
            asked.name()
        ));
    }

    let answers = matches!(command, Command::Accept | Command::Decline);
    if answers && !is_asked_something(sale) {
        return Err("there is no condition to answer".to_owned());
    }

    Ok(command)
}

fn is_asked_something(sale: &Sale) -> bool {
    matches!(sale.state(), State::Waiting(waiting) if is_for_the_cashier(waiting))
}
