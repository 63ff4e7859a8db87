//! Killed while a request is being cancelled: after a void was sent, paid alone does not mean
//! paid.

use std::thread;
use std::time::Duration;

use crate::counter::{AMOUNT, Counter, Terms};
use crate::gate::{Call, Fate, Rule};
use crate::launch::Launch;
use crate::oracle;
use crate::scene::{Point, Scene, Story};
use crate::screen::Key;
use crate::shim::Fault;

/// The commits of a cancelled sale after the three of its code: W4, W5 with the void's answer,
/// and the verdict.
const VOIDING: u32 = 4;
const VOIDED: u32 = 5;
const VERDICT: u32 = 6;
/// The void's answer is a refund: that there is money is written down, and a later launch has to find the refund in the
/// platform's list.
const MONEY: u32 = 5;
/// The verdict after that.
const REFUNDED: u32 = 6;
/// W7 after that.
const ACKNOWLEDGED: u32 = 7;

#[test]
fn f42_killed_during_a_void_of_what_nobody_has_paid_the_request_is_cancelled() {
    let cancels = |point, leaves| Scene::new(Story::Cancels, point, leaves);
    let scenes = [
        cancels(Point::Disk(Fault::Write(VOIDING)), "shown"),
        cancels(Point::Disk(Fault::Torn(VOIDING)), "shown"),
        cancels(Point::Disk(Fault::Sync(VOIDING)), "voiding"),
        cancels(Point::Disk(Fault::Synced(VOIDING)), "voiding"),
        cancels(Point::Asked(Call::Void), "voiding"),
        cancels(Point::AskedLate(Call::Void), "voiding"),
        cancels(Point::Answered(Call::Void), "voiding"),
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
fn f42_killed_before_the_void_is_there_and_then_paid_is_unknown_and_never_paid_or_not_charged() {
    let paid = |point, leaves| Scene {
        pays_then: true,
        ..Scene::new(Story::Cancels, point, leaves)
    };
    let scenes = [
        // No void was promised yet: paid is paid.
        paid(Point::Disk(Fault::Write(VOIDING)), "shown"),
        paid(Point::Disk(Fault::Sync(VOIDING)), "voiding"),
        paid(Point::Disk(Fault::Synced(VOIDING)), "voiding"),
        paid(Point::Asked(Call::Void), "voiding"),
    ];
    Scene::play_all(scenes.into_iter().flat_map(Scene::and_then));
}

#[test]
fn f42_killed_during_the_void_of_a_payment_the_next_launch_finds_the_refund() {
    let refunds = |point, leaves| Scene::new(Story::PaysAndCancels, point, leaves);
    let scenes = [
        refunds(Point::AskedLate(Call::Void), "voiding"),
        refunds(Point::Answered(Call::Void), "voiding"),
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

/// A counter whose code was shown, cancelled, and then paid, with the void still on its way when
/// the program was killed.
fn with_a_void_on_its_way() -> Counter {
    let counter = Counter::new();
    counter
        .gate()
        .obey(&[Rule::all(Call::Void, Fate::HeldBefore)]);
    let mut launch = cancelled(&counter);
    assert!(counter.gate().has_stopped(Call::Void), "no void came");
    launch.kill();
    let request = counter.payable("A1").expect("it can be paid");
    counter.pays(&request.id);

    counter
}

/// A sale that is cancelled as soon as its code stands.
fn cancelled(counter: &Counter) -> Launch {
    let launch = counter.sale("A1", None);
    launch.says("shown", "");
    counter.screen().press(Key::Escape);

    launch
}

#[test]
fn f42_a_void_that_arrives_after_the_next_launch_has_asked_turns_unknown_into_refund_started() {
    let counter = with_a_void_on_its_way();
    assert_eq!(counter.settles(), 30);
    oracle::check(&counter);
    assert_eq!(counter.kept("A1"), AMOUNT);

    let before = counter.platform().requests();
    counter.gate().lift(Call::Void);
    counter.platform_moves_on(&before);
    assert_eq!(counter.settles(), 22);
    oracle::check(&counter);
    assert_eq!(counter.kept("A1"), 0);
}

#[test]
fn f42_an_unknown_payment_blocks_the_counter_at_every_launch_until_it_is_settled() {
    let counter = with_a_void_on_its_way();
    counter.gate().obey(&[]);
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
    // Somebody gives the money back from the platform's own pages.
    counter.voids(id.as_str().expect("an id"));
    launch.says("earlier", "refund-started");
    // A key that comes sooner is not taken for one that was meant for this.
    thread::sleep(Duration::from_millis(900));
    counter.screen().press(Key::Enter);
    assert_eq!(counter.plays_on(&mut launch), 0);
    oracle::check(&counter);
    assert_eq!((counter.kept("A1"), counter.kept("B3")), (0, AMOUNT));
}

#[test]
fn f36_the_voids_answer_is_lost_the_code_is_gone_and_killed_or_not_the_platform_decides() {
    let counter = Counter::new();
    counter
        .gate()
        .obey(&[Rule::all(Call::Void, Fate::Unanswered)]);
    let mut launch = cancelled(&counter);
    launch.says("waiting", "voiding");
    // The first void took effect; what follows it is refused, and lost as well.
    launch.says("ended", "cancelled");
    assert_eq!(counter.gate().count(Call::Void), 3);
    launch.kill();
    counter.gate().obey(&[]);
    assert_eq!(counter.plays_on(&mut counter.sale("B1", None)), 0);
    oracle::check(&counter);
    assert_eq!((counter.kept("A1"), counter.kept("B1")), (0, AMOUNT));
}

#[test]
fn f36_neither_the_void_nor_a_read_is_answered_it_is_unknown_and_open_and_so_it_is_found_again() {
    let counter = Counter::with(Terms::default());
    let launch = counter.sale("A1", None);
    let id = launch.says("shown", "")["id"].clone();
    counter.gate().obey(&[
        Rule::all(Call::Void, Fate::Unanswered),
        Rule::all(Call::Read, Fate::Lost),
    ]);
    counter.screen().press(Key::Escape);
    let mut launch = launch;
    assert_eq!(launch.says("ended", "unknown")["id"], id);
    counter.comes_to("unknown");
    launch.kill();
    oracle::check(&counter);
    // Still no network: nothing is sold.
    assert_eq!(counter.plays_on(&mut counter.sale("B1", None)), 40);
    assert_eq!(counter.requests("B1"), []);

    counter.gate().obey(&[]);
    assert_eq!(counter.settles(), 21);
    oracle::check(&counter);
    assert_eq!(counter.plays_on(&mut counter.sale("B2", None)), 0);
}
