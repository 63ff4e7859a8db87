//! The end of a code's time: the code goes by the clock here, and the platform alone says how it
//! ended.

use std::time::{Duration, Instant};

use patron_display::sale::{Command, State};
use patron_display::sandbox::{Call, Fault, Status};
use serde_json::json;
use tokio::join;

use crate::counter::{Counter, LATE};
use crate::denied;

/// The shortest time there is.
const SHORT: &str = "expiry-seconds = 11\n";
const TIME: Duration = Duration::from_secs(11);
/// How long the platform has to settle.
const SETTLING: Duration = Duration::from_secs(10);
/// How much later than it began something may have been noticed.
const EARLY: Duration = Duration::from_millis(500);

/// How long ago the create came in.
fn since_create(counter: &Counter) -> Duration {
    counter.control().call_times(Call::Create)[0].elapsed()
}

/// Until the code goes, which it does at the deadline, whatever the platform says or does not say.
async fn until_the_code_goes(counter: &mut Counter) {
    let State::Presenting(shown) = counter.state() else {
        panic!("no code stands: {:?}", counter.state());
    };
    let (deadline, validity) = (shown.request().deadline, shown.request().validity());
    assert_eq!(validity, TIME);
    counter
        .until(|state| !matches!(state, State::Presenting(_)))
        .await;
    let now = counter.now();
    assert!(
        now >= deadline,
        "the code goes {:?} early",
        deadline.since(now)
    );
    let late = now.since(deadline);
    assert!(late < LATE, "the code goes {late:?} late");
    // Its time runs from before the create was sent.
    let age = since_create(counter);
    assert!(age < TIME + LATE, "the code goes after {age:?}");
    assert!(matches!(counter.state(), State::Waiting(_)));
    counter.shows_no_code();
    counter.says("The time to pay is over").await;
    counter.says("Please do not pay again.").await;
}

/// The platform is silent past the deadline and the time to settle, until a void was tried.
async fn silent_until_unknown(counter: &mut Counter) {
    until_the_code_goes(counter).await;
    let since = Instant::now();
    let polls = counter.control().calls(Call::Read);
    counter
        .until(|state| matches!(state, State::Voiding(_)))
        .await;
    let after = since.elapsed();
    let in_time = SETTLING - EARLY..SETTLING + LATE;
    assert!(in_time.contains(&after), "the void comes after {after:?}");
    assert!(
        counter.control().calls(Call::Read) > polls,
        "it is asked on"
    );
    counter.until_ended("unknown").await;
    assert!(counter.control().calls(Call::Void) >= 1);
    counter.says("Do not charge again.").await;
    counter.says("Please wait. Do not pay again.").await;
    assert_eq!(counter.journal("A1").closed_at, None);
}

async fn nothing_gets_through() {
    let mut counter = Counter::with_a_code(SHORT).await;
    counter.script(Call::Any, [Fault::drop_before().forever()]);
    silent_until_unknown(&mut counter).await;
    assert_eq!(counter.control().calls(Call::Void), 3);
    counter.closes(30);
    counter.control().clear_script();
    let told = counter.settles(20).await;
    assert_eq!(told.last().unwrap()["outcome"], "expired");
}

/// The void takes place, which is no verdict; the platform's word comes later.
async fn only_the_void_gets_through() {
    let mut counter = Counter::with_a_code(SHORT).await;
    counter.script(Call::Read, [Fault::drop_before().forever()]);
    silent_until_unknown(&mut counter).await;
    counter.control().clear_script();
    counter
        .until(|state| matches!(state, State::Ended(ended) if ended.ending().name() == "expired"))
        .await;
    counter.says("You have not been charged.").await;
    counter.closes(20);
}

/// It was paid while nothing could be read, and the void took the payment back.
async fn paid_in_the_silence_and_taken_back() {
    let mut counter = Counter::with_a_code(SHORT).await;
    counter.script(Call::Read, [Fault::drop_before().forever()]);
    counter.pay();
    silent_until_unknown(&mut counter).await;
    counter.control().clear_script();
    counter
        .until(|state| {
            matches!(state, State::Ended(ended) if ended.ending().name() == "refund-started")
        })
        .await;
    counter.closes(22);
}

/// It was paid before the deadline, and the display hears of it after.
async fn paid_in_time_and_heard_of_late() {
    let mut counter = Counter::with_a_code(SHORT).await;
    counter.script(Call::Read, [Fault::drop_before().forever()]);
    counter.until_called(Call::Read, 2).await;
    counter.pay();
    until_the_code_goes(&mut counter).await;
    counter.control().clear_script();
    counter.until_ended("paid").await;
    counter.closes(0);
    assert_eq!(counter.control().calls(Call::Void), 0);
}

/// The platform is still taking the payment when the time is over here.
async fn paid_while_the_platform_settles() {
    let mut counter = Counter::with_a_code(SHORT).await;
    counter.script(
        Call::Read,
        [Fault::edit(json!({"status": "new"})).forever()],
    );
    until_the_code_goes(&mut counter).await;
    let polls = counter.control().calls(Call::Read);
    counter.until_called(Call::Read, polls + 2).await;
    assert!(matches!(counter.state(), State::Waiting(_)));
    counter.control().pay_late(&counter.latest()).unwrap();
    counter.control().clear_script();
    counter.until_ended("paid").await;
    counter.closes(0);
    assert_eq!(counter.control().calls(Call::Void), 0);
}

async fn not_paid_at_all() {
    let mut counter = Counter::with_a_code(SHORT).await;
    until_the_code_goes(&mut counter).await;
    counter.asks(Command::Retry);
    counter.until_ended("expired").await;
    assert_eq!(counter.request().status, Status::Expired);
    counter.says("Time is up").await;
    counter.closes(20);
    assert_eq!(counter.control().requests().len(), 1);
}

#[tokio::test]
async fn f11_f13_f29_the_code_goes_in_time_and_only_the_platform_says_how_it_ended() {
    join!(
        Box::pin(denied::scenes()),
        Box::pin(nothing_gets_through()),
        Box::pin(only_the_void_gets_through()),
        Box::pin(paid_in_the_silence_and_taken_back()),
        Box::pin(paid_in_time_and_heard_of_late()),
        Box::pin(paid_while_the_platform_settles()),
        Box::pin(not_paid_at_all()),
    );
}
