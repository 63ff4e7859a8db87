//! A display at its counter: the real state machine, started once for each sale.

use std::time::Duration;

use fastrand::Rng;
use patron_display::domain::order::Order;
use patron_display::domain::payment::Failure;
use patron_display::sale::{
    Accepted, Command, Delay, Ending, Event, Fact, Generation, Moment, Sale, State, Timing,
};

use crate::model::till;
use crate::scale::journal::Journal;
use crate::scale::people::{Draws, Wish, between};
use crate::scale::platform::Answer;

/// The shortest random wait, as in `src/runtime/effects.rs`.
const SHORTEST_PAUSE: Duration = Duration::from_millis(100);

pub(crate) struct Display {
    number: usize,
    timing: Timing,
    /// The sale in progress, or `None` between two sales.
    pub(crate) sale: Option<Sale>,
    /// The number of sales that this display has started, including the current one.
    pub(crate) launch: u32,
    pub(crate) launched_at: Duration,
    pub(crate) journal: Journal,
    /// The plan of the customer and the cashier for the code on the screen.
    pub(crate) wish: Option<Wish>,
    pub(crate) cancelled_at: Option<Duration>,
    pub(crate) create_was_refused: bool,
    pub(crate) patron: Rng,
    pub(crate) cashier: Rng,
    pub(crate) network: Rng,
    machine: Rng,
}

impl Display {
    pub(crate) fn new(number: usize, counters: u32, seed: u64) -> Self {
        Self {
            number,
            timing: Timing {
                counters,
                ..till::timing()
            },
            sale: None,
            launch: 0,
            launched_at: Duration::ZERO,
            journal: Journal::default(),
            wish: None,
            cancelled_at: None,
            create_was_refused: false,
            patron: Draws::Patrons.of(number, seed),
            cashier: Draws::Cashiers.of(number, seed),
            network: Draws::Network.of(number, seed),
            machine: Draws::Machine.of(number, seed),
        }
    }

    /// Starts the program for a new sale, and its clock.
    pub(crate) fn launch(&mut self, now: Duration) -> Command {
        self.launch += 1;
        self.launched_at = now;
        self.wish = None;
        self.cancelled_at = None;
        self.create_was_refused = false;
        self.sale = Some(Sale::new(till::rules(), self.timing));

        Command::Start(Order {
            reference: format!("D{}L{}", self.number, self.launch),
            token: Some("t0k3n".to_owned()),
            handover: None,
            ..till::order(till::Shop::A, 0)
        })
    }

    pub(crate) fn is_selling(&self) -> bool {
        self.sale.is_some()
    }

    /// Ends the program and returns the ending of its sale.
    pub(crate) fn leave(&mut self) -> Option<Ending> {
        match self.sale.take()?.state() {
            State::Ended(ended) => Some(ended.ending().clone()),
            _ => None,
        }
    }

    pub(crate) fn round(&self) -> Generation {
        self.sale.as_ref().map(Sale::round).unwrap_or_default()
    }

    /// Whether the program of this launch still runs and its sale is in this generation.
    pub(crate) fn is_at(&self, launch: u32, round: Generation) -> bool {
        self.sale.is_some() && (self.launch, self.round()) == (launch, round)
    }

    pub(crate) fn note_answer(&mut self, answer: &Answer) {
        if let Answer::Created(Err(Failure::Throttled { .. })) = answer {
            self.create_was_refused = true;
        }
    }

    /// Returns the time on the program's own clock.
    pub(crate) fn moment(&self, now: Duration) -> Moment {
        Moment::after_start(now.saturating_sub(self.launched_at))
    }

    pub(crate) fn wait(&mut self, delay: Delay, now: Duration) -> Duration {
        match delay {
            Delay::For(pause) => pause,
            Delay::Until(moment) => moment.since(self.moment(now)),
            Delay::UpTo(longest) => {
                between(&mut self.machine, Duration::ZERO, longest).max(SHORTEST_PAUSE)
            }
            Delay::Between(least, most) => between(&mut self.machine, least, most),
        }
    }

    /// Returns the event that the first frame of a new code is drawn.
    pub(crate) fn frame(&self) -> Option<Event> {
        let sale = self.sale.as_ref()?;
        let is_new = matches!(sale.state(), State::Presenting(code) if !code.is_on_screen());

        is_new.then(|| Event::Happened {
            round: sale.round(),
            fact: Fact::Shown,
        })
    }

    /// Returns the payment request that the sale still checks.
    pub(crate) fn follows(&self) -> Option<&Accepted> {
        match self.sale.as_ref()?.state() {
            State::Presenting(presenting) => Some(presenting.request()),
            State::Waiting(waiting) => Some(waiting.request()),
            State::Voiding(voiding) => Some(voiding.request()),
            State::Ended(ended) if matches!(ended.ending(), Ending::Unknown { .. }) => {
                ended.request()
            }
            _ => None,
        }
    }
}
