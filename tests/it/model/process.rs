//! The running display: the jobs that have not ended yet, and the records that are not on disk yet.

use patron_display::sale::{Ask, Generation, Reason, Sale, State, Timer};

use super::disk::Entry;
use super::machine::{Call, HashedSale, Input};
use super::server::Word;
use super::till::{Desk, Shop, Tag, Wish};
use super::world::{Act, Action, World};

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Process {
    pub(crate) desk: Desk,
    /// The sale that the till asked for.
    pub(crate) sells: Option<Shop>,
    pub(crate) standing: HashedSale,
    /// The running jobs, sorted. Their order has no meaning.
    pub(crate) calls: Vec<(Generation, Call)>,
    /// Whether the program runs without a cashier, to settle earlier sales.
    pub(crate) unattended: bool,
    /// The records that the journal's only thread still has to write, in the order of writing.
    pub(crate) queue: Vec<(Generation, Entry)>,
}

impl Process {
    pub(crate) fn new(desk: Desk, sale: Sale, started: Wish) -> Self {
        Self {
            desk,
            sells: match started {
                Wish::Sell(shop) => Some(shop),
                _ => None,
            },
            standing: HashedSale::new(sale),
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

    /// Whether another sale may take the screen.
    pub(crate) fn gives_way(&self) -> bool {
        self.standing.sale().gives_way()
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

    /// Adds each way in which a running call can end.
    fn ends(&self, round: Generation, call: Call, world: &World, acts: &mut Vec<Act>) {
        let left = &world.left;
        match call {
            // The journal writes all earlier records before it reads.
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
                acts.push(Act::Wake(round, timer, false));
                if left.sleeps > 0 && (self.code().is_some() || self.waits_for_the_phone()) {
                    acts.push(Act::Wake(round, timer, true));
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
                    acts.push(Act::DelayAnswer(round, call));
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

    /// Whether the result depends on the time left to pay, as the platform reports it.
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

    /// Returns the commands that a person may give in this state. Commands without an effect are dropped later.
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

    pub(crate) fn take(&mut self, round: Generation, call: Call) {
        if let Some(place) = self.calls.iter().position(|under| *under == (round, call)) {
            self.calls.remove(place);
        }
    }

    /// Returns a call that can end at once without making any world unreachable. For example, a pause before a
    /// poll can be skipped, because the answer to the poll may arrive at any time anyway.
    pub(crate) fn at_once(&self) -> Option<(Generation, Call, Input)> {
        self.calls.iter().find_map(|&(round, call)| match call {
            Call::Encode(tag) => Some((round, call, Input::Encoded(tag))),
            Call::Wake(timer @ (Timer::Poll | Timer::Revoid)) => Some((
                round,
                call,
                Input::Woke {
                    timer,
                    slept: false,
                },
            )),
            _ => None,
        })
    }
}
