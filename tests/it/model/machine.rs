//! The real state machine, with short forms of its events and effects.
//!
//! [`Sale::handle`] is pure: the same sale and the same event always give the same result. So the result of
//! each pair is computed once and cached. This makes a full exploration quick.

use std::collections::HashMap;
use std::collections::hash_map::DefaultHasher;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::{Arc, Mutex};

use patron_display::domain::payment::{Failure, Text, Unsent};
use patron_display::sale::{
    Announcement, Ask, Effect, Event, Fact, Generation, Job, Mark, Moment, Recollection, Sale,
    Timer, Wakeup,
};

use super::disk::{Disk, Entry, Outcome, Row};
use super::server::{self, Listed, Manner, VoidAnswer, Word};
use super::till::{Desk, Name, Shop, Tag, Wish, code};

/// A sale in one state. Worlds share it, because most actions do not change it. Its hash is computed once.
#[derive(Clone)]
pub(crate) struct HashedSale {
    sale: Arc<Sale>,
    hash: u64,
}

impl HashedSale {
    pub(crate) fn new(sale: Sale) -> Self {
        let mut hasher = DefaultHasher::new();
        sale.hash(&mut hasher);

        Self {
            sale: Arc::new(sale),
            hash: hasher.finish(),
        }
    }

    pub(crate) fn sale(&self) -> &Sale {
        &self.sale
    }
}

impl PartialEq for HashedSale {
    fn eq(&self, other: &Self) -> bool {
        self.hash == other.hash && (Arc::ptr_eq(&self.sale, &other.sale) || self.sale == other.sale)
    }
}

impl Eq for HashedSale {}

impl Hash for HashedSale {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.hash.hash(state);
    }
}

impl fmt::Debug for HashedSale {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.sale.state().fmt(f)
    }
}

/// A job that the state machine has started and that is still running.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Call {
    Recall(Option<&'static str>),
    Create(Tag),
    LookUp(Tag),
    Encode(Tag),
    Read(Tag, Ask),
    /// A read that the platform has answered with this status. The answer is still on its way.
    Reply(Tag, Ask, Word),
    Void(Tag),
    List(Tag),
    Wake(Timer),
}

/// An event for the state machine.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Input {
    Asked(Wish),
    Recalled(Recollection),
    Recorded(Mark),
    NotRecorded(Mark),
    /// The platform answered the create with this request, which may be an older request.
    Created(Tag, Word),
    NotCreated,
    /// The create provably never left this computer.
    CreateUnsent,
    /// The platform has these requests with the reference.
    Found(Vec<(Tag, Word)>),
    NotFound,
    /// The journal refused the record, because another attempt has this request.
    Duplicate(Mark),
    Encoded(Tag),
    Shown,
    NotShown,
    Read {
        tag: Tag,
        ask: Ask,
        word: Word,
        has_time: bool,
    },
    NotRead(Ask),
    Voided(Tag, Word, VoidAnswer),
    /// The platform answered the void with a refund of another request.
    VoidedAnother(Tag),
    NotVoided,
    /// The void provably never left this computer.
    VoidUnsent,
    Listed(Tag, Word, Listed),
    NotListed,
    Woke {
        timer: Timer,
        slept: bool,
    },
}

/// An effect of the state machine.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Output {
    Run(Generation, Call),
    Write(Generation, Entry),
    Tell(Claim),
    Exit,
}

/// A statement that the till is told or can read and that can be checked against the platform.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Claim {
    /// An attempt ended, of this sale or of an earlier sale.
    Ended { name: Name, outcome: Outcome },
    /// The sale is over.
    Outcome { shop: Shop, outcome: Outcome },
    /// The journal's word on the newest sale of a reference.
    Journal { shop: Shop, outcome: Outcome },
    /// The display died. The till reads this outcome from the journal.
    LastWord { shop: Shop, outcome: Outcome },
}

impl Input {
    fn event(self, round: Generation, desk: Desk, manner: Manner) -> Event {
        let at = Moment::default();
        let description = |tag, word, has_time| server::description(tag, word, has_time, manner);
        let created = |answer| Fact::Created {
            sent_at: at,
            at,
            answer,
        };
        let read = |ask, answer| Fact::Read(ask, at, answer);
        let found = |answer| Fact::Found { at, answer };
        let fact = match self {
            Self::Asked(wish) => return Event::Asked(wish.command(desk)),
            Self::Recalled(recollection) => Fact::Recalled(Ok(recollection)),
            Self::Recorded(mark) => Fact::Recorded(mark),
            Self::NotRecorded(mark) => Fact::NotRecorded(mark, "disk full".to_owned()),
            Self::Created(tag, word) => created(Ok(description(tag, word, true))),
            Self::Duplicate(mark) => Fact::Duplicate(mark),
            Self::NotCreated => created(Err(lost())),
            Self::CreateUnsent => created(Err(unsent())),
            Self::Found(requests) => {
                let requests = requests.into_iter();

                found(Ok(requests
                    .map(|(tag, word)| description(tag, word, true))
                    .collect()))
            }
            Self::NotFound => found(Err(lost())),
            Self::Encoded(_) => Fact::Encoded(Ok(code())),
            Self::Shown => Fact::Shown,
            Self::NotShown => Fact::NotShown("covered".to_owned()),
            Self::Read {
                tag,
                ask,
                word,
                has_time,
            } => read(ask, Ok(description(tag, word, has_time))),
            Self::NotRead(ask) => read(ask, Err(lost())),
            Self::Voided(tag, word, answer) => Fact::Voided(answer.activity(tag, word)),
            Self::VoidedAnother(tag) => {
                Fact::Voided(VoidAnswer::Refunded.activity(tag.another(), Word::Paid))
            }
            Self::NotVoided => Fact::Voided(Err(lost())),
            Self::VoidUnsent => Fact::Voided(Err(unsent())),
            Self::Listed(tag, word, listed) => Fact::Activities(Ok(listed.activities(tag, word))),
            Self::NotListed => Fact::Activities(Err(lost())),
            Self::Woke { timer, slept } => Fact::Woke(timer, Wakeup { at, slept }),
        };

        Event::Happened { round, fact }
    }
}

fn lost() -> Failure {
    Failure::Ambiguous(Text::clean("no answer"))
}

fn unsent() -> Failure {
    Failure::NotSent(Unsent::Refused)
}

impl Call {
    fn of(job: &Job, desk: Desk) -> Option<Self> {
        Some(match job {
            Job::Recall { sale } => {
                Self::Recall(sale.as_deref().map(|sale| Name::of(sale).reference))
            }
            Job::Record { .. } => return None,
            Job::Create(request) => Self::Create(Tag::of_reference(&request.external_ref, desk)),
            Job::LookUp { external_ref, .. } => Self::LookUp(Tag::of_reference(external_ref, desk)),
            Job::Answer { .. } => panic!("no platform here sets conditions"),
            Job::Encode(payload) => {
                let (_, id) = payload.rsplit_once('/').unwrap();

                Self::Encode(Tag::of_id(id))
            }
            Job::Read { id, ask } => Self::Read(Tag::of_id(id.as_str()), *ask),
            Job::Void(id) => Self::Void(Tag::of_id(id.as_str())),
            Job::ListActivities(id) => Self::List(Tag::of_id(id.as_str())),
            Job::Wake { timer, .. } => Self::Wake(*timer),
        })
    }

    /// Returns the sort key of a running call. Sorting makes worlds equal that differ only in the order of calls.
    pub(crate) fn rank(self) -> (u8, Option<Tag>, u8) {
        match self {
            Self::Recall(_) => (0, None, 0),
            Self::Create(tag) => (1, Some(tag), 0),
            Self::Encode(tag) => (2, Some(tag), 0),
            Self::Read(tag, ask) => (3, Some(tag), ask as u8),
            Self::Reply(tag, ask, word) => (7 + word as u8, Some(tag), ask as u8),
            Self::Void(tag) => (4, Some(tag), 0),
            Self::List(tag) => (5, Some(tag), 0),
            Self::Wake(timer) => (6, None, timer as u8),
            Self::LookUp(tag) => (20, Some(tag), 0),
        }
    }

    /// Returns every possible result of the call, or `None` if the call must never be dropped.
    fn results(self) -> Option<Vec<Input>> {
        let words = Word::ALL;
        let read = |tag, ask, word| Input::Read {
            tag,
            ask,
            word,
            has_time: true,
        };
        match self {
            Self::Recall(_) | Self::Create(_) | Self::Void(_) => None,
            Self::Encode(tag) => Some(vec![Input::Encoded(tag)]),
            Self::LookUp(tag) => Some(
                words
                    .into_iter()
                    .map(|word| Input::Found(vec![(tag, word)]))
                    .chain([Input::Found(Vec::new()), Input::NotFound])
                    .collect(),
            ),
            Self::Read(tag, ask) => Some(
                words
                    .into_iter()
                    .map(|word| read(tag, ask, word))
                    .chain([Input::NotRead(ask)])
                    .collect(),
            ),
            Self::Reply(tag, ask, word) => Some(vec![read(tag, ask, word)]),
            Self::List(tag) => Some(
                [Listed::Nothing, Listed::Refund, Listed::OddRefunds]
                    .into_iter()
                    .map(|listed| Input::Listed(tag, Word::Paid, listed))
                    .chain([Input::NotListed])
                    .collect(),
            ),
            Self::Wake(timer) => Some(vec![Input::Woke {
                timer,
                slept: false,
            }]),
        }
    }
}

/// For each sale and event: the sale after the event, and the effects.
type Answers = HashMap<(HashedSale, Generation, Input, Desk), (HashedSale, Arc<[Output]>)>;

/// The state machine with a cache of its answers.
#[derive(Default)]
pub(crate) struct Machine {
    answers: Mutex<Answers>,
    idle: Mutex<HashMap<(HashedSale, Generation, Call), bool>>,
    /// What the journal says of a sale with these rows.
    journal: Mutex<HashMap<Vec<Row>, Claim>>,
    /// The fields that the platform uses to describe a payment.
    pub(crate) manner: Manner,
}

impl Machine {
    pub(crate) fn tell(
        &self,
        standing: &HashedSale,
        round: Generation,
        told: Input,
        desk: Desk,
    ) -> (HashedSale, Arc<[Output]>) {
        let question = (standing.clone(), round, told, desk);
        if let Some(known) = self.answers.lock().unwrap().get(&question) {
            return known.clone();
        }
        let mut sale = standing.sale().clone();
        let effects = sale.handle(question.2.clone().event(round, desk, self.manner));
        let outputs = effects
            .iter()
            .filter_map(|effect| output(effect, standing.sale(), desk))
            .collect();
        let answer = (HashedSale::new(sale), outputs);
        let mut answers = self.answers.lock().unwrap();
        answers.insert(question, answer.clone());

        answer
    }

    /// Whether the sale ignores every possible result of a call. Examples: the answer to a poll after
    /// the verdict, or a timer that an earlier state started.
    pub(crate) fn ignores(&self, standing: &HashedSale, round: Generation, call: Call) -> bool {
        let question = (standing.clone(), round, call);
        if let Some(known) = self.idle.lock().unwrap().get(&question) {
            return *known;
        }
        let answer = call.results().is_some_and(|results| {
            results.into_iter().all(|told| {
                let (after, outputs) = self.tell(standing, round, told, 0);

                outputs.is_empty() && after == *standing
            })
        });
        self.idle.lock().unwrap().insert(question, answer);

        answer
    }

    /// Returns what the journal says of each sale now.
    pub(crate) fn journal_says(&self, disk: &Disk) -> Vec<Claim> {
        let mut known = self.journal.lock().unwrap();

        disk.sales()
            .into_iter()
            .map(|rows| {
                *known
                    .entry(rows)
                    .or_insert_with_key(|rows| Disk::says(rows))
            })
            .collect()
    }

    /// Returns the number of cached answers.
    pub(crate) fn answers(&self) -> usize {
        self.answers.lock().unwrap().len()
    }
}

fn output(effect: &Effect, before: &Sale, desk: Desk) -> Option<Output> {
    match effect {
        Effect::Exit(_) => Some(Output::Exit),
        Effect::Announce(announcement) => claim(announcement, before).map(Output::Tell),
        Effect::Run {
            round,
            job: Job::Record { key, record },
        } => Some(Output::Write(*round, Entry::of(key, record, desk)?)),
        Effect::Run { round, job } => Some(Output::Run(*round, Call::of(job, desk)?)),
    }
}

fn claim(announcement: &Announcement, before: &Sale) -> Option<Claim> {
    match announcement {
        Announcement::Ended {
            attempt, outcome, ..
        } => Some(Claim::Ended {
            name: Name {
                attempt: u8::try_from(*attempt).unwrap(),
                ..Name::of(&before.asked().or(before.order())?.reference)
            },
            outcome: (*outcome).into(),
        }),
        Announcement::Earlier {
            external_ref,
            outcome,
            ..
        } => Some(Claim::Ended {
            name: Name::of(external_ref),
            outcome: (*outcome).into(),
        }),
        Announcement::Outcome { outcome, .. } => Some(Claim::Outcome {
            shop: Shop::of(before.asked().or(before.order())?),
            outcome: (*outcome).into(),
        }),
        _ => None,
    }
}
