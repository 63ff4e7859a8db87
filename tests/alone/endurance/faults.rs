//! The faults that the answer to a poll can have.

use std::time::Duration;

use patron_display::sandbox::{Fault, FaultAnswer, RetryAfter};
use serde_json::json;

/// The ending of a sale after all harmless faults.
pub(crate) enum Ending {
    /// The customer pays.
    Payment,
    /// The platform gives these answers, after which the code must leave the screen.
    Mismatch(Vec<Fault>),
}

/// Returns faults with an answer or a failure at once.
fn quick() -> Vec<Fault> {
    let json = |body: &str| {
        Fault::answer(
            FaultAnswer::status(200)
                .header("content-type", "application/json")
                .body(body),
        )
    };

    vec![
        Fault::status(500),
        Fault::status(502),
        Fault::status(503),
        Fault::status(504),
        Fault::status(204),
        Fault::html(),
        Fault::empty(),
        Fault::wrong_content_type("text/plain"),
        json("{"),
        json("[]"),
        json("null"),
        json(r#"{"id":"../../x","status":"paid"}"#),
        json(r#"{"status":"paid"}"#),
        Fault::truncated(),
        Fault::huge(1),
        Fault::redirect(302, "http://127.0.0.1:1/elsewhere"),
        Fault::redirect(307, "http://127.0.0.1:1/elsewhere"),
        Fault::drop_before(),
        Fault::drop_after(),
        // The client can read these answers but takes no verdict from them.
        Fault::edit(json!({ "status": "pondering" })),
        Fault::edit(json!({ "status": "PAID" })),
        Fault::edit(json!({ "id": "AnotherRequestsIdABCDE", "status": "paid" })),
        Fault::edit(json!({ "updatedAt": "{updatedAt-1h}", "status": "new" })),
        Fault::edit(json!({ "merchantName": "\u{202e}\u{1b}[2Jnobody\u{0}".repeat(2000) })),
    ]
}

/// Returns faults that last until the client gives up.
fn slow() -> Vec<Fault> {
    vec![
        Fault::delay(Duration::from_secs(6)),
        Fault::drip(Duration::from_millis(250)),
        Fault::never(),
    ]
}

/// Returns refusals. If only refusals came for ten seconds, the code would leave the screen.
fn refusals() -> Vec<Fault> {
    vec![
        Fault::refusal(401, "UNAUTHORIZED"),
        Fault::refusal(403, "FORBIDDEN"),
        Fault::refusal(404, "NOT_FOUND"),
    ]
}

fn throttling(number: usize) -> Fault {
    match number % 4 {
        0 => Fault::throttle(RetryAfter::Seconds(1)),
        1 => Fault::throttle(RetryAfter::Date { seconds: 1 }),
        2 => Fault::throttle(RetryAfter::Text("soon".to_owned())),
        _ => Fault::throttle(None),
    }
}

fn each_followed_by_one_that_goes_well(faults: Vec<Fault>) -> Vec<Fault> {
    faults
        .into_iter()
        .flat_map(|fault| [fault, Fault::pass()])
        .collect()
}

/// Returns every fault that keeps the code on the screen, shuffled for each sale. A good poll follows each fault.
pub(crate) fn that_pass(number: usize) -> Vec<Fault> {
    let mut faults = quick();
    faults.extend(slow());
    faults.extend(refusals());
    faults.push(throttling(number));
    fastrand::Rng::with_seed(number as u64).shuffle(&mut faults);

    each_followed_by_one_that_goes_well(faults)
}

/// Returns only the quick faults. A good poll follows each fault.
pub(crate) fn that_pass_quickly() -> Vec<Fault> {
    each_followed_by_one_that_goes_well(quick())
}

/// Pays two of three sales. Each other sale gets an answer that does not match its request.
pub(crate) fn ending(number: usize) -> Ending {
    let misfit = match number % 18 {
        2 => json!({ "value": { "amount": "1", "currency": "NZD" } }),
        5 => json!({ "value": { "amount": "1", "currency": "NZD" }, "status": "paid" }),
        8 => json!({ "value": { "amount": "1250", "currency": "AUD" } }),
        11 => json!({ "configId": "5ee168e8597be5002af7b455" }),
        14 => json!({ "liveness": "main", "status": "paid" }),
        17 => json!({ "id": "AnotherRequestsIdABCDE", "status": "paid" }),
        _ => return Ending::Payment,
    };

    // An answer about another request counts when it has come three times. Every other mismatch counts at once.
    let times = if misfit["id"].is_string() { 3 } else { 1 };

    Ending::Mismatch(vec![Fault::edit(misfit).times(times)])
}
