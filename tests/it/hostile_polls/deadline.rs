//! The end of the time to pay. The display's clock removes the code. Only the platform says how the sale ended.

use std::time::{Duration, Instant};

use futures_util::future::join_all;
use patron_display::sale::{Command, State};
use patron_display::sandbox::{ApiCall, Fault, SandboxStatus};
use serde_json::json;
use tokio::join;

use crate::hostile_polls::watched_sale::{LATE, WatchedSale};

/// Configuration with the shortest time to pay.
const SHORT: &str = "expiry-seconds = 11\n";
const VALIDITY: Duration = Duration::from_secs(11);
/// The time after the deadline in which the platform may still settle a payment.
const SETTLING: Duration = Duration::from_secs(10);
/// After refused polls for this long, the display removes the code.
const REFUSALS: Duration = Duration::from_secs(10);
/// The time that a measured wait may lack, because the test starts its clock late.
const EARLY: Duration = Duration::from_millis(500);

async fn until_code_goes(sale: &mut WatchedSale) {
    sale.until(|state| !matches!(state, State::Presenting(_)))
        .await;
    sale.shows_no_code();
}

/// Insists that the code leaves the screen at the deadline.
async fn until_deadline(sale: &mut WatchedSale) {
    let State::Presenting(shown) = sale.state() else {
        panic!("no code is shown: {:?}", sale.state());
    };
    let (deadline, validity) = (shown.request().deadline, shown.request().validity());
    assert_eq!(validity, VALIDITY);
    sale.until(|state| !matches!(state, State::Presenting(_)))
        .await;
    let now = sale.now();
    assert!(
        now >= deadline,
        "the code goes {:?} early",
        deadline.since(now)
    );
    let late = now.since(deadline);
    assert!(late < LATE, "the code goes {late:?} late");
    // The time to pay begins before the create is sent.
    let age = sale.control().call_times(ApiCall::Create)[0].elapsed();
    assert!(age < VALIDITY + LATE, "the code goes after {age:?}");
    assert!(matches!(sale.state(), State::Waiting(_)));
    sale.shows_no_code();
    sale.says("The time to pay is over").await;
    sale.says("Please do not pay again.").await;
}

/// The platform answers no poll until the time to settle is over. Then the display tries a void.
async fn silent_until_unknown(sale: &mut WatchedSale) {
    until_deadline(sale).await;
    let since = Instant::now();
    let polls = sale.control().calls(ApiCall::Read);
    sale.until(|state| matches!(state, State::Voiding(_))).await;
    let after = since.elapsed();
    let in_time = SETTLING - EARLY..SETTLING + LATE;
    assert!(in_time.contains(&after), "the void comes after {after:?}");
    assert!(sale.control().calls(ApiCall::Read) > polls, "polls go on");
    sale.until_ended("unknown").await;
    assert!(sale.control().calls(ApiCall::Void) >= 1);
    sale.says("Do not charge again.").await;
    sale.says("Please wait. Do not pay again.").await;
    assert_eq!(sale.journal("A1").closed_at, None);
}

async fn short_with_lost(call: ApiCall) -> WatchedSale {
    let sale = WatchedSale::shown(SHORT).await;
    sale.script(call, [Fault::drop_before().forever()]);

    sale
}

async fn nothing_gets_through() {
    let mut sale = short_with_lost(ApiCall::Any).await;
    silent_until_unknown(&mut sale).await;
    assert_eq!(sale.control().calls(ApiCall::Void), 3);
    sale.closes(30);
    sale.control().clear_script();
    let told = sale.settles(20).await;
    assert_eq!(told.last().unwrap()["outcome"], "expired");
}

/// The void takes effect, but its answer is no verdict. A later poll is answered.
async fn only_the_void_gets_through() {
    let mut sale = short_with_lost(ApiCall::Read).await;
    silent_until_unknown(&mut sale).await;
    sale.control().clear_script();
    sale.until_ends_as("expired").await;
    sale.says("You have not been charged.").await;
    sale.closes(20);
}

/// The patron pays while no poll is answered. The void then refunds the payment.
async fn paid_in_silence_and_refunded() {
    let mut sale = short_with_lost(ApiCall::Read).await;
    sale.pay();
    silent_until_unknown(&mut sale).await;
    sale.control().clear_script();
    sale.until_ends_as("refund-started").await;
    sale.closes(22);
}

/// The patron pays before the deadline, and the display learns of the payment after the deadline.
async fn paid_in_time_and_read_late() {
    let mut sale = short_with_lost(ApiCall::Read).await;
    sale.until_called(ApiCall::Read, 2).await;
    sale.pay();
    until_deadline(&mut sale).await;
    sale.control().clear_script();
    sale.closes_as("paid", 0).await;
    assert_eq!(sale.control().calls(ApiCall::Void), 0);
}

/// The platform accepts a payment after the deadline.
async fn paid_while_the_platform_settles() {
    let mut sale = WatchedSale::shown(SHORT).await;
    let new = Fault::edit(json!({"status": "new"}));
    sale.script(ApiCall::Read, [new.forever()]);
    until_deadline(&mut sale).await;
    let polls = sale.control().calls(ApiCall::Read);
    sale.until_called(ApiCall::Read, polls + 2).await;
    assert!(matches!(sale.state(), State::Waiting(_)));
    sale.control().pay_late(&sale.latest()).unwrap();
    sale.control().clear_script();
    sale.closes_as("paid", 0).await;
    assert_eq!(sale.control().calls(ApiCall::Void), 0);
}

async fn not_paid_at_all() {
    let mut sale = WatchedSale::shown(SHORT).await;
    until_deadline(&mut sale).await;
    sale.send(Command::Retry);
    sale.until_ended("expired").await;
    assert_eq!(sale.request().status, SandboxStatus::Expired);
    sale.says("Time is up").await;
    sale.closes(20);
    assert_eq!(sale.control().requests().len(), 1);
}

/// Insists that the code leaves the screen when polls have been refused for ten seconds.
async fn until_refused(sale: &mut WatchedSale, since: Instant) {
    until_code_goes(sale).await;
    let after = since.elapsed();
    let in_time = REFUSALS..REFUSALS + LATE;
    assert!(in_time.contains(&after), "the code goes after {after:?}");
}

/// Every further call of this kind is refused with this status and code.
async fn refused((call, status, code): (ApiCall, u16, &str)) {
    let mut sale = WatchedSale::shown("").await;
    sale.script(call, [Fault::refusal(status, code).forever()]);
    sale.until_called(ApiCall::Read, 1).await;
    sale.shows_its_code();
    let since = sale.control().call_times(ApiCall::Read)[0];
    until_refused(&mut sale, since).await;
    sale.until_ended("unknown").await;
    sale.says("Please wait. Do not pay again.").await;
    sale.says("Do not charge again.").await;
    assert_eq!(sale.journal("A1").closed_at, None, "{status}");
    sale.closes(30);

    sale.control().clear_script();
    let told = sale.settles(21).await;
    assert_eq!(told.last().unwrap()["outcome"], "cancelled");
}

/// Polls are refused for less than ten seconds, and later refused without end.
async fn refused_now_and_then() {
    let forbidden = || Fault::refusal(403, "FORBIDDEN");
    let mut sale = WatchedSale::shown("").await;
    sale.script(ApiCall::Read, [forbidden()]);
    sale.until_called(ApiCall::Read, 1).await;
    let control = sale.control();
    let first = control.call_times(ApiCall::Read)[0];
    sale.until(|_| first.elapsed() > Duration::from_secs(5) && control.calls(ApiCall::Read) > 2)
        .await;
    sale.script(ApiCall::Read, [forbidden().forever()]);
    let answered = control.calls(ApiCall::Read);
    sale.until_called(ApiCall::Read, answered + 1).await;
    let again = control.call_times(ApiCall::Read)[usize::try_from(answered).unwrap()];
    assert!(again - first < REFUSALS);
    until_refused(&mut sale, again).await;
    control.clear_script();
    sale.closes_as("cancelled", 21).await;
}

#[tokio::test]
async fn f11_f13_f29_code_goes_at_its_deadline() {
    let refusals = [
        (ApiCall::Read, 401, "UNAUTHORIZED"),
        (ApiCall::Any, 401, "UNAUTHORIZED"),
        (ApiCall::Read, 403, "FORBIDDEN"),
        (ApiCall::Read, 404, "NOT_FOUND"),
        (ApiCall::Any, 404, "NOT_FOUND"),
    ];
    join!(
        Box::pin(join_all(refusals.map(refused))),
        Box::pin(refused_now_and_then()),
        Box::pin(nothing_gets_through()),
        Box::pin(only_the_void_gets_through()),
        Box::pin(paid_in_silence_and_refunded()),
        Box::pin(paid_in_time_and_read_late()),
        Box::pin(paid_while_the_platform_settles()),
        Box::pin(not_paid_at_all()),
    );
}
