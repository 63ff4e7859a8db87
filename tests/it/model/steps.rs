//! The steps of the model. Each changes the platform, the disk or the wire. Most give the state machine an event.

use patron_display::sale::{Generation, State, Timer};

use super::disk::{Entry, NotWritten, Outcome};
use super::machine::{Call, Claim, Input, Output};
use super::properties::Lie;
use super::server::{Listed, Word};
use super::till::Desk;
use super::world::{Act, Counter, Message, World};

impl World {
    /// Applies `act` to the platform and the disk. Returns the event that it gives the state machine.
    pub(crate) fn carry_out(
        &mut self,
        counter: &Counter,
        desk: Desk,
        act: Act,
    ) -> Option<(Generation, Input)> {
        let state = &mut self.desks[usize::from(desk)];
        let process = state.process.as_mut()?;
        match act {
            Act::Write => {
                let (round, entry) = process.queue.remove(0);
                let mark = entry.mark();

                Some(match self.write(counter, desk, entry) {
                    Ok(()) => (round, Input::Recorded(mark)),
                    Err(NotWritten::KnownRequest) => (round, Input::Duplicate(mark)),
                    Err(_) => (round, Input::NotRecorded(mark)),
                })
            }
            Act::DiskFull => {
                self.left.full_disks -= 1;
                let (round, entry) = process.queue.remove(0);

                Some((round, Input::NotRecorded(entry.mark())))
            }
            Act::Recall { is_over } => {
                let recalls = |(_, call): &(Generation, Call)| matches!(call, Call::Recall(_));
                let place = process.calls.iter().rposition(recalls)?;
                let (round, Call::Recall(sale)) = process.calls.remove(place) else {
                    return None;
                };

                Some((round, Input::Recalled(state.disk.recall(sale, is_over))))
            }
            Act::Frame => Some((process.standing.sale().round(), Input::Shown)),
            Act::Unseen => {
                self.left.unseen_codes -= 1;

                Some((process.standing.sale().round(), Input::NotShown))
            }
            Act::Wake(round, timer, slept) => {
                if slept {
                    self.left.sleeps -= 1;
                } else if timer == Timer::Recheck {
                    self.left.rechecks -= 1;
                }
                process.take(round, Call::Wake(timer));

                Some((round, Input::Woke { timer, slept }))
            }
            Act::Answer(round, call) => {
                process.take(round, call);

                Some((round, self.answer(desk, call, true)?))
            }
            Act::AnswerInHaste(round, call) => {
                process.take(round, call);

                Some((round, self.answer(desk, call, false)?))
            }
            Act::Lose(round, call) => {
                self.left.lost_answers -= 1;
                process.take(round, call);

                Some((round, self.lose(desk, call)?))
            }
            Act::AnswerAboutAnother(round, call, stranger) => {
                self.left.strangers -= 1;
                process.take(round, call);
                self.set_adrift(desk, call);
                let word = self.server.word(stranger)?;
                let told = match call {
                    Call::Create(_) => Input::Created(stranger, word),
                    Call::Void(tag) => Input::VoidedAnother(tag),
                    _ => Input::Listed(stranger, word, Listed::OddRefunds),
                };

                Some((round, told))
            }
            Act::Unsend(round, call) => {
                self.left.unsent -= 1;
                process.take(round, call);
                let told = match call {
                    Call::Create(_) => Input::CreateUnsent,
                    _ => Input::VoidUnsent,
                };

                Some((round, told))
            }
            _ => None,
        }
    }

    fn write(&mut self, counter: &Counter, desk: Desk, entry: Entry) -> Result<(), NotWritten> {
        let written = self.desk_mut(desk).disk.write(entry, counter.indexed);
        self.index_refused |= written == Err(NotWritten::SecondCode);

        written
    }

    fn answer(&mut self, desk: Desk, call: Call, has_time: bool) -> Option<Input> {
        Some(match call {
            Call::Create(tag) => {
                self.server.create(tag);

                Input::Created(tag, Word::New)
            }
            Call::Void(tag) => {
                let answer = self.server.void(tag, desk);

                Input::Voided(tag, self.server.word(tag)?, answer)
            }
            Call::Read(tag, ask) => Input::Read {
                tag,
                ask,
                word: self.server.word(tag)?,
                has_time,
            },
            Call::List(tag) => {
                let request = self.server.get(tag)?;
                let listed = match request.refunded {
                    true => Listed::Refund,
                    false => Listed::Nothing,
                };

                Input::Listed(tag, request.word, listed)
            }
            Call::LookUp(tag) => Input::Found(self.server.under(&tag.external_ref())),
            Call::Encode(tag) => Input::Encoded(tag),
            Call::Reply(tag, ask, word) => Input::Read {
                tag,
                ask,
                word,
                has_time,
            },
            Call::Recall(_) | Call::Wake(_) => return None,
        })
    }

    /// Lets the platform answer a read with the status of this moment. The answer arrives later.
    pub(crate) fn delay_answer(&mut self, desk: Desk, round: Generation, call: Call) {
        let Call::Read(tag, ask) = call else { return };
        self.left.slow_reads -= 1;
        let word = self.server.word(tag);
        let process = &mut self.desk_mut(desk).process;
        if let (Some(process), Some(word)) = (process, word) {
            process.take(round, call);
            process.calls.push((round, Call::Reply(tag, ask, word)));
            process.sort();
        }
    }

    fn lose(&mut self, desk: Desk, call: Call) -> Option<Input> {
        self.set_adrift(desk, call);

        Some(match call {
            Call::Create(_) => Input::NotCreated,
            Call::LookUp(_) => Input::NotFound,
            Call::Void(_) => Input::NotVoided,
            Call::Read(_, ask) => Input::NotRead(ask),
            Call::List(_) => Input::NotListed,
            Call::Encode(_) | Call::Reply(..) | Call::Recall(_) | Call::Wake(_) => return None,
        })
    }

    /// Gives up waiting for a call. A create or void may still reach the platform later. A call that had already
    /// reached it is modelled as one that reaches it right after.
    fn set_adrift(&mut self, desk: Desk, call: Call) {
        let message = match call {
            Call::Create(tag) => Message::Create(tag),
            Call::Void(tag) => Message::Void(tag),
            _ => return,
        };
        let adrift = &mut self.desk_mut(desk).adrift;
        adrift.push(message);
        adrift.sort_unstable();
    }

    pub(crate) fn arrive_late(&mut self, desk: Desk, message: Message) {
        let adrift = &mut self.desk_mut(desk).adrift;
        if let Some(place) = adrift.iter().position(|adrift| *adrift == message) {
            adrift.remove(place);
        }
        match message {
            Message::Create(tag) => self.server.create(tag),
            Message::Void(tag) => {
                self.server.void(tag, desk);
            }
        }
    }

    /// Ends the process. Its creates and voids may still be on the wire.
    fn stop(&mut self, desk: Desk) {
        let process = self.desk_mut(desk).process.take();
        for (_, call) in process.map(|process| process.calls).unwrap_or_default() {
            self.set_adrift(desk, call);
        }
    }

    /// Kills the display. Its till reads the outcome of the sale from the journal.
    pub(crate) fn die(&mut self, counter: &Counter, desk: Desk) {
        let sells = self.desk(desk).process.as_ref();
        // A till that was told the outcome does not ask.
        let sells = sells
            .filter(|process| !process.standing.sale().has_told_outcome())
            .and_then(|process| process.sells);
        self.stop(desk);
        if let Some(shop) = sells {
            let handed_over = self
                .desk(desk)
                .disk
                .handed_over(shop, desk, counter.any_terms);
            let outcome = handed_over.outcome().outcome.into();
            self.lie = self
                .lie
                .or_else(|| Lie::in_words(self, desk, Claim::LastWord { shop, outcome }));
        }
    }

    /// Passes an event to the state machine and starts the jobs that result.
    pub(crate) fn tell(&mut self, counter: &Counter, desk: Desk, round: Generation, told: Input) {
        self.turn(counter, desk, round, told);
        if !counter.tidy {
            return;
        }
        loop {
            let Some(process) = &mut self.desk_mut(desk).process else {
                return;
            };
            let standing = process.standing.clone();
            process
                .calls
                .retain(|&(round, call)| !counter.machine.ignores(&standing, round, call));
            let unseen =
                matches!(process.state(), State::Presenting(shown) if !shown.is_on_screen());
            let (round, told) = if unseen {
                (process.standing.sale().round(), Input::Shown)
            } else if let Some((round, call, told)) = process.at_once() {
                process.take(round, call);

                (round, told)
            } else {
                return;
            };
            self.turn(counter, desk, round, told);
        }
    }

    fn turn(&mut self, counter: &Counter, desk: Desk, round: Generation, told: Input) {
        let state = &mut self.desks[usize::from(desk)];
        let Some(process) = &mut state.process else {
            return;
        };
        let (standing, outputs) = counter.machine.tell(&process.standing, round, told, desk);
        let before = process.code();
        let is_recalling = *process.state() == State::Recalling;
        process.standing = standing;
        let mut exits = false;
        let mut claims: Vec<Claim> = Vec::new();
        for output in outputs.iter() {
            match *output {
                Output::Run(round, call) => process.calls.push((round, call)),
                Output::Write(round, entry) => process.queue.push((round, entry)),
                Output::Tell(claim) => claims.push(claim),
                Output::Exit => exits = true,
            }
        }
        process.sort();
        if let Some(tag) = process.code()
            && let Some(request) = self.server.get_mut(tag)
        {
            request.presented = true;
            let is_new = before != Some(tag);
            self.lie = self
                .lie
                .or_else(|| Lie::in_code(&state.disk, tag).filter(|_| is_new));
        }
        for claim in claims {
            self.lie = self.lie.or_else(|| Lie::in_words(self, desk, claim));
            // Before the journal was read, a display that ends can only say "unknown".
            if !is_recalling {
                self.lie = self.lie.or_else(|| Lie::in_memory(self, desk, claim));
            }
            if let Claim::Outcome {
                shop,
                outcome: Outcome::Paid,
            } = claim
                && !exits
            {
                let told_paid = &mut self.desk_mut(desk).told_paid;
                if let Err(place) = told_paid.binary_search(&shop) {
                    told_paid.insert(place, shop);
                }
            }
        }
        if exits {
            self.leave(counter, desk);
        }
    }

    /// Ends the program normally. It writes all its records first.
    fn leave(&mut self, counter: &Counter, desk: Desk) {
        let queue = self
            .desk_mut(desk)
            .process
            .as_mut()
            .map(|process| std::mem::take(&mut process.queue));
        for (_, entry) in queue.unwrap_or_default() {
            // Ignores a full disk: the program ends even if the record cannot be written.
            let _ = self.write(counter, desk, entry);
        }
        self.stop(desk);
    }
}
