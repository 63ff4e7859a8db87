//! Refund calls without a clear answer. The program repeats them with the same reference, and no money goes back
//! twice.

use std::time::Duration;

use patron_display::sandbox::{ApiCall, Fault, RetryAfter};
use serde_json::json;

use crate::refund::counter::{Counter, launched, wait_until};
use crate::support::words::assert_has;

fn asked(counter: &Counter) -> Vec<&str> {
    counter.arguments(&["--json"])
}

#[test]
fn lost_answer_is_asked_for_again() {
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
        counter.script(ApiCall::Refund, fault);
        let told = counter.refund_ends(0, &asked(&counter));
        assert_eq!(told.event()["outcome"], "started");
        assert_eq!(told.event()["repeated"], false, "a person asked once");
        assert_eq!(counter.sent(), 2);
        assert_eq!(counter.refunded(), 1250);
    }
}

#[test]
fn list_decides_without_any_answer() {
    let counter = Counter::open();
    counter.script(ApiCall::Refund, Fault::drop_after().forever());
    counter.list_refund_named("R1", 1250);
    let told = counter.refund_ends(0, &asked(&counter));
    assert_eq!(told.event()["repeated"], false);
    assert_eq!(counter.sent(), 4, "a bounded number of tries");
    assert_eq!(counter.refunded(), 1250);
}

#[test]
fn unnamed_refund_proves_nothing() {
    for code in [None, Some("ALREADY_REFUNDED"), Some("REPEAT_REFERENCE")] {
        let counter = Counter::open();
        counter.list_refunds(&[1250]);
        let then = code.map_or(Fault::drop_after(), |code| Fault::refusal(403, code));
        counter
            .control()
            .script(ApiCall::Refund, [Fault::drop_after(), then.forever()]);
        let told = counter.refund_ends(30, &asked(&counter));
        assert!(told.stderr.contains("Centrapay portal"), "{told:?}");
        counter.control().clear_script();
        // A repetition with a clear answer reports the refund.
        let told = counter.refund_ends(0, &asked(&counter));
        assert_eq!(told.event()["repeated"], true);
        assert_eq!(counter.refunded(), 1250);
    }
}

/// Opens a counter where other counters have refunded these amounts. The first refund call is lost, so the sandbox
/// judges the repetition by its own rules.
fn lost_after_refunds_elsewhere(elsewhere: &[u64]) -> Counter {
    let counter = Counter::open();
    for cents in elsewhere {
        let control = counter.control();
        control.refund_elsewhere(&counter.id, *cents).unwrap();
    }
    counter.script(ApiCall::Refund, Fault::drop_before());

    counter
}

#[test]
fn refund_maybe_ours_is_unknown() {
    for (elsewhere, amount) in [
        (&[1250][..], "12.50"),
        (&[750, 500], "5"),
        // Two assets may have paid, and each part goes back separately.
        (&[750, 300, 200], "5"),
        (&[750, 500], "12.50"),
    ] {
        let counter = lost_after_refunds_elsewhere(elsewhere);
        let asked = [&counter.id, "--amount", amount, "--ref", "R1"];
        // The next launch also reports unknown, although it loses no call.
        for _ in 0..2 {
            let said = counter.refund_refused(30, &asked);
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
    let told = counter.refund_ends(40, &[&counter.id, "--amount", "5", "--ref", "R1", "--json"]);
    assert_eq!(told.event()["reason"], "ALREADY_REFUNDED");
    assert_eq!(counter.refunded(), 1250);
}

#[test]
fn too_little_left_is_judged_by_list() {
    for (elsewhere, exit_code, says) in [
        (1000, 30, "the list of refunds may have this one"),
        (500, 40, "more than what is left"),
    ] {
        let counter = lost_after_refunds_elsewhere(&[elsewhere]);
        let said =
            counter.refund_refused(exit_code, &[&counter.id, "--amount", "10", "--ref", "R1"]);
        assert!(said.contains("INVALID_AMOUNT"), "{said}");
        assert!(said.contains(says), "{said}");
        assert_eq!(counter.refunded(), elsewhere);
    }
}

#[test]
fn lost_refund_is_answered_again() {
    let counter = Counter::open();
    counter.script(ApiCall::Refund, Fault::drop_after());
    counter.refund_ends(0, &asked(&counter));
    assert_eq!(counter.refunded(), 1250);
    assert_eq!(counter.control().calls(ApiCall::Activities), 0);
}

#[test]
fn first_refusal_is_rejected() {
    let counter = Counter::open();
    let control = counter.control();
    control.refund_elsewhere(&counter.id, 1250).unwrap();
    let said = counter.refund_refused(40, &[&counter.id, "--ref", "R1"]);
    assert!(said.contains("give nothing back again"), "{said}");
    assert_eq!(counter.refunded(), 1250);
}

#[test]
fn refusal_against_the_list_is_unknown() {
    for code in [
        "ALREADY_REFUNDED",
        "REPEAT_REFERENCE",
        "INVALID_AMOUNT",
        "INACTIVE_ASSET",
    ] {
        let counter = Counter::open();
        counter.list_refunds(&[]);
        counter.control().script(
            ApiCall::Refund,
            [Fault::drop_after(), Fault::refusal(403, code)],
        );
        counter.refund_ends(30, &asked(&counter));
        assert_eq!(counter.refund(&asked(&counter)).exit_code, Some(0));
        assert_eq!(counter.refunded(), 1250);
    }
}

#[test]
fn unknown_refund_repeated_once() {
    let counter = Counter::open();
    counter.script(ApiCall::Refund, Fault::drop_after().forever());
    counter.script(
        ApiCall::Activities,
        Fault::refusal(403, "FORBIDDEN").forever(),
    );
    let said = counter.refund_refused(30, &[&counter.id, "--ref", "R1"]);
    assert!(said.contains("run the same command again"), "{said}");
    assert!(said.contains("--ref \"R1\""), "{said}");
    assert!(said.contains("nothing is given back twice"), "{said}");
    assert!(counter.history(&["R1"]).contains("unknown"));

    let told = counter.refund_ends(30, &asked(&counter));
    assert_eq!(told.event()["outcome"], "unknown");
    assert_eq!(told.event()["repeated"], true);

    counter.control().clear_script();
    let told = counter.refund_ends(0, &asked(&counter));
    assert_eq!(told.event()["repeated"], true);
    assert_eq!(counter.refunded(), 1250);
}

#[test]
fn lost_calls_are_unknown() {
    let counter = Counter::open();
    counter.script(ApiCall::Refund, Fault::drop_before().forever());
    counter.refund_ends(30, &asked(&counter));
    assert_eq!(counter.refunded(), 0);
    counter.script(ApiCall::Refund, Fault::refusal(403, "REFUND_DECLINED"));
    let told = counter.refund_ends(40, &asked(&counter));
    assert_eq!(told.event()["reason"], "REFUND_DECLINED");
}

#[test]
fn unreached_platform_refunds_nothing() {
    let mut counter = Counter::open();
    counter.shop.close_the_platform();
    let told = counter.refund(&[&counter.id, "--ref", "R1"]);
    assert!(told.is_refused_with(41).contains("nothing was carried out"));
    let told = counter.refund_ends(41, &[&counter.short_code, "--ref", "R1", "--json"]);
    let event = told.event();
    assert_eq!(event["outcome"], "unreachable");
    assert_eq!(event["shortCode"], counter.short_code);
}

#[test]
fn unreached_platform_keeps_unknown() {
    let mut counter = Counter::open();
    counter.script(ApiCall::Refund, Fault::drop_before().forever());
    assert_eq!(counter.refund(&asked(&counter)).exit_code, Some(30));
    counter.shop.close_the_platform();
    let told = counter.refund_ends(30, &asked(&counter));
    assert_eq!(told.event()["amount"]["amount"], "1250");
}

#[test]
fn refused_key_proves_nothing() {
    let counter = Counter::open();
    counter.control().script(
        ApiCall::Refund,
        [Fault::drop_before(), Fault::refusal(401, "UNAUTHORIZED")],
    );
    counter.refund_ends(30, &asked(&counter));
}

#[test]
fn retry_after_is_obeyed() {
    let counter = Counter::open();
    let asked_for = Duration::from_secs(3);
    counter.script(ApiCall::Refund, Fault::throttle(RetryAfter::Seconds(3)));
    counter.refund_ends(0, &asked(&counter));
    let calls = counter.control().call_times(ApiCall::Refund);
    assert_eq!(calls.len(), 2);
    assert!(calls[1] - calls[0] >= asked_for, "{calls:?}");
    assert_eq!(counter.refunded(), 1250);
}

#[test]
fn throttled_refund_is_not_carried_out() {
    let counter = Counter::open();
    counter.script(ApiCall::Refund, Fault::throttle(None).forever());
    let told = counter.refund_ends(41, &asked(&counter));
    assert_eq!(told.event()["outcome"], "unreachable");
    assert_eq!(counter.refunded(), 0);
}

#[test]
fn our_repeated_reference_is_started() {
    let counter = Counter::open();
    counter.script(
        ApiCall::Refund,
        Fault::refusal(403, "REPEAT_REFERENCE").after_effect(),
    );
    counter.list_refund_named("R1", 1250);
    let told = counter.refund_ends(0, &asked(&counter));
    assert_eq!(told.event()["outcome"], "started");
    assert_eq!(told.event()["repeated"], true);
    assert_eq!(counter.refunded(), 1250);
}

#[test]
fn repeated_reference_of_another() {
    let counter = Counter::open();
    let elsewhere = counter.shop.path("another-machine");
    let options = ["--amount", "2", "--data-dir", elsewhere.to_str().unwrap()];
    counter.refund_ends(0, &counter.arguments(&options));
    counter.list_refund_named("R1", 200);
    let said = counter.refund_refused(40, &[&counter.id, "--amount", "5", "--ref", "R1"]);
    assert_has(&said, "a refund of $2.00 for the same payment");
    assert!(said.contains("REPEAT_REFERENCE"), "{said}");
    counter.control().clear_script();
    counter.list_refunds(&[200]);
    let said = counter.refund_refused(40, &[&counter.id, "--amount", "5", "--ref", "R1"]);
    assert!(said.contains("of another payment or amount"), "{said}");
    counter.control().clear_script();

    let (other, _) = counter.create("B1");
    counter.control().pay(&other).unwrap();
    let another = counter.shop.path("third-machine");
    let another = another.to_str().unwrap();
    let said = counter.refund_refused(40, &[&other, "--ref", "R1", "--data-dir", another]);
    assert!(said.contains("of another payment or amount"), "{said}");
    assert_eq!(counter.refunded(), 200);
}

#[test]
fn unclear_reference_is_unknown() {
    let counter = Counter::open();
    counter.script(
        ApiCall::Refund,
        Fault::refusal(403, "REPEAT_REFERENCE").after_effect(),
    );
    counter.script(ApiCall::Activities, Fault::refusal(403, "FORBIDDEN"));
    counter.refund_ends(30, &asked(&counter));
    counter.refund_ends(0, &asked(&counter));
    assert_eq!(counter.refunded(), 1250);
}

#[test]
fn our_lost_full_refund_is_started() {
    let counter = Counter::open();
    counter.control().script(
        ApiCall::Refund,
        [Fault::drop_after(), Fault::refusal(403, "ALREADY_REFUNDED")],
    );
    counter.list_refund_named("R1", 1250);
    let told = counter.refund_ends(0, &asked(&counter));
    assert_eq!(told.event()["repeated"], false);
    assert_eq!(counter.refunded(), 1250);
}

#[test]
fn killed_before_answer_refunds_once() {
    for fault in [
        Fault::never().after_effect(),
        Fault::never(),
        // The first call takes effect only after the second call was answered.
        Fault::delay(Duration::from_secs(2)),
    ] {
        let counter = Counter::open();
        counter.script(ApiCall::Refund, fault.clone());
        let mut killed = launched(&counter.shop, &asked(&counter));
        wait_until("the call was sent", || counter.sent() == 1);
        killed.kill().unwrap();
        killed.wait().unwrap();
        let kept = counter.history(&["R1"]);
        assert!(kept.contains("refund R1, 12.50 NZD unknown"), "{kept}");

        let told = counter.refund_ends(0, &asked(&counter));
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
fn killed_in_a_part_refunds_once() {
    let counter = Counter::open();
    let part = [&counter.id, "--amount", "5.00", "--ref", "R1", "--json"];
    counter.script(ApiCall::Refund, Fault::never().after_effect());
    let mut killed = launched(&counter.shop, &part);
    wait_until("it took effect", || counter.refunded() == 500);
    killed.kill().unwrap();
    killed.wait().unwrap();
    let told = counter.refund(&[&counter.id, "--ref", "R1"]);
    assert!(told.is_refused_with(64).contains("5.00 NZD"), "{told:?}");
    counter.refund_ends(0, &part);
    assert_eq!(counter.refunded(), 500);
}

#[test]
fn refunds_at_once_go_back_once() {
    let counter = Counter::open();
    let launches: Vec<_> = (0..4)
        .map(|_| launched(&counter.shop, &asked(&counter)))
        .collect();
    for mut launch in launches {
        assert_eq!(launch.wait().unwrap().code(), Some(0));
    }
    assert_eq!(counter.refunded(), 1250);
}
