//! Single values: what each may be, and what is said of one that may not.

use std::ops::RangeInclusive;
use std::path::PathBuf;
use std::time::Duration;

use url::{Host, Url};

use super::document::Item;
use super::keys::{either, hint};
use super::{ConfigError, PayHost, TlsRoots};
use crate::letters;
use crate::money::{Currency, currency_from_code};

/// Text for people or for the platform's records: something in it that can be seen, nothing that cannot, on one line.
/// Unusual spaces become usual ones.
pub(super) fn words(item: &Item<'_>, expected: &str) -> Result<String, ConfigError> {
    let text = item.text(expected)?;
    if text.trim().is_empty() {
        return Err(item.wrong(format!("{:?} is empty; write {expected}", item.key)));
    }
    if text.contains(char::is_control) {
        return Err(item.wrong(format!(
            "{:?} has a line break or another invisible character in it; write it in one line",
            item.key
        )));
    }
    let is_space = |c: char| c.is_whitespace() && !letters::is_hidden(c);
    if let Some(hidden) = text.chars().find(|c| letters::is_hidden(*c)) {
        return Err(item.wrong(format!(
            "{:?} has a character in it that nobody can see ({}); write the text anew, in one line",
            item.key,
            letters::named(hidden)
        )));
    }
    if letters::is_blank(text) {
        return Err(item.wrong(format!(
            "{:?} has nothing in it that can be seen; write {expected}",
            item.key
        )));
    }
    if letters::has_towers(text) {
        return Err(item.wrong(format!(
            "{:?} has a letter with more than {} marks on it, which would run over other words; write it without them",
            item.key,
            letters::MOST_MARKS
        )));
    }
    let text: String = text
        .chars()
        .map(|c| if is_space(c) { ' ' } else { c })
        .collect();

    Ok(text.trim().to_owned())
}

/// The first character that a word of plain letters cannot have, for people who do not see it.
fn odd_one(text: &str) -> String {
    text.chars()
        .find(|c| !c.is_ascii_graphic() && *c != ' ')
        .map(|odd| format!(" (it has {} in it)", letters::named(odd)))
        .unwrap_or_default()
}

/// An id that travels in headers and addresses, so it must be plain ASCII without spaces.
pub(super) fn identifier(item: &Item<'_>) -> Result<String, ConfigError> {
    let text = item.text("an id in quotes, such as \"C4QnjXvj8At6SMsEN4LRi9\"")?;
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(item.wrong(format!(
            "{:?} must be one word of plain letters and digits{}; copy the id as the platform shows it",
            item.key,
            odd_one(text)
        )));
    }

    Ok(text.to_owned())
}

/// A merchant config id. The platform takes it with and without its prefix; here it is always without.
pub(super) fn config_id(item: &Item<'_>) -> Result<String, ConfigError> {
    let text = item.text("text in quotes, such as \"5ee168e8597be5002af7b454\"")?;
    let id = text.strip_prefix("mc_").unwrap_or(text);
    if id.is_empty() || !id.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return Err(item.wrong(format!(
            "\"config-id\" consists of letters and digits only{}; copy it as the platform shows it, such as \"5ee168e8597be5002af7b454\"",
            odd_one(id)
        )));
    }

    Ok(id.to_owned())
}

/// An ISO 4217 currency.
pub(super) fn currency(item: &Item<'_>) -> Result<Currency, ConfigError> {
    let code = item.text("a currency code in quotes, such as \"NZD\"")?;

    currency_from_code(code).map_err(|error| item.wrong(error.to_string()))
}

/// One of a few words.
pub(super) fn choice<T: Copy>(item: &Item<'_>, choices: &[(&str, T)]) -> Result<T, ConfigError> {
    let words = || choices.iter().map(|(word, _)| *word);
    let text = item.text(&either(words()))?;

    choices
        .iter()
        .find_map(|(word, value)| (*word == text).then_some(*value))
        .ok_or_else(|| {
            item.wrong(format!(
                "{:?} cannot be {text:?}; {}",
                item.key,
                hint(text, words())
            ))
        })
}

/// The lives that a payment request may have, in seconds. A code with less than ten left is never shown, and the way to
/// the screen takes time too.
pub(super) const EXPIRY: RangeInclusive<u32> = 11..=86_400;

/// The life of a payment request.
pub(super) fn expiry_seconds(item: &Item<'_>) -> Result<u32, ConfigError> {
    let seconds = item.integer("a whole number of seconds without quotes, such as 120")?;

    seconds
        .and_then(|seconds| u32::try_from(seconds).ok())
        .filter(|seconds| EXPIRY.contains(seconds))
        .ok_or_else(|| {
            item.wrong(format!(
                "{:?} must be from {} to {} seconds; 120 is usual",
                item.key,
                EXPIRY.start(),
                EXPIRY.end()
            ))
        })
}

/// A time such as `8s`, `500ms` or `2m`; from half a second, in which nothing can be read, to a day.
pub(super) fn duration(item: &Item<'_>) -> Result<Duration, ConfigError> {
    const SHORTEST: Duration = Duration::from_millis(500);
    const LONGEST: Duration = Duration::from_secs(86_400);
    let text = item.text("a time in quotes with its unit, such as \"8s\", \"500ms\" or \"2m\"")?;
    let duration = parse_duration(text).ok_or_else(|| {
        item.wrong(format!(
            "{:?} must be a whole number with the unit ms, s, m, h or d, such as \"8s\", \"500ms\" or \"2m\"",
            item.key
        ))
    })?;
    if !(SHORTEST..=LONGEST).contains(&duration) {
        return Err(item.wrong(format!("{:?} must be from \"500ms\" to \"24h\"", item.key)));
    }

    Ok(duration)
}

/// A time such as `30d` or `48h`. A payment may come in late for a day, so a reference stands for a day at least.
pub(super) fn reference_lifetime(item: &Item<'_>) -> Result<Duration, ConfigError> {
    const SHORTEST: Duration = Duration::from_secs(24 * 60 * 60);
    const LONGEST: Duration = Duration::from_secs(3660 * 24 * 60 * 60);
    let text = item.text("a time in quotes with its unit, such as \"30d\" or \"48h\"")?;

    parse_duration(text)
        .filter(|duration| (SHORTEST..=LONGEST).contains(duration))
        .ok_or_else(|| {
            item.wrong(format!(
                "{:?} must be from \"1d\" to \"3660d\", such as \"30d\" or \"48h\"",
                item.key
            ))
        })
}

fn parse_duration(text: &str) -> Option<Duration> {
    let unit_at = text.find(|c: char| !c.is_ascii_digit())?;
    let (number, unit) = text.split_at(unit_at);
    let number: u64 = number.parse().ok()?;
    let milliseconds = match unit.trim_start() {
        "ms" => 1,
        "s" => 1_000,
        "m" => 60_000,
        "h" => 3_600_000,
        "d" => 86_400_000,
        _ => return None,
    };

    number.checked_mul(milliseconds).map(Duration::from_millis)
}

/// A file, relative to the directory of the configuration file. Whether it exists is seen when it is used.
pub(super) fn path(item: &Item<'_>) -> Result<PathBuf, ConfigError> {
    let text = item.text("the path of a file in quotes, such as \"centrapay.key\"")?;
    if text.trim().is_empty() {
        return Err(item.wrong(format!(
            "{:?} is empty; write the path of a file, or remove the line",
            item.key
        )));
    }
    if text.starts_with('~') {
        return Err(item.wrong(format!(
            "{:?} cannot begin with ~, which only a shell understands; write the whole path",
            item.key
        )));
    }
    let directory = item.path().parent();

    Ok(directory.map_or_else(|| PathBuf::from(text), |directory| directory.join(text)))
}

/// Where the platform is.
pub(super) fn base_url(item: &Item<'_>) -> Result<Url, ConfigError> {
    let text = item.text("an address in quotes, such as \"https://service.centrapay.com\"")?;

    http_url(text).map_err(|message| item.wrong(format!("{:?} {message}", item.key)))
}

/// An address that calls can be built on. The error completes a sentence that begins with the key; it does not repeat
/// the address, which may hold a password.
pub(super) fn http_url(text: &str) -> Result<Url, &'static str> {
    const WHOLE: &str = "must be a whole address, such as \"https://service.centrapay.com\"";
    let mut url = Url::parse(text).map_err(|_| WHOLE)?;
    if !is_written_out(text) {
        return Err(WHOLE);
    }
    match (url.scheme(), url.host()) {
        ("https", Some(_)) => {}
        ("http", Some(host)) if is_loopback(&host) => {}
        ("http", _) => {
            return Err(
                "must begin with https://, since http is only for this machine, as in \"http://127.0.0.1:8787\"",
            );
        }
        _ => return Err(WHOLE),
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("must not hold a user name or password; the key has a file of its own");
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err("must end before any ? or #");
    }

    let path = url.path().trim_end_matches('/').to_owned();
    url.set_path(&path);

    Ok(url)
}

/// Whether the host follows the two slashes. Without them the parser takes what comes next for one.
fn is_written_out(text: &str) -> bool {
    text.split_once("://").is_some_and(|(scheme, rest)| {
        scheme.bytes().all(|byte| byte.is_ascii_alphabetic()) && !rest.starts_with(['/', '\\'])
    })
}

fn is_loopback(host: &Host<&str>) -> bool {
    match host {
        Host::Domain(name) => *name == "localhost",
        Host::Ipv4(address) => address.is_loopback(),
        Host::Ipv6(address) => address.is_loopback(),
    }
}

/// Where root certificates come from. Whether a file has any is seen when it is used.
pub(super) fn tls_roots(item: &Item<'_>) -> Result<TlsRoots, ConfigError> {
    let text = item.text("\"system\", \"bundled\", or the path of a PEM file in quotes")?;

    match text {
        "system" => Ok(TlsRoots::System),
        "bundled" => Ok(TlsRoots::Bundled),
        // A path without a folder or an ending is more likely one of the words, misspelt.
        word if !word.contains(['.', '/', '\\']) => Err(item.wrong(format!(
            "{:?} cannot be {word:?}; write \"system\", \"bundled\", or the path of a PEM file, such as \"shop-roots.pem\"",
            item.key
        ))),
        _ => path(item).map(TlsRoots::File),
    }
}

/// A proxy of the shop's network.
pub(super) fn proxy(item: &Item<'_>) -> Result<Url, ConfigError> {
    const WHOLE: &str = "an address in quotes, such as \"http://proxy.example:3128\"";
    let text = item.text(WHOLE)?;
    let bare = |url: &Url| {
        matches!(url.scheme(), "http" | "https")
            && url.host().is_some()
            && matches!(url.path(), "" | "/")
            && url.query().is_none()
            && url.fragment().is_none()
    };
    let url = Url::parse(text)
        .ok()
        .filter(|url| is_written_out(text) && bare(url))
        .ok_or_else(|| item.wrong(format!("{:?} must be {WHOLE}", item.key)))?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err(item.wrong(format!(
            "{:?} must not hold a user name or password, since this file is not kept secret; let the proxy know this machine by its address",
            item.key
        )));
    }

    Ok(url)
}

/// So many counters ask once a minute each; a request is usually payable for two.
pub(super) const MOST_COUNTERS: u32 = 100;

/// How many counters share one account's calls.
pub(super) fn counters(item: &Item<'_>) -> Result<u32, ConfigError> {
    let counters = item.integer("a whole number without quotes, such as 4")?;

    counters
        .and_then(|counters| u32::try_from(counters).ok())
        .filter(|counters| (1..=MOST_COUNTERS).contains(counters))
        .ok_or_else(|| {
            item.wrong(format!(
                "{:?} must be from 1 to {MOST_COUNTERS}: the counters that use this key's account, this one included",
                item.key
            ))
        })
}

/// The hosts that a code may point to.
pub(super) fn pay_hosts(item: &Item<'_>) -> Result<Vec<PayHost>, ConfigError> {
    const LIST: &str = "a list of hosts, such as [\"app.centrapay.com\"]";
    let Some(items) = item.list() else {
        return Err(item.expected(LIST));
    };
    if items.is_empty() {
        return Err(item.wrong(format!(
            "{:?} is empty, so no code could be shown; write {LIST}",
            item.key
        )));
    }

    items.iter().map(pay_host).collect()
}

fn pay_host(item: &Item<'_>) -> Result<PayHost, ConfigError> {
    let text = item.text("a list of hosts in quotes, such as [\"app.centrapay.com\"]")?;

    parse_host(text).ok_or_else(|| {
        item.wrong(format!(
            "{text:?} is not a host; write it bare or with a port, such as \"app.centrapay.com\" or \"127.0.0.1:8787\""
        ))
    })
}

fn parse_host(text: &str) -> Option<PayHost> {
    const HTTPS: u16 = 443;
    // A wildcard would pass as a host name and then match nothing; `@` and the like would change which host is meant.
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | ':' | '[' | ']');
    if !text.chars().all(plain) {
        return None;
    }

    let (host, port) = match text.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, Some(port.parse().ok()?)),
        _ => (text, None),
    };
    if port == Some(0) {
        return None;
    }

    Some(PayHost {
        host: Host::parse(host).ok()?.to_string(),
        // A parsed URL does not have the default port either, and the two are compared.
        port: port.filter(|port| *port != HTTPS),
    })
}

/// Whether something is wanted.
pub(super) fn yes_or_no(item: &Item<'_>) -> Result<bool, ConfigError> {
    item.truth()
        .ok_or_else(|| item.expected("true or false, without quotes"))
}
