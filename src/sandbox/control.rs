//! Acts on a sandbox from inside the process.

use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use json_patch::merge;
use serde::Deserialize;
use serde_json::json;

use super::call::ApiCall;
use super::faults::Fault;
use super::faults::script::Script;
use super::money::SandboxLineItem;
use super::refusal::SandboxRefusal;
use super::request::{CancelReason, SandboxRequest, SandboxStatus};
use super::rules::PatronPayment;
use super::state::SandboxState;

/// Length of the token that the display appends to a reference after a dot.
const TOKEN_LENGTH: usize = 10;

/// Acts on a sandbox's payment requests without HTTP, as the patron or the platform. Cheap to clone; it
/// works after the server has stopped.
#[derive(Clone, Debug)]
pub struct Control {
    shared: Arc<SandboxState>,
}

/// A payment request at one moment. Every amount is in minor units of `currency`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snapshot {
    /// The platform's id of 22 characters.
    pub id: String,
    /// Short code, such as `CP-C7F-ZS5`.
    pub short_code: String,
    /// The address in the code.
    pub url: String,
    /// The status. It is `Paid` also after a part payment or a refund.
    pub status: SandboxStatus,
    /// The requested amount.
    pub amount: u64,
    /// ISO 4217 code.
    pub currency: String,
    /// Paid amount, before refunds.
    pub captured: u64,
    /// The refunded amount.
    pub refunded: u64,
    /// The platform's reference. [`Snapshot::till_reference`] leaves out the display's token.
    pub external_ref: Option<String>,
    /// The other fields of the create. Answers repeat some of them.
    pub told: serde_json::Value,
    /// The reason, if the request was cancelled.
    pub cancellation_reason: Option<CancelReason>,
    /// Message of the condition that waits for the merchant.
    pub open_condition: Option<String>,
    /// Creation time, by the sandbox's clock.
    pub created_at: Timestamp,
    /// End of the time to pay.
    pub expires_at: Timestamp,
}

impl Control {
    pub(super) fn new(shared: Arc<SandboxState>) -> Self {
        Self { shared }
    }

    /// Pays the full amount as the patron.
    ///
    /// # Errors
    /// As for `pay` over HTTP: `REQUEST_PAID`, `REQUEST_EXPIRED`, `REQUEST_CANCELLED`,
    /// `PAYMENT_UNCONFIRMED` while a condition is open; `FORBIDDEN` for an unknown id.
    pub fn pay(&self, id: &str) -> Result<(), SandboxRefusal> {
        self.pay_amount(id, None, false, Vec::new())
    }

    /// Pays `amount` (minor units) as the patron, if part payments are allowed.
    ///
    /// # Errors
    /// Those of [`Control::pay`], and `INVALID_AMOUNT` if the amount is 0, too much, or only a part
    /// although part payments are not allowed.
    pub fn pay_part(&self, id: &str, amount: u64) -> Result<(), SandboxRefusal> {
        self.pay_amount(id, Some(amount), false, Vec::new())
    }

    /// Pays `amount` (minor units) with an asset that buys `line_items`: a JSON list in the platform's form whose
    /// prices sum to the amount.
    ///
    /// # Errors
    /// Those of [`Control::pay_part`], `BAD_REQUEST` for anything but a list of line items, and
    /// `LINE_ITEMS_SUM_CHECK_FAILED`.
    pub fn pay_for(
        &self,
        id: &str,
        amount: u64,
        line_items: &serde_json::Value,
    ) -> Result<(), SandboxRefusal> {
        let line_items = Vec::<SandboxLineItem>::deserialize(line_items)
            .map_err(|error| SandboxRefusal::misfit(error.to_string()))?;

        self.pay_amount(id, Some(amount), false, line_items)
    }

    /// Pays `amount` (minor units) with one of several assets. The request stays open until everything is paid.
    ///
    /// # Errors
    /// Those of [`Control::pay_part`].
    pub fn add_part(&self, id: &str, amount: u64) -> Result<(), SandboxRefusal> {
        self.pay_amount(id, Some(amount), true, Vec::new())
    }

    /// Pays in full although the request has expired or was cancelled, as a delayed payment can.
    ///
    /// # Errors
    /// `REQUEST_PAID` if it is paid, `FORBIDDEN` for an unknown id.
    pub fn pay_late(&self, id: &str) -> Result<(), SandboxRefusal> {
        self.act(id, |request, now| {
            if request.status == SandboxStatus::Paid {
                return Err(request.ended());
            }

            request.capture(now, request.value.amount, None, Vec::new());
            Ok(())
        })
    }

    /// Declines as the patron: the request is cancelled as `DECLINED_BY_PATRON`.
    ///
    /// # Errors
    /// Those of [`Control::cancel`].
    pub fn decline(&self, id: &str) -> Result<(), SandboxRefusal> {
        self.cancel(id, CancelReason::DeclinedByPatron)
    }

    /// Cancels the request as the platform.
    ///
    /// # Errors
    /// `REQUEST_PAID`, `REQUEST_EXPIRED`, `REQUEST_CANCELLED`; `FORBIDDEN` for an unknown id.
    pub fn cancel(&self, id: &str, reason: CancelReason) -> Result<(), SandboxRefusal> {
        self.act(id, |request, now| request.cancel(reason, now).map(drop))
    }

    /// Lets the request expire now.
    ///
    /// # Errors
    /// Those of [`Control::cancel`].
    pub fn expire(&self, id: &str) -> Result<(), SandboxRefusal> {
        self.act(id, SandboxRequest::expire)
    }

    /// Refunds `amount` (minor units) without a merchant's call, as from another device or a dashboard.
    ///
    /// # Errors
    /// `NOT_PAID`, `INVALID_AMOUNT`; `FORBIDDEN` for an unknown id.
    pub fn refund_elsewhere(&self, id: &str, amount: u64) -> Result<(), SandboxRefusal> {
        self.act(id, |request, now| request.refund_elsewhere(amount, now))
    }

    /// Moves the request and its activities back in time. As a result, a new request may expire.
    ///
    /// # Errors
    /// `FORBIDDEN` for an unknown id.
    pub fn age(&self, id: &str, by: Duration) -> Result<(), SandboxRefusal> {
        self.act(id, |request, _| {
            request.age(by);
            Ok(())
        })
    }

    /// Gives the request `newer` the short code of `older`. The platform reuses codes after two years, and a
    /// lookup returns the latest request.
    ///
    /// # Errors
    /// `FORBIDDEN` for an unknown id.
    pub fn reuse_short_code(&self, older: &str, newer: &str) -> Result<(), SandboxRefusal> {
        let now = Timestamp::now();
        let mut store = self.shared.store();
        let code = store.request(older, now)?.short_code.clone();
        store.request(newer, now)?.short_code = code;

        Ok(())
    }

    /// The id of the newest request.
    #[must_use]
    pub fn latest(&self) -> Option<String> {
        let mut store = self.shared.store();
        let newest = store.all(Timestamp::now()).last()?;

        Some(newest.id.clone())
    }

    /// The request with this id. Unlike a poll, it does not start the automatic patron.
    #[must_use]
    pub fn request(&self, id: &str) -> Option<Snapshot> {
        let mut store = self.shared.store();
        let request = store.request(id, Timestamp::now()).ok()?;

        Some(Snapshot::new(request, &self.shared.public_base))
    }

    /// Every request, oldest first.
    #[must_use]
    pub fn requests(&self) -> Vec<Snapshot> {
        self.shared
            .store()
            .all(Timestamp::now())
            .iter()
            .map(|request| Snapshot::new(request, &self.shared.public_base))
            .collect()
    }

    /// The amount that the merchant keeps after refunds, in minor units.
    #[must_use]
    pub fn captured_minus_refunded(&self, id: &str) -> Option<u64> {
        let mut store = self.shared.store();
        let request = store.request(id, Timestamp::now()).ok()?;

        Some(request.kept())
    }

    /// Replaces the faults for this kind of call. Each call uses the next fault. Once none is left, calls succeed.
    pub fn script(&self, call: ApiCall, faults: impl IntoIterator<Item = Fault>) {
        let mut script = self.shared.script();
        *script = std::mem::take(&mut *script).on(call, faults);
    }

    /// Replaces the whole fault script.
    pub fn set_script(&self, script: Script) {
        *self.shared.script() = script;
    }

    /// Clears the fault script. A call that a fault already holds stays held.
    pub fn clear_script(&self) {
        self.set_script(Script::default());
    }

    /// The unused part of the fault script.
    #[must_use]
    pub fn script_left(&self) -> Script {
        self.shared.script().clone()
    }

    /// Number of calls of this kind, also those that were refused or cut.
    #[must_use]
    pub fn calls(&self, call: ApiCall) -> u64 {
        self.shared.calls().count(call)
    }

    /// When the calls of this kind came in, oldest first. The last 10,000 of all kinds are kept.
    #[must_use]
    pub fn call_times(&self, call: ApiCall) -> Vec<Instant> {
        self.shared.calls().times(call)
    }

    /// Number of calls over the rate limit. Refusals by the fault script do not count.
    #[must_use]
    pub fn refused(&self) -> u64 {
        self.shared.rate_limit().refused()
    }

    fn pay_amount(
        &self,
        id: &str,
        amount: Option<u64>,
        more_follow: bool,
        line_items: Vec<SandboxLineItem>,
    ) -> Result<(), SandboxRefusal> {
        self.act(id, |request, now| {
            let payment = PatronPayment {
                asset_type: request.asset_type.clone(),
                amount,
                idempotency_key: None,
                more_follow,
                line_items,
            };
            request.pay(payment, now).map(drop)
        })
    }

    fn act(
        &self,
        id: &str,
        verb: impl FnOnce(&mut SandboxRequest, Timestamp) -> Result<(), SandboxRefusal>,
    ) -> Result<(), SandboxRefusal> {
        let now = Timestamp::now();
        let mut store = self.shared.store();

        verb(store.request(id, now)?, now)
    }
}

/// The other fields of the create, in the platform's form.
fn told(request: &SandboxRequest) -> serde_json::Value {
    let basket = request.basket_amount.as_ref();
    let mut told = json!({});
    merge(&mut told, &json!(request.details));
    merge(
        &mut told,
        &json!({ "basketAmount": basket.map(|basket| basket.amount.to_string()) }),
    );

    told
}

impl Snapshot {
    /// The till's reference without the display's token: `A1` of `A1.x7Kq2mPz01`.
    #[must_use]
    pub fn till_reference(&self) -> Option<&str> {
        let whole = self.external_ref.as_deref()?;
        let is_token = |text: &str| {
            text.len() == TOKEN_LENGTH && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
        };

        Some(match whole.rsplit_once('.') {
            Some((reference, token)) if is_token(token) => reference,
            _ => whole,
        })
    }

    pub(super) fn new(request: &SandboxRequest, public_base: &str) -> Self {
        Self {
            id: request.id.clone(),
            short_code: request.short_code.clone(),
            url: format!("{public_base}/pay/{}", request.id),
            status: request.status,
            amount: request.value.amount,
            currency: request.value.currency.clone(),
            captured: request.captured(),
            refunded: request.refunded(),
            external_ref: request.details.external_ref.clone(),
            told: told(request),
            cancellation_reason: request.cancellation_reason,
            open_condition: request
                .open_condition()
                .map(|condition| condition.message.to_owned()),
            created_at: request.created_at,
            expires_at: request.expires_at,
        }
    }
}
