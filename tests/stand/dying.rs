//! A stand that dies under a sale: what the till is told then is in the journal, or is not known.

use std::os::unix::net::UnixListener;
use std::time::Duration;

use patron_display::sandbox::Status;
use tokio::runtime::Runtime;
use tokio::time::sleep;

use crate::counter::{Counter, Shop, soon};
use crate::till::Till;

/// A sale whose code is shown, and a stand that is gone with everything it had under way.
fn shown_and_dead() -> (Runtime, Shop, Till) {
    let platform = Runtime::new().unwrap();
    let shop = platform.block_on(Shop::open());
    let process = Runtime::new().unwrap();
    let (shop, till) = process.block_on(async {
        let mut counter = Counter::at(shop).await;
        let till = counter.sells();
        counter.until_shown(&till).await;
        let Counter { shop, stand } = counter;
        drop(stand);

        (shop, till)
    });
    process.shutdown_background();

    (platform, shop, till)
}

async fn ended(till: &mut Till) -> i32 {
    for _ in 0..3000 {
        if let Some(code) = till.code() {
            return code;
        }
        sleep(Duration::from_millis(10)).await;
    }
    panic!("the till's program never ends");
}

#[test]
fn a_stand_that_dies_under_a_code_makes_the_sale_unknown_and_says_what_to_do() {
    let (platform, _shop, mut till) = shown_and_dead();
    assert_eq!(platform.block_on(ended(&mut till)), 30);
    let outcome = till.events().pop().unwrap();
    assert_eq!(outcome["event"], "outcome");
    assert_eq!(outcome["outcome"], "unknown");
    assert_eq!(outcome["id"], till.events()[0]["id"]);
    assert!(
        till.said().contains("do not charge again"),
        "{}",
        till.said()
    );
}

#[test]
fn the_next_stand_finds_out_what_became_of_a_sale_that_the_last_one_died_under() {
    let (platform, shop, mut till) = shown_and_dead();
    platform.block_on(async {
        assert_eq!(ended(&mut till).await, 30);
        let id = shop.control().latest().unwrap();
        shop.control().pay(&id).unwrap();
        let mut counter = Counter::at(shop).await;
        counter
            .until(|stand| stand.stand().display().sale().is_about_an_earlier_sale())
            .await;
        counter
            .until(|stand| {
                let state = stand.stand().display().sale().state();

                matches!(state, patron_display::sale::State::Ended(_))
            })
            .await;
        assert!(
            counter.words().await.contains("Do not charge it again"),
            "{}",
            counter.words().await
        );

        // The same sale again is that sale, and paid.
        let mut again = counter.sells();
        assert_eq!(counter.until_ended(&mut again).await, 0);
        assert_eq!(counter.control().request(&id).unwrap().status, Status::Paid);
        assert_eq!(counter.control().requests().len(), 1);
    });
}

#[tokio::test]
async fn a_stand_that_dies_before_anything_was_written_down_has_created_nothing() {
    let shop = Shop::open().await;
    let place = shop.path("data/stand");
    std::fs::create_dir_all(&place).unwrap();
    // What a journal without this sale in it looks like.
    let journal = patron_display::journal::Journal::open(&shop.path("data")).unwrap();
    journal.recall(None).await.unwrap();
    drop(journal);
    let listener = UnixListener::bind(place.join("socket")).unwrap();
    let dying = std::thread::spawn(move || {
        use std::io::{BufRead, BufReader, Write};
        let (mut stream, _) = listener.accept().unwrap();
        let version = env!("CARGO_PKG_VERSION");
        writeln!(stream, r#"{{"version":"{version}"}}"#).unwrap();
        let mut lines = BufReader::new(&stream).lines();
        lines.next();
        lines.next();
    });
    let mut command = shop.program(&["sale", "--amount", "5", "--json"]);
    let output = soon(move || command.output().unwrap()).await;
    dying.join().unwrap();
    let told = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(41), "{told}");
    assert!(told.contains(r#""outcome":"unreachable""#), "{told}");
}
