//! An old code that a patron has photographed. It leaves the screen first, and a payment of it is found later.

use patron_display::sale::{Command, State};
use patron_display::sandbox::{ApiCall, Fault, SandboxStatus};
use tokio::join;

use crate::hostile_polls::watched_sale::WatchedSale;
use crate::support::scene::is_shown;

/// The code leaves the screen at the key press. The patron pays before the void is sent.
async fn paid_before_the_void() {
    let mut sale = WatchedSale::shown("").await;
    sale.send(Command::Cancel);
    sale.shows_no_code();
    let voids = sale.control().calls(ApiCall::Void);
    assert_eq!(voids, 0, "the code goes first");
    sale.pay();
    sale.closes_as("refund-started", 22).await;
}

/// A voided code cannot be paid. A payment that was already on its way is found later.
async fn paid_after_the_void() {
    let mut sale = WatchedSale::shown("").await;
    sale.send(Command::Cancel);
    sale.until_ended("cancelled").await;
    let old = sale.latest();
    let refused = sale.control().pay(&old).unwrap_err();
    assert!(format!("{refused:?}").contains("REQUEST_CANCELLED"));
    sale.closes(21);
    sale.control().pay_late(&old).unwrap();

    // The next sale goes on, and only the cashier sees the late payment.
    let mut sale = sale.launch_again(Some("B1")).await;
    sale.until_shown().await;
    sale.until_told(|told| told["event"] == "earlier" && told["late"] == true)
        .await;
    sale.says("Late payment: A1, see history").await;
    sale.shows_its_code();
    sale.is_paid().await;
    assert_eq!(sale.journal("A1").closed_at, None);
}

/// The display shows the next code only when the old one can no longer be paid.
async fn voided_before_the_next_code() {
    let sale = WatchedSale::shown("").await;
    let old = sale.latest();
    let mut sale = sale.launch_again(Some("B1")).await;
    let control = sale.control();
    sale.until(|state| {
        let next = matches!(state, State::Creating(_) | State::Presenting(_));
        let status = control.request(&old).unwrap().status;
        assert!(
            !next || status == SandboxStatus::Cancelled,
            "two codes at once"
        );

        is_shown(state)
    })
    .await;
    sale.shows_its_code();
    assert!(control.pay(&old).is_err());
    sale.is_paid().await;
}

/// The next patron pays the old code while it is being voided.
async fn paid_by_the_next_patron() {
    let sale = WatchedSale::shown("").await;
    let old = sale.latest();
    let mut sale = sale.launch_again(Some("B1")).await;
    sale.until(|state| matches!(state, State::Voiding(_))).await;
    sale.shows_no_code();
    sale.says("This is not your payment.").await;
    sale.control().pay(&old).unwrap();
    sale.until_ended("refund-started").await;
    sale.says("This is not your payment.").await;
    assert_eq!(sale.control().requests().len(), 1, "a second code");
    sale.send(Command::Close);
    sale.until_shown().await;
    sale.is_paid().await;
}

/// The void is lost, so the old code may still be payable. The display shows no other code.
async fn void_is_lost() {
    let sale = WatchedSale::shown("").await;
    sale.script(ApiCall::Void, [Fault::drop_before().forever()]);
    let mut sale = sale.launch_again(Some("B1")).await;
    sale.until_ended("unknown").await;
    sale.says("This is not your payment.").await;
    sale.shows_no_code();
    assert_eq!(sale.request().status, SandboxStatus::New);
    sale.closes(40);
    assert_eq!(sale.control().requests().len(), 1);
    assert_eq!(sale.journal("A1").closed_at, None);

    sale.control().clear_script();
    sale.settles(21).await;
}

#[tokio::test]
async fn f52_old_code_goes_first_and_is_settled() {
    join!(
        Box::pin(paid_before_the_void()),
        Box::pin(paid_after_the_void()),
        Box::pin(voided_before_the_next_code()),
        Box::pin(paid_by_the_next_patron()),
        Box::pin(void_is_lost()),
    );
}
