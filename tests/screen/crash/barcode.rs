//! Kills the program while it creates a request with the customer's code. The customer may pay as soon as the
//! platform has the create.

use patron_display::sandbox::ApiCall;

use crate::crash::counter::{AMOUNT, Counter, Terms};
use crate::crash::matrix;
use crate::crash::oracle;
use crate::crash::scene::{Next, Point, Scene, Story};
use crate::crash::shim::Fault;

/// The commits of a sale with the customer's code: W1 and W2, in this order.
const INTENT: u32 = 1;
const CREATED: u32 = 2;

fn killed(point: Point, leaves: &'static str) -> Scene {
    Scene {
        with_code: true,
        ..Scene::new(Story::Waits, point, leaves)
    }
}

/// Kills the program, then plays the next launch to its end. Returns that launch's exit code.
fn play(scene: &Scene, counter: &Counter) -> i32 {
    scene.kill_and_go_on(counter);
    let code = counter.plays_next(scene.next);
    oracle::check(counter);

    code
}

#[test]
fn f39_created_barcode_is_followed() {
    let scenes = [
        killed(Point::AskedLate(ApiCall::Create), "intended"),
        killed(Point::Answered(ApiCall::Create), "intended"),
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
fn f39_lost_barcode_is_unknown() {
    let lost = killed(Point::Asked(ApiCall::Create), "intended");
    let hidden = killed(Point::Answered(ApiCall::Create), "intended");
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
fn f39_unsent_barcode_cannot_be_paid() {
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
