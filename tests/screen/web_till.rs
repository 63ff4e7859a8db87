//! A till in a real browser: Chromium runs the pages of `web_till/scenario.js` with the documented client
//! `docs/till/patron-display.js` against the real resident display. The tests need `Xvfb` and `chromium`:
//!
//! ```text
//! cargo test --test screen web_till::
//! ```

mod browser;
pub(crate) mod counter;
mod page_server;

use std::net::TcpListener;
use std::thread;
use std::time::Duration;

use patron_display::sandbox::{ApiCall, SandboxStatus};
use serde_json::{Value, json};

use crate::process::wait_until;

use browser::Browser;
use counter::{ALL_RIGHTS, Counter};
use page_server::{PageServer, Step};

const REFERENCE: &str = "W1";
/// The longest time between two steps of a page. A first start of Chromium on a busy machine takes most of it.
const PATIENCE: Duration = Duration::from_secs(40);

/// A page of a till in a browser, at a counter.
struct Scene {
    browser: Browser,
    pages: PageServer,
    counter: Counter,
    token: String,
}

impl Scene {
    /// Opens the page of this scenario. Its till may do everything.
    fn open(scenario: &str) -> Self {
        Self::open_at("127.0.0.1", scenario, ALL_RIGHTS)
    }

    /// Opens the page under this name of the host. Its till has these rights.
    fn open_at(host: &str, scenario: &str, may: &str) -> Self {
        let counter = Counter::open();
        let (listener, home) = own_server();
        let token = counter.adds_till(&home, may);
        let display = format!("http://{}", counter.address());
        let pages = PageServer::start(listener, parameters(&display, &token));
        let url = format!("{home}/scenario.html?scenario={scenario}");
        let browser = Browser::open(&url.replacen("127.0.0.1", host, 1), &[]);

        Self {
            browser,
            pages,
            counter,
            token,
        }
    }

    /// Waits for the next step of the page, which must be this one. The page goes on when the step is dropped.
    #[track_caller]
    fn step(&self, name: &str) -> Step {
        let Ok(step) = self.pages.next(PATIENCE) else {
            panic!(
                "the page does not come to the step {name}\n--- browser\n{}\n--- display\n{}",
                self.browser.log(),
                self.counter.log()
            )
        };
        assert_eq!(
            step.report["step"],
            name,
            "{:#}\n--- display\n{}",
            step.report,
            self.counter.log()
        );

        step
    }

    /// Waits for the code, and lets the customer pay all of it.
    fn is_paid_at_code(&self) {
        let step = self.step("code");
        self.counter.control().pay(id(&step)).expect("a payment");
    }

    /// Waits for the end of the page. Returns its report when the display is idle again.
    #[track_caller]
    fn is_done(&self) -> Value {
        let report = self.step("done").report.clone();
        self.counter.until_idle(&self.token);

        report
    }

    /// Checks that the page's sale was paid once, with one create.
    #[track_caller]
    fn is_sold_once(&self, amount: u64) -> Value {
        let report = self.is_done();
        let request = self.counter.only_request();
        assert_eq!(report["outcome"]["outcome"], "paid");
        assert_eq!(report["outcome"]["id"], request.id);
        assert_eq!(request.status, SandboxStatus::Paid);
        assert_eq!((request.amount, request.captured), (amount, amount));

        report
    }

    /// Checks that the page's sale ended as cancelled, and that nothing of it can be paid.
    #[track_caller]
    fn is_cancelled(&self, creates: u64) {
        let report = self.is_done();
        assert_eq!(report["outcome"]["outcome"], "cancelled");
        assert_eq!(self.counter.creates(), creates);
        for request in self.counter.control().requests() {
            assert_eq!(request.status, SandboxStatus::Cancelled, "{request:?}");
        }
    }

    /// Checks that the page has come to its end and that the platform was asked for nothing.
    #[track_caller]
    fn is_done_without_a_call(&self) -> Value {
        let report = self.is_done();
        assert_eq!(self.counter.control().calls(ApiCall::Any), 0);

        report
    }
}

/// Opens a port for the server of a page. Also returns the origin of the page.
fn own_server() -> (TcpListener, String) {
    let listener = page_server::listener();
    let address = listener.local_addr().expect("an address");

    (listener, format!("http://{address}"))
}

fn parameters(address: &str, token: &str) -> Value {
    let wrong_token: String = token.chars().rev().collect();

    json!({"address": address, "token": token, "wrongToken": wrong_token, "ref": REFERENCE})
}

fn id(step: &Step) -> &str {
    step.report["id"].as_str().expect("an id")
}

#[test]
fn page_sells() {
    let scene = Scene::open("paid");
    scene.is_paid_at_code();
    let report = scene.is_sold_once(1250);
    let request = scene.counter.only_request();
    assert_eq!(request.till_reference(), Some(REFERENCE));
    assert_eq!(report["outcome"]["shortCode"], request.short_code);
}

#[test]
fn page_refunds_once() {
    let scene = Scene::open("refund");
    scene.is_paid_at_code();
    let report = scene.is_done();
    assert_eq!(report["refund"]["amount"]["amount"], "500");
    let request = scene.counter.only_request();
    assert_eq!((request.captured, request.refunded), (1250, 500));
    assert_eq!(scene.counter.control().calls(ApiCall::Refund), 1);
}

#[test]
fn page_keeps_a_part() {
    assert_eq!(kept_of_a_part("part-confirm"), 500);
}

#[test]
fn page_gives_a_part_back() {
    assert_eq!(kept_of_a_part("part-refund"), 0);
}

/// Plays a sale of 20.00 of which 5.00 are paid. Returns what the merchant keeps.
fn kept_of_a_part(scenario: &str) -> u64 {
    let scene = Scene::open(scenario);
    let step = scene.step("code");
    scene
        .counter
        .control()
        .pay_part(id(&step), 500)
        .expect("a part payment");
    drop(step);
    let report = scene.is_done();
    assert_eq!(report["outcome"]["remaining"]["amount"], "1500");
    let request = scene.counter.only_request();

    request.captured - request.refunded
}

#[test]
fn sale_outlives_a_reload() {
    let scene = Scene::open("reload");
    drop(scene.step("reload"));
    scene.is_paid_at_code();
    scene.is_sold_once(1250);
}

#[test]
fn sale_outlives_its_browser() {
    let mut scene = Scene::open("paid");
    let step = scene.step("code");
    scene.browser.kill();
    // Longer than the display needs to find out that no one listens, and to poll.
    thread::sleep(Duration::from_secs(2));
    let sale = scene.counter.sale(&scene.token, REFERENCE);
    assert_eq!(
        (&sale["state"], &sale["shown"]),
        (&json!("under-way"), &json!(true))
    );

    scene.counter.control().pay(id(&step)).expect("a payment");
    wait_until("the sale is not over", || {
        scene.counter.sale(&scene.token, REFERENCE)["state"] == "over"
    });
    let sale = scene.counter.sale(&scene.token, REFERENCE);
    assert_eq!(
        (&sale["outcome"], &sale["exitCode"]),
        (&json!("paid"), &json!(0))
    );
    assert_eq!(sale["id"], scene.counter.only_request().id);
}

#[test]
fn sale_outlives_its_display() {
    let mut scene = Scene::open("restart");
    let step = scene.step("restart");
    scene.counter.kill_display();
    scene.counter.start_display();
    drop(step);
    scene.is_paid_at_code();
    scene.is_sold_once(1250);
}

#[test]
fn page_accepts_a_condition() {
    let scene = Scene::open("accept");
    let step = scene.step("condition");
    let asked = scene.counter.only_request().open_condition;
    assert_eq!(step.report["message"].as_str(), asked.as_deref());
    drop(step);
    scene.is_paid_at_code();
    scene.is_sold_once(500);
}

#[test]
fn page_declines_a_condition() {
    let scene = Scene::open("decline");
    scene.is_cancelled(1);
    assert_eq!(scene.counter.control().calls(ApiCall::DeclineCondition), 1);
}

#[test]
fn page_cancels_and_tries_again() {
    Scene::open("cancel").is_cancelled(2);
}

#[test]
fn page_ends_its_sale_early() {
    Scene::open("end").is_cancelled(1);
}

#[test]
fn busy_display_names_its_sale() {
    Scene::open("busy").is_cancelled(1);
}

#[test]
fn page_without_a_token_sells_nothing() {
    Scene::open("no-token").is_done_without_a_call();
}

#[test]
fn page_does_only_what_its_till_may() {
    Scene::open_at("127.0.0.1", "may-sell-only", "sell").is_done_without_a_call();
}

#[test]
fn page_of_another_origin_sells_nothing() {
    let scene = Scene::open_at("localhost", "other-origin", ALL_RIGHTS);
    let report = scene.is_done_without_a_call();
    let advice = report["detail"].as_str().expect("a sentence");
    assert!(advice.contains("--origin http://localhost:"), "{advice}");
}

/// A site makes its name point to this machine when its page is there. The browser then takes the display for the
/// site's own server: it asks for no permission, and the page could read every answer.
#[test]
fn page_of_a_rebound_name_sells_nothing() {
    const SITE: &str = "evil.test";
    let counter = Counter::closed();
    let display = counter.address();
    let (listener, home) = own_server();
    let token = counter.adds_till(&home, ALL_RIGHTS);
    let origin = format!("http://{SITE}:{}", display.port());
    let parameters = parameters(&origin, &token);
    let site = TcpListener::bind(display).expect("the port of the display");
    let site = PageServer::start(site, parameters.clone());
    let mut scene = Scene {
        browser: Browser::open(
            &format!("{origin}/scenario.html?scenario=rebound&home={home}"),
            &[&format!("--host-resolver-rules=MAP {SITE} 127.0.0.1")],
        ),
        pages: PageServer::start(listener, parameters),
        counter,
        token,
    };
    let step = scene.step("rebound");
    drop(site);
    scene.counter.start_display();
    drop(step);
    scene.is_done_without_a_call();
}
