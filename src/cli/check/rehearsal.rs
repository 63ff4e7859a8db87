//! A sale of the smallest amount that is cancelled before anybody could see its code.

use std::time::Duration;

use tokio::time::sleep;

use super::platform::{exit_code, explained};
use super::report::Report;
use crate::centrapay::Client;
use crate::config::{Config, Liveness};
use crate::counter::Counter;
use crate::money::Amount;
use crate::payment::{Activity, Failure, PaymentRequest, RequestId, Status};
use crate::qr::Code;
use crate::sale::{Accepted, Ending, Moment, NewRequest, Order, Rejection, Rules};

/// How often a void is sent whose answer is lost.
const VOIDS: u32 = 3;
const PAUSE: Duration = Duration::from_secs(1);

pub(super) async fn check(
    config: &Config,
    client: &Client,
    merchant: Option<&str>,
    report: &mut Report,
) {
    let (key, terms) = match config.merchant(merchant) {
        Ok(found) => found,
        Err(error) => {
            return report.failed("sale", crate::cli::USAGE, &format!("--merchant: {error}"));
        }
    };
    if terms.liveness == Liveness::Main {
        return report.failed(
            "sale",
            crate::cli::USAGE,
            &format!(
                "{key} sells for real money, so nothing was created; name a merchant whose liveness \
                 is \"test\" with --merchant"
            ),
        );
    }
    let amount = Amount::from_minor(1, terms.currency);
    let counter = Counter {
        merchants: config.merchants.clone(),
        default_merchant: key.clone(),
        reference: None,
        operator: None,
        particulars: crate::sale::Particulars::default().into(),
        patron_code: None,
        handover: None,
        external_ref: config.terminal.external_ref,
        part_payments: config.terminal.part_payments,
    };
    let Some(order) = counter.order(key, amount) else {
        return;
    };
    match client.create(&new_request(config, &order)).await {
        Ok(request) => {
            created(config, &order, &request, report);
            void(client, &request.id, report).await;
        }
        Err(failure @ Failure::Ambiguous(_)) => {
            lost(config, client, &order, &failure, report).await;
        }
        Err(failure) => report.failed(
            "sale",
            exit_code(&failure),
            &format!("{key}: {}", explained(&failure)),
        ),
    }
}

/// The create may have been carried out: what it has made is looked for where that is possible, and
/// cancelled.
async fn lost(
    config: &Config,
    client: &Client,
    order: &Order,
    failure: &Failure,
    report: &mut Report,
) {
    let found = match &order.merchant.account_id {
        Some(account_id) => client.look_up(&order.external_ref(1), account_id).await,
        None => Ok(Vec::new()),
    };
    let mut found = found.unwrap_or_default();
    found.retain(|request| request.status == Status::New);
    if found.is_empty() {
        return report.failed(
            "sale",
            Ending::unknown().exit_code(),
            &format!(
                "{failure}; a request may have been created under the reference {}; nobody saw its \
                 code, and it expires by itself",
                order.external_ref(1)
            ),
        );
    }
    report.note(
        "sale",
        &format!(
            "{failure}; found by its reference {}",
            order.external_ref(1)
        ),
    );
    for request in &found {
        created(config, order, request, report);
        void(client, &request.id, report).await;
    }
}

fn new_request(config: &Config, order: &Order) -> NewRequest {
    NewRequest {
        base_url: config.api.base_url.to_string(),
        config_id: order.merchant.config_id.clone(),
        amount: order.amount,
        external_ref: order.external_ref(1),
        expiry_seconds: order.merchant.expiry_seconds,
        operator: None,
        particulars: crate::sale::Particulars::default().into(),
        barcode: None,
    }
}

/// What was created fits what was asked for, and a code can be made of it.
fn created(config: &Config, order: &Order, request: &PaymentRequest, report: &mut Report) {
    let fitted: Result<Accepted, Rejection> = Rules::from(config)
        .fit(order, request, Moment::default())
        .map_err(Rejection::Misfit);
    let proven = fitted.and_then(|accepted| {
        Code::proven(&accepted.payload).map_err(|error| Rejection::Unreadable(error.to_string()))
    });
    match proven {
        Ok(_) => report.good(
            "sale",
            &format!(
                "{} created as {}, and its code can be read",
                order.amount,
                request
                    .short_code
                    .as_ref()
                    .map_or_else(|| request.id.to_string(), ToString::to_string)
            ),
        ),
        Err(rejection) => {
            let says = rejection.to_string();
            report.failed("sale", Ending::Rejected(rejection).exit_code(), &says);
        }
    }
}

/// It is cancelled whatever came of it. What it is called in the end tells, not the answer to that.
async fn void(client: &Client, id: &RequestId, report: &mut Report) {
    let voided = voided(client, id).await;
    let read = client.read(id).await;
    let unknown = Ending::unknown().exit_code();
    match (read, voided) {
        (Ok(read), _) if read.status == Status::Cancelled => {
            report.good("cancellation", "the platform says that it is cancelled");
        }
        (_, Err(failure @ (Failure::Refused(_) | Failure::Unauthorised(_)))) => {
            report.failed(
                "cancellation",
                exit_code(&failure),
                &unsettled(id, &failure),
            );
        }
        (_, Err(failure)) | (Err(failure), Ok(_)) => {
            report.failed("cancellation", unknown, &unsettled(id, &failure));
        }
        (Ok(_), Ok(_)) => report.failed(
            "cancellation",
            unknown,
            &format!(
                "the platform took the void of {id}, but does not say that it is cancelled; ask \
                 Centrapay"
            ),
        ),
    }
}

fn unsettled(id: &RequestId, failure: &Failure) -> String {
    let failure = explained(failure);

    format!("{id}: {failure}; nobody saw its code, and it expires by itself")
}

/// A void whose answer is lost is sent again, as in a sale.
async fn voided(client: &Client, id: &RequestId) -> Result<Activity, Failure> {
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
