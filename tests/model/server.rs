//! The platform: what it holds about each request, whatever the display believes.

use std::time::Duration;

use patron_display::money::{Amount, Currency};
use patron_display::payment::{
    Activity, ActivityKind, CancellationReason, ConfigId, Failure, Liveness, PaidBy, PayUrl,
    PaymentRequest, Refusal, RequestId, Status, Text,
};

use super::till::{Desk, Tag, order};

/// Every request that was made, sorted by its reference: no two share one, so that the order in
/// which they were made does not matter.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub(crate) struct Server {
    requests: Vec<Request>,
    /// Two creates came under one reference that has a token.
    pub(crate) repeated: bool,
    /// A counter has voided a request of another counter.
    pub(crate) trespassed: bool,
}

/// One request, and what is known of it outside the platform's own word.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Request {
    /// Its reference, which is its id as well.
    pub(crate) tag: Tag,
    /// The platform's word.
    pub(crate) word: Word,
    /// Whether money came in.
    pub(crate) captured: bool,
    /// Whether it went back.
    pub(crate) refunded: bool,
    /// Whether it came in after the platform itself had called the request expired or cancelled.
    pub(crate) late: bool,
    /// Whether the means of payment cannot be taken back.
    pub(crate) kept: bool,
    /// Whether its code was ever on the screen, so that somebody may have a photograph of it; or it was
    /// made with the customer's, whose phone then asks to pay it.
    pub(crate) presented: bool,
}

/// The platform's word on a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Word {
    New,
    Paid,
    Expired,
    Cancelled,
    /// Open, and a part came in.
    NewInPart,
    /// Paid, and something remains.
    PaidInPart,
    /// Over, and a part had come in.
    ExpiredInPart,
    CancelledInPart,
}

impl Word {
    pub(crate) const ALL: [Self; 8] = [
        Self::New,
        Self::Paid,
        Self::Expired,
        Self::Cancelled,
        Self::NewInPart,
        Self::PaidInPart,
        Self::ExpiredInPart,
        Self::CancelledInPart,
    ];

    /// Whether it can be paid.
    pub(crate) fn is_open(self) -> bool {
        matches!(self, Self::New | Self::NewInPart)
    }

    pub(crate) fn is_in_part(self) -> bool {
        matches!(
            self,
            Self::NewInPart | Self::PaidInPart | Self::ExpiredInPart | Self::CancelledInPart
        )
    }
}

/// What a void was answered with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum VoidAnswer {
    Cancelled,
    Refunded,
    Refused(&'static str),
}

impl Request {
    /// Whether the customer is charged by it.
    pub(crate) fn charges(&self) -> bool {
        self.captured && !self.refunded
    }

    pub(crate) fn is_paid_in_full(&self) -> bool {
        self.charges() && !self.word.is_in_part()
    }

    /// Whether somebody who has its code can pay it.
    pub(crate) fn is_payable(&self) -> bool {
        self.presented && self.word.is_open()
    }
}

impl Server {
    pub(crate) fn requests(&self) -> &[Request] {
        &self.requests
    }

    pub(crate) fn get(&self, tag: Tag) -> Option<&Request> {
        self.requests.iter().find(|request| request.tag == tag)
    }

    pub(crate) fn word(&self, tag: Tag) -> Option<Word> {
        self.get(tag).map(|request| request.word)
    }

    pub(crate) fn get_mut(&mut self, tag: Tag) -> Option<&mut Request> {
        self.requests.iter_mut().find(|request| request.tag == tag)
    }

    pub(crate) fn create(&mut self, tag: Tag) {
        match self
            .requests
            .binary_search_by_key(&tag, |request| request.tag)
        {
            Ok(_) => self.repeated = true,
            Err(place) => self.requests.insert(
                place,
                Request {
                    tag,
                    word: Word::New,
                    captured: false,
                    refunded: false,
                    late: false,
                    kept: false,
                    presented: tag.has_barcode(),
                },
            ),
        }
    }

    /// What stands under a reference, as the platform's list has it.
    pub(crate) fn under(&self, external_ref: &str) -> Vec<(Tag, Word)> {
        let found = self.requests.iter();

        found
            .filter(|request| request.tag.external_ref() == external_ref)
            .map(|request| (request.tag, request.word))
            .collect()
    }

    /// A void of `desk` cancels what is open and takes back what was paid.
    pub(crate) fn void(&mut self, tag: Tag, desk: Desk) -> VoidAnswer {
        self.trespassed |= tag.desk != desk;
        let Some(request) = self.get_mut(tag) else {
            return VoidAnswer::Refused("NOT_FOUND");
        };
        match request.word {
            Word::New => {
                request.word = Word::Cancelled;

                VoidAnswer::Cancelled
            }
            // The part goes back in the platform's own time.
            Word::NewInPart => {
                request.word = Word::CancelledInPart;

                VoidAnswer::Cancelled
            }
            Word::Paid | Word::PaidInPart if request.refunded => {
                VoidAnswer::Refused("ALREADY_REFUNDED")
            }
            Word::Paid | Word::PaidInPart if request.kept => {
                VoidAnswer::Refused("REFUND_NOT_SUPPORTED")
            }
            Word::Paid | Word::PaidInPart => {
                request.refunded = true;

                VoidAnswer::Refunded
            }
            Word::Expired | Word::ExpiredInPart => VoidAnswer::Refused("REQUEST_EXPIRED"),
            Word::Cancelled | Word::CancelledInPart => VoidAnswer::Refused("REQUEST_CANCELLED"),
        }
    }

    /// Money comes in: in time, or after the platform had called the request over.
    pub(crate) fn pay(&mut self, tag: Tag, kept: bool) {
        if let Some(request) = self.get_mut(tag) {
            request.late = !request.word.is_open();
            request.word = Word::Paid;
            request.captured = true;
            request.kept = kept;
        }
    }

    /// A part comes in: more may follow, or it is the last.
    pub(crate) fn pay_part(&mut self, tag: Tag, is_last: bool) {
        if let Some(request) = self.get_mut(tag) {
            request.word = if is_last {
                Word::PaidInPart
            } else {
                Word::NewInPart
            };
            request.captured = true;
        }
    }

    /// What had come in before a request was over goes back.
    pub(crate) fn give_part_back(&mut self, tag: Tag) {
        if let Some(request) = self.get_mut(tag) {
            request.refunded = true;
        }
    }

    pub(crate) fn expire(&mut self, tag: Tag) {
        if let Some(request) = self.get_mut(tag) {
            request.word = if request.word.is_in_part() {
                Word::ExpiredInPart
            } else {
                Word::Expired
            };
        }
    }
}

/// How much the platform says of the money that came in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Manner {
    /// `remainingAmount` and `paidBy` of a payment in part.
    #[default]
    Full,
    /// No `remainingAmount`, as in the documented samples; `paidBy` has all that came in.
    WithoutRemaining,
}

/// A request as the platform describes it to those who read it.
pub(crate) fn description(tag: Tag, word: Word, has_time: bool, manner: Manner) -> PaymentRequest {
    let order = order(tag.shop, tag.desk);
    let came_in = match (word, manner) {
        (Word::Paid, Manner::WithoutRemaining) => Some(order.amount),
        _ if word.is_in_part() => order.amount.checked_sub(remaining()),
        _ => None,
    };

    PaymentRequest {
        id: id(tag),
        short_code: None,
        url: PayUrl::parse(&url(tag)),
        value: Some(order.amount),
        status: match word {
            Word::New | Word::NewInPart => Status::New,
            Word::Paid | Word::PaidInPart => Status::Paid,
            Word::Expired | Word::ExpiredInPart => Status::Expired,
            Word::Cancelled | Word::CancelledInPart => Status::Cancelled,
        },
        liveness: Some(Liveness::Main),
        external_ref: None,
        config_id: Some(ConfigId::new(&order.merchant.config_id)),
        merchant_name: None,
        validity: Some(Duration::from_secs(120)),
        time_left: has_time.then_some(Duration::from_secs(120)),
        age: None,
        created_at: None,
        expires_at: None,
        updated_at: None,
        remaining: (word.is_in_part() && manner == Manner::Full).then(remaining),
        conditions: Vec::new(),
        paid_by: came_in
            .map(|total| PaidBy {
                description: Text::clean("a means"),
                total: Some(total),
                ..PaidBy::default()
            })
            .into_iter()
            .collect(),
        cancellation_reason: matches!(word, Word::Cancelled | Word::CancelledInPart)
            .then_some(CancellationReason::CancelledByMerchant),
    }
}

/// What is still owed where a part came in.
pub(crate) fn remaining() -> Amount {
    Amount::from_minor(1, Currency::NZD)
}

pub(crate) fn id(tag: Tag) -> RequestId {
    RequestId::new(&tag.to_string()).unwrap()
}

pub(crate) fn url(tag: Tag) -> String {
    format!("https://app.centrapay.com/pay/{tag}")
}

impl VoidAnswer {
    /// The answer to a void of this request, of which all or a part was paid.
    pub(crate) fn activity(self, tag: Tag, word: Word) -> Result<Activity, Failure> {
        let kind = match self {
            Self::Cancelled => ActivityKind::Cancellation,
            Self::Refunded => ActivityKind::Refund,
            Self::Refused(code) => {
                return Err(Failure::Refused(Refusal {
                    status: 403,
                    code: Text::clean(code),
                    reason: None,
                }));
            }
        };

        Ok(activity(tag, kind, received(tag, word)))
    }
}

fn activity(tag: Tag, kind: ActivityKind, value: Amount) -> Activity {
    Activity {
        request: Some(id(tag)),
        value: Some(value),
        ..Activity::of_kind(kind)
    }
}

/// What came in of a request that has money.
fn received(tag: Tag, word: Word) -> Amount {
    let amount = order(tag.shop, tag.desk).amount;

    match word.is_in_part() {
        true => amount.checked_sub(remaining()).unwrap(),
        false => amount,
    }
}

/// What the platform lists as having happened to a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Listed {
    Nothing,
    Refund,
    /// A refund of one cent, and one of another request.
    OddRefunds,
}

impl Listed {
    pub(crate) fn activities(self, tag: Tag, word: Word) -> Vec<Activity> {
        let payment = activity(
            tag,
            ActivityKind::Other(Text::clean("payment")),
            received(tag, word),
        );
        let refund = |of, value| activity(of, ActivityKind::Refund, value);
        let another = Tag {
            attempt: tag.attempt + 1,
            ..tag
        };

        match self {
            Self::Nothing => vec![payment],
            Self::Refund => vec![refund(tag, received(tag, word)), payment],
            Self::OddRefunds => vec![
                refund(tag, remaining()),
                refund(another, received(tag, word)),
                payment,
            ],
        }
    }
}
