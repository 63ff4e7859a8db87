//! Voids that race a payment, and voids that the platform refuses: its answer to a void is no
//! verdict, the status is, and where that says paid, the refund decides.

use std::time::Duration;

use patron_display::sale::{Command, State};
use patron_display::sandbox::{Call, Fault, Script, Status};
use serde_json::json;
use tokio::join;

use crate::counter::Counter;

/// How a cancelled sale ends.
#[derive(Debug, Clone, Copy)]
struct Ends {
    name: &'static str,
    code: u8,
}

const PAID: Ends = Ends {
    name: "paid",
    code: 0,
};
const EXPIRED: Ends = Ends {
    name: "expired",
    code: 20,
};
const CANCELLED: Ends = Ends {
    name: "cancelled",
    code: 21,
};
const REFUND_STARTED: Ends = Ends {
    name: "refund-started",
    code: 22,
};
const UNKNOWN: Ends = Ends {
    name: "unknown",
    code: 30,
};

fn refused(code: &str) -> Fault {
    Fault::refusal(403, code)
}

/// The cashier cancels, after `before`, with these faults of the void; what is on the screen in the
/// end says `says`.
async fn cancelled(
    before: impl FnOnce(&Counter),
    voids: impl IntoIterator<Item = Fault>,
    ends: Ends,
    says: &str,
) -> Counter {
    let mut counter = Counter::with_a_code("").await;
    before(&counter);
    counter.script(Call::Void, voids);
    counter.asks(Command::Cancel);
    counter.shows_no_code();
    counter.until_ended(ends.name).await;
    counter.says(says).await;
    counter.closes(ends.code);

    counter
}

fn nothing(_: &Counter) {}

const GOING_BACK: &str = "The money is on its way back to you.";
const STANDS: &str = "the payment stands";
const NOT_CHARGED: &str = "You have not been charged.";

async fn refunded(counter: &mut Counter) {
    counter.until_ended("refund-started").await;
    counter.says(GOING_BACK).await;
    assert_eq!(
        counter.request().status,
        Status::Paid,
        "the platform calls it so"
    );
    counter.closes(22);
    let paid = counter
        .told()
        .into_iter()
        .find(|told| told["outcome"] == "paid");
    assert_eq!(paid, None);
}

/// The customer pays when the key was pressed and the void is not at the platform yet.
async fn overtaken(script: Script) {
    let mut counter = Counter::with_a_code("").await;
    counter.control().set_script(script);
    counter.asks(Command::Cancel);
    assert_eq!(counter.control().calls(Call::Void), 0);
    counter.pay();
    refunded(&mut counter).await;
}

/// The customer pays when the void has come in and has not taken effect yet.
async fn in_between() {
    let mut counter = Counter::with_a_code("").await;
    counter.script(Call::Void, [Fault::delay(Duration::from_millis(500))]);
    counter.asks(Command::Cancel);
    let (control, id) = (counter.control(), counter.latest());
    let patron = async {
        while control.calls(Call::Void) == 0 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        control.pay(&id).unwrap();
    };
    join!(patron, refunded(&mut counter));
}

#[tokio::test]
async fn f31_paid_while_the_void_is_on_its_way_is_a_refund_and_never_paid() {
    let script = Script::default;
    let says_something_else = Fault::edit(json!({"type": "payment"}));
    join!(
        Box::pin(in_between()),
        // The void's own answer tells; or, where that is lost or says something else, the
        // activities do, at last.
        Box::pin(overtaken(script())),
        Box::pin(overtaken(script().on(Call::Void, [Fault::drop_after()]))),
        Box::pin(overtaken(script().on(Call::Void, [says_something_else]))),
        overtaken(
            script()
                .on(Call::Void, [Fault::empty().after_effect()])
                .on(Call::Activities, [Fault::status(500), Fault::html()])
        ),
    );
}

fn paid(counter: &Counter) {
    counter.pay();
}

fn expired(counter: &Counter) {
    counter.control().expire(&counter.latest()).unwrap();
}

#[tokio::test]
async fn f32_a_void_that_comes_too_late_leaves_it_to_the_status() {
    join!(
        // The platform's own answer, and what it says of another state than it is in.
        Box::pin(cancelled(expired, [], EXPIRED, NOT_CHARGED)),
        Box::pin(cancelled(
            expired,
            [refused("REQUEST_PAID")],
            EXPIRED,
            NOT_CHARGED
        )),
        Box::pin(cancelled(paid, [refused("REQUEST_PAID")], PAID, STANDS)),
        Box::pin(cancelled(paid, [refused("REQUEST_EXPIRED")], PAID, STANDS)),
        cancelled(
            nothing,
            [refused("REQUEST_EXPIRED")],
            UNKNOWN,
            "Do not charge again."
        ),
    );
}

#[tokio::test]
async fn f33_a_void_that_an_earlier_try_has_made_needless_leaves_it_to_the_status() {
    let after_a_lost_one = |code| [Fault::drop_after(), refused(code)];
    let cancelled_once = cancelled(nothing, [Fault::drop_after()], CANCELLED, NOT_CHARGED);
    let refunded_once = cancelled(paid, [Fault::drop_after()], REFUND_STARTED, GOING_BACK);
    let (cancelled_once, refunded_once, ..) = join!(
        // The platform answers the second one with REQUEST_CANCELLED and with ALREADY_REFUNDED.
        cancelled_once,
        refunded_once,
        cancelled(
            nothing,
            after_a_lost_one("REPEAT_REFERENCE"),
            CANCELLED,
            NOT_CHARGED
        ),
        cancelled(
            paid,
            after_a_lost_one("REPEAT_REFERENCE"),
            REFUND_STARTED,
            GOING_BACK
        ),
    );
    for counter in [cancelled_once, refunded_once] {
        assert_eq!(counter.control().calls(Call::Void), 2);
    }
}

#[tokio::test]
async fn f33_paid_and_no_refund_listed_is_not_told_as_paid_where_an_earlier_void_has_worked() {
    let unknown = |code| cancelled(paid, [refused(code)], UNKNOWN, "Do not charge again.");
    join!(unknown("ALREADY_REFUNDED"), unknown("REPEAT_REFERENCE"));
}

#[tokio::test]
async fn f34_a_payment_that_cannot_go_back_stays_paid_and_the_screen_says_so() {
    let (one, other) = join!(
        Box::pin(cancelled(
            paid,
            [refused("REFUND_NOT_SUPPORTED")],
            PAID,
            STANDS
        )),
        Box::pin(cancelled(paid, [refused("INACTIVE_ASSET")], PAID, STANDS)),
    );
    for counter in [one, other] {
        assert_eq!(
            counter.control().calls(Call::Void),
            1,
            "it is not asked again"
        );
        assert_eq!(counter.journal("A1").outcome.as_deref(), Some("paid"));
    }
}

const BY_REFUND: &str = "Give the money back by a refund";

/// A late payment that the cashier wants to give back when the window for that is over.
async fn late_and_not_to_be_voided() {
    let mut counter = Counter::with_a_code("").await;
    expired(&counter);
    counter.until_ended("expired").await;
    counter.closes(20);
    counter.control().pay_late(&counter.latest()).unwrap();
    let mut counter = counter.launch_again(None).await;
    counter.until_ended("paid").await;
    counter.script(Call::Void, [refused("VOID_WINDOW_EXCEEDED")]);
    counter.asks(Command::CancelAndRefund);
    counter
        .until(|state| !matches!(state, State::Ended(_)))
        .await;
    counter.until_ended("paid").await;
    counter.says(STANDS).await;
    counter.says(BY_REFUND).await;
    counter.asks(Command::Close);
    counter.closes(21);
}

#[tokio::test]
async fn f35_after_the_void_window_the_status_is_read_and_the_screen_points_to_a_refund() {
    let over = || [refused("VOID_WINDOW_EXCEEDED")];
    join!(
        Box::pin(cancelled(paid, over(), PAID, BY_REFUND)),
        Box::pin(cancelled(expired, over(), EXPIRED, NOT_CHARGED)),
        Box::pin(late_and_not_to_be_voided()),
    );
}
