//! The display server ends while something is on the screen, or throws the program out. Xlib ends the process
//! then, with a code of its own.

use std::time::Duration;

use x11rb::protocol::xproto::ConnectionExt;

use crate::process::PATIENCE;
use crate::process::poll;
use crate::program::Program;
use crate::shop::SALE;
use crate::unfit::{Counter, connect};
use crate::watchdog::Watchdog;

/// The sale hears that it was cancelled, and its request is.
fn is_told(counter: &Counter, till: &mut Program, id: &serde_json::Value) {
    let outcome = poll(PATIENCE, || {
        let event = till.event();

        (event["event"] == "outcome").then_some(event)
    });
    let outcome = outcome.expect("an outcome");
    assert_eq!(
        (&outcome["outcome"], &outcome["id"]),
        (&"cancelled".into(), id)
    );
    assert_eq!(till.exit_code(), 21);
    counter.is_voided(id);
}

#[test]
fn f62_an_x_server_that_ends_voids_the_code() {
    let counter = Counter::with(&[]);
    let mut sale = counter.starts(&SALE, "sale.txt");
    let _watchdog = Watchdog::over([sale.process(), counter.xvfb.process()]);
    let created = sale.event();
    assert_eq!(sale.event()["event"], "shown");
    counter.xvfb.process().signal("TERM");
    is_told(&counter, &mut sale, &created["id"]);
    let said = sale.log();
    assert!(said.contains("the window broke down"), "{said}");
}

#[test]
fn f62_a_killed_client_voids_its_code() {
    let counter = Counter::with(&[]);
    let mut sale = counter.starts(&SALE, "sale.txt");
    let _watchdog = Watchdog::over([sale.process(), counter.xvfb.process()]);
    let created = sale.event();
    assert_eq!(sale.event()["event"], "shown");
    // As xkill does.
    let (connection, root) = connect(&counter.xvfb);
    let tree = connection.query_tree(root).expect("a request").reply();
    let windows = tree.expect("the windows").children;
    for window in windows {
        let kill = connection.kill_client(window).expect("a request");
        // Its other windows are gone with the first one.
        let _ = kill.check();
    }
    is_told(&counter, &mut sale, &created["id"]);
}

#[test]
fn f62_an_x_server_that_ends_voids_a_residents_code() {
    let counter = Counter::with(&[]);
    let mut stand = counter.stands();
    let _watchdog = Watchdog::over([stand.process(), counter.xvfb.process()]);
    let mut till = counter.starts(&SALE, "till.txt");
    let created = till.event();
    assert_eq!(till.event()["event"], "shown");
    counter.xvfb.process().signal("TERM");
    is_told(&counter, &mut till, &created["id"]);
    assert_eq!(stand.exit_code(), 69);
}

#[test]
fn f62_an_x_server_that_ends_during_a_residents_create_voids_it() {
    let counter = Counter::with(&[]);
    counter.delays_creates();
    let mut stand = counter.stands();
    let _watchdog = Watchdog::over([stand.process(), counter.xvfb.process()]);
    let mut till = counter.starts(&SALE, "till.txt");
    let is_asked_for = || stand.log().contains("an attempt begins").then_some(());
    assert!(poll(PATIENCE, is_asked_for).is_some());
    // The create is sent when that is on disk.
    std::thread::sleep(Duration::from_millis(300));
    counter.xvfb.process().signal("TERM");
    let outcome = poll(PATIENCE, || {
        let event = till.event();

        (event["event"] == "outcome").then_some(event)
    });
    assert_eq!(outcome.expect("an outcome")["outcome"], "cancelled");
    assert_eq!(till.exit_code(), 21);
    let request = counter.platform.control().latest().expect("a request");
    counter.is_voided(&request.to_string().into());
    assert_eq!(stand.exit_code(), 69);
}
