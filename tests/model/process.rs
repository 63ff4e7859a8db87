//! The display while it runs: what it waits for, what it has still to write, and how both are
//! carried out.

use patron_display::sale::{Ask, Reason, Round, Sale, State, Timer};

use super::disk::Entry;
use super::machine::{Call, Standing, Told};
use super::server::Word;
use super::till::{Desk, Shop, Tag, Wish};
use super::world::{Act, Action, World};

/// The display.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Process {
    /// Where it runs.
    pub(crate) desk: Desk,
    /// What the till has asked it to sell.
    pub(crate) sells: Option<Shop>,
    pub(crate) standing: Standing,
    /// What takes time and is under way; its order means nothing.
    pub(crate) calls: Vec<(Round, Call)>,
    /// Whether nobody is there to ask for anything.
    pub(crate) unattended: bool,
    /// What the journal's one thread has still to write, in this order.
    pub(crate) queue: Vec<(Round, Entry)>,
}

impl Process {
    pub(crate) fn new(desk: Desk, sale: Sale, started: Wish) -> Self {
        Self {
            desk,
            sells: match started {
                Wish::Sell(shop) => Some(shop),
                _ => None,
            },
            standing: Standing::new(sale),
            calls: Vec::new(),
            queue: Vec::new(),
            unattended: started == Wish::Settle,
        }
    }

    pub(crate) fn state(&self) -> &State {
        self.standing.sale().state()
    }

    /// The request whose code is on the screen.
    pub(crate) fn code(&self) -> Option<Tag> {
        match self.state() {
            State::Presenting(presenting) => Some(Tag::of_id(presenting.request().id.as_str())),
            _ => None,
        }
    }

    fn waits_for_the_phone(&self) -> bool {
        matches!(self.state(), State::Waiting(waiting) if *waiting.reason() == Reason::Barcode)
    }

    /// Whether a void of this request is on its way.
    pub(crate) fn voids(&self, tag: Tag) -> bool {
        self.calls.iter().any(|(_, call)| *call == Call::Void(tag))
    }

    pub(crate) fn actions(&self, world: &World, actions: &mut Vec<Action>) {
        let mut here = Vec::new();
        self.acts(world, &mut here);
        actions.extend(here.into_iter().map(|act| Action::At(self.desk, act)));
    }

    fn acts(&self, world: &World, acts: &mut Vec<Act>) {
        let left = &world.left;
        if left.crashes > 0 {
            acts.push(Act::Kill);
        }
        if !self.queue.is_empty() {
            acts.push(Act::Write);
            if left.full_disks > 0 {
                acts.push(Act::DiskFull);
            }
        }
        if matches!(self.state(), State::Presenting(shown) if !shown.is_on_screen()) {
            acts.push(Act::Frame);
        }
        if left.unseen_codes > 0 && matches!(self.state(), State::Presenting(_)) {
            acts.push(Act::Unseen);
        }
        for &(round, call) in &self.calls {
            self.ends(round, call, world, acts);
        }
        if left.commands > 0 {
            acts.extend(self.wishes().iter().copied().map(Act::Ask));
        }
    }

    /// How a call that is under way may end.
    fn ends(&self, round: Round, call: Call, world: &World, acts: &mut Vec<Act>) {
        let left = &world.left;
        match call {
            // The journal reads after it has written what was handed over before.
            Call::Recall(_) if !self.queue.is_empty() => {}
            Call::Recall(_) => {
                acts.push(Act::Recall { is_over: false });
                if world.desk(self.desk).disk.has_intents() {
                    acts.push(Act::Recall { is_over: true });
                }
            }
            Call::Encode(_) => acts.push(Act::Answer(round, call)),
            Call::Wake(Timer::Recheck) if left.rechecks == 0 => {}
            Call::Wake(timer) => {
                acts.push(Act::Fire(round, timer));
                if left.sleeps > 0 && (self.code().is_some() || self.waits_for_the_phone()) {
                    acts.push(Act::WakeFromSleep(round, timer));
                }
            }
            Call::Create(_) | Call::LookUp(_) | Call::Void(_) | Call::Read(..) | Call::List(_) => {
                acts.push(Act::Answer(round, call));
                if self.time_matters(call, world) {
                    acts.push(Act::AnswerInHaste(round, call));
                }
                if left.lost_answers > 0 {
                    acts.push(Act::Lose(round, call));
                }
                if left.unsent > 0 && matches!(call, Call::Create(_) | Call::Void(_)) {
                    acts.push(Act::Unsend(round, call));
                }
                if left.slow_reads > 0 && matches!(call, Call::Read(..)) {
                    acts.push(Act::Dawdle(round, call));
                }
                if left.strangers > 0 {
                    acts.extend(
                        world
                            .strangers(self.desk, call)
                            .map(|stranger| Act::AnswerAboutAnother(round, call, stranger)),
                    );
                }
            }
            Call::Reply(..) => acts.push(Act::Answer(round, call)),
        }
    }

    /// Whether it matters how much time the platform says is left.
    fn time_matters(&self, call: Call, world: &World) -> bool {
        let resuming = matches!(
            self.state(),
            State::Waiting(waiting) if matches!(waiting.reason(), Reason::Resuming { .. })
        );
        let Call::Read(tag, Ask::Poll) = call else {
            return false;
        };

        resuming && world.server.word(tag).is_some_and(Word::is_open)
    }

    /// What a person would ask for as things stand. What changes nothing is left out later.
    fn wishes(&self) -> &'static [Wish] {
        match self.state() {
            _ if self.unattended => &[Wish::Leave],
            State::Entry => &[Wish::Sell(Shop::A), Wish::Sell(Shop::B), Wish::Leave],
            State::Ended(_) => &[
                Wish::Close,
                Wish::Retry,
                Wish::KeepChecking,
                Wish::CancelAndRefund,
                Wish::CloseAsPaid,
                Wish::CloseAsNotPaid,
                Wish::Leave,
            ],
            _ => &[Wish::Cancel, Wish::Retry, Wish::Leave],
        }
    }

    pub(crate) fn sort(&mut self) {
        self.calls
            .sort_unstable_by_key(|(round, call)| (*round, call.rank()));
    }

    pub(crate) fn take(&mut self, round: Round, call: Call) {
        if let Some(place) = self.calls.iter().position(|under| *under == (round, call)) {
            self.calls.remove(place);
        }
    }

    /// A call of which nothing is gained by letting it wait: a pause before the next question has
    /// no other end than that question, which itself may be answered at any time.
    pub(crate) fn at_once(&self) -> Option<(Round, Call, Told)> {
        self.calls.iter().find_map(|&(round, call)| match call {
            Call::Encode(tag) => Some((round, call, Told::Encoded(tag))),
            Call::Wake(timer @ (Timer::Poll | Timer::Revoid)) => Some((
                round,
                call,
                Told::Woke {
                    timer,
                    slept: false,
                },
            )),
            _ => None,
        })
    }
}
