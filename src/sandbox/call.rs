//! The merchant's calls by their kind, and when each came in.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::time::Instant;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use serde::{Deserialize, Serialize};

use super::server::Shared;

/// A kind of call that a merchant makes. A fault script names it in kebab-case, such as
/// `by-short-code`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "&'static str")]
pub enum Call {
    /// The create of a payment request.
    Create,
    /// The read of a payment request by its id, which is also the poll.
    Read,
    /// The look-up by `externalRef`.
    ByExternalRef,
    /// The look-up by short code.
    ByShortCode,
    /// The void.
    Void,
    /// The refund of all or a part.
    Refund,
    /// The list of a request's activities.
    Activities,
    /// The merchant's yes to a condition.
    AcceptCondition,
    /// The merchant's no to a condition.
    DeclineCondition,
    /// Each of them.
    Any,
}

impl Call {
    /// Each kind, and then all of them.
    pub const ALL: [Self; 10] = [
        Self::Create,
        Self::Read,
        Self::ByExternalRef,
        Self::ByShortCode,
        Self::Void,
        Self::Refund,
        Self::Activities,
        Self::AcceptCondition,
        Self::DeclineCondition,
        Self::Any,
    ];

    /// What a fault script calls it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Read => "read",
            Self::ByExternalRef => "by-external-ref",
            Self::ByShortCode => "by-short-code",
            Self::Void => "void",
            Self::Refund => "refund",
            Self::Activities => "activities",
            Self::AcceptCondition => "accept-condition",
            Self::DeclineCondition => "decline-condition",
            Self::Any => "any",
        }
    }
}

impl From<Call> for &'static str {
    fn from(call: Call) -> Self {
        call.word()
    }
}

impl TryFrom<String> for Call {
    type Error = String;

    fn try_from(word: String) -> Result<Self, String> {
        Self::ALL
            .into_iter()
            .find(|call| call.word() == word)
            .ok_or_else(|| {
                format!(
                    "there is no kind of call `{word}`; write one of {}",
                    Self::ALL.map(Self::word).join(", ")
                )
            })
    }
}

/// How many times are kept; older ones are forgotten, but still counted.
const KEPT: usize = 10_000;

/// Every call that came in, with and without an answer.
#[derive(Debug, Default)]
pub(super) struct CallLog {
    counts: BTreeMap<Call, u64>,
    /// Oldest first.
    recent: VecDeque<(Call, Instant)>,
}

impl CallLog {
    fn add(&mut self, call: Call, at: Instant) {
        *self.counts.entry(call).or_default() += 1;
        if self.recent.len() == KEPT {
            self.recent.pop_front();
        }
        self.recent.push_back((call, at));
    }

    pub(super) fn count(&self, wanted: Call) -> u64 {
        match wanted {
            Call::Any => self.counts.values().sum(),
            _ => self.counts.get(&wanted).copied().unwrap_or_default(),
        }
    }

    /// Oldest first.
    pub(super) fn times(&self, wanted: Call) -> Vec<Instant> {
        self.recent
            .iter()
            .filter(|(call, _)| wanted == Call::Any || *call == wanted)
            .map(|(_, at)| *at)
            .collect()
    }
}

/// Writes down that a call came in, before anybody decides about it.
pub(super) async fn count(
    State((shared, call)): State<(Arc<Shared>, Call)>,
    request: Request,
    next: Next,
) -> Response {
    shared.calls().add(call, Instant::now());

    next.run(request).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_forgotten_some_day_and_the_count_is_not() {
        let mut log = CallLog::default();
        let first = Instant::now();
        log.add(Call::Create, first);
        let later = Instant::now();
        for _ in 0..KEPT {
            log.add(Call::Read, later);
        }

        assert_eq!(log.count(Call::Any), KEPT as u64 + 1);
        assert_eq!(log.count(Call::Create), 1);
        assert!(log.times(Call::Create).is_empty());
        assert_eq!(log.times(Call::Any).len(), KEPT);
    }
}
