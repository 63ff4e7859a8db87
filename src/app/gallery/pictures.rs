//! The screens and their names.

mod endings;

use super::player::{CONFIG, Player, config, earlier, nzd, order, request};
use super::{Create, Idle, ManualSettlement, Moment, Sale};
use crate::app::screens::{create, manual_settlement};
use crate::domain::counter::Counter;
use crate::domain::money::Amount;
use crate::domain::order::Order;
use crate::domain::payment::{
    Activity, ActivityKind, CancellationReason, Condition, ConditionId, ConditionStatus, Distrust,
    Failure, PaidBy, PaidLine, PatronCode, PaymentRequest, Refusal, Status, Text, Unsent,
};
use crate::sale::{Ask, Command, Earlier, Ending, Fact, Mark, Standing, Timer, Void};

/// The amount of most sales in the pictures.
const AMOUNT: u64 = 1250;

/// A screen to draw.
pub(in crate::app) struct Picture {
    pub(super) name: &'static str,
    pub(super) sale: Sale,
    pub(super) create: Create,
    pub(super) idle: Option<Idle>,
    pub(super) manual_settlement: Option<ManualSettlement>,
    pub(super) now: Moment,
    pub(super) busy: bool,
    pub(super) demo: bool,
    /// Whether the snapshot test compares the drawings with accepted ones.
    pub(super) is_kept: bool,
}

fn picture(name: &'static str, player: Player) -> Picture {
    Picture {
        name,
        sale: player.sale,
        create: entry(CONFIG, ""),
        idle: None,
        manual_settlement: None,
        now: player.now,
        busy: true,
        demo: false,
        is_kept: false,
    }
}

fn kept(name: &'static str, player: Player) -> Picture {
    Picture {
        is_kept: true,
        ..picture(name, player)
    }
}

fn entry(text: &str, typed: &str) -> Create {
    let config = config(text);
    let mut entry = Create::new(Counter {
        merchants: config.merchants,
        default_merchant: config.default_merchant,
        reference: Some("A1-2047".to_owned()),
        operator: None,
        particulars: crate::domain::order::Particulars::default().into(),
        patron_code: None,
        handover: None,
        external_ref: crate::domain::merchant::ReferenceForm::Unique,
        part_payments: false,
    });
    for character in typed.chars() {
        entry.update(match character {
            '\n' => create::EntryMessage::Confirmed,
            'B' => create::EntryMessage::PatronCode,
            character => create::EntryMessage::Typed(character),
        });
    }

    entry
}

/// Builds a create screen into which a scanner has typed these digits.
fn scanned(typed: &str, digits: &str) -> Create {
    let mut entry = entry(CONFIG, &format!("{typed}{digits}"));
    entry.update(create::EntryMessage::Scanned(digits.to_owned()));

    entry
}

fn by(description: &str, minor: u64) -> PaidBy {
    PaidBy {
        description: Text::clean(description),
        total: Some(nzd(minor)),
        ..PaidBy::default()
    }
}

/// A means of payment with more items than the screen shows.
fn by_items(description: &str, minor: u64) -> PaidBy {
    let line = |quantity: &str, name: &str| PaidLine {
        name: Text::clean(name),
        quantity: Some(Text::clean(quantity)),
        ..PaidLine::default()
    };

    PaidBy {
        line_items: vec![
            line("2", "Flat white, large"),
            line("1", "Wholemeal sandwich with free-range egg and aïoli"),
            line("0.250", "Ham off the bone"),
            line("1", "Coffee grounds"),
            line("3", "Hard hat"),
        ],
        ..by(description, minor)
    }
}

fn paid(by: Vec<PaidBy>) -> PaymentRequest {
    PaymentRequest {
        status: Status::Paid,
        paid_by: by,
        ..request(AMOUNT)
    }
}

fn cancelled(reason: CancellationReason) -> PaymentRequest {
    PaymentRequest {
        status: Status::Cancelled,
        cancellation_reason: Some(reason),
        ..request(AMOUNT)
    }
}

fn refused(status: u16, code: &str) -> Failure {
    Failure::Refused(Refusal {
        status,
        code: Text::clean(code),
        reason: Some(Text::clean("the platform's own explanation of it")),
    })
}

fn silent() -> Failure {
    Failure::Ambiguous(Text::clean("no answer in time"))
}

fn ended(ending: Ending, late: bool) -> Standing {
    Standing::Ended {
        ending,
        late,
        acknowledged: false,
    }
}

fn another() -> Order {
    Order {
        reference: "A1-2046".to_owned(),
        ..order(AMOUNT)
    }
}

/// A sale of 24.00 that waits for an earlier one.
fn behind(standing: Standing) -> Player {
    Player::new(vec![earlier(another(), 1, standing)]).asked(Command::Start(order(2400)))
}

/// As [`behind`], but the display itself made the long reference of the earlier sale.
fn behind_unnamed(standing: Standing) -> Player {
    let unnamed = Order {
        reference: "PD-20261123T101500Z-DG3HXSdi".to_owned(),
        ..another()
    };

    Player::new(vec![earlier(unnamed, 1, standing)]).asked(Command::Start(order(2400)))
}

/// A sale that is started again. An earlier launch left it with this standing.
fn again(standing: Standing) -> Player {
    Player::new(vec![earlier(order(AMOUNT), 1, standing)]).asked(Command::Start(order(AMOUNT)))
}

fn wholly_paid() -> Ending {
    Ending::Paid {
        by: vec![by("Centrapay NZD", AMOUNT)],
        kept: false,
    }
}

fn part_paid() -> Ending {
    Ending::PartPaid {
        by: vec![by("Community Voucher", 750)],
        remaining: nzd(500),
    }
}

/// Returns every screen.
pub(in crate::app) fn all() -> Vec<Picture> {
    [
        idling(),
        entering(),
        presenting(),
        waiting(),
        endings::with_money(),
        endings::without_money(),
        endings::unsure(),
        endings::failing(),
        endings::earlier_sales(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Returns the screens that show a shop's name, drawn with `name`.
pub(super) fn named(name: &str) -> Vec<Picture> {
    let shop = |key: &str, name: &str| {
        format!("[merchants.{key}]\nconfig-id = \"5ee168e8597be5002af7b454\"\nname = \"{name}\"\n")
    };
    let one = shop("cafe", name);
    let three = format!(
        "default-merchant = \"cafe\"\n{one}{}{}",
        shop("bar", "Bar"),
        shop("zoo", name)
    );
    let selling = || {
        let order = Order {
            merchant: config(&one).merchant(None).unwrap().1.clone(),
            ..order(AMOUNT)
        };

        Player::new(Vec::new()).asked(Command::Start(order))
    };
    let showing = || selling().created(Ok(request(AMOUNT))).with(Fact::Shown);
    let typing = |name, text: &str| Picture {
        create: entry(text, "12.5"),
        ..picture(name, Player::new(Vec::new()).asked(Command::Open))
    };
    let lost = showing()
        .polled(Err(silent()))
        .polled(Err(silent()))
        .polled(Err(silent()));

    vec![
        typing("named-create", &one),
        typing("named-create-three", &three),
        picture("named-creating", selling()),
        picture("named-show-qr", showing().later(15)),
        picture("named-reconnecting", lost),
        picture("named-waiting", showing().later(120).woken(Timer::Deadline)),
        Picture {
            idle: Some(Idle {
                name: name.to_owned(),
                clock: Some("14:05".to_owned()),
            }),
            ..picture("named-idle", Player::new(Vec::new()))
        },
    ]
}

fn idling() -> Vec<Picture> {
    let idle = |name: &str, clock: Option<&str>| Idle {
        name: name.to_owned(),
        clock: clock.map(ToOwned::to_owned),
    };
    let standing = |name, idle| Picture {
        idle: Some(idle),
        ..picture(name, Player::new(Vec::new()))
    };
    let long =
        "The Old Government Buildings Centrapay Café, Bakery and Bottle Store on Lambton Quay";

    vec![
        Picture {
            is_kept: true,
            ..standing("idle", idle("Centrapay Café", None))
        },
        standing("idle-clock", idle("Centrapay Café", Some("14:05"))),
        standing("idle-long-name", idle(long, Some("14:05"))),
    ]
}

fn entering() -> Vec<Picture> {
    let open = || Player::new(Vec::new()).asked(Command::Open);
    let two = format!(
        "default-merchant = \"cafe\"\n{CONFIG}[merchants.bar]\nconfig-id = \"5ee1\"\nname = \"Centrapay Bar and Bottle Store\"\n"
    );
    let typing = |name, text: &str, typed| Picture {
        create: entry(text, typed),
        ..picture(name, open())
    };

    vec![
        Picture {
            is_kept: true,
            ..typing("create", CONFIG, "12.5")
        },
        typing("create-empty", CONFIG, ""),
        typing("create-refused", CONFIG, "12.505\n"),
        typing("create-too-large", CONFIG, "99999999\n"),
        typing("create-two-merchants", &two, "999999.99"),
        typing("create-code-empty", CONFIG, "12.50B"),
        Picture {
            is_kept: true,
            ..typing("create-code", CONFIG, "12.50B9990001234567")
        },
        typing("create-code-misread", CONFIG, "12.50B9990001234567895\n"),
        typing("create-code-first", &two, "B9990001234567890\n"),
        Picture {
            create: scanned("12.50", "94123456"),
            ..picture("create-goods-scanned", open())
        },
    ]
}

fn presenting() -> Vec<Picture> {
    let beside_another = {
        let watched = Standing::Watched(Void::NotSent);
        let other = earlier(another(), 1, watched);

        Player::new(vec![other])
            .asked(Command::Start(order(AMOUNT)))
            .created(Ok(request(AMOUNT)))
            .with(Fact::Shown)
    };

    vec![
        picture("creating", Player::selling(AMOUNT)),
        picture(
            "connecting",
            Player::selling(AMOUNT).created(Err(Failure::NotSent(Unsent::NoAnswer))),
        ),
        kept("show-qr", Player::showing(AMOUNT).later(15)),
        kept(
            "show-qr-items",
            Player::selling_items(FEW).created(Ok(request(AMOUNT))),
        ),
        picture(
            "show-qr-many-items",
            Player::selling_items(&many()).created(Ok(request(AMOUNT))),
        ),
        picture("creating-items", Player::selling_items(FEW)),
        picture("show-qr-urgent", Player::showing(AMOUNT).later(108)),
        picture(
            "show-qr-reconnecting",
            Player::showing(Amount::MAX_MINOR)
                .polled(Err(silent()))
                .polled(Err(silent()))
                .polled(Err(silent())),
        ),
        picture("show-qr-beside-another", beside_another),
        Picture {
            demo: true,
            ..picture("show-qr-demo", Player::showing(AMOUNT))
        },
    ]
}

/// Items with a weight, a discount, and a name that is too long for its line.
const FEW: &str = r#"[
    {"name": "Flat white, large", "qty": 2, "price": 1100},
    {"name": "Wholemeal sandwich with free-range egg and aïoli", "qty": 1, "price": 1050},
    {"name": "Ham off the bone", "qty": "0.250", "price": 600},
    {"name": "Members’ discount", "qty": 1, "price": -1500}
]"#;

/// More items than any screen can show.
fn many() -> String {
    let line = |number: u32| {
        let price = if number == 1 { 1211 } else { 1 };

        format!(r#"{{"name": "Item number {number}", "qty": 1, "price": {price}}}"#)
    };
    let lines: Vec<_> = (1..=40).map(line).collect();

    format!("[{}]", lines.join(","))
}

/// The patron has shown a code, and now confirms on the phone.
fn confirming() -> Player {
    with_code().created(Ok(request(AMOUNT)))
}

pub(super) fn with_code() -> Player {
    Player::new(Vec::new()).asked(Command::Start(Order {
        patron_code: PatronCode::parse("9990001234567890").ok(),
        ..order(AMOUNT)
    }))
}

fn waiting() -> Vec<Picture> {
    let condition = |status| PaymentRequest {
        conditions: vec![Condition {
            id: ConditionId::new("1"),
            message: Text::sentence(
                "Please check that the customer is at least 18 years old before you accept.",
            ),
            status,
        }],
        ..request(AMOUNT)
    };
    let asked = || Player::showing(AMOUNT).polled(Ok(condition(ConditionStatus::AwaitingMerchant)));
    let lost = Fact::Answered {
        condition: ConditionId::new("1"),
        answer: Err(silent()),
    };
    let part = PaymentRequest {
        paid_by: vec![by("Community Voucher", 750)],
        remaining: Some(nzd(500)),
        ..request(AMOUNT)
    };

    vec![
        kept(
            "waiting",
            Player::showing(AMOUNT).later(120).woken(Timer::Deadline),
        ),
        picture("cancelling", Player::showing(AMOUNT).asked(Command::Cancel)),
        kept("confirm-on-phone", confirming().later(15)),
        picture("confirm-on-phone-urgent", confirming().later(108)),
        picture(
            "confirm-on-phone-reconnecting",
            confirming()
                .polled(Err(silent()))
                .polled(Err(silent()))
                .polled(Err(silent())),
        ),
        picture("checking", again(Standing::Payable(Void::NotSent))),
        kept("condition", asked()),
        picture("condition-answered", asked().asked(Command::Accept)),
        picture(
            "condition-unanswered",
            asked().asked(Command::Accept).with(lost),
        ),
        picture(
            "condition-on-phone",
            Player::showing(AMOUNT).polled(Ok(condition(ConditionStatus::AwaitingPatron))),
        ),
        picture(
            "part-payment-items",
            Player::showing(AMOUNT).polled(Ok(PaymentRequest {
                paid_by: vec![by_items("Community Voucher", 750)],
                ..part.clone()
            })),
        ),
        picture("part-payment", Player::showing(AMOUNT).polled(Ok(part))),
        picture("checking-earlier", behind(Standing::Payable(Void::NotSent))),
        picture(
            "cancelling-earlier",
            behind(Standing::Payable(Void::Unanswered)),
        ),
    ]
}
