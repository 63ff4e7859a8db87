//! One display at its counter: the real state machine, launched once a sale.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use fastrand::Rng;
use patron_display::config::{Merchant, MerchantKey, PayHost, QrContent};
use patron_display::money::{Amount, Currency};
use patron_display::payment::{Failure, Liveness};
use patron_display::qr::Code;
use patron_display::sale::{
    Accepted, Command, Delay, Ending, Event, Fact, Moment, Order, Round, Rules, Sale, State, Timing,
};
use url::Url;

use crate::journal::Journal;
use crate::people::{Draws, Wish, between};
use crate::platform::Answer;

/// The shortest wait that chance may lead to, as in `src/effects.rs`.
const SHORTEST_PAUSE: Duration = Duration::from_millis(100);

pub(crate) struct Display {
    number: usize,
    timing: Timing,
    /// `None` between two sales.
    pub(crate) sale: Option<Sale>,
    /// The sales so far, this one included.
    pub(crate) launch: u32,
    pub(crate) launched_at: Duration,
    pub(crate) journal: Journal,
    /// What becomes of the code that stands.
    pub(crate) wish: Option<Wish>,
    pub(crate) cancelled_at: Option<Duration>,
    pub(crate) create_was_refused: bool,
    pub(crate) patron: Rng,
    pub(crate) cashier: Rng,
    pub(crate) network: Rng,
    machine: Rng,
}

impl Display {
    pub(crate) fn new(number: usize, counters: u32, seed: u64) -> Self {
        Self {
            number,
            timing: Timing {
                close_after: Duration::from_secs(8),
                leave_after: None,
                counters,
                reference_lifetime: Duration::from_secs(30 * 24 * 60 * 60),
            },
            sale: None,
            launch: 0,
            launched_at: Duration::ZERO,
            journal: Journal::default(),
            wish: None,
            cancelled_at: None,
            create_was_refused: false,
            patron: Draws::Patrons.of(number, seed),
            cashier: Draws::Cashiers.of(number, seed),
            network: Draws::Network.of(number, seed),
            machine: Draws::Machine.of(number, seed),
        }
    }

    /// The program starts, and with it its clock.
    pub(crate) fn launch(&mut self, now: Duration) -> Command {
        self.launch += 1;
        self.launched_at = now;
        self.wish = None;
        self.cancelled_at = None;
        self.create_was_refused = false;
        self.sale = Some(Sale::new(rules(), self.timing));

        Command::Start(order(format!("D{}L{}", self.number, self.launch)))
    }

    pub(crate) fn is_selling(&self) -> bool {
        self.sale.is_some()
    }

    /// The program ends. Answers with what it had come to.
    pub(crate) fn leave(&mut self) -> Option<Ending> {
        match self.sale.take()?.state() {
            State::Ended(ended) => Some(ended.ending().clone()),
            _ => None,
        }
    }

    pub(crate) fn round(&self) -> Round {
        self.sale.as_ref().map(Sale::round).unwrap_or_default()
    }

    /// Whether it still stands where it stood in this round.
    pub(crate) fn is_at(&self, launch: u32, round: Round) -> bool {
        self.sale.is_some() && (self.launch, self.round()) == (launch, round)
    }

    /// An answer has come.
    pub(crate) fn note(&mut self, answer: &Answer) {
        if let Answer::Created(Err(Failure::Throttled { .. })) = answer {
            self.create_was_refused = true;
        }
    }

    /// By the program's own clock.
    pub(crate) fn moment(&self, now: Duration) -> Moment {
        Moment::after_start(now.saturating_sub(self.launched_at))
    }

    pub(crate) fn wait(&mut self, delay: Delay, now: Duration) -> Duration {
        match delay {
            Delay::For(pause) => pause,
            Delay::Until(moment) => moment.since(self.moment(now)),
            Delay::UpTo(longest) => {
                between(&mut self.machine, Duration::ZERO, longest).max(SHORTEST_PAUSE)
            }
            Delay::Between(least, most) => between(&mut self.machine, least, most),
        }
    }

    /// A code that has come up is looked at.
    pub(crate) fn frame(&self) -> Option<Event> {
        let sale = self.sale.as_ref()?;
        let is_new = matches!(sale.state(), State::Presenting(code) if !code.is_on_screen());

        is_new.then(|| Event::Happened {
            round: sale.round(),
            fact: Fact::Shown,
        })
    }

    /// The request that it has not come to an end with.
    pub(crate) fn follows(&self) -> Option<&Accepted> {
        match self.sale.as_ref()?.state() {
            State::Presenting(presenting) => Some(presenting.request()),
            State::Waiting(waiting) => Some(waiting.request()),
            State::Voiding(voiding) => Some(voiding.request()),
            State::Ended(ended) if matches!(ended.ending(), Ending::Unknown { .. }) => {
                ended.request()
            }
            _ => None,
        }
    }
}

/// The code of a request. It is the same for all, since making one takes a while and nothing here
/// depends on what it looks like.
pub(crate) fn code() -> Arc<Code> {
    static CODE: OnceLock<Arc<Code>> = OnceLock::new();
    let make = || Arc::new(Code::proven("https://app.centrapay.com/pay/R0").unwrap());

    Arc::clone(CODE.get_or_init(make))
}

fn rules() -> Rules {
    Rules {
        base_url: Url::parse("https://service.centrapay.com").unwrap(),
        pay_hosts: vec![PayHost {
            host: "app.centrapay.com".to_owned(),
            port: None,
        }],
        content: QrContent::PaymentUrl,
    }
}

fn order(reference: String) -> Order {
    Order {
        amount: Amount::from_minor(1250, Currency::NZD),
        merchant_key: MerchantKey::new("cafe"),
        merchant: Merchant {
            config_id: "5ee168e8597be5002af7b454".to_owned(),
            name: String::new(),
            currency: Currency::NZD,
            liveness: Liveness::Main,
            expiry_seconds: 120,
            account_id: None,
        },
        reference,
        token: Some("t0k3n".to_owned()),
        handover: None,
        operator: None,
        particulars: Arc::default(),
        patron_code: None,
    }
}
