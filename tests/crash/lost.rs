//! The network goes, and then the program does.

use std::time::Duration;

use crate::counter::{AMOUNT, Counter, Terms};
use crate::gate::{Call, Fate, Rule};
use crate::matrix;
use crate::oracle;
use crate::scene::Next;

/// The shortest time to pay that a code is shown for.
const SHORT: Terms = Terms {
    expiry_seconds: 11,
    account: true,
    merchant_name: "Centrapay Café",
    api: None,
};

/// The create takes effect and its answer is lost in one of these ways.
const LOSSES: [Fate; 3] = [Fate::Unanswered, Fate::Garbled, Fate::Failed];

#[test]
fn f1_the_creates_answer_is_lost_and_the_program_is_killed_while_it_looks_for_the_request() {
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
            counter.gate().obey(&[
                Rule::next(Call::Create, loss),
                Rule::next(Call::LookUp, look_up),
            ]);
            let mut launch = counter.sale("A1", None);
            assert!(counter.gate().has_stopped(Call::LookUp), "no look-up came");
            launch.kill();
            assert_eq!(counter.phase(), "intended");
            let lost = counter.payable("A1").expect("the create took effect");
            counter.gate().obey(&[]);
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
fn f1_a_request_whose_answer_was_lost_is_adopted_and_comes_up_again_after_a_kill() {
    let counter = Counter::new();
    counter
        .gate()
        .obey(&[Rule::next(Call::Create, Fate::Unanswered)]);
    let mut launch = counter.sale("A1", None);
    let id = launch.says("shown", "")["id"].clone();
    launch.kill();
    let mut launch = counter.sale("A1", None);
    assert_eq!(launch.says("shown", "")["id"], id);
    counter.pays(id.as_str().expect("an id"));
    assert_eq!(counter.plays_on(&mut launch), 0);
    oracle::check(&counter);
    assert_eq!(counter.requests("A1").len(), 1);
}

#[test]
fn f1_without_an_account_a_second_request_is_shown_and_only_that_one_comes_up_again() {
    let counter = Counter::with(Terms {
        account: false,
        ..Terms::default()
    });
    counter
        .gate()
        .obey(&[Rule::next(Call::Create, Fate::Unanswered)]);
    let mut launch = counter.sale("A1", None);
    let id = launch.says("shown", "")["id"].clone();
    launch.kill();
    let requests = counter.requests("A1");
    let [lost, second] = requests.as_slice() else {
        panic!("two requests were to be made: {requests:#?}");
    };
    assert_eq!(second.till_reference(), Some("A1-2"));
    assert_eq!(id, second.id.as_str());
    let mut launch = counter.sale("A1", None);
    assert_eq!(launch.says("shown", "")["id"], id);
    counter.pays(&second.id);
    assert_eq!(counter.plays_on(&mut launch), 0);
    oracle::check(&counter);
    assert_eq!(counter.kept("A1"), AMOUNT);
    assert!(
        counter
            .told()
            .iter()
            .all(|event| event["id"] != lost.id.as_str())
    );
}

#[test]
fn f11_killed_while_the_platform_has_the_last_word_the_next_launch_asks_for_it() {
    let scenes: Vec<_> = [false, true]
        .into_iter()
        .flat_map(|pays| [Next::OtherSale, Next::Settle].map(|next| (pays, next)))
        .collect();
    matrix::play(
        &scenes,
        |scene| format!("paid, next: {scene:?}"),
        |&(pays, next)| {
            let counter = Counter::with(SHORT);
            let mut launch = counter.sale("A1", None);
            let shown = launch.says("shown", "");
            counter.gate().obey(&[Rule::all(Call::Read, Fate::Lost)]);
            assert!(counter.gate().has_stopped(Call::Read), "no poll came");
            if pays {
                counter.pays(shown["id"].as_str().expect("an id"));
            }
            launch.says("waiting", "settling");
            launch.kill();
            counter.gate().obey(&[]);
            let code = counter.plays_next(next);
            oracle::check(&counter);
            let expected = if next == Next::Settle && !pays { 20 } else { 0 };
            assert_eq!(code, expected);
            assert_eq!(counter.kept("A1"), if pays { AMOUNT } else { 0 });
        },
    );
}

#[test]
fn f11_nobody_answers_until_long_after_the_expiry_it_is_unknown_and_stays_open_when_killed() {
    matrix::play(
        &[false, true],
        |pays| format!("paid: {pays}"),
        |&pays| {
            let counter = Counter::with(SHORT);
            let mut launch = counter.sale("A1", None);
            let shown = launch.says("shown", "");
            counter.gate().obey(&[
                Rule::all(Call::Read, Fate::Lost),
                Rule::all(Call::Void, Fate::Lost),
            ]);
            assert!(counter.gate().has_stopped(Call::Read), "no poll came");
            if pays {
                counter.pays(shown["id"].as_str().expect("an id"));
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
            counter.gate().obey(&[]);
            // A void was sent that may still be on its way: paid does not mean paid.
            let (settled, sold) = if pays { (30, 40) } else { (20, 0) };
            assert_eq!(counter.settles(), settled);
            oracle::check(&counter);
            assert_eq!(counter.plays_on(&mut counter.sale("B1", None)), sold);
            oracle::check(&counter);
        },
    );
}
