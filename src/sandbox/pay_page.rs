//! The page behind a request's `url`: where a phone that scanned the QR lands.

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
use super::refusal::Refusal;
use super::request::Status;
use super::server::Shared;

const STYLE: &str = include_str!("pay_page.css");
const HEADERS: [(HeaderName, &str); 2] = [
    (header::CACHE_CONTROL, "no-store"),
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'",
    ),
];

pub(super) fn router() -> Router<Arc<Shared>> {
    Router::new()
        .route("/pay/{id}", get(show))
        .route("/pay/{id}/pay", post(pay))
        .route("/pay/{id}/decline", post(decline))
}

async fn show(State(shared): State<Arc<Shared>>, Path(id): Path<String>) -> Response {
    let mut store = shared.store();
    let merchant = store.options().merchant_name.clone();

    match store.request(&id, Timestamp::now()) {
        Ok(request) => {
            let snapshot = Snapshot::new(request, shared.public_base());
            (HEADERS, Html(page(&snapshot, &merchant))).into_response()
        }
        Err(_) => (StatusCode::NOT_FOUND, HEADERS, Html(unknown_page())).into_response(),
    }
}

async fn pay(State(shared): State<Arc<Shared>>, Path(id): Path<String>) -> Response {
    let paid = Control::new(shared).pay(&id);
    back_to_page(&id, paid)
}

async fn decline(State(shared): State<Arc<Shared>>, Path(id): Path<String>) -> Response {
    let declined = Control::new(shared).decline(&id);
    back_to_page(&id, declined)
}

/// Takes a phone that scanned the older form of the QR, the address of the `pay` call, to the
/// page.
pub(super) async fn open(Path(id): Path<String>) -> Response {
    to_page("../../../pay/", &id)
}

/// Also after a refusal: the page says how the request stands.
fn back_to_page(id: &str, outcome: Result<(), Refusal>) -> Response {
    if let Err(refusal) = outcome {
        tracing::info!(id, %refusal, "the pay page was refused");
    }

    to_page("../", id)
}

/// The way is relative, because a phone may see the sandbox under another base than it knows.
fn to_page(way: &str, id: &str) -> Response {
    // What is not the form of an id has no place in a header.
    if id.is_empty() || !id.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return (StatusCode::NOT_FOUND, HEADERS, Html(unknown_page())).into_response();
    }

    let location = [(header::LOCATION, format!("{way}{id}"))];
    (StatusCode::SEE_OTHER, location).into_response()
}

/// The page for a request as it stands.
fn page(request: &Snapshot, merchant: &str) -> String {
    let amount = money::for_people(request.amount, &request.currency);
    let (class, body) = match request.status {
        Status::New => ("new", to_pay(request)),
        Status::Paid => ("paid", paid(request)),
        Status::Expired => (
            "expired",
            ended(
                "–",
                "Expired",
                "The time to pay ran out. You were not charged.",
            ),
        ),
        Status::Cancelled => ("cancelled", cancelled(request)),
    };
    let facts = format!(
        "<h1>{}</h1>\n<p class=\"amount\">{}</p>\n<p class=\"code\">{}</p>\n",
        escape(merchant),
        escape(&amount),
        escape(&request.short_code),
    );

    document(
        request.status == Status::New,
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

/// `reloads` keeps an open page true without a script, slowly enough to leave time to press.
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
