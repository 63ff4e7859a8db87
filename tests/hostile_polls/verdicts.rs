//! What the platform says about a request while its code stands: paid in part, a condition, and
//! each of its reasons to cancel.

use std::collections::BTreeSet;

use futures_util::future::join_all;
use patron_display::sale::{Command, Reason, State};
use patron_display::sandbox::{Call, CancellationReason, Control, Fault};
use serde_json::json;
use tokio::join;

use crate::counter::Counter;

#[tokio::test]
async fn f24_a_payment_in_part_says_what_came_in_and_what_is_owed() {
    // The display does not allow part payments yet; a platform may take one all the same.
    let (mut counter, _gate) = Counter::behind_a_gate(|gate| {
        gate.replaces("\"patronNotPresent\":false", "\"partialAllowed\":true   ");
    })
    .await;
    counter.control().pay_part(&counter.latest(), 750).unwrap();
    counter.until_ended("part-paid").await;
    counter.says("Still to be paid").await;
    counter.says("$5.00").await;
    counter.says("$7.50 of $12.50 has been paid.").await;
    counter.closes(10);
    let outcome = counter.told().pop().unwrap();
    assert_eq!(outcome["outcome"], "part-paid");
    assert_eq!(outcome["remaining"]["amount"], "500");
    assert_eq!(outcome["paidBy"][0]["total"]["amount"], "750");
    assert_eq!(
        counter.control().captured_minus_refunded(&counter.latest()),
        Some(750)
    );
}

const QUESTION: &str = "Check the customer’s card: it must be a gold one.";

/// A condition comes up, and is shown with its message until `then` makes an end.
async fn asked_for(status: &str, then: impl FnOnce(&mut Counter), (outcome, code): (&str, u8)) {
    let mut counter = Counter::with_a_code("").await;
    let condition = json!({"id": 7, "name": "gold", "message": QUESTION, "status": status});
    let asked = Fault::edit(json!({"merchantConditions": [condition]}));
    counter.script(Call::Read, [asked.forever()]);
    counter
        .until(|state| {
            matches!(state, State::Waiting(waiting) if matches!(waiting.reason(), Reason::Condition(_)))
        })
        .await;
    counter.says(QUESTION).await;
    counter.shows_no_code();
    let polls = counter.control().calls(Call::Read);
    counter.until_called(Call::Read, polls + 2).await;
    counter.says(QUESTION).await;
    let waiting = counter.told();
    let waiting: Vec<_> = waiting
        .iter()
        .filter(|told| told["event"] == "waiting")
        .collect();
    assert_eq!(waiting.len(), 1, "it is told once: {waiting:?}");
    assert_eq!(waiting[0]["reason"], "condition");
    assert_eq!(waiting[0]["message"], QUESTION);

    then(&mut counter);
    counter.until_ended(outcome).await;
    counter.closes(code);
    assert_eq!(
        answers(&counter.control()),
        0,
        "nobody here has answered it"
    );
}

fn answers(control: &Control) -> u64 {
    control.calls(Call::AcceptCondition) + control.calls(Call::DeclineCondition)
}

#[tokio::test]
async fn f25_a_condition_is_shown_with_its_message_and_never_answered_by_itself() {
    let cancel = |counter: &mut Counter| counter.asks(Command::Cancel);
    let pay = |counter: &mut Counter| {
        // Somebody else has accepted it.
        counter.control().clear_script();
        counter.pay();
    };
    let expire = |counter: &mut Counter| {
        let control = counter.control();
        control.expire(&counter.latest()).unwrap();
    };
    join!(
        Box::pin(asked_for("awaiting-merchant", cancel, ("cancelled", 21))),
        Box::pin(asked_for("awaiting-merchant", pay, ("paid", 0))),
        Box::pin(asked_for("awaiting-patron", expire, ("expired", 20))),
    );
}

const REASONS: [(CancellationReason, &str); 11] = [
    (
        CancellationReason::CancelledByMerchant,
        "CANCELLED_BY_MERCHANT",
    ),
    (CancellationReason::CancelledByPatron, "CANCELLED_BY_PATRON"),
    (CancellationReason::PatronCodeInvalid, "PATRON_CODE_INVALID"),
    (CancellationReason::PaymentFailed, "PAYMENT_FAILED"),
    (CancellationReason::PatronCodeExpired, "PATRON_CODE_EXPIRED"),
    (CancellationReason::DeclinedByPatron, "DECLINED_BY_PATRON"),
    (
        CancellationReason::DeclinedByMerchant,
        "DECLINED_BY_MERCHANT",
    ),
    (CancellationReason::PaymentDeclined, "PAYMENT_DECLINED"),
    (
        CancellationReason::PaymentRequestExpired,
        "PAYMENT_REQUEST_EXPIRED",
    ),
    (
        CancellationReason::NoAvailablePaymentOptions,
        "NO_AVAILABLE_PAYMENT_OPTIONS",
    ),
    (CancellationReason::InactiveAsset, "INACTIVE_ASSET"),
];

/// The platform cancels for this reason. Answers with the sentence on the screen for it.
async fn cancelled((reason, code): (CancellationReason, &str)) -> String {
    let mut counter = Counter::with_a_code("").await;
    counter.control().cancel(&counter.latest(), reason).unwrap();
    counter.until_ended("cancelled").await;
    counter.says("Cancelled").await;
    counter.says("You have not been charged.").await;
    let words = counter.words().await;
    assert!(!words.contains(code), "plain words: {words}");
    counter.closes(21);
    assert_eq!(counter.told().pop().unwrap()["reason"], code);
    assert_eq!(counter.journal("A1").reason.as_deref(), Some(code));
    let sentence = words
        .lines()
        .find(|line| line.ends_with('.') && !line.contains("not been charged"));

    sentence
        .unwrap_or_else(|| panic!("{code} has no sentence:\n{words}"))
        .to_owned()
}

#[tokio::test]
async fn f26_each_reason_to_cancel_ends_as_cancelled_with_a_sentence_of_its_own() {
    let sentences = join_all(REASONS.map(cancelled)).await;
    let different: BTreeSet<_> = sentences.iter().collect();
    assert_eq!(different.len(), REASONS.len(), "{sentences:#?}");
}
