//! The settings for the shop's network: roots, proxy and the counters on one account.

use super::refusals::refused;
use super::*;

fn api(settings: &str) -> Api {
    read(&format!("[api]\n{settings}\n{LEAST}")).unwrap().api
}

#[test]
fn f19_roots_are_the_systems_the_bundled_ones_or_a_file_beside_the_configuration() {
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
fn f19_a_misspelt_word_for_roots_is_not_taken_for_a_file() {
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
fn f18_a_proxy_is_an_address_and_nothing_more() {
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
fn f55_a_password_for_a_proxy_is_refused_and_not_repeated() {
    let sentence = refused(&format!(
        "[api]\nproxy = \"http://till:geheim@proxy.example\"\n{LEAST}"
    ));
    assert!(sentence.contains("user name or password"), "{sentence}");
    assert!(!sentence.contains("geheim"), "{sentence}");
}

#[test]
fn f51_counters_are_a_number_from_one_to_a_hundred() {
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
