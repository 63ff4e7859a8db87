//! The network fails first, and then the program is killed.

use std::time::Duration;

use patron_display::sandbox::ApiCall;

use crate::crash::counter::{AMOUNT, Counter, Terms};
use crate::crash::matrix;
use crate::crash::oracle;
use crate::crash::scene::Next;
use crate::gate::{Fate, Rule};

/// Settings with the shortest time to pay for which the program still shows a code.
const SHORT: Terms = Terms {
    expiry_seconds: 11,
    account: true,
    merchant_name: "Centrapay Café",
    api: None,
};

/// The ways to lose the answer to a create that took effect.
const LOSSES: [Fate; 3] = [Fate::Unanswered, Fate::Garbled, Fate::Failed];

#[test]
fn f1_killed_while_looking_up() {
    let scenes: Vec<_> = LOSSES
        .into_iter()
        .flat_map(|loss| [Fate::HeldBefore, Fate::HeldAfter].map(|look_up| (loss, look_up)))
        .flat_map(|(loss, look_up)| Next::ALL.map(|next| (loss, look_up, next)))
        .collect();
    matrix::play(
        &scenes,
        |scene| format!("{scene:?}"),
        |&(loss, look_up, next)| {
            let counter = Counter::new();
            counter.obey(&[
                Rule::next(ApiCall::Create, loss),
                Rule::next(ApiCall::ByExternalRef, look_up),
            ]);
            let mut launch = counter.sale("A1", None);
            counter.gate().stops(ApiCall::ByExternalRef);
            launch.kill();
            assert_eq!(counter.phase(), "intended");
            let lost = counter.payable("A1").expect("the create took effect");
            counter.obey(&[]);
            let code = counter.plays_next(next);
            oracle::check(&counter);
            assert_eq!(code, if next == Next::Settle { 21 } else { 0 });
            let sold = if next == Next::SameSale { AMOUNT } else { 0 };
            assert_eq!(counter.kept("A1"), sold);
            assert_eq!(counter.payable("A1"), None, "{lost:?}");
        },
    );
}

#[test]
fn f1_adopted_request_returns() {
    let counter = Counter::new();
    counter.obey(&[Rule::next(ApiCall::Create, Fate::Unanswered)]);
    let (mut launch, id) = counter.shows("A1");
    launch.kill();
    counter.shows_again_and_sells(&id);
    assert_eq!(counter.requests("A1").len(), 1);
}

#[test]
fn f1_second_request_without_account() {
    let counter = Counter::with(Terms {
        account: false,
        ..Terms::default()
    });
    counter.obey(&[Rule::next(ApiCall::Create, Fate::Unanswered)]);
    let (mut launch, id) = counter.shows("A1");
    launch.kill();
    let requests = counter.requests("A1");
    let [lost, second] = requests.as_slice() else {
        panic!("two requests were to be made: {requests:#?}");
    };
    assert_eq!(second.till_reference(), Some("A1-2"));
    assert_eq!(id, second.id);
    counter.shows_again_and_sells(&second.id);
    assert_eq!(counter.kept("A1"), AMOUNT);
    assert!(
        counter
            .told()
            .iter()
            .all(|event| event["id"] != lost.id.as_str())
    );
}

#[test]
fn f11_killed_while_settling() {
    let scenes: Vec<_> = [false, true]
        .into_iter()
        .flat_map(|pays| [Next::OtherSale, Next::Settle].map(|next| (pays, next)))
        .collect();
    matrix::play(
        &scenes,
        |scene| format!("paid, next: {scene:?}"),
        |&(pays, next)| {
            let counter = Counter::with(SHORT);
            let (mut launch, id) = counter.shows("A1");
            counter.obey(&[Rule::all(ApiCall::Read, Fate::Lost)]);
            counter.gate().stops(ApiCall::Read);
            if pays {
                counter.pays(&id);
            }
            launch.says("waiting", "settling");
            launch.kill();
            counter.obey(&[]);
            let code = counter.plays_next(next);
            oracle::check(&counter);
            let expected = if next == Next::Settle && !pays { 20 } else { 0 };
            assert_eq!(code, expected);
            assert_eq!(counter.kept("A1"), if pays { AMOUNT } else { 0 });
        },
    );
}

#[test]
fn f11_no_answer_after_expiry() {
    matrix::play(
        &[false, true],
        |pays| format!("paid: {pays}"),
        |&pays| {
            let counter = Counter::with(SHORT);
            let (mut launch, id) = counter.shows("A1");
            counter.obey(&[
                Rule::all(ApiCall::Read, Fate::Lost),
                Rule::all(ApiCall::Void, Fate::Lost),
            ]);
            counter.gate().stops(ApiCall::Read);
            if pays {
                counter.pays(&id);
            }
            launch.says("waiting", "settling");
            assert!(
                launch
                    .next(Duration::from_secs(9))
                    .is_none_or(|event| event["event"] == "link")
            );
            launch.says("waiting", "voiding");
            launch.says("ended", "unknown");
            counter.comes_to("unknown");
            launch.kill();
            oracle::check(&counter);
            counter.obey(&[]);
            // The void may still take effect late, so the payment may still be refunded.
            let (settled, sold) = if pays { (30, 40) } else { (20, 0) };
            counter.settles_with(settled);
            counter.sells("B1", sold);
        },
    );
}
