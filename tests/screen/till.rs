//! Standard input and output of the real program: with a slow, a closed and a flooding till, and with the
//! example till of the documentation.

mod counter;

use crate::process;
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use counter::{Counter, names};
use patron_display::sandbox::SandboxStatus;

/// Longer than the time that the program waits for a till that does not read.
const LONG: Duration = Duration::from_secs(30);

/// The number of answers to the wrong lines. The last answer says that no more answers follow.
const ANSWERS: usize = 21;

/// Returns wrong lines. The answers to them are more than a narrow pipe can hold.
fn flood() -> Vec<u8> {
    let line = format!("{}\n", "this is no command ".repeat(20));

    line.repeat(2000).into_bytes()
}

#[test]
fn a_sale_is_told_line_by_line() {
    let counter = Counter::open();
    let sale = counter.sell(&["--ref", "A1"], Stdio::piped());
    counter.pays_after(2);
    let events = sale.ends_well();
    assert_eq!(names(&events), ["created", "shown", "ended", "outcome"]);
}

#[test]
fn customers_code_is_sent() {
    let counter = Counter::open();
    let sale = counter.sell(&["--barcode", "9990 0012 3456 7890"], Stdio::null());
    let request = counter.read_so_often(2);
    assert_eq!(request.told["barcode"], "9990001234567890");
    counter.control().pay(&request.id).unwrap();
    let events = sale.ends_well();
    assert_eq!(names(&events), ["created", "waiting", "ended", "outcome"]);
    assert_eq!(events[1]["reason"], "barcode");
    for event in &events {
        assert!(!event.to_string().contains("123456789"), "{event}");
    }
}

#[test]
fn slow_till_misses_nothing() {
    let counter = Counter::open();
    let mut sale = counter.sell(&[], Stdio::piped());
    sale.narrow();
    counter.read_so_often(1);
    sale.write(flood());
    let request = counter.pays_after(3);
    let paid =
        || (counter.control().request(&request.id)?.status == SandboxStatus::Paid).then_some(());
    process::poll(LONG, paid).unwrap();
    thread::sleep(Duration::from_secs(3));
    let events = sale.ends_well();
    let errors = names(&events).into_iter().filter(|name| *name == "error");
    assert_eq!(errors.count(), ANSWERS);
    assert_eq!(events.last().unwrap()["outcome"], "paid");
}

#[test]
fn till_that_never_reads() {
    let counter = Counter::open();
    let mut sale = counter.sell(&[], Stdio::piped());
    sale.narrow();
    counter.read_so_often(1);
    sale.write(flood());
    counter.pays_after(2);
    assert_eq!(sale.exit_code(LONG), Some(0));
}

#[test]
fn closed_stdout_changes_nothing() {
    let counter = Counter::open();
    let mut sale = counter.sell(&[], Stdio::piped());
    drop(sale.child().stdout.take());
    counter.pays_after(3);
    assert_eq!(sale.exit_code(LONG), Some(0));
}

#[test]
fn closed_stdin_changes_nothing() {
    for at_once in [true, false] {
        let counter = Counter::open();
        let stdin = if at_once {
            Stdio::null()
        } else {
            Stdio::piped()
        };
        let mut sale = counter.sell(&[], stdin);
        counter.read_so_often(1);
        drop(sale.child().stdin.take());
        let request = counter.read_so_often(3);
        assert_eq!(request.status, SandboxStatus::New);
        counter.control().pay(&request.id).unwrap();
        let events = sale.ends_well();
        assert_eq!(names(&events), ["created", "shown", "ended", "outcome"]);
    }
}

#[test]
fn wrong_lines_are_answered_in_order() {
    let counter = Counter::open();
    let mut sale = counter.sell(&[], Stdio::piped());
    let request = counter.read_so_often(1);
    let mut lines = b"\xff\xfe\n\n{\"command\":\"sing\"}\n{\"command\":\"accept\"}\n".to_vec();
    lines.extend(b"x".repeat(1 << 20));
    lines.extend(b"\n{\"command\":\"cancel\"}\n");
    sale.write(lines);
    let stdout = sale.child().stdout.take().unwrap();
    let mut told = BufReader::new(stdout).lines().map(|line| {
        let event: serde_json::Value = serde_json::from_str(&line.unwrap()).unwrap();

        event
    });
    let mut errors = Vec::new();
    for event in told.by_ref() {
        if event["event"] == "error" {
            errors.push(event["message"].as_str().unwrap().to_owned());
        }
        if event["event"] == "ended" {
            assert_eq!(event["outcome"], "cancelled");
            break;
        }
    }
    let said = [
        "not UTF-8",
        "unknown command \"sing\"",
        "no condition to answer",
        "more than 4096 bytes",
    ];
    assert_eq!(errors.len(), said.len(), "{errors:?}");
    for (error, says) in errors.iter().zip(said) {
        assert!(error.contains(says), "{error}");
    }
    let status = counter.control().request(&request.id).unwrap().status;
    assert_eq!(status, SandboxStatus::Cancelled);
    sale.write(b"{\"command\":\"close\"}\n".to_vec());
    assert_eq!(told.last().unwrap()["event"], "outcome");
    assert_eq!(sale.exit_code(LONG), Some(21));
}

#[test]
fn till_of_the_documentation_sells() {
    if Command::new("python3").arg("--version").output().is_err() {
        eprintln!("SKIPPED: docs/till/sell.py was not run, since there is no python3 here");
        return;
    }
    let counter = Counter::open();
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/till/sell.py");
    let mut command = counter.command("python3");
    command.args([script, "12.50", "A1-2047"]);
    let mut till = process::Process::start(&mut command, "It was found a moment ago.");
    let request = counter.read_so_often(2);
    assert_eq!(request.till_reference(), Some("A1-2047"));
    counter.control().pay(&request.id).unwrap();
    assert_eq!(till.exit(LONG).unwrap().code(), Some(0));
    let outcome = std::io::read_to_string(till.child().stdout.take().unwrap()).unwrap();
    let outcome: serde_json::Value = serde_json::from_str(&outcome).unwrap();
    assert_eq!(outcome["outcome"], "paid");
    assert_eq!(outcome["externalRef"], "A1-2047");
}
