//! Killed on the way to a verdict, and after it.

use std::time::Duration;

use crate::counter::{AMOUNT, Counter, Terms};
use crate::gate::{Call, Fate, Rule};
use crate::matrix;
use crate::oracle;
use crate::scene::{Next, Point, Scene, Story};
use crate::shim::Fault;

/// The commits of a sale, by their order: W1, W2, W3, then the verdict and its acknowledgement.
const INTENT: u32 = 1;
const CREATED: u32 = 2;
const SHOWN: u32 = 3;
const VERDICT: u32 = 4;
const ACKNOWLEDGED: u32 = 5;

#[test]
fn f39_killed_before_the_id_is_known_the_request_is_found_and_voided_and_the_sale_goes_on() {
    let waits = |point, leaves| Scene::new(Story::Waits, point, leaves);
    let scenes = [
        waits(Point::Disk(Fault::Write(INTENT)), ""),
        waits(Point::Disk(Fault::Torn(INTENT)), ""),
        waits(Point::Disk(Fault::Sync(INTENT)), "intended"),
        waits(Point::Disk(Fault::Synced(INTENT)), "intended"),
        waits(Point::Asked(Call::Create), "intended"),
        waits(Point::AskedLate(Call::Create), "intended"),
        waits(Point::Answered(Call::Create), "intended"),
        waits(Point::Disk(Fault::Write(CREATED)), "intended"),
        waits(Point::Disk(Fault::Torn(CREATED)), "intended"),
    ];
    Scene::play_all(scenes.into_iter().flat_map(Scene::and_then));
}

#[test]
fn f39_a_create_that_arrives_after_the_next_launch_has_looked_is_found_by_a_later_one() {
    let counter = Counter::new();
    counter
        .gate()
        .obey(&[Rule::next(Call::Create, Fate::HeldBefore)]);
    let mut launch = counter.sale("A1", None);
    assert!(counter.gate().has_stopped(Call::Create), "no create came");
    launch.kill();
    assert_eq!(counter.plays_on(&mut counter.sale("B1", None)), 0);
    assert_eq!(counter.kept("B1"), AMOUNT);

    let before = counter.platform().requests();
    counter.gate().lift(Call::Create);
    counter.platform_moves_on(&before);
    let late = counter.payable("A1").expect("it arrived");
    assert_eq!(counter.settles(), 21);
    oracle::check(&counter);
    assert_eq!(counter.payable("A1"), None, "{late:?}");
}

#[test]
fn f39_without_an_account_to_look_in_the_lost_request_is_never_shown_and_the_sale_goes_on() {
    let counter = Counter::with(Terms {
        account: false,
        ..Terms::default()
    });
    counter
        .gate()
        .obey(&[Rule::next(Call::Create, Fate::HeldAfter)]);
    let mut launch = counter.sale("A1", None);
    assert!(counter.gate().has_stopped(Call::Create), "no create came");
    launch.kill();
    let lost = counter.payable("A1").expect("it took effect");
    assert_eq!(counter.plays_on(&mut counter.sale("A1", None)), 0);
    oracle::check(&counter);
    assert_eq!(counter.kept("A1"), AMOUNT);
    assert!(counter.told().iter().all(|event| event["id"] != lost.id));
}

#[test]
fn f40_killed_when_the_id_is_known_the_code_comes_up_again_or_the_request_is_voided() {
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
fn f40_killed_while_the_code_stands_it_is_paid_once_whoever_comes_next() {
    let waits = |point| Scene::new(Story::Waits, point, "shown");
    let scenes = [
        waits(Point::Disk(Fault::Sync(SHOWN))),
        waits(Point::Disk(Fault::Synced(SHOWN))),
        waits(Point::Told("shown")),
        waits(Point::Asked(Call::Read)),
        waits(Point::Answered(Call::Read)),
    ];
    let paid_or_not = scenes.into_iter().flat_map(Scene::paid_or_not);
    Scene::play_all(paid_or_not.flat_map(Scene::and_then));
}

/// What a launch writes when it finds a code that was shown: that it resumes, W4 and W5 of its
/// void and the verdict; or, where it was paid, the verdict and its acknowledgement.
#[test]
fn f40_killed_again_while_it_recovers_what_was_left_nothing_is_charged_twice_or_forgotten() {
    let disk = |commit| {
        [
            Fault::Write(commit),
            Fault::Sync(commit),
            Fault::Synced(commit),
        ]
        .map(Point::Disk)
    };
    let calls = |call| [Point::Asked(call), Point::Answered(call)];
    let unpaid = (1..=5).flat_map(disk).chain(calls(Call::Void));
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
            counter.gate().obey(&[]);
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
fn f41_killed_after_the_payment_the_next_launch_shows_it_as_paid() {
    let pays = |point, leaves| Scene::new(Story::Pays, point, leaves);
    let scenes = [
        pays(Point::Asked(Call::Read), "shown"),
        pays(Point::Answered(Call::Read), "shown"),
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
fn f41_what_was_paid_stays_on_the_next_launches_screen_until_somebody_has_seen_it() {
    let counter = Counter::new();
    let mut launch = counter.sale("A1", None);
    let shown = launch.says("shown", "");
    launch.kill();
    counter.pays(shown["id"].as_str().expect("an id"));
    for _ in 0..2 {
        let mut launch = counter.sale("B1", None);
        assert_eq!(launch.says("earlier", "paid")["id"], shown["id"]);
        // Longer than a screen stays that leaves by itself.
        assert_eq!(launch.next(Duration::from_secs(2)), None);
        launch.kill();
    }
    assert_eq!(counter.plays_on(&mut counter.sale("B1", None)), 0);
    oracle::check(&counter);
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
fn f43_f69_killed_while_the_journal_is_made_the_next_launch_makes_it_and_sells() {
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
            assert_eq!(counter.plays_on(&mut counter.sale("A1", None)), 0);
            oracle::check(&counter);
            assert_eq!(counter.kept("A1"), AMOUNT);
        },
    );
}

#[test]
fn f43_a_power_cut_takes_nothing_that_the_platform_the_customer_or_the_till_was_told() {
    let cut = |story, point, leaves| Scene {
        power_cut: true,
        ..Scene::new(story, point, leaves)
    };
    let scenes = [
        cut(Story::Waits, Point::Asked(Call::Create), "intended"),
        cut(Story::Waits, Point::Answered(Call::Create), "intended"),
        cut(Story::Waits, Point::Told("shown"), "shown"),
        cut(Story::Cancels, Point::Asked(Call::Void), "voiding"),
        cut(Story::Cancels, Point::Answered(Call::Void), "voiding"),
        cut(Story::Pays, Point::Told("outcome"), "settled"),
    ];
    Scene::play_all(scenes.into_iter().flat_map(Scene::and_then));
}
