//! In a shop with test money, every screen shows the banner that says so.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use iced::keyboard::key;
use patron_display::domain::money::{Amount, Currency};
use patron_display::domain::payment::{
    Condition, ConditionId, ConditionStatus, Failure, Liveness, PaidBy, PayUrl, PaymentRequest,
    Refusal, Status, Text, Unsent,
};
use patron_display::qr::Code;
use patron_display::sale::{Ask, Ending, Fact, Mark, Moment, Standing, State, Timer, Void};

use crate::screens::scene::{self, REQUEST, Scene};
use crate::screens::{NEXT, OWN, SIZE, ended, paid, unknown};
use crate::support::words;

const SAYS: &str = "TEST: no real money moves";

fn request(status: Status) -> PaymentRequest {
    PaymentRequest {
        url: PayUrl::parse(&format!("http://127.0.0.1:9/pay/{REQUEST}")),
        value: Some(Amount::from_minor(1250, Currency::NZD)),
        liveness: Some(Liveness::Test),
        validity: Some(Duration::from_secs(120)),
        time_left: Some(Duration::from_secs(120)),
        ..scene::request(status)
    }
}

fn created(answer: Result<PaymentRequest, Failure>) -> Fact {
    let at = Moment::default();

    Fact::Created {
        sent_at: at,
        at,
        answer,
    }
}

fn refusal() -> Refusal {
    Refusal {
        status: 403,
        code: Text::clean("FORBIDDEN"),
        reason: None,
    }
}

/// Starts a sale whose creates fail in these ways, one after another.
async fn creating(answers: impl IntoIterator<Item = Failure>) -> Scene {
    let mut scene = Scene::new(SIZE, OWN, None).await;
    scene.recalls(Vec::new());
    scene.happens(Fact::Recorded(Mark::Intent));
    for answer in answers {
        scene.happens(created(Err(answer)));
        if matches!(scene.state(), State::Creating(creating) if creating.pause().is_some()) {
            scene.wakes(Timer::Recreate);
        }
    }

    scene
}

async fn paused(failure: Failure) -> Scene {
    let mut scene = creating([]).await;
    scene.happens(created(Err(failure)));

    scene
}

async fn presenting() -> Scene {
    let mut scene = creating([]).await;
    scene.happens(created(Ok(request(Status::New))));
    scene.happens(Fact::Recorded(Mark::Created));
    let code = Code::proven("http://127.0.0.1:9/pay").unwrap();
    scene.happens(Fact::Encoded(Ok(Arc::new(code))));
    scene.happens(Fact::Recorded(Mark::Shown));
    assert!(matches!(scene.state(), State::Presenting(_)));

    scene
}

async fn polled(request: PaymentRequest) -> Scene {
    let mut scene = presenting().await;
    scene.happens(Fact::Read(Ask::Poll, Moment::default(), Ok(request)));

    scene
}

/// Shows an earlier attempt with this standing: of the asked sale if `own`, otherwise of another sale.
async fn left(own: bool, standing: Standing) -> Scene {
    let mut scene = Scene::new(SIZE, if own { OWN } else { NEXT }, None).await;
    let left = if own {
        scene.own(standing)
    } else {
        scene.earlier(standing)
    };
    scene.recalls(vec![left]);

    scene
}

fn part_paid() -> Ending {
    Ending::PartPaid {
        by: Vec::new(),
        remaining: Amount::from_minor(500, Currency::NZD),
    }
}

/// Returns a scene for each screen before the ending of a sale.
async fn on_the_way() -> Vec<Scene> {
    let condition = Condition {
        id: ConditionId::new("1"),
        message: Text::clean("Is the customer over 18?"),
        status: ConditionStatus::AwaitingMerchant,
    };
    let voucher = PaidBy {
        description: Text::clean("Voucher"),
        total: None,
        ..PaidBy::default()
    };
    let mut entry = Scene::new(SIZE, None, None).await;
    entry.recalls(Vec::new());
    let mut cancelled = creating([]).await;
    cancelled.presses(key::Named::Escape);
    let mut settling = presenting().await;
    settling.wakes(Timer::Deadline);
    let mut voiding = presenting().await;
    voiding.is_read().await;
    voiding.presses(key::Named::Escape);

    vec![
        Scene::new(SIZE, None, None).await,
        entry,
        Scene::new(SIZE, OWN, None).await,
        creating([]).await,
        cancelled,
        paused(Failure::NotSent(Unsent::Refused)).await,
        paused(Failure::Throttled { retry_after: None }).await,
        presenting().await,
        settling,
        polled(PaymentRequest {
            conditions: vec![condition],
            ..request(Status::New)
        })
        .await,
        polled(PaymentRequest {
            paid_by: vec![voucher],
            ..request(Status::New)
        })
        .await,
        left(true, Standing::Payable(Void::NotSent)).await,
        left(false, Standing::Payable(Void::NotSent)).await,
        left(true, Standing::Watched(Void::NotSent)).await,
        voiding,
        left(false, Standing::Payable(Void::Answered)).await,
    ]
}

/// Returns the scenes of each ending.
async fn endings() -> Vec<Scene> {
    let mut screens = Vec::new();
    for ending in [
        paid(),
        part_paid(),
        Ending::RefundStarted,
        Ending::unknown(),
    ] {
        for (own, late) in [(true, false), (true, true), (false, false), (false, true)] {
            screens.push(left(own, ended(ending.clone(), late)).await);
        }
    }
    for status in [Status::Paid, Status::Expired, Status::Cancelled] {
        screens.push(polled(request(status)).await);
    }
    screens.push(creating([Failure::Refused(refusal())]).await);
    screens.push(creating([Failure::Unauthorised(refusal())]).await);
    let unreachable = std::array::from_fn::<_, 3, _>(|_| Failure::NotSent(Unsent::Refused));
    screens.push(creating(unreachable).await);
    let mut naming = unknown(None).await;
    naming.types("h");
    let mut settled = unknown(Some("Mere")).await;
    settled.types("h");
    settled.presses(key::Named::Enter);
    screens.extend([naming, settled]);
    for screen in &screens {
        assert!(
            matches!(screen.state(), State::Ended(_)),
            "{:?}",
            screen.state()
        );
    }

    screens
}

/// Returns the name of the state or of the ending.
fn name(state: &State) -> &'static str {
    match state {
        State::Entry => "entry",
        State::Recalling => "recalling",
        State::Rechecking(_) => "rechecking",
        State::Creating(_) => "creating",
        State::Presenting(_) => "presenting",
        State::Waiting(_) => "waiting",
        State::Voiding(_) => "voiding",
        State::Ended(ended) => ended.ending().name(),
    }
}

#[tokio::test]
async fn f53_test_money_is_on_every_screen() {
    let mut seen = BTreeSet::new();
    for scene in on_the_way().await.into_iter().chain(endings().await) {
        let words = words::on(scene.display.display(), SIZE).await;
        assert!(words.contains(SAYS), "{:?}: {words}", scene.state());
        seen.insert(name(scene.state()));
    }
    let all = [
        "entry",
        "recalling",
        "rechecking",
        "creating",
        "presenting",
        "waiting",
        "voiding",
        "paid",
        "part-paid",
        "refund-started",
        "unknown",
        "expired",
        "cancelled",
        "rejected",
        "unreachable",
    ];
    assert_eq!(seen, BTreeSet::from(all), "every screen was looked at");
}

#[tokio::test]
async fn f53_real_money_has_no_test_banner() {
    let scene = Scene::live(SIZE, OWN).await;
    let words = words::on(scene.display.display(), SIZE).await;
    assert!(!words.contains(SAYS), "{words}");
}
