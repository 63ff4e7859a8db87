//! A full or closed standard output changes neither what the program does nor how it ends.

use std::fs::{self, File};
use std::process::{Output, Stdio};

use patron_display::sale::Ending;

use crate::refund::counter::{Counter, nzd};
use crate::support::shop::{program, sentence};

fn full() -> Stdio {
    File::options()
        .write(true)
        .open("/dev/full")
        .unwrap()
        .into()
}

/// Returns a pipe that no one reads.
fn closed() -> Stdio {
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);

    writer.into()
}

fn run(counter: &Counter, stdout: Stdio, arguments: &[&str]) -> Output {
    program(&counter.shop.path(""))
        .env("PATRON_DISPLAY_STATE_DIR", counter.shop.path("log"))
        .arg("--config")
        .arg(counter.shop.path("config.toml"))
        .args(arguments)
        .stdout(stdout)
        .output()
        .unwrap()
}

fn logged(counter: &Counter) -> String {
    fs::read_dir(counter.shop.path("log"))
        .unwrap()
        .map(|file| fs::read_to_string(file.unwrap().path()).unwrap())
        .collect()
}

fn paid_in_part() -> Counter {
    let counter = Counter::unpaid("A1");
    counter.control().pay_part(&counter.id, 750).unwrap();
    let ending = Ending::PartPaid {
        by: Vec::new(),
        remaining: nzd(500),
    };
    counter.journal("A1", &counter.id, ending);

    counter
}

#[test]
fn f71_refund_on_a_full_disk() {
    for (stdout, options) in [
        (full as fn() -> Stdio, &[][..]),
        (full, &["--json"]),
        (closed, &[]),
    ] {
        let counter = Counter::open();
        let arguments = [&["refund", &counter.id, "--ref", "R1"], options].concat();
        let output = run(&counter, stdout(), &arguments);
        assert_eq!(output.status.code(), Some(0), "{output:?}");
        assert_eq!(counter.refunded(), 1250);
        let said = sentence(&output);
        assert!(said.contains("cannot write to standard output"), "{said}");
        assert!(said.contains("refund of $12.50"), "{said}");
        assert!(logged(&counter).contains("refund of $12.50"));
    }
}

#[test]
fn f71_refused_refund_on_a_full_disk() {
    let counter = Counter::unpaid("A1");
    let output = run(
        &counter,
        full(),
        &["refund", &counter.id, "--ref", "R1", "--json"],
    );
    assert_eq!(output.status.code(), Some(40), "{output:?}");
    assert_eq!(counter.refunded(), 0);
}

#[test]
fn f71_decision_on_a_full_disk() {
    for options in [&[][..], &["--json"]] {
        let counter = paid_in_part();
        let arguments = [&["settle", "--part", "refund"], options].concat();
        let output = run(&counter, full(), &arguments);
        assert_eq!(output.status.code(), Some(0), "{output:?}");
        assert_eq!(counter.refunded(), 750);

        let counter = paid_in_part();
        let arguments = [&["settle", "--part", "confirm"], options].concat();
        let output = run(&counter, full(), &arguments);
        assert_eq!(output.status.code(), Some(0), "{output:?}");
        assert!(sentence(&output).contains("7.50 NZD is kept"), "{output:?}");
        assert!(logged(&counter).contains("7.50 NZD is kept"));
    }
}

#[test]
fn f71_history_on_a_full_disk() {
    let counter = Counter::open();
    counter.journal_the_sale();
    for format in ["table", "csv", "json"] {
        let output = run(&counter, full(), &["history", "--format", format]);
        assert_eq!(output.status.code(), Some(71), "{output:?}");
        let said = sentence(&output);
        assert!(said.contains("cannot write to standard output"), "{said}");
        let output = run(&counter, closed(), &["history", "--format", format]);
        assert_eq!(output.status.code(), Some(0), "{output:?}");
    }
}

#[test]
fn f71_help_on_a_full_disk() {
    let counter = Counter::open();
    for option in ["--help", "--version"] {
        let output = run(&counter, full(), &[option]);
        assert_eq!(output.status.code(), Some(71), "{output:?}");
        let output = run(&counter, closed(), &[option]);
        assert_eq!(output.status.code(), Some(0), "{output:?}");
    }
}
