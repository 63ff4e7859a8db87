//! The state machine by itself: everything that it decides in a sale, and in a poll.

use std::sync::Arc;
use std::time::Duration;

use criterion::Criterion;
use patron_display::config::{Merchant, MerchantKey, PayHost, QrContent};
use patron_display::money::{Amount, Currency};
use patron_display::payment::{
    ConfigId, Liveness, PaidBy, PayUrl, PaymentRequest, RequestId, Status, Text,
};
use patron_display::qr::Code;
use patron_display::sale::{
    Ask, Command, Effect, Event, Fact, Mark, Moment, Order, Recollection, Rules, Sale, State,
    Timer, Timing,
};
use url::Url;

const URL: &str = "https://app.centrapay.com/pay/MhocUmpxxmgdHjr7DgKoKw";
const CONFIG_ID: &str = "5ee168e8597be5002af7b454";

pub(crate) fn benches(criterion: &mut Criterion) {
    let code = Arc::new(Code::proven(URL).expect("a code"));
    let mut group = criterion.benchmark_group("sale");
    group.bench_function("from the order to paid", |bencher| {
        bencher.iter(|| {
            let mut sale = shown(&code);
            poll(&mut sale, Status::Paid);
            happen(&mut sale, Fact::Recorded(Mark::Verdict));
            assert!(matches!(sale.state(), State::Ended(_)));

            sale
        });
    });
    let mut standing = shown(&code);
    group.bench_function("a poll", |bencher| {
        bencher.iter(|| poll(&mut standing, Status::New));
    });
    assert!(matches!(standing.state(), State::Presenting(_)));
    group.finish();
}

/// A sale whose code is on the screen.
fn shown(code: &Arc<Code>) -> Sale {
    let mut sale = Sale::new(rules(), timing());
    sale.handle(Event::Asked(Command::Start(order())));
    for fact in [
        Fact::Recalled(Ok(Recollection::default())),
        Fact::Recorded(Mark::Intent),
        Fact::Created {
            sent_at: Moment::default(),
            at: Moment::default(),
            answer: Ok(request(Status::New)),
        },
        Fact::Recorded(Mark::Created),
        Fact::Encoded(Ok(Arc::clone(code))),
        Fact::Recorded(Mark::Shown),
        Fact::Shown,
    ] {
        happen(&mut sale, fact);
    }
    assert!(matches!(sale.state(), State::Presenting(_)));

    sale
}

fn poll(sale: &mut Sale, status: Status) -> Vec<Effect> {
    let at = Moment::after_start(Duration::from_secs(1));
    let asked = happen(
        sale,
        Fact::Woke {
            timer: Timer::Poll,
            at,
            slept: false,
        },
    );
    assert_eq!(asked.len(), 1, "a read: {asked:?}");

    happen(
        sale,
        Fact::Read {
            ask: Ask::Poll,
            at,
            answer: Ok(request(status)),
        },
    )
}

fn happen(sale: &mut Sale, fact: Fact) -> Vec<Effect> {
    let round = sale.round();

    sale.handle(Event::Happened { round, fact })
}

fn rules() -> Rules {
    Rules {
        base_url: Url::parse("https://service.centrapay.com").expect("a url"),
        pay_hosts: vec![PayHost {
            host: "app.centrapay.com".to_owned(),
            port: None,
        }],
        content: QrContent::PaymentUrl,
    }
}

fn timing() -> Timing {
    Timing {
        close_after: Duration::from_secs(8),
        leave_after: None,
        counters: 1,
        reference_lifetime: Duration::from_secs(30 * 24 * 60 * 60),
    }
}

fn order() -> Order {
    Order {
        amount: nzd(1250),
        merchant_key: MerchantKey::new("cafe"),
        merchant: Merchant {
            config_id: CONFIG_ID.to_owned(),
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
        particulars: Arc::default(),
        patron_code: None,
    }
}

fn request(status: Status) -> PaymentRequest {
    let paid = PaidBy {
        description: Text::clean("Centrapay NZD"),
        total: Some(nzd(1250)),
        ..PaidBy::default()
    };

    PaymentRequest {
        id: RequestId::new("MhocUmpxxmgdHjr7DgKoKw").expect("an id"),
        short_code: Some(Text::clean("CP-C7F-ZS5")),
        url: PayUrl::parse(URL),
        value: Some(nzd(1250)),
        liveness: Some(Liveness::Main),
        external_ref: None,
        config_id: Some(ConfigId::new(CONFIG_ID)),
        merchant_name: Some(Text::clean("Centrapay Café")),
        validity: Some(Duration::from_secs(120)),
        time_left: Some(Duration::from_secs(119)),
        age: Some(Duration::from_secs(1)),
        created_at: None,
        expires_at: Some(Text::clean("2021-06-08T04:06:27.426Z")),
        updated_at: Some(1_623_125_067_426),
        remaining: None,
        conditions: Vec::new(),
        paid_by: if status == Status::Paid {
            vec![paid]
        } else {
            Vec::new()
        },
        status,
        cancellation_reason: None,
    }
}

fn nzd(minor: u64) -> Amount {
    Amount::from_minor(minor, Currency::NZD)
}
