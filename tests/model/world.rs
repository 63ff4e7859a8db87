//! Everything there is, and everything that can happen to it: the platform, the disk, the process
//! that sells, and what is still on the wire.

use patron_display::sale::{HandedOver, Round, Sale, Timer};
use stateright::{Model, Property};

use super::disk::{Disk, Row};
use super::machine::{Call, Machine, Told};
use super::process::Process;
use super::properties::{self, Lie};
use super::server::{Server, Word};
use super::till::{Desk, Tag, Wish};

/// The world at one moment.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct World {
    pub(crate) server: Server,
    /// Counters of one merchant, each with a journal of its own.
    pub(crate) desks: Vec<DeskState>,
    pub(crate) left: Limits,
    /// The first thing that was said and was not so.
    pub(crate) lie: Option<Lie>,
    /// The index of the journal had to refuse a second shown, unsettled code.
    pub(crate) index_refused: bool,
}

/// One counter.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub(crate) struct DeskState {
    pub(crate) disk: Disk,
    /// The display, while it runs. It dies apart from the till that it sells for.
    pub(crate) process: Option<Process>,
    /// Requests whose sender has given them up; they may still take effect, at any time or never.
    pub(crate) adrift: Vec<Message>,
}

/// What changes something at the platform.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Message {
    Create(Tag),
    Void(Tag),
}

/// How much may still go wrong or be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Limits {
    pub(crate) launches: u8,
    pub(crate) crashes: u8,
    /// Of any call. A create or a void may then never arrive, or arrive late.
    pub(crate) lost_answers: u8,
    /// Creates and voids that provably never left this machine.
    pub(crate) unsent: u8,
    pub(crate) late_payments: u8,
    /// Payments of a part.
    pub(crate) parts: u8,
    pub(crate) commands: u8,
    pub(crate) sleeps: u8,
    /// Reads whose answers arrive later than they were given.
    pub(crate) slow_reads: u8,
    pub(crate) full_disks: u8,
    /// Codes that cannot be shown, or not any more.
    pub(crate) unseen_codes: u8,
    /// Answers that are about another request than was asked about.
    pub(crate) strangers: u8,
    /// How often an unknown outcome is asked about by itself. Each time is a round of its own, so
    /// that without a limit there would be no end.
    pub(crate) rechecks: u8,
    /// Whether a payment may be of a kind that cannot be taken back.
    pub(crate) kept: bool,
}

/// What can happen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Action {
    /// Something happens at a counter.
    At(Desk, Act),
    /// Somebody who has, or has photographed, the code pays.
    Pay(Tag),
    /// The same, by a means of payment that cannot be taken back.
    PayForGood(Tag),
    /// The payment comes through although the platform has called the request over.
    PayLate(Tag),
    /// A part is paid, and more may follow; or it is the last.
    PayPart(Tag, bool),
    /// What had come in before the request was over goes back.
    GivePartBack(Tag),
    /// Its time is over.
    Expire(Tag),
}

/// What can happen at a counter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Act {
    /// The program is started.
    Launch(Wish),
    /// Somebody presses a key, or the window is closed.
    Ask(Wish),
    /// The journal's first record reaches the disk.
    Write,
    /// It cannot be written.
    DiskFull,
    /// The journal is read; whether the time of what was left must be over by now.
    Recall { is_over: bool },
    /// The platform does what it was asked and its answer arrives.
    Answer(Round, Call),
    /// A read is answered, and the platform says that no time is left.
    AnswerInHaste(Round, Call),
    /// The platform answers a read, and the answer takes its time.
    Dawdle(Round, Call),
    /// No answer arrives. What was asked may never arrive, or late.
    Lose(Round, Call),
    /// The answer is about another request. What was asked may never arrive, or late.
    AnswerAboutAnother(Round, Call, Tag),
    /// There was no connection, so that it was never sent.
    Unsend(Round, Call),
    /// What nobody waits for any more arrives at the platform.
    ArriveLate(Message),
    /// A timer runs out.
    Fire(Round, Timer),
    /// The first frame with the code is on the screen.
    Frame,
    /// The code cannot be shown, or not any more.
    Unseen,
    /// The machine wakes from sleep.
    WakeFromSleep(Round, Timer),
    /// The power goes, or the display dies: the till is told what the journal has.
    Kill,
}

/// What is explored: a counter, the way its program is started, and how much may go wrong.
pub(crate) struct Counter {
    pub(crate) machine: Machine,
    /// A sale that was not started.
    pub(crate) blank: Sale,
    pub(crate) launches: &'static [Wish],
    pub(crate) limits: Limits,
    /// No sale has more attempts than this.
    pub(crate) attempts: u8,
    /// How many counters the merchant has.
    pub(crate) desks: Desk,
    /// Whether a till whose display died looks at the reference alone.
    pub(crate) any_terms: bool,
    /// What a till is told whose display died, by its name.
    pub(crate) last_word: fn(&HandedOver) -> &'static str,
    /// Whether the journal has its index on shown, unsettled codes.
    pub(crate) indexed: bool,
    /// Whether calls whose end nobody is interested in are left out at once.
    pub(crate) tidy: bool,
}

impl Limits {
    /// The platform answers everything, and nothing breaks; an unknown outcome is asked about once
    /// more by itself.
    pub(crate) const NONE: Self = Self {
        launches: 0,
        crashes: 0,
        lost_answers: 0,
        unsent: 0,
        late_payments: 0,
        parts: 0,
        commands: 0,
        sleeps: 0,
        slow_reads: 0,
        full_disks: 0,
        unseen_codes: 0,
        strangers: 0,
        rechecks: 1,
        kept: false,
    };
}

impl Counter {
    /// A counter as the shops have it.
    pub(crate) fn new(blank: Sale, launches: &'static [Wish], limits: Limits) -> Self {
        Self {
            machine: Machine::default(),
            blank,
            launches,
            limits,
            attempts: 3,
            desks: 1,
            any_terms: false,
            last_word: |handed_over| handed_over.last_word().outcome,
            indexed: true,
            tidy: true,
        }
    }
}

impl Model for Counter {
    type State = World;
    type Action = Action;

    fn init_states(&self) -> Vec<World> {
        vec![World {
            server: Server::default(),
            desks: vec![DeskState::default(); self.desks.into()],
            left: self.limits,
            lie: None,
            index_refused: false,
        }]
    }

    fn actions(&self, world: &World, actions: &mut Vec<Action>) {
        if world.lie.is_some() {
            return;
        }
        for (desk, state) in (0..).zip(&world.desks) {
            let here = |act| Action::At(desk, act);
            match &state.process {
                None if world.left.launches > 0 => {
                    actions.extend(self.launches.iter().copied().map(Act::Launch).map(here));
                }
                None => {}
                Some(process) => process.actions(world, actions),
            }
            actions.extend(state.adrift.iter().copied().map(Act::ArriveLate).map(here));
        }
        for request in world.server.requests() {
            let tag = request.tag;
            match request.word {
                Word::New | Word::NewInPart => {
                    actions.push(Action::Expire(tag));
                    if request.presented && world.left.parts > 0 {
                        actions.push(Action::PayPart(tag, true));
                    }
                    if request.presented && world.left.parts > 0 && request.word == Word::New {
                        actions.push(Action::PayPart(tag, false));
                    }
                    if request.presented {
                        actions.push(Action::Pay(tag));
                    }
                    if request.presented && world.left.kept {
                        actions.push(Action::PayForGood(tag));
                    }
                }
                Word::Expired | Word::Cancelled => {
                    if request.presented && world.left.late_payments > 0 {
                        actions.push(Action::PayLate(tag));
                    }
                }
                Word::ExpiredInPart | Word::CancelledInPart => {
                    if !request.refunded {
                        actions.push(Action::GivePartBack(tag));
                    }
                }
                Word::Paid | Word::PaidInPart => {}
            }
        }
    }

    fn next_state(&self, before: &World, action: Action) -> Option<World> {
        let mut world = before.clone();
        match action {
            Action::Pay(tag) => world.server.pay(tag, false),
            Action::PayForGood(tag) => world.server.pay(tag, true),
            Action::PayLate(tag) => {
                world.left.late_payments -= 1;
                world.server.pay(tag, false);
            }
            Action::PayPart(tag, is_last) => {
                world.left.parts -= 1;
                world.server.pay_part(tag, is_last);
            }
            Action::GivePartBack(tag) => world.server.give_part_back(tag),
            Action::Expire(tag) => world.server.expire(tag),
            Action::At(desk, act) => return self.next_at(desk, before, world, act),
        }

        Some(world)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        properties::all(self)
    }

    fn within_boundary(&self, world: &World) -> bool {
        let attempts = world.rows().map(|row| row.tag.attempt);

        attempts.max().unwrap_or(0) <= self.attempts
    }
}

impl Counter {
    fn next_at(&self, desk: Desk, before: &World, mut world: World, act: Act) -> Option<World> {
        match act {
            Act::ArriveLate(message) => world.arrive_late(desk, message),
            Act::Kill => {
                world.left.crashes -= 1;
                world.die(self, desk);
            }
            Act::Dawdle(round, call) => world.dawdle(desk, round, call),
            Act::Launch(wish) => {
                world.left.launches -= 1;
                let state = world.desk_mut(desk);
                state.disk.begin_handover();
                state.process = Some(Process::new(desk, self.blank.clone(), wish));
                world.tell(self, desk, Round::default(), Told::Asked(wish));
            }
            Act::Ask(wish) => {
                world.left.commands -= 1;
                world.tell(self, desk, Round::default(), Told::Asked(wish));
                let standing = |world: &World| {
                    let process = world.desk(desk).process.as_ref()?;

                    Some(process.standing.clone())
                };
                if standing(&world) == standing(before) {
                    return None;
                }
            }
            act => {
                let (round, told) = world.carry_out(self, desk, act)?;
                world.tell(self, desk, round, told);
            }
        }

        Some(world)
    }
}

impl World {
    pub(crate) fn desk(&self, desk: Desk) -> &DeskState {
        &self.desks[usize::from(desk)]
    }

    pub(crate) fn desk_mut(&mut self, desk: Desk) -> &mut DeskState {
        &mut self.desks[usize::from(desk)]
    }

    /// The rows of all journals.
    pub(crate) fn rows(&self) -> impl Iterator<Item = &Row> {
        self.desks.iter().flat_map(|desk| desk.disk.rows())
    }

    /// The row of an attempt, in its own counter's journal.
    pub(crate) fn row(&self, tag: Tag) -> Option<&Row> {
        self.desk(tag.desk).disk.row(tag)
    }

    pub(crate) fn processes(&self) -> impl Iterator<Item = &Process> {
        self.desks.iter().filter_map(|desk| desk.process.as_ref())
    }

    /// The requests that an answer to this call may be about in place of the right one.
    pub(crate) fn strangers(&self, desk: Desk, call: Call) -> impl Iterator<Item = Tag> {
        let asked = match call {
            Call::Create(tag) | Call::Void(tag) | Call::List(tag) => Some(tag),
            _ => None,
        };
        let journaled = move |tag: Tag| {
            let rows = self.desk(desk).disk.rows();

            rows.iter().any(|row| row.request == Some(tag))
        };
        let is_stranger = move |tag: &Tag| match call {
            Call::Create(_) => Some(*tag) != asked && journaled(*tag),
            _ => Some(*tag) == asked,
        };

        self.server
            .requests()
            .iter()
            .map(|request| request.tag)
            .filter(move |tag| asked.is_some() && is_stranger(tag))
    }
}
