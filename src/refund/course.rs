//! The course of a refund: found, written down, sent until it is known, written down again.

use super::patience::patiently;
use super::request::{self, Shop};
use super::sending::Sent;
use super::{Asked, Misfit, Mistake, Name, Order, Outcome, Payment, Rejection, Verdict};
use crate::basket::Basket;
use crate::centrapay::Client;
use crate::journal::JournalError;
use crate::journal::refunds::{Intended, Intent, Kept, Refunds};
use crate::money::Amount;
use crate::payment::{Failure, PaymentRequest, RequestId, Text};

/// Where refunds are asked for: the platform, the journal and what the shop has configured.
#[derive(Debug)]
pub struct Desk {
    pub(super) client: Client,
    journal: Refunds,
    shop: Shop,
}

/// A payment that was read.
struct FoundPayment {
    request: PaymentRequest,
    /// Its id, if the caller or the journal gave it.
    known_id: Option<RequestId>,
}

/// Why a payment was not found, and its id if that is known.
type NotFound = (Verdict, Option<RequestId>);

impl Desk {
    /// A desk at this platform with this journal.
    pub fn new(client: Client, journal: Refunds, shop: Shop) -> Self {
        Self {
            client,
            journal,
            shop,
        }
    }

    /// Asks for a refund, and is back when it is known what became of it, or that nobody knows.
    ///
    /// # Errors
    ///
    /// When nothing was asked of the platform because what was typed cannot be meant, or cannot be
    /// written down.
    pub async fn refund(&mut self, asked: &Asked) -> Result<Outcome, Mistake> {
        let order = match self.journal.with_reference(&asked.external_ref)? {
            Some(kept) => {
                let order = self.same_order(asked, &kept)?;
                match self.same_payment(asked, &kept, order).await? {
                    Ok(order) => order,
                    Err(outcome) => return Ok(outcome),
                }
            }
            None => match self.new_order(asked).await? {
                Ok(order) => order,
                Err(outcome) => return Ok(outcome),
            },
        };
        let earlier = match self.journal.intend(&order.intent()?)? {
            Intended::New => None,
            Intended::Again(kept) => Some(kept),
            Intended::Taken(kept) => return Err(taken(&kept)),
        };
        if let Some(kept) = earlier.as_ref().filter(|kept| kept.is_started()) {
            let refund_code = kept.refund_code.as_deref().map(Text::clean);

            return Ok(order.outcome(Verdict::Started, true, refund_code));
        }
        tracing::info!(
            id = order.id.as_str(),
            external_ref = order.external_ref,
            amount = order.amount.decimal(),
            currency = order.amount.currency().code(),
            "a refund is sent"
        );
        let sent = self
            .send(&order, earlier.as_ref().is_some_and(Kept::is_unsettled))
            .await;
        self.write_down(&order, &sent);
        let repeated = earlier.is_some() || sent.had_before;

        Ok(order.outcome(sent.verdict, repeated, sent.refund_code))
    }

    /// What is told is true whether it is on disk or not. What is not stays open there, and is asked
    /// for again, which gives nothing back twice.
    fn write_down(&mut self, order: &Order, sent: &Sent) {
        let verdict = &sent.verdict;
        let reason = verdict.reason();
        let outcome = verdict.name();
        tracing::info!(
            external_ref = order.external_ref,
            outcome,
            reason,
            "the refund was answered"
        );
        let written = self.journal.settle(
            &order.external_ref,
            verdict.settled(),
            reason.as_deref(),
            sent.refund_code.as_ref().map(Text::as_str),
        );
        if let Err(error) = written {
            tracing::error!(%error, outcome, "what became of the refund is not in the journal");
        }
    }

    /// What was asked for before under this reference, if it is the same. The journal has all of it,
    /// so that it can be asked again although the platform cannot be read.
    fn same_order(&self, asked: &Asked, kept: &Kept) -> Result<Order, Mistake> {
        let unreadable = |what: &str| {
            JournalError::Unreadable(format!("the refund {}: {what}", kept.external_ref))
        };
        let currency = kept.currency().ok_or_else(|| unreadable("its currency"))?;
        let id = RequestId::new(&kept.id).ok_or_else(|| unreadable("its request id"))?;
        let is_same_request = match &asked.name {
            Name::Id(named) => *named == id,
            Name::ShortCode(code) => match &kept.short_code {
                Some(short_code) => short_code.eq_ignore_ascii_case(code.as_str()),
                None => self.journal.requests_with(code.as_str())? == [kept.id.as_str()],
            },
        };
        if !is_same_request {
            return Err(taken(kept));
        }
        let paid = Amount::from_minor(kept.paid, currency);
        let amount = request::amount(asked, paid)?;
        if amount.minor() != kept.amount {
            return Err(taken(kept));
        }
        let other = |option, what| Mistake::OtherContent {
            option,
            what,
            external_ref: kept.external_ref.clone(),
        };
        let items = asked.items.as_ref().map(in_json).transpose()?;
        if items.is_some() && items != kept.line_items {
            return Err(other("--items", "list of items"));
        }
        if asked.invoice_ref.is_some() && asked.invoice_ref != kept.invoice_ref {
            return Err(other("--invoice-ref", "invoice number"));
        }
        let items = match &kept.line_items {
            Some(json) => Basket::parse(json).map_err(|_| unreadable("its line items"))?,
            None => Basket::default(),
        };

        Ok(Order {
            items,
            invoice_ref: kept.invoice_ref.clone(),
            payment: Payment::default(),
            id,
            short_code: kept.short_code.as_deref().map(Text::clean),
            amount,
            paid,
            external_ref: kept.external_ref.clone(),
        })
    }

    /// Checks the date on the receipt, if there is one, before a refund of the journal is sent again.
    async fn same_payment(
        &self,
        asked: &Asked,
        kept: &Kept,
        order: Order,
    ) -> Result<Result<Order, Outcome>, Mistake> {
        let Some(paid_on) = asked.paid_on.filter(|_| !kept.is_started()) else {
            return Ok(Ok(order));
        };
        let verdict = match self.read_by_id(&order.id).await {
            Ok(request) if request.id == order.id => {
                request::check_date(paid_on, &request)?;

                return Ok(Ok(Order {
                    payment: Payment::of(&request),
                    ..order
                }));
            }
            Ok(_) => Verdict::Rejected(Rejection::Misfit(Misfit::Id)),
            Err(failure) => not_read(failure),
        };
        // What an earlier launch left unknown stays unknown.
        let verdict = match verdict.reason() {
            Some(why) if kept.is_unsettled() => Verdict::Unknown(why),
            _ => verdict,
        };

        Ok(Err(order.outcome(verdict, true, None)))
    }

    /// Reads the request and makes an order of it; the outcome where there can be none.
    async fn new_order(&self, asked: &Asked) -> Result<Result<Order, Outcome>, Mistake> {
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
            Some(paid_on) => request::check_date(paid_on, &found.request)?,
            None if found.known_id.is_none() => self.shop.check_found(&found.request)?,
            None => {}
        }
        let amount = request::amount(asked, paid)?;

        Ok(Ok(request::order(found.request, amount, paid, asked)))
    }

    /// Finds the payment of this name. The journal knows what this counter sold. The platform finds the
    /// latest payment with a short code, and may give the code of an old one to another.
    async fn look_up(&self, name: &Name) -> Result<Result<FoundPayment, NotFound>, Mistake> {
        let code = match name {
            Name::Id(id) => return Ok(self.read_known(id.clone()).await),
            Name::ShortCode(code) => code,
        };
        let known: Vec<_> = self
            .journal
            .requests_with(code.as_str())?
            .iter()
            .filter_map(|id| RequestId::new(id))
            .collect();
        if let [id] = known.as_slice() {
            match self.read_known(id.clone()).await {
                Ok(found) if !request::has_lasting_code(&found.request) => {}
                answer => return Ok(answer),
            }
        }
        let latest = match patiently(async || self.client.read_by_short_code(code).await).await {
            Ok(request) => request,
            Err(failure) => return Ok(Err((not_read(failure), None))),
        };
        if known.iter().any(|id| *id != latest.id) {
            let known: Vec<_> = known.iter().map(RequestId::as_str).collect();

            return Err(Mistake::TwoPayments {
                short_code: code.to_string(),
                known: known.join(", "),
                payment: Payment::of(&latest).to_string(),
                latest: latest.id,
            });
        }

        Ok(Ok(FoundPayment {
            known_id: known.first().cloned(),
            request: latest,
        }))
    }

    /// Reads a payment whose id is known.
    async fn read_known(&self, id: RequestId) -> Result<FoundPayment, NotFound> {
        match self.read_by_id(&id).await {
            Ok(request) if request.id == id => Ok(FoundPayment {
                request,
                known_id: Some(id),
            }),
            Ok(_) => Err((Verdict::Rejected(Rejection::Misfit(Misfit::Id)), Some(id))),
            Err(failure) => Err((not_read(failure), Some(id))),
        }
    }

    async fn read_by_id(&self, id: &RequestId) -> Result<PaymentRequest, Failure> {
        patiently(async || self.client.read(id).await).await
    }
}

impl Asked {
    /// What became of it where the request that was read cannot be given back. Of one that is not
    /// the one that was asked for, nothing is told.
    fn rejected(
        &self,
        rejection: Rejection,
        known_id: Option<RequestId>,
        read: PaymentRequest,
    ) -> Outcome {
        let is_another = matches!(rejection, Rejection::Misfit(Misfit::Id | Misfit::ShortCode));
        let verdict = Verdict::Rejected(rejection);
        if is_another {
            return self.outcome_without_order(verdict, known_id);
        }

        Outcome {
            payment: Payment::of(&read),
            short_code: read.short_code,
            ..self.outcome_without_order(verdict, Some(read.id))
        }
    }

    /// What became of it where it did not come to an order.
    fn outcome_without_order(&self, verdict: Verdict, id: Option<RequestId>) -> Outcome {
        Outcome {
            verdict,
            id,
            short_code: match &self.name {
                Name::ShortCode(code) => Some(Text::clean(code.as_str())),
                Name::Id(_) => None,
            },
            external_ref: self.external_ref.clone(),
            amount: None,
            refund_code: None,
            payment: Payment::default(),
            repeated: false,
        }
    }
}

impl Order {
    fn intent(&self) -> Result<Intent, JournalError> {
        let line_items = match self.items.is_empty() {
            true => None,
            false => Some(in_json(&self.items)?),
        };

        Ok(Intent {
            line_items,
            invoice_ref: self.invoice_ref.clone(),
            external_ref: self.external_ref.clone(),
            request_id: self.id.to_string(),
            short_code: self.short_code.as_ref().map(Text::to_string),
            amount: self.amount,
            paid: self.paid,
        })
    }

    fn outcome(self, verdict: Verdict, repeated: bool, refund_code: Option<Text>) -> Outcome {
        Outcome {
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

/// What a request that could not be read means for its refund: nothing was sent.
fn not_read(failure: Failure) -> Verdict {
    match failure {
        Failure::Refused(refusal) => Verdict::Rejected(Rejection::Platform(refusal)),
        Failure::Unauthorised(refusal) => Verdict::Rejected(Rejection::Key(refusal)),
        Failure::NotSent(_) | Failure::Ambiguous(_) | Failure::Throttled { .. } => {
            Verdict::Unreachable(failure)
        }
    }
}

/// The items as they are sent, for the journal.
fn in_json(items: &Basket) -> Result<String, JournalError> {
    serde_json::to_string(items).map_err(|error| JournalError::Unreadable(error.to_string()))
}

fn taken(kept: &Kept) -> Mistake {
    Mistake::ReferenceTaken {
        external_ref: kept.external_ref.clone(),
        amount: kept.amount_text(),
        request: kept.short_code.clone().unwrap_or_else(|| kept.id.clone()),
    }
}
