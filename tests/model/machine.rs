//! The state machine under proof, with what goes in and what comes out put into few words.
//!
//! [`Sale::handle`] is pure: the same sale makes the same of the same event. So each pair is asked
//! only once, and the answer is kept; that is what makes a full exploration quick.

use std::collections::HashMap;
use std::collections::hash_map::DefaultHasher;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::{Arc, Mutex};

use patron_display::payment::{Failure, Text, Unsent};
use patron_display::sale::{
    Announcement, Ask, Effect, Event, Fact, Job, Mark, Moment, Recollection, Round, Sale, Timer,
};

use super::disk::{Entry, Outcome};
use super::server::{self, VoidAnswer, Word};
use super::till::{Shop, Tag, Wish, code};

/// A sale as it stands. It is shared, since most of what happens in the world leaves it alone, and
/// its hash is taken once.
#[derive(Clone)]
pub(crate) struct Standing {
    sale: Arc<Sale>,
    hash: u64,
}

impl Standing {
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

impl PartialEq for Standing {
    fn eq(&self, other: &Self) -> bool {
        self.hash == other.hash && (Arc::ptr_eq(&self.sale, &other.sale) || self.sale == other.sale)
    }
}

impl Eq for Standing {}

impl Hash for Standing {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.hash.hash(state);
    }
}

impl fmt::Debug for Standing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.sale.state().fmt(f)
    }
}

/// Something that takes time and is under way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Call {
    Recall(Option<Shop>),
    Create(Tag),
    LookUp(Tag),
    Encode(Tag),
    Read(Tag, Ask),
    /// A read that the platform has answered, and whose answer takes its time.
    Reply(Tag, Ask, Word),
    Void(Tag),
    List(Tag),
    Wake(Timer),
}

/// What the machine is told.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Told {
    Asked(Wish),
    Recalled(Recollection),
    Recorded(Mark),
    NotRecorded(Mark),
    Created(Tag),
    NotCreated,
    /// The create has provably not left this machine.
    CreateUnsent,
    /// What stands under a reference.
    Found(Tag, Option<Word>),
    NotFound,
    Encoded(Tag),
    Shown,
    Read {
        tag: Tag,
        ask: Ask,
        word: Word,
        has_time: bool,
    },
    NotRead(Ask),
    Voided(VoidAnswer),
    NotVoided,
    /// The void has provably not left this machine.
    VoidUnsent,
    Listed {
        refunded: bool,
    },
    NotListed,
    Woke {
        timer: Timer,
        slept: bool,
    },
}

/// What the machine wants done.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Deed {
    Run(Round, Call),
    Write(Round, Entry),
    Tell(Said),
    Exit,
}

/// What the till is told and can be held against the truth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Said {
    /// An attempt ended.
    Ended { tag: Tag, outcome: Outcome },
    /// An attempt of an earlier sale ended.
    Earlier {
        tag: Tag,
        outcome: Outcome,
        late: bool,
    },
    /// The sale is over.
    Outcome { shop: Shop, outcome: Outcome },
}

impl Told {
    fn event(self, round: Round) -> Event {
        let at = Moment::default();
        let fact = match self {
            Self::Asked(wish) => return Event::Asked(wish.command()),
            Self::Recalled(recollection) => Fact::Recalled(Ok(recollection)),
            Self::Recorded(mark) => Fact::Recorded(mark),
            Self::NotRecorded(mark) => Fact::NotRecorded(mark, "disk full".to_owned()),
            Self::Created(tag) => Fact::Created {
                sent_at: at,
                at,
                answer: Ok(server::description(tag, Word::New, true)),
            },
            Self::NotCreated => Fact::Created {
                sent_at: at,
                at,
                answer: Err(lost()),
            },
            Self::CreateUnsent => Fact::Created {
                sent_at: at,
                at,
                answer: Err(unsent()),
            },
            Self::Found(tag, word) => Fact::Found {
                at,
                answer: Ok(word
                    .map(|word| server::description(tag, word, true))
                    .into_iter()
                    .collect()),
            },
            Self::NotFound => Fact::Found {
                at,
                answer: Err(lost()),
            },
            Self::Encoded(tag) => Fact::Encoded(Ok(code(tag))),
            Self::Shown => Fact::Shown,
            Self::Read {
                tag,
                ask,
                word,
                has_time,
            } => Fact::Read {
                ask,
                at,
                answer: Ok(server::description(tag, word, has_time)),
            },
            Self::NotRead(ask) => Fact::Read {
                ask,
                at,
                answer: Err(lost()),
            },
            Self::Voided(answer) => Fact::Voided(answer.into()),
            Self::NotVoided => Fact::Voided(Err(lost())),
            Self::VoidUnsent => Fact::Voided(Err(unsent())),
            Self::Listed { refunded } => Fact::Activities(Ok(server::activities(refunded))),
            Self::NotListed => Fact::Activities(Err(lost())),
            Self::Woke { timer, slept } => Fact::Woke { timer, at, slept },
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
    fn of(job: &Job) -> Option<Self> {
        Some(match job {
            Job::Recall { sale } => Self::Recall(sale.as_deref().map(Shop::named)),
            Job::Record { .. } => return None,
            Job::Create(request) => Self::Create(Tag::named(&request.external_ref)),
            Job::LookUp { external_ref, .. } => Self::LookUp(Tag::named(external_ref)),
            Job::Answer { .. } => panic!("no platform here sets conditions"),
            Job::Encode(payload) => {
                let (_, id) = payload.rsplit_once('/').unwrap();

                Self::Encode(Tag::named(id))
            }
            Job::Read { id, ask } => Self::Read(Tag::named(id.as_str()), *ask),
            Job::Void(id) => Self::Void(Tag::named(id.as_str())),
            Job::ListActivities(id) => Self::List(Tag::named(id.as_str())),
            Job::Wake { timer, .. } => Self::Wake(*timer),
        })
    }

    /// Its place among the calls under way, so that their order tells nothing apart.
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

    /// Everything that it could lead to and that changes nothing outside; `None` where it does.
    fn ends(self) -> Option<Vec<Told>> {
        let words = Word::ALL;
        match self {
            Self::Recall(_) | Self::Create(_) | Self::Void(_) => None,
            Self::Encode(tag) => Some(vec![Told::Encoded(tag)]),
            Self::LookUp(tag) => Some(
                words
                    .into_iter()
                    .map(Some)
                    .chain([None])
                    .map(|word| Told::Found(tag, word))
                    .chain([Told::NotFound])
                    .collect(),
            ),
            Self::Read(tag, ask) => Some(
                words
                    .into_iter()
                    .map(|word| Told::Read {
                        tag,
                        ask,
                        word,
                        has_time: true,
                    })
                    .chain([Told::NotRead(ask)])
                    .collect(),
            ),
            Self::Reply(tag, ask, word) => Some(vec![Told::Read {
                tag,
                ask,
                word,
                has_time: true,
            }]),
            Self::List(_) => Some(vec![
                Told::Listed { refunded: true },
                Told::Listed { refunded: false },
                Told::NotListed,
            ]),
            Self::Wake(timer) => Some(vec![Told::Woke {
                timer,
                slept: false,
            }]),
        }
    }
}

/// What a sale was before, and what it was told; what it is now, and what it wants done.
type Turns = HashMap<(Standing, Round, Told), (Standing, Arc<[Deed]>)>;

/// The machine, and what it is known to do.
#[derive(Default)]
pub(crate) struct Machine {
    turns: Mutex<Turns>,
    idle: Mutex<HashMap<(Standing, Round, Call), bool>>,
}

impl Machine {
    pub(crate) fn tell(
        &self,
        standing: &Standing,
        round: Round,
        told: Told,
    ) -> (Standing, Arc<[Deed]>) {
        let question = (standing.clone(), round, told);
        if let Some(known) = self.turns.lock().unwrap().get(&question) {
            return known.clone();
        }
        let mut sale = standing.sale().clone();
        let effects = sale.handle(question.2.clone().event(round));
        let deeds = effects
            .iter()
            .filter_map(|effect| deed(effect, standing.sale()))
            .collect();
        let answer = (Standing::new(sale), deeds);
        self.turns.lock().unwrap().insert(question, answer.clone());

        answer
    }

    /// Whether nothing that a call can lead to is of any interest to the sale as it stands: the
    /// answer to a poll after the verdict, a timer that was set for a state long left.
    pub(crate) fn ignores(&self, standing: &Standing, round: Round, call: Call) -> bool {
        let question = (standing.clone(), round, call);
        if let Some(known) = self.idle.lock().unwrap().get(&question) {
            return *known;
        }
        let answer = call.ends().is_some_and(|ends| {
            ends.into_iter().all(|told| {
                let (after, deeds) = self.tell(standing, round, told);

                deeds.is_empty() && after == *standing
            })
        });
        self.idle.lock().unwrap().insert(question, answer);

        answer
    }

    /// In how many situations the machine was asked something.
    pub(crate) fn turns(&self) -> usize {
        self.turns.lock().unwrap().len()
    }
}

fn deed(effect: &Effect, before: &Sale) -> Option<Deed> {
    match effect {
        Effect::Exit(_) => Some(Deed::Exit),
        Effect::Announce(announcement) => said(announcement, before).map(Deed::Tell),
        Effect::Run {
            round,
            job: Job::Record { key, record },
        } => Some(Deed::Write(*round, Entry::of(key, record)?)),
        Effect::Run { round, job } => Some(Deed::Run(*round, Call::of(job)?)),
    }
}

fn said(announcement: &Announcement, before: &Sale) -> Option<Said> {
    match announcement {
        Announcement::Ended {
            attempt,
            id,
            outcome,
        } => {
            let attempt = u8::try_from(*attempt).unwrap();
            let tag = match (id, before.order()) {
                (Some(id), _) => Tag::named(id),
                (None, Some(order)) => Tag {
                    shop: Shop::named(&order.reference),
                    attempt,
                },
                (None, None) => return None,
            };

            Some(Said::Ended {
                tag,
                outcome: Outcome::named(outcome),
            })
        }
        Announcement::Earlier {
            external_ref,
            outcome,
            late,
            ..
        } => Some(Said::Earlier {
            tag: Tag::named(external_ref),
            outcome: Outcome::named(outcome),
            late: *late,
        }),
        Announcement::Outcome {
            external_ref,
            outcome,
            ..
        } => Some(Said::Outcome {
            shop: Tag::named(external_ref.as_deref()?).shop,
            outcome: Outcome::named(outcome),
        }),
        _ => None,
    }
}
