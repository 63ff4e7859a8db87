//! What the log says of a sale, what it never says, and where it is kept.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    dead_code,
    reason = "a test that cannot set its scene has failed; not every test needs all of the scene"
)]

#[path = "logs/book.rs"]
mod book;
#[path = "logs/counter.rs"]
mod counter;
#[path = "rehearsal/scene.rs"]
mod scene;
#[path = "logs/scripted.rs"]
mod scripted;

use std::fs;
use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;

use iced::Size;
use patron_display::centrapay::Client;
use patron_display::config::Config;
use patron_display::config::key::Credential;
use patron_display::display::Message;
use patron_display::payment::RequestId;
use patron_display::sale::Command;
use secrecy::SecretString;
use tokio::time::timeout;
use tracing::level_filters::LevelFilter;

use book::Book;
use counter::Counter;
use scene::{KEY, Rehearsal};
use scripted::answer;

const SCREEN: Size<u32> = Size::new(800, 480);
/// How long anything may take. Nothing does on a machine that is not stuck.
const PATIENCE: Duration = Duration::from_secs(20);
const ID: &str = "MhocUmpxxmgdHjr7DgKoKw";
const JSON: &str = "Content-Type: application/json\r\n";

/// Goes on until a line says all of this.
async fn until_logged(sale: &mut Rehearsal, book: &Book, says: &[&str]) {
    let logged = async {
        while book.lines(says).is_empty() {
            sale.display.step().await.unwrap();
            tokio::task::yield_now().await;
        }
    };

    timeout(PATIENCE, logged).await.unwrap();
}

/// A whole sale that is paid after a poll or two, and its log at this level.
async fn paid(level: LevelFilter) -> (Rehearsal, Book) {
    let (book, _guard) = Book::open(level);
    let mut sale = Rehearsal::begin(SCREEN, "").await;
    sale.until_shown().await;
    until_logged(&mut sale, &book, &[" read ", "status=New"]).await;
    sale.sandbox.control().pay(&sale.latest()).unwrap();
    sale.until_ended("paid").await;
    assert_eq!(sale.close(), Some(0));

    (sale, book)
}

#[tokio::test]
async fn a_sale_can_be_followed_in_its_log() {
    let (sale, book) = paid(LevelFilter::INFO).await;
    let request = sale.sandbox.control().request(&sale.latest()).unwrap();
    let id = format!("id=\"{}\"", request.id);
    let short_code = format!("short_code=\"{}\"", request.short_code);
    let external_ref = format!("external_ref={:?}", request.external_ref.unwrap());
    for says in [
        &[
            "an attempt begins",
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
        &["told: created", &id, &short_code],
        &["told: shown", &id],
        &[" read ", &id, "status=New", "took_ms="],
        &[" read ", &id, "status=Paid", "took_ms="],
        &["told: ended", &id, "outcome=\"paid\""],
        &["told: outcome", &id, &short_code, "outcome=\"paid\""],
        &["exit_code=0", "unreadable=0"],
    ] {
        assert_eq!(book.lines(says).len(), 1, "{says:?}\n{}", book.text());
    }
}

#[tokio::test]
async fn a_cancellation_and_its_answer_are_logged() {
    let (book, _guard) = Book::open(LevelFilter::INFO);
    let mut sale = Rehearsal::begin(SCREEN, "").await;
    sale.until_shown().await;
    sale.display.send(Message::Asked(Command::Cancel));
    sale.until_ended("cancelled").await;
    let id = format!("id=\"{}\"", sale.latest());
    assert_eq!(book.lines(&["a void is sent", &id]).len(), 1);
    let answered = ["voided", &id, "activity=\"cancellation\"", "took_ms="];
    assert_eq!(book.lines(&answered).len(), 1, "{}", book.text());
}

#[tokio::test]
async fn reads_that_say_the_same_are_logged_at_debug_only() {
    let (book, _guard) = Book::open(LevelFilter::DEBUG);
    let mut sale = Rehearsal::begin(SCREEN, "").await;
    sale.until_shown().await;
    until_logged(&mut sale, &book, &["DEBUG", "read, as before"]).await;
    assert_eq!(book.lines(&["INFO", " read ", "status=New"]).len(), 1);
}

#[tokio::test]
async fn f55_nothing_in_this_process_logs_the_key_or_what_the_code_says() {
    let (_, book) = paid(LevelFilter::TRACE).await;
    let text = book.text();
    assert!(text.contains("TRACE"), "the libraries log as well");
    assert!(!text.contains(KEY), "{:?}", book.lines(&[KEY]));
    let ours = book.lines(&[" patron_display::effects", "/pay/"]);
    assert!(ours.is_empty(), "{ours:?}");
}

fn client(address: SocketAddr) -> Client {
    let text = format!(
        "[api]\nbase-url = \"http://{address}\"\npay-hosts = [\"{address}\"]\n\
         [merchants.cafe]\nconfig-id = \"5ee168e8597be5002af7b454\"\nname = \"Café\"\n"
    );
    let config = Config::from_str(&text, Path::new("logs.toml")).unwrap();
    let credential = Credential::ApiKey(SecretString::from(KEY));

    Client::new(&config.api, &credential, config.terminal).unwrap()
}

fn request() -> String {
    format!(r#"{{"id":"{ID}","status":"new"}}"#)
}

#[tokio::test]
async fn f15_answers_that_cannot_be_read_are_counted_apart() {
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
    let client = client(scripted::answers(all));
    let id = RequestId::new(ID).unwrap();
    let mut counted = Vec::new();
    for _ in 0..count {
        let _ = client.read(&id).await;
        counted.push(client.unreadable_answers());
    }
    assert_eq!(counted.last(), Some(&expected), "{counted:?}");
}

#[tokio::test]
async fn f27_a_platform_whose_clock_is_far_from_this_one_is_logged_once() {
    let then = "Date: Mon, 17 Aug 2020 04:04:27 GMT\r\n";
    let wrong = answer(&format!("{JSON}{then}"), &request());
    let (book, _guard) = Book::open(LevelFilter::INFO);
    let client = client(scripted::answers(vec![wrong.clone(), wrong]));
    let id = RequestId::new(ID).unwrap();
    for _ in 0..2 {
        client.read(&id).await.unwrap();
    }
    let told = book.lines(&[
        "WARN",
        "clocks",
        "platform=2020-08-17T04:04:27Z",
        "ahead_s=",
    ]);
    assert_eq!(told.len(), 1, "{}", book.text());
}

#[tokio::test]
async fn f27_clocks_that_agree_are_not_logged() {
    let now = jiff::Timestamp::now().strftime("%a, %d %b %Y %H:%M:%S GMT");
    let right = answer(&format!("{JSON}Date: {now}\r\n"), &request());
    let (book, _guard) = Book::open(LevelFilter::INFO);
    let without = answer(JSON, &request());
    let client = client(scripted::answers(vec![right, without]));
    let id = RequestId::new(ID).unwrap();
    for _ in 0..2 {
        client.read(&id).await.unwrap();
    }
    assert!(book.text().is_empty(), "{}", book.text());
}

#[test]
fn settle_keeps_a_log_that_tells_the_sale_it_settled() {
    let counter = Counter::with_a_code_left();
    let settled = counter.settles(&[]);
    assert_eq!(settled.code, Some(21), "{settled:?}");
    assert_eq!(settled.stderr, "");
    let log = counter.log();
    let id = format!("id=\"{}\"", counter.request());
    for says in [
        &["launched", "command=\"settle\"", env!("CARGO_PKG_VERSION")][..],
        &["configuration read", "config.toml"],
        &[&id, "status=New"],
        &[&id, "status=Cancelled"],
        &["told: earlier", &id, "external_ref=\"A1\"", "cancelled"],
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
fn f55_the_key_is_in_no_log_no_output_and_no_error_however_much_is_told() {
    let counter = Counter::with_a_code_left();
    let settled = counter.settles(&["-vv", "--json"]);
    assert_eq!(settled.code, Some(21), "{settled:?}");
    assert!(settled.stderr.contains("DEBUG"), "{}", settled.stderr);
    assert!(counter.log().contains("told: earlier"));

    // A key that no header can carry is refused by more than one layer.
    let refused = counter.settles_with(&format!("{KEY}\u{1b}\u{e9}"), &["-vv"]);
    assert_eq!(refused.code, Some(78), "{refused:?}");
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

/// Every user of the machine can read the command line of every program.
#[cfg(target_os = "linux")]
#[test]
fn f55_the_key_is_not_in_the_command_line_of_the_running_program() {
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
fn what_could_not_be_done_is_in_the_log_as_well() {
    let counter = Counter::with_a_code_left();
    counter.forget_the_merchant();
    let refused = counter.settles(&[]);
    assert_eq!(refused.code, Some(78), "{refused:?}");
    let log = counter.log();
    assert!(log.contains("config.toml"), "{log}");
    assert!(log.contains("exit_code=78"), "{log}");
}

#[test]
fn fourteen_files_are_kept_at_most_and_the_newest_ones() {
    let counter = Counter::with_a_code_left();
    let state = counter.state();
    fs::create_dir_all(&state).unwrap();
    for day in 1..=20 {
        let name = format!("patron-display.2020-08-{day:02}.log");
        fs::write(state.join(name), "old\n").unwrap();
    }
    for _ in 0..2 {
        assert!(counter.settles(&[]).code.is_some());
        let kept = counter.log_files();
        assert!((10..=14).contains(&kept.len()), "{kept:?}");
        assert!(kept.contains(&"patron-display.2020-08-20.log".to_owned()));
        assert!(!kept.last().unwrap().contains("2020"), "{kept:?}");
    }
}

#[cfg(unix)]
#[test]
fn the_state_directory_is_made_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt;

    let counter = Counter::with_a_code_left();
    assert!(counter.settles(&[]).code.is_some());
    let mode = fs::metadata(counter.state()).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o700);
}

#[test]
fn a_state_directory_that_cannot_be_used_is_told_once_and_stops_nothing() {
    let counter = Counter::with_a_code_left();
    fs::write(counter.state(), "a file, not a directory").unwrap();
    let settled = counter.settles(&[]);
    assert_eq!(settled.code, Some(21), "{settled:?}");
    assert_eq!(settled.stderr.lines().count(), 1, "{}", settled.stderr);
    assert!(settled.stderr.contains("--state-dir"), "{}", settled.stderr);
}

#[test]
fn f70_full_log_says_so_once_and_stops_nothing() {
    const LARGEST: u64 = 32 * 1024 * 1024;
    let counter = Counter::with_a_code_left();
    fs::create_dir_all(counter.state()).unwrap();
    let today = jiff::Timestamp::now();
    // The test may run over midnight.
    let files = [today, today + jiff::SignedDuration::from_hours(24)].map(|day| {
        let name = format!("patron-display.{}.log", day.strftime("%Y-%m-%d"));
        let path = counter.state().join(name);
        let file = fs::File::create(&path).unwrap();
        file.set_len(LARGEST - 300).unwrap();

        path
    });
    for code in [21, 0] {
        assert_eq!(counter.settles(&["-vv"]).code, Some(code));
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
fn f44_a_disk_that_is_full_for_the_log_is_told_once_and_stops_nothing() {
    use std::os::unix::fs::PermissionsExt;

    let counter = Counter::with_a_code_left();
    fs::create_dir_all(counter.state()).unwrap();
    let today = jiff::Timestamp::now();
    // The test may run over midnight.
    for day in [today, today + jiff::SignedDuration::from_hours(24)] {
        let name = format!("patron-display.{}.log", day.strftime("%Y-%m-%d"));
        let log = fs::File::create(counter.state().join(name)).unwrap();
        log.set_permissions(fs::Permissions::from_mode(0o600))
            .unwrap();
        // It takes no room on the disk.
        log.set_len(5 * 1024 * 1024).unwrap();
    }
    let settled = counter.settles_with_little_room();
    assert_eq!(settled.code, Some(21), "{settled:?}");
    assert_eq!(settled.stderr.lines().count(), 1, "{}", settled.stderr);
    assert!(settled.stderr.contains("gaps"), "{}", settled.stderr);
}

#[test]
fn looking_things_up_keeps_no_log() {
    let counter = Counter::with_a_code_left();
    assert_eq!(counter.runs(&["history"]).code, Some(0));
    assert!(!counter.state().exists());
}
