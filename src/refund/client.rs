//! Makes a refund: finds the payment, records the intent, sends the refund, and records the result.

use super::error::UsageError;
use super::outcome::{RefundMismatch, RefundOutcome, RefundRejection, RefundVerdict};
use super::payment::{self, ConfiguredMerchants};
use super::request::{PaymentName, RefundOrder, RefundRequest, RefundedPayment};
use super::send::{Sent, send, with_retries};
use crate::centrapay::Client;
use crate::domain::basket::Basket;
use crate::domain::money::Amount;
use crate::domain::payment::{Failure, PaymentRequest, RequestId, Text};
use crate::journal::JournalError;
use crate::journal::refunds::{RecordedIntent, RefundIntent, RefundJournal, StoredRefund};

/// Makes refunds at one platform, and records them in the journal.
#[derive(Debug)]
pub struct RefundClient {
    client: Client,
    journal: RefundJournal,
    shop: ConfiguredMerchants,
}

struct FoundPayment {
    request: PaymentRequest,
    /// The payment request's id, if the caller or the journal gave it.
    known_id: Option<RequestId>,
}

/// Why a payment was not found, and the payment request's id if it is known.
type NotFound = (RefundVerdict, Option<RequestId>);

impl RefundClient {
    /// Creates a client for this platform, journal and configuration.
    pub fn new(client: Client, journal: RefundJournal, shop: ConfiguredMerchants) -> Self {
        Self {
            client,
            journal,
            shop,
        }
    }

    /// Makes a refund and returns its outcome.
    ///
    /// # Errors
    ///
    /// If the options make no sense, or the journal cannot record the refund. Nothing was sent then.
    pub async fn refund(&mut self, asked: &RefundRequest) -> Result<RefundOutcome, UsageError> {
        let order = match self.journal.with_reference(&asked.external_ref)? {
            Some(stored) => {
                let order = self.same_order(asked, &stored)?;

                self.check_receipt_date(asked, &stored, order).await?
            }
            None => self.new_order(asked).await?,
        };
        let order = match order {
            Ok(order) => order,
            Err(outcome) => return Ok(outcome),
        };
        let earlier = match self.journal.record_intent(&order.intent()?)? {
            RecordedIntent::New => None,
            RecordedIntent::Repeated(stored) => Some(stored),
            RecordedIntent::ReferenceTaken(stored) => return Err(reference_taken(&stored)),
        };
        if let Some(stored) = earlier.as_ref().filter(|stored| stored.is_started()) {
            let refund_code = stored.refund_code.as_deref().map(Text::clean);

            return Ok(order.outcome(RefundVerdict::Started, true, refund_code));
        }
        tracing::info!(
            id = order.id.as_str(),
            external_ref = order.external_ref,
            amount = order.amount.decimal(),
            currency = order.amount.currency().code(),
            "sending a refund"
        );
        let is_unsettled = earlier.as_ref().is_some_and(StoredRefund::is_unsettled);
        let sent = send(&self.client, &order, is_unsettled).await;
        self.record(&order, &sent);
        let repeated = earlier.is_some() || sent.had_before;

        Ok(order.outcome(sent.verdict, repeated, sent.refund_code))
    }

    /// Records the result. If that fails, the refund stays open in the journal, and a repeated command sends
    /// the refund again with the same reference.
    fn record(&mut self, order: &RefundOrder, sent: &Sent) {
        let verdict = &sent.verdict;
        let reason = verdict.reason();
        let outcome = verdict.name();
        tracing::info!(
            external_ref = order.external_ref,
            outcome,
            reason,
            "refund answered"
        );
        let recorded = self.journal.record_result(
            &order.external_ref,
            verdict.result(),
            reason.as_deref(),
            sent.refund_code.as_ref().map(Text::as_str),
        );
        if let Err(error) = recorded {
            tracing::error!(%error, outcome, "cannot record the refund's result in the journal; run the same command again later");
        }
    }

    /// Returns the order of a refund in the journal, if it is the refund that is asked for. Does not call the
    /// platform.
    fn same_order(
        &self,
        asked: &RefundRequest,
        stored: &StoredRefund,
    ) -> Result<RefundOrder, UsageError> {
        let unreadable = |what: &str| {
            JournalError::Unreadable(format!("the refund {}: {what}", stored.external_ref))
        };
        let currency = stored
            .currency()
            .ok_or_else(|| unreadable("its currency"))?;
        let id = RequestId::new(&stored.id).ok_or_else(|| unreadable("its request id"))?;
        let is_same_request = match &asked.name {
            PaymentName::Id(named) => *named == id,
            PaymentName::ShortCode(code) => match &stored.short_code {
                Some(short_code) => short_code.eq_ignore_ascii_case(code.as_str()),
                None => self.journal.requests_with(code.as_str())? == [stored.id.as_str()],
            },
        };
        if !is_same_request {
            return Err(reference_taken(stored));
        }
        let paid = Amount::from_minor(stored.paid, currency);
        let amount = payment::amount(asked, paid)?;
        if amount.minor() != stored.amount {
            return Err(reference_taken(stored));
        }
        let other = |option, what| UsageError::OtherContent {
            option,
            what,
            external_ref: stored.external_ref.clone(),
        };
        let items = asked.items.as_ref().map(to_json).transpose()?;
        if items.is_some() && items != stored.line_items {
            return Err(other("--items", "list of items"));
        }
        if asked.invoice_ref.is_some() && asked.invoice_ref != stored.invoice_ref {
            return Err(other("--invoice-ref", "invoice number"));
        }
        let items = match &stored.line_items {
            Some(json) => Basket::parse(json).map_err(|_| unreadable("its line items"))?,
            None => Basket::default(),
        };

        Ok(RefundOrder {
            items,
            invoice_ref: stored.invoice_ref.clone(),
            payment: RefundedPayment::default(),
            id,
            short_code: stored.short_code.as_deref().map(Text::clean),
            amount,
            paid,
            external_ref: stored.external_ref.clone(),
        })
    }

    /// Checks the date on the receipt, if the person typed one, before a refund in the journal is sent again.
    async fn check_receipt_date(
        &self,
        asked: &RefundRequest,
        stored: &StoredRefund,
        order: RefundOrder,
    ) -> Result<Result<RefundOrder, RefundOutcome>, UsageError> {
        let Some(paid_on) = asked.paid_on.filter(|_| !stored.is_started()) else {
            return Ok(Ok(order));
        };
        let verdict = match self.read_by_id(&order.id).await {
            Ok(request) if request.id == order.id => {
                payment::check_date(paid_on, &request)?;

                return Ok(Ok(RefundOrder {
                    payment: (&request).into(),
                    ..order
                }));
            }
            Ok(_) => RefundVerdict::Rejected(RefundRejection::Mismatch(RefundMismatch::Id)),
            Err(failure) => not_read(failure),
        };
        // An earlier launch left this refund unsettled, and a failed check does not change that.
        let verdict = match verdict.reason() {
            Some(why) if stored.is_unsettled() => RefundVerdict::Unknown(why),
            _ => verdict,
        };

        Ok(Err(order.outcome(verdict, true, None)))
    }

    /// Reads the payment request and makes an order, or the outcome of a refused refund.
    async fn new_order(
        &self,
        asked: &RefundRequest,
    ) -> Result<Result<RefundOrder, RefundOutcome>, UsageError> {
        let found = match self.look_up(&asked.name).await? {
            Ok(found) => found,
            Err((verdict, known_id)) => {
                return Ok(Err(asked.outcome_without_order(verdict, known_id)));
            }
        };
        let paid = match self.shop.paid(&asked.name, &found.request) {
            Ok(paid) => paid,
            Err(rejection) => {
                return Ok(Err(asked.rejected(
                    rejection,
                    found.known_id,
                    found.request,
                )));
            }
        };
        match asked.paid_on {
            Some(paid_on) => payment::check_date(paid_on, &found.request)?,
            None if found.known_id.is_none() => self.shop.check_found(&found.request)?,
            None => {}
        }
        let amount = payment::amount(asked, paid)?;

        Ok(Ok(RefundOrder {
            payment: (&found.request).into(),
            id: found.request.id,
            short_code: found.request.short_code,
            amount,
            paid,
            external_ref: asked.external_ref.clone(),
            invoice_ref: asked.invoice_ref.clone(),
            items: asked.items.clone().unwrap_or_default(),
        }))
    }

    /// Finds the named payment. The journal knows the payments of this counter's sales. The platform finds only
    /// the latest payment with a short code, which may be another payment: the platform uses old short codes
    /// again.
    async fn look_up(
        &self,
        name: &PaymentName,
    ) -> Result<Result<FoundPayment, NotFound>, UsageError> {
        let code = match name {
            PaymentName::Id(id) => return Ok(self.read_known(id.clone()).await),
            PaymentName::ShortCode(code) => code,
        };
        let known: Vec<_> = self
            .journal
            .requests_with(code.as_str())?
            .iter()
            .filter_map(|id| RequestId::new(id))
            .collect();
        if let [id] = known.as_slice() {
            match self.read_known(id.clone()).await {
                Ok(found) if !payment::has_lasting_code(&found.request) => {}
                answer => return Ok(answer),
            }
        }
        let latest = match with_retries(async || self.client.read_by_short_code(code).await).await {
            Ok(request) => request,
            Err(failure) => return Ok(Err((not_read(failure), None))),
        };
        if known.iter().any(|id| *id != latest.id) {
            let known: Vec<_> = known.iter().map(RequestId::as_str).collect();

            return Err(UsageError::TwoPayments {
                short_code: code.to_string(),
                known: known.join(", "),
                payment: RefundedPayment::from(&latest).to_string(),
                latest: latest.id,
            });
        }

        Ok(Ok(FoundPayment {
            known_id: known.first().cloned(),
            request: latest,
        }))
    }

    async fn read_known(&self, id: RequestId) -> Result<FoundPayment, NotFound> {
        match self.read_by_id(&id).await {
            Ok(request) if request.id == id => Ok(FoundPayment {
                request,
                known_id: Some(id),
            }),
            Ok(_) => Err((
                RefundVerdict::Rejected(RefundRejection::Mismatch(RefundMismatch::Id)),
                Some(id),
            )),
            Err(failure) => Err((not_read(failure), Some(id))),
        }
    }

    async fn read_by_id(&self, id: &RequestId) -> Result<PaymentRequest, Failure> {
        with_retries(async || self.client.read(id).await).await
    }
}

impl RefundRequest {
    /// Returns the outcome for a payment request that cannot be refunded. If the platform returned another request
    /// than the named one, its data is left out.
    fn rejected(
        &self,
        rejection: RefundRejection,
        known_id: Option<RequestId>,
        read: PaymentRequest,
    ) -> RefundOutcome {
        let is_another = matches!(
            rejection,
            RefundRejection::Mismatch(RefundMismatch::Id | RefundMismatch::ShortCode)
        );
        let verdict = RefundVerdict::Rejected(rejection);
        if is_another {
            return self.outcome_without_order(verdict, known_id);
        }

        RefundOutcome {
            payment: (&read).into(),
            short_code: read.short_code,
            ..self.outcome_without_order(verdict, Some(read.id))
        }
    }

    fn outcome_without_order(
        &self,
        verdict: RefundVerdict,
        id: Option<RequestId>,
    ) -> RefundOutcome {
        RefundOutcome {
            verdict,
            id,
            short_code: match &self.name {
                PaymentName::ShortCode(code) => Some(Text::clean(code.as_str())),
                PaymentName::Id(_) => None,
            },
            external_ref: self.external_ref.clone(),
            amount: None,
            refund_code: None,
            payment: RefundedPayment::default(),
            repeated: false,
        }
    }
}

impl RefundOrder {
    fn intent(&self) -> Result<RefundIntent, JournalError> {
        let line_items = match self.items.is_empty() {
            true => None,
            false => Some(to_json(&self.items)?),
        };

        Ok(RefundIntent {
            line_items,
            invoice_ref: self.invoice_ref.clone(),
            external_ref: self.external_ref.clone(),
            request_id: self.id.to_string(),
            short_code: self.short_code.as_ref().map(Text::to_string),
            amount: self.amount,
            paid: self.paid,
        })
    }

    fn outcome(
        self,
        verdict: RefundVerdict,
        repeated: bool,
        refund_code: Option<Text>,
    ) -> RefundOutcome {
        RefundOutcome {
            verdict,
            id: Some(self.id),
            short_code: self.short_code,
            external_ref: self.external_ref,
            amount: Some(self.amount),
            refund_code,
            payment: self.payment,
            repeated,
        }
    }
}

/// Returns the verdict after the payment request could not be read. Nothing was sent.
fn not_read(failure: Failure) -> RefundVerdict {
    match failure {
        Failure::Refused(refusal) => RefundVerdict::Rejected(RefundRejection::Platform(refusal)),
        Failure::Unauthorised(refusal) => RefundVerdict::Rejected(RefundRejection::Key(refusal)),
        Failure::NotSent(_) | Failure::Ambiguous(_) | Failure::Throttled { .. } => {
            RefundVerdict::Unreachable(failure)
        }
    }
}

fn to_json(items: &Basket) -> Result<String, JournalError> {
    serde_json::to_string(items).map_err(|error| JournalError::Unreadable(error.to_string()))
}

fn reference_taken(stored: &StoredRefund) -> UsageError {
    UsageError::ReferenceTaken {
        external_ref: stored.external_ref.clone(),
        amount: stored.amount_text(),
        request: stored
            .short_code
            .clone()
            .unwrap_or_else(|| stored.id.clone()),
    }
}
