//! Kinds of a merchant's calls, and when calls came in.

use std::collections::{BTreeMap, VecDeque};
use std::time::Instant;

use serde::{Deserialize, Serialize};

/// A kind of merchant's call. Fault scripts use its name in kebab-case, such as `by-short-code`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", rename_all = "kebab-case")]
pub enum ApiCall {
    /// Creates a payment request.
    Create,
    /// Reads a payment request by its id; a poll is such a read.
    Read,
    /// Looks up by `externalRef`.
    ByExternalRef,
    /// Looks up by short code.
    ByShortCode,
    /// Voids a request.
    Void,
    /// Refunds all or part.
    Refund,
    /// Lists a request's activities.
    Activities,
    /// Accepts a condition.
    AcceptCondition,
    /// Declines a condition.
    DeclineCondition,
    /// Any of the kinds above.
    Any,
}

impl ApiCall {
    /// All other kinds, then [`ApiCall::Any`].
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

    /// The name in fault scripts.
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

impl TryFrom<String> for ApiCall {
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

/// The most calls whose times are kept. The times of older calls are forgotten, but the calls still count.
const KEPT: usize = 10_000;

/// All calls that came in, with or without an answer.
#[derive(Debug, Default)]
pub(super) struct CallLog {
    counts: BTreeMap<ApiCall, u64>,
    /// The last calls, the oldest first.
    recent: VecDeque<(ApiCall, Instant)>,
}

impl CallLog {
    pub(super) fn add(&mut self, call: ApiCall, at: Instant) {
        *self.counts.entry(call).or_default() += 1;
        if self.recent.len() == KEPT {
            self.recent.pop_front();
        }
        self.recent.push_back((call, at));
    }

    pub(super) fn count(&self, wanted: ApiCall) -> u64 {
        match wanted {
            ApiCall::Any => self.counts.values().sum(),
            _ => self.counts.get(&wanted).copied().unwrap_or_default(),
        }
    }

    /// The times of calls of this kind, oldest first.
    pub(super) fn times(&self, wanted: ApiCall) -> Vec<Instant> {
        self.recent
            .iter()
            .filter(|(call, _)| wanted == ApiCall::Any || *call == wanted)
            .map(|(_, at)| *at)
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn old_times_are_dropped_but_counted() {
        let mut log = CallLog::default();
        let first = Instant::now();
        log.add(ApiCall::Create, first);
        let later = Instant::now();
        for _ in 0..KEPT {
            log.add(ApiCall::Read, later);
        }

        assert_eq!(log.count(ApiCall::Any), KEPT as u64 + 1);
        assert_eq!(log.count(ApiCall::Create), 1);
        assert!(log.times(ApiCall::Create).is_empty());
        assert_eq!(log.times(ApiCall::Any).len(), KEPT);
    }
}
