//! The platform repeats the key in an answer that a JSON library cannot read completely.

use std::fs;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::thread;

use crate::support::shop::{Shop, sentence};

const KEY: &str = "a-key-7Qm2xV-of-a-shop";
const ID: &str = "MhocUmpxxmgdHjr7DgKoKw";

/// Starts a platform with a paid request. Each answer has this JSON in a field that the program does not use.
fn saying(odd: &str) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let value = r#"{"amount":"1250","currency":"NZD"}"#;
    let request = format!(
        r#"{{"id":"{ID}","status":"paid","value":{value},"shortCode":"CP-C7F-ZS5","liveness":"test","configId":"5ee168e8597be5002af7b454","createdAt":"2026-08-17T04:04:27.426Z","merchantName":"Café {KEY}","odd":{odd}}}"#
    );
    let refund = format!(
        r#"{{"type":"refund","value":{value},"paymentRequestId":"{ID}","externalRef":"R1","shortCode":"CP-{KEY}","odd":{odd}}}"#
    );
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut head = [0; 4096];
            let read = stream.read(&mut head).unwrap_or_default();
            let body = match head[..read].starts_with(b"POST ") {
                true => &refund,
                false => &request,
            };
            let _ = write!(
                stream,
                "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
                body.len()
            );
        }
    });

    address
}

#[test]
fn f74_key_in_an_answer_is_not_told() {
    let deep = format!("{}1{}", "[".repeat(200), "]".repeat(200));
    for odd in ["1e999", "\"\\ud800\"", deep.as_str()] {
        let shop = Shop::open();
        let address = saying(odd);
        let configuration = shop
            .configuration()
            .replace(&shop.address().to_string(), &address.to_string());
        shop.write("config.toml", &configuration);
        shop.write("centrapay.key", KEY);
        let log = shop.path("log");
        let output = shop.run(&[
            "refund",
            ID,
            "--ref",
            "R1",
            "--json",
            "-vv",
            "--state-dir",
            log.to_str().unwrap(),
        ]);
        assert_eq!(output.status.code(), Some(0), "{output:?}");
        let told = String::from_utf8(output.stdout.clone()).unwrap();
        assert!(told.contains("\"started\""), "{told}");
        let mut all = vec![told.into_bytes(), sentence(&output).into_bytes()];
        for directory in [log, shop.path("data")] {
            for file in fs::read_dir(directory).unwrap() {
                all.push(fs::read(file.unwrap().path()).unwrap());
            }
        }
        for text in all {
            let text = String::from_utf8_lossy(&text).to_lowercase();
            assert!(!text.contains(&KEY.to_lowercase()), "{odd}: {text}");
        }
    }
}
