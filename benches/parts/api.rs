//! Measures a call to the platform, from the request to the parsed answer, with a minimal server on loopback.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::thread;

use criterion::{Criterion, Throughput};
use patron_display::centrapay::Client;
use patron_display::config::Config;
use patron_display::config::key::Credential;
use patron_display::domain::payment::RequestId;
use secrecy::SecretString;
use serde_json::{Value, json};
use tokio::runtime::Builder;

const PAID: &str = include_str!("../../fuzz/seeds/answer/paid.json");

pub(crate) fn benches(criterion: &mut Criterion) {
    let runtime = Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    let id = RequestId::new("MhocUmpxxmgdHjr7DgKoKw").expect("an id");
    let mut group = criterion.benchmark_group("api");
    for (name, answer) in [
        ("a poll", PAID.to_owned()),
        ("a poll, 64 kB in the answer", large()),
    ] {
        group.throughput(Throughput::Bytes(answer.len() as u64));
        let client = client(serve(&answer));
        group.bench_function(name, |bencher| {
            bencher.iter(|| runtime.block_on(client.read(&id)).expect("a request"));
        });
    }
    group.finish();
}

/// Returns an answer with the line items of a large basket.
fn large() -> String {
    const BYTES: usize = 64 * 1024;
    let item = json!({
        "name": "Flat white", "sku": "FW", "qty": "2", "price": "1100", "tax": "15.00",
    });
    let items = BYTES / item.to_string().len();
    let mut answer: Value = serde_json::from_str(PAID).expect("an answer");
    answer["lineItems"] = Value::Array(vec![item; items]);

    answer.to_string()
}

fn client(server: SocketAddr) -> Client {
    let config = config(&format!("http://{server}"));
    let key = Credential::ApiKey(SecretString::from("a-key"));

    Client::new(&config.api, &key, config.terminal).expect("a client")
}

pub(crate) fn config(base_url: &str) -> Config {
    let text = format!(
        "[api]\nbase-url = \"{base_url}\"\npay-hosts = [\"app.centrapay.com\"]\n\
         api-key-file = \"none\"\n[merchants.cafe]\nconfig-id = \"5ee168e8597be5002af7b454\"\n\
         name = \"Café\"\n"
    );

    Config::from_str(&text, Path::new("bench.toml")).expect("a configuration")
}

/// Starts a server that gives every call the same answer. Connections stay open.
fn serve(body: &str) -> SocketAddr {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
    let address = listener.local_addr().expect("an address");
    let answer = format!(
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    // The thread runs until this process ends.
    thread::spawn(move || {
        for caller in listener.incoming().flatten() {
            let answer = answer.clone();
            thread::spawn(move || answer_each(caller, &answer));
        }
    });

    address
}

fn answer_each(mut caller: TcpStream, answer: &str) -> std::io::Result<()> {
    const END: &[u8] = b"\r\n\r\n";
    caller.set_nodelay(true)?;
    let (mut asked, mut more) = (Vec::new(), [0; 4096]);
    loop {
        let length = caller.read(&mut more)?;
        if length == 0 {
            return Ok(());
        }
        asked.extend_from_slice(&more[..length]);
        if asked.ends_with(END) {
            asked.clear();
            caller.write_all(answer.as_bytes())?;
        }
    }
}
