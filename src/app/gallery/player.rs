//! Plays a sale with the real state machine. Local jobs succeed at once, and each answer of the platform is given
//! explicitly.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use crate::config::Config;
use crate::domain::basket::Basket;
use crate::domain::money::{Amount, Currency};
use crate::domain::order::{Order, Particulars};
use crate::domain::payment::{
    ConfigId, Failure, Liveness, PayUrl, PaymentRequest, RequestId, Status, Text,
};
use crate::qr::Code;
use crate::sale::{
    Ask, Command, Earlier, Effect, Event, Fact, Job, Known, Mark, Moment, Recollection, Rules,
    Sale, Standing, State, Timer, Timing, Wakeup,
};

const ID: &str = "MhocUmpxxmgdHjr7DgKoKw";
const VALIDITY: Duration = Duration::from_secs(120);

/// The configuration of a shop with one merchant.
pub(super) const CONFIG: &str = "[merchants.cafe]\nconfig-id = \"5ee168e8597be5002af7b454\"\n\
                                 name = \"Centrapay Café\"\n";

/// A sale with its clock.
pub(super) struct Player {
    pub(super) sale: Sale,
    pub(super) now: Moment,
    open: Vec<Earlier>,
    /// The record whose writing fails because the disk is full.
    full_at: Option<Mark>,
}

pub(super) fn config(text: &str) -> Config {
    Config::from_str(text, Path::new("gallery.toml")).unwrap()
}

pub(super) fn nzd(minor: u64) -> Amount {
    Amount::from_minor(minor, Currency::NZD)
}

pub(super) fn order(minor: u64) -> Order {
    let config = config(CONFIG);
    let (key, merchant) = config.merchant(None).unwrap();

    Order {
        amount: nzd(minor),
        merchant_key: key.clone(),
        merchant: merchant.clone(),
        reference: "A1-2047".to_owned(),
        token: Some("t0k3n".to_owned()),
        handover: None,
        operator: None,
        particulars: Particulars::default().into(),
        patron_code: None,
    }
}

/// A new request, as the platform returns it.
pub(super) fn request(minor: u64) -> PaymentRequest {
    PaymentRequest {
        id: RequestId::new(ID).unwrap(),
        short_code: Some(Text::clean("CP-C7F-ZS5")),
        url: PayUrl::parse(&format!("https://app.centrapay.com/pay/{ID}")),
        value: Some(nzd(minor)),
        status: Status::New,
        liveness: Some(Liveness::Main),
        config_id: Some(ConfigId::new("5ee168e8597be5002af7b454")),
        external_ref: None,
        merchant_name: None,
        validity: Some(VALIDITY),
        time_left: Some(VALIDITY),
        age: Some(Duration::ZERO),
        created_at: None,
        expires_at: None,
        updated_at: None,
        remaining: None,
        conditions: Vec::new(),
        paid_by: Vec::new(),
        cancellation_reason: None,
    }
}

/// An attempt of this order that an earlier launch left.
pub(super) fn earlier(order: Order, attempt: u32, standing: Standing) -> Earlier {
    Earlier {
        order,
        attempt,
        base_url: config(CONFIG).api.base_url.to_string(),
        request: Some(Known {
            id: RequestId::new("Ve1Jj5H8kqD3gTeq3Yt9Wx").unwrap(),
            short_code: Some(Text::clean("CP-W8M-KJH")),
            payload: format!("https://app.centrapay.com/pay/{ID}"),
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

impl Player {
    /// Starts with these open attempts of earlier launches.
    pub(super) fn new(open: Vec<Earlier>) -> Self {
        let config = config(CONFIG);

        Self {
            sale: Sale::new(Rules::from(&config), Timing::from(&config)),
            now: Moment::default(),
            open,
            full_at: None,
        }
    }

    /// Starts a sale of this amount.
    pub(super) fn selling(minor: u64) -> Self {
        Self::new(Vec::new()).asked(Command::Start(order(minor)))
    }

    /// Starts a sale with a list of items.
    pub(super) fn selling_items(items: &str) -> Self {
        let basket = Basket::parse(items).unwrap();
        let minor = u64::try_from(basket.sum()).unwrap();
        let mut order = order(minor);
        order.particulars = Arc::new(Particulars {
            basket,
            ..Particulars::default()
        });

        Self::new(Vec::new()).asked(Command::Start(order))
    }

    /// Starts a sale and shows its code.
    pub(super) fn showing(minor: u64) -> Self {
        let mut player = Self::selling(minor).created(Ok(request(minor)));
        player.happens(Fact::Shown);
        assert!(matches!(player.sale.state(), State::Presenting(_)));

        player
    }

    /// Makes the writing of this record fail.
    pub(super) fn with_a_disk_that_is_full_at(mut self, mark: Mark) -> Self {
        self.full_at = Some(mark);

        self
    }

    pub(super) fn asked(mut self, command: Command) -> Self {
        self.handle(Event::Asked(command));

        self
    }

    pub(super) fn created(mut self, answer: Result<PaymentRequest, Failure>) -> Self {
        let (sent_at, at) = (self.now, self.now);
        self.happens(Fact::Created {
            sent_at,
            at,
            answer,
        });

        self
    }

    /// Sends a poll, which gets this answer.
    pub(super) fn polled(mut self, answer: Result<PaymentRequest, Failure>) -> Self {
        self.wakes(Timer::Poll);

        self.read(Ask::Poll, answer)
    }

    pub(super) fn read(mut self, ask: Ask, answer: Result<PaymentRequest, Failure>) -> Self {
        let at = self.now;
        self.happens(Fact::Read(ask, at, answer));

        self
    }

    pub(super) fn later(mut self, seconds: u64) -> Self {
        self.now = self.now.plus(Duration::from_secs(seconds));

        self
    }

    pub(super) fn woken(mut self, timer: Timer) -> Self {
        self.wakes(timer);

        self
    }

    pub(super) fn with(mut self, fact: Fact) -> Self {
        self.happens(fact);

        self
    }

    fn wakes(&mut self, timer: Timer) {
        let at = self.now;
        self.happens(Fact::Woke(timer, Wakeup { at, slept: false }));
    }

    fn happens(&mut self, fact: Fact) {
        let round = self.sale.round();
        self.handle(Event::Happened { round, fact });
    }

    fn handle(&mut self, event: Event) {
        for effect in self.sale.handle(event) {
            if let Effect::Run { round, job } = effect
                && let Some(fact) = self.done(job)
            {
                self.handle(Event::Happened { round, fact });
            }
        }
    }

    /// Returns the result of a local job.
    fn done(&self, job: Job) -> Option<Fact> {
        match job {
            Job::Recall { .. } => Some(Fact::Recalled(Ok(Recollection {
                taken: Vec::new(),
                attempts: self.open.iter().map(|left| left.attempt).max().unwrap_or(0),
                open: self.open.clone(),
            }))),
            Job::Record { record, .. } => Some(if Some(record.mark()) == self.full_at {
                Fact::NotRecorded(record.mark(), "the disk is full".to_owned())
            } else {
                Fact::Recorded(record.mark())
            }),
            Job::Encode(payload) => Some(Fact::Encoded(
                Code::proven(&payload)
                    .map(Arc::new)
                    .map_err(|error| error.to_string()),
            )),
            _ => None,
        }
    }
}
