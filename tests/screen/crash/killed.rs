//! Kills the program before and after the verdict of its sale.

use std::time::Duration;

use patron_display::sandbox::ApiCall;

use crate::crash::counter::{AMOUNT, Counter, Terms};
use crate::crash::matrix;
use crate::crash::oracle;
use crate::crash::scene::{Next, Point, Scene, Story};
use crate::crash::shim::Fault;
use crate::gate::{Fate, Rule};

/// The commits of a sale, in this order: W1, W2, W3, the verdict and the verdict's acknowledgement.
const INTENT: u32 = 1;
const CREATED: u32 = 2;
const SHOWN: u32 = 3;
const VERDICT: u32 = 4;
const ACKNOWLEDGED: u32 = 5;

#[test]
fn f39_killed_before_the_id() {
    let waits = |point, leaves| Scene::new(Story::Waits, point, leaves);
    let scenes = [
        waits(Point::Disk(Fault::Write(INTENT)), ""),
        waits(Point::Disk(Fault::Torn(INTENT)), ""),
        waits(Point::Disk(Fault::Sync(INTENT)), "intended"),
        waits(Point::Disk(Fault::Synced(INTENT)), "intended"),
        waits(Point::Asked(ApiCall::Create), "intended"),
        waits(Point::AskedLate(ApiCall::Create), "intended"),
        waits(Point::Answered(ApiCall::Create), "intended"),
        waits(Point::Disk(Fault::Write(CREATED)), "intended"),
        waits(Point::Disk(Fault::Torn(CREATED)), "intended"),
    ];
    Scene::play_all(scenes.into_iter().flat_map(Scene::and_then));
}

#[test]
fn f39_late_create_is_found_later() {
    let counter = Counter::new();
    counter.obey(&[Rule::next(ApiCall::Create, Fate::HeldBefore)]);
    let mut launch = counter.sale("A1", None);
    counter.gate().stops(ApiCall::Create);
    launch.kill();
    assert_eq!(counter.plays_on(&mut counter.sale("B1", None)), 0);
    assert_eq!(counter.kept("B1"), AMOUNT);

    let before = counter.platform().requests();
    counter.gate().lift(ApiCall::Create);
    counter.platform_moves_on(&before);
    let late = counter.payable("A1").expect("it arrived");
    counter.settles_with(21);
    assert_eq!(counter.payable("A1"), None, "{late:?}");
}

#[test]
fn f39_lost_request_without_account() {
    let counter = Counter::with(Terms {
        account: false,
        ..Terms::default()
    });
    counter.obey(&[Rule::next(ApiCall::Create, Fate::HeldAfter)]);
    let mut launch = counter.sale("A1", None);
    counter.gate().stops(ApiCall::Create);
    launch.kill();
    let lost = counter.payable("A1").expect("it took effect");
    counter.sells("A1", 0);
    assert_eq!(counter.kept("A1"), AMOUNT);
    assert!(counter.told().iter().all(|event| event["id"] != lost.id));
}

#[test]
fn f40_killed_with_the_id() {
    let waits = |point, leaves| Scene::new(Story::Waits, point, leaves);
    let scenes = [
        waits(Point::Disk(Fault::Sync(CREATED)), "created"),
        waits(Point::Disk(Fault::Synced(CREATED)), "created"),
        waits(Point::Disk(Fault::Write(SHOWN)), "created"),
        waits(Point::Disk(Fault::Torn(SHOWN)), "created"),
    ];
    Scene::play_all(scenes.into_iter().flat_map(Scene::and_then));
}

#[test]
fn f40_killed_under_the_code() {
    let waits = |point| Scene::new(Story::Waits, point, "shown");
    let scenes = [
        waits(Point::Disk(Fault::Sync(SHOWN))),
        waits(Point::Disk(Fault::Synced(SHOWN))),
        waits(Point::Told("shown")),
        waits(Point::Asked(ApiCall::Read)),
        waits(Point::Answered(ApiCall::Read)),
    ];
    let paid_or_not = scenes.into_iter().flat_map(Scene::paid_or_not);
    Scene::play_all(paid_or_not.flat_map(Scene::and_then));
}

/// A launch that finds a shown code makes these commits: the record that it resumes, W4 and W5 of the void, and
/// the verdict. If the code was paid, it makes only two: the verdict and its acknowledgement.
#[test]
fn f40_killed_in_recovery() {
    let disk = |commit| {
        [
            Fault::Write(commit),
            Fault::Sync(commit),
            Fault::Synced(commit),
        ]
        .map(Point::Disk)
    };
    let calls = |call| [Point::Asked(call), Point::Answered(call)];
    let unpaid = (1..=5).flat_map(disk).chain(calls(ApiCall::Void));
    let paid = (1..=2).flat_map(disk);
    let points = unpaid
        .map(|point| (point, false))
        .chain(paid.map(|point| (point, true)));
    let scenes: Vec<_> = points
        .flat_map(|(point, pays)| Next::ALL.map(|next| (point, pays, next)))
        .collect();
    matrix::play(
        &scenes,
        |scene| format!("{scene:?}"),
        |&(point, pays, next)| {
            let counter = Counter::new();
            Scene::new(Story::Waits, Point::Told("shown"), "shown").kill(&counter, "A1");
            if pays {
                counter.pays(&counter.payable("A1").expect("a request").id);
            }
            Scene::new(Story::Waits, point, "").kill(&counter, "B1");
            oracle::check(&counter);
            counter.obey(&[]);
            let code = counter.plays_next(next);
            oracle::check(&counter);
            let sold = |sale, is_next: bool| {
                assert_eq!(
                    counter.kept(sale),
                    if is_next { AMOUNT } else { 0 },
                    "{sale}"
                );
            };
            sold("A1", pays || next == Next::SameSale);
            sold("B1", next == Next::OtherSale);
            assert!(code == 0 || next == Next::Settle, "it ended with {code}");
            assert_eq!((counter.payable("A1"), counter.payable("B1")), (None, None));
        },
    );
}

#[test]
fn f41_next_launch_shows_the_payment() {
    let pays = |point, leaves| Scene::new(Story::Pays, point, leaves);
    let scenes = [
        pays(Point::Asked(ApiCall::Read), "shown"),
        pays(Point::Answered(ApiCall::Read), "shown"),
        pays(Point::Disk(Fault::Write(VERDICT)), "shown"),
        pays(Point::Disk(Fault::Torn(VERDICT)), "shown"),
        pays(Point::Disk(Fault::Sync(VERDICT)), "settled"),
        pays(Point::Disk(Fault::Synced(VERDICT)), "settled"),
        pays(Point::Disk(Fault::Write(ACKNOWLEDGED)), "settled"),
        pays(Point::Disk(Fault::Torn(ACKNOWLEDGED)), "settled"),
        pays(Point::Disk(Fault::Synced(ACKNOWLEDGED)), "settled"),
        pays(Point::Told("outcome"), "settled"),
        pays(Point::Disk(Fault::Checkpoint(ACKNOWLEDGED)), "settled"),
    ];
    Scene::play_all(scenes.into_iter().flat_map(Scene::and_then));
}

#[test]
fn f41_payment_stays_until_confirmed() {
    let counter = Counter::new();
    let (mut launch, id) = counter.shows("A1");
    launch.kill();
    counter.pays(&id);
    for _ in 0..2 {
        let mut launch = counter.sale("B1", None);
        assert_eq!(launch.says("earlier", "paid")["id"], id.as_str());
        // A screen that closes by itself would be closed within this time.
        assert_eq!(launch.next(Duration::from_secs(2)), None);
        launch.kill();
    }
    counter.sells("B1", 0);
    assert_eq!((counter.kept("A1"), counter.kept("B1")), (AMOUNT, AMOUNT));

    let told_before = counter.told().len();
    assert_eq!(counter.plays_on(&mut counter.sale("C1", None)), 0);
    let told = counter.told().split_off(told_before);
    assert!(
        told.iter().all(|event| event["event"] != "earlier"),
        "{told:?}"
    );
}

#[test]
fn f43_f69_killed_making_the_journal() {
    let faults = [
        Fault::Making(1),
        Fault::Making(2),
        Fault::Making(10),
        Fault::Made(1),
        Fault::Write(1),
        Fault::Torn(1),
        Fault::Sync(1),
        Fault::Synced(1),
    ];
    matrix::play(
        &faults,
        |fault| format!("{fault:?}"),
        |&fault| {
            let counter = Counter::without_journal(Terms::default());
            counter.sale("A1", Some(fault)).was_killed();
            assert_eq!(counter.platform().requests(), [], "nothing was promised");
            counter.sells("A1", 0);
            assert_eq!(counter.kept("A1"), AMOUNT);
        },
    );
}

#[test]
fn f43_power_cut_loses_nothing() {
    let cut = |story, point, leaves| Scene {
        power_cut: true,
        ..Scene::new(story, point, leaves)
    };
    let scenes = [
        cut(Story::Waits, Point::Asked(ApiCall::Create), "intended"),
        cut(Story::Waits, Point::Answered(ApiCall::Create), "intended"),
        cut(Story::Waits, Point::Told("shown"), "shown"),
        cut(Story::Cancels, Point::Asked(ApiCall::Void), "voiding"),
        cut(Story::Cancels, Point::Answered(ApiCall::Void), "voiding"),
        cut(Story::Pays, Point::Told("outcome"), "settled"),
    ];
    Scene::play_all(scenes.into_iter().flat_map(Scene::and_then));
}
