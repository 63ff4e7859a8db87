//! Calls without a clear answer: asked again with the same reference, and nothing goes back twice.

use std::time::Duration;

use patron_display::sandbox::{Call, Fault, RetryAfter};
use serde_json::json;

use crate::counter::{Counter, launched, wait_until};

const ASKED: [&str; 3] = ["--ref", "R1", "--json"];

fn asked(counter: &Counter) -> Vec<&str> {
    [&[counter.id.as_str()], &ASKED[..]].concat()
}

#[test]
fn a_lost_answer_is_asked_for_again_and_gives_back_once() {
    for fault in [
        Fault::drop_after(),
        Fault::drop_before(),
        Fault::status(500),
        Fault::status(502).after_effect(),
        Fault::html(),
        Fault::empty().after_effect(),
        Fault::truncated(),
        Fault::edit(json!({ "value": { "amount": "1" } })),
        Fault::edit(json!({ "externalRef": "R2" })),
        Fault::edit(json!({ "type": "payment" })),
        Fault::throttle(None),
    ] {
        let counter = Counter::open();
        counter.script(Call::Refund, fault);
        let told = counter.refund(&asked(&counter));
        assert_eq!(told.exit_code, Some(0), "{told:?}");
        assert_eq!(told.event()["outcome"], "started");
        assert_eq!(told.event()["repeated"], false, "a person asked once");
        assert_eq!(counter.sent(), 2);
        assert_eq!(counter.refunded(), 1250);
    }
}

#[test]
fn when_no_try_is_answered_the_list_of_what_happened_tells() {
    let counter = Counter::open();
    counter.script(Call::Refund, Fault::drop_after().forever());
    counter.list_refund_named("R1", 1250);
    let told = counter.refund(&asked(&counter));
    assert_eq!(told.exit_code, Some(0), "{told:?}");
    assert_eq!(told.event()["repeated"], false);
    assert_eq!(counter.sent(), 4, "a bounded number of tries");
    assert_eq!(counter.refunded(), 1250);
}

#[test]
fn refund_without_reference_proves_nothing() {
    for code in [None, Some("ALREADY_REFUNDED"), Some("REPEAT_REFERENCE")] {
        let counter = Counter::open();
        counter.list_refunds(&[1250]);
        let then = code.map_or(Fault::drop_after(), |code| Fault::refusal(403, code));
        counter
            .control()
            .script(Call::Refund, [Fault::drop_after(), then.forever()]);
        let told = counter.refund(&asked(&counter));
        assert_eq!(told.exit_code, Some(30), "{code:?}: {told:?}");
        assert!(told.stderr.contains("Centrapay portal"), "{told:?}");
        counter.control().clear_script();
        // The answer to a repetition does.
        let told = counter.refund(&asked(&counter));
        assert_eq!(told.exit_code, Some(0), "{code:?}: {told:?}");
        assert_eq!(told.event()["repeated"], true);
        assert_eq!(counter.refunded(), 1250);
    }
}

/// The first call is lost. The sandbox refuses the next one by its own rules, because another counter gave back
/// the money before.
fn lost_after_refunds_elsewhere(elsewhere: &[u64]) -> Counter {
    let counter = Counter::open();
    for cents in elsewhere {
        let control = counter.control();
        control.refund_elsewhere(&counter.id, *cents).unwrap();
    }
    counter.script(Call::Refund, Fault::drop_before());

    counter
}

#[test]
fn refund_that_may_be_ours_is_never_rejected() {
    for (elsewhere, amount) in [
        (&[1250][..], "12.50"),
        (&[750, 500], "5"),
        // Two assets may have paid, and each goes back by itself.
        (&[750, 300, 200], "5"),
        (&[750, 500], "12.50"),
    ] {
        let counter = lost_after_refunds_elsewhere(elsewhere);
        let asked = [&counter.id, "--amount", amount, "--ref", "R1"];
        // It stays unknown at the next launch, which loses no call.
        for _ in 0..2 {
            let told = counter.refund(&asked);
            let said = told.is_refused_with(30);
            for says in [
                "ALREADY_REFUNDED",
                "by this refund or by another",
                "give nothing back in another way",
                "Centrapay portal",
            ] {
                assert!(said.contains(says), "{says}: {said}");
            }
            assert!(!said.contains("no refund was started"), "{said}");
        }
        assert_eq!(counter.refunded(), 1250, "nothing went back twice");
        let told = counter.refund(&[&asked[..], &["--json"]].concat());
        assert_eq!(told.event()["outcome"], "unknown", "{told:?}");
    }
}

#[test]
fn larger_refund_elsewhere_is_not_ours() {
    let counter = lost_after_refunds_elsewhere(&[1250]);
    let told = counter.refund(&[&counter.id, "--amount", "5", "--ref", "R1", "--json"]);
    assert_eq!(told.exit_code, Some(40), "{told:?}");
    assert_eq!(told.event()["reason"], "ALREADY_REFUNDED");
    assert_eq!(counter.refunded(), 1250);
}

#[test]
fn too_little_left_is_ours_or_not_by_the_list() {
    for (elsewhere, exit_code, says) in [
        (1000, 30, "the list of refunds may have this one"),
        (500, 40, "more than what is left"),
    ] {
        let counter = lost_after_refunds_elsewhere(&[elsewhere]);
        let told = counter.refund(&[&counter.id, "--amount", "10", "--ref", "R1"]);
        let said = told.is_refused_with(exit_code);
        assert!(said.contains("INVALID_AMOUNT"), "{said}");
        assert!(said.contains(says), "{said}");
        assert_eq!(counter.refunded(), elsewhere);
    }
}

#[test]
fn lost_refund_answered_again_is_started() {
    let counter = Counter::open();
    counter.script(Call::Refund, Fault::drop_after());
    let told = counter.refund(&asked(&counter));
    assert_eq!(told.exit_code, Some(0), "{told:?}");
    assert_eq!(counter.refunded(), 1250);
    assert_eq!(counter.control().calls(Call::Activities), 0);
}

#[test]
fn refusal_of_the_first_call_is_rejected() {
    let counter = Counter::open();
    let control = counter.control();
    control.refund_elsewhere(&counter.id, 1250).unwrap();
    let told = counter.refund(&[&counter.id, "--ref", "R1"]);
    let said = told.is_refused_with(40);
    assert!(said.contains("give nothing back again"), "{said}");
    assert_eq!(counter.refunded(), 1250);
}

#[test]
fn refusal_that_the_list_contradicts_is_unknown() {
    for code in [
        "ALREADY_REFUNDED",
        "REPEAT_REFERENCE",
        "INVALID_AMOUNT",
        "INACTIVE_ASSET",
    ] {
        let counter = Counter::open();
        counter.list_refunds(&[]);
        counter.control().script(
            Call::Refund,
            [Fault::drop_after(), Fault::refusal(403, code)],
        );
        let told = counter.refund(&asked(&counter));
        assert_eq!(told.exit_code, Some(30), "{code}: {told:?}");
        assert_eq!(counter.refund(&asked(&counter)).exit_code, Some(0));
        assert_eq!(counter.refunded(), 1250);
    }
}

#[test]
fn what_nobody_knows_is_called_unknown_and_asked_again_it_goes_back_once() {
    let counter = Counter::open();
    counter.script(Call::Refund, Fault::drop_after().forever());
    counter.script(Call::Activities, Fault::refusal(403, "FORBIDDEN").forever());
    let told = counter.refund(&[&counter.id, "--ref", "R1"]);
    let said = told.is_refused_with(30);
    assert!(said.contains("run the same command again"), "{said}");
    assert!(said.contains("--ref \"R1\""), "{said}");
    assert!(said.contains("nothing is given back twice"), "{said}");
    assert!(counter.history(&["R1"]).contains("unknown"));

    let told = counter.refund(&asked(&counter));
    assert_eq!(told.exit_code, Some(30));
    assert_eq!(told.event()["outcome"], "unknown");
    assert_eq!(told.event()["repeated"], true);

    counter.control().clear_script();
    let told = counter.refund(&asked(&counter));
    assert_eq!(told.exit_code, Some(0), "{told:?}");
    assert_eq!(told.event()["repeated"], true);
    assert_eq!(counter.refunded(), 1250);
}

#[test]
fn what_never_arrived_anywhere_is_unknown_until_the_platform_says_so() {
    let counter = Counter::open();
    counter.script(Call::Refund, Fault::drop_before().forever());
    let told = counter.refund(&asked(&counter));
    assert_eq!(told.exit_code, Some(30), "{told:?}");
    assert_eq!(counter.refunded(), 0);
    counter.script(Call::Refund, Fault::refusal(403, "REFUND_DECLINED"));
    let told = counter.refund(&asked(&counter));
    assert_eq!(told.exit_code, Some(40), "{told:?}");
    assert_eq!(told.event()["reason"], "REFUND_DECLINED");
}

#[test]
fn a_platform_that_is_not_reached_has_given_nothing_back() {
    let mut counter = Counter::open();
    counter.shop.close_the_platform();
    let told = counter.refund(&[&counter.id, "--ref", "R1"]);
    assert!(told.is_refused_with(41).contains("nothing was carried out"));
    let told = counter.refund(&[&counter.short_code, "--ref", "R1", "--json"]);
    assert_eq!(told.exit_code, Some(41));
    let event = told.event();
    assert_eq!(event["outcome"], "unreachable");
    assert_eq!(event["shortCode"], counter.short_code);
}

#[test]
fn what_was_unknown_stays_unknown_when_the_platform_is_not_reached() {
    let mut counter = Counter::open();
    counter.script(Call::Refund, Fault::drop_before().forever());
    assert_eq!(counter.refund(&asked(&counter)).exit_code, Some(30));
    counter.shop.close_the_platform();
    let told = counter.refund(&asked(&counter));
    assert_eq!(told.exit_code, Some(30), "{told:?}");
    assert_eq!(told.event()["amount"]["amount"], "1250");
}

#[test]
fn a_key_that_is_refused_in_between_proves_nothing_about_what_was_sent() {
    let counter = Counter::open();
    counter.control().script(
        Call::Refund,
        [Fault::drop_before(), Fault::refusal(401, "UNAUTHORIZED")],
    );
    let told = counter.refund(&asked(&counter));
    assert_eq!(told.exit_code, Some(30), "{told:?}");
}

#[test]
fn the_platform_is_given_the_time_that_it_asks_for() {
    let counter = Counter::open();
    let asked_for = Duration::from_secs(3);
    counter.script(Call::Refund, Fault::throttle(RetryAfter::Seconds(3)));
    let told = counter.refund(&asked(&counter));
    assert_eq!(told.exit_code, Some(0), "{told:?}");
    let calls = counter.control().call_times(Call::Refund);
    assert_eq!(calls.len(), 2);
    assert!(calls[1] - calls[0] >= asked_for, "{calls:?}");
    assert_eq!(counter.refunded(), 1250);
}

#[test]
fn throttled_for_good_nothing_was_carried_out() {
    let counter = Counter::open();
    counter.script(Call::Refund, Fault::throttle(None).forever());
    let told = counter.refund(&asked(&counter));
    assert_eq!(told.exit_code, Some(41), "{told:?}");
    assert_eq!(told.event()["outcome"], "unreachable");
    assert_eq!(counter.refunded(), 0);
}

#[test]
fn a_repeated_reference_that_is_ours_is_called_started_before() {
    let counter = Counter::open();
    counter.script(
        Call::Refund,
        Fault::refusal(403, "REPEAT_REFERENCE").after_effect(),
    );
    counter.list_refund_named("R1", 1250);
    let told = counter.refund(&asked(&counter));
    assert_eq!(told.exit_code, Some(0), "{told:?}");
    assert_eq!(told.event()["outcome"], "started");
    assert_eq!(told.event()["repeated"], true);
    assert_eq!(counter.refunded(), 1250);
}

#[test]
fn a_repeated_reference_of_another_amount_or_payment_is_not_called_ours() {
    let counter = Counter::open();
    let elsewhere = counter.shop.path("another-machine");
    let elsewhere = ["--data-dir", elsewhere.to_str().unwrap()];
    let told = counter.refund(
        &[
            &[counter.id.as_str(), "--amount", "2", "--ref", "R1"][..],
            &elsewhere,
        ]
        .concat(),
    );
    assert_eq!(told.exit_code, Some(0), "{told:?}");
    counter.list_refund_named("R1", 200);
    let told = counter.refund(&[&counter.id, "--amount", "5", "--ref", "R1"]);
    let said = told.is_refused_with(40);
    assert!(
        said.contains("a refund of $2.00 for the same payment"),
        "{said}"
    );
    assert!(said.contains("REPEAT_REFERENCE"), "{said}");
    counter.control().clear_script();
    counter.list_refunds(&[200]);
    let told = counter.refund(&[&counter.id, "--amount", "5", "--ref", "R1"]);
    let said = told.is_refused_with(40);
    assert!(said.contains("of another payment or amount"), "{said}");
    counter.control().clear_script();

    let (other, _) = counter.create("B1");
    counter.control().pay(&other).unwrap();
    let another = counter.shop.path("third-machine");
    let told = counter.refund(&[
        &other,
        "--ref",
        "R1",
        "--data-dir",
        another.to_str().unwrap(),
    ]);
    let said = told.is_refused_with(40);
    assert!(said.contains("of another payment or amount"), "{said}");
    assert_eq!(counter.refunded(), 200);
}

#[test]
fn a_repeated_reference_that_cannot_be_looked_into_is_unknown() {
    let counter = Counter::open();
    counter.script(
        Call::Refund,
        Fault::refusal(403, "REPEAT_REFERENCE").after_effect(),
    );
    counter.script(Call::Activities, Fault::refusal(403, "FORBIDDEN"));
    let told = counter.refund(&asked(&counter));
    assert_eq!(told.exit_code, Some(30), "{told:?}");
    let told = counter.refund(&asked(&counter));
    assert_eq!(told.exit_code, Some(0), "{told:?}");
    assert_eq!(counter.refunded(), 1250);
}

#[test]
fn everything_refunded_by_a_lost_call_of_ours_is_started_and_not_refused() {
    let counter = Counter::open();
    counter.control().script(
        Call::Refund,
        [Fault::drop_after(), Fault::refusal(403, "ALREADY_REFUNDED")],
    );
    counter.list_refund_named("R1", 1250);
    let told = counter.refund(&asked(&counter));
    assert_eq!(told.exit_code, Some(0), "{told:?}");
    assert_eq!(told.event()["repeated"], false);
    assert_eq!(counter.refunded(), 1250);
}

#[test]
fn killed_between_the_call_and_its_answer_and_asked_again_it_goes_back_once() {
    for fault in [
        Fault::never().after_effect(),
        Fault::never(),
        // It arrives when the second one has been answered.
        Fault::delay(Duration::from_secs(2)),
    ] {
        let counter = Counter::open();
        counter.script(Call::Refund, fault.clone());
        let mut killed = launched(&counter.shop, &asked(&counter));
        wait_until("the call was sent", || counter.sent() == 1);
        killed.kill().unwrap();
        killed.wait().unwrap();
        let kept = counter.history(&["R1"]);
        assert!(kept.contains("refund R1, 12.50 NZD unknown"), "{kept}");

        let told = counter.refund(&asked(&counter));
        assert_eq!(told.exit_code, Some(0), "{told:?}");
        assert_eq!(told.event()["outcome"], "started");
        assert_eq!(told.event()["repeated"], true);
        assert_eq!(counter.refunded(), 1250);
        if fault == Fault::delay(Duration::from_secs(2)) {
            std::thread::sleep(Duration::from_secs(3));
        }
        assert_eq!(counter.refunded(), 1250, "{fault:?}");
    }
}

#[test]
fn killed_while_a_part_went_back_the_same_part_goes_back_once() {
    let counter = Counter::open();
    let part = [&counter.id, "--amount", "5.00", "--ref", "R1", "--json"];
    counter.script(Call::Refund, Fault::never().after_effect());
    let mut killed = launched(&counter.shop, &part);
    wait_until("it took effect", || counter.refunded() == 500);
    killed.kill().unwrap();
    killed.wait().unwrap();
    let told = counter.refund(&[&counter.id, "--ref", "R1"]);
    assert!(told.is_refused_with(64).contains("5.00 NZD"), "{told:?}");
    let told = counter.refund(&part);
    assert_eq!(told.exit_code, Some(0), "{told:?}");
    assert_eq!(counter.refunded(), 500);
}

#[test]
fn two_that_ask_for_the_same_at_once_give_back_once() {
    let counter = Counter::open();
    let launches: Vec<_> = (0..4)
        .map(|_| launched(&counter.shop, &asked(&counter)))
        .collect();
    for mut launch in launches {
        assert_eq!(launch.wait().unwrap().code(), Some(0));
    }
    assert_eq!(counter.refunded(), 1250);
}
