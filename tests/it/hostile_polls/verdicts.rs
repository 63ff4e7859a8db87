//! The platform's verdicts while a code is shown: a part payment, a condition, and each reason to cancel.

use std::collections::BTreeSet;

use futures_util::future::join_all;
use patron_display::sale::{Command, Reason, State};
use patron_display::sandbox::{ApiCall, CancelReason, Fault};
use serde_json::json;
use tokio::join;

use crate::hostile_polls::watched_sale::WatchedSale;

#[tokio::test]
async fn f24_part_payment_shows_both_sums() {
    // This shop does not allow part payments, but the platform may still accept one.
    let (mut sale, _gate) = WatchedSale::shown_behind_gate(|gate| {
        gate.replace("\"patronNotPresent\":false", "\"partialAllowed\":true   ");
    })
    .await;
    sale.control().pay_part(&sale.latest(), 750).unwrap();
    sale.until_ended("part-paid").await;
    sale.says("Still to be paid").await;
    sale.says("$5.00").await;
    sale.says("$7.50 of $12.50 has been paid.").await;
    sale.closes(10);
    let outcome = sale.told().pop().unwrap();
    assert_eq!(outcome["outcome"], "part-paid");
    assert_eq!(outcome["remaining"]["amount"], "500");
    assert_eq!(outcome["paidBy"][0]["total"]["amount"], "750");
    assert_eq!(
        sale.control().captured_minus_refunded(&sale.latest()),
        Some(750)
    );
}

const QUESTION: &str = "Check the customer’s card: it must be a gold one.";

/// The platform sets a condition. Its message stays on the screen until `then` is called and ends the wait.
async fn asked_for(status: &str, then: impl FnOnce(&mut WatchedSale), (outcome, code): (&str, u8)) {
    let mut sale = WatchedSale::shown("").await;
    let condition = json!({"id": 7, "name": "gold", "message": QUESTION, "status": status});
    let asked = Fault::edit(json!({"merchantConditions": [condition]}));
    sale.script(ApiCall::Read, [asked.forever()]);
    sale
        .until(|state| {
            matches!(state, State::Waiting(waiting) if matches!(waiting.reason(), Reason::Condition(_)))
        })
        .await;
    sale.says(QUESTION).await;
    sale.shows_no_code();
    let polls = sale.control().calls(ApiCall::Read);
    sale.until_called(ApiCall::Read, polls + 2).await;
    sale.says(QUESTION).await;
    let waiting = sale.told();
    let waiting: Vec<_> = waiting
        .iter()
        .filter(|told| told["event"] == "waiting")
        .collect();
    assert_eq!(waiting.len(), 1, "told more than once: {waiting:?}");
    assert_eq!(waiting[0]["reason"], "condition");
    assert_eq!(waiting[0]["message"], QUESTION);

    then(&mut sale);
    sale.closes_as(outcome, code).await;
    for answer in [ApiCall::AcceptCondition, ApiCall::DeclineCondition] {
        assert_eq!(sale.control().calls(answer), 0, "the display answered it");
    }
}

#[tokio::test]
async fn f25_condition_is_shown_and_never_answered() {
    let cancel = |sale: &mut WatchedSale| sale.send(Command::Cancel);
    let pay = |sale: &mut WatchedSale| {
        // Another device has accepted the condition.
        sale.control().clear_script();
        sale.pay();
    };
    let expire = |sale: &mut WatchedSale| {
        let control = sale.control();
        control.expire(&sale.latest()).unwrap();
    };
    join!(
        Box::pin(asked_for("awaiting-merchant", cancel, ("cancelled", 21))),
        Box::pin(asked_for("awaiting-merchant", pay, ("paid", 0))),
        Box::pin(asked_for("awaiting-patron", expire, ("expired", 20))),
    );
}

const REASONS: [(CancelReason, &str); 11] = [
    (CancelReason::CancelledByMerchant, "CANCELLED_BY_MERCHANT"),
    (CancelReason::CancelledByPatron, "CANCELLED_BY_PATRON"),
    (CancelReason::PatronCodeInvalid, "PATRON_CODE_INVALID"),
    (CancelReason::PaymentFailed, "PAYMENT_FAILED"),
    (CancelReason::PatronCodeExpired, "PATRON_CODE_EXPIRED"),
    (CancelReason::DeclinedByPatron, "DECLINED_BY_PATRON"),
    (CancelReason::DeclinedByMerchant, "DECLINED_BY_MERCHANT"),
    (CancelReason::PaymentDeclined, "PAYMENT_DECLINED"),
    (
        CancelReason::PaymentRequestExpired,
        "PAYMENT_REQUEST_EXPIRED",
    ),
    (
        CancelReason::NoAvailablePaymentOptions,
        "NO_AVAILABLE_PAYMENT_OPTIONS",
    ),
    (CancelReason::InactiveAsset, "INACTIVE_ASSET"),
];

/// The platform cancels for this reason. Returns the sentence on the screen about the reason.
async fn cancelled((reason, code): (CancelReason, &str)) -> String {
    let mut sale = WatchedSale::shown("").await;
    sale.control().cancel(&sale.latest(), reason).unwrap();
    sale.until_ended("cancelled").await;
    sale.says("Cancelled").await;
    sale.says("You have not been charged.").await;
    let words = sale.words().await;
    assert!(!words.contains(code), "the code is on the screen: {words}");
    sale.closes(21);
    assert_eq!(sale.told().pop().unwrap()["reason"], code);
    assert_eq!(sale.journal("A1").reason.as_deref(), Some(code));
    let sentence = words
        .lines()
        .find(|line| line.ends_with('.') && !line.contains("not been charged"));

    sentence
        .unwrap_or_else(|| panic!("{code} has no sentence:\n{words}"))
        .to_owned()
}

#[tokio::test]
async fn f26_each_cancel_reason_has_its_sentence() {
    let sentences = join_all(REASONS.map(cancelled)).await;
    let different: BTreeSet<_> = sentences.iter().collect();
    assert_eq!(different.len(), REASONS.len(), "{sentences:#?}");
}
