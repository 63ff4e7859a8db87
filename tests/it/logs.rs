//! The log of a sale: its lines, its files, and what it must not contain.

pub(crate) mod captured;
mod counter;

use std::fs;
use std::path::Path;
use std::time::Duration;

use patron_display::app::Message;
use patron_display::centrapay::Client;
use patron_display::domain::payment::RequestId;
use patron_display::sale::Command;
use patron_display::sandbox::ApiCall;
use tokio::time::timeout;
use tracing::level_filters::LevelFilter;

use crate::support::gate::{Gate, WireFault};
use crate::support::scene::{KEY, Rehearsal};
use crate::support::shop;
use captured::CapturedLog;
use counter::Counter;

/// The longest time that a test waits before it fails. A wait this long means that something is stuck.
const PATIENCE: Duration = Duration::from_secs(20);
const ID: &str = "MhocUmpxxmgdHjr7DgKoKw";
const JSON: &str = "Content-Type: application/json\r\n";

/// Runs the display until a log line contains all words.
async fn until_logged(sale: &mut Rehearsal, captured: &CapturedLog, says: &[&str]) {
    let logged = async {
        while captured.lines(says).is_empty() {
            sale.display.step().await.unwrap();
            tokio::task::yield_now().await;
        }
    };

    timeout(PATIENCE, logged).await.unwrap();
}

/// Runs a sale that is paid after one or two polls. Returns it with its log at this level.
async fn paid(level: LevelFilter) -> (Rehearsal, CapturedLog) {
    let (captured, _guard) = CapturedLog::open(level);
    let mut sale = Rehearsal::shown("").await;
    until_logged(&mut sale, &captured, &[" read ", "status=New"]).await;
    sale.sandbox.control().pay(&sale.latest()).unwrap();
    sale.until_ended("paid").await;
    assert_eq!(sale.close(), Some(0));

    (sale, captured)
}

#[tokio::test]
async fn log_lines_of_a_paid_sale() {
    let (sale, captured) = paid(LevelFilter::INFO).await;
    let request = sale.sandbox.control().request(&sale.latest()).unwrap();
    let id = format!("id=\"{}\"", request.id);
    let short_code = format!("short_code=\"{}\"", request.short_code);
    let external_ref = format!("external_ref={:?}", request.external_ref.unwrap());
    for says in [
        &[
            "attempt started",
            " reference=\"A1\"",
            &external_ref,
            "amount=\"12.50\"",
            "merchant=\"cafe\"",
        ][..],
        &[
            " created ",
            &external_ref,
            "amount=\"12.50\"",
            "currency=\"NZD\"",
            &id,
            &short_code,
            "status=New",
            "liveness=Some(Test)",
            "took_ms=",
        ],
        &["announced: created", &id, &short_code],
        &["announced: shown", &id],
        &[" read ", &id, "status=New", "took_ms="],
        &[" read ", &id, "status=Paid", "took_ms="],
        &["announced: ended", &id, "outcome=\"paid\""],
        &["announced: outcome", &id, &short_code, "outcome=\"paid\""],
        &["exit_code=0", "unreadable=0"],
    ] {
        assert_eq!(
            captured.lines(says).len(),
            1,
            "{says:?}\n{}",
            captured.text()
        );
    }
}

#[tokio::test]
async fn cancel_and_its_answer_are_logged() {
    let (captured, _guard) = CapturedLog::open(LevelFilter::INFO);
    let mut sale = Rehearsal::shown("").await;
    sale.display.send(Message::Asked(Command::Cancel));
    sale.until_ended("cancelled").await;
    let id = format!("id=\"{}\"", sale.latest());
    assert_eq!(captured.lines(&["void sent", &id]).len(), 1);
    let answered = ["voided", &id, "activity=\"cancellation\"", "took_ms="];
    assert_eq!(captured.lines(&answered).len(), 1, "{}", captured.text());
}

#[tokio::test]
async fn equal_reads_are_logged_at_debug() {
    let (captured, _guard) = CapturedLog::open(LevelFilter::DEBUG);
    let mut sale = Rehearsal::shown("").await;
    until_logged(&mut sale, &captured, &["DEBUG", "read, as before"]).await;
    assert_eq!(captured.lines(&["INFO", " read ", "status=New"]).len(), 1);
}

#[tokio::test]
async fn f55_no_log_has_the_key_or_the_code() {
    let (_, captured) = paid(LevelFilter::TRACE).await;
    let text = captured.text();
    assert!(text.contains("TRACE"), "the libraries log as well");
    assert!(!text.contains(KEY), "{:?}", captured.lines(&[KEY]));
    let ours = captured.lines(&[" patron_display::runtime::effects", "/pay/"]);
    assert!(ours.is_empty(), "{ours:?}");
}

/// Creates a client of a platform that gives these answers to reads. Dropping the gate ends the platform.
fn client(answers: impl IntoIterator<Item = String>) -> (Client, Gate) {
    let gate = Gate::open(([127, 0, 0, 1], 9).into());
    gate.script(ApiCall::Read, answers.into_iter().map(WireFault::bytes));
    let url = format!("http://{}", gate.address);

    (shop::client(&url, "", Path::new("."), KEY).unwrap(), gate)
}

/// Returns an answer with this body and these additional headers.
fn answer(headers: &str, body: &str) -> String {
    format!(
        "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: {}\r\n{headers}\r\n{body}",
        body.len()
    )
}

fn request() -> String {
    format!(r#"{{"id":"{ID}","status":"new"}}"#)
}

#[tokio::test]
async fn f15_unreadable_answers_are_counted() {
    let truncated = answer(JSON, &request()).replace(r#""new"}"#, "");
    let unreadable = [
        answer(JSON, ""),
        answer(JSON, "{"),
        answer(JSON, "{}"),
        answer(JSON, r#"{"id":"../..","status":"new"}"#),
        answer("Content-Type: text/html\r\n", "<h1>Sign in</h1>"),
        answer("Content-Type: text/plain\r\n", &request()),
        truncated,
    ];
    let others = [
        answer(JSON, &request()),
        answer(JSON, "{}").replace("200 OK", "503 Service Unavailable"),
        answer(JSON, "{}").replace("200 OK", "404 Not Found"),
        String::new(),
    ];
    let expected = u32::try_from(unreadable.len()).unwrap();
    let all = unreadable.into_iter().chain(others).collect::<Vec<_>>();
    let count = all.len();
    let (client, _gate) = client(all);
    let id = RequestId::new(ID).unwrap();
    let mut counted = Vec::new();
    for _ in 0..count {
        let _ = client.read(&id).await;
        counted.push(client.unreadable_answers());
    }
    assert_eq!(counted.last(), Some(&expected), "{counted:?}");
}

#[tokio::test]
async fn f27_wrong_clock_is_logged_once() {
    let then = "Date: Mon, 17 Aug 2020 04:04:27 GMT\r\n";
    let wrong = answer(&format!("{JSON}{then}"), &request());
    let (captured, _guard) = CapturedLog::open(LevelFilter::INFO);
    let (client, _gate) = client([wrong.clone(), wrong]);
    let id = RequestId::new(ID).unwrap();
    for _ in 0..2 {
        client.read(&id).await.unwrap();
    }
    let told = captured.lines(&["WARN", "clock", "platform=2020-08-17T04:04:27Z", "ahead_s="]);
    assert_eq!(told.len(), 1, "{}", captured.text());
}

#[tokio::test]
async fn f27_agreeing_clocks_are_not_logged() {
    let now = jiff::Timestamp::now().strftime("%a, %d %b %Y %H:%M:%S GMT");
    let right = answer(&format!("{JSON}Date: {now}\r\n"), &request());
    let (captured, _guard) = CapturedLog::open(LevelFilter::INFO);
    let without = answer(JSON, &request());
    let (client, _gate) = client([right, without]);
    let id = RequestId::new(ID).unwrap();
    for _ in 0..2 {
        client.read(&id).await.unwrap();
    }
    assert!(captured.text().is_empty(), "{}", captured.text());
}

#[test]
fn settle_logs_the_sale() {
    let counter = Counter::with_a_code_left();
    let settled = counter.settles(&[]);
    assert_eq!(settled.exit_code, Some(21), "{settled:?}");
    assert_eq!(settled.stderr, "");
    let log = counter.log();
    let id = format!("id=\"{}\"", counter.request());
    for says in [
        &["launched", "command=\"settle\"", env!("CARGO_PKG_VERSION")][..],
        &["configuration read", "config.toml"],
        &[&id, "status=New"],
        &[&id, "status=Cancelled"],
        &[
            "announced: earlier",
            &id,
            "external_ref=\"A1\"",
            "cancelled",
        ],
        &["the program ends", "exit_code=21"],
    ] {
        let said = log
            .lines()
            .any(|line| says.iter().all(|word| line.contains(word)));
        assert!(said, "{says:?}\n{log}");
    }
    assert!(!log.contains('\u{1b}'), "{log}");
    let utc = |line: &str| {
        line.split(' ')
            .next()
            .is_some_and(|time| time.ends_with('Z'))
    };
    assert!(log.lines().all(utc), "{log}");
}

#[test]
fn f55_key_is_in_no_log_output_or_error() {
    let counter = Counter::with_a_code_left();
    let settled = counter.settles(&["-vv", "--json"]);
    assert_eq!(settled.exit_code, Some(21), "{settled:?}");
    assert!(settled.stderr.contains("DEBUG"), "{}", settled.stderr);
    assert!(counter.log().contains("announced: earlier"));

    // Several layers of the program refuse a key that cannot be in a header. None may log it.
    let refused = counter.settles_with(&format!("{KEY}\u{1b}\u{e9}"), &["-vv"]);
    assert_eq!(refused.exit_code, Some(78), "{refused:?}");
    assert_ne!(refused.stderr, "");
    for text in [
        &settled.stderr,
        &settled.stdout,
        &refused.stderr,
        &refused.stdout,
        &counter.log(),
    ] {
        assert!(!text.contains(KEY), "{text}");
    }
}

/// The key must not be there, because every user of the machine can read every program's command line.
#[cfg(target_os = "linux")]
#[test]
fn f55_key_is_not_in_the_command_line() {
    let counter = Counter::with_a_code_left();
    let mut running = counter.settles_and_is_kept_waiting();
    let read = fs::read(format!("/proc/{}/cmdline", running.id()));
    running.kill().unwrap();
    running.wait().unwrap();
    let line = String::from_utf8(read.unwrap()).unwrap();
    assert!(line.contains("settle"), "{line}");
    assert!(!line.contains(KEY), "{line}");
}

#[test]
fn command_error_is_logged() {
    let counter = Counter::with_a_code_left();
    counter.forget_the_merchant();
    let refused = counter.settles(&[]);
    assert_eq!(refused.exit_code, Some(78), "{refused:?}");
    let log = counter.log();
    assert!(log.contains("config.toml"), "{log}");
    assert!(log.contains("exit_code=78"), "{log}");
}

#[test]
fn newest_fourteen_log_files_are_kept() {
    let counter = Counter::with_a_code_left();
    let state = counter.state();
    fs::create_dir_all(&state).unwrap();
    for day in 1..=20 {
        let name = format!("patron-display.2020-08-{day:02}.log");
        fs::write(state.join(name), "old\n").unwrap();
    }
    for _ in 0..2 {
        assert!(counter.settles(&[]).exit_code.is_some());
        let kept = counter.log_files();
        assert!((10..=14).contains(&kept.len()), "{kept:?}");
        assert!(kept.contains(&"patron-display.2020-08-20.log".to_owned()));
        assert!(!kept.last().unwrap().contains("2020"), "{kept:?}");
    }
}

#[cfg(unix)]
#[test]
fn state_directory_is_private() {
    use std::os::unix::fs::PermissionsExt;

    let counter = Counter::with_a_code_left();
    assert!(counter.settles(&[]).exit_code.is_some());
    let mode = fs::metadata(counter.state()).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o700);
}

#[test]
fn unusable_state_directory_warns_once() {
    let counter = Counter::with_a_code_left();
    fs::write(counter.state(), "a file, not a directory").unwrap();
    let settled = counter.settles(&[]);
    assert_eq!(settled.exit_code, Some(21), "{settled:?}");
    assert_eq!(settled.stderr.lines().count(), 1, "{}", settled.stderr);
    assert!(settled.stderr.contains("--state-dir"), "{}", settled.stderr);
}

#[test]
fn f70_full_log_says_so_once() {
    const LARGEST: u64 = 32 * 1024 * 1024;
    let counter = Counter::with_a_code_left();
    fs::create_dir_all(counter.state()).unwrap();
    let today = jiff::Timestamp::now();
    // Makes tomorrow's file as well, because the test may run over midnight.
    let files = [today, today + jiff::SignedDuration::from_hours(24)].map(|day| {
        let name = format!("patron-display.{}.log", day.strftime("%Y-%m-%d"));
        let path = counter.state().join(name);
        let file = fs::File::create(&path).unwrap();
        file.set_len(LARGEST - 300).unwrap();

        path
    });
    for code in [21, 0] {
        assert_eq!(counter.settles(&["-vv"]).exit_code, Some(code));
    }
    let log = fs::read(&files[0]).unwrap();
    assert!(log.len() as u64 <= LARGEST + 2000, "{}", log.len());
    let log = String::from_utf8_lossy(&log[LARGEST as usize - 300..]).into_owned();
    assert_eq!(
        log.matches("the log of this day is full").count(),
        1,
        "{log}"
    );
    assert!(log.ends_with("what fills it\n"), "{log}");
}

#[cfg(target_os = "linux")]
#[test]
fn f44_full_log_disk_warns_once() {
    use std::os::unix::fs::PermissionsExt;

    let counter = Counter::with_a_code_left();
    fs::create_dir_all(counter.state()).unwrap();
    let today = jiff::Timestamp::now();
    // Makes tomorrow's file as well, because the test may run over midnight.
    for day in [today, today + jiff::SignedDuration::from_hours(24)] {
        let name = format!("patron-display.{}.log", day.strftime("%Y-%m-%d"));
        let log = fs::File::create(counter.state().join(name)).unwrap();
        log.set_permissions(fs::Permissions::from_mode(0o600))
            .unwrap();
        // Only sets the length, so the file uses no space on the disk.
        log.set_len(5 * 1024 * 1024).unwrap();
    }
    let settled = counter.settles_with_little_room();
    assert_eq!(settled.exit_code, Some(21), "{settled:?}");
    assert_eq!(settled.stderr.lines().count(), 1, "{}", settled.stderr);
    assert!(settled.stderr.contains("gaps"), "{}", settled.stderr);
}

#[test]
fn history_keeps_no_log() {
    let counter = Counter::with_a_code_left();
    assert_eq!(counter.runs(&["history"]).exit_code, Some(0));
    assert!(!counter.state().exists());
}
