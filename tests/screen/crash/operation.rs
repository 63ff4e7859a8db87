//! Mishaps in a shop: a second display at one counter, another configuration, a frozen or dead screen, and a
//! program that is ended during a sale.

use std::time::{Duration, Instant};

use patron_display::sandbox::{ApiCall, Options, SandboxStatus};

use crate::crash::counter::{AMOUNT, Counter, Terms};
use crate::crash::matrix;
use crate::crash::oracle;
use crate::gate::{Fate, Rule};
use crate::program::Program;
use crate::window::shop::Platform;

#[test]
fn f47_second_display_ends_with_75() {
    let counter = Counter::new();
    let (mut first, id) = counter.shows("A1");
    for second in [counter.sale("B1", None), counter.settle()] {
        let mut second = second;
        assert_eq!(counter.plays_on(&mut second), 75);
        let log = second.log();
        let sentences: Vec<_> = log
            .lines()
            .filter(|line| line.starts_with("patron-display: "))
            .collect();
        assert_eq!(sentences.len(), 1, "{log}");
        assert!(
            sentences[0].contains("another display has this counter"),
            "{log}"
        );
    }
    assert_eq!(counter.requests("B1"), []);
    counter.pays(&id);
    assert_eq!(counter.plays_on(&mut first), 0);
    oracle::check(&counter);
}

#[test]
fn f47_counter_is_free_after_a_kill() {
    let counter = Counter::new();
    let (mut first, id) = counter.shows("A1");
    first.process().signal("STOP");
    assert_eq!(counter.plays_on(&mut counter.sale("A1", None)), 75);
    first.kill();
    counter.shows_again_and_sells(&id);
}

#[test]
fn f48_attempt_keeps_its_terms() {
    let counter = Counter::new();
    let (mut launch, id) = counter.shows("A1");
    let before = counter.platform().request(&id).expect("the request");
    launch.kill();
    counter.configure(Terms {
        expiry_seconds: 300,
        account: false,
        merchant_name: "Under New Management",
        ..Terms::default()
    });
    let (mut launch, again) = counter.shows("A1");
    assert_eq!(again, id);
    assert_eq!(counter.platform().request(&id), Some(before));
    counter.pays(&id);
    counter.ends(&mut launch, 0);
    assert_eq!(counter.requests("A1").len(), 1);
}

#[test]
fn f48_other_platforms_answer_is_ignored() {
    let counter = Counter::new();
    let (mut launch, id) = counter.shows("A1");
    launch.kill();
    counter.pays(&id);
    let elsewhere = Platform::start(Options::default());
    counter.configure(Terms {
        api: Some(elsewhere.address()),
        ..Terms::default()
    });
    for code in [
        counter.plays_on(&mut counter.sale("B1", None)),
        counter.settles(),
    ] {
        assert!(matches!(code, 30 | 40), "it ended with {code}");
        oracle::check(&counter);
        assert_eq!(elsewhere.control().requests(), [], "nothing is sold");
    }
    counter.configure(Terms::default());
    counter.settles();
    oracle::check(&counter);
    assert_eq!(counter.kept("A1"), AMOUNT);
}

#[test]
fn f48_late_payment_elsewhere_is_found() {
    let counter = Counter::new();
    let (mut launch, first) = counter.shows("A1");
    counter.platform().expire(&first).expect("an expiry");
    assert_eq!(counter.plays_on(&mut launch), 20);
    let elsewhere = Platform::start(Options::default());
    counter.configure(Terms {
        api: Some(elsewhere.address()),
        ..Terms::default()
    });
    let (mut launch, second) = counter.shows("B1");
    elsewhere.control().expire(&second).expect("an expiry");
    assert_eq!(counter.plays_on(&mut launch), 20);

    elsewhere
        .control()
        .pay_late(&second)
        .expect("a late payment");
    let mut launch = counter.settle();
    let found = launch.says("earlier", "paid");
    assert_eq!(
        (found["id"].as_str(), found["late"].as_bool()),
        (Some(second.as_str()), Some(true))
    );
    // The exit code says that the request at the counter's own platform could not be checked.
    assert_eq!(launch.code(), 41);
}

#[test]
fn f49_frozen_and_killed() {
    let counter = Counter::new();
    let (mut launch, id) = counter.shows("A1");
    launch.process().signal("STOP");
    launch.kill();
    counter.shows_again_and_sells(&id);
}

#[test]
fn f49_frozen_paid_and_killed() {
    let counter = Counter::new();
    let (mut launch, id) = counter.shows("A1");
    launch.process().signal("STOP");
    counter.pays(&id);
    launch.kill();
    counter.sells("B1", 0);
    assert_eq!((counter.kept("A1"), counter.kept("B1")), (AMOUNT, AMOUNT));
}

#[test]
fn f49_dead_screen_under_a_code() {
    matrix::play(
        // An unpaid sale is cancelled and sold again. A paid one is refunded, and the next launch announces the
        // refund.
        &[(false, (21, 0), AMOUNT), (true, (22, 22), 0)],
        |(pays, ..)| format!("paid meanwhile: {pays}"),
        |&(pays, (expected, again), kept)| {
            let mut counter = Counter::new();
            let (mut launch, id) = counter.shows("A1");
            if pays {
                counter.obey(&[Rule::next(ApiCall::Read, Fate::HeldBefore)]);
                counter.gate().stops(ApiCall::Read);
                counter.pays(&id);
            }
            counter.lose_screen();
            // The program ends as if the cashier had closed the window.
            assert_eq!(launch.code(), expected, "{}", launch.log());
            counter.obey(&[]);
            counter.replace_screen();
            counter.sells("A1", again);
            assert_eq!(counter.kept("A1"), kept);
        },
    );
}

/// A way to end the program in the middle of a sale.
type Leave = fn(&Counter, &Program);

const WAYS: [(&str, Leave); 3] = [
    ("the window is closed", |counter, _| {
        counter.screen().close_window();
    }),
    ("SIGTERM", |_, launch| launch.process().signal("TERM")),
    ("Ctrl-C", |_, launch| launch.process().signal("INT")),
];

#[test]
fn f50_end_without_void_answer() {
    matrix::play(
        &WAYS,
        |(way, _)| (*way).to_owned(),
        |(_, leave)| {
            let counter = Counter::new();
            let (mut launch, id) = counter.shows("A1");
            counter.obey(&[Rule::all(ApiCall::Void, Fate::HeldBefore)]);
            let start = Instant::now();
            leave(&counter, &launch);
            assert_eq!(launch.code(), 30);
            let took = start.elapsed();
            assert!(took < Duration::from_secs(5), "it took {took:?}");
            assert_eq!(launch.says("outcome", "unknown")["id"], id.as_str());
            assert_eq!(counter.phase(), "unknown");
            oracle::check(&counter);

            counter.obey(&[]);
            counter.sells("B1", 0);
            assert_eq!((counter.kept("A1"), counter.kept("B1")), (0, AMOUNT));
        },
    );
}

#[test]
fn f50_end_during_the_create() {
    let fates = [Fate::HeldBefore, Fate::HeldAfter];
    matrix::play(
        &fates,
        |fate| format!("{fate:?}"),
        |&fate| {
            let counter = Counter::new();
            counter.obey(&[Rule::next(ApiCall::Create, fate)]);
            let mut launch = counter.sale("A1", None);
            counter.gate().stops(ApiCall::Create);
            launch.process().signal("TERM");
            assert_eq!(launch.code(), 21);
            let before = counter.platform().requests();
            counter.gate().lift(ApiCall::Create);
            if fate == Fate::HeldBefore {
                counter.platform_moves_on(&before);
            }
            assert!(counter.payable("A1").is_some());
            counter.obey(&[]);
            counter.sells("B1", 0);
            let request = counter.requests("A1").pop().expect("the request");
            assert_eq!(
                request.status,
                SandboxStatus::Cancelled,
                "{}",
                counter.logs()
            );
        },
    );
}

#[test]
fn f50_killed_while_leaving() {
    let counter = Counter::new();
    let (mut launch, _) = counter.shows("A1");
    counter.obey(&[Rule::all(ApiCall::Void, Fate::HeldBefore)]);
    launch.process().signal("TERM");
    counter.gate().stops(ApiCall::Void);
    launch.kill();
    counter.obey(&[]);
    counter.settles_with(21);
    assert_eq!(counter.payable("A1"), None);
}

#[test]
fn f50_end_over_an_earlier_payment() {
    let counter = Counter::new();
    let (mut launch, id) = counter.shows("A1");
    launch.kill();
    counter.pays(&id);
    let mut launch = counter.sale("B1", None);
    launch.says("earlier", "paid");
    launch.process().signal("TERM");
    assert_eq!(launch.code(), 40);
    assert_eq!(launch.says("outcome", "rejected")["externalRef"], "B1");
    assert_eq!(counter.requests("B1"), []);
    oracle::check(&counter);

    let mut launch = counter.sale("B1", None);
    assert_eq!(launch.says("earlier", "paid")["id"], id.as_str());
    launch.kill();
    counter.sells("B1", 0);
}
