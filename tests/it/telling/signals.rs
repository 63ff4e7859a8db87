//! Signals that the program inherits as ignored.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// Starts the sandbox with this signal ignored. The sandbox listens to the same signals as a display. The other
/// signals get their default action, because the tests themselves may run with ignored signals.
fn started(ignored: &str) -> Child {
    let mut child = Command::new("env")
        .arg("--default-signal")
        .arg(format!("--ignore-signal={ignored}"))
        .arg(env!("CARGO_BIN_EXE_patron-display"))
        .args(["sandbox", "--listen", "127.0.0.1:0"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    let mut told = BufReader::new(child.stdout.take().unwrap());
    while !line.contains("Ctrl-C") {
        line.clear();
        assert!(told.read_line(&mut line).unwrap() > 0);
    }
    // The program starts to listen to signals right after it prints this line.
    sleep(Duration::from_millis(300));

    child
}

fn send(child: &Child, signal: &str) {
    let sent = Command::new("kill")
        .args([format!("-{signal}"), child.id().to_string()])
        .status()
        .unwrap();
    assert!(sent.success());
}

#[test]
fn f73_ignored_signal_stays_ignored() {
    for (ignored, ends) in [("HUP", "TERM"), ("INT", "HUP"), ("TERM", "INT")] {
        let mut child = started(ignored);
        send(&child, ignored);
        sleep(Duration::from_millis(300));
        assert!(child.try_wait().unwrap().is_none(), "ended by {ignored}");
        send(&child, ends);
        let begun = Instant::now();
        while child.try_wait().unwrap().is_none() {
            assert!(
                begun.elapsed() < Duration::from_secs(20),
                "not ended by {ends}"
            );
            sleep(Duration::from_millis(20));
        }
        assert_eq!(child.wait().unwrap().code(), Some(0), "{ends}");
    }
}
