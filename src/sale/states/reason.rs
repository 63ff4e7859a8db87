//! The reasons why a sale without a code on the screen waits.

use crate::domain::money::Amount;
use crate::domain::payment::{
    Activity, Condition, ConditionStatus, Decision, Failure, PaidBy, PaymentRequest, RequestId,
};
use crate::sale::{Job, Transition, WaitingFor};

/// The code of a refusal: the condition was answered before.
const ALREADY_SET: &str = "CONDITION_ALREADY_SET";
/// How many polls may still show a condition as open after the platform took its answer. One poll may have been in
/// flight, and another may come from an outdated copy.
const BEHIND: u8 = 2;

/// The reason why a sale waits.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Reason {
    /// The deadline has passed, but a payment of the last second may still come in.
    Settling,
    /// The patron confirms on the phone whose code was scanned.
    Barcode,
    /// A payment condition needs an answer.
    Condition(Question),
    /// A part came in, and the rest is awaited.
    PartPayment {
        /// All payments of the attempt.
        by: Vec<PaidBy>,
        /// The amount that is still owed, if the platform says so.
        remaining: Option<Amount>,
    },
    /// The program or the machine had stopped, so the platform is asked before anything else.
    Resuming {
        /// Whether the request belongs to the sale asked for, so that the patron may go on with it.
        own: bool,
        /// Whether anyone could have paid the request.
        payable: bool,
    },
}

impl Reason {
    /// Returns the reason why the code of an open request is not shown; `None` if it may be shown.
    pub(crate) fn of(request: &PaymentRequest, transition: &Transition<'_>) -> Option<Self> {
        let asked = transition.order()?.amount;
        let awaiting = |status| {
            let mut conditions = request.conditions.iter();

            conditions.find(|condition| condition.status == status)
        };
        // Only one condition is asked at a time, first those that the cashier can answer.
        let awaited = awaiting(ConditionStatus::AwaitingMerchant)
            .or_else(|| awaiting(ConditionStatus::AwaitingPatron));

        match awaited {
            Some(condition) => Some(Self::Condition(Question::new(condition.clone()))),
            None if !request.has_money(asked) => None,
            None => Some(Self::PartPayment {
                by: request.paid_by.clone(),
                remaining: request
                    .received(asked)
                    .and_then(|received| asked.checked_sub(received)),
            }),
        }
    }

    pub(crate) fn announce(&self, transition: &mut Transition<'_>) {
        match self {
            Self::Barcode => transition.announce_waiting(WaitingFor::Barcode, None),
            Self::Settling => transition.announce_waiting(WaitingFor::Settling, None),
            Self::Condition(question) => {
                let message = question.condition().message.to_string();

                transition.announce_waiting(WaitingFor::Condition, Some(message));
            }
            Self::PartPayment { by, remaining } => transition.announce_part_payment(by, *remaining),
            Self::Resuming { .. } => transition.announce_waiting(WaitingFor::Resuming, None),
        }
    }
}

/// A payment condition and the state of the cashier's answer.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Question {
    condition: Condition,
    given: AnswerState,
}

/// The state of the cashier's answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum AnswerState {
    /// No answer was given.
    None,
    /// The answer is on its way to the platform.
    Sent,
    /// The platform has accepted the answer. The number counts the polls since then.
    Taken(u8),
    /// The answer may not have arrived.
    Lost,
}

impl Question {
    pub(in super::super) fn new(condition: Condition) -> Self {
        Self {
            condition,
            given: AnswerState::None,
        }
    }

    /// Returns the condition.
    pub fn condition(&self) -> &Condition {
        &self.condition
    }

    /// Whether the cashier can answer the condition now.
    pub fn is_for_the_cashier(&self) -> bool {
        self.condition.status == ConditionStatus::AwaitingMerchant
            && matches!(self.given, AnswerState::None | AnswerState::Lost)
    }

    /// Whether the cashier gave an answer that may not have arrived.
    pub fn has_lost_an_answer(&self) -> bool {
        self.given == AnswerState::Lost
    }

    /// Returns the job that sends this decision; `None` if the cashier has nothing to answer.
    pub(in super::super) fn decide(
        &mut self,
        request: &RequestId,
        decision: Decision,
    ) -> Option<Job> {
        if !self.is_for_the_cashier() {
            return None;
        }
        self.given = AnswerState::Sent;

        Some(Job::Answer {
            id: request.clone(),
            condition: self.condition.id.clone(),
            decision,
        })
    }

    /// Records how the platform responded to the answer. Only a later status of the request shows the answer's
    /// effect.
    pub(in super::super) fn answered(&mut self, answer: &Result<Activity, Failure>) {
        if self.given != AnswerState::Sent {
            return;
        }
        self.given = match answer {
            Ok(_) => AnswerState::Taken(0),
            Err(Failure::Refused(refusal)) if refusal.code.as_str() == ALREADY_SET => {
                AnswerState::Taken(0)
            }
            Err(_) => AnswerState::Lost,
        };
    }

    /// Records that a poll shows the condition as open. If several polls after an accepted answer show that, the
    /// cashier is asked again.
    pub(in super::super) fn still_open(mut self) -> Self {
        self.given = match self.given {
            AnswerState::Taken(polls) if polls < BEHIND => AnswerState::Taken(polls + 1),
            AnswerState::Taken(_) => AnswerState::Lost,
            given => given,
        };

        self
    }
}
