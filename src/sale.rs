//! The life of one sale, from the amount to its ending: **a pure state machine**.
//!
//! [`Sale::handle`] takes an event and returns effects. It reads no clock, no disk and no network. Time enters as
//! data in events. The runtime carries out each [`Effect`]. The window, the tests and a model checker drive the same
//! code.
//!
//! Two rules shape it:
//!
//! * **Durable before visible.** The machine asks for a [`Record`] before it does what the record protects. It goes
//!   on only after the event that the record is on disk.
//! * **Only the platform's `status` is a verdict.** The countdown, an error and the answer to a void prove nothing.
//!   After a void was sent, `paid` alone does not mean paid.

mod answers;
mod protocol;
mod recovery;
mod states;
mod transition;

use std::collections::VecDeque;

use crate::domain::order::Order;

pub use answers::{Accepted, Evidence, Mismatch, Rules, Void, shortest_poll_interval};
pub use protocol::{
    Announcement, Ask, Cause, Command, Delay, Effect, Ending, Event, Fact, Job, Link, Mark, Moment,
    NewRequest, PaidByLine, Progress, Record, Rejection, Repeated, Sum, Timer, Timing, WaitingFor,
    Wakeup,
};
pub use recovery::{
    AttemptKey, Earlier, Generation, HandOverOutcome, HandedOver, JournaledSale, Known,
    Recollection, Standing, VOID_WINDOW,
};
pub use states::{
    Creating, Ended, Pause, Presenting, Question, Reason, Rechecking, Voiding, Waiting,
};

use answers::lost_create::LostCreate;
use recovery::{AttemptOrigin, AttemptWatch, CurrentAttempt, SettleSummary};
use transition::Transition;

/// The state of a sale, with only the data that this state needs.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub enum State {
    /// The cashier is entering the amount.
    #[default]
    Entry,
    /// The journal is being read for attempts that earlier launches left unsettled.
    Recalling,
    /// The previous attempt is read once more, since a further attempt could charge twice.
    Rechecking(Rechecking),
    /// A request is being created. No one can pay it yet, unless it is created with the patron's code.
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

/// A sale: its order, its attempts, its state, and the attempts of earlier sales that are unsettled.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Sale {
    rules: Rules,
    timing: Timing,
    /// The order that this launch was asked to sell.
    asked: Option<Order>,
    /// The number of attempts of the sale asked for, through all launches.
    attempts: u32,
    /// References that belong to other sales. No attempt of this sale may use them.
    taken: Vec<String>,
    /// The current attempt.
    current: Option<CurrentAttempt>,
    round: Generation,
    newest_round: Generation,
    /// Attempts to settle before this sale begins, the most urgent first.
    earlier: VecDeque<Earlier>,
    /// Attempts of earlier sales that are checked during this sale.
    watch: AttemptWatch,
    /// The results so far of an unattended run; `None` in any other run.
    unattended: Option<SettleSummary>,
    leaving: bool,
    told_outcome: bool,
    /// Whether the launch has ended.
    is_over: bool,
    state: State,
}

impl Sale {
    /// Returns a sale that waits for its order.
    pub fn new(rules: Rules, timing: Timing) -> Self {
        Self {
            rules,
            timing,
            asked: None,
            attempts: 0,
            taken: Vec::new(),
            current: None,
            round: Generation::default(),
            newest_round: Generation::default(),
            earlier: VecDeque::new(),
            watch: AttemptWatch::default(),
            unattended: None,
            leaving: false,
            told_outcome: false,
            is_over: false,
            state: State::Entry,
        }
    }

    /// Returns the state.
    pub fn state(&self) -> &State {
        &self.state
    }

    /// Returns the order on the screen: the order of the current attempt, which may belong to an earlier sale.
    /// Without a current attempt, returns the order that was asked for.
    pub fn order(&self) -> Option<&Order> {
        self.current
            .as_ref()
            .map(|current| &current.order)
            .or(self.asked.as_ref())
    }

    /// Returns the order that was asked for, even while the screen shows an earlier sale.
    pub fn asked(&self) -> Option<&Order> {
        self.asked.as_ref()
    }

    /// Returns the number of the current attempt, from 1; 0 before the first.
    pub fn attempt(&self) -> u32 {
        self.current.as_ref().map_or(0, |current| current.attempt)
    }

    /// Returns the round of the current state.
    pub fn round(&self) -> Generation {
        self.round
    }

    /// Whether the screen shows a sale other than the one that was asked for.
    pub fn is_about_an_earlier_sale(&self) -> bool {
        self.current
            .as_ref()
            .is_some_and(CurrentAttempt::is_of_another_sale)
    }

    /// Whether the screen shows an attempt that an earlier launch of the sale asked for left unsettled.
    pub fn is_about_an_earlier_launch(&self) -> bool {
        self.current
            .as_ref()
            .is_some_and(|current| current.origin == AttemptOrigin::EarlierLaunch)
    }

    /// Whether the platform can be asked about the current attempt: by the request's id, or by the reference.
    pub fn can_be_looked_into(&self) -> bool {
        match &self.state {
            State::Ended(ended) if ended.request().is_none() => self
                .order()
                .is_some_and(|order| order.merchant.account_id.is_some()),
            _ => true,
        }
    }

    /// Whether the till was told the outcome, which nothing changes any more. The ending can still be on the screen.
    pub fn has_told_outcome(&self) -> bool {
        self.told_outcome
    }

    /// Whether the ending on the screen gives way to another sale: no person has to act on it or acknowledge it. Then
    /// [`Command::Close`] ends the launch in one step. A payment gives way only after the till was told, so never a
    /// payment of an earlier sale, or one that is not on disk.
    pub fn gives_way(&self) -> bool {
        let State::Ended(ended) = &self.state else {
            return false;
        };

        ended.ending().may_retry() || ended.is_plainly_paid() && self.told_outcome
    }

    /// Whether the screen waits for a person's decision or acknowledgement, however long that takes.
    pub fn needs_staff(&self) -> bool {
        let State::Ended(ended) = &self.state else {
            return false;
        };

        !self.gives_way() && !ended.is_plainly_paid()
            || self.is_about_an_earlier_sale()
            || ended.is_unsaved()
    }

    /// Whether nothing was begun, and no earlier sale is being checked.
    pub fn is_at_rest(&self) -> bool {
        matches!(self.state, State::Entry) && self.watch.is_idle()
    }

    /// Returns the references of late payments of earlier sales, for the cashier.
    pub fn late_payments(&self) -> &[String] {
        self.watch.late_payments()
    }

    /// Handles an event and returns the effects in order.
    ///
    /// Drops an event that does not fit the state: an answer for an earlier attempt, a key that was pressed twice,
    /// a timer of an earlier state. Drops every event after the launch has ended. The outcome is the till's last line,
    /// so the watch stops when it is told.
    pub fn handle(&mut self, event: Event) -> Vec<Effect> {
        let mut transition = Transition::new(self);
        let state = std::mem::take(transition.state());
        let next = match event {
            _ if transition.sale.is_over => state,
            Event::Asked(command) => asked(state, command, &mut transition),
            Event::Happened { round, fact } if round == transition.sale.round => {
                happened(state, fact, &mut transition)
            }
            Event::Happened { .. } if transition.sale.told_outcome => state,
            Event::Happened { round, fact } => transition.watched(state, round, fact),
        };

        transition.finish(next)
    }
}

fn asked(state: State, command: Command, transition: &mut Transition<'_>) -> State {
    match (state, command) {
        (State::Entry, Command::Open) => transition.recall(None),
        (State::Entry, Command::Settle) => transition.settle_unattended(),
        (State::Entry | State::Recalling, Command::Start(order))
            if transition.asked().is_none() && !transition.is_unattended() =>
        {
            transition.recall(Some(order))
        }
        (State::Entry, Command::Close | Command::Cancel | Command::Leave) => transition.abandon(),
        (State::Recalling, Command::Close | Command::Cancel | Command::Leave) => {
            transition.abandon_when_recalled()
        }
        (State::Ended(ended), command) => ended.asked(command, transition),
        (State::Rechecking(rechecking), command) => rechecking.asked(&command, transition),
        (state, Command::Leave) => transition.leave(state),
        (State::Creating(creating), command) => creating.asked(&command, transition),
        (State::Presenting(presenting), command) => presenting.asked(&command, transition),
        (State::Waiting(waiting), command) => waiting.asked(&command, transition),
        (State::Voiding(voiding), command) => voiding.asked(&command, transition),
        (state @ (State::Entry | State::Recalling), _) => state,
    }
}

fn happened(state: State, fact: Fact, transition: &mut Transition<'_>) -> State {
    match (state, fact) {
        (State::Recalling, Fact::Recalled(answer)) => transition.recalled(answer),
        (State::Ended(ended), fact) => ended.happened(fact, transition),
        (state, Fact::Woke(Timer::LeaveNow, _)) => transition.leave_now(state),
        (State::Rechecking(rechecking), fact) => rechecking.happened(fact, transition),
        (State::Creating(creating), fact) => creating.happened(fact, transition),
        (State::Presenting(presenting), fact) => presenting.happened(fact, transition),
        (State::Waiting(waiting), fact) => waiting.happened(fact, transition),
        (State::Voiding(voiding), fact) => voiding.happened(fact, transition),
        (state @ (State::Entry | State::Recalling), _) => state,
    }
}

#[cfg(test)]
mod tests;
