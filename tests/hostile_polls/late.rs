//! Paid after this display had said that it was not: found at a later launch for a day, told as
//! late, and shown until a person has decided.

use patron_display::sale::{Command, State};
use patron_display::sandbox::{Call, Fault, Status};
use serde_json::json;
use tokio::join;

use crate::counter::Counter;

/// How a sale ends without money.
#[derive(Debug, Clone, Copy)]
enum End {
    Expired,
    Declined,
    Cancelled,
}

impl End {
    const ALL: [Self; 3] = [Self::Expired, Self::Declined, Self::Cancelled];

    /// A sale that ended like this, closed.
    async fn reached(self) -> Counter {
        let mut counter = Counter::with_a_code("").await;
        let (control, id) = (counter.control(), counter.latest());
        match self {
            Self::Expired => control.expire(&id).unwrap(),
            Self::Declined => control.decline(&id).unwrap(),
            Self::Cancelled => counter.asks(Command::Cancel),
        }
        let (name, code) = match self {
            Self::Expired => ("expired", 20),
            Self::Declined | Self::Cancelled => ("cancelled", 21),
        };
        counter.until_ended(name).await;
        counter.closes(code);

        counter
    }
}

/// A payment that was on its way comes in.
fn pays_late(counter: &Counter) {
    counter.control().pay_late(&counter.latest()).unwrap();
}

async fn shown_at_the_next_launch(end: End) {
    let counter = end.reached().await;
    pays_late(&counter);
    let mut counter = counter.launch_again(None).await;
    counter.until_ended("paid").await;
    counter.says("LATE PAYMENT").await;
    counter.says("12.50").await;
    counter.says("Earlier sale A1").await;
    counter.until_journaled("A1", "paid").await;
    let entry = counter.journal("A1");
    assert_eq!((entry.outcome.as_deref(), entry.late), (Some("paid"), true));
    assert_eq!(entry.closed_at, None, "until a person takes note");
    counter.asks(Command::Close);
    assert!(matches!(counter.state(), State::Entry));
    counter.closes(21);
    let told = counter.told();
    let earlier = told
        .iter()
        .rfind(|told| told["event"] == "earlier")
        .unwrap();
    assert_eq!(earlier["late"], true);
    assert!(counter.journal("A1").closed_at.is_some());

    let told = counter.settles(0).await;
    assert_eq!(told.len(), 0, "it is told once: {told:?}");
}

async fn told_by_settle(end: End) {
    let counter = end.reached().await;
    pays_late(&counter);
    let told = counter.settles(0).await;
    let earlier = told.last().unwrap();
    assert_eq!(
        (&earlier["event"], &earlier["outcome"], &earlier["late"]),
        (&"earlier".into(), &"paid".into(), &true.into())
    );
}

#[tokio::test]
async fn f30_a_late_payment_is_on_the_next_launchs_screen_in_its_exit_code_and_in_the_journal() {
    let [expired, declined, cancelled] = End::ALL.map(shown_at_the_next_launch);
    let settled = End::ALL.map(told_by_settle);
    let [settled_expired, settled_declined, settled_cancelled] = settled;
    join!(
        expired,
        declined,
        cancelled,
        settled_expired,
        settled_declined,
        settled_cancelled
    );
}

/// What ended without money is so many minutes old by the platform's clock when a launch reads it.
/// Answers with how often it is read after that, and whether the journal has closed it.
async fn looked_after(minutes: u32) -> (u64, bool) {
    let counter = End::Expired.reached().await;
    let created = format!("{{createdAt-{minutes}m}}");
    counter.script(Call::Read, [Fault::edit(json!({"createdAt": created}))]);
    let mut counter = counter.launch_again(None).await;
    counter.until_watched("A1").await;
    assert!(matches!(counter.state(), State::Entry));
    counter.asks(Command::Close);
    counter.closes(21);
    let closed = counter.journal("A1").closed_at.is_some();
    let (control, read) = (counter.control(), counter.control().calls(Call::Read));
    counter.settles(0).await;

    (control.calls(Call::Read) - read, closed)
}

#[tokio::test]
async fn f30_what_ended_without_money_is_watched_for_a_day_of_the_platforms_clock() {
    const DAY: u32 = 24 * 60;
    let (almost, over) = join!(looked_after(DAY - 1), looked_after(DAY + 1));
    assert_eq!(almost, (1, false), "a minute is left");
    assert_eq!(over, (0, true), "the day is over");
}

#[tokio::test]
async fn f30_a_late_payment_is_given_back_where_the_cashier_says_so() {
    let counter = End::Expired.reached().await;
    pays_late(&counter);
    let mut counter = counter.launch_again(None).await;
    counter.until_ended("paid").await;
    counter.asks(Command::CancelAndRefund);
    counter
        .until(|state| !matches!(state, State::Ended(_)))
        .await;
    counter.until_ended("refund-started").await;
    assert_eq!(counter.request().status, Status::Paid);
    assert_eq!(counter.request().refunded, 1250);
    counter.asks(Command::Close);
    counter.closes(21);
}
