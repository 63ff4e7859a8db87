//! Texts from a till or a journal that are printed to a terminal or put into a spreadsheet or a URL.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::thread;

use patron_display::centrapay::Client;
use patron_display::config::Config;
use patron_display::config::key::KeySource;
use patron_display::domain::payment::{ConditionId, Decision, Failure, RequestId};
use serde_json::Value;
use tokio::runtime::Runtime;

use crate::refund::counter::Counter;
use crate::support::shop::{Shop, one_line};

const STEERING: &str = "\u{1b}[31m\u{7}Ar\u{9b}2Joha\r\n\u{202e}x";

/// Opens a counter whose journal has this text as the operator, which older versions allowed.
fn with_operator(operator: &str) -> Counter {
    let counter = Counter::open();
    counter.journal_the_sale();
    let database = rusqlite::Connection::open(counter.shop.path("data/journal.sqlite3")).unwrap();
    for column in ["operator", "settled_by", "reason"] {
        let update = format!("UPDATE attempt SET {column} = ?1");
        database.execute(&update, [operator]).unwrap();
    }

    counter
}

#[test]
fn f75_history_escapes_controls() {
    let counter = with_operator(STEERING);
    for arguments in [
        &["A1"][..],
        &["--format", "csv"],
        &["--format", "json"],
        &["--json"],
    ] {
        let told = counter.history(arguments);
        for character in told.chars() {
            let is_plain = character == '\n' || !character.is_control() && character != '\u{202e}';
            assert!(is_plain, "{character:?} in {told}");
        }
        assert!(told.contains("oha"), "{told}");
    }
    assert_eq!(counter.history(&["--format", "csv"]).lines().count(), 2);
    let entries: Value = serde_json::from_str(&counter.history(&["--format", "json"])).unwrap();
    assert_eq!(
        entries[0]["operator"], STEERING,
        "a program reads it as it is"
    );
}

#[test]
fn f75_no_csv_cell_is_a_formula() {
    for operator in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =1", "x;=1"] {
        let counter = with_operator(operator);
        let told = counter.history(&["--format", "csv"]);
        let mut table = csv::Reader::from_reader(told.as_bytes());
        let row = table.records().next().unwrap().unwrap();
        for cell in row.iter().flat_map(|cell| cell.split(';')) {
            let begins = cell.trim_start().chars().next();
            assert!(
                !begins.is_some_and(|first| "=+-@".contains(first)),
                "{cell:?}"
            );
        }
    }
}

#[test]
fn f75_reference_of_dots_is_refused() {
    let shop = Shop::open();
    for reference in [".", "..", " .. "] {
        let said = shop.refused(&["sale", "--amount", "5", "--ref", reference], 64);
        assert!(said.contains("more than dots"), "{said}");
    }
}

#[test]
fn f75_wrong_input_is_printed_escaped() {
    let shop = Shop::open();
    let said = shop.refused(&["sale", "--ref", STEERING], 64);
    assert!(
        !said.contains('\u{1b}') && !said.contains('\u{9b}'),
        "{said:?}"
    );
    let path = format!("/nowhere/{STEERING}");
    let output = shop.run(&["--config", &path, "settle"]);
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(!said.contains('\u{1b}'), "{said:?}");
    let said = shop.refused(&["settle", "--data-dir", "/proc/\u{1b}[31m"], 78);
    one_line(&said);
    assert!(!said.contains('\u{1b}'), "{said:?}");
}

/// Returns a client, and a channel with the first line of each of its requests.
fn overheard() -> (Client, std::sync::mpsc::Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let (heard, asked) = std::sync::mpsc::channel();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut head = [0; 4096];
            let read = stream.read(&mut head).unwrap_or_default();
            let head = String::from_utf8_lossy(&head[..read]).into_owned();
            let _ = heard.send(head.lines().next().unwrap_or_default().to_owned());
            let _ = stream.write_all(b"HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n");
        }
    });
    let shop = Shop::open();
    let configuration = shop
        .configuration()
        .replace(&shop.address().to_string(), &address.to_string());
    shop.write("config.toml", &configuration);
    let config = Config::load(Some(&shop.path("config.toml"))).unwrap();
    let key = KeySource::new(config.api.clone(), |_| None).load().unwrap();
    let client = Client::new(&config.api, &key, config.terminal.clone()).unwrap();

    (client, asked)
}

#[test]
fn f75_texts_are_escaped_in_urls() {
    let runtime = Runtime::new().unwrap();
    let (client, asked) = overheard();
    for (reference, sent) in [
        ("A1 b", "A1%20b"),
        ("a/../b", "a%2F..%2Fb"),
        ("a?b#c%2e\\", "a%3Fb%23c%252e%5C"),
        ("%2e%2e", "%252e%252e"),
    ] {
        let _ = runtime.block_on(client.look_up(reference, "account"));
        let line = asked.recv().unwrap();
        let path = format!("GET /api/payment-requests/external-ref/{sent}?");
        assert!(line.starts_with(&path), "{line}");
    }
    for reference in [".", "..", ""] {
        let found = runtime.block_on(client.look_up(reference, "account"));
        assert!(matches!(found, Err(Failure::NotSent(_))), "{found:?}");
    }
    let id = RequestId::new("MhocUmpxxmgdHjr7DgKoKw").unwrap();
    let long = "0b9f6c1e-".repeat(10);
    for (condition, sent) in [(long.as_str(), long.as_str()), ("a b/c", "a%20b%2Fc")] {
        let condition = ConditionId::new(condition);
        let _ = runtime.block_on(client.answer_condition(&id, &condition, Decision::Accept));
        let line = asked.recv().unwrap();
        let path = format!("POST /api/payment-requests/{id}/conditions/{sent}/accept ");
        assert!(line.starts_with(&path), "{line}");
    }
    for condition in [".", "..", ""] {
        let condition = ConditionId::new(condition);
        let answer = runtime.block_on(client.answer_condition(&id, &condition, Decision::Accept));
        assert!(matches!(answer, Err(Failure::NotSent(_))), "{answer:?}");
    }
    assert!(asked.try_recv().is_err(), "nothing else was asked");
}
