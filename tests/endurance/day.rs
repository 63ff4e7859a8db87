//! The real program, standing on a virtual screen for ten thousand sales.

use std::fmt;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::os::unix::net::UnixStream;
use std::process::Stdio;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::ALONE;
use crate::counter::{self, Shop};
use crate::process::{PATIENCE, Process, poll};
use crate::xvfb::Xvfb;

/// One sale of so many is paid. The others are left once the code is on the screen: a payment waits for
/// the next poll, and ten thousand of these waits take a night.
const PAID: u32 = 50;
/// How far memory may be from where it was after the first thousand, in kilobytes.
const FLAT: u64 = 4 * 1024;

#[ignore = "takes minutes, and an X server: \
            cargo test --release --test endurance -- --ignored sales --nocapture"]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_thousand_sales_on_the_standing_program_leave_no_memory_no_thread_and_no_file() {
    const SALES: u32 = 10_000;
    let _alone = ALONE.write().await;
    let shop = Shop::open().await;
    let xvfb = Xvfb::start((1280, 800), &[] as &[&str]);
    let mut command = shop.program(&["stand"]);
    command
        .env("DISPLAY", xvfb.display())
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    let stand = Process::start(&mut command, "It should have been built beside this test.");
    let socket = shop.path("data/stand/socket");
    assert!(poll(PATIENCE, || socket.exists().then_some(())).is_some());

    let mut first: Option<Held> = None;
    let begun = Instant::now();
    for number in 1..=SALES {
        sells(&shop, number);
        if number != 100 && number % 1000 != 0 {
            continue;
        }
        // What the last sale had is given back.
        tokio::time::sleep(Duration::from_secs(2)).await;
        let held = Held::by(&stand);
        eprintln!("{number} sales in {:?}: {held}", begun.elapsed());
        if number < 1000 {
            continue;
        }
        let first = first.get_or_insert(held);
        assert!(
            held.resident < first.resident + FLAT,
            "{first}, then {held}"
        );
        assert!(held.threads <= first.threads + 2, "{first}, then {held}");
        assert!(held.files <= first.files + 2, "{first}, then {held}");
    }
}

/// A sale as a till makes it, to its exit code.
fn sells(shop: &Shop, number: u32) {
    let mut stream = counter::sale(shop, &format!("S{number}"));
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    let mut lines = BufReader::new(stream.try_clone().unwrap());
    let mut exit = None;
    while exit.is_none() {
        let word = next(&mut lines);
        exit = word["exit"].as_u64();
        let shown = word["event"]
            .as_str()
            .is_some_and(|event| event.contains(r#""event":"shown""#));
        if shown {
            decides(shop, number, &mut stream);
        }
    }
    let expected = if number.is_multiple_of(PAID) { 0 } else { 21 };
    assert_eq!(exit, Some(expected), "sale {number}");
}

fn next(lines: &mut BufReader<UnixStream>) -> Value {
    let mut line = String::new();
    lines.read_line(&mut line).unwrap();

    serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line:?}"))
}

/// The customer pays, or the till leaves the sale.
fn decides(shop: &Shop, number: u32, stream: &mut UnixStream) {
    if number.is_multiple_of(PAID) {
        let control = shop.control();
        control.pay(&control.latest().unwrap()).unwrap();
    } else {
        writeln!(stream, r#""leave""#).unwrap();
    }
}

/// What the program holds at one moment.
#[derive(Debug, Clone, Copy)]
struct Held {
    /// In kilobytes.
    resident: u64,
    /// Its share of it, in kilobytes; `None` where it may not be looked into.
    share: Option<u64>,
    threads: u64,
    files: usize,
}

impl Held {
    fn by(program: &Process) -> Self {
        let about = |name: &str| {
            let path = format!("/proc/{}/{name}", program.id());

            fs::read_to_string(path).unwrap_or_default()
        };
        let number = |text: &str, name: &str| {
            let line = text.lines().find_map(|line| line.strip_prefix(name))?;

            line.trim().trim_end_matches(" kB").parse().ok()
        };
        let (status, memory) = (about("status"), about("smaps_rollup"));
        let files = fs::read_dir(format!("/proc/{}/fd", program.id()));

        Self {
            resident: number(&status, "VmRSS:").unwrap(),
            share: number(&memory, "Pss:"),
            threads: number(&status, "Threads:").unwrap(),
            files: files.map_or(0, Iterator::count),
        }
    }
}

impl fmt::Display for Held {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            resident,
            share,
            threads,
            files,
        } = self;
        let share = share.unwrap_or_default();

        write!(
            f,
            "{resident} kB resident, {share} kB PSS, {threads} threads, {files} files"
        )
    }
}
