//! A resident display, and the real program at tills that hand their sales over to it. HTTP and the journal are real.
//! There is no window.

mod clients;
mod keys;
mod killed;
mod settling;

use std::io::Write;
use std::process::Stdio;
use std::thread;
use std::time::Duration;

use patron_display::sandbox::{ApiCall, Fault};
use serde_json::{Value, json};
use tokio::runtime::Handle;

use crate::support::resident::{Counter, Shop, sells_and_leaves, soon};
use crate::support::till::Till;
use crate::support::words::assert_has;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn handed_over_sale_tells_all() {
    let mut counter = Counter::open().await;
    let mut till = counter.shows_code().await;
    counter.is_paid(&mut till).await;
    assert_eq!(till.names(), ["created", "shown", "ended", "outcome"]);
    let events = till.events();
    let request = counter.control().request(&counter.latest()).unwrap();
    assert_eq!(events[0]["externalRef"], "A1");
    assert_eq!(events[0]["url"], request.url);
    assert_eq!(events[3]["outcome"], "paid");
    assert_eq!(events[3]["paidBy"][0]["description"], "Centrapay NZD");
    assert_eq!(till.said(), "");
    counter.until_idle().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sale_without_json_is_silent() {
    let mut counter = Counter::open().await;
    let mut till = counter.shop.starts(&["sale", "--amount", "12.50"]);
    counter.until_presenting().await;
    counter.is_paid(&mut till).await;
    assert!(till.names().is_empty());
}

/// Pays the newest request. The platform lists these line items with the payment.
fn is_paid_for(counter: &Counter, items: &[Value]) {
    let bought = json!({
        "type": "centrapay.nzd.main",
        "description": "Centrapay NZD",
        "total": { "amount": "1250", "currency": "NZD" },
        "lineItems": items,
    });
    counter.control().script(
        ApiCall::Read,
        [Fault::edit(json!({ "paidBy": { "assetTotals": [bought] } })).forever()],
    );
    counter.control().pay(&counter.latest()).unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f70_long_events_reach_the_till() {
    let mut counter = Counter::open().await;
    let mut till = counter.shows_code().await;
    // This list is the longest that an answer may have. Each quote is escaped twice: in the event and on the
    // socket.
    let items = vec![json!({ "name": "\"".repeat(40) }); 2500];
    is_paid_for(&counter, &items);
    assert_eq!(counter.until_ended(&mut till).await, 0);
    let outcome = till.events().pop().unwrap();
    assert_eq!(outcome["outcome"], "paid");
    let told = outcome["paidBy"][0]["lineItems"].as_array().unwrap();
    assert_eq!(told.len(), 2500);
}

/// A till reads nothing. The program waits 10 s for it, and then ends.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f70_till_that_never_reads() {
    let mut counter = Counter::open().await;
    let mut command = counter
        .shop
        .program(&["sale", "--amount", "12.50", "--json", "--control"]);
    command.stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut program = command.spawn().unwrap();
    let mut input = program.stdin.take().unwrap();
    // The outcome is longer than a pipe holds, so the program cannot write all of it.
    let items = vec![json!({ "name": "n".repeat(40) }); 3000];
    counter.until_presenting().await;
    is_paid_for(&counter, &items);
    // The till writes nonsense all the time.
    thread::spawn(move || while writeln!(input, "nonsense").is_ok() {});
    let mut code = None;
    counter
        .until(|_| {
            code = program.try_wait().unwrap();

            code.is_some()
        })
        .await;
    assert_eq!(code.unwrap().code(), Some(0));
}

/// Starts a sale of the items in this file of the shop's directory.
fn sells(counter: &Counter, items: &str) -> Till {
    counter.shop.write("items.json", items);
    let mut command = counter.shop.program(&[]);
    command
        .args(["sale", "--items", "items.json", "--json"])
        .args(["--config", "config.toml"])
        .current_dir(counter.shop.home.path());

    Till::start(command)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn file_names_are_relative_to_the_till() {
    let mut counter = Counter::open().await;
    let items = r#"[{"name":"Flat white","sku":"1","qty":"2","price":"1250"}]"#;
    let mut till = sells(&counter, items);
    counter
        .until(|_| till.has_told("shown") || !till.said().is_empty())
        .await;
    assert_eq!(till.said(), "");
    let sale = counter.display.app().display().sale();
    let basket = &sale.order().unwrap().particulars.basket;
    assert_eq!(basket.sum(), 1250);
    counter.is_terminated(&mut till).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn unknown_item_key_warns_once() {
    let mut counter = Counter::open().await;
    let items = r#"[{"name":"Flat white","qty":"2","price":"1250","classification":{"gs1":"1"},"shelf":1}]"#;
    let mut till = sells(&counter, items);
    counter.until(|_| till.has_told("shown")).await;
    let said = till.said();
    assert_eq!(said.matches("shelf").count(), 1, "{said}");
    assert_eq!(said.lines().count(), 1, "{said}");
    let sale = counter.display.app().display().sale();
    let basket = &sale.order().unwrap().particulars.basket;
    let classification = basket.lines()[0].classification.as_ref().unwrap();
    assert_eq!(classification.json(), r#"{"gs1":"1"}"#);
    counter.is_terminated(&mut till).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn till_cancels_and_closes() {
    let mut counter = Counter::open().await;
    let mut till = counter.shows_code().await;
    till.writes("nonsense");
    counter.until(|_| till.has_told("error")).await;
    let error = till.events().pop().unwrap();
    assert!(
        error["message"]
            .as_str()
            .unwrap()
            .contains("not a JSON object")
    );
    till.writes(r#"{"command":"cancel"}"#);
    counter.until(|_| till.has_told("ended")).await;
    till.writes(r#"{"command":"close"}"#);
    assert_eq!(counter.until_ended(&mut till).await, 21);
    counter.is_voided();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn end_of_input_changes_nothing() {
    let mut counter = Counter::open().await;
    let mut till = counter.shows_code().await;
    till.closes_its_end();
    // Waits for two more polls. An effect of the closed input would come before them.
    let reads = counter.control().calls(ApiCall::Read);
    let control = counter.control();
    counter
        .until(|_| control.calls(ApiCall::Read) > reads + 1)
        .await;
    counter.is_paid(&mut till).await;
}

/// Runs a sale that is refused, with and without a resident display. Checks that the program says the same.
async fn is_refused_alike(counter: &mut Counter, arguments: &[&str], code: i32) {
    let mut till = counter.shop.starts(arguments);
    assert_eq!(
        counter.until_ended(&mut till).await,
        code,
        "{}",
        till.said()
    );
    let mut alone = counter.shop.program(arguments);
    alone.env("PATRON_DISPLAY_DATA_DIR", counter.shop.path("another"));
    let mut alone = Till::start(alone);
    assert_eq!(counter.until_ended(&mut alone).await, code);
    assert_eq!(till.said(), alone.said());
    assert!(
        till.said().starts_with("patron-display: "),
        "{}",
        till.said()
    );
    assert!(counter.control().requests().is_empty());
    counter.until_idle().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn usage_error_reads_as_usual() {
    let mut counter = Counter::open().await;
    let wrong: [&[&str]; 4] = [
        &["sale", "--amount", "12.505"],
        &["sale", "--amount", "5", "--merchant", "caffe"],
        &["sale", "--items", "not-there.json"],
        &["sale", "--amount", "5", "--items", "config.toml"],
    ];
    for arguments in wrong {
        is_refused_alike(&mut counter, arguments, 64).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn edited_configuration_is_used_next() {
    let mut counter = Counter::open().await;
    let right = counter.shop.configuration();
    counter
        .shop
        .write("config.toml", &format!("{right}close-afer = \"1s\"\n"));
    is_refused_alike(&mut counter, &["sale", "--amount", "5"], 78).await;
    counter
        .shop
        .write("config.toml", &right.replace("Café", "Tearoom"));
    let _till = counter.shows_code().await;
    assert!(counter.words().await.contains("Tearoom"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn second_sale_is_told_75() {
    let mut counter = Counter::open().await;
    let mut first = counter.shows_code().await;
    let mut second = counter.sells_as("A2");
    assert_eq!(counter.until_ended(&mut second).await, 75);
    assert_has(&second.said(), "another display has this counter");
    assert!(second.names().is_empty());
    counter.is_paid(&mut first).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f50_sigterm_at_the_till_voids() {
    let mut counter = Counter::open().await;
    let mut till = counter.shows_code().await;
    counter.is_terminated(&mut till).await;
    assert_eq!(till.names().last().unwrap(), "outcome");
    counter.is_voided();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f50_killed_till_leaves_no_code() {
    let mut counter = Counter::open().await;
    let till = counter.shows_code().await;
    till.signal("KILL");
    counter.until_idle().await;
    counter.is_voided();
    assert_eq!(counter.words().await.lines().last(), Some("Welcome"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn windowed_option_is_only_remarked_on() {
    let mut counter = Counter::open().await;
    let arguments = ["sale", "--amount", "5", "--windowed", "800x480", "--json"];
    let mut till = counter.shop.starts(&arguments);
    counter.until_shown(&till).await;
    assert_has(&till.said(), "--windowed has no effect");
    counter.is_terminated(&mut till).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn check_accepts_a_resident_display() {
    let mut counter = Counter::open().await;
    let mut command = counter.shop.program(&["check"]);
    let checked = soon(move || command.output().unwrap());
    let mut checked = std::pin::pin!(checked);
    let output = loop {
        tokio::select! {
            output = &mut checked => break output,
            stepped = counter.display.step() => stepped.unwrap(),
        }
    };
    let said = String::from_utf8(output.stdout).unwrap();
    let data = said.lines().find(|line| line.contains(" data ")).unwrap();
    assert!(
        data.starts_with("ok") && data.contains("a resident display runs: version"),
        "{said}"
    );
}

#[tokio::test]
async fn sale_without_a_display() {
    let shop = Shop::open().await;
    let finished = shop.finishes(&["sale", "--amount", "5"]).await;
    let said = finished.stderr;
    assert_eq!(finished.exit_code, Some(69), "{said}");
    assert!(said.contains("there is no screen"), "{said}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_hundred_sales_leave_no_task() {
    const SALES: usize = 200;
    /// The ends of connections that wait for the next call.
    const WAITING: usize = 6;
    let mut counter = Counter::open().await;
    let mut first = None;
    for number in 0..SALES {
        sells_and_leaves(&mut counter, &format!("S{number}")).await;
        if number < 20 || number % 20 != 0 {
            continue;
        }
        let now = under_way(&mut counter).await;
        let first = *first.get_or_insert(now);
        assert!(
            now <= first + WAITING,
            "after {number} sales: {first}, then {now}"
        );
    }
    assert_eq!(counter.control().requests().len(), SALES);
}

/// Returns how many tasks still run after those of the last sale have had a moment to end.
async fn under_way(counter: &mut Counter) -> usize {
    let mut least = usize::MAX;
    for _ in 0..20 {
        counter.turns_for(Duration::from_millis(2)).await;
        let tasks = Handle::current().metrics().num_alive_tasks();
        least = least.min(counter.display.under_way() + tasks);
    }

    least
}
