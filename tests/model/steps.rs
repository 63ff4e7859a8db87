//! What a step does to the platform, the disk and the wire, and what the machine makes of it.

use patron_display::sale::{Round, State, Timer};

use super::disk::{Entry, NotWritten};
use super::machine::{Call, Deed, Said, Told};
use super::properties::Lie;
use super::world::{Action, Counter, Message, World};

impl World {
    /// Does what `action` says to the platform and the disk, and returns what the machine is told.
    pub(crate) fn carry_out(&mut self, counter: &Counter, action: Action) -> Option<(Round, Told)> {
        let process = self.process.as_mut()?;
        match action {
            Action::Write => {
                let (round, entry) = process.queue.remove(0);
                let mark = entry.mark();

                Some(match self.write(counter, entry) {
                    true => (round, Told::Recorded(mark)),
                    false => (round, Told::NotRecorded(mark)),
                })
            }
            Action::DiskFull => {
                self.left.full_disks -= 1;
                let (round, entry) = process.queue.remove(0);

                Some((round, Told::NotRecorded(entry.mark())))
            }
            Action::Recall { is_over } => {
                let recalls = |(_, call): &(Round, Call)| matches!(call, Call::Recall(_));
                let place = process.calls.iter().rposition(recalls)?;
                let (round, Call::Recall(sale)) = process.calls.remove(place) else {
                    return None;
                };

                Some((round, Told::Recalled(self.disk.recall(sale, is_over))))
            }
            Action::Frame => Some((process.standing.sale().round(), Told::Shown)),
            Action::Fire(round, timer) => {
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
            Action::WakeFromSleep(round, timer) => {
                self.left.sleeps -= 1;
                process.take(round, Call::Wake(timer));

                Some((round, Told::Woke { timer, slept: true }))
            }
            Action::Answer(round, call) => {
                process.take(round, call);

                Some((round, self.answer(call, true)?))
            }
            Action::AnswerInHaste(round, call) => {
                process.take(round, call);

                Some((round, self.answer(call, false)?))
            }
            Action::Lose(round, call) => {
                self.left.lost_answers -= 1;
                process.take(round, call);

                Some((round, self.lose(call)?))
            }
            Action::Unsend(round, call) => {
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

    fn write(&mut self, counter: &Counter, entry: Entry) -> bool {
        let written = self.disk.write(entry, counter.indexed);
        self.index_refused |= written == Err(NotWritten::SecondCode);

        written.is_ok()
    }

    fn answer(&mut self, call: Call, has_time: bool) -> Option<Told> {
        Some(match call {
            Call::Create(tag) => {
                self.server.create(tag);

                Told::Created(tag)
            }
            Call::Void(tag) => Told::Voided(self.server.void(tag)),
            Call::Read(tag, ask) => Told::Read {
                tag,
                ask,
                word: self.server.word(tag)?,
                has_time,
            },
            Call::List(tag) => Told::Listed {
                refunded: self.server.get(tag)?.refunded,
            },
            Call::LookUp(tag) => Told::Found(tag, self.server.word(tag)),
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

    pub(crate) fn dawdle(&mut self, round: Round, call: Call) {
        let Call::Read(tag, ask) = call else { return };
        self.left.slow_reads -= 1;
        let word = self.server.word(tag);
        if let (Some(process), Some(word)) = (&mut self.process, word) {
            process.take(round, call);
            process.calls.push((round, Call::Reply(tag, ask, word)));
            process.sort();
        }
    }

    fn lose(&mut self, call: Call) -> Option<Told> {
        self.set_adrift(call);

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
    fn set_adrift(&mut self, call: Call) {
        let message = match call {
            Call::Create(tag) => Message::Create(tag),
            Call::Void(tag) => Message::Void(tag),
            _ => return,
        };
        self.adrift.push(message);
        self.adrift.sort_unstable();
    }

    pub(crate) fn arrive_late(&mut self, message: Message) {
        if let Some(place) = self.adrift.iter().position(|adrift| *adrift == message) {
            self.adrift.remove(place);
        }
        match message {
            Message::Create(tag) => self.server.create(tag),
            Message::Void(tag) => {
                self.server.void(tag);
            }
        }
    }

    /// The process is no more. What it has sent may be on the wire.
    pub(crate) fn stop(&mut self) {
        let calls = self.process.take().map(|process| process.calls);
        for (_, call) in calls.unwrap_or_default() {
            self.set_adrift(call);
        }
    }

    /// Tells the machine, and whatever it wants done is under way.
    pub(crate) fn tell(&mut self, counter: &Counter, round: Round, told: Told) {
        self.turn(counter, round, told);
        if !counter.tidy {
            return;
        }
        loop {
            let Some(process) = &mut self.process else {
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
            self.turn(counter, round, told);
        }
    }

    fn turn(&mut self, counter: &Counter, round: Round, told: Told) {
        let Some(process) = &mut self.process else {
            return;
        };
        let (standing, deeds) = counter.machine.tell(&process.standing, round, told);
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
                .or_else(|| Lie::in_code(&self.disk, tag).filter(|_| is_new));
        }
        for words in said {
            self.lie = self.lie.or_else(|| Lie::in_words(self, words));
        }
        if exits {
            self.leave(counter);
        }
    }

    /// The program ends by itself: the journal is written to its end first.
    fn leave(&mut self, counter: &Counter) {
        let queue = self
            .process
            .as_mut()
            .map(|process| std::mem::take(&mut process.queue));
        for (_, entry) in queue.unwrap_or_default() {
            self.write(counter, entry);
        }
        self.stop();
    }
}
