//! The way to the platform, step by step, so that the first thing that is wrong is named and not
//! what follows from it.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use tokio::net::{TcpStream, lookup_host};
use tokio::time::timeout;
use url::Url;

use super::report::Report;
use crate::centrapay::{Client, Greeting, are_apart};
use crate::config::{Config, TlsRoots};
use crate::payment::{Distrust, Failure, Unsent};
use crate::sale::{Ending, Rejection};

/// No name server and no server takes longer, if there is one.
const PATIENCE: Duration = Duration::from_secs(3);
/// Something is wrong with this machine, by sysexits.
const SYSTEM: u8 = 71;

/// `callers`: without a key, and with it; as far as there is one.
pub(super) async fn check(
    config: &Config,
    callers: (Option<&Client>, Option<&Client>),
    report: &mut Report,
) {
    let (subject, first_stop) = match &config.api.proxy {
        Some(proxy) if config.api.base_url.scheme() == "https" => ("proxy", proxy),
        _ => ("platform", &config.api.base_url),
    };
    if !is_reached(subject, first_stop, report).await {
        return report.skipped("TLS", &format!("the {subject} is not reached"));
    }
    let (stranger, client) = callers;
    let Some(caller) = client.or(stranger) else {
        return report.skipped("call", "there is nothing to call with");
    };
    let sent = Timestamp::now();
    let greeting = caller.greet().await;
    let is_spoken_to = tls(config, &greeting, report);
    clock(&greeting, sent, report);
    let Some(client) = client else {
        return report.skipped("call", "there is no key to call with");
    };
    if is_spoken_to && call(&greeting, report) {
        look_ups(config, client, report).await;
    }
}

/// Whether the name is found and somebody listens there.
async fn is_reached(subject: &str, url: &Url, report: &mut Report) -> bool {
    let host = url.host_str().unwrap_or_default();
    let port = url.port_or_known_default().unwrap_or_default();
    // An address in brackets is not looked up as it stands.
    let name = host.trim_start_matches('[').trim_end_matches(']');
    let addresses: Vec<SocketAddr> = match timeout(PATIENCE, lookup_host((name, port))).await {
        Ok(Ok(addresses)) => addresses.collect(),
        _ => Vec::new(),
    };
    if addresses.is_empty() {
        return unsent(subject, host, Unsent::NoName, report);
    }
    let began = Instant::now();
    let mut refused = false;
    for address in addresses {
        match timeout(PATIENCE, TcpStream::connect(address)).await {
            Ok(Ok(_)) => {
                let took = began.elapsed().as_millis();
                report.good(subject, &format!("{host} at {address}, {took} ms"));

                return true;
            }
            Ok(Err(_)) => refused = true,
            Err(_) => {}
        }
    }
    let why = if refused {
        Unsent::Refused
    } else {
        Unsent::NoAnswer
    };

    unsent(subject, &format!("{host}:{port}"), why, report)
}

fn unsent(subject: &str, place: &str, why: Unsent, report: &mut Report) -> bool {
    let says = format!("{place}: {why}");
    report.failed(subject, exit_code(&Failure::NotSent(why)), &says);

    false
}

/// Whether whoever answers is believed.
fn tls(config: &Config, greeting: &Greeting, report: &mut Report) -> bool {
    if config.api.base_url.scheme() != "https" {
        report.note("TLS", "none: plain http to this machine, for rehearsals");

        return true;
    }
    if let Err(failure @ Failure::NotSent(why)) = &greeting.answer {
        let subject = match why {
            Unsent::Distrusted(_) | Unsent::NoTls(_) => "TLS",
            _ => "platform",
        };
        let says = match (why, &config.api.tls_roots) {
            (Unsent::Distrusted(Distrust::UnknownIssuer), TlsRoots::File(path)) => format!(
                "{why}; only the roots in {} are believed: see whether they are the right ones",
                path.display()
            ),
            _ => why.to_string(),
        };
        report.failed(subject, exit_code(failure), &says);

        return false;
    }
    let roots = match &config.api.tls_roots {
        TlsRoots::System => "by the roots of this system".to_owned(),
        TlsRoots::Bundled => "by the bundled roots".to_owned(),
        TlsRoots::File(path) => format!("by {}", path.display()),
    };
    report.good("TLS", &format!("the certificate is believed {roots}"));

    true
}

/// The platform's clock in its answer, beside the one here in the middle of the call.
fn clock(greeting: &Greeting, sent: Timestamp, report: &mut Report) {
    let Some(date) = greeting.date else {
        return report.skipped("clock", "the platform did not say what time it is");
    };
    let call = Timestamp::now().duration_since(sent);
    let ahead = (sent + call / 2).duration_since(date);
    let seconds = ahead.abs().as_secs();
    if !are_apart(ahead) {
        report.good("clock", &format!("{seconds} s from the platform's"));
    } else {
        let direction = if ahead.is_positive() {
            "ahead"
        } else {
            "behind"
        };
        report.failed(
            "clock",
            SYSTEM,
            &format!(
                "this machine is {seconds} s {direction} of the platform; set its date and time, \
                 best by a time service"
            ),
        );
    }
}

/// Whether the platform takes calls with this key.
fn call(greeting: &Greeting, report: &mut Report) -> bool {
    match &greeting.answer {
        Ok(()) => report.good("call", "the platform knows this key"),
        Err(failure @ Failure::Throttled { .. }) => report.note(
            "call",
            &format!(
                "{failure}; if this account has several counters, write how many: counters in [api]"
            ),
        ),
        Err(failure @ Failure::Unauthorised(_)) => report.failed(
            "call",
            exit_code(failure),
            &format!("{failure}; put a valid key with the role merchant terminal in place"),
        ),
        Err(failure @ Failure::Refused(refusal)) if refusal.status == 404 => report.failed(
            "call",
            exit_code(failure),
            &format!(
                "{failure}; either the address is wrong, or this key has no access: check base-url in \
                 [api], then the key's account and role"
            ),
        ),
        Err(failure @ Failure::Refused(_)) => report.failed(
            "call",
            exit_code(failure),
            &format!("{failure}; that is not how the platform answers: check base-url in [api]"),
        ),
        // It says itself what to check.
        Err(failure @ Failure::NotSent(_)) => {
            report.failed("call", exit_code(failure), &failure.to_string());
        }
        Err(failure @ Failure::Ambiguous(_)) => report.failed(
            "call",
            exit_code(failure),
            &format!(
                "{failure}; what answers may not be the platform: check the network and base-url"
            ),
        ),
    }

    greeting.answer.is_ok()
}

/// Whether lost creates can be looked up, for each merchant that names its account.
async fn look_ups(config: &Config, client: &Client, report: &mut Report) {
    for (key, merchant) in &config.merchants {
        let Some(account_id) = &merchant.account_id else {
            continue;
        };
        match client.look_up("patron-display-check", account_id).await {
            Ok(_) => report.good("look-up", &format!("{key}: a lost create can be looked up")),
            Err(failure @ Failure::Throttled { .. }) => {
                report.note("look-up", &format!("{key}: {failure}; check again later"));
            }
            Err(failure @ (Failure::Refused(_) | Failure::Unauthorised(_))) => report.failed(
                "look-up",
                exit_code(&failure),
                &format!(
                    "{key}: {}; correct its account-id, or remove it",
                    explained(&failure)
                ),
            ),
            Err(failure) => report.failed(
                "look-up",
                exit_code(&failure),
                &format!("{key}: {failure}; whether its account-id is right is not known yet"),
            ),
        }
    }
}

/// A failure with what it means, where the platform has published that.
pub(super) fn explained(failure: &Failure) -> String {
    match failure.meaning() {
        Some(meaning) => format!("{failure}: {meaning}"),
        None => failure.to_string(),
    }
}

/// The exit code of a sale that ends by this failure.
pub(super) fn exit_code(failure: &Failure) -> u8 {
    match failure {
        Failure::Unauthorised(refusal) => {
            Ending::Rejected(Rejection::Key(refusal.clone())).exit_code()
        }
        Failure::Refused(refusal) => {
            Ending::Rejected(Rejection::Platform(refusal.clone())).exit_code()
        }
        other => Ending::Unreachable(other.clone()).exit_code(),
    }
}
