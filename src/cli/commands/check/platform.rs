//! Checks the connection to the platform step by step, so that the first failure is reported and not its consequences.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use tokio::net::{TcpStream, lookup_host};
use tokio::time::timeout;
use url::Url;

use super::report::Report;
use crate::centrapay::{Client, ConnectionCheck, clocks_disagree};
use crate::cli::failure::SYSTEM;
use crate::config::{Config, TlsRoots};
use crate::domain::payment::{Distrust, Failure, Unsent};
use crate::sale::{Ending, Rejection};

/// The longest wait for the name server, and for a connection.
const PATIENCE: Duration = Duration::from_secs(3);

/// Runs the checks. `clients`: a client without a key, and a client with the key.
pub(super) async fn check(
    config: &Config,
    clients: (Option<&Client>, Option<&Client>),
    report: &mut Report,
) {
    let (subject, first_stop) = match &config.api.proxy {
        Some(proxy) if config.api.base_url.scheme() == "https" => ("proxy", proxy),
        _ => ("platform", &config.api.base_url),
    };
    if !is_reached(subject, first_stop, report).await {
        return report.skipped("TLS", format_args!("the {subject} cannot be reached"));
    }
    let (keyless, client) = clients;
    let Some(caller) = client.or(keyless) else {
        return report.skipped("call", "there is no client");
    };
    let sent = Timestamp::now();
    let greeting = caller.check_connection().await;
    let has_tls = tls(config, &greeting, report);
    clock(&greeting, sent, report);
    let Some(client) = client else {
        return report.skipped("call", "there is no key");
    };
    if has_tls && call(&greeting, report) {
        look_ups(config, client, report).await;
    }
}

/// Resolves the host's name and connects to the host.
async fn is_reached(subject: &str, url: &Url, report: &mut Report) -> bool {
    let host = url.host_str().unwrap_or_default();
    let port = url.port_or_known_default().unwrap_or_default();
    // The look-up takes an IPv6 address without brackets.
    let name = host.trim_start_matches('[').trim_end_matches(']');
    let addresses: Vec<SocketAddr> = match timeout(PATIENCE, lookup_host((name, port))).await {
        Ok(Ok(addresses)) => addresses.collect(),
        _ => Vec::new(),
    };
    if addresses.is_empty() {
        return unsent(subject, host, Unsent::NoName, report);
    }
    let began = Instant::now();
    let mut why = Unsent::NoAnswer;
    for address in addresses {
        match timeout(PATIENCE, TcpStream::connect(address)).await {
            Ok(Ok(_)) => {
                let took = began.elapsed().as_millis();
                report.good(subject, format_args!("{host} at {address}, {took} ms"));

                return true;
            }
            Ok(Err(_)) => why = Unsent::Refused,
            Err(_) => {}
        }
    }

    unsent(subject, &format!("{host}:{port}"), why, report)
}

fn unsent(subject: &str, place: &str, why: Unsent, report: &mut Report) -> bool {
    let text = format!("{place}: {why}");
    report.failed(subject, exit_code(&Failure::NotSent(why)), text);

    false
}

/// Checks that the certificate is trusted.
fn tls(config: &Config, greeting: &ConnectionCheck, report: &mut Report) -> bool {
    if config.api.base_url.scheme() != "https" {
        report.note("TLS", "none: plain http to this machine, for tests");

        return true;
    }
    if let Err(failure @ Failure::NotSent(why)) = &greeting.answer {
        let subject = match why {
            Unsent::Distrusted(_) | Unsent::NoTls(_) => "TLS",
            _ => "platform",
        };
        let text = match (why, &config.api.tls_roots) {
            (Unsent::Distrusted(Distrust::UnknownIssuer), TlsRoots::File(path)) => format!(
                "{why}; only the roots in {} are trusted: check that they are the right ones",
                path.display()
            ),
            _ => why.to_string(),
        };
        report.failed(subject, exit_code(failure), text);

        return false;
    }
    let roots = match &config.api.tls_roots {
        TlsRoots::System => "by the roots of this system".to_owned(),
        TlsRoots::Bundled => "by the bundled roots".to_owned(),
        TlsRoots::File(path) => format!("by {}", path.display()),
    };
    report.good("TLS", format_args!("the certificate is trusted {roots}"));

    true
}

/// Compares the platform's clock with this machine's time at the middle of the call.
fn clock(greeting: &ConnectionCheck, sent: Timestamp, report: &mut Report) {
    let Some(date) = greeting.date else {
        return report.skipped("clock", "the platform's answer has no time");
    };
    let call = Timestamp::now().duration_since(sent);
    let ahead = (sent + call / 2).duration_since(date);
    let seconds = ahead.abs().as_secs();
    if !clocks_disagree(ahead) {
        return report.good("clock", format_args!("{seconds} s from the platform's"));
    }
    let direction = match ahead.is_positive() {
        true => "ahead",
        false => "behind",
    };
    report.failed(
        "clock",
        SYSTEM,
        format_args!(
            "this machine is {seconds} s {direction} of the platform; set its date and time, best with a time service"
        ),
    );
}

/// Checks that the platform accepts calls with this key.
fn call(greeting: &ConnectionCheck, report: &mut Report) -> bool {
    let Err(failure) = &greeting.answer else {
        report.good("call", "the platform knows this key");

        return true;
    };
    let advice = match failure {
        Failure::Throttled { .. } => {
            "; if this account has several counters, set their number: counters in [api]"
        }
        Failure::Unauthorised(_) => "; install a valid key with the role merchant terminal",
        Failure::Refused(refusal) if refusal.status == 404 => {
            "; either the address is wrong, or this key has no access: check base-url in [api], then the key's \
             account and role"
        }
        Failure::Refused(_) => "; the platform does not answer like this: check base-url in [api]",
        Failure::Ambiguous(_) => {
            "; the answer may come from another server: check the network and base-url"
        }
        Failure::NotSent(_) => "",
    };
    call_failed("call", failure, &format!("{failure}{advice}"), report);

    false
}

/// Checks, for each merchant with an account id, that lost creates can be looked up.
async fn look_ups(config: &Config, client: &Client, report: &mut Report) {
    for (key, merchant) in &config.merchants {
        let Some(account_id) = &merchant.account_id else {
            continue;
        };
        let Err(failure) = client.look_up("patron-display-check", account_id).await else {
            report.good(
                "look-up",
                format_args!("{key}: a lost create can be looked up"),
            );
            continue;
        };
        let advice = match failure {
            Failure::Throttled { .. } => "check again later",
            Failure::Refused(_) | Failure::Unauthorised(_) => {
                "correct its account-id, or remove it"
            }
            _ => "the account-id could not be checked",
        };
        let text = format!("{key}: {}; {advice}", explained(&failure));
        call_failed("look-up", &failure, &text, report);
    }
}

/// Reports a failed call. A reached rate limit proves nothing, so it is only a note.
fn call_failed(subject: &str, failure: &Failure, text: &str, report: &mut Report) {
    match failure {
        Failure::Throttled { .. } => report.note(subject, text),
        _ => report.failed(subject, exit_code(failure), text),
    }
}

/// Describes a failure, with its meaning if the platform publishes one.
pub(super) fn explained(failure: &Failure) -> String {
    match failure.meaning() {
        Some(meaning) => format!("{failure}: {meaning}"),
        None => failure.to_string(),
    }
}

/// Returns the exit code of a sale that ends with this failure.
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
