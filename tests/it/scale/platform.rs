//! The platform: the payment requests of one account, behind the sandbox's rate limit.

use std::time::{Duration, Instant};

use patron_display::domain::payment::{
    Activity, ActivityKind, CancellationReason, ConfigId, ExternalRef, Failure, Liveness, PayUrl,
    PaymentRequest, Refusal, RequestId, Status, Text,
};
use patron_display::sale::{Ask, Fact, Job, Moment, NewRequest};
use patron_display::sandbox::RateLimit;

/// The API key of the only account.
const KEY: &str = "key";
/// The longest `Retry-After` that the client obeys, in seconds.
const LONGEST_RETRY_AFTER: u64 = 60;

pub(crate) struct Platform {
    limit: RateLimit,
    began: Instant,
    pub(crate) requests: Vec<Request>,
}

/// A payment request. Its id has its index in the list.
pub(crate) struct Request {
    made: NewRequest,
    created_at: Duration,
    updated_at: Duration,
    pub(crate) word: Word,
    pub(crate) paid_at: Option<Duration>,
    pub(crate) refunded: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Word {
    New,
    Paid,
    Expired,
    Cancelled,
}

/// A call that a display sends.
#[derive(Debug, Clone)]
pub(crate) enum Call {
    Create(NewRequest),
    Read(RequestId, Ask),
    Void(RequestId),
    List(RequestId),
}

/// The platform's answer to a call.
pub(crate) enum Answer {
    Created(Result<PaymentRequest, Failure>),
    Read(Ask, Result<PaymentRequest, Failure>),
    Voided(Result<Activity, Failure>),
    Listed(Result<Vec<Activity>, Failure>),
}

impl Call {
    /// Returns the call of this job, or `None` if the job does not call the platform.
    pub(crate) fn of(job: Job) -> Option<Self> {
        match job {
            Job::Create(request) => Some(Self::Create(request)),
            Job::Read { id, ask } => Some(Self::Read(id, ask)),
            Job::Void(id) => Some(Self::Void(id)),
            Job::ListActivities(id) => Some(Self::List(id)),
            _ => None,
        }
    }
}

impl Answer {
    pub(crate) fn fact(self, sent_at: Moment, at: Moment) -> Fact {
        match self {
            Self::Created(answer) => Fact::Created {
                sent_at,
                at,
                answer,
            },
            Self::Read(ask, answer) => Fact::Read(ask, at, answer),
            Self::Voided(answer) => Fact::Voided(answer),
            Self::Listed(answer) => Fact::Activities(answer),
        }
    }
}

impl Request {
    /// Whether the merchant has the customer's money.
    pub(crate) fn is_charged(&self) -> bool {
        self.paid_at.is_some() && !self.refunded
    }

    /// Returns the till's reference of the sale, without the attempt's number.
    pub(crate) fn sale(&self) -> &str {
        let reference = &self.made.external_ref;

        reference
            .split_once('-')
            .map_or(reference, |(sale, _)| sale)
    }

    fn expires_at(&self) -> Duration {
        self.created_at + Duration::from_secs(self.made.expiry_seconds.into())
    }

    fn advance(&mut self, now: Duration) {
        if self.word == Word::New && now >= self.expires_at() {
            self.set(Word::Expired, self.expires_at());
        }
    }

    fn set(&mut self, word: Word, now: Duration) {
        self.word = word;
        self.updated_at = now;
    }

    fn void(&mut self, now: Duration) -> Result<Activity, Failure> {
        let kind = match self.word {
            Word::New => {
                self.set(Word::Cancelled, now);

                ActivityKind::Cancellation
            }
            Word::Paid if self.refunded => return Err(refused("ALREADY_REFUNDED")),
            Word::Paid => {
                self.refunded = true;
                self.updated_at = now;

                ActivityKind::Refund
            }
            Word::Expired => return Err(refused("REQUEST_EXPIRED")),
            Word::Cancelled => return Err(refused("REQUEST_CANCELLED")),
        };

        Ok(Activity::of_kind(kind))
    }

    fn activities(&self) -> Vec<Activity> {
        let refund = self.refunded.then_some(ActivityKind::Refund);

        [ActivityKind::Other(Text::clean("request"))]
            .into_iter()
            .chain(refund)
            .map(Activity::of_kind)
            .collect()
    }

    fn described(&self, number: usize, now: Duration) -> PaymentRequest {
        let id = id(number);

        PaymentRequest {
            short_code: None,
            url: PayUrl::parse(&format!("https://app.centrapay.com/pay/{id}")),
            id,
            value: Some(self.made.amount),
            status: match self.word {
                Word::New => Status::New,
                Word::Paid => Status::Paid,
                Word::Expired => Status::Expired,
                Word::Cancelled => Status::Cancelled,
            },
            liveness: Some(Liveness::Main),
            external_ref: Some(ExternalRef::new(&self.made.external_ref)),
            config_id: Some(ConfigId::new(&self.made.config_id)),
            merchant_name: None,
            validity: Some(self.expires_at() - self.created_at),
            time_left: Some(self.expires_at().saturating_sub(now)),
            age: Some(now - self.created_at),
            created_at: None,
            expires_at: None,
            updated_at: i64::try_from(self.updated_at.as_millis()).ok(),
            remaining: None,
            conditions: Vec::new(),
            paid_by: Vec::new(),
            cancellation_reason: (self.word == Word::Cancelled)
                .then_some(CancellationReason::CancelledByMerchant),
        }
    }
}

impl Platform {
    pub(crate) fn new(limit: u32) -> Self {
        Self {
            limit: RateLimit::new(limit),
            began: Instant::now(),
            requests: Vec::new(),
        }
    }

    pub(crate) fn answer(&mut self, call: Call, now: Duration) -> Answer {
        let admitted =
            self.limit
                .admit(KEY, self.began + now)
                .map_err(|seconds| Failure::Throttled {
                    retry_after: Some(Duration::from_secs(seconds.min(LONGEST_RETRY_AFTER))),
                });
        match call {
            Call::Create(made) => Answer::Created(admitted.map(|()| self.create(made, now))),
            Call::Read(id, ask) => Answer::Read(
                ask,
                admitted.map(|()| {
                    let number = number(id.as_str());

                    self.request(number, now).described(number, now)
                }),
            ),
            Call::Void(id) => Answer::Voided(
                admitted.and_then(|()| self.request(number(id.as_str()), now).void(now)),
            ),
            Call::List(id) => Answer::Listed(
                admitted.map(|()| self.request(number(id.as_str()), now).activities()),
            ),
        }
    }

    /// Pays a request if it is open. Calls of phones do not count against the limit.
    pub(crate) fn pay(&mut self, number: usize, now: Duration) {
        let request = self.request(number, now);
        if request.word == Word::New {
            request.set(Word::Paid, now);
            request.paid_at = Some(now);
        }
    }

    /// Returns the number of calls that the limit refused.
    pub(crate) fn refused(&self) -> u64 {
        self.limit.refused()
    }

    pub(crate) fn request(&mut self, number: usize, now: Duration) -> &mut Request {
        let request = &mut self.requests[number];
        request.advance(now);

        request
    }

    fn create(&mut self, made: NewRequest, now: Duration) -> PaymentRequest {
        let request = Request {
            made,
            created_at: now,
            updated_at: now,
            word: Word::New,
            paid_at: None,
            refunded: false,
        };
        let described = request.described(self.requests.len(), now);
        self.requests.push(request);

        described
    }
}

fn id(number: usize) -> RequestId {
    RequestId::new(&format!("R{number}")).unwrap()
}

/// Returns the index of a request in the list.
pub(crate) fn number(id: &str) -> usize {
    id.strip_prefix('R').unwrap().parse().unwrap()
}

fn refused(code: &str) -> Failure {
    Failure::Refused(Refusal {
        status: 403,
        code: Text::clean(code),
        reason: None,
    })
}
