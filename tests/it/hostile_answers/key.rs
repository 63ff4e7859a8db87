//! The API key: no text repeats it, no proxy from the environment receives it, and no text can add a header.

use std::fs;
use std::path::Path;
use std::process::Output;

use futures_util::future::join_all;
use patron_display::centrapay::Client;
use patron_display::config::key::Credential;
use patron_display::sale::{Command, State};
use patron_display::sandbox::{ApiCall, Fault, FaultAnswer, SandboxStatus};
use secrecy::SecretString;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::task::spawn_blocking;
use tracing::level_filters::LevelFilter;

use crate::hostile_answers::traces::{Trace, kept, logged};
use crate::hostile_answers::{begun, client, ends, paid};
use crate::logs::captured::CapturedLog;
use crate::support::gate::{Gate, WireFault};
use crate::support::recording_server::RecordingServer;
use crate::support::scene::{KEY, Rehearsal};
use crate::support::shop::{CONFIG_ID, client_config, program};

/// Returns every text that the sale has written or shown until now.
async fn left(sale: &Rehearsal, captured: &CapturedLog) -> Vec<Trace> {
    let mut left = [kept(sale), logged(captured)].concat();
    left.push(("screen", sale.words().await));

    left
}

fn assert_keyless(left: &[Trace]) {
    let key = KEY.to_ascii_lowercase();
    for (place, text) in left {
        let text = text.to_ascii_lowercase();
        assert!(!text.contains(&key), "{place}: {text}");
        // The text may be cut, so it must not have the start of the key either.
        assert!(!text.contains(&key[..12]), "{place}: {text}");
    }
}

/// Returns texts that contain the key. One hides it between characters that cleaning removes.
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
async fn f55_refusal_never_repeats_the_key() {
    let (captured, _guard) = CapturedLog::open(LevelFilter::TRACE);
    for status in [400, 401, 403, 429, 500] {
        for echo in echoes() {
            let bodies = [
                json!({ "message": echo, "reason": echo }),
                json!({ "message": "INVALID_KEY", "reason": echo }),
                Value::String(format!("<pre>X-Api-Key: {echo}</pre>")),
            ];
            for body in bodies {
                let mut sale = begun("").await;
                let control = sale.control();
                let refusal = FaultAnswer::status(status)
                    .header("Retry-After", KEY)
                    .header("X-Request-Key", KEY)
                    .body(body);
                control.script(ApiCall::Create, [Fault::answer(refusal).forever()]);
                sale.until(|state| match state {
                    State::Creating(creating) => creating.pause().is_some(),
                    state => matches!(state, State::Ended(_)),
                })
                .await;
                sale.send(Command::Cancel);
                sale.close();
                assert_keyless(&left(&sale, &captured).await);
            }
        }
    }
    let codes = captured.lines(&["INVALID_KEY", "not created"]);
    assert!(!codes.is_empty(), "other texts are lost");
}

#[tokio::test]
async fn f55_request_never_repeats_the_key() {
    let (captured, _guard) = CapturedLog::open(LevelFilter::TRACE);
    join_all(echoes().map(async |echo| {
        let mut sale = begun("").await;
        let control = sale.control();
        let named = json!({
            "merchantName": echo, "shortCode": echo, "expiresAt": echo, "updatedAt": echo,
        });
        control.script(ApiCall::Create, [Fault::edit(named)]);
        sale.until_shown().await;
        assert_keyless(&left(&sale, &captured).await);
        let by = json!({ "merchantName": echo, "paidBy": { "assetTotals": [
            { "type": echo, "description": echo },
            { "type": "cash", "description": "Centrapay NZD" },
        ] } });
        control.script(ApiCall::Read, [Fault::edit(by).forever()]);
        paid(&mut sale).await;
        sale.close();
        let all = left(&sale, &captured).await;
        assert_keyless(&all);
        let means = |(place, text): &Trace| *place == "told" && text == "Centrapay NZD";
        assert!(all.iter().any(means), "other texts are lost");
        ends(sale, 0).await;
    }))
    .await;
}

#[tokio::test]
async fn f55_key_as_id_or_host_stays_secret() {
    let (captured, _guard) = CapturedLog::open(LevelFilter::TRACE);
    let as_id = json!({ "id": KEY, "url": format!("http://PAY/pay/{KEY}") });
    let as_host = json!({ "url": format!("https://{KEY}.evil.example/pay/{{id}}") });
    let as_scheme = json!({ "url": format!("{KEY}://pay") });
    for patch in [as_id, as_host, as_scheme] {
        let mut sale = begun("").await;
        let control = sale.control();
        let pay = sale.sandbox.address().to_string();
        let patch = patch.to_string().replace("PAY", &pay);
        let patch = serde_json::from_str(&patch).unwrap();
        control.script(ApiCall::Create, [Fault::edit(patch).forever()]);
        sale.until(|state| matches!(state, State::Ended(_))).await;
        sale.close();
        assert_keyless(&left(&sale, &captured).await);
        let code = sale.effects.exit_code().unwrap();
        ends(sale, code).await;
    }
}

#[tokio::test]
async fn f55_cancellation_never_repeats_the_key() {
    let (captured, _guard) = CapturedLog::open(LevelFilter::TRACE);
    join_all(echoes().map(async |echo| {
        let mut sale = Rehearsal::shown("").await;
        let control = sale.control();
        let condition = json!({ "merchantConditions": [
            { "id": echo, "name": echo, "message": echo, "status": "awaiting-patron" },
        ] });
        control.script(ApiCall::Read, [Fault::edit(condition).forever()]);
        sale.until(|state| matches!(state, State::Waiting(_))).await;
        assert_keyless(&left(&sale, &captured).await);

        let why = json!({ "cancellationReason": echo });
        control.script(ApiCall::Read, [Fault::edit(why).forever()]);
        let activity = json!({ "type": echo });
        control.script(ApiCall::Void, [Fault::edit(activity)]);
        sale.send(Command::Cancel);
        sale.until_ended("cancelled").await;
        sale.close();
        assert_keyless(&left(&sale, &captured).await);
        ends(sale, 21).await;
    }))
    .await;
}

#[tokio::test]
async fn f55_no_text_becomes_a_header() {
    const SMUGGLED: &str = "x\r\nX-Smuggled: 1\r\n\r\nGET /x HTTP/1.1";
    let platform = RecordingServer::start().await;
    let gate = Gate::open(platform.address);
    // The first page comes from the gate. The call for the second page must contain this page key.
    let page = json!({ "items": [{ "id": SMUGGLED }], "pageKey": SMUGGLED }).to_string();
    let answer = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{page}",
        page.len()
    );
    gate.script(ApiCall::ByExternalRef, [WireFault::bytes(answer)]);
    let found = client(gate.address).look_up(SMUGGLED, SMUGGLED).await;
    assert!(found.is_err(), "{found:?}");
    let _ = client(platform.address).look_up(SMUGGLED, SMUGGLED).await;
    let heard = platform.heard();
    assert_eq!(heard.len(), 2, "the second page, and a look-up: {heard:?}");
    for said in heard {
        assert!(said.contains("Smuggled"), "not in the URL: {said}");
        let mut lines = said.lines().skip(1);
        assert!(!lines.any(|line| line.contains("Smuggled")), "{said}");
        assert_eq!(said.matches("HTTP/1.1\r\n").count(), 1, "{said}");
    }
}

#[test]
fn f55_key_with_a_header_is_refused() {
    let config = client_config("http://127.0.0.1:9", "", Path::new("."));
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

const PROXY_VARIABLES: [&str; 6] = [
    "HTTP_PROXY",
    "http_proxy",
    "HTTPS_PROXY",
    "https_proxy",
    "ALL_PROXY",
    "all_proxy",
];

/// Runs the real program. Its environment has only the key and this proxy.
async fn run(proxy: &RecordingServer, home: &Path, arguments: &[&str]) -> Output {
    let proxy = format!("http://{}", proxy.address);
    let mut program = program(home);
    program
        .env("CENTRAPAY_API_KEY", KEY)
        .env("PATRON_DISPLAY_STATE_DIR", home.join("state"))
        .args(arguments);
    for variable in PROXY_VARIABLES {
        program.env(variable, &proxy);
    }

    spawn_blocking(move || program.output().unwrap())
        .await
        .unwrap()
}

/// Writes a configuration for the platform at `base_url`. Returns the file's path.
fn configuration(home: &TempDir, base_url: &str) -> String {
    let path = home.path().join("config.toml");
    let text = format!(
        "[api]\nbase-url = \"{base_url}\"\npay-hosts = [\"127.0.0.1\"]\n\
         tls-roots = \"bundled\"\n\
         [merchants.cafe]\nconfig-id = \"{CONFIG_ID}\"\nname = \"Café\"\n\
         liveness = \"test\"\n"
    );
    fs::write(&path, text).unwrap();

    path.to_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f18_settle_ignores_environment_proxies() {
    let proxy = RecordingServer::start().await;
    let sale = Rehearsal::shown("").await;
    let id = sale.latest();
    let (sandbox, data) = sale.leave();
    let home = tempfile::tempdir().unwrap();
    let config = configuration(&home, &sandbox.base_url());
    let data = data.path().to_str().unwrap().to_owned();
    let arguments = ["settle", "--config", &config, "--data-dir", &data];
    let settled = run(&proxy, home.path(), &arguments).await;
    assert_eq!(settled.status.code(), Some(21), "{settled:?}");
    let status = sandbox.control().request(&id).unwrap().status;
    assert_eq!(status, SandboxStatus::Cancelled);
    assert!(proxy.heard().is_empty(), "{:?}", proxy.heard());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f18_https_ignores_environment_proxies() {
    let proxy = RecordingServer::start().await;
    let platform = RecordingServer::start().await;
    let home = tempfile::tempdir().unwrap();
    let base_url = format!("https://127.0.0.1:{}", platform.address.port());
    let config = configuration(&home, &base_url);
    let data = home.path().join("data").to_str().unwrap().to_owned();
    let arguments = ["check", "--config", &config, "--data-dir", &data];
    let checked = run(&proxy, home.path(), &arguments).await;
    assert!(!platform.heard().is_empty(), "{checked:?}");
    assert!(proxy.heard().is_empty(), "{:?}", proxy.heard());
}
