//! What happens after a launch that did not come to its end: the whole application without a
//! window, launched again on the journal that the last launch left.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    dead_code,
    reason = "a test that cannot set its scene has failed; not every test needs all of the scene"
)]

#[path = "rehearsal/scene.rs"]
mod scene;

use iced::Size;
use patron_display::display::Message;
use patron_display::sale::{Command, State};
use patron_display::sandbox::Status;

use scene::Rehearsal;

const SCREEN: Size<u32> = Size::new(800, 480);

/// A sale whose code stands on the screen.
async fn shown(more: &str) -> Rehearsal {
    let mut sale = Rehearsal::begin(SCREEN, more).await;
    sale.until_shown().await;

    sale
}

#[tokio::test]
async fn f40_the_same_sale_comes_back_with_the_same_code() {
    let sale = shown("").await;
    let id = sale.latest();
    let mut sale = sale.launch_again(Some("A1")).await;
    sale.until_shown().await;
    assert_eq!(sale.sandbox.control().requests().len(), 1, "no second one");
    assert!(sale.read_screen().ends_with(&id));
    assert_eq!(sale.told.names()[..1], ["waiting"]);
    assert_eq!(sale.told.events()[0]["reason"], "resuming");

    sale.sandbox.control().pay(&id).unwrap();
    sale.until_ended("paid").await;
    assert_eq!(sale.close(), Some(0));
}

#[tokio::test]
async fn f40_a_sale_that_was_paid_while_nobody_looked_is_paid() {
    let sale = shown("").await;
    sale.sandbox.control().pay(&sale.latest()).unwrap();
    let mut sale = sale.launch_again(Some("A1")).await;
    sale.until_ended("paid").await;
    assert_eq!(sale.close(), Some(0));
    assert_eq!(sale.sandbox.control().requests().len(), 1);

    let mut sale = sale.launch_again(Some("A1")).await;
    sale.until_ended("paid").await;
    assert_eq!(sale.close(), Some(0), "however often the till asks");
    assert_eq!(sale.sandbox.control().requests().len(), 1);
}

#[tokio::test]
async fn f40_another_sale_waits_until_the_one_that_was_left_is_settled() {
    let sale = shown("").await;
    let first = sale.latest();
    let mut sale = sale.launch_again(Some("B1")).await;
    sale.until_shown().await;
    let left = sale.sandbox.control().request(&first).unwrap();
    assert_eq!(left.status, Status::Cancelled);
    let earlier = &sale.told.events()[2];
    assert_eq!(earlier["event"], "earlier", "{:?}", sale.told.events());
    assert_eq!(earlier["outcome"], "cancelled");
    assert_eq!(earlier["externalRef"], "A1");
    assert_eq!(earlier["late"], false);

    sale.sandbox.control().pay(&sale.latest()).unwrap();
    sale.until_ended("paid").await;
    assert_eq!(sale.close(), Some(0));
}

#[tokio::test]
async fn f41_a_payment_nobody_saw_is_acknowledged_before_another_sale() {
    let sale = shown("").await;
    sale.sandbox.control().pay(&sale.latest()).unwrap();
    let mut sale = sale.launch_again(Some("B1")).await;
    sale.until_ended("paid").await;
    assert!(sale.display.display().sale().is_about_an_earlier_sale());
    assert_eq!(sale.sandbox.control().requests().len(), 1);

    // It is still there when this launch is torn away as well.
    let mut sale = sale.launch_again(Some("B1")).await;
    sale.until_ended("paid").await;
    sale.display.send(Message::Asked(Command::Close));
    sale.until_shown().await;
    assert_eq!(sale.sandbox.control().requests().len(), 2);

    sale.display.send(Message::Asked(Command::Cancel));
    sale.until_ended("cancelled").await;
    assert_eq!(sale.close(), Some(21));
}

#[tokio::test]
async fn f30_a_late_payment_is_told_at_the_next_launch_and_shown_where_nobody_is_served() {
    let mut sale = shown("").await;
    let first = sale.latest();
    sale.sandbox.control().expire(&first).unwrap();
    sale.until_ended("expired").await;
    assert_eq!(sale.close(), Some(20));
    sale.sandbox.control().pay_late(&first).unwrap();

    let mut sale = sale.launch_again(None).await;
    sale.until_ended("paid").await;
    sale.display.send(Message::Asked(Command::CancelAndRefund));
    sale.until(|state| matches!(state, State::Voiding(_))).await;
    sale.until_ended("refund-started").await;
    sale.display.send(Message::Asked(Command::Close));
    assert_eq!(sale.close(), Some(21), "no sale was made");
    let told: Vec<_> = sale
        .told
        .events()
        .into_iter()
        .filter(|told| told["event"] == "earlier")
        .map(|told| (told["outcome"].clone(), told["late"].clone()))
        .collect();
    assert_eq!(
        told,
        [
            ("paid".into(), true.into()),
            ("refund-started".into(), false.into())
        ]
    );
    assert_eq!(
        sale.sandbox.control().captured_minus_refunded(&first),
        Some(0)
    );
}

#[tokio::test]
async fn f30_beside_a_sale_a_late_payment_is_told_and_waits_for_its_screen() {
    let mut sale = shown("").await;
    let first = sale.latest();
    sale.sandbox.control().expire(&first).unwrap();
    sale.until_ended("expired").await;
    assert_eq!(sale.close(), Some(20));
    sale.sandbox.control().pay_late(&first).unwrap();

    let mut sale = sale.launch_again(Some("B1")).await;
    sale.until_shown().await;
    while sale.display.display().sale().late_payments().is_empty() {
        assert!(sale.display.step().await.is_ok());
    }
    sale.sandbox.control().pay(&sale.latest()).unwrap();
    sale.until_ended("paid").await;
    assert_eq!(sale.close(), Some(0));
    assert!(sale.told.names().contains(&"earlier".to_owned()));

    let mut sale = sale.launch_again(Some("C1")).await;
    sale.until_ended("paid").await;
    assert!(sale.display.display().sale().is_about_an_earlier_sale());
}

#[tokio::test]
async fn f30_the_same_sale_that_was_paid_late_is_not_sold_again() {
    for in_the_same_launch in [true, false] {
        let mut sale = shown("").await;
        let first = sale.latest();
        sale.sandbox.control().expire(&first).unwrap();
        sale.until_ended("expired").await;
        sale.sandbox.control().pay_late(&first).unwrap();
        if in_the_same_launch {
            sale.display.send(Message::Asked(Command::Retry));
            sale.until(|state| !matches!(state, State::Ended(_))).await;
        } else {
            assert_eq!(sale.close(), Some(20));
            sale = sale.launch_again(Some("A1")).await;
        }
        sale.until_ended("paid").await;
        assert_eq!(sale.close(), Some(0));
        assert_eq!(sale.sandbox.control().requests().len(), 1);
    }
}

#[tokio::test]
async fn settle_ends_what_was_left_with_the_exit_code_of_its_outcome() {
    type Meanwhile = fn(&Rehearsal);
    let cases: [(Meanwhile, u8, &str); 3] = [
        (|_| {}, 21, "cancelled"),
        (
            |sale| sale.sandbox.control().pay(&sale.latest()).unwrap(),
            0,
            "paid",
        ),
        (
            |sale| sale.sandbox.control().expire(&sale.latest()).unwrap(),
            20,
            "expired",
        ),
    ];
    for (meanwhile, code, outcome) in cases {
        let sale = shown("").await;
        meanwhile(&sale);
        let settled = sale.settle().await;
        assert_eq!(settled.code, code);
        let earlier = settled.told.last().unwrap();
        assert_eq!(earlier["event"], "earlier");
        assert_eq!(earlier["outcome"], outcome);
    }
}

#[tokio::test]
async fn settle_that_cannot_reach_the_platform_leaves_it_unknown_and_open() {
    let sale = shown("").await;
    sale.sandbox.control().pay(&sale.latest()).unwrap();
    let settled = sale.without_a_platform().await.settle().await;
    assert_eq!(settled.code, 30);
    assert_eq!(settled.told.last().unwrap()["outcome"], "unknown");
    let journal = settled.directory.path().join("journal.sqlite3");
    let open: i64 = rusqlite::Connection::open(journal)
        .unwrap()
        .query_row(
            "SELECT count(*) FROM attempt WHERE closed_at IS NULL",
            [],
            |row| row.get(0),
        )
        .unwrap();
    assert_eq!(open, 1);
}

#[tokio::test]
async fn f2_a_lost_creates_request_is_found_by_its_reference_and_voided_where_the_account_is_known()
{
    let sale = shown("account-id = \"C4QnjXvj8At6SMsEN4LRi9\"\n").await;
    let id = sale.latest();
    // As if the program had been killed before it had the answer.
    let database = rusqlite::Connection::open(sale.directory.path().join("journal.sqlite3"));
    database
        .unwrap()
        .execute(
            "UPDATE attempt SET phase = 'intended', request_id = NULL, shown_at = NULL",
            [],
        )
        .unwrap();
    let settled = sale.settle().await;
    assert_eq!(settled.code, 21, "{:?}", settled.told);
    assert_eq!(
        settled.sandbox.control().request(&id).unwrap().status,
        Status::Cancelled
    );
}
