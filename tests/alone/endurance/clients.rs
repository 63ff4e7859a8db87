//! Sales of every kind of client on one resident display. Each client gets its outcome once.

use patron_display::sandbox::SandboxStatus;
use serde_json::json;

use crate::support::api::{Api, Stream};
use crate::support::resident::{Counter, sells_and_leaves};
use crate::support::till::Till;

/// Makes the sale with this number, and checks what its client is told.
pub(super) async fn sells(counter: &mut Counter, number: usize) {
    let reference = format!("S{number}");
    match number % 20 {
        0 => is_paid_by_http(counter, &reference).await,
        1 => is_paid_by_program(counter, &reference).await,
        2 => one_of_two_at_once(counter, &reference).await,
        number if number % 3 == 0 => sells_and_leaves(counter, &reference).await,
        number if number % 3 == 1 => gives_way(counter, &reference).await,
        _ => is_cancelled_by_program(counter, &reference).await,
    }
}

async fn begins(counter: &mut Counter, reference: &str) -> Stream {
    let api = Api::own(&counter.shop);
    let sale = json!({"ref": reference, "amount": "12.50"});
    let answer = counter.calls(&api, "POST", "/v1/sales", &sale).await;
    assert_eq!(answer.status, 201, "{answer:?}");
    let events = api.events(reference);
    counter.until(|_| events.has_told("shown")).await;

    events
}

fn has_one_outcome(names: &[String]) {
    let outcomes = names.iter().filter(|name| *name == "outcome").count();
    assert_eq!(outcomes, 1, "{names:?}");
}

async fn is_paid_by_http(counter: &mut Counter, reference: &str) {
    let events = begins(counter, reference).await;
    counter.control().pay(&counter.latest()).unwrap();
    counter.until(|_| events.is_over()).await;
    has_one_outcome(&events.names());
}

async fn is_paid_by_program(counter: &mut Counter, reference: &str) {
    let mut till = counter.sells_as(reference);
    counter.until_shown(&till).await;
    counter.is_paid(&mut till).await;
    has_one_outcome(&till.names());
}

async fn is_cancelled_by_program(counter: &mut Counter, reference: &str) {
    let mut till = counter.sells_as(reference);
    counter.until_shown(&till).await;
    till.writes(r#"{"command":"cancel"}"#);
    counter.until(|_| till.has_told("ended")).await;
    till.writes(r#"{"command":"close"}"#);
    assert_eq!(counter.until_ended(&mut till).await, 21);
    has_one_outcome(&till.names());
}

/// Cancels a sale. The next sale takes the screen from its offer to try again.
async fn gives_way(counter: &mut Counter, reference: &str) {
    let events = begins(counter, reference).await;
    let api = Api::own(&counter.shop);
    let path = format!("/v1/sales/{reference}/commands");
    let cancel = json!({"command": "cancel"});
    let answer = counter.calls(&api, "POST", &path, &cancel).await;
    assert_eq!(answer.status, 202, "{answer:?}");
    counter.until(|_| events.has_told("ended")).await;
    counter.is_voided();
    let close = json!({"command": "close"});
    // Every other one is left to the next sale.
    if reference.ends_with(['0', '2', '4', '6', '8']) {
        counter.calls(&api, "POST", &path, &close).await;
        counter.until(|_| events.is_over()).await;
        has_one_outcome(&events.names());
    }
}

/// Two programs want to sell at once. One gets the screen, and the other is told 75.
async fn one_of_two_at_once(counter: &mut Counter, reference: &str) {
    let other = format!("{reference}-too");
    let mut tills = [counter.sells_as(reference), counter.sells_as(&other)];
    let mut codes = [None, None];
    counter
        .until(|_| {
            for (till, code) in tills.iter_mut().zip(&mut codes) {
                *code = code.or_else(|| Till::code(till));
            }

            codes.iter().flatten().count() == 1
        })
        .await;
    let loser = usize::from(codes[0].is_none());
    assert_eq!(codes[loser], Some(75));
    let winner = &mut tills[1 - loser];
    counter.until_shown(winner).await;
    counter.is_terminated(winner).await;
    has_one_outcome(&winner.names());
    let request = counter.control().request(&counter.latest()).unwrap();
    assert_eq!(request.status, SandboxStatus::Cancelled);
}
