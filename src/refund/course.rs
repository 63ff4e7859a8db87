//! The course of a refund: found, written down, sent until it is known, written down again.

use tokio::time::sleep;

use super::answer::{Found, find, fits};
use super::patience::{PAUSES, patiently, wait};
use super::request::{self, Shop};
use super::{Asked, Misfit, Mistake, Name, Order, Outcome, Rejection, Verdict};
use crate::centrapay::Client;
use crate::journal::JournalError;
use crate::journal::refunds::{Intended, Intent, Kept, Refunds};
use crate::money::Amount;
use crate::payment::{Failure, PaymentRequest, Refusal, RequestId, Text};

const REPEAT_REFERENCE: &str = "REPEAT_REFERENCE";
const ALREADY_REFUNDED: &str = "ALREADY_REFUNDED";
/// What the platform may say because it has this very refund already, asked for by a call whose
/// answer was lost, or by another machine.
const MAY_BE_OURS: [&str; 3] = [REPEAT_REFERENCE, ALREADY_REFUNDED, "INVALID_AMOUNT"];

/// Where refunds are asked for: the platform, the journal and what the shop has configured.
#[derive(Debug)]
pub struct Desk {
    client: Client,
    journal: Refunds,
    shop: Shop,
}

/// What is known after an order was sent.
struct Sent {
    verdict: Verdict,
    /// Whether it turned out that the platform had it before this launch asked.
    had_before: bool,
}

impl From<Verdict> for Sent {
    fn from(verdict: Verdict) -> Self {
        Self {
            verdict,
            had_before: false,
        }
    }
}

/// What may already be at the platform.
#[derive(Clone, Copy)]
struct Doubt {
    /// A call that may have been carried out had no clear answer, at this launch or an earlier one.
    at_all: bool,
    /// It was at this launch.
    here: bool,
}

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
            Some(kept) => self.same_order(asked, &kept)?,
            None => match self.new_order(asked).await? {
                Ok(order) => order,
                Err(outcome) => return Ok(outcome),
            },
        };
        let earlier = match self.journal.intend(&order.intent())? {
            Intended::New => None,
            Intended::Again(kept) => Some(kept),
            Intended::Taken(kept) => return Err(taken(&kept)),
        };
        if earlier.as_ref().is_some_and(Kept::is_started) {
            return Ok(order.outcome(Verdict::Started, true));
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
        self.write_down(&order, &sent.verdict);

        Ok(order.outcome(sent.verdict, earlier.is_some() || sent.had_before))
    }

    /// What is told is true whether it is on disk or not. What is not stays open there, and is asked
    /// for again, which gives nothing back twice.
    fn write_down(&mut self, order: &Order, verdict: &Verdict) {
        let reason = verdict.reason();
        let outcome = verdict.name();
        tracing::info!(
            external_ref = order.external_ref,
            outcome,
            reason,
            "the refund was answered"
        );
        let written =
            self.journal
                .settle(&order.external_ref, verdict.settled(), reason.as_deref());
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
                None => self.journal.request_with(code.as_str())?.as_ref() == Some(&kept.id),
            },
        };
        if !is_same_request {
            return Err(taken(kept));
        }
        let paid = Amount::from_minor(kept.paid, currency);
        let amount = request::amount(asked.amount.as_deref(), paid)?;
        if amount.minor() != kept.amount {
            return Err(taken(kept));
        }

        Ok(Order {
            id,
            short_code: kept.short_code.as_deref().map(Text::clean),
            amount,
            paid,
            external_ref: kept.external_ref.clone(),
        })
    }

    /// Reads the request and makes an order of it; the outcome where there can be none.
    async fn new_order(&self, asked: &Asked) -> Result<Result<Order, Outcome>, Mistake> {
        let known_id = match &asked.name {
            Name::Id(id) => Some(id.clone()),
            Name::ShortCode(code) => self
                .journal
                .request_with(code.as_str())?
                .and_then(|id| RequestId::new(&id)),
        };
        let request = match self.read(&asked.name, known_id.as_ref()).await {
            Ok(request) => request,
            Err(failure) => {
                let verdict = not_read(failure);

                return Ok(Err(asked.outcome_without_order(verdict, known_id)));
            }
        };
        let paid = match known_id.as_ref() {
            Some(id) if *id != request.id => Err(Rejection::Misfit(Misfit::Id)),
            _ => self.shop.paid(&asked.name, &request),
        };
        let paid = match paid {
            Ok(paid) => paid,
            Err(rejection) => return Ok(Err(asked.rejected(rejection, known_id, request))),
        };
        let amount = request::amount(asked.amount.as_deref(), paid)?;

        Ok(Ok(request::order(
            request,
            amount,
            paid,
            &asked.external_ref,
        )))
    }

    async fn read(&self, name: &Name, id: Option<&RequestId>) -> Result<PaymentRequest, Failure> {
        patiently(async || match (name, id) {
            (Name::Id(id), _) | (Name::ShortCode(_), Some(id)) => self.client.read(id).await,
            (Name::ShortCode(code), None) => self.client.read_by_short_code(code).await,
        })
        .await
    }

    /// Sends an order until the platform says what becomes of it, a few times at most. Every try has
    /// the same reference, so that all of them together give back once.
    async fn send(&self, order: &Order, is_unsettled: bool) -> Sent {
        let mut doubt = Doubt {
            at_all: is_unsettled,
            here: false,
        };
        let mut pauses = PAUSES.into_iter();
        loop {
            let failure = match self.ask(order).await {
                Ok(()) => return Verdict::Started.into(),
                Err(failure) => failure,
            };
            match failure {
                Failure::Refused(refusal) => return self.refused(order, refusal, doubt).await,
                Failure::Unauthorised(refusal) if !doubt.at_all => {
                    return Verdict::Rejected(Rejection::Key(refusal)).into();
                }
                Failure::NotSent(_) if !doubt.at_all => {
                    return Verdict::Unreachable(failure).into();
                }
                Failure::Ambiguous(_) => {
                    doubt = Doubt {
                        at_all: true,
                        here: true,
                    };
                }
                Failure::Unauthorised(_) | Failure::NotSent(_) | Failure::Throttled { .. } => {}
            }
            // Asking again with the same key leads to nothing.
            let is_over = matches!(failure, Failure::Unauthorised(_));
            let Some(pause) = pauses.next().filter(|_| !is_over) else {
                return self.given_up(order, failure, doubt).await;
            };
            sleep(wait(&failure, pause)).await;
        }
    }

    async fn ask(&self, order: &Order) -> Result<(), Failure> {
        let answer = self
            .client
            .refund(&order.id, order.amount, &order.external_ref)
            .await;

        match answer {
            Ok(refund) if fits(&refund, order) => Ok(()),
            Ok(_) => Err(Failure::Ambiguous(Text::sentence(
                "the answer is about another refund",
            ))),
            Err(failure) => {
                tracing::warn!(external_ref = order.external_ref, code = failure.code(), %failure, "not started");

                Err(failure)
            }
        }
    }

    /// What is known when it was refused. A refusal may come because the platform has this very
    /// refund: its list of what happened tells.
    async fn refused(&self, order: &Order, refusal: Refusal, doubt: Doubt) -> Sent {
        let code = refusal.code.as_str();
        if !doubt.at_all && !MAY_BE_OURS.contains(&code) {
            return Verdict::Rejected(Rejection::Platform(refusal)).into();
        }
        // A refusal without a code of the platform's is of something on the way, and says nothing of
        // the calls before it.
        let is_conclusive = !doubt.at_all || (refusal.status == 403 && code != "HTTP_403");
        let verdict = match self.find(order).await {
            Ok(Found::Ours) => {
                return Sent {
                    verdict: Verdict::Started,
                    had_before: !doubt.here,
                };
            }
            Ok(Found::OtherAmount(amount)) if code == REPEAT_REFERENCE => {
                Verdict::Rejected(Rejection::OtherAmount(refusal, amount))
            }
            Ok(Found::Nothing | Found::OtherAmount(_)) if is_conclusive => {
                Verdict::Rejected(Rejection::Platform(refusal))
            }
            // Whichever refund it was, nothing is left that could go back.
            Ok(Found::Unclear) if code == ALREADY_REFUNDED => {
                Verdict::Rejected(Rejection::Platform(refusal))
            }
            Ok(Found::Unclear) | Err(_) if !doubt.at_all && code != REPEAT_REFERENCE => {
                Verdict::Rejected(Rejection::Platform(refusal))
            }
            _ => Verdict::Unknown(format!(
                "the platform answered {code}, and what happened before could not be made out"
            )),
        };

        verdict.into()
    }

    /// What is known when every try has failed.
    async fn given_up(&self, order: &Order, failure: Failure, doubt: Doubt) -> Sent {
        if !doubt.at_all {
            return Verdict::Unreachable(failure).into();
        }

        match self.find(order).await {
            Ok(Found::Ours) => Sent {
                verdict: Verdict::Started,
                had_before: !doubt.here,
            },
            _ => Verdict::Unknown(failure.to_string()).into(),
        }
    }

    async fn find(&self, order: &Order) -> Result<Found, Failure> {
        let refunds = patiently(async || self.client.refunds(&order.id).await).await?;

        Ok(find(&refunds, order))
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
            repeated: false,
        }
    }
}

impl Order {
    fn intent(&self) -> Intent {
        Intent {
            external_ref: self.external_ref.clone(),
            request_id: self.id.to_string(),
            short_code: self.short_code.as_ref().map(Text::to_string),
            amount: self.amount,
            paid: self.paid,
        }
    }

    fn outcome(self, verdict: Verdict, repeated: bool) -> Outcome {
        Outcome {
            verdict,
            id: Some(self.id),
            short_code: self.short_code,
            external_ref: self.external_ref,
            amount: Some(self.amount),
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

fn taken(kept: &Kept) -> Mistake {
    Mistake::ReferenceTaken {
        external_ref: kept.external_ref.clone(),
        amount: kept.amount_text(),
        request: kept.short_code.clone().unwrap_or_else(|| kept.id.clone()),
    }
}
