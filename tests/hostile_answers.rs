//! Answers that are lost, late, wrong or malicious: the whole application without a window against
//! a platform that was told to misbehave, in HTTP and below it.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    dead_code,
    reason = "a test that cannot set its scene has failed; not every test needs all of the scene"
)]

#[path = "logs/book.rs"]
mod book;
#[path = "hostile_answers/creating.rs"]
mod creating;
#[path = "hostile_answers/elsewhere.rs"]
mod elsewhere;
#[path = "hostile_answers/gate.rs"]
mod gate;
#[path = "hostile_answers/key.rs"]
mod key;
#[path = "hostile_answers/looking_up.rs"]
mod looking_up;
#[path = "hostile_answers/misfits.rs"]
mod misfits;
#[path = "hostile_answers/oracle.rs"]
mod oracle;
#[path = "hostile_answers/polling.rs"]
mod polling;
#[path = "hostile_answers/proxies.rs"]
mod proxies;
#[path = "hostile_answers/raw.rs"]
mod raw;
#[path = "hostile_answers/redirects.rs"]
mod redirects;
#[path = "rehearsal/scene.rs"]
mod scene;
#[path = "hostile_answers/text.rs"]
mod text;
#[path = "hostile_answers/traces.rs"]
mod traces;
#[path = "rehearsal/words.rs"]
mod words;

use std::net::SocketAddr;
use std::path::Path;
use std::time::{Duration, Instant};

use iced::Size;
use patron_display::centrapay::Client;
use patron_display::config::Config;
use patron_display::config::key::Credential;
use patron_display::control::Controls;
use patron_display::money::{Amount, Currency};
use patron_display::sale::{NewRequest, State};
use patron_display::sandbox::{Fault, Options, Sandbox};
use secrecy::SecretString;
use serde_json::Value;
use tokio::time::timeout;

use gate::Gate;
use scene::{KEY, Rehearsal};

const SCREEN: Size<u32> = Size::new(800, 480);
/// How long anything may take. Nothing does on a machine that is not stuck.
const PATIENCE: Duration = Duration::from_secs(40);
/// Lines of the configuration for a merchant whose lost creates can be looked up.
const ACCOUNT: &str = "account-id = \"C4QnjXvj8At6SMsEN4LRi9\"\n";

/// The most of an answer that is read, in bytes.
const CAP: usize = 256 * 1024;

/// The real answer with this change, and longer than any answer may be: nothing else is wrong with
/// it.
fn too_long(mut change: Value) -> Fault {
    change["padding"] = Value::String("x".repeat(CAP));

    Fault::edit(change)
}

/// The sale A1 of 12.50, as it begins.
async fn begun(more: &str) -> Rehearsal {
    Rehearsal::begin(SCREEN, more).await
}

/// The same sale with its code on the screen.
async fn shown(more: &str) -> Rehearsal {
    let mut sale = begun(more).await;
    sale.until_shown().await;

    sale
}

/// The same sale as it begins, with a gate between the counter and the platform.
async fn behind_a_gate(more: &str) -> (Rehearsal, Gate) {
    let sandbox = Sandbox::start(Options::default()).await.unwrap();
    let gate = Gate::open(sandbox.address());
    let api = format!(
        "base-url = \"http://{}\"\npay-hosts = [\"{}\"]",
        gate.address,
        sandbox.address()
    );
    let merchant = format!("liveness = \"test\"\n{more}");
    let lines = (api.as_str(), merchant.as_str());
    let sale = Rehearsal::begin_in(sandbox, SCREEN, lines, Controls::none()).await;

    (sale, gate)
}

/// Pays what is on the screen, and goes on until that is there too.
async fn paid(sale: &mut Rehearsal) {
    sale.sandbox.control().pay(&sale.latest()).unwrap();
    sale.until_ended("paid").await;
}

/// Goes on until this holds, with the code on the screen all the time.
async fn until_meanwhile(sale: &mut Rehearsal, mut holds: impl FnMut(&Rehearsal) -> bool) {
    let reached = async {
        while !holds(sale) {
            sale.display.step().await.unwrap();
            assert!(is_shown(sale), "{:?}", sale.display.display().sale());
            tokio::task::yield_now().await;
        }
    };
    timeout(PATIENCE, reached).await.unwrap();
}

/// Waits until the till was told these events and no others.
async fn told(sale: &Rehearsal, names: &[&str]) {
    let begun = Instant::now();
    while sale.told.names() != names {
        assert!(begun.elapsed() < PATIENCE, "{:?}", sale.told.events());
        tokio::task::yield_now().await;
    }
}

fn is_shown(sale: &Rehearsal) -> bool {
    matches!(sale.display.display().sale().state(), State::Presenting(shown) if shown.is_on_screen())
}

/// A client that calls the platform at this address beside the counter.
fn client(address: SocketAddr) -> Client {
    let text = format!(
        "[api]\nbase-url = \"http://{address}\"\n\
         [merchants.cafe]\nconfig-id = \"5ee168e8597be5002af7b454\"\nname = \"Café\"\n"
    );
    let config = Config::from_str(&text, Path::new("hostile.toml")).unwrap();
    let credential = Credential::ApiKey(SecretString::from(KEY));

    Client::new(&config.api, &credential, config.terminal).unwrap()
}

/// The create of the sale's first attempt.
fn first_create() -> NewRequest {
    NewRequest {
        base_url: String::new(),
        config_id: "5ee168e8597be5002af7b454".to_owned(),
        amount: Amount::from_minor(1250, Currency::NZD),
        external_ref: "A1".to_owned(),
        expiry_seconds: 120,
        operator: None,
        particulars: patron_display::sale::Particulars::default().into(),
        barcode: None,
    }
}
