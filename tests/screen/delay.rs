//! The time from a payment at the platform until the till has the outcome. The real resident display polls once a
//! second, so a till waits half a second on average.

use std::thread;
use std::time::{Duration, Instant};

use serde_json::json;

use crate::process::PATIENCE;
use crate::web_till::counter::Counter;

/// How a till follows its sale.
#[derive(Debug, Clone, Copy)]
enum Till {
    /// It starts `patron-display sale --json`.
    Program,
    /// It reads the events of the local API.
    EventStream,
}

/// The delays of several sales, the shortest first.
struct Delays(Vec<Duration>);

impl Delays {
    /// Sells this often at one counter. Each payment comes at a random moment between two polls.
    fn of(till: Till, sales: u32) -> Self {
        let counter = Counter::open();
        let token = counter.adds_till("http://127.0.0.1:8000", "sell");
        let delays = (1..=sales).map(|number| till.waits(&counter, &token, &format!("S{number}")));
        let mut delays: Vec<_> = delays.collect();
        delays.sort();

        Self(delays)
    }

    /// Returns the delay that this share of the sales does not exceed.
    fn at(&self, percent: usize) -> Duration {
        let place = (self.0.len() * percent).div_ceil(100);

        self.0[place - 1]
    }

    fn print(&self, till: Till) {
        eprintln!(
            "{till:?}, {} sales: least {:?}, p50 {:?}, p90 {:?}, p99 {:?}",
            self.0.len(),
            self.0[0],
            self.at(50),
            self.at(90),
            self.at(99)
        );
    }
}

impl Till {
    /// Sells, and returns the time from the payment to the outcome.
    fn waits(self, counter: &Counter, token: &str, reference: &str) -> Duration {
        let control = counter.control();
        let pay = || {
            thread::sleep(Duration::from_millis(fastrand::u64(0..1000)));
            let request = control.latest().expect("a request");
            let paid = Instant::now();
            control.pay(&request).expect("a payment");

            paid
        };
        match self {
            Self::Program => {
                let mut sale = counter.sells(reference);
                sale.says("shown", "");
                let paid = pay();
                sale.says("outcome", "paid");
                let delay = paid.elapsed();
                assert_eq!(sale.code(), 0);

                delay
            }
            Self::EventStream => {
                let api = counter.api(token);
                let sale = json!({"ref": reference, "amount": "12.50"});
                let answer = api.call("POST", "/v1/sales", &sale.to_string());
                assert_eq!(answer.status, 201, "{answer:?}");
                let events = api.events(reference);
                let hears = |name| {
                    let start = Instant::now();
                    while !events.has_told(name) {
                        assert!(start.elapsed() < PATIENCE, "no {name}\n{}", counter.log());
                        thread::sleep(Duration::from_millis(1));
                    }
                };
                hears("shown");
                let paid = pay();
                hears("outcome");
                let delay = paid.elapsed();
                let told = events.told.lock().expect("no panic");
                assert_eq!(told.last().expect("an event").data["outcome"], "paid");

                delay
            }
        }
    }
}

#[test]
fn outcome_follows_a_payment_soon() {
    for till in [Till::Program, Till::EventStream] {
        let delays = Delays::of(till, 5);
        delays.print(till);
        // Other tests run at the same time. The test below has the exact limits.
        assert!(delays.at(50) < Duration::from_secs(1));
        assert!(delays.at(99) < Duration::from_millis(2500));
    }
}

#[ignore = "takes two minutes, and a machine with nothing else to do: \
            cargo test --test screen -- --ignored outcome_within --nocapture"]
#[test]
fn outcome_within_a_poll_of_a_payment() {
    for till in [Till::Program, Till::EventStream] {
        // Several displays, because the watchdog ends each after two minutes.
        let parts = (0..3).flat_map(|_| Delays::of(till, 20).0);
        let mut delays = Delays(parts.collect());
        delays.0.sort();
        delays.print(till);
        assert!(delays.at(50) <= Duration::from_millis(600));
        assert!(delays.at(99) <= Duration::from_millis(1150));
    }
}
