//! Kills the program while it cancels a request. After a void was sent, the status "paid" alone does not prove
//! that the sale is paid.

use std::thread;
use std::time::Duration;

use patron_display::sandbox::ApiCall;

use crate::crash::counter::{AMOUNT, Counter, Terms};
use crate::crash::oracle;
use crate::crash::scene::{Point, Scene, Story};
use crate::crash::shim::Fault;
use crate::gate::{Fate, Rule};
use crate::program::Program;
use crate::screen::Key;

/// The commits of a cancelled sale that follow the three commits of its code: W4, then W5 with the void's
/// answer, then the verdict.
const VOIDING: u32 = 4;
const VOIDED: u32 = 5;
const VERDICT: u32 = 6;
/// The commits if the void refunds a payment. The first records that there is money; after it, a later launch
/// must find the refund in the platform's list.
const MONEY: u32 = 5;
const REFUNDED: u32 = 6;
/// The commit of W7.
const ACKNOWLEDGED: u32 = 7;

#[test]
fn f42_killed_in_an_unpaid_void() {
    let cancels = |point, leaves| Scene::new(Story::Cancels, point, leaves);
    let scenes = [
        cancels(Point::Disk(Fault::Write(VOIDING)), "shown"),
        cancels(Point::Disk(Fault::Torn(VOIDING)), "shown"),
        cancels(Point::Disk(Fault::Sync(VOIDING)), "voiding"),
        cancels(Point::Disk(Fault::Synced(VOIDING)), "voiding"),
        cancels(Point::Asked(ApiCall::Void), "voiding"),
        cancels(Point::AskedLate(ApiCall::Void), "voiding"),
        cancels(Point::Answered(ApiCall::Void), "voiding"),
        cancels(Point::Disk(Fault::Write(VOIDED)), "voiding"),
        cancels(Point::Disk(Fault::Synced(VOIDED)), "voiding"),
        cancels(Point::Disk(Fault::Write(VERDICT)), "voiding"),
        cancels(Point::Disk(Fault::Torn(VERDICT)), "voiding"),
        cancels(Point::Disk(Fault::Sync(VERDICT)), "settled"),
        cancels(Point::Disk(Fault::Synced(VERDICT)), "settled"),
    ];
    Scene::play_all(scenes.into_iter().flat_map(Scene::and_then));
}

#[test]
fn f42_killed_before_the_void_then_paid() {
    let paid = |point, leaves| Scene {
        pays_then: true,
        ..Scene::new(Story::Cancels, point, leaves)
    };
    let scenes = [
        // The journal has no record of a void yet, so the payment counts.
        paid(Point::Disk(Fault::Write(VOIDING)), "shown"),
        paid(Point::Disk(Fault::Sync(VOIDING)), "voiding"),
        paid(Point::Disk(Fault::Synced(VOIDING)), "voiding"),
        paid(Point::Asked(ApiCall::Void), "voiding"),
    ];
    Scene::play_all(scenes.into_iter().flat_map(Scene::and_then));
}

#[test]
fn f42_killed_in_a_paid_void() {
    let refunds = |point, leaves| Scene::new(Story::PaysAndCancels, point, leaves);
    let scenes = [
        refunds(Point::AskedLate(ApiCall::Void), "voiding"),
        refunds(Point::Answered(ApiCall::Void), "voiding"),
        refunds(Point::Disk(Fault::Write(MONEY)), "voiding"),
        refunds(Point::Disk(Fault::Torn(MONEY)), "voiding"),
        refunds(Point::Disk(Fault::Synced(MONEY)), "voiding"),
        refunds(Point::Disk(Fault::Write(REFUNDED)), "voiding"),
        refunds(Point::Disk(Fault::Torn(REFUNDED)), "voiding"),
        refunds(Point::Disk(Fault::Sync(REFUNDED)), "settled"),
        refunds(Point::Disk(Fault::Synced(REFUNDED)), "settled"),
        refunds(Point::Disk(Fault::Write(ACKNOWLEDGED)), "settled"),
    ];
    Scene::play_all(scenes.into_iter().flat_map(Scene::and_then));
}

/// Opens a counter whose sale A1 was cancelled and then paid. When the program was killed, its void was still
/// on its way.
fn with_a_void_on_its_way() -> Counter {
    let counter = Counter::new();
    counter.obey(&[Rule::all(ApiCall::Void, Fate::HeldBefore)]);
    let mut launch = cancelled(&counter);
    counter.gate().stops(ApiCall::Void);
    launch.kill();
    let request = counter.payable("A1").expect("it can be paid");
    counter.pays(&request.id);

    counter
}

/// Launches the sale A1, and cancels it as soon as its code is shown.
fn cancelled(counter: &Counter) -> Program {
    let launch = counter.sale("A1", None);
    launch.says("shown", "");
    counter.screen().press(Key::Escape);

    launch
}

#[test]
fn f42_late_void_becomes_a_refund() {
    let counter = with_a_void_on_its_way();
    counter.settles_with(30);
    assert_eq!(counter.kept("A1"), AMOUNT);

    let before = counter.platform().requests();
    counter.gate().lift(ApiCall::Void);
    counter.platform_moves_on(&before);
    counter.settles_with(22);
    assert_eq!(counter.kept("A1"), 0);
}

#[test]
fn f42_unknown_blocks_the_counter() {
    let counter = with_a_void_on_its_way();
    counter.obey(&[]);
    for reference in ["B1", "B2"] {
        assert_eq!(counter.plays_on(&mut counter.sale(reference, None)), 40);
        assert_eq!(counter.requests(reference), []);
        oracle::check(&counter);
    }
    let mut launch = counter.sale("B3", None);
    let id = launch.says("earlier", "unknown")["id"].clone();
    launch.kill();
    let mut launch = counter.sale("B3", None);
    assert_eq!(launch.says("earlier", "unknown")["id"], id);
    // Someone refunds the payment in the platform's portal.
    counter.voids(id.as_str().expect("an id"));
    launch.says("earlier", "refund-started");
    // Waits, because a key that comes earlier counts for the screen before.
    thread::sleep(Duration::from_millis(900));
    counter.screen().press(Key::Enter);
    counter.ends(&mut launch, 0);
    assert_eq!((counter.kept("A1"), counter.kept("B3")), (0, AMOUNT));
}

#[test]
fn f36_lost_void_answers() {
    let counter = Counter::new();
    counter.obey(&[Rule::all(ApiCall::Void, Fate::Unanswered)]);
    let mut launch = cancelled(&counter);
    launch.says("waiting", "voiding");
    // The first void took effect. The platform refuses the next ones, and those answers are lost too.
    launch.says("ended", "cancelled");
    assert_eq!(counter.gate().count(ApiCall::Void), 3);
    launch.kill();
    counter.obey(&[]);
    counter.sells("B1", 0);
    assert_eq!((counter.kept("A1"), counter.kept("B1")), (0, AMOUNT));
}

#[test]
fn f36_unanswered_void_is_unknown() {
    let counter = Counter::with(Terms::default());
    let (launch, id) = counter.shows("A1");
    counter.obey(&[
        Rule::all(ApiCall::Void, Fate::Unanswered),
        Rule::all(ApiCall::Read, Fate::Lost),
    ]);
    counter.screen().press(Key::Escape);
    let mut launch = launch;
    assert_eq!(launch.says("ended", "unknown")["id"], id.as_str());
    counter.comes_to("unknown");
    launch.kill();
    oracle::check(&counter);
    // The network is still down, so the program sells nothing.
    assert_eq!(counter.plays_on(&mut counter.sale("B1", None)), 40);
    assert_eq!(counter.requests("B1"), []);

    counter.obey(&[]);
    counter.settles_with(21);
    assert_eq!(counter.plays_on(&mut counter.sale("B2", None)), 0);
}
