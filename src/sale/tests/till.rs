use std::sync::{Arc, LazyLock};
use std::time::Duration;

use url::Url;

use crate::config::{Merchant, MerchantKey, PayHost, QrContent};
use crate::money::{Amount, Currency};
use crate::payment::{
    Activity, ActivityKind, CancellationReason, ConfigId, Failure, Liveness, PayUrl,
    PaymentRequest, Refusal, RequestId, Status, Text, Unsent,
};
use crate::qr::Code;
use crate::sale::{
    Announcement, Ask, Command, Delay, Earlier, Effect, Ending, Event, Fact, Job, Known, Mark,
    Moment, Order, Recollection, Record, Round, Rules, Sale, Standing, State, Timer, Timing,
};

pub(super) const ID: &str = "MhocUmpxxmgdHjr7DgKoKw";
pub(super) const URL: &str = "https://app.centrapay.com/pay/MhocUmpxxmgdHjr7DgKoKw";

/// A sale whose surroundings are played by hand. What the machine asked for is kept until a test
/// looks at it.
pub(super) struct Till {
    pub(super) sale: Sale,
    /// What was asked for in the present round.
    pub(super) jobs: Vec<Job>,
    /// What was asked for beside it, or in a round that is over.
    pub(super) beside: Vec<(Round, Job)>,
    pub(super) told: Vec<Announcement>,
    pub(super) exits: Vec<u8>,
}

impl Till {
    pub(super) fn rules() -> Rules {
        Rules {
            base_url: Url::parse("https://service.centrapay.com").unwrap(),
            pay_hosts: vec![PayHost {
                host: "app.centrapay.com".to_owned(),
                port: None,
            }],
            content: QrContent::PaymentUrl,
        }
    }

    pub(super) fn timing() -> Timing {
        Timing {
            close_after: Duration::from_secs(8),
            leave_after: None,
            counters: 1,
            reference_lifetime: Duration::from_secs(30 * 24 * 60 * 60),
        }
    }

    pub(super) fn new() -> Self {
        Self {
            sale: Sale::new(Self::rules(), Self::timing()),
            jobs: Vec::new(),
            beside: Vec::new(),
            told: Vec::new(),
            exits: Vec::new(),
        }
    }

    /// Starts the sale where earlier launches have left nothing.
    pub(super) fn start(&mut self) {
        self.start_after(Recollection::default());
    }

    /// Starts the sale where earlier launches have left this.
    pub(super) fn start_after(&mut self, recollection: Recollection) {
        self.ask(Command::Start(order()));
        assert!(matches!(
            self.take_jobs().as_slice(),
            [Job::Recall { sale: Some(_) }]
        ));
        self.happen(Fact::Recalled(Ok(recollection)));
    }

    /// A sale whose create is under way.
    pub(super) fn asking() -> Self {
        let mut till = Self::new();
        till.start();
        till.recorded(Mark::Intent);
        assert!(matches!(till.take_jobs().as_slice(), [Job::Create(_)]));

        till
    }

    /// A sale whose code is on the screen.
    pub(super) fn presenting() -> Self {
        let mut till = Self::asking();
        till.show_code();
        assert!(matches!(till.sale.state(), State::Presenting(_)));
        till.jobs.clear();
        till.told.clear();

        till
    }

    /// Its create is answered, and its code comes to the screen.
    pub(super) fn show_code(&mut self) {
        self.created(Ok(request(Status::New)));
        self.recorded(Mark::Created);
        self.encoded();
        self.recorded(Mark::Shown);
        self.happen(Fact::Shown);
    }

    /// A code that was cancelled, and its void is on its way.
    pub(super) fn voiding() -> Self {
        let mut till = Self::presenting();
        till.ask(Command::Cancel);
        till.recorded(Mark::Voiding);

        till
    }

    /// A shown sale whose void was answered by `answer`, and which is being read.
    pub(super) fn voided(answer: Result<Activity, Failure>) -> Self {
        let mut till = Self::voiding();
        till.happen(Fact::Voided(answer));
        till.jobs.clear();

        till
    }

    pub(super) fn ask(&mut self, command: Command) {
        let effects = self.sale.handle(Event::Asked(command));
        self.take_in(effects);
    }

    /// A fact for the current attempt.
    pub(super) fn happen(&mut self, fact: Fact) {
        self.happen_in(self.sale.round(), fact);
    }

    pub(super) fn happen_in(&mut self, round: Round, fact: Fact) {
        let effects = self.sale.handle(Event::Happened { round, fact });
        self.take_in(effects);
    }

    fn take_in(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            match effect {
                Effect::Run { round, job } if round == self.sale.round() => self.jobs.push(job),
                Effect::Run { round, job } => self.beside.push((round, job)),
                Effect::Announce(announcement) => self.told.push(announcement),
                Effect::Exit(code) => self.exits.push(code),
            }
        }
    }

    pub(super) fn recorded(&mut self, mark: Mark) {
        let asked = self
            .jobs
            .iter()
            .any(|job| matches!(job, Job::Record { record, .. } if record.mark() == mark));
        assert!(asked, "{mark:?} was not asked for: {:?}", self.jobs);
        self.jobs
            .retain(|job| !matches!(job, Job::Record { record, .. } if record.mark() == mark));
        self.happen(Fact::Recorded(mark));
    }

    pub(super) fn created(&mut self, answer: Result<PaymentRequest, Failure>) {
        self.happen(Fact::Created {
            sent_at: Moment::default(),
            at: Moment::default(),
            answer,
        });
    }

    pub(super) fn encoded(&mut self) {
        self.happen(Fact::Encoded(Ok(code())));
    }

    pub(super) fn polled(&mut self, answer: Result<PaymentRequest, Failure>) {
        self.read(Ask::Poll, answer);
    }

    pub(super) fn read(&mut self, ask: Ask, answer: Result<PaymentRequest, Failure>) {
        self.happen(Fact::Read {
            ask,
            at: Moment::default(),
            answer,
        });
    }

    pub(super) fn wake(&mut self, timer: Timer) {
        self.wake_at(timer, Moment::default());
    }

    pub(super) fn wake_at(&mut self, timer: Timer, at: Moment) {
        self.happen(Fact::Woke {
            timer,
            at,
            slept: false,
        });
    }

    /// The platform answers neither the three voids nor the three reads after them.
    pub(super) fn void_and_reads_are_lost(&mut self) {
        self.recorded(Mark::Voiding);
        for _ in 0..2 {
            self.happen(Fact::Voided(Err(lost())));
            self.wake(Timer::Revoid);
        }
        self.happen(Fact::Voided(Err(lost())));
        for _ in 0..2 {
            self.read(Ask::Verdict, Err(lost()));
            self.wake(Timer::Revoid);
        }
        self.read(Ask::Verdict, Err(lost()));
    }

    pub(super) fn take_jobs(&mut self) -> Vec<Job> {
        std::mem::take(&mut self.jobs)
    }

    pub(super) fn ending(&self) -> &Ending {
        match self.sale.state() {
            State::Ended(ended) => ended.ending(),
            state => panic!("not ended: {state:?}"),
        }
    }

    pub(super) fn asked_for(&self, wanted: impl Fn(&Job) -> bool) -> bool {
        self.jobs.iter().any(wanted)
    }

    pub(super) fn wakes_for(&self, wanted: Timer) -> Option<Delay> {
        self.jobs.iter().find_map(|job| match job {
            Job::Wake { timer, delay } if *timer == wanted => Some(*delay),
            _ => None,
        })
    }
}

/// Proving a code takes a while, so it is always the same one.
pub(super) fn code() -> Arc<Code> {
    static CODE: LazyLock<Arc<Code>> = LazyLock::new(|| Arc::new(Code::proven(URL).unwrap()));

    Arc::clone(&CODE)
}

pub(super) fn nzd(minor: u64) -> Amount {
    Amount::from_minor(minor, Currency::NZD)
}

pub(super) fn order() -> Order {
    Order {
        amount: nzd(1250),
        merchant_key: MerchantKey::new("cafe"),
        merchant: Merchant {
            config_id: "5ee168e8597be5002af7b454".to_owned(),
            name: "Centrapay Café".to_owned(),
            currency: Currency::NZD,
            liveness: Liveness::Main,
            expiry_seconds: 120,
            account_id: None,
        },
        reference: "A1".to_owned(),
        token: Some("t0k3n".to_owned()),
        handover: None,
        operator: None,
        particulars: crate::sale::Particulars::default().into(),
        patron_code: None,
    }
}

/// A request that fits [`order`].
pub(super) fn request(status: Status) -> PaymentRequest {
    PaymentRequest {
        id: RequestId::new(ID).unwrap(),
        short_code: Some(Text::clean("CP-C7F-ZS5")),
        url: PayUrl::parse(URL),
        value: Some(nzd(1250)),
        status,
        liveness: Some(Liveness::Main),
        external_ref: None,
        config_id: Some(ConfigId::new("5ee168e8597be5002af7b454")),
        merchant_name: None,
        validity: Some(Duration::from_secs(120)),
        time_left: Some(Duration::from_secs(100)),
        age: Some(Duration::from_secs(20)),
        created_at: None,
        expires_at: None,
        updated_at: None,
        remaining: None,
        conditions: Vec::new(),
        paid_by: Vec::new(),
        cancellation_reason: None,
    }
}

pub(super) fn cancelled_by(reason: CancellationReason) -> PaymentRequest {
    PaymentRequest {
        cancellation_reason: Some(reason),
        ..request(Status::Cancelled)
    }
}

pub(super) fn refused(status: u16, code: &str) -> Failure {
    let refusal = Refusal {
        status,
        code: Text::clean(code),
        reason: None,
    };

    if status == 401 {
        Failure::Unauthorised(refusal)
    } else {
        Failure::Refused(refusal)
    }
}

pub(super) fn lost() -> Failure {
    Failure::Ambiguous(Text::clean("no answer in time"))
}

pub(super) fn unsent() -> Failure {
    Failure::NotSent(Unsent::Refused)
}

/// An activity of [`request`], about all of its money.
pub(super) fn activity(kind: ActivityKind) -> Activity {
    Activity {
        request: RequestId::new(ID),
        value: Some(nzd(1250)),
        ..Activity::of_kind(kind)
    }
}

pub(super) fn is_create(job: &Job) -> bool {
    matches!(job, Job::Create(_))
}

pub(super) fn is_void(job: &Job) -> bool {
    matches!(job, Job::Void(_))
}

pub(super) fn is_poll(job: &Job) -> bool {
    matches!(job, Job::Read { ask: Ask::Poll, .. })
}

pub(super) fn is_record(job: &Job, mark: Mark) -> bool {
    matches!(job, Job::Record { record, .. } if record.mark() == mark)
}

/// The id that a void was recorded for before it was sent.
pub(super) fn voided_ids(jobs: &[Job]) -> Vec<&str> {
    jobs.iter()
        .filter_map(|job| match job {
            Job::Record {
                record: Record::Voiding { id },
                ..
            } => Some(id.as_str()),
            _ => None,
        })
        .collect()
}

/// An attempt that an earlier launch of [`order`] left behind.
pub(super) fn left(standing: Standing) -> Earlier {
    Earlier {
        order: order(),
        attempt: 1,
        base_url: "https://service.centrapay.com/".to_owned(),
        request: Some(Known {
            id: RequestId::new(ID).unwrap(),
            short_code: Some(Text::clean("CP-C7F-ZS5")),
            payload: URL.to_owned(),
            time_left: Duration::ZERO,
        }),
        age: None,
        is_over: false,
        closed_by: None,
        had_money: false,
        unpaid: None,
        settled_at: None,
        patron_presented: false,
        standing,
    }
}

/// An attempt of another sale that an earlier launch left behind.
pub(super) fn left_of_another_sale(standing: Standing) -> Earlier {
    let mut earlier = left(standing);
    earlier.order.reference = "Z9".to_owned();

    earlier
}

pub(super) fn recalled(earlier: Earlier) -> Recollection {
    Recollection {
        taken: Vec::new(),
        attempts: u32::from(earlier.order.reference == order().reference),
        open: vec![earlier],
    }
}

pub(super) fn is_read(job: &Job) -> bool {
    matches!(job, Job::Read { .. })
}
