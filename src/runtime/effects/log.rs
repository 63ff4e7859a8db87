//! The log of a sale: every call with its answer, and every announcement. It never contains the key, a code's URL or who
//! paid.

use std::borrow::Cow;
use std::collections::HashMap;
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use crate::domain::order::Order;
use crate::domain::payment::{
    Activity, Decision, Failure, PaymentRequest, Refusal, RequestId, odd_sum,
};
use crate::sale::{Announcement, AttemptKey, Ending, Mark, NewRequest, Rejection};

/// The target of this module's log lines.
pub(crate) const TARGET: &str = module_path!();

/// The log of one launch. It remembers the last answers, so that a repeated answer is logged at a lower level. Clones share
/// this memory.
#[derive(Debug, Clone, Default)]
pub(super) struct EffectLog {
    last: Arc<Mutex<HashMap<(&'static str, RequestId), u64>>>,
}

impl EffectLog {
    pub(super) fn intent(key: &AttemptKey, order: &Order) {
        tracing::info!(
            sale = key.sale,
            attempt = key.attempt,
            reference = order.attempt_reference(key.attempt),
            external_ref = order.external_ref(key.attempt),
            amount = order.amount.decimal(),
            currency = order.amount.currency().code(),
            merchant = order.merchant_key.as_str(),
            operator = order.operator.as_deref(),
            "attempt started"
        );
    }

    pub(super) fn verdict(key: &AttemptKey, ending: &Ending, late: bool) {
        let (why, meaning) = match ending {
            Ending::Rejected(Rejection::Platform(refusal) | Rejection::Key(refusal)) => {
                let why = format!("{} {}", refusal.status, refusal.code);
                (Some(why), refusal.meaning())
            }
            Ending::Unreachable(failure) => {
                let why = without_reason(failure).to_string();
                (Some(why), failure.meaning())
            }
            other => (other.reason(), None),
        };
        tracing::info!(
            sale = key.sale,
            attempt = key.attempt,
            outcome = ending.name(),
            why,
            meaning,
            late,
            "attempt ended"
        );
    }

    pub(super) fn recorded(mark: Mark, took: Duration) {
        tracing::debug!(?mark, took_ms = milliseconds(took), "recorded");
    }

    pub(super) fn created(
        asked: &NewRequest,
        answer: &Result<PaymentRequest, Failure>,
        took: Duration,
    ) {
        let external_ref = asked.external_ref.as_str();
        match answer {
            Ok(request) => tracing::info!(
                external_ref,
                amount = asked.amount.decimal(),
                currency = asked.amount.currency().code(),
                config_id = asked.config_id,
                id = request.id.as_str(),
                short_code = request.short_code.as_ref().map(|code| code.as_str()),
                status = ?request.status,
                liveness = ?request.liveness,
                took_ms = milliseconds(took),
                "created"
            ),
            Err(failure) => tracing::warn!(
                external_ref,
                amount = asked.amount.decimal(),
                currency = asked.amount.currency().code(),
                config_id = asked.config_id,
                kind = kind(failure),
                failure = %without_reason(failure), meaning = failure.meaning(),
                took_ms = milliseconds(took),
                "not created"
            ),
        }
    }

    pub(super) fn looked_up(
        external_ref: &str,
        answer: &Result<Vec<PaymentRequest>, Failure>,
        took: Duration,
    ) {
        let took_ms = milliseconds(took);
        match answer {
            Ok(found) => {
                for request in found.iter().filter(|request| request.status.may_be_paid()) {
                    tracing::error!(
                        external_ref,
                        id = request.id.as_str(),
                        status = ?request.status,
                        "found a payment request of this reference that may be paid and was never shown here"
                    );
                }
                let found: Vec<_> = found.iter().map(|request| request.id.as_str()).collect();
                tracing::info!(external_ref, ?found, took_ms, "looked up");
            }
            Err(failure) => {
                let kind = kind(failure);
                tracing::warn!(external_ref, kind, failure = %without_reason(failure), meaning = failure.meaning(), took_ms, "not looked up");
            }
        }
    }

    /// `unreadable`: the number of answers that the client could not read up to now.
    pub(super) fn read(
        &self,
        id: &RequestId,
        answer: &Result<PaymentRequest, Failure>,
        took: Duration,
        unreadable: u32,
    ) {
        let took_ms = milliseconds(took);
        let asked = id.as_str();
        match answer {
            Ok(request) if self.is_news("read", id, &timeless(request)) => {
                tracing::info!(
                    id = asked,
                    answered = request.id.as_str(),
                    status = ?request.status,
                    remaining = request.remaining.map(|remaining| remaining.decimal()),
                    reason = request.cancellation_reason.as_ref().map(|reason| reason.code()),
                    took_ms,
                    "read"
                );
                let odd = request
                    .value
                    .and_then(|value| odd_sum(&request.paid_by, value));
                if let Some(odd) = odd {
                    tracing::warn!(id = asked, odd, "the sums of a payment do not match");
                }
            }
            Ok(request) => {
                tracing::debug!(id = asked, status = ?request.status, took_ms, "read, as before");
            }
            Err(failure) => {
                let kind = kind(failure);
                tracing::warn!(id = asked, kind, failure = %without_reason(failure), meaning = failure.meaning(), took_ms, unreadable, "not read");
            }
        }
    }

    pub(super) fn answered(
        id: &RequestId,
        decision: Decision,
        answer: &Result<Activity, Failure>,
        took: Duration,
    ) {
        let took_ms = milliseconds(took);
        let (id, decision) = (id.as_str(), decision.name());
        match answer {
            Ok(activity) => {
                tracing::info!(
                    id,
                    decision,
                    activity = activity.kind.name(),
                    took_ms,
                    "condition answered"
                );
            }
            Err(failure) => {
                let kind = kind(failure);
                tracing::warn!(id, decision, kind, code = failure.code(), failure = %without_reason(failure), meaning = failure.meaning(), took_ms, "condition not answered");
            }
        }
    }

    /// Logs that a void was sent. This comes before the answer, because the program may die before the answer
    /// arrives.
    pub(super) fn voiding(id: &RequestId) {
        tracing::info!(id = id.as_str(), "void sent");
    }

    pub(super) fn voided(id: &RequestId, answer: &Result<Activity, Failure>, took: Duration) {
        let took_ms = milliseconds(took);
        let id = id.as_str();
        match answer {
            Ok(activity) => {
                tracing::info!(id, activity = activity.kind.name(), took_ms, "voided");
            }
            Err(failure) => {
                let kind = kind(failure);
                tracing::warn!(id, kind, code = failure.code(), failure = %without_reason(failure), meaning = failure.meaning(), took_ms, "not voided");
            }
        }
    }

    pub(super) fn listed(
        &self,
        id: &RequestId,
        answer: &Result<Vec<Activity>, Failure>,
        took: Duration,
    ) {
        let took_ms = milliseconds(took);
        let asked = id.as_str();
        match answer {
            Ok(list) => {
                let activities: Vec<_> = list.iter().map(|activity| activity.kind.name()).collect();
                if self.is_news("activities", id, list) {
                    tracing::info!(id = asked, ?activities, took_ms, "activities");
                } else {
                    tracing::debug!(id = asked, ?activities, took_ms, "activities, as before");
                }
            }
            Err(failure) => {
                let kind = kind(failure);
                tracing::warn!(id = asked, kind, failure = %without_reason(failure), meaning = failure.meaning(), took_ms, "activities not listed");
            }
        }
    }

    /// Whether the answer differs from the last one about `id`.
    fn is_news(&self, call: &'static str, id: &RequestId, answer: &impl Hash) -> bool {
        let mut hasher = DefaultHasher::new();
        answer.hash(&mut hasher);
        let answer = hasher.finish();
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);

        last.insert((call, id.clone()), answer) != Some(answer)
    }
}

/// Removes the fields that change every second.
fn timeless(request: &PaymentRequest) -> PaymentRequest {
    PaymentRequest {
        time_left: None,
        age: None,
        ..request.clone()
    }
}

pub(super) fn announced(announcement: &Announcement) {
    match announcement {
        Announcement::Created {
            attempt,
            id,
            short_code,
            external_ref,
            ..
        } => tracing::info!(attempt, id, short_code, external_ref, "announced: created"),
        Announcement::Shown { attempt, id } => tracing::info!(attempt, id, "announced: shown"),
        Announcement::Waiting {
            attempt, reason, ..
        } => {
            tracing::info!(attempt, ?reason, "announced: waiting");
        }
        Announcement::Link { state } => tracing::info!(?state, "announced: link"),
        Announcement::Ended {
            attempt,
            id,
            outcome,
            repeated,
        } => {
            let repeated = repeated.is_some();

            tracing::info!(
                attempt,
                id,
                outcome = outcome.as_str(),
                repeated,
                "announced: ended"
            );
        }
        Announcement::Earlier {
            id,
            short_code,
            external_ref,
            outcome,
            late,
        } => tracing::info!(
            id,
            short_code,
            external_ref,
            outcome = outcome.as_str(),
            late,
            "announced: earlier"
        ),
        Announcement::Outcome {
            outcome,
            id,
            short_code,
            external_ref,
            ..
        } => tracing::info!(
            outcome = outcome.as_str(),
            id,
            short_code,
            external_ref,
            "announced: outcome"
        ),
        Announcement::Error { message } => tracing::info!(why = message, "announced: error"),
    }
}

/// Removes the platform's free text, which may name the patron. The log has the code, and the cashier sees the
/// text.
fn without_reason(failure: &Failure) -> Cow<'_, Failure> {
    let shortened = |refusal: &Refusal| Refusal {
        reason: None,
        ..refusal.clone()
    };

    match failure {
        Failure::Unauthorised(refusal) => Cow::Owned(Failure::Unauthorised(shortened(refusal))),
        Failure::Refused(refusal) => Cow::Owned(Failure::Refused(shortened(refusal))),
        other => Cow::Borrowed(other),
    }
}

fn kind(failure: &Failure) -> &'static str {
    match failure {
        Failure::NotSent(_) => "not-sent",
        Failure::Ambiguous(_) => "ambiguous",
        Failure::Throttled { .. } => "throttled",
        Failure::Unauthorised(_) => "unauthorised",
        Failure::Refused(_) => "refused",
    }
}

fn milliseconds(took: Duration) -> u64 {
    u64::try_from(took.as_millis()).unwrap_or(u64::MAX)
}
