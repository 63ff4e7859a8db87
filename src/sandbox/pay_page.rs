//! The page behind a pay URL, which a phone opens after a scan.

use std::fmt::Write;
use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::{HeaderName, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{get, post};
use jiff::Timestamp;

use super::control::{Control, Snapshot};
use super::money;
use super::refusal::SandboxRefusal;
use super::request::SandboxStatus;
use super::state::SandboxState;

const STYLE: &str = include_str!("pay_page.css");
const HEADERS: [(HeaderName, &str); 2] = [
    (header::CACHE_CONTROL, "no-store"),
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'",
    ),
];

pub(super) fn router() -> Router<Arc<SandboxState>> {
    Router::new()
        .route("/pay/{id}", get(show))
        .route("/pay/{id}/pay", post(pay))
        .route("/pay/{id}/decline", post(decline))
}

async fn show(State(shared): State<Arc<SandboxState>>, Path(id): Path<String>) -> Response {
    let mut store = shared.store();

    match store.request(&id, Timestamp::now()) {
        Ok(request) => {
            let snapshot = Snapshot::new(request, &shared.public_base);
            (
                HEADERS,
                Html(page(&snapshot, &shared.options.merchant_name)),
            )
                .into_response()
        }
        Err(_) => (StatusCode::NOT_FOUND, HEADERS, Html(unknown_page())).into_response(),
    }
}

async fn pay(State(shared): State<Arc<SandboxState>>, Path(id): Path<String>) -> Response {
    let paid = Control::new(shared).pay(&id);
    back_to_page(&id, paid)
}

async fn decline(State(shared): State<Arc<SandboxState>>, Path(id): Path<String>) -> Response {
    let declined = Control::new(shared).decline(&id);
    back_to_page(&id, declined)
}

/// Redirects a phone to the page if it opens the address of the `pay` call, which the older QR form has.
pub(super) async fn open(Path(id): Path<String>) -> Response {
    to_page("../../../pay/", &id)
}

/// Redirects to the page also after a refusal, because the page shows the request's status.
fn back_to_page(id: &str, outcome: Result<(), SandboxRefusal>) -> Response {
    if let Err(refusal) = outcome {
        tracing::info!(id, %refusal, "the pay page's call was refused");
    }

    to_page("../", id)
}

/// Redirects to the page by a relative location, because a phone may use another base URL.
fn to_page(way: &str, id: &str) -> Response {
    // Only a valid id may go into a header.
    if id.is_empty() || !id.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return (StatusCode::NOT_FOUND, HEADERS, Html(unknown_page())).into_response();
    }

    let location = [(header::LOCATION, format!("{way}{id}"))];
    (StatusCode::SEE_OTHER, location).into_response()
}

fn page(request: &Snapshot, merchant: &str) -> String {
    let amount = money::for_people(request.amount, &request.currency);
    let (class, body) = match request.status {
        SandboxStatus::New => ("new", to_pay(request)),
        SandboxStatus::Paid => ("paid", paid(request)),
        SandboxStatus::Expired => {
            let text = "The time to pay ran out. You were not charged.";
            ("expired", ended("–", "Expired", text))
        }
        SandboxStatus::Cancelled => ("cancelled", cancelled(request)),
    };
    let facts = format!(
        "<h1>{}</h1>\n<p class=\"amount\">{}</p>\n<p class=\"code\">{}</p>\n",
        escape(merchant),
        escape(&amount),
        escape(&request.short_code),
    );

    document(
        request.status == SandboxStatus::New,
        &format!("<main class=\"{class}\">\n{facts}{body}</main>"),
    )
}

fn to_pay(request: &Snapshot) -> String {
    let id = escape(&request.id);
    let pay = match &request.open_condition {
        Some(_) => "<p>The shop is checking something. Please wait.</p>\n".to_owned(),
        None => button(&id, "pay", "Pay"),
    };

    pay + &button(&id, "decline", "Decline")
}

fn button(id: &str, verb: &str, label: &str) -> String {
    format!(
        "<form method=\"post\" action=\"{id}/{verb}\">\
         <button class=\"{verb}\">{label}</button></form>\n"
    )
}

fn paid(request: &Snapshot) -> String {
    let people = |amount| money::for_people(amount, &request.currency);
    let text = if request.refunded == 0 {
        format!("You paid {}.", people(request.captured))
    } else {
        format!(
            "You paid {}; {} of it went back to you.",
            people(request.captured),
            people(request.refunded)
        )
    };

    ended("✓", "Paid", &text)
}

fn cancelled(request: &Snapshot) -> String {
    let reason = request
        .cancellation_reason
        .map_or("", |reason| reason.sentence());

    ended("✕", "Cancelled", &format!("{reason} You were not charged."))
}

fn ended(mark: &str, title: &str, text: &str) -> String {
    format!(
        "<div class=\"mark\" aria-hidden=\"true\">{mark}</div>\n\
         <p class=\"outcome\">{title}</p>\n<p>{}</p>\n",
        escape(text)
    )
}

fn unknown_page() -> String {
    let text = ended("?", "Not found", "There is no such payment request here.");
    document(false, &format!("<main>\n{text}</main>"))
}

/// `reloads`: the page refreshes itself without a script, slowly enough to leave time to press a button.
fn document(reloads: bool, main: &str) -> String {
    let refresh = if reloads {
        "<meta http-equiv=\"refresh\" content=\"10\">\n"
    } else {
        ""
    };

    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n{refresh}\
         <title>Sandbox payment</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n\
         <div class=\"notice\">This is a sandbox: no money moves.</div>\n{main}\n</body>\n</html>\n"
    )
}

fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' | '<' | '>' | '"' | '\'' => {
                // Writing to a string cannot fail.
                let _ = write!(escaped, "&#{};", u32::from(character));
            }
            _ => escaped.push(character),
        }
    }
    escaped
}
