//! A display that stands, and the real program at tills that hand their sales to it: with real HTTP, a
//! real journal and real sockets, without a window.
#![cfg(unix)]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot set its scene has failed"
)]

#[path = "stand/counter.rs"]
mod counter;
#[path = "stand/dying.rs"]
mod dying;
#[path = "stand/keys.rs"]
mod keys;
#[path = "stand/settling.rs"]
mod settling;
#[path = "stand/till.rs"]
mod till;
#[path = "stand/wild.rs"]
mod wild;
#[path = "rehearsal/words.rs"]
mod words;

use std::io::Write;
use std::process::Stdio;
use std::thread;
use std::time::Duration;

use patron_display::sale::State;
use patron_display::sandbox::{Call, Fault, Status};
use serde_json::{Value, json};
use tokio::runtime::Handle;

use counter::{Counter, Shop, sells_and_leaves, soon};
use till::Till;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sale_that_is_handed_over_tells_the_till_the_same_as_one_in_a_window_of_its_own() {
    let mut counter = Counter::open().await;
    let mut till = counter.sells();
    counter.until_shown(&till).await;
    counter.control().pay(&counter.latest()).unwrap();
    assert_eq!(counter.until_ended(&mut till).await, 0);
    assert_eq!(till.names(), ["created", "shown", "ended", "outcome"]);
    let events = till.events();
    let request = counter.control().request(&counter.latest()).unwrap();
    assert_eq!(events[0]["externalRef"], "A1");
    assert_eq!(events[0]["url"], request.url);
    assert_eq!(events[3]["outcome"], "paid");
    assert_eq!(events[3]["paidBy"][0]["description"], "Centrapay NZD");
    assert_eq!(till.said(), "");
    assert!(counter.stand.stand().is_idle());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_json_only_the_exit_code_is_told() {
    let mut counter = Counter::open().await;
    let mut till = counter.shop.starts(&["sale", "--amount", "12.50"]);
    counter
        .until(|stand| matches!(stand.stand().display().sale().state(), State::Presenting(_)))
        .await;
    counter.control().pay(&counter.latest()).unwrap();
    assert_eq!(counter.until_ended(&mut till).await, 0);
    assert!(till.names().is_empty());
}

/// The newest sale is paid, and the platform lists these goods with the payment.
fn is_paid_for(counter: &Counter, items: &[Value]) {
    let bought = json!({
        "type": "centrapay.nzd.main",
        "description": "Centrapay NZD",
        "total": { "amount": "1250", "currency": "NZD" },
        "lineItems": items,
    });
    counter.control().script(
        Call::Read,
        [Fault::edit(json!({ "paidBy": { "assetTotals": [bought] } })).forever()],
    );
    counter.control().pay(&counter.latest()).unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f70_long_events_reach_the_till() {
    let mut counter = Counter::open().await;
    let mut till = counter.sells();
    counter.until_shown(&till).await;
    // As much as an answer may have: each quote is escaped in the event, and once more on its way to the till.
    let items = vec![json!({ "name": "\"".repeat(40) }); 2500];
    is_paid_for(&counter, &items);
    assert_eq!(counter.until_ended(&mut till).await, 0);
    let outcome = till.events().pop().unwrap();
    assert_eq!(outcome["outcome"], "paid");
    let told = outcome["paidBy"][0]["lineItems"].as_array().unwrap();
    assert_eq!(told.len(), 2500);
}

/// The program waits 10 s for a till that does not read, and ends.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f70_till_that_never_reads_gets_its_exit_code() {
    let mut counter = Counter::open().await;
    let mut command = counter
        .shop
        .program(&["sale", "--amount", "12.50", "--json", "--control"]);
    command.stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut program = command.spawn().unwrap();
    let mut input = program.stdin.take().unwrap();
    // Longer than a pipe holds, so that the program cannot write all of it.
    let items = vec![json!({ "name": "n".repeat(40) }); 3000];
    counter
        .until(|stand| matches!(stand.stand().display().sale().state(), State::Presenting(_)))
        .await;
    is_paid_for(&counter, &items);
    // It talks all the while.
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

/// A till in the shop's directory that sells what is in a file there.
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
async fn files_that_the_command_line_names_are_those_where_it_was_typed() {
    let mut counter = Counter::open().await;
    let items = r#"[{"name":"Flat white","sku":"1","qty":"2","price":"1250"}]"#;
    let mut till = sells(&counter, items);
    counter
        .until(|_| till.has_told("shown") || !till.said().is_empty())
        .await;
    assert_eq!(till.said(), "");
    let sale = counter.stand.stand().display().sale();
    let basket = &sale.order().unwrap().particulars.basket;
    assert_eq!(basket.sum(), 1250);
    till.signal("TERM");
    assert_eq!(counter.until_ended(&mut till).await, 21);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn unknown_item_key_warns_once_at_the_till() {
    let mut counter = Counter::open().await;
    let items = r#"[{"name":"Flat white","qty":"2","price":"1250","classification":{"gs1":"1"},"shelf":1}]"#;
    let mut till = sells(&counter, items);
    counter.until(|_| till.has_told("shown")).await;
    let said = till.said();
    assert_eq!(said.matches("shelf").count(), 1, "{said}");
    assert_eq!(said.lines().count(), 1, "{said}");
    let sale = counter.stand.stand().display().sale();
    let basket = &sale.order().unwrap().particulars.basket;
    let classification = basket.lines()[0].classification.as_ref().unwrap();
    assert_eq!(classification.json(), r#"{"gs1":"1"}"#);
    till.signal("TERM");
    assert_eq!(counter.until_ended(&mut till).await, 21);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_till_cancels_and_closes_through_its_program_and_what_it_cannot_ask_is_told() {
    let mut counter = Counter::open().await;
    let mut till = counter.sells();
    counter.until_shown(&till).await;
    till.writes("nonsense");
    counter.until(|_| till.has_told("error")).await;
    let error = till.events().pop().unwrap();
    assert!(
        error["message"]
            .as_str()
            .unwrap()
            .contains("no JSON object")
    );
    till.writes(r#"{"command":"cancel"}"#);
    counter.until(|_| till.has_told("ended")).await;
    till.writes(r#"{"command":"close"}"#);
    assert_eq!(counter.until_ended(&mut till).await, 21);
    let request = counter.control().request(&counter.latest()).unwrap();
    assert_eq!(request.status, Status::Cancelled);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_end_of_a_tills_input_changes_nothing() {
    let mut counter = Counter::open().await;
    let mut till = counter.sells();
    counter.until_shown(&till).await;
    till.closes_its_end();
    // What would come of it comes before this.
    let reads = counter.control().calls(Call::Read);
    let control = counter.control();
    counter
        .until(|_| control.calls(Call::Read) > reads + 1)
        .await;
    control.pay(&counter.latest()).unwrap();
    assert_eq!(counter.until_ended(&mut till).await, 0);
}

/// Runs a sale that is refused, once with a display that stands and once without, and insists that
/// nobody can tell one from the other.
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
async fn a_wrong_command_line_is_refused_in_the_same_words_as_without_a_stand() {
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
async fn a_configuration_that_was_edited_holds_from_the_next_sale_on() {
    let mut counter = Counter::open().await;
    let right = counter.shop.configuration();
    counter
        .shop
        .write("config.toml", &format!("{right}close-afer = \"1s\"\n"));
    is_refused_alike(&mut counter, &["sale", "--amount", "5"], 78).await;
    counter
        .shop
        .write("config.toml", &right.replace("Café", "Tearoom"));
    let till = counter.sells();
    counter.until_shown(&till).await;
    assert!(counter.words().await.contains("Tearoom"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_second_sale_is_told_at_once_that_the_counter_is_taken_and_the_first_goes_on() {
    let mut counter = Counter::open().await;
    let mut first = counter.sells();
    counter.until_shown(&first).await;
    let mut second = counter.sells_as("A2");
    assert_eq!(counter.until_ended(&mut second).await, 75);
    assert!(
        second.said().contains("another display has this counter"),
        "{}",
        second.said()
    );
    assert!(second.names().is_empty());
    counter.control().pay(&counter.latest()).unwrap();
    assert_eq!(counter.until_ended(&mut first).await, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f50_sigterm_at_the_tills_program_takes_the_code_away_and_voids_the_request() {
    let mut counter = Counter::open().await;
    let mut till = counter.sells();
    counter.until_shown(&till).await;
    till.signal("TERM");
    assert_eq!(counter.until_ended(&mut till).await, 21);
    assert_eq!(till.names().last().unwrap(), "outcome");
    let request = counter.control().request(&counter.latest()).unwrap();
    assert_eq!(request.status, Status::Cancelled);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f50_a_tills_program_that_is_killed_leaves_no_code_on_the_screen_and_no_open_request() {
    let mut counter = Counter::open().await;
    let till = counter.sells();
    counter.until_shown(&till).await;
    till.signal("KILL");
    counter.until_idle().await;
    let request = counter.control().request(&counter.latest()).unwrap();
    assert_eq!(request.status, Status::Cancelled);
    assert_eq!(counter.words().await.lines().last(), Some("Welcome"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_window_that_somebody_wants_instead_is_only_a_remark() {
    let mut counter = Counter::open().await;
    let arguments = ["sale", "--amount", "5", "--windowed", "800x480", "--json"];
    let mut till = counter.shop.starts(&arguments);
    counter.until_shown(&till).await;
    assert!(
        till.said().contains("--windowed does nothing"),
        "{}",
        till.said()
    );
    till.signal("TERM");
    assert_eq!(counter.until_ended(&mut till).await, 21);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_check_beside_a_stand_finds_nothing_wrong_with_the_data_directory() {
    let mut counter = Counter::open().await;
    let mut command = counter.shop.program(&["check"]);
    let checked = soon(move || command.output().unwrap());
    let mut checked = std::pin::pin!(checked);
    let output = loop {
        tokio::select! {
            output = &mut checked => break output,
            stepped = counter.stand.step() => stepped.unwrap(),
        }
    };
    let said = String::from_utf8(output.stdout).unwrap();
    let data = said.lines().find(|line| line.contains(" data ")).unwrap();
    assert!(
        data.starts_with("ok") && data.contains("a display stands"),
        "{said}"
    );
}

#[tokio::test]
async fn without_a_stand_a_sale_looks_for_a_window_of_its_own() {
    let shop = Shop::open().await;
    let mut command = shop.program(&["sale", "--amount", "5"]);
    let output = soon(move || command.output().unwrap()).await;
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(69), "{said}");
    assert!(said.contains("there is no screen"), "{said}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_hundred_sales_leave_nothing_that_is_still_under_way() {
    const SALES: usize = 200;
    let mut counter = Counter::open().await;
    let mut first = None;
    for number in 0..SALES {
        sells_and_leaves(&mut counter, &format!("S{number}")).await;
        if number < 20 || number % 20 != 0 {
            continue;
        }
        let now = under_way(&mut counter).await;
        let first = *first.get_or_insert(now);
        assert!(now <= first, "after {number} sales: {first}, then {now}");
    }
    assert_eq!(counter.control().requests().len(), SALES);
}

/// What the stand and the sockets still wait for, once those of the last sale have had a moment.
async fn under_way(counter: &mut Counter) -> usize {
    let mut least = usize::MAX;
    for _ in 0..20 {
        counter.turns_for(Duration::from_millis(2)).await;
        let tasks = Handle::current().metrics().num_alive_tasks();
        least = least.min(counter.stand.under_way() + tasks);
    }

    least
}
