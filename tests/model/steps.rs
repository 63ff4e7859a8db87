//! What a step does to the platform, the disk and the wire, and what the machine makes of it.

use patron_display::sale::{Round, State, Timer};

use super::disk::{Entry, NotWritten, Outcome};
use super::machine::{Call, Deed, Said, Told};
use super::properties::Lie;
use super::server::Listed;
use super::till::Desk;
use super::world::{Act, Counter, Message, World};

impl World {
    /// Does what `act` says to the platform and the disk, and returns what the machine is told.
    pub(crate) fn carry_out(
        &mut self,
        counter: &Counter,
        desk: Desk,
        act: Act,
    ) -> Option<(Round, Told)> {
        let state = &mut self.desks[usize::from(desk)];
        let process = state.process.as_mut()?;
        match act {
            Act::Write => {
                let (round, entry) = process.queue.remove(0);
                let mark = entry.mark();

                Some(match self.write(counter, desk, entry) {
                    Ok(()) => (round, Told::Recorded(mark)),
                    Err(NotWritten::KnownRequest) => (round, Told::Duplicate(mark)),
                    Err(_) => (round, Told::NotRecorded(mark)),
                })
            }
            Act::DiskFull => {
                self.left.full_disks -= 1;
                let (round, entry) = process.queue.remove(0);

                Some((round, Told::NotRecorded(entry.mark())))
            }
            Act::Recall { is_over } => {
                let recalls = |(_, call): &(Round, Call)| matches!(call, Call::Recall(_));
                let place = process.calls.iter().rposition(recalls)?;
                let (round, Call::Recall(sale)) = process.calls.remove(place) else {
                    return None;
                };

                Some((round, Told::Recalled(state.disk.recall(sale, is_over))))
            }
            Act::Frame => Some((process.standing.sale().round(), Told::Shown)),
            Act::Unseen => {
                self.left.unseen_codes -= 1;

                Some((process.standing.sale().round(), Told::NotShown))
            }
            Act::Fire(round, timer) => {
                if timer == Timer::Recheck {
                    self.left.rechecks -= 1;
                }
                process.take(round, Call::Wake(timer));

                Some((
                    round,
                    Told::Woke {
                        timer,
                        slept: false,
                    },
                ))
            }
            Act::WakeFromSleep(round, timer) => {
                self.left.sleeps -= 1;
                process.take(round, Call::Wake(timer));

                Some((round, Told::Woke { timer, slept: true }))
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
                    Call::Create(_) => Told::CreatedAsAnother(stranger, word),
                    Call::Void(tag) => Told::VoidedAnother(tag),
                    _ => Told::Listed(stranger, word, Listed::OddRefunds),
                };

                Some((round, told))
            }
            Act::Unsend(round, call) => {
                self.left.unsent -= 1;
                process.take(round, call);
                let told = match call {
                    Call::Create(_) => Told::CreateUnsent,
                    _ => Told::VoidUnsent,
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

    fn answer(&mut self, desk: Desk, call: Call, has_time: bool) -> Option<Told> {
        Some(match call {
            Call::Create(tag) => {
                self.server.create(tag);

                Told::Created(tag)
            }
            Call::Void(tag) => {
                let answer = self.server.void(tag, desk);

                Told::Voided(tag, self.server.word(tag)?, answer)
            }
            Call::Read(tag, ask) => Told::Read {
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

                Told::Listed(tag, request.word, listed)
            }
            Call::LookUp(tag) => Told::Found(self.server.under(&tag.external_ref())),
            Call::Encode(tag) => Told::Encoded(tag),
            Call::Reply(tag, ask, word) => Told::Read {
                tag,
                ask,
                word,
                has_time,
            },
            Call::Recall(_) | Call::Wake(_) => return None,
        })
    }

    pub(crate) fn dawdle(&mut self, desk: Desk, round: Round, call: Call) {
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

    fn lose(&mut self, desk: Desk, call: Call) -> Option<Told> {
        self.set_adrift(desk, call);

        Some(match call {
            Call::Create(_) => Told::NotCreated,
            Call::LookUp(_) => Told::NotFound,
            Call::Void(_) => Told::NotVoided,
            Call::Read(_, ask) => Told::NotRead(ask),
            Call::List(_) => Told::NotListed,
            Call::Encode(_) | Call::Reply(..) | Call::Recall(_) | Call::Wake(_) => return None,
        })
    }

    /// Nobody waits for its answer any more. That it was carried out before it was given up is the
    /// same as its arriving right after.
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

    /// The process is no more. What it has sent may be on the wire.
    fn stop(&mut self, desk: Desk) {
        let process = self.desk_mut(desk).process.take();
        for (_, call) in process.map(|process| process.calls).unwrap_or_default() {
            self.set_adrift(desk, call);
        }
    }

    /// The display dies, and its till reads in the journal what the sale has come to.
    pub(crate) fn die(&mut self, counter: &Counter, desk: Desk) {
        let sells = self.desk(desk).process.as_ref();
        let sells = sells.and_then(|process| process.sells);
        self.stop(desk);
        if let Some(shop) = sells {
            let handed_over = self
                .desk(desk)
                .disk
                .handed_over(shop, desk, counter.any_terms);
            let outcome = Outcome::named((counter.last_word)(&handed_over));
            self.lie = self
                .lie
                .or_else(|| Lie::in_words(self, desk, Said::LastWord { shop, outcome }));
        }
    }

    /// Tells the machine, and whatever it wants done is under way.
    pub(crate) fn tell(&mut self, counter: &Counter, desk: Desk, round: Round, told: Told) {
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
                (process.standing.sale().round(), Told::Shown)
            } else if let Some((round, call, told)) = process.at_once() {
                process.take(round, call);

                (round, told)
            } else {
                return;
            };
            self.turn(counter, desk, round, told);
        }
    }

    fn turn(&mut self, counter: &Counter, desk: Desk, round: Round, told: Told) {
        let state = &mut self.desks[usize::from(desk)];
        let Some(process) = &mut state.process else {
            return;
        };
        let (standing, deeds) = counter.machine.tell(&process.standing, round, told, desk);
        let before = process.code();
        process.standing = standing;
        let mut exits = false;
        let mut said: Vec<Said> = Vec::new();
        for deed in deeds.iter() {
            match *deed {
                Deed::Run(round, call) => process.calls.push((round, call)),
                Deed::Write(round, entry) => process.queue.push((round, entry)),
                Deed::Tell(words) => said.push(words),
                Deed::Exit => exits = true,
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
        for words in said {
            self.lie = self.lie.or_else(|| Lie::in_words(self, desk, words));
        }
        if exits {
            self.leave(counter, desk);
        }
    }

    /// The program ends by itself: the journal is written to its end first.
    fn leave(&mut self, counter: &Counter, desk: Desk) {
        let queue = self
            .desk_mut(desk)
            .process
            .as_mut()
            .map(|process| std::mem::take(&mut process.queue));
        for (_, entry) in queue.unwrap_or_default() {
            // The program has ended, whatever the disk said.
            let _ = self.write(counter, desk, entry);
        }
        self.stop(desk);
    }
}
