//! Ten thousand sales on the real resident display, on a virtual screen.

use std::fmt;
use std::fs;
use std::process::Stdio;
use std::time::{Duration, Instant};

use serde_json::json;

use crate::process::{Process, wait_until};
use crate::program::display_file;
use crate::support::api::Api;
use crate::support::resident::Shop;
use crate::xvfb::Xvfb;

/// One of this many sales is paid. The till leaves each of the others once its code is shown, because waiting
/// for the next poll ten thousand times would take a night.
const PAID: u32 = 50;
/// The limit of the memory's change after the first thousand sales, in kilobytes.
const FLAT: u64 = 4 * 1024;

#[ignore = "takes minutes, and an X server: \
            cargo test --release --test screen -- --ignored sales --nocapture"]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_thousand_sales_leak_nothing() {
    const SALES: u32 = 10_000;
    let shop = Shop::open().await;
    let xvfb = Xvfb::start((1280, 800), &[] as &[&str]);
    let mut command = shop.program(&["stand"]);
    command
        .env("DISPLAY", xvfb.display())
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    let stand = Process::start(&mut command, "It should have been built beside this test.");
    let data = shop.path("data");
    wait_until("no resident display comes", || {
        display_file(&data, stand.id()).is_some()
    });
    let api = Api::own(&shop);

    let mut first: Option<Held> = None;
    let begun = Instant::now();
    for number in 1..=SALES {
        sells(&api, &shop, number);
        if number != 100 && number % 1000 != 0 {
            continue;
        }
        // Gives the program time to free the last sale's memory.
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

/// Makes a sale as a till does, and checks its outcome.
fn sells(api: &Api, shop: &Shop, number: u32) {
    let reference = format!("S{number}");
    let sale = json!({"ref": reference, "amount": "12.50"});
    let answer = api.call("POST", "/v1/sales", &sale.to_string());
    assert_eq!(answer.status, 201, "{answer:?}");
    let events = api.events(&reference);
    wait_until("no code comes", || events.has_told("shown"));
    let expected = if number.is_multiple_of(PAID) {
        let control = shop.control();
        control.pay(&control.latest().unwrap()).unwrap();

        "paid"
    } else {
        let left = api.call("DELETE", &format!("/v1/sales/{reference}"), "");
        assert_eq!(left.status, 202, "{left:?}");

        "cancelled"
    };
    wait_until("no outcome comes", || events.is_over());
    let last = events.told.lock().unwrap().pop().unwrap();
    assert_eq!(last.data["outcome"], expected, "sale {number}: {last:?}");
}

/// The resources of the program at one moment.
#[derive(Debug, Clone, Copy)]
struct Held {
    resident: u64,
    /// The program's share of memory, in kilobytes, or `None` if the test may not read it.
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
