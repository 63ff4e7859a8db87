use crate::payment::{Activity, Condition, ConditionStatus, Decision, Failure, RequestId};
use crate::sale::Job;

/// The refusal that says that a condition was answered before.
const ALREADY_SET: &str = "CONDITION_ALREADY_SET";
/// So many polls may still show a condition as open after its answer has arrived: one may have
/// been on its way, and one answered from what is a little behind.
const BEHIND: u8 = 2;

/// A payment condition, and how far its answer has come. Nobody but a person answers it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Question {
    condition: Condition,
    given: Given,
}

/// How far an answer has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Given {
    /// There is none.
    None,
    /// It is on its way.
    Sent,
    /// The platform has taken it, and has been asked so often since how the request stands.
    Taken(u8),
    /// It has not arrived, as far as is known.
    Lost,
}

impl Question {
    pub(super) fn new(condition: Condition) -> Self {
        Self {
            condition,
            given: Given::None,
        }
    }

    /// What is asked.
    pub fn condition(&self) -> &Condition {
        &self.condition
    }

    /// Whether the cashier can answer it now.
    pub fn is_for_the_cashier(&self) -> bool {
        self.condition.status == ConditionStatus::AwaitingMerchant
            && matches!(self.given, Given::None | Given::Lost)
    }

    /// Whether an answer was given and has not arrived, as far as is known.
    pub fn has_lost_an_answer(&self) -> bool {
        self.given == Given::Lost
    }

    /// What sends this answer; `None` where nobody waits for one.
    pub(super) fn decide(&mut self, request: &RequestId, decision: Decision) -> Option<Job> {
        if !self.is_for_the_cashier() {
            return None;
        }
        self.given = Given::Sent;

        Some(Job::Answer {
            id: request.clone(),
            condition: self.condition.id.clone(),
            decision,
        })
    }

    /// What came of an answer. Only the request's status says what the platform makes of it.
    pub(super) fn answered(&mut self, answer: &Result<Activity, Failure>) {
        if self.given != Given::Sent {
            return;
        }
        self.given = match answer {
            Ok(_) => Given::Taken(0),
            Err(Failure::Refused(refusal)) if refusal.code.as_str() == ALREADY_SET => {
                Given::Taken(0)
            }
            Err(_) => Given::Lost,
        };
    }

    /// The platform says once more that it is open. An answer that it has taken and does not know
    /// of is asked for again.
    pub(super) fn still_open(mut self) -> Self {
        self.given = match self.given {
            Given::Taken(polls) if polls < BEHIND => Given::Taken(polls + 1),
            Given::Taken(_) => Given::Lost,
            given => given,
        };

        self
    }
}
