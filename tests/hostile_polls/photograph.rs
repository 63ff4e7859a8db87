//! An old code that somebody still has a picture of: it leaves the screen before anything else, and
//! what is paid by it is found.

use patron_display::sale::{Command, State};
use patron_display::sandbox::{Call, Fault, Status};
use tokio::join;

use crate::counter::Counter;

/// The code goes at the key press; the payment of a photograph comes before the void.
async fn paid_before_the_void() {
    let mut counter = Counter::with_a_code("").await;
    counter.asks(Command::Cancel);
    counter.shows_no_code();
    assert_eq!(
        counter.control().calls(Call::Void),
        0,
        "the code goes first"
    );
    counter.pay();
    counter.until_ended("refund-started").await;
    counter.closes(22);
}

/// It cannot be paid once it is void; what was on its way already is found later.
async fn paid_after_the_void() {
    let mut counter = Counter::with_a_code("").await;
    counter.asks(Command::Cancel);
    counter.until_ended("cancelled").await;
    let old = counter.latest();
    let refused = counter.control().pay(&old).unwrap_err();
    assert!(format!("{refused:?}").contains("REQUEST_CANCELLED"));
    counter.closes(21);
    counter.control().pay_late(&old).unwrap();

    // The next customer is served, and only the cashier is told.
    let mut counter = counter.launch_again(Some("B1")).await;
    counter.until_shown().await;
    counter
        .until_told(|told| told["event"] == "earlier" && told["late"] == true)
        .await;
    counter.says("Late payment: A1, see history").await;
    counter.shows_its_code();
    counter.pay();
    counter.until_ended("paid").await;
    counter.closes(0);
    assert_eq!(counter.journal("A1").closed_at, None);
}

/// The next customer is served when the old code cannot be paid any more, and not before.
async fn left_standing_before_the_next_customer() {
    let counter = Counter::with_a_code("").await;
    let old = counter.latest();
    let mut counter = counter.launch_again(Some("B1")).await;
    let control = counter.control();
    counter
        .until(|state| {
            let shown = matches!(state, State::Creating(_) | State::Presenting(_));
            let status = control.request(&old).unwrap().status;
            assert!(!shown || status == Status::Cancelled, "two codes at once");

            matches!(state, State::Presenting(shown) if shown.is_on_screen())
        })
        .await;
    counter.shows_its_code();
    assert!(control.pay(&old).is_err());
    counter.pay();
    counter.until_ended("paid").await;
    counter.closes(0);
}

/// The next customer pays what is not theirs, while it is being cancelled.
async fn paid_by_the_next_customer() {
    let counter = Counter::with_a_code("").await;
    let old = counter.latest();
    let mut counter = counter.launch_again(Some("B1")).await;
    counter
        .until(|state| matches!(state, State::Voiding(_)))
        .await;
    counter.shows_no_code();
    counter.says("This is not your payment.").await;
    counter.control().pay(&old).unwrap();
    counter.until_ended("refund-started").await;
    counter.says("This is not your payment.").await;
    assert_eq!(counter.control().requests().len(), 1, "no code beside it");
    counter.asks(Command::Close);
    counter.until_shown().await;
    counter.pay();
    counter.until_ended("paid").await;
    counter.closes(0);
}

/// Nobody knows whether the old code is still good, so no other is shown.
async fn not_to_be_cancelled() {
    let counter = Counter::with_a_code("").await;
    counter.script(Call::Void, [Fault::drop_before().forever()]);
    let mut counter = counter.launch_again(Some("B1")).await;
    counter.until_ended("unknown").await;
    counter.says("This is not your payment.").await;
    counter.shows_no_code();
    assert_eq!(counter.request().status, Status::New);
    counter.closes(40);
    assert_eq!(counter.control().requests().len(), 1);
    assert_eq!(counter.journal("A1").closed_at, None);

    counter.control().clear_script();
    counter.settles(21).await;
}

#[tokio::test]
async fn f52_an_old_code_goes_before_anything_else_and_what_is_paid_by_it_is_found() {
    join!(
        Box::pin(paid_before_the_void()),
        Box::pin(paid_after_the_void()),
        Box::pin(left_standing_before_the_next_customer()),
        Box::pin(paid_by_the_next_customer()),
        Box::pin(not_to_be_cancelled()),
    );
}
