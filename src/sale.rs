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

mod after_death;
mod announcement;
mod attempt;
mod cause;
mod course;
mod creating;
mod effect;
mod ended;
mod ending;
mod event;
mod evidence;
mod fit;
mod leaving;
mod order;
mod polling;
mod polls;
mod presenting;
mod question;
mod rechecking;
mod tally;
mod tries;
mod turn;
mod voiding;
mod waiting;
mod watch;
mod weakness;

use std::collections::VecDeque;

pub use after_death::{HandedOver, LastWord};
pub use announcement::{Announcement, Link, PaidByLine, Repeated, Sum, WaitingFor};
pub use attempt::{
    AttemptKey, Earlier, Known, Recollection, Round, Standing, Unpaid, VOID_WINDOW, Void,
};
pub use cause::Cause;
pub use creating::{Creating, Pause};
pub use effect::{Delay, Effect, Job, NewRequest, Progress, Record};
pub use ended::Ended;
pub use ending::{Ending, Rejection};
pub use event::{Ask, Command, Event, Fact, Mark, Moment, Timer};
pub use evidence::Evidence;
pub use fit::{Accepted, Misfit, Rules};
pub use order::{Order, Particulars, Timing, unique_reference};
pub use presenting::Presenting;
pub use question::Question;
pub use rechecking::Rechecking;
pub use voiding::Voiding;
pub use waiting::{Reason, Waiting};
#[cfg(feature = "weaken")]
pub use weakness::Weakness;

use course::{Origin, Work};
use creating::Lost;
use tally::Tally;
use tries::Tries;
use turn::Turn;
use watch::Watch;
#[cfg(not(feature = "weaken"))]
use weakness::Weakness;

/// Where a sale stands. Each state holds what only it needs.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub enum State {
    /// The cashier is entering the amount.
    #[default]
    Entry,
    /// The journal is asked what earlier launches have left.
    Recalling,
    /// The attempt before is read once more, since a further one could charge twice.
    Rechecking(Rechecking),
    /// A request is being created; nothing can be paid yet, unless with a code that the customer has
    /// shown.
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

/// A sale: its order, its attempts and where it stands; and what earlier sales have left to do.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Sale {
    rules: Rules,
    timing: Timing,
    /// What was asked for.
    asked: Option<Order>,
    /// How many attempts that sale has had, through all launches.
    attempts: u32,
    /// References that none of its attempts may have, since another sale's has them.
    taken: Vec<String>,
    /// The attempt that is worked on.
    work: Option<Work>,
    round: Round,
    newest_round: Round,
    /// What must be settled before anything is sold, the most urgent first.
    earlier: VecDeque<Earlier>,
    /// What is looked after beside the sale.
    watch: Watch,
    /// What was found where nobody is there to be asked.
    unattended: Option<Tally>,
    leaving: bool,
    told_outcome: bool,
    state: State,
    #[cfg(feature = "weaken")]
    weakness: Option<Weakness>,
}

impl Sale {
    /// A sale that waits for its order.
    pub fn new(rules: Rules, timing: Timing) -> Self {
        Self {
            rules,
            timing,
            asked: None,
            attempts: 0,
            taken: Vec::new(),
            work: None,
            round: Round::default(),
            newest_round: Round::default(),
            earlier: VecDeque::new(),
            watch: Watch::default(),
            unattended: None,
            leaving: false,
            told_outcome: false,
            state: State::Entry,
            #[cfg(feature = "weaken")]
            weakness: None,
        }
    }

    /// Where it stands.
    pub fn state(&self) -> &State {
        &self.state
    }

    /// What is on the screen: the order of the attempt that is worked on, which can be an earlier
    /// sale's; else what was asked for.
    pub fn order(&self) -> Option<&Order> {
        self.work
            .as_ref()
            .map(|work| &work.order)
            .or(self.asked.as_ref())
    }

    /// What was asked for; it waits while an earlier sale is on the screen.
    pub fn asked(&self) -> Option<&Order> {
        self.asked.as_ref()
    }

    /// The number of the attempt that is worked on, from 1; 0 before the first.
    pub fn attempt(&self) -> u32 {
        self.work.as_ref().map_or(0, |work| work.attempt)
    }

    /// The round that the present state belongs to.
    pub fn round(&self) -> Round {
        self.round
    }

    /// Whether what is on the screen belongs to another sale than the one that was asked for.
    pub fn is_about_an_earlier_sale(&self) -> bool {
        self.work.as_ref().is_some_and(Work::is_of_another_sale)
    }

    /// Whether what is on the screen was left by an earlier launch of the sale that is asked for.
    pub fn is_about_an_earlier_launch(&self) -> bool {
        self.work
            .as_ref()
            .is_some_and(|work| work.origin == Origin::Left)
    }

    /// Whether the platform can be asked what became of the attempt that is worked on: by its id, or by its
    /// reference where the id is not known.
    pub fn can_be_looked_into(&self) -> bool {
        match &self.state {
            State::Ended(ended) if ended.request().is_none() => self
                .order()
                .is_some_and(|order| order.merchant.account_id.is_some()),
            _ => true,
        }
    }

    /// The references of late payments that were found beside this sale, for the cashier.
    pub fn late_payments(&self) -> &[String] {
        self.watch.late_payments()
    }

    /// Takes in what happened and says what shall be done about it, in this order.
    ///
    /// An event that does not fit the state is dropped: the answer to an earlier attempt, a key
    /// that was pressed twice, a timer that was set for a state long left; and once the outcome
    /// was told, whatever somebody still asks for.
    pub fn handle(&mut self, event: Event) -> Vec<Effect> {
        let mut turn = Turn::new(self);
        let state = std::mem::take(turn.state());
        let next = match event {
            Event::Asked(_) if turn.sale.told_outcome => state,
            Event::Asked(command) => asked(state, command, &mut turn),
            Event::Happened { round, fact } if turn.is_current(round) => {
                happened(state, fact, &mut turn)
            }
            Event::Happened { round, fact } => turn.watched(state, round, fact),
        };

        turn.finish(next)
    }
}

fn asked(state: State, command: Command, turn: &mut Turn<'_>) -> State {
    match (state, command) {
        (State::Entry, Command::Open) => turn.recall(None),
        (State::Entry, Command::Settle) => turn.settle_unattended(),
        (State::Entry | State::Recalling, Command::Start(order))
            if turn.asked().is_none() && !turn.is_unattended() =>
        {
            turn.recall(Some(order))
        }
        (State::Entry, Command::Close | Command::Cancel | Command::Leave) => turn.abandon(),
        (State::Recalling, Command::Close | Command::Cancel | Command::Leave) => {
            turn.abandon_when_recalled()
        }
        (State::Ended(ended), command) => ended.asked(command, turn),
        (State::Rechecking(rechecking), command) => rechecking.asked(&command, turn),
        (state, Command::Leave) => turn.leave(state),
        (State::Creating(creating), command) => creating.asked(&command, turn),
        (State::Presenting(presenting), command) => presenting.asked(&command, turn),
        (State::Waiting(waiting), command) => waiting.asked(&command, turn),
        (State::Voiding(voiding), command) => voiding.asked(&command, turn),
        (state @ (State::Entry | State::Recalling), _) => state,
    }
}

fn happened(state: State, fact: Fact, turn: &mut Turn<'_>) -> State {
    match (state, fact) {
        (State::Recalling, Fact::Recalled(answer)) => turn.recalled(answer),
        (State::Ended(ended), fact) => ended.happened(fact, turn),
        (
            state,
            Fact::Woke {
                timer: Timer::LeaveNow,
                ..
            },
        ) => turn.leave_now(state),
        (State::Rechecking(rechecking), fact) => rechecking.happened(fact, turn),
        (State::Creating(creating), fact) => creating.happened(fact, turn),
        (State::Presenting(presenting), fact) => presenting.happened(fact, turn),
        (State::Waiting(waiting), fact) => waiting.happened(fact, turn),
        (State::Voiding(voiding), fact) => voiding.happened(fact, turn),
        (state @ (State::Entry | State::Recalling), _) => state,
    }
}

#[cfg(test)]
mod tests;
