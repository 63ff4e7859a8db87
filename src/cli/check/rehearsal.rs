//! A sale of the smallest amount that is cancelled before anybody could see its code.

use super::platform::exit_code;
use super::report::Report;
use crate::centrapay::Client;
use crate::config::{Config, Liveness};
use crate::counter::Counter;
use crate::money::Amount;
use crate::payment::{Failure, PaymentRequest, Status};
use crate::qr::Code;
use crate::sale::{Accepted, Ending, Moment, NewRequest, Order, Rejection, Rules};

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
    };
    let Some(order) = counter.order(key, amount) else {
        return;
    };
    match client.create(&new_request(config, &order)).await {
        Ok(request) => {
            created(config, &order, &request, report);
            void(client, &request, report).await;
        }
        Err(failure) => report.failed("sale", exit_code(&failure), &format!("{key}: {failure}")),
    }
}

fn new_request(config: &Config, order: &Order) -> NewRequest {
    NewRequest {
        base_url: config.api.base_url.to_string(),
        config_id: order.merchant.config_id.clone(),
        amount: order.amount,
        external_ref: order.reference.clone(),
        expiry_seconds: order.merchant.expiry_seconds,
        operator: None,
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

/// It is cancelled whatever came of it.
async fn void(client: &Client, request: &PaymentRequest, report: &mut Report) {
    let unsettled =
        |failure: &Failure| format!("{failure}; nobody saw its code, and it expires by itself");
    if let Err(failure) = client.void(&request.id).await {
        return report.failed("cancellation", exit_code(&failure), &unsettled(&failure));
    }
    match client.read(&request.id).await {
        Ok(read) if read.status == Status::Cancelled => {
            report.good("cancellation", "the platform says that it is cancelled");
        }
        Ok(_) => report.failed(
            "cancellation",
            Ending::unknown().exit_code(),
            "the platform took the void, but does not say that it is cancelled; ask Centrapay",
        ),
        Err(failure) => report.failed("cancellation", exit_code(&failure), &unsettled(&failure)),
    }
}
