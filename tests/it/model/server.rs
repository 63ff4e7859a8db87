//! The platform and its payment requests.

use std::time::Duration;

use patron_display::domain::money::{Amount, Currency};
use patron_display::domain::payment::{
    Activity, ActivityKind, CancellationReason, ConfigId, Failure, Liveness, PaidBy, PayUrl,
    PaymentRequest, Refusal, RequestId, Status, Text,
};

use super::till::{Desk, Tag, order};

/// All requests, sorted by their unique references, so that the order of creation makes no difference.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub(crate) struct Server {
    requests: Vec<Request>,
    /// Whether two creates had the same reference, although it has a token.
    pub(crate) repeated: bool,
    /// Whether a counter voided another counter's request.
    pub(crate) trespassed: bool,
}

/// A payment request with its true state.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Request {
    /// The attempt. It gives the request's reference and id.
    pub(crate) tag: Tag,
    /// The status that the platform reports.
    pub(crate) word: Word,
    /// Whether the platform received money for the request.
    pub(crate) captured: bool,
    /// Whether the platform returned the money.
    pub(crate) refunded: bool,
    /// Whether the money arrived after the platform had reported the request as expired or cancelled.
    pub(crate) late: bool,
    /// Whether the payment cannot be refunded.
    pub(crate) kept: bool,
    /// Whether a customer can pay the request: the code was on the screen and may have been photographed, or
    /// the request was created with the customer's code, so the phone asks for the payment.
    pub(crate) presented: bool,
}

/// The status of a request at the platform.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Word {
    New,
    Paid,
    Expired,
    Cancelled,
    /// Open. A part was paid.
    NewInPart,
    /// Paid, but an amount remains.
    PaidInPart,
    /// Expired. A part was paid before.
    ExpiredInPart,
    /// Cancelled. A part was paid before.
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

/// The platform's answer to a void.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum VoidAnswer {
    Cancelled,
    Refunded,
    Refused(&'static str),
}

impl Request {
    /// Whether the merchant has the customer's money.
    pub(crate) fn charges(&self) -> bool {
        self.captured && !self.refunded
    }

    pub(crate) fn is_paid_in_full(&self) -> bool {
        self.charges() && !self.word.is_in_part()
    }

    /// Whether a customer who has the code can still pay.
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

    /// Lists the requests with a reference.
    pub(crate) fn under(&self, external_ref: &str) -> Vec<(Tag, Word)> {
        let found = self.requests.iter();

        found
            .filter(|request| request.tag.external_ref() == external_ref)
            .map(|request| (request.tag, request.word))
            .collect()
    }

    /// Voids a request for the counter `desk`: cancels an open request, refunds a paid one.
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
            // The platform returns the paid part later.
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

    /// Receives the full payment, before or after the end of the request. If `kept`, it cannot be refunded.
    pub(crate) fn pay(&mut self, tag: Tag, kept: bool) {
        if let Some(request) = self.get_mut(tag) {
            request.late = !request.word.is_open();
            request.word = Word::Paid;
            request.captured = true;
            request.kept = kept;
        }
    }

    /// Receives a part of the payment.
    pub(crate) fn pay_part(&mut self, tag: Tag, is_last: bool) {
        if let Some(request) = self.get_mut(tag) {
            request.word = match is_last {
                true => Word::PaidInPart,
                false => Word::NewInPart,
            };
            request.captured = true;
        }
    }

    /// Gives back the part that was paid before the request ended.
    pub(crate) fn give_part_back(&mut self, tag: Tag) {
        if let Some(request) = self.get_mut(tag) {
            request.refunded = true;
        }
    }

    pub(crate) fn expire(&mut self, tag: Tag) {
        if let Some(request) = self.get_mut(tag) {
            request.word = match request.word.is_in_part() {
                true => Word::ExpiredInPart,
                false => Word::Expired,
            };
        }
    }
}

/// The fields that the platform uses to report what was paid.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Manner {
    /// `remainingAmount`, and for a part payment also `paidBy`.
    #[default]
    Full,
    /// No `remainingAmount`, as in the documented samples. `paidBy` lists every payment.
    WithoutRemaining,
}

/// Returns a request as the platform describes it.
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

/// The amount that remains after a part payment.
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
    /// Converts the platform's answer to what the client returns for a void of this request.
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

/// Returns the amount that was paid to a request that received money.
fn received(tag: Tag, word: Word) -> Amount {
    let amount = order(tag.shop, tag.desk).amount;

    match word.is_in_part() {
        true => amount.checked_sub(remaining()).unwrap(),
        false => amount,
    }
}

/// The refunds among the activities that the platform lists for a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Listed {
    Nothing,
    Refund,
    /// A refund of one cent of this request, and a refund of another request.
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

        match self {
            Self::Nothing => vec![payment],
            Self::Refund => vec![refund(tag, received(tag, word)), payment],
            Self::OddRefunds => vec![
                refund(tag, remaining()),
                refund(tag.another(), received(tag, word)),
                payment,
            ],
        }
    }
}
