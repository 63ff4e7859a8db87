//! A launch after a killed launch, on the same journal. The application runs without a window.

use patron_display::sale::{Command, State};
use patron_display::sandbox::SandboxStatus;

use crate::support::scene::Rehearsal;

/// Closes an expired sale, which is then paid late. Also returns the request's id.
async fn paid_late() -> (Rehearsal, String) {
    let mut sale = Rehearsal::shown("").await;
    let first = sale.latest();
    sale.control().expire(&first).unwrap();
    sale.until_ended("expired").await;
    assert_eq!(sale.close(), Some(20));
    sale.control().pay_late(&first).unwrap();

    (sale, first)
}

#[tokio::test]
async fn f40_same_sale_shows_the_same_code() {
    let sale = Rehearsal::shown("").await;
    let id = sale.latest();
    let mut sale = sale.launch_again(Some("A1")).await;
    sale.until_shown().await;
    assert_eq!(sale.control().requests().len(), 1, "no second one");
    assert!(sale.read_screen().ends_with(&id));
    assert_eq!(sale.told.names()[..1], ["waiting"]);
    assert_eq!(sale.told.events()[0]["reason"], "resuming");

    sale.pay();
    sale.until_ended("paid").await;
    assert_eq!(sale.close(), Some(0));
}

#[tokio::test]
async fn f40_sale_paid_between_launches_is_paid() {
    let sale = Rehearsal::shown("").await;
    sale.pay();
    let mut sale = sale.launch_again(Some("A1")).await;
    sale.until_ended("paid").await;
    assert_eq!(sale.close(), Some(0));
    assert_eq!(sale.control().requests().len(), 1);

    let mut sale = sale.launch_again(Some("A1")).await;
    sale.until_ended("paid").await;
    assert_eq!(sale.close(), Some(0), "the till asks again");
    assert_eq!(sale.control().requests().len(), 1);
}

#[tokio::test]
async fn f40_next_sale_waits_for_the_earlier_one() {
    let sale = Rehearsal::shown("").await;
    let first = sale.latest();
    let mut sale = sale.launch_again(Some("B1")).await;
    sale.until_shown().await;
    let left = sale.control().request(&first).unwrap();
    assert_eq!(left.status, SandboxStatus::Cancelled);
    let earlier = &sale.told.events()[2];
    assert_eq!(earlier["event"], "earlier", "{:?}", sale.told.events());
    assert_eq!(earlier["outcome"], "cancelled");
    assert_eq!(earlier["externalRef"], "A1");
    assert_eq!(earlier["late"], false);

    sale.pay();
    sale.until_ended("paid").await;
    assert_eq!(sale.close(), Some(0));
}

#[tokio::test]
async fn f41_unseen_payment_is_acknowledged_first() {
    let sale = Rehearsal::shown("").await;
    sale.pay();
    let mut sale = sale.launch_again(Some("B1")).await;
    sale.until_ended("paid").await;
    assert!(sale.display.display().sale().is_about_an_earlier_sale());
    assert_eq!(sale.control().requests().len(), 1);

    // If this launch is killed as well, the next one shows the same screen.
    let mut sale = sale.launch_again(Some("B1")).await;
    sale.until_ended("paid").await;
    sale.send(Command::Close);
    sale.until_shown().await;
    assert_eq!(sale.control().requests().len(), 2);

    sale.send(Command::Cancel);
    sale.until_ended("cancelled").await;
    assert_eq!(sale.close(), Some(21));
}

#[tokio::test]
async fn f30_late_payment_is_told_and_shown() {
    let (sale, first) = paid_late().await;
    let mut sale = sale.launch_again(None).await;
    sale.until_ended("paid").await;
    sale.send(Command::CancelAndRefund);
    sale.until(|state| matches!(state, State::Voiding(_))).await;
    sale.until_ended("refund-started").await;
    sale.send(Command::Close);
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
    assert_eq!(sale.control().captured_minus_refunded(&first), Some(0));
}

#[tokio::test]
async fn f30_late_payment_screen_waits_for_a_sale() {
    let (sale, _) = paid_late().await;
    let mut sale = sale.launch_again(Some("B1")).await;
    sale.until_shown().await;
    while sale.display.display().sale().late_payments().is_empty() {
        assert!(sale.display.step().await.is_ok());
    }
    sale.pay();
    sale.until_ended("paid").await;
    assert_eq!(sale.close(), Some(0));
    assert!(sale.told.names().contains(&"earlier".to_owned()));

    let mut sale = sale.launch_again(Some("C1")).await;
    sale.until_ended("paid").await;
    assert!(sale.display.display().sale().is_about_an_earlier_sale());
}

#[tokio::test]
async fn f30_late_paid_sale_is_not_sold_again() {
    for in_the_same_launch in [true, false] {
        let mut sale = Rehearsal::shown("").await;
        let first = sale.latest();
        sale.control().expire(&first).unwrap();
        sale.until_ended("expired").await;
        sale.control().pay_late(&first).unwrap();
        if in_the_same_launch {
            sale.send(Command::Retry);
            sale.until(|state| !matches!(state, State::Ended(_))).await;
        } else {
            assert_eq!(sale.close(), Some(20));
            sale = sale.launch_again(Some("A1")).await;
        }
        sale.until_ended("paid").await;
        assert_eq!(sale.close(), Some(0));
        assert_eq!(sale.control().requests().len(), 1);
    }
}

#[tokio::test]
async fn settle_exits_with_the_outcomes_code() {
    type Meanwhile = fn(&Rehearsal);
    let cases: [(Meanwhile, u8, &str); 3] = [
        (|_| {}, 21, "cancelled"),
        (Rehearsal::pay, 0, "paid"),
        (
            |sale| sale.control().expire(&sale.latest()).unwrap(),
            20,
            "expired",
        ),
    ];
    for (meanwhile, code, outcome) in cases {
        let sale = Rehearsal::shown("").await;
        meanwhile(&sale);
        let settled = sale.settle().await;
        assert_eq!(settled.code, code);
        let earlier = settled.told.last().unwrap();
        assert_eq!(earlier["event"], "earlier");
        assert_eq!(earlier["outcome"], outcome);
    }
}

#[tokio::test]
async fn settle_without_platform_is_unknown() {
    let sale = Rehearsal::shown("").await;
    sale.pay();
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
async fn f2_lost_create_is_found_and_voided() {
    let sale = Rehearsal::shown("account-id = \"C4QnjXvj8At6SMsEN4LRi9\"\n").await;
    let id = sale.latest();
    // Changes the journal to what a kill before the create's answer leaves.
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
        SandboxStatus::Cancelled
    );
}
