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
use super::server::{self, Listed, Manner, VoidAnswer, Word};
use super::till::{Desk, Name, Shop, Tag, Wish, code};

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
    Recall(Option<&'static str>),
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
    Found(Vec<(Tag, Word)>),
    NotFound,
    /// The create was answered with this request, which is an older one.
    CreatedAsAnother(Tag, Word),
    /// The journal has the request under another attempt.
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
    /// The void was answered with a refund of another request.
    VoidedAnother(Tag),
    NotVoided,
    /// The void has provably not left this machine.
    VoidUnsent,
    Listed(Tag, Word, Listed),
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
    /// An attempt ended, of this sale or of an earlier one.
    Ended { name: Name, outcome: Outcome },
    /// The sale is over.
    Outcome { shop: Shop, outcome: Outcome },
    /// The display died, and the till is told this.
    LastWord { shop: Shop, outcome: Outcome },
}

impl Told {
    fn event(self, round: Round, desk: Desk, manner: Manner) -> Event {
        let at = Moment::default();
        let description = |tag, word, has_time| server::description(tag, word, has_time, manner);
        let fact = match self {
            Self::Asked(wish) => return Event::Asked(wish.command(desk)),
            Self::Recalled(recollection) => Fact::Recalled(Ok(recollection)),
            Self::Recorded(mark) => Fact::Recorded(mark),
            Self::NotRecorded(mark) => Fact::NotRecorded(mark, "disk full".to_owned()),
            Self::Created(tag) => Fact::Created {
                sent_at: at,
                at,
                answer: Ok(description(tag, Word::New, true)),
            },
            Self::CreatedAsAnother(tag, word) => Fact::Created {
                sent_at: at,
                at,
                answer: Ok(description(tag, word, true)),
            },
            Self::Duplicate(mark) => Fact::Duplicate(mark),
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
            Self::Found(found) => Fact::Found {
                at,
                answer: Ok(found
                    .into_iter()
                    .map(|(tag, word)| description(tag, word, true))
                    .collect()),
            },
            Self::NotFound => Fact::Found {
                at,
                answer: Err(lost()),
            },
            Self::Encoded(tag) => Fact::Encoded(Ok(code(tag))),
            Self::Shown => Fact::Shown,
            Self::NotShown => Fact::NotShown("covered".to_owned()),
            Self::Read {
                tag,
                ask,
                word,
                has_time,
            } => Fact::Read {
                ask,
                at,
                answer: Ok(description(tag, word, has_time)),
            },
            Self::NotRead(ask) => Fact::Read {
                ask,
                at,
                answer: Err(lost()),
            },
            Self::Voided(tag, word, answer) => Fact::Voided(answer.activity(tag, word)),
            Self::VoidedAnother(tag) => {
                let another = Tag {
                    attempt: tag.attempt + 1,
                    ..tag
                };

                Fact::Voided(VoidAnswer::Refunded.activity(another, Word::Paid))
            }
            Self::NotVoided => Fact::Voided(Err(lost())),
            Self::VoidUnsent => Fact::Voided(Err(unsent())),
            Self::Listed(tag, word, listed) => Fact::Activities(Ok(listed.activities(tag, word))),
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
                    .map(|word| Told::Found(vec![(tag, word)]))
                    .chain([Told::Found(Vec::new()), Told::NotFound])
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
            Self::List(tag) => Some(
                [Listed::Nothing, Listed::Refund, Listed::OddRefunds]
                    .into_iter()
                    .map(|listed| Told::Listed(tag, Word::Paid, listed))
                    .chain([Told::NotListed])
                    .collect(),
            ),
            Self::Wake(timer) => Some(vec![Told::Woke {
                timer,
                slept: false,
            }]),
        }
    }
}

/// What a sale was before, and what it was told; what it is now, and what it wants done.
type Turns = HashMap<(Standing, Round, Told, Desk), (Standing, Arc<[Deed]>)>;

/// The machine, and what it is known to do.
#[derive(Default)]
pub(crate) struct Machine {
    turns: Mutex<Turns>,
    idle: Mutex<HashMap<(Standing, Round, Call), bool>>,
    /// How the platform describes a payment.
    pub(crate) manner: Manner,
}

impl Machine {
    pub(crate) fn tell(
        &self,
        standing: &Standing,
        round: Round,
        told: Told,
        desk: Desk,
    ) -> (Standing, Arc<[Deed]>) {
        let question = (standing.clone(), round, told, desk);
        if let Some(known) = self.turns.lock().unwrap().get(&question) {
            return known.clone();
        }
        let mut sale = standing.sale().clone();
        let effects = sale.handle(question.2.clone().event(round, desk, self.manner));
        let deeds = effects
            .iter()
            .filter_map(|effect| deed(effect, standing.sale(), desk))
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
                let (after, deeds) = self.tell(standing, round, told, 0);

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

fn deed(effect: &Effect, before: &Sale, desk: Desk) -> Option<Deed> {
    match effect {
        Effect::Exit(_) => Some(Deed::Exit),
        Effect::Announce(announcement) => said(announcement, before).map(Deed::Tell),
        Effect::Run {
            round,
            job: Job::Record { key, record },
        } => Some(Deed::Write(*round, Entry::of(key, record, desk)?)),
        Effect::Run { round, job } => Some(Deed::Run(*round, Call::of(job, desk)?)),
    }
}

fn said(announcement: &Announcement, before: &Sale) -> Option<Said> {
    match announcement {
        Announcement::Ended {
            attempt, outcome, ..
        } => Some(Said::Ended {
            name: Name {
                attempt: u8::try_from(*attempt).unwrap(),
                ..Name::of(&before.asked().or(before.order())?.reference)
            },
            outcome: Outcome::named(outcome),
        }),
        Announcement::Earlier {
            external_ref,
            outcome,
            ..
        } => Some(Said::Ended {
            name: Name::of(external_ref),
            outcome: Outcome::named(outcome),
        }),
        Announcement::Outcome { outcome, .. } => Some(Said::Outcome {
            shop: Shop::of(before.asked().or(before.order())?),
            outcome: Outcome::named(outcome),
        }),
        _ => None,
    }
}
