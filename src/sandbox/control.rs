use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use serde::Deserialize;

use super::call::Call;
use super::cancellation::CancellationReason;
use super::faults::{Fault, Script};
use super::line_item::LineItem;
use super::refusal::Refusal;
use super::request::{PaymentRequest, Status};
use super::rules::Payment;
use super::server::Shared;

/// Letters and digits that the display appends to a reference after a dot.
const TOKEN_LENGTH: usize = 10;

/// Acts on a sandbox's payment requests without HTTP: what the patron or the platform would do.
/// Clones are cheap and act on the same requests; they outlive the server.
#[derive(Clone, Debug)]
pub struct Control {
    shared: Arc<Shared>,
}

/// A payment request at one moment. Every amount is in minor units of `currency`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snapshot {
    /// The platform's id: 22 characters.
    pub id: String,
    /// The request's name for people, such as `CP-C7F-ZS5`.
    pub short_code: String,
    /// What the QR says.
    pub url: String,
    /// Where it stands. `Paid` also after a refund, and for a part payment.
    pub status: Status,
    /// What was asked for.
    pub amount: u64,
    /// ISO 4217.
    pub currency: String,
    /// What was paid, refunds not taken off.
    pub captured: u64,
    /// What was given back.
    pub refunded: u64,
    /// The merchant's reference as the platform knows it. [`Snapshot::till_reference`] is without the display's token.
    pub external_ref: Option<String>,
    /// The rest of the create's body, in the platform's words. Answers repeat a part of it.
    pub told: serde_json::Value,
    /// Why, when it was cancelled.
    pub cancellation_reason: Option<CancellationReason>,
    /// The message of the condition that waits for the merchant, if one does.
    pub open_condition: Option<String>,
    /// When it was created, by the sandbox's clock.
    pub created_at: Timestamp,
    /// From then on it can no longer be paid.
    pub expires_at: Timestamp,
}

impl Control {
    pub(super) fn new(shared: Arc<Shared>) -> Self {
        Self { shared }
    }

    /// The patron pays in full.
    ///
    /// # Errors
    /// As `pay` over HTTP: `REQUEST_PAID`, `REQUEST_EXPIRED`, `REQUEST_CANCELLED`,
    /// `PAYMENT_UNCONFIRMED` while a condition waits; `FORBIDDEN` for an unknown id.
    pub fn pay(&self, id: &str) -> Result<(), Refusal> {
        self.pay_amount(id, None, false, Vec::new())
    }

    /// The patron pays `amount` (minor units) where the merchant allows part payments.
    ///
    /// # Errors
    /// Those of [`Control::pay`], and `INVALID_AMOUNT` where the amount is 0, more than was asked
    /// for, or a part of it although part payments are not allowed.
    pub fn pay_part(&self, id: &str, amount: u64) -> Result<(), Refusal> {
        if amount == 0 {
            return Err(Refusal::rule("INVALID_AMOUNT", "nothing is no payment"));
        }

        self.pay_amount(id, Some(amount), false, Vec::new())
    }

    /// The patron pays `amount` (minor units) with an asset that buys these line items. They are a JSON list in the
    /// platform's form, and their prices sum to the amount.
    ///
    /// # Errors
    /// Those of [`Control::pay_part`], `BAD_REQUEST` for anything but a list of line items, and
    /// `LINE_ITEMS_SUM_CHECK_FAILED`.
    pub fn pay_for(
        &self,
        id: &str,
        amount: u64,
        line_items: &serde_json::Value,
    ) -> Result<(), Refusal> {
        let line_items = Vec::<LineItem>::deserialize(line_items)
            .map_err(|error| Refusal::misfit(error.to_string()))?;

        self.pay_amount(id, Some(amount), false, line_items)
    }

    /// The patron adds a means that pays `amount` (minor units), and goes on to the next: the request
    /// stays open until everything is paid.
    ///
    /// # Errors
    /// Those of [`Control::pay_part`].
    pub fn add_part(&self, id: &str, amount: u64) -> Result<(), Refusal> {
        self.pay_amount(id, Some(amount), true, Vec::new())
    }

    /// A payment in full that was on its way arrives although the request has expired or was
    /// cancelled. It happens; a display must be ready for it.
    ///
    /// # Errors
    /// `REQUEST_PAID` where it is paid already, `FORBIDDEN` for an unknown id.
    pub fn pay_late(&self, id: &str) -> Result<(), Refusal> {
        self.act(id, |request, now| {
            if request.status == Status::Paid {
                return Err(Refusal::rule("REQUEST_PAID", "it is paid already"));
            }

            request.capture(now, request.value.amount, None, Vec::new());
            Ok(())
        })
    }

    /// The patron declines: the request is cancelled as `DECLINED_BY_PATRON`.
    ///
    /// # Errors
    /// Those of [`Control::cancel`].
    pub fn decline(&self, id: &str) -> Result<(), Refusal> {
        self.cancel(id, CancellationReason::DeclinedByPatron)
    }

    /// The platform cancels the request for this reason.
    ///
    /// # Errors
    /// `REQUEST_PAID`, `REQUEST_EXPIRED`, `REQUEST_CANCELLED`; `FORBIDDEN` for an unknown id.
    pub fn cancel(&self, id: &str, reason: CancellationReason) -> Result<(), Refusal> {
        self.act(id, |request, now| request.cancel(reason, now).map(drop))
    }

    /// The request's time runs out now.
    ///
    /// # Errors
    /// Those of [`Control::cancel`].
    pub fn expire(&self, id: &str) -> Result<(), Refusal> {
        self.act(id, PaymentRequest::expire)
    }

    /// Gives back `amount` (minor units) of a payment without a call of the merchant's, as from another device or a
    /// dashboard.
    ///
    /// # Errors
    /// `NOT_PAID`, `INVALID_AMOUNT`; `FORBIDDEN` for an unknown id.
    pub fn refund_elsewhere(&self, id: &str, amount: u64) -> Result<(), Refusal> {
        self.act(id, |request, now| request.refund_elsewhere(amount, now))
    }

    /// Moves the request and its activities this far back in time. A request that is still new may expire by it.
    ///
    /// # Errors
    /// `FORBIDDEN` for an unknown id.
    pub fn age(&self, id: &str, by: Duration) -> Result<(), Refusal> {
        self.act(id, |request, _| {
            request.age(by);
            Ok(())
        })
    }

    /// Gives the request `newer` the short code of `older`. The platform gives codes out again after two years, and a
    /// look-up answers with the latest request.
    ///
    /// # Errors
    /// `FORBIDDEN` for an unknown id.
    pub fn reuse_short_code(&self, older: &str, newer: &str) -> Result<(), Refusal> {
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

    /// The request with this id as it stands now. Looking is no poll: it starts no patron's clock.
    #[must_use]
    pub fn request(&self, id: &str) -> Option<Snapshot> {
        let mut store = self.shared.store();
        let request = store.request(id, Timestamp::now()).ok()?;

        Some(Snapshot::new(request, self.shared.public_base()))
    }

    /// Every request as it stands now, oldest first.
    #[must_use]
    pub fn requests(&self) -> Vec<Snapshot> {
        self.shared
            .store()
            .all(Timestamp::now())
            .iter()
            .map(|request| Snapshot::new(request, self.shared.public_base()))
            .collect()
    }

    /// What the merchant has of a request for good, in minor units.
    #[must_use]
    pub fn captured_minus_refunded(&self, id: &str) -> Option<u64> {
        let mut store = self.shared.store();
        let request = store.request(id, Timestamp::now()).ok()?;

        Some(request.kept())
    }

    /// These faults for the next calls of this kind, one after another, in place of those it had.
    /// Without any, such calls go well.
    pub fn script(&self, call: Call, faults: impl IntoIterator<Item = Fault>) {
        self.shared.script().set(call, faults);
    }

    /// This script, in place of the one there was.
    pub fn set_script(&self, script: Script) {
        *self.shared.script() = script;
    }

    /// Everything goes well from here on; calls that a fault holds already stay held.
    pub fn clear_script(&self) {
        self.set_script(Script::default());
    }

    /// What is left of the script.
    #[must_use]
    pub fn script_left(&self) -> Script {
        self.shared.script().clone()
    }

    /// How many calls of this kind came in, those that were refused or cut off included.
    #[must_use]
    pub fn calls(&self, call: Call) -> u64 {
        self.shared.calls().count(call)
    }

    /// When the calls of this kind came in, oldest first; of all kinds together the last 10,000
    /// are kept.
    #[must_use]
    pub fn call_times(&self, call: Call) -> Vec<Instant> {
        self.shared.calls().times(call)
    }

    /// How many calls were refused because their key had used its calls up. A script's own
    /// refusals do not count.
    #[must_use]
    pub fn refused(&self) -> u64 {
        self.shared.refused()
    }

    fn pay_amount(
        &self,
        id: &str,
        amount: Option<u64>,
        more_follow: bool,
        line_items: Vec<LineItem>,
    ) -> Result<(), Refusal> {
        self.act(id, |request, now| {
            let payment = Payment {
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
        verb: impl FnOnce(&mut PaymentRequest, Timestamp) -> Result<(), Refusal>,
    ) -> Result<(), Refusal> {
        let now = Timestamp::now();
        let mut store = self.shared.store();

        verb(store.request(id, now)?, now)
    }
}

fn is_token(text: &str) -> bool {
    text.len() == TOKEN_LENGTH && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// In the platform's words.
fn told(request: &PaymentRequest) -> serde_json::Value {
    let mut told = serde_json::to_value(&request.details).unwrap_or_default();
    if let Some(basket) = &request.basket_amount {
        told["basketAmount"] = basket.amount.to_string().into();
    }

    told
}

impl Snapshot {
    /// The merchant's reference without the token that the display appends: `A1` of `A1.x7Kq2mPz01`.
    #[must_use]
    pub fn till_reference(&self) -> Option<&str> {
        let whole = self.external_ref.as_deref()?;

        Some(match whole.rsplit_once('.') {
            Some((reference, token)) if is_token(token) => reference,
            _ => whole,
        })
    }

    pub(super) fn new(request: &PaymentRequest, public_base: &str) -> Self {
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
