//! Tests of the settings for the shop's network: roots, proxy, polls, the counters of one account, and the local
//! API.

use super::refusals::refused;
use super::*;

fn api(settings: &str) -> Api {
    read(&format!("[api]\n{settings}\n{LEAST}")).unwrap().api
}

#[test]
fn f19_tls_roots_are_read() {
    for (written, roots) in [
        ("system", TlsRoots::System),
        ("bundled", TlsRoots::Bundled),
        ("roots.pem", TlsRoots::File("/shop/roots.pem".into())),
        ("/etc/roots", TlsRoots::File("/etc/roots".into())),
    ] {
        let read = api(&format!("tls-roots = \"{written}\""));
        assert_eq!(read.tls_roots, roots, "{written}");
    }
}

#[test]
fn f19_misspelt_roots_are_no_file() {
    for word in ["bundeld", "none", "", "off"] {
        let sentence = refused(&format!("[api]\ntls-roots = \"{word}\"\n{LEAST}"));
        assert!(
            sentence.starts_with("2:13: \"tls-roots\" cannot be "),
            "{sentence}"
        );
        assert!(sentence.contains("\"bundled\""), "{sentence}");
    }
}

#[test]
fn f18_proxy_is_a_bare_address() {
    let proxy = api("proxy = \"http://proxy.example:3128\"").proxy;
    assert_eq!(proxy, Url::parse("http://proxy.example:3128").ok());
    for written in [
        "proxy.example:3128",
        "socks5://proxy.example",
        "http://",
        "http://proxy.example/path",
        "http://proxy.example?x",
        "",
    ] {
        let sentence = refused(&format!("[api]\nproxy = \"{written}\"\n{LEAST}"));
        assert!(
            sentence.starts_with("2:9: \"proxy\" must be an address"),
            "{sentence}"
        );
    }
}

#[test]
fn f55_proxy_password_is_not_quoted() {
    let sentence = refused(&format!(
        "[api]\nproxy = \"http://till:geheim@proxy.example\"\n{LEAST}"
    ));
    assert!(sentence.contains("user name or password"), "{sentence}");
    assert!(!sentence.contains("geheim"), "{sentence}");
}

#[test]
fn f51_counters_are_limited() {
    assert_eq!(api("").counters, 1);
    assert_eq!(api("counters = 4").counters, 4);
    assert_eq!(api("counters = 100").counters, 100);
    for (written, kind) in [
        ("0", "must be from 1 to 100"),
        ("101", "must be from 1 to 100"),
        ("-4", "must be from 1 to 100"),
        ("99999999999999999999", "must be from 1 to 100"),
        ("\"4\"", "must be a whole number"),
        ("1.5", "must be a whole number"),
    ] {
        let sentence = refused(&format!("[api]\ncounters = {written}\n{LEAST}"));
        assert!(
            sentence.starts_with(&format!("2:12: \"counters\" {kind}")),
            "{written}: {sentence}"
        );
    }
}

#[test]
fn poll_every_is_a_duration_within_limits() {
    let milliseconds = |settings| api(settings).poll_every.as_millis();
    assert_eq!(milliseconds(""), 1_000);
    assert_eq!(milliseconds("poll-every = \"500ms\""), 500);
    assert_eq!(milliseconds("poll-every = \"10s\"\ncounters = 25"), 10_000);
    for (written, sentence) in [
        (
            "\"499ms\"",
            "must be from \"500ms\" to \"10s\", such as \"1s\"",
        ),
        (
            "\"11s\"",
            "must be from \"500ms\" to \"10s\", such as \"1s\"",
        ),
        (
            "\"0.5s\"",
            "must be from \"500ms\" to \"10s\", such as \"1s\"",
        ),
        ("\"1\"", "must be from \"500ms\" to \"10s\", such as \"1s\""),
        (
            "1",
            "must be a time in quotes with its unit, such as \"1s\" or \"500ms\", not a number",
        ),
    ] {
        let refused = refused(&format!("[api]\npoll-every = {written}\n{LEAST}"));
        assert_eq!(refused, format!("2:14: \"poll-every\" {sentence}"));
    }
}

#[test]
fn f51_poll_every_fits_the_counters() {
    for (written, counters, remedy) in [
        ("500ms", 2, "write \"800ms\" or more, or remove the line"),
        ("799ms", 2, "write \"800ms\" or more, or remove the line"),
        ("1s", 4, "write \"1622ms\" or more, or remove the line"),
        ("2857ms", 7, "write \"2858ms\" or more, or remove the line"),
        ("9999ms", 25, "write \"10s\" or more, or remove the line"),
        (
            "10s",
            26,
            "remove the line, and each polls as often as it may",
        ),
    ] {
        let lines = format!("counters = {counters}\npoll-every = \"{written}\"");
        assert_eq!(
            refused(&format!("[api]\n{lines}\n{LEAST}")),
            format!(
                "3:14: \"poll-every\" is too short for {counters} counters, which share the calls of one account; {remedy}"
            )
        );
    }
    // Without a value of its own, poll-every is made longer.
    assert_eq!(api("counters = 26").poll_every, Duration::from_secs(1));
    for (written, counters) in [("800ms", 2), ("1622ms", 4), ("2858ms", 7), ("10s", 25)] {
        api(&format!(
            "counters = {counters}\npoll-every = \"{written}\""
        ));
    }
}

fn listen(written: &str) -> Option<SocketAddr> {
    let text = format!("[local-api]\nlisten = \"{written}\"\n{LEAST}");

    read(&text).unwrap().local_api.listen
}

#[test]
fn local_api_listens_on_loopback() {
    for (written, address) in [
        ("127.0.0.1:8790", "127.0.0.1:8790"),
        ("127.9.0.1:0", "127.9.0.1:0"),
        ("[::1]:8790", "[::1]:8790"),
        ("[0:0:0:0:0:0:0:1%2]:80", "[::1]:80"),
    ] {
        assert_eq!(listen(written), address.parse().ok(), "{written}");
    }
}

#[test]
fn local_api_is_for_this_machine_only() {
    const ALONE: &str = "must be an address of this machine alone, since without TLS anyone in the network could read the tokens of the tills";
    const WHOLE: &str = "must be an address and a port in quotes, such as \"127.0.0.1:8790\"";
    for (written, sentence) in [
        ("0.0.0.0:8790", format!("{ALONE}; write \"127.0.0.1:8790\"")),
        ("192.168.1.20:0", format!("{ALONE}; write \"127.0.0.1:0\"")),
        ("[::]:8790", format!("{ALONE}; write \"[::1]:8790\"")),
        // The system would listen on it for IPv4, but it is not an IPv6 loopback address.
        ("[::ffff:127.0.0.1]:1", format!("{ALONE}; write \"[::1]:1\"")),
        (
            "127.0.0.1",
            "has no port; write \"127.0.0.1:8790\", or port 0 for any free port".to_owned(),
        ),
        (
            "[::1]",
            "has no port; write \"[::1]:8790\", or port 0 for any free port".to_owned(),
        ),
        (
            "localhost:80",
            "must be an address in numbers, since \"localhost\" can mean two; write \"127.0.0.1:80\" or \"[::1]:80\"".to_owned(),
        ),
        ("till.example:8790", WHOLE.to_owned()),
        ("http://127.0.0.1:8790", WHOLE.to_owned()),
        ("127.0.0.1:65536", WHOLE.to_owned()),
        (":8790", WHOLE.to_owned()),
        ("", WHOLE.to_owned()),
    ] {
        let refused = refused(&format!("[local-api]\nlisten = \"{written}\"\n{LEAST}"));
        assert_eq!(refused, format!("2:10: \"listen\" {sentence}"), "{written}");
    }
}

#[test]
fn port_alone_is_no_address() {
    let sentence = refused(&format!("[local-api]\nlisten = 8790\n{LEAST}"));
    assert_eq!(
        sentence,
        "2:10: \"listen\" must be an address and a port in quotes, such as \"127.0.0.1:8790\", not a number"
    );
}
