//! Reads addresses: the platform, the proxy, the hosts that a QR code may point to, and where the local API listens.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use serde::de::Deserializer;
use url::{Host, Url};

use super::PayHost;
use super::value::{Checked, list, text_readers};
use super::wrong::KEY;

/// Pattern of an address with a host.
pub(super) const PATTERN: &str = r"^[Hh][Tt][Tt][Pp][Ss]?://[^/\\]";

/// Pattern of a loopback address with a port. It does not check the numbers.
pub(super) const LISTEN: &str = r"^(127\.[0-9.]+|\[[^\]]+\]):[0-9]+$";

text_readers! {
    base_url -> Url, "an address in quotes, such as \"https://service.centrapay.com\"", parse_base_url;
    proxy -> Option<Url>, "an address in quotes, such as \"http://proxy.example:3128\"", parse_proxy;
    listen -> Option<SocketAddr>, "an address and a port in quotes, such as \"127.0.0.1:8790\"", parse_listen;
}

/// Reads the address that calls are built on. Errors do not quote it, since it may hold a password.
fn parse_base_url(text: &str, _: &str) -> Checked<Url> {
    let whole =
        || format!("{KEY} must be a whole address, such as \"https://service.centrapay.com\"");
    let mut url = Url::parse(text)
        .ok()
        .filter(|_| has_host(text))
        .ok_or_else(whole)?;
    match (url.scheme(), url.host()) {
        ("https", Some(_)) => {}
        ("http", Some(host)) if is_loopback(&host) => {}
        ("http", _) => {
            return Err(format!(
                "{KEY} must begin with https://, since http is only for this machine, as in \"http://127.0.0.1:8787\""
            ));
        }
        _ => return Err(whole()),
    }
    if has_password(&url) {
        return Err(format!(
            "{KEY} must not hold a user name or password; the key has a file of its own"
        ));
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(format!("{KEY} must end before any ? or #"));
    }

    let path = url.path().trim_end_matches('/').to_owned();
    url.set_path(&path);

    Ok(url)
}

/// Whether a host follows the two slashes. If not, the URL parser would take the next part of the text for the
/// host.
fn has_host(text: &str) -> bool {
    text.split_once("://").is_some_and(|(scheme, rest)| {
        scheme.bytes().all(|byte| byte.is_ascii_alphabetic()) && !rest.starts_with(['/', '\\'])
    })
}

fn has_password(url: &Url) -> bool {
    !url.username().is_empty() || url.password().is_some()
}

fn is_loopback(host: &Host<&str>) -> bool {
    match host {
        Host::Domain(name) => *name == "localhost",
        Host::Ipv4(address) => address.is_loopback(),
        Host::Ipv6(address) => address.is_loopback(),
    }
}

fn parse_proxy(text: &str, expected: &str) -> Checked<Url> {
    let is_bare = |url: &Url| {
        matches!(url.scheme(), "http" | "https")
            && url.host().is_some()
            && matches!(url.path(), "" | "/")
            && url.query().is_none()
            && url.fragment().is_none()
    };
    let url = Url::parse(text)
        .ok()
        .filter(|url| has_host(text) && is_bare(url))
        .ok_or_else(|| format!("{KEY} must be {expected}"))?;
    if has_password(&url) {
        return Err(format!(
            "{KEY} must not hold a user name or password, since this file is not kept secret; let the proxy know this machine by its address"
        ));
    }

    Ok(url)
}

/// Reads the hosts that a code may point to.
pub(super) fn pay_hosts<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<PayHost>, D::Error> {
    let expected = "a list of hosts, such as [\"app.centrapay.com\"]";
    let element = "a list of hosts in quotes, such as [\"app.centrapay.com\"]";
    let is_empty = format!("is empty, so no code could be shown; write {expected}");

    list(from, [expected, element, &is_empty], false, |text, _| {
        parse_host(text).ok_or_else(|| {
            format!(
                "{text:?} is not a host; write it bare or with a port, such as \"app.centrapay.com\" or \"127.0.0.1:8787\""
            )
        })
    })
}

fn parse_host(text: &str) -> Option<PayHost> {
    const HTTPS: u16 = 443;
    // A wildcard would pass as a host name and then match nothing; `@` and the like would change which host is meant.
    let is_plain = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | ':' | '[' | ']');
    if !text.chars().all(is_plain) {
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
        // A parsed URL leaves out the default port, and the ports are compared.
        port: port.filter(|port| *port != HTTPS),
    })
}

/// Reads the address of the local API. Without TLS, only this machine may reach it.
fn parse_listen(text: &str, expected: &str) -> Checked<Option<SocketAddr>> {
    /// The port in the advice for an address without one.
    const EXAMPLE: u16 = 8790;
    if let Ok(address) = text.parse::<SocketAddr>() {
        if address.ip().is_loopback() {
            // Without the scope of an IPv6 address, which a loopback address does not need.
            return Ok(Some(SocketAddr::new(address.ip(), address.port())));
        }
        let right = SocketAddr::new(loopback(address.is_ipv6()), address.port());

        return Err(format!(
            "{KEY} must be an address of this machine alone, since without TLS anyone in the network could read the \
             tokens of the tills; write \"{right}\""
        ));
    }
    if let Ok(ip) = text.trim_matches(['[', ']']).parse::<IpAddr>() {
        let right = SocketAddr::new(loopback(ip.is_ipv6()), EXAMPLE);

        return Err(format!(
            "{KEY} has no port; write \"{right}\", or port 0 for any free port"
        ));
    }
    let port = text.rsplit_once(':').and_then(|(host, port)| {
        let port: u16 = port.parse().ok()?;

        host.eq_ignore_ascii_case("localhost").then_some(port)
    });
    if let Some(port) = port {
        return Err(format!(
            "{KEY} must be an address in numbers, since \"localhost\" can mean two; write \"127.0.0.1:{port}\" or \
             \"[::1]:{port}\""
        ));
    }

    Err(format!("{KEY} must be {expected}"))
}

fn loopback(is_ipv6: bool) -> IpAddr {
    match is_ipv6 {
        true => Ipv6Addr::LOCALHOST.into(),
        false => Ipv4Addr::LOCALHOST.into(),
    }
}
