//! Lost, late, wrong and malicious answers, in HTTP and below it. The application runs without a window.

mod creating;
mod endless;
mod key;
mod looking_up;
mod misfits;
mod polling;
mod text;
mod traces;

use std::net::SocketAddr;
use std::path::Path;
use std::time::{Duration, Instant};

use patron_display::centrapay::Client;
use patron_display::sandbox::{ApiCall, Control, Fault, Sandbox, SandboxStatus, Snapshot};
use serde_json::Value;
use tokio::time::timeout;

use crate::support::gate::Gate;
use crate::support::oracle;
use crate::support::scene::{KEY, Rehearsal, Scene, Settled, is_shown};
use crate::support::shop;

const PATIENCE: Duration = Duration::from_secs(40);
const ACCOUNT_ID: &str = "C4QnjXvj8At6SMsEN4LRi9";
/// Configuration of a merchant with an account, so that lost creates can be looked up.
const ACCOUNT: &str = "account-id = \"C4QnjXvj8At6SMsEN4LRi9\"\n";
/// The largest number of bytes that the client reads of an answer.
const CAP: usize = 256 * 1024;
/// The exit codes that mean that the customer was not charged.
const NOT_CHARGED: [u8; 4] = [20, 21, 40, 41];

/// The real answer with this change, made longer than the client reads.
fn too_long(mut change: Value) -> Fault {
    change["padding"] = Value::String("x".repeat(CAP));

    Fault::edit(change)
}

/// Launches the sale A1 of 12.50. `more` is added to the merchant's configuration.
async fn begun(more: &str) -> Rehearsal {
    Rehearsal::begin(Scene::default().size, more).await
}

/// Launches the sale, and gives these faults to the platform's next calls of this kind.
async fn scripted(
    more: &str,
    call: ApiCall,
    faults: impl IntoIterator<Item = Fault>,
) -> (Rehearsal, Control) {
    let sale = begun(more).await;
    let control = sale.control();
    control.script(call, faults);

    (sale, control)
}

async fn behind_gate() -> (Rehearsal, Gate) {
    let (scene, gate) = Scene::behind_gate().await;

    (scene.begin().await, gate)
}

/// Pays the newest request, and waits until the sale is paid.
async fn paid(sale: &mut Rehearsal) {
    sale.pay();
    sale.until_ended("paid").await;
}

async fn ends_paid(mut sale: Rehearsal) -> Settled {
    paid(&mut sale).await;

    ends(sale, 0).await
}

/// Waits until `holds` returns true. The code must stay on the screen all the time.
async fn until_meanwhile(sale: &mut Rehearsal, mut holds: impl FnMut(&Rehearsal) -> bool) {
    let reached = async {
        while !holds(sale) {
            sale.display.step().await.unwrap();
            assert!(
                is_shown(sale.state()),
                "{:?}",
                sale.display.display().sale()
            );
            tokio::task::yield_now().await;
        }
    };
    timeout(PATIENCE, reached).await.unwrap();
}

/// Waits until the till has been told exactly these events.
async fn told(sale: &Rehearsal, names: &[&str]) {
    let begun = Instant::now();
    while sale.told.names() != names {
        assert!(begun.elapsed() < PATIENCE, "{:?}", sale.told.events());
        tokio::task::yield_now().await;
    }
}

/// Closes the sale with this exit code. Then clears the faults and runs `settle`. Checks the money after both.
async fn ends(mut sale: Rehearsal, code: u8) -> Settled {
    assert_eq!(sale.close(), Some(code), "{:?}", sale.told.events());
    let mut told = sale.told.events();
    let control = sale.control();
    let entries = oracle::entries(sale.directory.path());
    for request in shown(&told, &sale.sandbox) {
        let over = request.status != SandboxStatus::New;
        let open = entries
            .iter()
            .any(|entry| entry.id.as_ref() == Some(&request.id) && entry.closed_at.is_none());
        assert!(over || open, "closed, but can still be paid: {request:?}");
        if NOT_CHARGED.contains(&code) {
            assert!(over, "not charged, but can still be paid: {request:?}");
            assert_eq!(request.captured, request.refunded, "{request:?}");
        }
    }
    agree(&told, &sale.sandbox);
    oracle::check_end(&told, sale.directory.path(), Some(code), &control);

    control.clear_script();
    let settled = sale.settle().await;
    told.extend(settled.told.iter().cloned());
    for request in shown(&told, &settled.sandbox) {
        let status = request.status;
        assert_ne!(status, SandboxStatus::New, "never settled: {request:?}");
    }
    agree(&told, &settled.sandbox);
    oracle::check_end(&told, settled.directory.path(), None, &control);
    let mut outcomes = oracle::outcomes(&told).into_values();
    assert!(outcomes.all(|outcome| outcome != "unknown"), "{told:?}");

    settled
}

/// Insists that the merchant has as much of each request as the till was told, unless the outcome is unknown.
fn agree(told: &[Value], sandbox: &Sandbox) {
    let outcomes = oracle::outcomes(told);
    for request in sandbox.control().requests() {
        let paid = match outcomes.get(&request.id).map(String::as_str) {
            Some("unknown") => continue,
            Some("paid") => request.amount,
            _ => 0,
        };
        let kept = request.captured - request.refunded;
        assert_eq!(kept, paid, "{request:?}, and the till: {told:?}");
    }
}

/// Returns the requests whose code was on the screen.
fn shown(told: &[Value], sandbox: &Sandbox) -> Vec<Snapshot> {
    told.iter()
        .filter(|event| event["event"] == "shown")
        .map(|event| {
            let id = event["id"].as_str().unwrap();

            sandbox.control().request(id).unwrap()
        })
        .collect()
}

/// Creates a client of the platform at this address.
fn client(address: SocketAddr) -> Client {
    shop::client(&format!("http://{address}"), "", Path::new("."), KEY).unwrap()
}
