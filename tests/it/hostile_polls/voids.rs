//! Voids that race with a payment, are refused, or are lost. The answer to a void is no verdict. The request's
//! status is one, and for a paid request its refund.

use std::pin::Pin;
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use patron_display::sale::{Command, State};
use patron_display::sandbox::{ApiCall, Fault, SandboxStatus, Script};
use serde_json::json;
use tokio::join;

use crate::hostile_polls::watched_sale::WatchedSale;
use crate::support::gate::WireFault;

/// The name and the exit code of an ending.
type Ending = (&'static str, u8);

const PAID: Ending = ("paid", 0);
const EXPIRED: Ending = ("expired", 20);
const CANCELLED: Ending = ("cancelled", 21);
const REFUND_STARTED: Ending = ("refund-started", 22);
const UNKNOWN: Ending = ("unknown", 30);

const MONEY_BACK: &str = "The money is on its way back to you.";
const STANDS: &str = "the payment stands";
const NOT_CHARGED: &str = "You have not been charged.";
const DO_NOT_CHARGE: &str = "Do not charge again.";
const BY_REFUND: &str = "Give the money back by a refund";
/// The time-out of a void.
const TIMEOUT: Duration = Duration::from_secs(8);

fn refused(code: &str) -> Fault {
    Fault::refusal(403, code)
}

/// Calls `before`, gives these faults to the voids, and cancels the sale. The last screen must contain `says`.
fn cancelled(
    before: fn(&WatchedSale),
    voids: impl IntoIterator<Item = Fault> + 'static,
    (name, code): Ending,
    says: &'static str,
) -> Pin<Box<dyn Future<Output = WatchedSale>>> {
    Box::pin(async move {
        let mut sale = WatchedSale::shown("").await;
        before(&sale);
        sale.script(ApiCall::Void, voids);
        sale.send(Command::Cancel);
        sale.shows_no_code();
        sale.until_ended(name).await;
        sale.says(says).await;
        sale.closes(code);

        sale
    })
}

fn nothing(_: &WatchedSale) {}

fn paid(sale: &WatchedSale) {
    sale.pay();
}

fn expired(sale: &WatchedSale) {
    sale.control().expire(&sale.latest()).unwrap();
}

async fn refunded(sale: &mut WatchedSale) {
    sale.until_ended("refund-started").await;
    sale.says(MONEY_BACK).await;
    assert_eq!(
        sale.request().status,
        SandboxStatus::Paid,
        "a refunded request stays paid"
    );
    sale.closes(22);
    let paid = sale
        .told()
        .into_iter()
        .find(|told| told["outcome"] == "paid");
    assert_eq!(paid, None);
}

/// The patron pays after the cashier's key press and before the void is sent.
async fn paid_before_the_void(script: Script) {
    let mut sale = WatchedSale::shown("").await;
    sale.control().set_script(script);
    sale.send(Command::Cancel);
    assert_eq!(sale.control().calls(ApiCall::Void), 0);
    sale.pay();
    refunded(&mut sale).await;
}

/// The patron pays after the void has arrived and before it takes effect.
async fn paid_during_the_void() {
    let mut sale = WatchedSale::shown("").await;
    sale.script(ApiCall::Void, [Fault::delay(Duration::from_millis(500))]);
    sale.send(Command::Cancel);
    let (control, id) = (sale.control(), sale.latest());
    let patron = async {
        while control.calls(ApiCall::Void) == 0 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        control.pay(&id).unwrap();
    };
    join!(patron, refunded(&mut sale));
}

#[tokio::test]
async fn f31_paid_during_the_void_is_a_refund() {
    let script = Script::default;
    let another_activity = Fault::edit(json!({"type": "payment"}));
    // The void's answer reports the refund. If the answer is lost or says something else, the activities do.
    let scripts = [
        script(),
        script().on(ApiCall::Void, [Fault::drop_after()]),
        script().on(ApiCall::Void, [another_activity]),
        script()
            .on(ApiCall::Void, [Fault::empty().after_effect()])
            .on(ApiCall::Activities, [Fault::status(500), Fault::html()]),
    ];
    join!(
        Box::pin(paid_during_the_void()),
        join_all(scripts.map(paid_before_the_void)),
    );
}

#[tokio::test]
async fn f32_late_void_leaves_it_to_the_status() {
    join_all([
        cancelled(expired, vec![], EXPIRED, NOT_CHARGED),
        // REQUEST_PAID contradicts the request's status. The status counts.
        cancelled(expired, vec![refused("REQUEST_PAID")], EXPIRED, NOT_CHARGED),
        cancelled(paid, vec![refused("REQUEST_PAID")], PAID, STANDS),
        cancelled(paid, vec![refused("REQUEST_EXPIRED")], PAID, STANDS),
        cancelled(
            nothing,
            vec![refused("REQUEST_EXPIRED")],
            UNKNOWN,
            DO_NOT_CHARGE,
        ),
    ])
    .await;
}

#[tokio::test]
async fn f33_repeated_void_leaves_it_to_the_status() {
    // The first void takes effect, so the platform refuses the second with REQUEST_CANCELLED or ALREADY_REFUNDED.
    let lost = || vec![Fault::drop_after()];
    let repeated = || vec![Fault::drop_after(), refused("REPEAT_REFERENCE")];
    let sales = join_all([
        cancelled(nothing, lost(), CANCELLED, NOT_CHARGED),
        cancelled(paid, lost(), REFUND_STARTED, MONEY_BACK),
        cancelled(nothing, repeated(), CANCELLED, NOT_CHARGED),
        cancelled(paid, repeated(), REFUND_STARTED, MONEY_BACK),
    ])
    .await;
    for sale in &sales[..2] {
        assert_eq!(sale.control().calls(ApiCall::Void), 2);
    }
}

#[tokio::test]
async fn f33_paid_without_listed_refund_is_unknown() {
    let unknown = |code| cancelled(paid, [refused(code)], UNKNOWN, DO_NOT_CHARGE);
    join!(unknown("ALREADY_REFUNDED"), unknown("REPEAT_REFERENCE"));
}

#[tokio::test]
async fn f34_payment_without_refund_stays_paid() {
    let codes = ["REFUND_NOT_SUPPORTED", "INACTIVE_ASSET"];
    let sales = join_all(codes.map(|code| cancelled(paid, [refused(code)], PAID, STANDS))).await;
    for sale in sales {
        let voids = sale.control().calls(ApiCall::Void);
        assert_eq!(voids, 1, "the void is not repeated");
        assert_eq!(sale.journal("A1").outcome.as_deref(), Some("paid"));
    }
}

/// The cashier wants to refund a late payment when the platform no longer accepts a void.
async fn late_payment_after_the_window() {
    let mut sale = WatchedSale::shown("").await;
    expired(&sale);
    sale.closes_as("expired", 20).await;
    sale.control().pay_late(&sale.latest()).unwrap();
    let mut sale = sale.launch_again(None).await;
    sale.until_ended("paid").await;
    sale.script(ApiCall::Void, [refused("VOID_WINDOW_EXCEEDED")]);
    sale.send(Command::CancelAndRefund);
    sale.until(|state| !matches!(state, State::Ended(_))).await;
    sale.until_ended("paid").await;
    sale.says(STANDS).await;
    sale.says(BY_REFUND).await;
    sale.send(Command::Close);
    sale.closes(21);
}

#[tokio::test]
async fn f35_late_void_points_to_a_refund() {
    let over = || [refused("VOID_WINDOW_EXCEEDED")];
    join!(
        cancelled(paid, over(), PAID, BY_REFUND),
        cancelled(expired, over(), EXPIRED, NOT_CHARGED),
        Box::pin(late_payment_after_the_window()),
    );
}

fn losses() -> [(&'static str, WireFault); 3] {
    [
        ("reset", WireFault::reset()),
        ("half", WireFault::half()),
        ("silence", WireFault::silence()),
    ]
}

/// Every try of the void is lost in this way. If `arrives`, each try reaches the platform first.
async fn lost_void((loss, fault): (&str, WireFault), arrives: bool, is_paid: bool) {
    let scene = format!("{loss}, arrives: {arrives}, paid: {is_paid}");
    let (mut sale, gate) = WatchedSale::shown_behind_gate(|gate| {
        let fault = if arrives { fault.after_effect() } else { fault };
        gate.script(ApiCall::Void, vec![fault; 3]);
    })
    .await;
    if is_paid {
        sale.pay();
    }
    sale.send(Command::Cancel);
    sale.shows_no_code();
    let since = Instant::now();
    sale.until(|state| matches!(state, State::Ended(_))).await;
    if loss == "half" && arrives {
        // The second void's half answer has a status line that says it is refused. So no third void is sent.
        assert_eq!(sale.control().calls(ApiCall::Void), 2, "{scene}");
    } else {
        assert!(gate.is_done(), "three tries: {scene}");
    }
    if loss == "silence" {
        assert!(since.elapsed() >= TIMEOUT * 3, "{scene}");
    }
    // If the void did not arrive, the sale stays open. Then `settle` voids an unpaid request. It leaves a paid one
    // to a person, because a void may still be on its way.
    let ((name, code), settled) = match (arrives, is_paid) {
        (true, true) => (REFUND_STARTED, 0),
        (true, false) => (CANCELLED, 0),
        (false, true) => (UNKNOWN, 30),
        (false, false) => (UNKNOWN, 21),
    };
    sale.has_ended(name);
    if !arrives {
        sale.says(DO_NOT_CHARGE).await;
        sale.says("Please wait. Do not pay again.").await;
        let still = if is_paid {
            SandboxStatus::Paid
        } else {
            SandboxStatus::New
        };
        assert_eq!(sale.request().status, still, "{scene}");
    }
    sale.closes(code);
    assert_eq!(
        sale.told_names(),
        ["created", "shown", "waiting", "ended", "outcome"],
        "{scene}"
    );
    sale.settles(settled).await;
}

#[tokio::test]
async fn f36_lost_void_is_tried_thrice_then_read() {
    let unpaid = losses()
        .into_iter()
        .flat_map(|loss| [true, false].map(|arrives| lost_void(loss.clone(), arrives, false)));
    let paid = [true, false].map(|arrives| lost_void(("reset", WireFault::reset()), arrives, true));
    join_all(unpaid.chain(paid)).await;
}
