//! Ten thousand polls with every fault of the sandbox, four displays on one account for over a minute, and
//! hundreds of sales on a resident display. The outcomes must stay true, and memory must stay flat. The tests take
//! some minutes: cargo test --test alone endurance::

mod account;
#[cfg(unix)]
mod clients;
mod faults;
mod memory;

#[cfg(unix)]
use crate::support::resident as counter;
use std::alloc::System;
use std::time::Duration;

use futures_util::future::join_all;
use patron_display::sale::State;
use patron_display::sandbox::{ApiCall, Fault, Options, SandboxStatus};
use stats_alloc::{INSTRUMENTED_SYSTEM, StatsAlloc};
use tokio::runtime::Handle;

use crate::ALONE;
use crate::support::scene::{Rehearsal, Scene};
use faults::Ending;
use memory::Memory;

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// The speed of the display's clock, as a multiple of real time. The time-out for an answer is not shortened.
const SPEED: u32 = 5;
/// The number of displays that run at the same time.
const LANES: usize = 54;
/// The time between the starts of two displays.
const STAGGER: Duration = Duration::from_millis(130);
/// Configuration with a time to pay that is so long that no code expires.
const LONG: &str = "expiry-seconds = 86400\n";
/// The limit of the heap's growth, in bytes.
const FLAT: usize = 1024 * 1024;

/// The memory that the sandbox keeps for each sale, in bytes, measured without a display.
#[cfg(unix)]
const KEPT_BY_SANDBOX: usize = 1400;

async fn begin(speed: u32) -> Rehearsal {
    let scene = Scene {
        options: Options {
            rate_limit: u32::MAX,
            ..Options::default()
        },
        more: LONG,
        speed,
        ..Scene::default()
    };
    let mut sale = scene.begin().await;
    sale.until_shown().await;

    sale
}

/// Runs the display until the platform has received this many reads. The code must stay on the screen.
async fn until_read(sale: &mut Rehearsal, reads: u64) {
    let control = sale.sandbox.control();
    sale.until(move |state| {
        assert!(
            matches!(state, State::Presenting(_)),
            "the code is gone: {state:?}"
        );

        control.calls(ApiCall::Read) >= reads
    })
    .await;
}

/// Checks for one sale in seven that its ending shows no code. Drawing the screen takes a quarter of a second, in
/// which no other display can poll.
fn looks_at_the_ending(sale: &mut Rehearsal, number: usize) {
    if number.is_multiple_of(7) {
        sale.shows_no_code();
    }
}

/// Runs a sale with every harmless fault, and then a payment or a harmful fault. Returns the number of its polls.
async fn sale(number: usize) -> u64 {
    // Starts the displays one after another, because drawing a screen needs the whole machine for a moment.
    tokio::time::sleep(STAGGER * (number % LANES) as u32).await;
    let mut sale = begin(SPEED).await;
    let control = sale.sandbox.control();
    let id = sale.latest();
    let url = control.request(&id).unwrap().url;
    let script = faults::that_pass(number);
    let reads = control.calls(ApiCall::Read) + script.len() as u64;
    control.script(ApiCall::Read, script);
    until_read(&mut sale, reads).await;
    assert_eq!(sale.read_screen(), url);
    match faults::ending(number) {
        Ending::Payment => {
            control.pay(&id).unwrap();
            sale.until_ended("paid").await;
            looks_at_the_ending(&mut sale, number);
            assert_eq!(sale.close(), Some(0));
            assert_eq!(control.captured_minus_refunded(&id), Some(1250));
        }
        Ending::Mismatch(faults) => {
            control.script(ApiCall::Read, faults);
            sale.until_ended("rejected").await;
            looks_at_the_ending(&mut sale, number);
            assert_eq!(sale.close(), Some(40));
            assert_eq!(control.captured_minus_refunded(&id), Some(0));
            assert_eq!(
                control.request(&id).unwrap().status,
                SandboxStatus::Cancelled
            );
        }
    }
    let polled = control.calls(ApiCall::Read);
    let (sandbox, _directory) = sale.leave();
    sandbox.shutdown().await;

    polled
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f10_f12_f14_f15_f16_f17_f20_f21_f22_polls() {
    const POLLS: u64 = 10_000;
    let _alone = ALONE.write().await;
    let mut polled = 0;
    let mut settled: Option<Memory> = None;
    let mut number = 0;
    while polled < POLLS {
        let round = number..number + LANES;
        number = round.end;
        // Each sale is a task of its own, so that a panic in it is reported.
        let sales = round.map(|number| tokio::spawn(sale(number)));
        for reads in join_all(sales).await {
            polled += reads.unwrap();
        }
        let now = Memory::when_quiet(ALLOCATOR).await;
        eprintln!("{polled} polls: {now}");
        // The comparison starts after the first round, which fills the pools, fonts and names.
        let first = *settled.get_or_insert(now);
        now.is_flat_since(first, FLAT);
    }
    assert_eq!(Handle::current().metrics().num_alive_tasks(), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f10_f14_f15_polls_take_no_memory() {
    let _alone = ALONE.write().await;
    stands_for(2_500, 500).await;
}

/// No code stays on the screen for more than a day, so ten codes share the polls. Each code is nearly three hours
/// old at its end.
#[ignore = "takes minutes: cargo test --release --test alone -- --ignored polls --nocapture"]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f10_f14_f15_hundred_thousand_polls() {
    let _alone = ALONE.write().await;
    let mut first: Option<Memory> = None;
    for code in 1..=10 {
        stands_for(10_000, 5_000).await;
        let now = Memory::when_quiet(ALLOCATOR).await;
        eprintln!("{code} codes: {now}");
        let first = *first.get_or_insert(now);
        now.is_flat_since(first, FLAT);
    }
}

/// Keeps a code on the screen for this many polls, then pays. Memory must stay flat after the first `step` polls.
async fn stands_for(polls: u64, step: usize) {
    let mut sale = begin(400).await;
    let control = sale.sandbox.control();
    let mut first: Option<Memory> = None;
    for reads in (step as u64..=polls).step_by(step) {
        while control.calls(ApiCall::Read) < reads {
            let script = faults::that_pass_quickly();
            let target = control.calls(ApiCall::Read) + script.len() as u64;
            control.script(ApiCall::Read, script);
            until_read(&mut sale, target).await;
        }
        let now = Memory::of(ALLOCATOR);
        eprintln!("{reads} polls: {now}");
        let first = *first.get_or_insert(now);
        now.is_flat_since(first, FLAT);
    }
    let id = sale.latest();
    control.script(ApiCall::Read, [Fault::pass()]);
    control.pay(&id).unwrap();
    sale.until_ended("paid").await;
    sale.shows_no_code();
    assert_eq!(sale.close(), Some(0));
    let (sandbox, _directory) = sale.leave();
    sandbox.shutdown().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f51_shared_limits_never_wait() {
    let _together = ALONE.read().await;
    let seen = account::four_displays(4).await;
    assert_eq!(seen.refused, 0, "{seen:?}");
    assert!(seen.longest_void < Duration::from_secs(1), "{seen:?}");
    assert!(seen.longest_detection < Duration::from_secs(3), "{seen:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f51_unshared_limits_still_finish() {
    let _together = ALONE.read().await;
    let seen = account::four_displays(1).await;
    assert!(seen.refused > 0, "the limit was never reached: {seen:?}");
    // When a minute's calls are used up, the platform asks the display to wait almost this long.
    assert!(seen.longest_void < Duration::from_secs(15), "{seen:?}");
}

/// A thousand sales by HTTP, by `sale`, and both at once.
#[cfg(unix)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn thousand_sales_leak_nothing() {
    const SALES: usize = 1000;
    let _alone = ALONE.write().await;
    let mut counter = counter::Counter::open().await;
    let mut first = None;
    for number in 1..=SALES {
        clients::sells(&mut counter, number).await;
        if number % 100 != 0 {
            continue;
        }
        counter.until_idle().await;
        counter.turns_for(Duration::from_millis(500)).await;
        let count = |directory| std::fs::read_dir(directory).unwrap().count();
        let now = Memory::of(ALLOCATOR);
        let held = (count("/proc/self/task"), count("/proc/self/fd"));
        eprintln!("{number} sales: {now}, {held:?} threads and files");
        let (before, held_before) = *first.get_or_insert((now, held));
        now.is_flat_since(before, FLAT / 2 + number * KEPT_BY_SANDBOX);
        assert!(
            held.0 <= held_before.0 + 2 && held.1 <= held_before.1 + 2,
            "{held_before:?}, then {held:?}"
        );
    }
    assert_eq!(counter.control().requests().len(), SALES);
}
