//! Sends a refund until it is known how it ended, a few times at most.

use tokio::time::sleep;

use super::answer::{Evidence, Found, fits};
use super::codes::{INACTIVE_ASSET, MAY_BE_OURS, REPEAT_REFERENCE};
use super::course::Desk;
use super::patience::{PAUSES, patiently, wait};
use super::{Order, Rejection, Verdict};
use crate::centrapay::NewRefund;
use crate::payment::{Failure, Refusal, Text};

/// What is known after an order was sent.
pub(super) struct Sent {
    pub(super) verdict: Verdict,
    /// Whether it turned out that the platform had it before this launch asked.
    pub(super) had_before: bool,
    /// The short code of the refund itself.
    pub(super) refund_code: Option<Text>,
}

impl From<Verdict> for Sent {
    fn from(verdict: Verdict) -> Self {
        Self {
            verdict,
            had_before: false,
            refund_code: None,
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
    /// Sends an order until the platform says what becomes of it, a few times at most. Every try has
    /// the same reference, so that all of them together give back once.
    pub(super) async fn send(&self, order: &Order, is_unsettled: bool) -> Sent {
        let mut doubt = Doubt {
            at_all: is_unsettled,
            here: false,
        };
        let mut pauses = PAUSES.into_iter();
        loop {
            let failure = match self.ask(order).await {
                Ok(refund_code) => {
                    return Sent {
                        refund_code,
                        ..Verdict::Started.into()
                    };
                }
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

    /// Sends an order once; the short code of the refund itself if the platform has started it.
    async fn ask(&self, order: &Order) -> Result<Option<Text>, Failure> {
        let new = NewRefund {
            amount: order.amount,
            external_ref: &order.external_ref,
            invoice_ref: order.invoice_ref.as_deref(),
            line_items: &order.items,
        };

        match self.client.refund(&order.id, new).await {
            Ok(refund) if fits(&refund, order) => Ok(refund.short_code),
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
        // Without a code of the platform, the refusal may come from a proxy. It proves nothing about the calls before it.
        let is_conclusive = !doubt.at_all || (refusal.status == 403 && code != "HTTP_403");
        let evidence = self.evidence(order).await;
        let is_repeat = code == REPEAT_REFERENCE;
        let is_unknown = match evidence.found {
            Found::Ours(refund_code) => {
                return Sent {
                    verdict: Verdict::Started,
                    had_before: !doubt.here,
                    refund_code,
                };
            }
            Found::OtherAmount(amount) if is_repeat => {
                return Verdict::Rejected(Rejection::OtherAmount(refusal, amount)).into();
            }
            Found::Nothing | Found::OtherAmount(_) => {
                !is_conclusive || (doubt.at_all && !evidence.explains(code, order))
            }
            Found::Possible | Found::Unclear => doubt.at_all || is_repeat,
        };

        if is_unknown {
            let why = evidence.why_unknown();

            Verdict::Unknown(format!("the platform answered {code}; {why}")).into()
        } else if code == INACTIVE_ASSET {
            Verdict::Rejected(Rejection::Inactive(refusal, evidence.left)).into()
        } else {
            Verdict::Rejected(Rejection::Platform(refusal)).into()
        }
    }

    /// What is known when every try has failed.
    async fn given_up(&self, order: &Order, failure: Failure, doubt: Doubt) -> Sent {
        if !doubt.at_all {
            return Verdict::Unreachable(failure).into();
        }

        let evidence = self.evidence(order).await;
        match evidence.found {
            Found::Ours(refund_code) => Sent {
                verdict: Verdict::Started,
                had_before: !doubt.here,
                refund_code,
            },
            _ => Verdict::Unknown(format!("{failure}; {}", evidence.why_unknown())).into(),
        }
    }

    async fn evidence(&self, order: &Order) -> Evidence {
        patiently(async || self.client.refunds(&order.id).await)
            .await
            .map_or(Evidence::NONE, |refunds| Evidence::of(&refunds, order))
    }
}
