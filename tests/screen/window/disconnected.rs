//! The X server ends or disconnects the program. Xlib then ends the process with its own exit code.

use std::time::Duration;

use serde_json::json;
use x11rb::protocol::xproto::ConnectionExt;

use crate::process::{PATIENCE, poll, wait_until};
use crate::support::api::Api;
use crate::window::faulty_screen::{Counter, SIZE};
use crate::window::shop::SALE;
use crate::x11::{answer, connect};
use crate::xvfb::Xvfb;

#[test]
fn f62_ended_x_server_voids_the_code() {
    let counter = Counter::with(&[]);
    let (mut sale, id) = counter.shows_code();
    counter.xvfb.process().signal("TERM");
    counter.is_cancelled(&mut sale, &id);
    let said = sale.log();
    assert!(said.contains("the window failed"), "{said}");
}

#[test]
fn f62_killed_client_voids_its_code() {
    let counter = Counter::with(&[]);
    let (mut sale, id) = counter.shows_code();
    // Kills the program's X client, as xkill does.
    let (connection, root) = connect(counter.xvfb.display());
    for window in answer(connection.query_tree(root)).children {
        let kill = connection.kill_client(window).expect("a request");
        // Ignores errors: killing the client's first window has already destroyed its other windows.
        let _ = kill.check();
    }
    counter.is_cancelled(&mut sale, &id);
}

#[test]
fn f62_ended_x_server_voids_resident() {
    let counter = Counter::with(&[]);
    let mut resident = counter.stands();
    let (mut till, id) = counter.shows_code();
    counter.xvfb.process().signal("TERM");
    counter.is_cancelled(&mut till, &id);
    assert_eq!(resident.exit_code(), 69);
}

#[test]
fn f62_ended_x_server_voids_a_create() {
    let counter = Counter::with(&[]);
    counter.delays_creates();
    let mut resident = counter.stands();
    let mut till = counter.starts(&SALE, "till.txt");
    let is_asked_for = || resident.log().contains("attempt started").then_some(());
    assert!(poll(PATIENCE, is_asked_for).is_some());
    // Gives the program time to record the intent and to send the create.
    std::thread::sleep(Duration::from_millis(300));
    counter.xvfb.process().signal("TERM");
    counter.create_is_cancelled(&mut till);
    assert_eq!(resident.exit_code(), 69);
}

/// Its service starts it again. The next display takes the counter, and finds the sale in the journal.
#[test]
fn f62_till_gets_outcome_from_two_displays() {
    for signal in ["TERM", "KILL"] {
        let mut counter = Counter::with(&[]);
        let mut resident = counter.stands();
        let api = Api::of(&resident.takes_sales(&counter.home.data()));
        let sale = json!({"ref": "A1", "amount": "12.50"}).to_string();
        assert_eq!(api.call("POST", "/v1/sales", &sale).status, 201);
        let events = api.events("A1");
        wait_until("no code comes", || events.has_told("shown"));
        counter.xvfb.process().signal(signal);
        assert_eq!(resident.exit_code(), 69);
        wait_until("no outcome comes", || events.is_over());
        let told = events.told.lock().expect("events").pop().expect("an event");
        assert_eq!(
            (&*told.name, &told.data["outcome"]),
            ("outcome", &json!("cancelled"))
        );
        counter.is_voided(&told.data["id"]);

        counter.xvfb = Xvfb::start(SIZE, &[] as &[&str]);
        let next = counter.stands();
        let api = Api::of(&next.takes_sales(&counter.home.data()));
        let found = api.call("GET", "/v1/sales/A1", "").body;
        assert_eq!(
            (&found["state"], &found["outcome"]),
            (&json!("over"), &json!("cancelled"))
        );
        assert_eq!(found["exitCode"], 21);
    }
}

#[test]
fn f62_ended_x_server_ends_idle_resident() {
    for signal in ["TERM", "KILL"] {
        let mut counter = Counter::with(&[]);
        let mut resident = counter.stands();
        counter.xvfb.process().signal(signal);
        assert_eq!(resident.exit_code(), 69);
        // No till calls a display that has ended.
        assert!(!counter.home.data().join("display.json").exists());

        // The service tries again until there is a screen.
        let mut early = counter.starts(&["stand"], "early.txt");
        assert_eq!(early.exit_code(), 69);
        counter.xvfb = Xvfb::start(SIZE, &[] as &[&str]);
        let _next = counter.stands();
        let (mut till, id) = counter.shows_code();
        let control = counter.platform.control();
        control.pay(id.as_str().expect("an id")).expect("a payment");
        assert_eq!(till.outcome()["outcome"], "paid");
        assert_eq!(till.exit_code(), 0);
    }
}
