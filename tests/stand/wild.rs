//! Whoever is at the other end of the socket without being the program.

use std::io::{BufRead, BufReader, Write};
use std::os::unix::net::{UnixListener, UnixStream};
use std::time::Duration;

use patron_display::sale::State;

use crate::counter::{Counter, Shop, sale, soon};

fn lines(stream: &UnixStream) -> Vec<String> {
    let reader = BufReader::new(stream.try_clone().unwrap());

    reader.lines().map_while(Result::ok).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_caller_that_never_reads_holds_nothing_up_and_has_its_outcome_kept_for_it() {
    const COMMANDS: usize = 20_000;
    let mut counter = Counter::open().await;
    let mut caller = sale(&counter.shop, "A1");
    counter
        .until(|stand| matches!(stand.stand().display().sale().state(), State::Presenting(_)))
        .await;
    let mut writer = caller.try_clone().unwrap();
    // Each is answered by an event that nobody reads.
    let written = std::thread::spawn(move || {
        for _ in 0..COMMANDS {
            writeln!(writer, r#"{{"no-command":"{}"}}"#, "x".repeat(200)).unwrap();
        }
    });
    counter.until(|_| written.is_finished()).await;
    counter.control().pay(&counter.latest()).unwrap();
    counter.until_idle().await;

    // The next customer is served while the caller still has not read anything.
    let mut till = counter.sells_as("A2");
    counter.until_shown(&till).await;
    counter.control().pay(&counter.latest()).unwrap();
    assert_eq!(counter.until_ended(&mut till).await, 0);

    let kept = soon(move || {
        caller.flush().unwrap();

        lines(&caller)
    })
    .await;
    assert!(kept.len() < COMMANDS, "{} lines were kept", kept.len());
    assert_eq!(kept.last().unwrap(), r#"{"exit":0}"#);
    assert!(kept[kept.len() - 2].contains(r#"\"outcome\":\"paid\""#));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_says_nothing_or_nonsense_is_not_served_and_disturbs_nobody() {
    let mut counter = Counter::open().await;
    let silent = counter.shop.connects();
    let mut nonsense = counter.shop.connects();
    nonsense.write_all(b"GET / HTTP/1.1\r\n\r\n").unwrap();
    let mut endless = counter.shop.connects();
    endless
        .set_write_timeout(Some(Duration::from_secs(5)))
        .unwrap();
    let flooded = std::thread::spawn(move || {
        for _ in 0..1000 {
            if endless.write_all(&[b'x'; 4096]).is_err() {
                return;
            }
        }
        panic!("a line of four megabytes was read");
    });
    let mut till = counter.sells();
    counter.until_shown(&till).await;
    counter.until(|_| flooded.is_finished()).await;
    flooded.join().unwrap();
    counter.control().pay(&counter.latest()).unwrap();
    assert_eq!(counter.until_ended(&mut till).await, 0);
    drop(silent);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stand_of_another_version_ends_itself_where_it_is_idle() {
    let mut counter = Counter::open().await;
    let mut newer = counter.shop.connects();
    writeln!(newer, r#"{{"version":"999.0.0"}}"#).unwrap();
    counter.until(|stand| stand.is_over()).await;
    assert_eq!(
        soon(move || lines(&newer)).await.pop().unwrap(),
        r#""leaving""#
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stand_of_another_version_does_not_leave_a_sale() {
    let mut counter = Counter::open().await;
    let mut till = counter.sells();
    counter.until_shown(&till).await;
    let mut newer = counter.shop.connects();
    writeln!(newer, r#"{{"version":"999.0.0"}}"#).unwrap();
    let told = std::thread::spawn(move || lines(&newer));
    counter.until(|_| told.is_finished()).await;
    assert!(told.join().unwrap().pop().unwrap().contains(r#""code":75"#));
    counter.control().pay(&counter.latest()).unwrap();
    assert_eq!(counter.until_ended(&mut till).await, 0);
}

#[tokio::test]
async fn a_sale_opens_a_window_of_its_own_once_a_stand_of_another_version_is_gone() {
    let shop = Shop::open().await;
    let place = shop.path("data/stand");
    std::fs::create_dir_all(&place).unwrap();
    let socket = place.join("socket");
    let listener = UnixListener::bind(&socket).unwrap();
    let older = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        writeln!(stream, r#"{{"version":"0.0.1"}}"#).unwrap();
        let mut greeting = String::new();
        BufReader::new(&stream).read_line(&mut greeting).unwrap();
        std::fs::remove_file(socket).unwrap();
        writeln!(stream, r#""leaving""#).unwrap();

        greeting
    });
    let mut command = shop.program(&["sale", "--amount", "5"]);
    let output = soon(move || command.output().unwrap()).await;
    let greeting = older.join().unwrap();
    assert!(greeting.contains(env!("CARGO_PKG_VERSION")), "{greeting}");
    // There is no screen here: that it looks for one says that it got there.
    assert_eq!(output.status.code(), Some(69));
}

#[tokio::test]
async fn a_stand_that_does_not_answer_is_a_taken_counter() {
    let shop = Shop::open().await;
    let place = shop.path("data/stand");
    std::fs::create_dir_all(&place).unwrap();
    let _mute = UnixListener::bind(place.join("socket")).unwrap();
    let mut command = shop.program(&["sale", "--amount", "5"]);
    let output = soon(move || command.output().unwrap()).await;
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(75), "{said}");
    assert!(said.contains("does not answer"), "{said}");
}
