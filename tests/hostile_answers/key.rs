//! The key: it comes back in no text, and nothing can be slipped in beside it.

use futures_util::future::join_all;
use patron_display::centrapay::Client;
use patron_display::config::key::Credential;
use patron_display::display::Message;
use patron_display::sale::{Command, State};
use patron_display::sandbox::{Answer, Call, Fault};
use secrecy::SecretString;
use serde_json::{Value, json};
use tracing::level_filters::LevelFilter;

use crate::book::Book;
use crate::elsewhere::Elsewhere;
use crate::gate::{self, Foul, Gate};
use crate::oracle::ends;
use crate::scene::{KEY, Rehearsal};
use crate::traces::{Trace, kept, logged};
use crate::{SCREEN, begun, client, paid, shown, words};

/// What a sale has left behind by now.
async fn left(sale: &Rehearsal, book: &Book) -> Vec<Trace> {
    let mut left = [kept(sale), logged(book)].concat();
    left.push(("screen", words::on(sale.display.display(), SCREEN).await));

    left
}

fn assert_keyless(left: &[Trace]) {
    let key = KEY.to_ascii_lowercase();
    for (place, text) in left {
        let text = text.to_ascii_lowercase();
        assert!(!text.contains(&key), "{place}: {text}");
        // Nor what is left of it where a text is cut.
        assert!(!text.contains(&key[..12]), "{place}: {text}");
    }
}

/// The key as it stands, and in disguises that are taken off where text is cleaned.
fn echoes() -> [String; 4] {
    let hidden: String = KEY.chars().flat_map(|one| [one, '\u{200b}']).collect();

    [
        KEY.to_owned(),
        format!("the key '{KEY}' is not known here"),
        format!("{} {KEY}", "far from the start of a long text".repeat(7)),
        hidden,
    ]
}

#[tokio::test]
async fn f55_a_refusal_that_repeats_the_key_is_told_shown_and_logged_without_it() {
    let (book, _guard) = Book::open(LevelFilter::TRACE);
    for status in [400, 401, 403, 429, 500] {
        for echo in echoes() {
            let bodies = [
                json!({ "message": echo, "reason": echo }),
                json!({ "message": "INVALID_KEY", "reason": echo }),
                Value::String(format!("<pre>X-Api-Key: {echo}</pre>")),
            ];
            for body in bodies {
                let mut sale = begun("").await;
                let control = sale.sandbox.control();
                let refusal = Answer::status(status)
                    .header("Retry-After", KEY)
                    .header("X-Request-Key", KEY)
                    .body(body);
                control.script(Call::Create, [Fault::answer(refusal).forever()]);
                sale.until(|state| match state {
                    State::Creating(creating) => creating.pause().is_some(),
                    state => matches!(state, State::Ended(_)),
                })
                .await;
                sale.display.send(Message::Asked(Command::Cancel));
                sale.display.send(Message::Asked(Command::Close));
                sale.effects.finish();
                assert_keyless(&left(&sale, &book).await);
            }
        }
    }
    let codes = book.lines(&["INVALID_KEY", "not created"]);
    assert!(!codes.is_empty(), "what is no key is still told");
}

#[tokio::test]
async fn f55_a_request_that_repeats_the_key_is_told_shown_and_logged_without_it() {
    let (book, _guard) = Book::open(LevelFilter::TRACE);
    join_all(echoes().map(async |echo| {
        let mut sale = begun("").await;
        let control = sale.sandbox.control();
        let named = json!({
            "merchantName": echo, "shortCode": echo, "expiresAt": echo, "updatedAt": echo,
        });
        control.script(Call::Create, [Fault::edit(named)]);
        sale.until_shown().await;
        assert_keyless(&left(&sale, &book).await);
        let by = json!({ "merchantName": echo, "paidBy": { "assetTotals": [
            { "type": echo, "description": echo },
            { "type": "cash", "description": "Centrapay NZD" },
        ] } });
        control.script(Call::Read, [Fault::edit(by).forever()]);
        paid(&mut sale).await;
        sale.display.send(Message::Asked(Command::Close));
        sale.effects.finish();
        let all = left(&sale, &book).await;
        assert_keyless(&all);
        let means = |(place, text): &Trace| *place == "told" && text == "Centrapay NZD";
        assert!(all.iter().any(means), "what is no key is still told");
        ends(sale, 0).await;
    }))
    .await;
}

#[tokio::test]
async fn f55_a_key_in_the_place_of_an_id_or_a_host_gets_into_no_code_and_no_error() {
    let (book, _guard) = Book::open(LevelFilter::TRACE);
    let as_id = json!({ "id": KEY, "url": format!("http://PAY/pay/{KEY}") });
    let as_host = json!({ "url": format!("https://{KEY}.evil.example/pay/{{id}}") });
    let as_scheme = json!({ "url": format!("{KEY}://pay") });
    for patch in [as_id, as_host, as_scheme] {
        let mut sale = begun("").await;
        let control = sale.sandbox.control();
        let pay = sale.sandbox.address().to_string();
        let patch = patch.to_string().replace("PAY", &pay);
        let patch = serde_json::from_str(&patch).unwrap();
        control.script(Call::Create, [Fault::edit(patch).forever()]);
        sale.until(|state| matches!(state, State::Ended(_))).await;
        sale.display.send(Message::Asked(Command::Close));
        sale.effects.finish();
        assert_keyless(&left(&sale, &book).await);
        let code = sale.effects.exit_code().unwrap();
        ends(sale, code).await;
    }
}

#[tokio::test]
async fn f55_a_cancellation_that_repeats_the_key_is_told_shown_and_logged_without_it() {
    let (book, _guard) = Book::open(LevelFilter::TRACE);
    join_all(echoes().map(async |echo| {
        let mut sale = shown("").await;
        let control = sale.sandbox.control();
        let condition = json!({ "merchantConditions": [
            { "id": echo, "name": echo, "message": echo, "status": "awaiting-patron" },
        ] });
        control.script(Call::Read, [Fault::edit(condition).forever()]);
        sale.until(|state| matches!(state, State::Waiting(_))).await;
        assert_keyless(&left(&sale, &book).await);

        let why = json!({ "cancellationReason": echo });
        control.script(Call::Read, [Fault::edit(why).forever()]);
        let activity = json!({ "type": echo });
        control.script(Call::Void, [Fault::edit(activity)]);
        sale.display.send(Message::Asked(Command::Cancel));
        sale.until_ended("cancelled").await;
        sale.display.send(Message::Asked(Command::Close));
        sale.effects.finish();
        assert_keyless(&left(&sale, &book).await);
        ends(sale, 21).await;
    }))
    .await;
}

#[tokio::test]
async fn f55_nothing_that_a_till_or_the_platform_writes_becomes_a_header() {
    const SMUGGLED: &str = "x\r\nX-Smuggled: 1\r\n\r\nGET /x HTTP/1.1";
    let platform = Elsewhere::listen().await;
    let gate = Gate::open(platform.address);
    // The first page comes from the gate, the second is asked for with what it says.
    let page = json!({ "items": [{ "id": SMUGGLED }], "pageKey": SMUGGLED }).to_string();
    let answer = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{page}",
        page.len()
    );
    gate.script(gate::Call::Other, [Foul::bytes(answer)]);
    let found = client(gate.address).look_up(SMUGGLED, SMUGGLED).await;
    assert!(found.is_err(), "{found:?}");
    let _ = client(platform.address).look_up(SMUGGLED, SMUGGLED).await;
    let heard = platform.heard();
    assert_eq!(heard.len(), 2, "the second page, and a look-up: {heard:?}");
    for said in heard {
        assert!(said.contains("Smuggled"), "it is in the url: {said}");
        let mut lines = said.lines().skip(1);
        assert!(!lines.any(|line| line.contains("Smuggled")), "{said}");
        assert_eq!(said.matches("HTTP/1.1\r\n").count(), 1, "{said}");
    }
}

#[test]
fn f55_a_key_that_would_add_a_header_is_no_key() {
    let config = patron_display::config::Config::from_str(
        "[api]\nbase-url = \"http://127.0.0.1:9\"\n\
         [merchants.cafe]\nconfig-id = \"5ee168e8597be5002af7b454\"\nname = \"Café\"\n",
        std::path::Path::new("hostile.toml"),
    )
    .unwrap();
    for bad in [
        "a-key\r\nX-Smuggled: 1",
        "a-key\n",
        "a-key\0",
        "a-k\u{e9}\u{7f}y",
    ] {
        let token = || SecretString::from(bad);
        for credential in [
            Credential::ApiKey(token()),
            Credential::Authorization {
                token: token(),
                account: None,
            },
            Credential::Authorization {
                token: SecretString::from("a-token"),
                account: Some(bad.to_owned()),
            },
        ] {
            let client = Client::new(&config.api, &credential, config.terminal.clone());
            let error = client.unwrap_err().to_string();
            assert!(!error.contains("a-k"), "{error}");
        }
    }
}
