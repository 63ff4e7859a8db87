//! What the log says of a sale: every call and its answer, and what the till was told. Enough to
//! find out later what happened; never the key, a code's url, or who paid.

use std::borrow::Cow;
use std::collections::HashMap;
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use crate::payment::{Activity, Decision, Failure, PaymentRequest, Refusal, RequestId, odd_sum};
use crate::sale::{Announcement, AttemptKey, Ending, Mark, NewRequest, Order, Rejection};

/// The log of one launch. Clones share what it remembers: what was answered last, so that an
/// answer that says the same once more is told at a lower level.
#[derive(Debug, Clone, Default)]
pub(super) struct Log {
    last: Arc<Mutex<HashMap<(Call, RequestId), u64>>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Call {
    Read,
    Activities,
}

impl Log {
    /// An attempt is about to be journaled, and then created.
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
            "an attempt begins"
        );
    }

    /// An attempt has ended.
    pub(super) fn verdict(key: &AttemptKey, ending: &Ending, late: bool) {
        let why = match ending {
            Ending::Rejected(Rejection::Platform(refusal) | Rejection::Key(refusal)) => {
                Some(format!("{} {}", refusal.status, refusal.code))
            }
            Ending::Unreachable(failure) => Some(without_reason(failure).to_string()),
            other => other.reason(),
        };
        let meaning = match ending {
            Ending::Rejected(Rejection::Platform(refusal) | Rejection::Key(refusal)) => {
                refusal.meaning()
            }
            Ending::Unreachable(failure) => failure.meaning(),
            _ => None,
        };
        tracing::info!(
            sale = key.sale,
            attempt = key.attempt,
            outcome = ending.name(),
            why,
            meaning,
            late,
            "an attempt has ended"
        );
    }

    /// A record is on disk.
    pub(super) fn recorded(mark: Mark, took: Duration) {
        tracing::debug!(?mark, took_ms = milliseconds(took), "recorded");
    }

    /// A create was answered, or not.
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

    /// A look-up by reference was answered, or not.
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
                        "found under this reference, may be paid, and was never shown here"
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

    /// A read was answered, or not. `unreadable`: how many answers could not be read so far.
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
            Ok(request) if self.is_news(Call::Read, id, &timeless(request)) => {
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
                    tracing::warn!(id = asked, odd, "the sums of a payment do not fit");
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

    /// The answer to a payment condition has arrived, or not.
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

    /// A void is sent. The program may be gone before the answer is there.
    pub(super) fn voiding(id: &RequestId) {
        tracing::info!(id = id.as_str(), "a void is sent");
    }

    /// A void was answered, or not.
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

    /// What happened to a request was listed, or not.
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
                if self.is_news(Call::Activities, id, list) {
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

    /// Whether this was not the last answer about `id`; from now on it is.
    fn is_news(&self, call: Call, id: &RequestId, answer: &impl Hash) -> bool {
        let mut hasher = DefaultHasher::new();
        answer.hash(&mut hasher);
        let answer = hasher.finish();
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);

        last.insert((call, id.clone()), answer) != Some(answer)
    }
}

/// What a request says that does not change by itself from one second to the next.
fn timeless(request: &PaymentRequest) -> PaymentRequest {
    PaymentRequest {
        time_left: None,
        age: None,
        ..request.clone()
    }
}

/// The till is told this.
pub(super) fn told(announcement: &Announcement) {
    match announcement {
        Announcement::Created {
            attempt,
            id,
            short_code,
            external_ref,
            ..
        } => tracing::info!(attempt, id, short_code, external_ref, "told: created"),
        Announcement::Shown { attempt, id } => tracing::info!(attempt, id, "told: shown"),
        Announcement::Waiting {
            attempt, reason, ..
        } => {
            tracing::info!(attempt, ?reason, "told: waiting");
        }
        Announcement::Link { state } => tracing::info!(?state, "told: link"),
        Announcement::Ended {
            attempt,
            id,
            outcome,
            repeated,
        } => {
            let repeated = repeated.is_some();

            tracing::info!(attempt, id, outcome, repeated, "told: ended");
        }
        Announcement::Earlier {
            id,
            short_code,
            external_ref,
            outcome,
            late,
        } => tracing::info!(id, short_code, external_ref, outcome, late, "told: earlier"),
        Announcement::Outcome {
            outcome,
            id,
            short_code,
            external_ref,
            ..
        } => tracing::info!(outcome, id, short_code, external_ref, "told: outcome"),
        Announcement::Error { message } => tracing::info!(why = message, "told: error"),
    }
}

/// A failure without the platform's free text, which may name who pays. The code says enough; the text
/// is for the cashier.
fn without_reason(failure: &Failure) -> Cow<'_, Failure> {
    let curt = |refusal: &Refusal| Refusal {
        reason: None,
        ..refusal.clone()
    };

    match failure {
        Failure::Unauthorised(refusal) => Cow::Owned(Failure::Unauthorised(curt(refusal))),
        Failure::Refused(refusal) => Cow::Owned(Failure::Refused(curt(refusal))),
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
