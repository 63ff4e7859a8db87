//! `check --sale`: creates a payment request of the smallest amount, never shows its code, and cancels it.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::sleep;

use super::platform::{exit_code, explained};
use super::report::Report;
use crate::centrapay::Client;
use crate::cli::arguments::SaleArgs;
use crate::cli::failure::{CommandError, USAGE};
use crate::cli::launch::counter;
use crate::config::Config;
use crate::domain::money::Amount;
use crate::domain::order::{Order, Particulars};
use crate::domain::payment::{Activity, Failure, Liveness, PaymentRequest, RequestId, Status};
use crate::qr::Code;
use crate::runtime::fresh_names::fresh_names;
use crate::sale::{Accepted, Ending, Moment, NewRequest, Rejection, Rules};

/// The most voids that are sent while their answers are lost.
const VOIDS: u32 = 3;
const PAUSE: Duration = Duration::from_secs(1);

pub(super) async fn check(
    config: &Config,
    client: &Client,
    merchant: Option<&str>,
    report: &mut Report,
) {
    let found = config.merchant(merchant).map_err(CommandError::Merchant);
    let Some((key, terms)) = report.passed("sale", found) else {
        return;
    };
    if terms.liveness == Liveness::Main {
        return report.failed(
            "sale",
            USAGE,
            format_args!(
                "{key} sells for real money, so nothing was created; name a merchant whose liveness is \"test\" \
                 with --merchant"
            ),
        );
    }
    let amount = Amount::from_minor(1, terms.currency);
    let sale = SaleArgs::default();
    let counter = counter(config, key, &sale, Particulars::default(), None);
    let Some(order) = counter.order(key, amount, fresh_names()) else {
        return;
    };
    let new = NewRequest {
        base_url: config.api.base_url.to_string(),
        config_id: terms.config_id.clone(),
        amount,
        external_ref: order.external_ref(1),
        expiry_seconds: terms.expiry_seconds,
        operator: None,
        particulars: Arc::default(),
        barcode: None,
    };
    match client.create(&new).await {
        Ok(request) => {
            created(config, &order, &request, report);
            void(client, &request.id, report).await;
        }
        Err(failure @ Failure::Ambiguous(_)) => {
            lost(config, client, &order, &failure, report).await;
        }
        Err(failure) => {
            let text = format!("{key}: {}", explained(&failure));
            report.failed("sale", exit_code(&failure), text);
        }
    }
}

/// Handles a lost answer to the create: looks the request up, if possible, and cancels it.
async fn lost(
    config: &Config,
    client: &Client,
    order: &Order,
    failure: &Failure,
    report: &mut Report,
) {
    let reference = order.external_ref(1);
    let found = match &order.merchant.account_id {
        Some(account_id) => client.look_up(&reference, account_id).await,
        None => Ok(Vec::new()),
    };
    let mut found = found.unwrap_or_default();
    found.retain(|request| request.status == Status::New);
    if found.is_empty() {
        return report.failed(
            "sale",
            Ending::unknown().exit_code(),
            format_args!(
                "{failure}; a request may exist under the reference {reference}; its code was never shown, and it \
                 expires by itself"
            ),
        );
    }
    report.note(
        "sale",
        format_args!("{failure}; found by its reference {reference}"),
    );
    for request in &found {
        created(config, order, request, report);
        void(client, &request.id, report).await;
    }
}

/// Checks that the created request is the one that was asked for, and that its code is readable.
fn created(config: &Config, order: &Order, request: &PaymentRequest, report: &mut Report) {
    let fitted: Result<Accepted, Rejection> = Rules::from(config)
        .fit(order, request, Moment::default())
        .map_err(Rejection::Mismatch);
    let proven = fitted.and_then(|accepted| {
        Code::proven(&accepted.payload).map_err(|error| Rejection::Unreadable(error.to_string()))
    });
    let name = request.short_code.as_ref();
    let name = name.map_or_else(|| request.id.to_string(), ToString::to_string);
    match proven {
        Ok(_) => report.good(
            "sale",
            format_args!(
                "{} created as {name}, and its code is readable",
                order.amount
            ),
        ),
        Err(rejection) => {
            let text = rejection.to_string();
            report.failed("sale", Ending::Rejected(rejection).exit_code(), text);
        }
    }
}

/// Cancels the request. The status that is read afterwards decides, not the answer to the void.
async fn void(client: &Client, id: &RequestId, report: &mut Report) {
    let voided = send_void(client, id).await;
    let read = client.read(id).await;
    let unknown = Ending::unknown().exit_code();
    let (code, text) = match (read, voided) {
        (Ok(read), _) if read.status == Status::Cancelled => {
            return report.good("cancellation", "the platform confirms that it is cancelled");
        }
        (_, Err(failure @ (Failure::Refused(_) | Failure::Unauthorised(_)))) => {
            (exit_code(&failure), unsettled(id, &failure))
        }
        (_, Err(failure)) | (Err(failure), Ok(_)) => (unknown, unsettled(id, &failure)),
        (Ok(_), Ok(_)) => (
            unknown,
            format!(
                "the platform accepted the void of {id}, but does not confirm that it is cancelled; ask Centrapay"
            ),
        ),
    };
    report.failed("cancellation", code, text);
}

fn unsettled(id: &RequestId, failure: &Failure) -> String {
    let failure = explained(failure);

    format!("{id}: {failure}; its code was never shown, and it expires by itself")
}

/// Sends the void, and sends it again if its answer is lost.
async fn send_void(client: &Client, id: &RequestId) -> Result<Activity, Failure> {
    for _ in 1..VOIDS {
        match client.void(id).await {
            Err(Failure::Throttled { retry_after }) => {
                sleep(retry_after.unwrap_or(PAUSE).max(PAUSE)).await;
            }
            Err(Failure::Ambiguous(_) | Failure::NotSent(_)) => sleep(PAUSE).await,
            settled => return settled,
        }
    }

    client.void(id).await
}
