//! After any two faulty calls, the outcome that the program tells is true, and a repetition refunds only once.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use patron_display::sandbox::{ApiCall, Fault};
use serde_json::json;

use crate::refund::counter::Counter;

/// The number of shops that run at once. They spend most of their time waiting.
const SHOPS: usize = 12;

fn faults() -> Vec<Fault> {
    vec![
        Fault::drop_before(),
        Fault::drop_after(),
        Fault::status(500).after_effect(),
        Fault::edit(json!({ "value": { "amount": "1" } })),
        Fault::refusal(403, "REPEAT_REFERENCE").after_effect(),
        Fault::refusal(403, "REFUND_DECLINED"),
        Fault::refusal(403, "INACTIVE_ASSET"),
        Fault::refusal(403, "ALREADY_REFUNDED"),
        Fault::refusal(401, "UNAUTHORIZED"),
        Fault::status(403),
        Fault::pass(),
    ]
}

/// Returns each pair of faults for two calls in a row, and whether the activities can be read.
fn courses() -> Vec<([Fault; 2], bool)> {
    let mut courses = Vec::new();
    for first in faults() {
        for second in faults() {
            for is_listed in [true, false] {
                courses.push(([first.clone(), second.clone()], is_listed));
            }
        }
    }

    courses
}

fn live_through(calls: &[Fault; 2], is_listed: bool) {
    let counter = Counter::open();
    counter.control().script(ApiCall::Refund, calls.clone());
    if !is_listed {
        counter.script(
            ApiCall::Activities,
            Fault::refusal(403, "FORBIDDEN").forever(),
        );
    }
    let asked = [&counter.id, "--amount", "5.00", "--ref", "R1", "--json"];
    let told = counter.refund(&asked);
    let course = format!("{calls:?}, listed: {is_listed}: {told:?}");
    let went_back = counter.refunded();
    match told.event()["outcome"].as_str().unwrap() {
        "started" => assert_eq!((told.exit_code, went_back), (Some(0), 500), "{course}"),
        "rejected" => assert_eq!((told.exit_code, went_back), (Some(40), 0), "{course}"),
        "unknown" => {
            assert_eq!(told.exit_code, Some(30), "{course}");
            assert!([0, 500].contains(&went_back), "{course}");
        }
        other => unreachable!("{other}: {course}"),
    }

    counter.control().clear_script();
    let again = counter.refund(&asked);
    assert_eq!(again.exit_code, Some(0), "{course}, then {again:?}");
    assert_eq!(again.event()["repeated"], true, "{course}");
    assert_eq!(counter.refunded(), 500, "{course}");
}

#[test]
fn outcome_is_true_and_refunds_once() {
    let courses = courses();
    let next = AtomicUsize::new(0);
    thread::scope(|scope| {
        for _ in 0..SHOPS {
            scope.spawn(|| {
                while let Some((calls, is_listed)) =
                    courses.get(next.fetch_add(1, Ordering::Relaxed))
                {
                    live_through(calls, *is_listed);
                }
            });
        }
    });
}
