//! An accepted configuration is safe. An error names the place of the mistake and reveals no secret.

use std::path::Path;
use std::time::Duration;

use toml::de::{DeTable, DeValue};
use url::{Host, Url};

use crate::config::{Api, Config, ConfigError, Display};
use crate::domain::merchant::Merchant;
use crate::domain::payment::PayHost;
use crate::properties::text::assert_steers_nothing;
use crate::sale::shortest_poll_interval;

const PATH: &str = "config.toml";

pub(crate) fn check(bytes: &[u8]) {
    accepted_config_is_safe(bytes);
    errors_name_their_place(bytes);
    errors_reveal_no_secret(bytes);
}

fn read(text: &str) -> Result<Config, ConfigError> {
    Config::from_str(text, Path::new(PATH))
}

/// Checks that an accepted configuration can be used for a sale.
pub(crate) fn accepted_config_is_safe(bytes: &[u8]) {
    let Ok(config) = read(&String::from_utf8_lossy(bytes)) else {
        return;
    };
    assert_has_merchants(&config);
    assert_api_is_safe(&config.api);
    config.api.pay_hosts.iter().for_each(assert_is_host);
    config.merchants.values().for_each(assert_merchant_is_valid);
    assert_display_is_valid(&config.display);
    // The local API has no TLS.
    let listen = config.local_api.listen;
    assert!(
        listen.is_none_or(|address| address.ip().is_loopback()),
        "{listen:?}"
    );
}

fn assert_has_merchants(config: &Config) {
    assert!(!config.merchants.is_empty());
    assert!(config.merchants.contains_key(&config.default_merchant));
    assert!(config.merchant(None).is_ok());
    for key in config.merchants.keys() {
        assert!(!key.as_str().is_empty());
        assert!(!key.as_str().contains(char::is_whitespace), "{key:?}");
    }
}

fn assert_api_is_safe(api: &Api) {
    let here = match api.base_url.host().expect("a host") {
        Host::Domain(name) => name == "localhost",
        Host::Ipv4(address) => address.octets()[0] == 127,
        Host::Ipv6(address) => address.is_loopback(),
    };
    match api.base_url.scheme() {
        "https" => {}
        "http" => assert!(here, "{}", api.base_url),
        _ => panic!("{}", api.base_url),
    }
    for url in [Some(&api.base_url), api.proxy.as_ref()]
        .into_iter()
        .flatten()
    {
        assert!(!url.authority().contains('@'), "{url}");
        assert!(!url.as_str().contains(['?', '#']), "{url}");
    }
    let path = api.base_url.path();
    assert!(path == "/" || !path.ends_with('/'), "{path:?}");

    assert!(!api.pay_hosts.is_empty());
    assert!((1..=1_000).contains(&api.counters));
    let fastest_alone = Duration::from_millis(500);
    assert!((fastest_alone..=Duration::from_secs(10)).contains(&api.poll_every));
    let usual = Duration::from_secs(1);
    assert!(api.poll_every == usual || api.poll_every >= shortest_poll_interval(api.counters));
    assert!(api.api_key_file.is_none() || api.authorization_file.is_none());
    assert!(api.account.is_none() || api.authorization_file.is_some());
}

/// Asserts that a pay URL that begins with this host is parsed as exactly this host.
fn assert_is_host(host: &PayHost) {
    let written = format!("https://{host}/pay/a");
    let url = Url::parse(&written).expect("a url");
    assert_eq!(url.as_str(), written);
    assert_eq!(url.host_str(), Some(host.host.as_str()));
    assert_eq!(url.port(), host.port);
    assert_eq!(url.path(), "/pay/a");
}

fn assert_merchant_is_valid(merchant: &Merchant) {
    let id = &merchant.config_id;
    assert!(!id.is_empty() && id.chars().all(|c| c.is_ascii_alphanumeric()));
    assert!(!merchant.name.trim().is_empty());
    assert!(!merchant.name.contains(char::is_control));
    assert!(merchant.currency.exponent().is_some());
    assert!((11..=86_400).contains(&merchant.expiry_seconds));
}

fn assert_display_is_valid(display: &Display) {
    const SPAN: std::ops::RangeInclusive<Duration> =
        Duration::from_millis(500)..=Duration::from_secs(86_400);
    assert!(SPAN.contains(&display.close_after));
    assert!(
        display
            .leave_after
            .is_none_or(|leave| SPAN.contains(&leave))
    );

    let mut languages = display.locale.clone();
    languages.sort_unstable();
    languages.dedup();
    assert!(!languages.is_empty());
    assert_eq!(languages.len(), display.locale.len());
    assert!((1..=3).contains(&display.apps.len()));
    for app in &display.apps {
        assert!(!app.trim().is_empty() && app.chars().count() <= 20);
        assert!(!app.contains(char::is_control));
    }
}

/// Checks that an error is one line, and that the place it names is in the file.
pub(crate) fn errors_name_their_place(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let Err(error) = read(&text) else {
        return;
    };
    let ConfigError::Invalid {
        line,
        column,
        message,
        ..
    } = &error
    else {
        panic!("{error:?}: the file was read");
    };
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let place = line
        .checked_sub(1)
        .and_then(|line| text.split('\n').nth(line));
    let longest = place.map(|place| place.chars().count() + 1);
    assert!(
        longest.is_some_and(|longest| (1..=longest).contains(column)),
        "{error}"
    );

    assert!(!message.trim().is_empty());
    assert_steers_nothing(&error.to_string());
    assert_eq!(
        error.to_string(),
        format!("{PATH}:{line}:{column}: {message}")
    );
}

/// Checks that an error does not repeat an API key that was written in the wrong place.
pub(crate) fn errors_reveal_no_secret(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let Err(error) = read(&text) else {
        return;
    };
    let error = error.to_string();
    for secret in secrets(&text) {
        assert!(!error.contains(&secret), "{secret:?} is in {error:?}");
    }
}

/// Returns texts that may be API keys: long words of letters and digits in the values of `[api]`, or anywhere in
/// invalid TOML. A word that occurs twice is left out: an error may quote its other, harmless occurrence.
fn secrets(text: &str) -> Vec<String> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut secrets = match DeTable::parse(text) {
        Ok(root) => keys_in_api(root.get_ref()),
        Err(_) => keys_in(text),
    };
    secrets.retain(|secret| text.matches(secret.as_str()).count() == 1);

    secrets
}

/// The keys of `[api]` whose values are not secret: hosts, TLS roots and counters.
fn keys_in_api(root: &DeTable<'_>) -> Vec<String> {
    const NOT_SECRET: [&str; 3] = ["pay-hosts", "tls-roots", "counters"];
    let Some(DeValue::Table(api)) = root.get("api").map(|api| api.get_ref()) else {
        return Vec::new();
    };

    api.iter()
        .filter(|(name, _)| !NOT_SECRET.contains(&name.get_ref().as_ref()))
        .filter_map(|(_, value)| value.get_ref().as_str())
        .flat_map(keys_in)
        .collect()
}

/// Returns words that look like API keys, except those in the program's own examples.
fn keys_in(text: &str) -> Vec<String> {
    const SHORTEST: usize = 16;
    const EXAMPLES: [&str; 2] = ["5ee168e8597be5002af7b454", "C4QnjXvj8At6SMsEN4LRi9"];

    text.split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| word.len() >= SHORTEST)
        .filter(|word| !EXAMPLES.iter().any(|example| example.contains(word)))
        .filter(|word| word.contains(|c: char| c.is_ascii_digit()))
        .filter(|word| word.contains(|c: char| c.is_ascii_alphabetic()))
        .map(str::to_owned)
        .collect()
}
