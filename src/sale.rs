//! The life of one sale, from the amount to its ending: **a pure state machine**.
//!
//! [`Sale::handle`] takes what happened and answers what shall be done about it. It reads no
//! clock, no disk and no network: time enters as data in events, and everything else leaves as an
//! [`Effect`] that somebody outside runs. The same code is driven by the window, by tests and by a
//! model checker.
//!
//! Two rules shape it:
//!
//! * **Durable before visible.** A [`Record`] comes before what it protects, and only the event
//!   that the record is on disk lets the machine go on.
//! * **Only the platform's `status` is a verdict.** Never the countdown, an error, or the answer to
//!   a void; and after a void was sent, `paid` alone does not mean paid.

mod announcement;
mod creating;
mod effect;
mod ended;
mod ending;
mod event;
mod fit;
mod order;
mod polls;
mod presenting;
mod turn;
mod voiding;
mod waiting;
mod watching;

pub use announcement::{Announcement, Link, PaidByLine, Sum, WaitingFor};
pub use creating::{Creating, Pause};
pub use effect::{Delay, Effect, Job, NewRequest, Record};
pub use ended::Ended;
pub use ending::{Ending, Rejection};
pub use event::{Ask, Command, Event, Fact, Mark, Moment, Timer};
pub use fit::{Accepted, Misfit, Rules};
pub use order::{Order, Timing};
pub use presenting::Presenting;
pub use voiding::{Cause, Evidence, Voiding};
pub use waiting::{Reason, Waiting};

use turn::Turn;

/// Where a sale stands. Each state holds what only it needs.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub enum State {
    /// The cashier is entering the amount.
    #[default]
    Entry,
    /// A request is being created; nothing can be paid yet.
    Creating(Creating),
    /// The code is on the screen.
    Presenting(Presenting),
    /// The code is gone, and the platform's verdict is awaited.
    Waiting(Waiting),
    /// The request is being cancelled at the platform.
    Voiding(Voiding),
    /// An ending was reached.
    Ended(Ended),
}

/// A sale: its order, its attempts and where it stands.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Sale {
    rules: Rules,
    timing: Timing,
    order: Option<Order>,
    attempt: u32,
    leaving: bool,
    told_outcome: bool,
    state: State,
}

impl Sale {
    /// A sale that waits for its order.
    pub fn new(rules: Rules, timing: Timing) -> Self {
        Self {
            rules,
            timing,
            order: None,
            attempt: 0,
            leaving: false,
            told_outcome: false,
            state: State::Entry,
        }
    }

    /// Where it stands.
    pub fn state(&self) -> &State {
        &self.state
    }

    /// What is being sold, once that is known.
    pub fn order(&self) -> Option<&Order> {
        self.order.as_ref()
    }

    /// The number of the current attempt, from 1; 0 before the first.
    pub fn attempt(&self) -> u32 {
        self.attempt
    }

    /// Takes in what happened and says what shall be done about it, in this order.
    ///
    /// An event that does not fit the state is dropped: the answer to an earlier attempt, a key
    /// that was pressed twice, a timer that was set for a state long left.
    pub fn handle(&mut self, event: Event) -> Vec<Effect> {
        let event = match event {
            Event::Asked(Command::Start(order)) if self.order.is_none() => {
                return self.start(order);
            }
            Event::Asked(command) => Input::Command(command),
            Event::Happened { attempt, fact } if attempt == self.attempt => Input::Fact(fact),
            Event::Happened { .. } => return Vec::new(),
        };
        let mut turn = Turn::new(self);
        let state = std::mem::take(turn.state());

        let next = match (state, event) {
            (State::Entry, Input::Command(Command::Close | Command::Cancel | Command::Leave)) => {
                turn.abandon()
            }
            (State::Ended(ended), Input::Command(command)) => ended.asked(command, &mut turn),
            (State::Ended(ended), Input::Fact(fact)) => ended.happened(fact, &mut turn),
            (state, Input::Command(Command::Leave)) => turn.leave(state),
            (
                state,
                Input::Fact(Fact::Woke {
                    timer: Timer::LeaveNow,
                    ..
                }),
            ) => turn.leave_now(state),
            (State::Creating(creating), Input::Command(command)) => {
                creating.asked(command, &mut turn)
            }
            (State::Creating(creating), Input::Fact(fact)) => creating.happened(fact, &mut turn),
            (State::Presenting(presenting), Input::Command(command)) => {
                presenting.asked(command, &mut turn)
            }
            (State::Presenting(presenting), Input::Fact(fact)) => {
                presenting.happened(fact, &mut turn)
            }
            (State::Waiting(waiting), Input::Command(command)) => waiting.asked(command, &mut turn),
            (State::Waiting(waiting), Input::Fact(fact)) => waiting.happened(fact, &mut turn),
            (State::Voiding(voiding), Input::Command(command)) => voiding.asked(&command),
            (State::Voiding(voiding), Input::Fact(fact)) => voiding.happened(fact, &mut turn),
            (State::Entry, _) => State::Entry,
        };

        turn.finish(next)
    }

    fn start(&mut self, order: Order) -> Vec<Effect> {
        self.order = Some(order);
        let mut turn = Turn::new(self);
        let next = turn.new_attempt(Creating::first_try());

        turn.finish(next)
    }
}

/// An event that belongs to the current attempt.
enum Input {
    Command(Command),
    Fact(Fact),
}

#[cfg(test)]
mod tests;
