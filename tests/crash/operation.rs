//! What a shop does to a display: two of them on one counter, another configuration, a frozen or
//! dead screen, and an end to the program in the middle of a sale.

use std::time::{Duration, Instant};

use patron_display::sandbox::{Options, Status};

use crate::counter::{AMOUNT, Counter, Terms};
use crate::gate::{Call, Fate, Rule};
use crate::launch::Launch;
use crate::matrix;
use crate::oracle;
use crate::shop::Platform;

/// A sale whose code stands, and the id of its request.
fn shown(counter: &Counter, reference: &str) -> (Launch, String) {
    let launch = counter.sale(reference, None);
    let event = launch.says("shown", "");
    let id = event["id"].as_str().expect("an id").to_owned();

    (launch, id)
}

#[test]
fn f47_a_second_display_on_one_counter_ends_with_75_and_a_sentence_and_disturbs_nothing() {
    let counter = Counter::new();
    let (mut first, id) = shown(&counter, "A1");
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
fn f47_a_counter_is_free_again_when_its_display_was_killed_and_not_while_it_is_frozen() {
    let counter = Counter::new();
    let (mut first, id) = shown(&counter, "A1");
    first.process().signal("STOP");
    assert_eq!(counter.plays_on(&mut counter.sale("A1", None)), 75);
    first.kill();
    let mut second = counter.sale("A1", None);
    assert_eq!(second.says("shown", "")["id"], id.as_str());
    counter.pays(&id);
    assert_eq!(counter.plays_on(&mut second), 0);
    oracle::check(&counter);
}

#[test]
fn f48_an_attempt_keeps_its_own_terms_when_the_configuration_changes() {
    let counter = Counter::new();
    let (mut launch, id) = shown(&counter, "A1");
    let before = counter.platform().request(&id).expect("the request");
    launch.kill();
    counter.configure(Terms {
        expiry_seconds: 300,
        account: false,
        merchant_name: "Under New Management",
        ..Terms::default()
    });
    let mut launch = counter.sale("A1", None);
    assert_eq!(launch.says("shown", "")["id"], id.as_str());
    assert_eq!(counter.platform().request(&id), Some(before));
    counter.pays(&id);
    assert_eq!(counter.plays_on(&mut launch), 0);
    oracle::check(&counter);
    assert_eq!(counter.requests("A1").len(), 1);
}

#[test]
fn f48_another_platforms_word_is_not_taken_for_an_attempt_that_was_made_elsewhere() {
    let counter = Counter::new();
    let (mut launch, id) = shown(&counter, "A1");
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
fn f48_what_ended_at_another_platform_does_not_keep_a_late_payment_from_being_found() {
    let counter = Counter::new();
    let (mut launch, first) = shown(&counter, "A1");
    counter.platform().expire(&first).expect("an expiry");
    assert_eq!(counter.plays_on(&mut launch), 20);
    let elsewhere = Platform::start(Options::default());
    counter.configure(Terms {
        api: Some(elsewhere.address()),
        ..Terms::default()
    });
    let (mut launch, second) = shown(&counter, "B1");
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
    // That the other platform's request could not be asked about is said as well.
    assert_eq!(launch.exit_code(), 41);
}

#[test]
fn f49_frozen_and_killed_the_code_comes_up_again() {
    let counter = Counter::new();
    let (mut launch, id) = shown(&counter, "A1");
    launch.process().signal("STOP");
    launch.kill();
    let mut launch = counter.sale("A1", None);
    assert_eq!(launch.says("shown", "")["id"], id.as_str());
    counter.pays(&id);
    assert_eq!(counter.plays_on(&mut launch), 0);
    oracle::check(&counter);
}

#[test]
fn f49_frozen_paid_and_killed_the_payment_is_found() {
    let counter = Counter::new();
    let (mut launch, id) = shown(&counter, "A1");
    launch.process().signal("STOP");
    counter.pays(&id);
    launch.kill();
    assert_eq!(counter.plays_on(&mut counter.sale("B1", None)), 0);
    oracle::check(&counter);
    assert_eq!((counter.kept("A1"), counter.kept("B1")), (AMOUNT, AMOUNT));
}

#[test]
fn f49_the_screen_dies_under_a_code_and_nothing_is_lost() {
    matrix::play(
        // Cancelled, and sold when it is asked for again; or the payment goes back, and is told again.
        &[(false, (21, 0), AMOUNT), (true, (22, 22), 0)],
        |(pays, ..)| format!("paid meanwhile: {pays}"),
        |&(pays, (expected, again), kept)| {
            let mut counter = Counter::new();
            let (mut launch, id) = shown(&counter, "A1");
            if pays {
                counter
                    .gate()
                    .obey(&[Rule::next(Call::Read, Fate::HeldBefore)]);
                assert!(counter.gate().has_stopped(Call::Read), "no poll came");
                counter.pays(&id);
            }
            counter.lose_screen();
            // As if the window had been closed.
            assert_eq!(launch.exit_code(), expected, "{}", launch.log());
            counter.gate().obey(&[]);
            counter.replace_screen();
            assert_eq!(counter.plays_on(&mut counter.sale("A1", None)), again);
            oracle::check(&counter);
            assert_eq!(counter.kept("A1"), kept);
        },
    );
}

/// A way to end the program in the middle of a sale.
type Leave = fn(&Counter, &Launch);

const WAYS: [(&str, Leave); 3] = [
    ("the window is closed", |counter, _| {
        counter.screen().close_window();
    }),
    ("SIGTERM", |_, launch| launch.process().signal("TERM")),
    ("Ctrl-C", |_, launch| launch.process().signal("INT")),
];

#[test]
fn f50_an_end_that_the_platform_does_not_answer_takes_3_s_is_unknown_and_is_settled_later() {
    matrix::play(
        &WAYS,
        |(way, _)| (*way).to_owned(),
        |(_, leave)| {
            let counter = Counter::new();
            let (mut launch, id) = shown(&counter, "A1");
            counter
                .gate()
                .obey(&[Rule::all(Call::Void, Fate::HeldBefore)]);
            let start = Instant::now();
            leave(&counter, &launch);
            assert_eq!(launch.exit_code(), 30);
            let took = start.elapsed();
            assert!(took < Duration::from_secs(5), "it took {took:?}");
            assert_eq!(launch.says("outcome", "unknown")["id"], id.as_str());
            assert_eq!(counter.phase(), "unknown");
            oracle::check(&counter);

            counter.gate().obey(&[]);
            assert_eq!(counter.plays_on(&mut counter.sale("B1", None)), 0);
            oracle::check(&counter);
            assert_eq!((counter.kept("A1"), counter.kept("B1")), (0, AMOUNT));
        },
    );
}

#[test]
fn f50_an_end_while_the_request_is_made_shows_nothing_and_what_was_made_is_voided_later() {
    let fates = [Fate::HeldBefore, Fate::HeldAfter];
    matrix::play(
        &fates,
        |fate| format!("{fate:?}"),
        |&fate| {
            let counter = Counter::new();
            counter.gate().obey(&[Rule::next(Call::Create, fate)]);
            let mut launch = counter.sale("A1", None);
            assert!(counter.gate().has_stopped(Call::Create), "no create came");
            launch.process().signal("TERM");
            assert_eq!(launch.exit_code(), 21);
            let before = counter.platform().requests();
            counter.gate().lift(Call::Create);
            if fate == Fate::HeldBefore {
                counter.platform_moves_on(&before);
            }
            assert!(counter.payable("A1").is_some());
            counter.gate().obey(&[]);
            assert_eq!(counter.plays_on(&mut counter.sale("B1", None)), 0);
            oracle::check(&counter);
            let request = counter.requests("A1").pop().expect("the request");
            assert_eq!(request.status, Status::Cancelled, "{}", counter.logs());
        },
    );
}

#[test]
fn f50_killed_while_it_leaves_the_next_launch_goes_on_cancelling() {
    let counter = Counter::new();
    let (mut launch, _) = shown(&counter, "A1");
    counter
        .gate()
        .obey(&[Rule::all(Call::Void, Fate::HeldBefore)]);
    launch.process().signal("TERM");
    assert!(counter.gate().has_stopped(Call::Void), "no void came");
    launch.kill();
    counter.gate().obey(&[]);
    assert_eq!(counter.settles(), 21);
    oracle::check(&counter);
    assert_eq!(counter.payable("A1"), None);
}

#[test]
fn f50_an_end_over_an_earlier_payment_sells_nothing_and_the_payment_is_shown_again() {
    let counter = Counter::new();
    let (mut launch, id) = shown(&counter, "A1");
    launch.kill();
    counter.pays(&id);
    let mut launch = counter.sale("B1", None);
    launch.says("earlier", "paid");
    launch.process().signal("TERM");
    assert_eq!(launch.exit_code(), 40);
    assert_eq!(launch.says("outcome", "rejected")["externalRef"], "B1");
    assert_eq!(counter.requests("B1"), []);
    oracle::check(&counter);

    let mut launch = counter.sale("B1", None);
    assert_eq!(launch.says("earlier", "paid")["id"], id.as_str());
    launch.kill();
    assert_eq!(counter.plays_on(&mut counter.sale("B1", None)), 0);
    oracle::check(&counter);
}
