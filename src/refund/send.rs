//! Sends a refund until its result is known, at most four times.

use std::time::Duration;

use tokio::time::sleep;

use super::evidence::{
    INACTIVE_ASSET, Listed, MAY_BE_SAME, REPEAT_REFERENCE, RefundEvidence, fits,
};
use super::outcome::{RefundRejection, RefundVerdict};
use super::request::RefundOrder;
use crate::centrapay::{Client, NewRefund};
use crate::domain::payment::{Failure, Refusal, Text};

/// The result of sending an order.
pub(super) struct Sent {
    pub(super) verdict: RefundVerdict,
    /// Whether the platform had started the refund before this launch.
    pub(super) had_before: bool,
    /// The short code of the refund itself.
    pub(super) refund_code: Option<Text>,
}

impl From<RefundVerdict> for Sent {
    fn from(verdict: RefundVerdict) -> Self {
        Self {
            verdict,
            had_before: false,
            refund_code: None,
        }
    }
}

/// Whether a call with an unclear answer may have started the refund.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Uncertain {
    No,
    SinceEarlierLaunch,
    SinceThisLaunch,
}

struct Sender<'a> {
    client: &'a Client,
    order: &'a RefundOrder,
    uncertain: Uncertain,
}

/// Sends an order until the platform tells the result. Every try has the same reference, so the platform refunds
/// at most once. `is_unsettled`: an earlier launch may have started the refund.
pub(super) async fn send(client: &Client, order: &RefundOrder, is_unsettled: bool) -> Sent {
    let mut sender = Sender {
        client,
        order,
        uncertain: match is_unsettled {
            true => Uncertain::SinceEarlierLaunch,
            false => Uncertain::No,
        },
    };
    let mut pauses = PAUSES.into_iter();
    loop {
        let failure = match sender.send_once().await {
            Ok(refund_code) => {
                return Sent {
                    refund_code,
                    ..RefundVerdict::Started.into()
                };
            }
            Err(failure) => failure,
        };
        match failure {
            Failure::Refused(refusal) => return sender.refused(refusal).await,
            Failure::Unauthorised(refusal) if !sender.is_uncertain() => {
                return RefundVerdict::Rejected(RefundRejection::Key(refusal)).into();
            }
            Failure::NotSent(_) if !sender.is_uncertain() => {
                return RefundVerdict::Unreachable(failure).into();
            }
            Failure::Ambiguous(_) => sender.uncertain = Uncertain::SinceThisLaunch,
            Failure::Unauthorised(_) | Failure::NotSent(_) | Failure::Throttled { .. } => {}
        }
        // After a rejected key, every further try would fail too.
        let is_over = matches!(failure, Failure::Unauthorised(_));
        let Some(pause) = pauses.next().filter(|_| !is_over) else {
            return sender.given_up(failure).await;
        };
        sleep(wait(&failure, pause)).await;
    }
}

impl Sender<'_> {
    fn is_uncertain(&self) -> bool {
        self.uncertain != Uncertain::No
    }

    /// Sends the order once. Returns the refund's own short code if the platform has started the refund.
    async fn send_once(&self) -> Result<Option<Text>, Failure> {
        let order = self.order;
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
                tracing::warn!(external_ref = order.external_ref, code = failure.code(), %failure, "refund not started");

                Err(failure)
            }
        }
    }

    /// Judges a refusal. The platform may refuse since it already has this same refund, so the list of refunds is
    /// read.
    async fn refused(&self, refusal: Refusal) -> Sent {
        let code = refusal.code.as_str();
        if !self.is_uncertain() && !MAY_BE_SAME.contains(&code) {
            return RefundVerdict::Rejected(RefundRejection::Platform(refusal)).into();
        }
        // Only the platform's own 403 proves that no earlier call took effect. A refusal without a code may be a
        // proxy's.
        let is_conclusive = !self.is_uncertain() || (refusal.status == 403 && code != "HTTP_403");
        let evidence = self.evidence().await;
        let is_repeat = code == REPEAT_REFERENCE;
        let is_unknown = match evidence.listed {
            Listed::Same(refund_code) => return self.started(refund_code),
            Listed::OtherAmount(amount) if is_repeat => {
                return RefundVerdict::Rejected(RefundRejection::OtherAmount(refusal, amount))
                    .into();
            }
            Listed::Missing | Listed::OtherAmount(_) => {
                !is_conclusive || (self.is_uncertain() && !evidence.explains(code, self.order))
            }
            Listed::Possible | Listed::Unclear => self.is_uncertain() || is_repeat,
        };

        let verdict = if is_unknown {
            let why = evidence.why_unknown();

            RefundVerdict::Unknown(format!("the platform answered {code}; {why}"))
        } else if code == INACTIVE_ASSET {
            RefundVerdict::Rejected(RefundRejection::Inactive(refusal, evidence.remainder))
        } else {
            RefundVerdict::Rejected(RefundRejection::Platform(refusal))
        };

        verdict.into()
    }

    /// Judges an order after its last try has failed.
    async fn given_up(&self, failure: Failure) -> Sent {
        if !self.is_uncertain() {
            return RefundVerdict::Unreachable(failure).into();
        }

        let evidence = self.evidence().await;
        match evidence.listed {
            Listed::Same(refund_code) => self.started(refund_code),
            _ => RefundVerdict::Unknown(format!("{failure}; {}", evidence.why_unknown())).into(),
        }
    }

    fn started(&self, refund_code: Option<Text>) -> Sent {
        Sent {
            verdict: RefundVerdict::Started,
            had_before: self.uncertain != Uncertain::SinceThisLaunch,
            refund_code,
        }
    }

    async fn evidence(&self) -> RefundEvidence {
        with_retries(async || self.client.refunds(&self.order.id).await)
            .await
            .map_or(RefundEvidence::NONE, |refunds| {
                RefundEvidence::new(&refunds, self.order)
            })
    }
}

/// The pauses between the tries of one call. After the last try, a person must repeat the command later.
const PAUSES: [Duration; 3] = [
    Duration::from_millis(500),
    Duration::from_secs(1),
    Duration::from_secs(2),
];

/// Calls `read` until the answer is usable, at most four times.
pub(super) async fn with_retries<T>(
    read: impl AsyncFn() -> Result<T, Failure>,
) -> Result<T, Failure> {
    let mut pauses = PAUSES.into_iter();
    loop {
        let failure = match read().await {
            Err(failure @ (Failure::Ambiguous(_) | Failure::Throttled { .. })) => failure,
            answer => return answer,
        };
        let Some(pause) = pauses.next() else {
            return Err(failure);
        };
        sleep(wait(&failure, pause)).await;
    }
}

/// Returns the pause after a failure: `pause`, or longer if the platform asks for that.
fn wait(failure: &Failure, pause: Duration) -> Duration {
    match failure {
        Failure::Throttled {
            retry_after: Some(asked),
        } => pause.max(*asked),
        _ => pause,
    }
}
