//! An answer of the platform, from the call that asks for it to plain data: over loopback, from a server
//! that does nothing else.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::thread;

use criterion::{Criterion, Throughput};
use patron_display::centrapay::Client;
use patron_display::config::Config;
use patron_display::config::key::Credential;
use patron_display::payment::RequestId;
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

/// The same with as many line items as a large basket has.
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
    let text = format!(
        "[api]\nbase-url = \"http://{server}\"\npay-hosts = [\"app.centrapay.com\"]\n\
         api-key-file = \"none\"\n[merchants.cafe]\nconfig-id = \"5ee168e8597be5002af7b454\"\n\
         name = \"Café\"\n"
    );
    let config = Config::from_str(&text, Path::new("bench.toml")).expect("a configuration");
    let key = Credential::ApiKey(SecretString::from("a-key"));

    Client::new(&config.api, &key, config.terminal).expect("a client")
}

/// Answers whatever is asked, on connections that stay open.
fn serve(body: &str) -> SocketAddr {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
    let address = listener.local_addr().expect("an address");
    let answer = format!(
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    // It ends with this process; what it holds then is a socket.
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
