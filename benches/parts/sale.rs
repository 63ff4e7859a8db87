//! Measures the state machine alone, for a whole sale and for one poll.

use std::sync::Arc;
use std::time::Duration;

use criterion::Criterion;
use patron_display::domain::money::{Amount, Currency};
use patron_display::domain::payment::{
    ConfigId, Liveness, PaidBy, PayUrl, PaymentRequest, RequestId, Status, Text,
};
use patron_display::qr::Code;
use patron_display::sale::{
    Ask, Command, Effect, Event, Fact, Mark, Moment, Recollection, Rules, Sale, State, Timer,
    Timing, Wakeup,
};

use crate::{api, long_journal};

const URL: &str = "https://app.centrapay.com/pay/MhocUmpxxmgdHjr7DgKoKw";
const CONFIG_ID: &str = "5ee168e8597be5002af7b454";

pub(crate) fn benches(criterion: &mut Criterion) {
    let code = Arc::new(Code::proven(URL).expect("a code"));
    let config = api::config("https://service.centrapay.com");
    let blank = Sale::new(Rules::from(&config), Timing::from(&config));
    let mut group = criterion.benchmark_group("sale");
    group.bench_function("from the order to paid", |bencher| {
        bencher.iter(|| {
            let mut sale = shown(blank.clone(), &code);
            poll(&mut sale, Status::Paid);
            happen(&mut sale, Fact::Recorded(Mark::Verdict));
            assert!(matches!(sale.state(), State::Ended(_)));

            sale
        });
    });
    let mut presenting = shown(blank.clone(), &code);
    group.bench_function("a poll", |bencher| {
        bencher.iter(|| poll(&mut presenting, Status::New));
    });
    assert!(matches!(presenting.state(), State::Presenting(_)));
    group.finish();
}

/// Returns a sale whose code is on the screen.
fn shown(mut sale: Sale, code: &Arc<Code>) -> Sale {
    sale.handle(Event::Asked(Command::Start(long_journal::order("A1"))));
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
    let asked = happen(sale, Fact::Woke(Timer::Poll, Wakeup { at, slept: false }));
    assert_eq!(asked.len(), 1, "a read: {asked:?}");

    happen(sale, Fact::Read(Ask::Poll, at, Ok(request(status))))
}

fn happen(sale: &mut Sale, fact: Fact) -> Vec<Effect> {
    let round = sale.round();

    sale.handle(Event::Happened { round, fact })
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
