//! Killed while a request is created with the customer's code: from then on it may be paid.

use crate::counter::{AMOUNT, Counter, Terms};
use crate::gate::Call;
use crate::matrix;
use crate::oracle;
use crate::scene::{Next, Point, Scene, Story};
use crate::shim::Fault;

/// The commits of a sale with a code, by their order: W1 and W2.
const INTENT: u32 = 1;
const CREATED: u32 = 2;

fn killed(point: Point, leaves: &'static str) -> Scene {
    Scene {
        with_code: true,
        ..Scene::new(Story::Waits, point, leaves)
    }
}

/// Kills it, and plays what comes next to its end. Answers with the exit code.
fn play(scene: &Scene, counter: &Counter) -> i32 {
    scene.kill(counter, "A1");
    assert_eq!(counter.phase(), scene.leaves, "killed at another point");
    if let Point::AskedLate(call) = scene.point {
        let before = counter.platform().requests();
        counter.gate().lift(call);
        counter.platform_moves_on(&before);
    }
    counter.gate().obey(&[]);
    if scene.pays_then {
        counter.pays(&counter.payable("A1").expect("a request").id);
    }
    let code = counter.plays_next(scene.next);
    oracle::check(counter);

    code
}

#[test]
fn f39_a_barcode_request_that_was_made_is_found_and_followed_and_no_other_is_made() {
    let scenes = [
        killed(Point::AskedLate(Call::Create), "intended"),
        killed(Point::Answered(Call::Create), "intended"),
        killed(Point::Disk(Fault::Write(CREATED)), "intended"),
        killed(Point::Disk(Fault::Synced(CREATED)), "created"),
    ];
    let paid_or_not = scenes.into_iter().flat_map(Scene::paid_or_not);
    let scenes: Vec<_> = paid_or_not.flat_map(Scene::and_then).collect();
    matrix::play(
        &scenes,
        |scene| format!("{scene:?}"),
        |scene| {
            let counter = Counter::new();
            let code = play(scene, &counter);
            let kept = if scene.pays_then { AMOUNT } else { 0 };
            match scene.next {
                Next::SameSale => assert_eq!((code, counter.kept("A1")), (0, AMOUNT)),
                Next::OtherSale => {
                    assert_eq!((code, counter.kept("A1")), (0, kept));
                    assert_eq!(counter.kept("B1"), AMOUNT);
                }
                Next::Settle => {
                    let settled = if scene.pays_then { 0 } else { 21 };
                    assert_eq!((code, counter.kept("A1")), (settled, kept));
                }
            }
            assert_eq!(counter.requests("A1").len(), 1);
            assert_eq!(counter.payable("A1"), None);
        },
    );
}

#[test]
fn f39_a_barcode_request_that_cannot_be_found_is_unknown_and_keeps_the_next_sale_waiting() {
    let lost = killed(Point::Asked(Call::Create), "intended");
    let hidden = killed(Point::Answered(Call::Create), "intended");
    let scenes: Vec<_> = [(lost, true), (hidden, false)]
        .into_iter()
        .flat_map(|(scene, account)| scene.and_then().map(move |scene| (scene, account)))
        .collect();
    matrix::play(
        &scenes,
        |scene| format!("{scene:?}"),
        |(scene, account)| {
            let counter = Counter::with(Terms {
                account: *account,
                ..Terms::default()
            });
            let made = usize::from(!account);
            let code = play(scene, &counter);
            let unknown = match scene.next {
                Next::SameSale | Next::Settle => 30,
                Next::OtherSale => 40,
            };
            assert_eq!(code, unknown);
            assert_eq!(counter.requests("A1").len(), made, "no second one is made");
            assert!(counter.requests("B1").is_empty());
        },
    );
}

#[test]
fn f39_a_barcode_that_was_never_sent_is_none_that_can_be_paid() {
    let scenes = [
        killed(Point::Disk(Fault::Write(INTENT)), ""),
        killed(Point::Disk(Fault::Torn(INTENT)), ""),
    ];
    matrix::play(
        &scenes,
        |scene| format!("{scene:?}"),
        |scene| {
            let counter = Counter::new();
            assert_eq!(play(scene, &counter), 0);
            assert_eq!(counter.kept("A1"), AMOUNT);
        },
    );
}
