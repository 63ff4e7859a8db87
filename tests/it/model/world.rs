//! The world of the model and every action in it: the platform, the disks, the displays' processes, and
//! the calls on the wire.

use patron_display::sale::{Generation, Sale, Timer};
use stateright::{Model, Property};

use super::disk::{Disk, Row};
use super::machine::{Call, Input, Machine};
use super::process::Process;
use super::properties::{self, Lie};
use super::server::{Server, Word};
use super::till::{Desk, Shop, Tag, Wish};

/// The state of the whole world at one moment.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct World {
    pub(crate) server: Server,
    /// The counters of one merchant.
    pub(crate) desks: Vec<DeskState>,
    pub(crate) left: Limits,
    /// The first false statement of a display.
    pub(crate) lie: Option<Lie>,
    /// Whether the journal's index has refused a second payable and unsettled attempt.
    pub(crate) index_refused: bool,
}

/// The state of one counter.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub(crate) struct DeskState {
    pub(crate) disk: Disk,
    /// The display, if it is running. If the display dies, its till goes on.
    pub(crate) process: Option<Process>,
    /// The sales whose tills were told of a payment at once, sorted.
    pub(crate) told_paid: Vec<Shop>,
    /// Creates and voids that the display no longer waits for. They may still arrive at any time, or never.
    pub(crate) adrift: Vec<Message>,
}

/// A call that changes a request at the platform.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Message {
    Create(Tag),
    Void(Tag),
}

/// For each kind of action, how often it may still happen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Limits {
    pub(crate) launches: u8,
    pub(crate) crashes: u8,
    /// Calls whose answer is lost. A create or void without an answer may arrive late or never. A call over a
    /// waiting connection that has died without a sign is such a call: it never arrives, and nothing says so.
    pub(crate) lost_answers: u8,
    /// Creates and voids that provably never left this computer.
    pub(crate) unsent: u8,
    pub(crate) late_payments: u8,
    pub(crate) parts: u8,
    pub(crate) commands: u8,
    pub(crate) sleeps: u8,
    /// Reads whose answers arrive late.
    pub(crate) slow_reads: u8,
    pub(crate) full_disks: u8,
    /// Codes that cannot be shown, or can no longer be seen.
    pub(crate) unseen_codes: u8,
    /// Answers about another request.
    pub(crate) strangers: u8,
    /// Automatic checks of an unknown outcome. Each check is a new generation, so without a limit the
    /// world would be infinite.
    pub(crate) rechecks: u8,
    /// Whether customers may also pay in a way that cannot be refunded.
    pub(crate) kept: bool,
}

/// An action that can happen in the world.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Action {
    At(Desk, Act),
    /// A customer pays with the code on the screen or with a photograph of it.
    Pay(Tag),
    /// A customer pays, and the payment cannot be refunded.
    PayForGood(Tag),
    /// A payment arrives after the platform has reported the end of the request.
    PayLate(Tag),
    /// A customer pays a part. If the flag is set, the platform then reports the request as paid.
    PayPart(Tag, bool),
    /// The platform gives back the part that was paid before the request ended.
    GivePartBack(Tag),
    Expire(Tag),
}

/// An action at a counter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Act {
    Launch(Wish),
    /// Another sale takes the screen of an ending that gives way.
    Replace(Wish),
    /// A person or the till gives a command.
    Ask(Wish),
    /// The first record in the queue is written to the disk.
    Write,
    /// The first record in the queue cannot be written.
    DiskFull,
    /// The journal is read. If `is_over`, the time to pay has passed for every open request.
    Recall {
        is_over: bool,
    },
    /// The platform carries out the call, and its answer arrives.
    Answer(Generation, Call),
    /// The platform answers a read and reports that no time is left.
    AnswerInHaste(Generation, Call),
    /// The platform answers a read. The answer arrives later.
    DelayAnswer(Generation, Call),
    /// No answer arrives. The call may arrive late or never.
    Lose(Generation, Call),
    /// The answer is about another request. The call may arrive late or never.
    AnswerAboutAnother(Generation, Call, Tag),
    /// The call was never sent, because there was no connection.
    Unsend(Generation, Call),
    /// A create or void arrives that the display no longer waits for.
    ArriveLate(Message),
    /// A timer runs out. If the flag is set, the computer was asleep.
    Wake(Generation, Timer, bool),
    /// The first frame with the code is on the screen.
    Frame,
    /// The code cannot be shown, or can no longer be seen.
    Unseen,
    /// The power fails, or the display dies. The till reads the outcome from the journal.
    Kill,
}

/// The settings of a model: the counters, the launches of their program, and the limits.
pub(crate) struct Counter {
    pub(crate) machine: Machine,
    /// A sale that has not started.
    pub(crate) blank: Sale,
    pub(crate) launches: &'static [Wish],
    pub(crate) limits: Limits,
    /// The largest number of attempts of a sale.
    pub(crate) attempts: u8,
    /// The number of counters.
    pub(crate) desks: Desk,
    /// Whether a till whose display died accepts the outcome of a sale with other terms, such as another amount.
    pub(crate) any_terms: bool,
    /// Whether another sale takes the screen of an ending that gives way.
    pub(crate) serves: bool,
    /// Whether the journal's index prevents a second payable and unsettled attempt.
    pub(crate) indexed: bool,
    /// Whether a call is dropped as soon as the sale ignores all its possible results.
    pub(crate) tidy: bool,
}

impl Limits {
    /// No call fails. The display checks an unknown outcome once more by itself.
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
    pub(crate) fn new(blank: Sale, launches: &'static [Wish], limits: Limits) -> Self {
        Self {
            machine: Machine::default(),
            blank,
            launches,
            limits,
            attempts: 3,
            desks: 1,
            any_terms: false,
            serves: false,
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
                Some(process) => {
                    process.actions(world, actions);
                    if self.serves && world.left.launches > 0 && process.gives_way() {
                        let sales = self.launches.iter().copied().filter(|wish| wish.is_sale());
                        actions.extend(sales.map(Act::Replace).map(here));
                    }
                }
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
    fn launch(&self, desk: Desk, world: &mut World, wish: Wish) {
        world.left.launches -= 1;
        let state = world.desk_mut(desk);
        state.disk.begin_handover();
        state.process = Some(Process::new(desk, self.blank.clone(), wish));
        world.tell(self, desk, Generation::default(), Input::Asked(wish));
    }

    fn next_at(&self, desk: Desk, before: &World, mut world: World, act: Act) -> Option<World> {
        match act {
            Act::ArriveLate(message) => world.arrive_late(desk, message),
            Act::Kill => {
                world.left.crashes -= 1;
                world.die(self, desk);
            }
            Act::DelayAnswer(round, call) => world.delay_answer(desk, round, call),
            Act::Launch(wish) => self.launch(desk, &mut world, wish),
            Act::Replace(wish) => {
                world.tell(self, desk, Generation::default(), Input::Asked(Wish::Close));
                if world.desk(desk).process.is_some() {
                    world.lie = world.lie.or(Some(Lie::DoesNotGiveWay));
                }
                self.launch(desk, &mut world, wish);
            }
            Act::Ask(wish) => {
                world.left.commands -= 1;
                world.tell(self, desk, Generation::default(), Input::Asked(wish));
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

    pub(crate) fn desk_numbers(&self) -> std::ops::Range<Desk> {
        0..Desk::try_from(self.desks.len()).unwrap()
    }

    pub(crate) fn desk_mut(&mut self, desk: Desk) -> &mut DeskState {
        &mut self.desks[usize::from(desk)]
    }

    pub(crate) fn rows(&self) -> impl Iterator<Item = &Row> {
        self.desks.iter().flat_map(|desk| desk.disk.rows())
    }

    pub(crate) fn row(&self, tag: Tag) -> Option<&Row> {
        self.desk(tag.desk).disk.row(tag)
    }

    pub(crate) fn processes(&self) -> impl Iterator<Item = &Process> {
        self.desks.iter().filter_map(|desk| desk.process.as_ref())
    }

    /// Returns the requests for a wrong answer: to a create, other journaled requests; otherwise the call's own.
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
