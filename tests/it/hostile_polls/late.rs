//! Late payments. Later launches look for them for a day, report them as late, and show them until staff decide.

use futures_util::future::join_all;
use patron_display::sale::{Command, State};
use patron_display::sandbox::{ApiCall, Fault, SandboxStatus};
use serde_json::json;
use tokio::join;

use crate::hostile_polls::watched_sale::WatchedSale;

/// A sale that ended without money.
#[derive(Debug, Clone, Copy)]
enum Unpaid {
    Expired,
    Declined,
    Cancelled,
}

impl Unpaid {
    const ALL: [Self; 3] = [Self::Expired, Self::Declined, Self::Cancelled];

    /// Starts a sale, ends it like this, and closes it.
    async fn closed(self) -> WatchedSale {
        let mut sale = WatchedSale::shown("").await;
        let (control, id) = (sale.control(), sale.latest());
        match self {
            Self::Expired => control.expire(&id).unwrap(),
            Self::Declined => control.decline(&id).unwrap(),
            Self::Cancelled => sale.send(Command::Cancel),
        }
        let (name, code) = match self {
            Self::Expired => ("expired", 20),
            Self::Declined | Self::Cancelled => ("cancelled", 21),
        };
        sale.closes_as(name, code).await;

        sale
    }

    /// Ends the sale like this, closes it, and then pays it.
    async fn paid_late(self) -> WatchedSale {
        let sale = self.closed().await;
        sale.control().pay_late(&sale.latest()).unwrap();

        sale
    }
}

async fn shown_at_next_launch(unpaid: Unpaid) {
    let mut sale = unpaid.paid_late().await.launch_again(None).await;
    sale.until_ended("paid").await;
    sale.says("LATE PAYMENT").await;
    sale.says("12.50").await;
    sale.says("Earlier sale A1").await;
    sale.until_journaled("A1", "paid").await;
    let entry = sale.journal("A1");
    assert_eq!((entry.outcome.as_deref(), entry.late), (Some("paid"), true));
    assert_eq!(entry.closed_at, None, "open until acknowledged");
    sale.send(Command::Close);
    assert!(matches!(sale.state(), State::Entry));
    sale.closes(21);
    let told = sale.told();
    let earlier = told.iter().rfind(|told| told["event"] == "earlier");
    assert_eq!(earlier.unwrap()["late"], true);
    assert!(sale.journal("A1").closed_at.is_some());

    let told = sale.settles(0).await;
    assert_eq!(told.len(), 0, "told a second time: {told:?}");
}

async fn told_by_settle(unpaid: Unpaid) {
    let told = unpaid.paid_late().await.settles(0).await;
    let earlier = told.last().unwrap();
    assert_eq!(
        (&earlier["event"], &earlier["outcome"], &earlier["late"]),
        (&"earlier".into(), &"paid".into(), &true.into())
    );
}

#[tokio::test]
async fn f30_late_payment_is_shown_told_and_journaled() {
    join!(
        join_all(Unpaid::ALL.map(shown_at_next_launch)),
        join_all(Unpaid::ALL.map(told_by_settle)),
    );
}

/// Launches the program when an expired request is this old by the platform's clock. Returns how often the next
/// launch reads the request, and whether the journal has closed the attempt.
async fn watched_after(minutes: u32) -> (u64, bool) {
    let sale = Unpaid::Expired.closed().await;
    let created = format!("{{createdAt-{minutes}m}}");
    sale.script(ApiCall::Read, [Fault::edit(json!({"createdAt": created}))]);
    let mut sale = sale.launch_again(None).await;
    sale.until_watched("A1").await;
    assert!(matches!(sale.state(), State::Entry));
    sale.send(Command::Close);
    sale.closes(21);
    let closed = sale.journal("A1").closed_at.is_some();
    let (control, read) = (sale.control(), sale.control().calls(ApiCall::Read));
    sale.settles(0).await;

    (control.calls(ApiCall::Read) - read, closed)
}

#[tokio::test]
async fn f30_unpaid_sale_is_watched_for_a_day() {
    const DAY: u32 = 24 * 60;
    let (almost, over) = join!(watched_after(DAY - 1), watched_after(DAY + 1));
    assert_eq!(almost, (1, false), "a minute is left");
    assert_eq!(over, (0, true), "the day is over");
}

#[tokio::test]
async fn f30_cashier_refunds_a_late_payment() {
    let mut sale = Unpaid::Expired.paid_late().await.launch_again(None).await;
    sale.until_ended("paid").await;
    sale.send(Command::CancelAndRefund);
    sale.until(|state| !matches!(state, State::Ended(_))).await;
    sale.until_ended("refund-started").await;
    assert_eq!(sale.request().status, SandboxStatus::Paid);
    assert_eq!(sale.request().refunded, 1250);
    sale.send(Command::Close);
    sale.closes(21);
}
