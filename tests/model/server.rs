//! The platform: what it holds about each request, whatever the display believes.

use std::time::Duration;

use patron_display::payment::{
    Activity, ActivityKind, CancellationReason, ConfigId, Failure, Liveness, PayUrl,
    PaymentRequest, Refusal, RequestId, Status, Text,
};

use super::till::{Tag, order};

/// Every request that was made, sorted by its reference: no two share one, so that the order in
/// which they were made does not matter.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub(crate) struct Server {
    requests: Vec<Request>,
    /// Two creates came under one reference.
    pub(crate) repeated: bool,
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

    /// Whether somebody who has its code can pay it.
    pub(crate) fn is_payable(&self) -> bool {
        self.presented && self.word == Word::New
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

    /// A void cancels what is open and takes back what was paid.
    pub(crate) fn void(&mut self, tag: Tag) -> VoidAnswer {
        let Some(request) = self.get_mut(tag) else {
            return VoidAnswer::Refused("NOT_FOUND");
        };
        match request.word {
            Word::New => {
                request.word = Word::Cancelled;

                VoidAnswer::Cancelled
            }
            Word::Paid if request.refunded => VoidAnswer::Refused("ALREADY_REFUNDED"),
            Word::Paid if request.kept => VoidAnswer::Refused("REFUND_NOT_SUPPORTED"),
            Word::Paid => {
                request.refunded = true;

                VoidAnswer::Refunded
            }
            Word::Expired => VoidAnswer::Refused("REQUEST_EXPIRED"),
            Word::Cancelled => VoidAnswer::Refused("REQUEST_CANCELLED"),
        }
    }

    /// Money comes in: in time, or after the platform had called the request over.
    pub(crate) fn pay(&mut self, tag: Tag, kept: bool) {
        if let Some(request) = self.get_mut(tag) {
            request.late = request.word != Word::New;
            request.word = Word::Paid;
            request.captured = true;
            request.kept = kept;
        }
    }

    pub(crate) fn expire(&mut self, tag: Tag) {
        if let Some(request) = self.get_mut(tag) {
            request.word = Word::Expired;
        }
    }
}

/// A request as the platform describes it to those who read it.
pub(crate) fn description(tag: Tag, word: Word, has_time: bool) -> PaymentRequest {
    let order = order(tag.shop);

    PaymentRequest {
        id: id(tag),
        short_code: None,
        url: PayUrl::parse(&url(tag)),
        value: Some(order.amount),
        status: match word {
            Word::New => Status::New,
            Word::Paid => Status::Paid,
            Word::Expired => Status::Expired,
            Word::Cancelled => Status::Cancelled,
        },
        liveness: Some(Liveness::Main),
        external_ref: None,
        config_id: Some(ConfigId::new(&order.merchant.config_id)),
        merchant_name: None,
        validity: Some(Duration::from_secs(120)),
        time_left: has_time.then_some(Duration::from_secs(120)),
        age: None,
        expires_at: None,
        updated_at: None,
        remaining: None,
        conditions: Vec::new(),
        paid_by: Vec::new(),
        cancellation_reason: (word == Word::Cancelled)
            .then_some(CancellationReason::CancelledByMerchant),
    }
}

pub(crate) fn id(tag: Tag) -> RequestId {
    RequestId::new(&tag.to_string()).unwrap()
}

pub(crate) fn url(tag: Tag) -> String {
    format!("https://app.centrapay.com/pay/{tag}")
}

impl From<VoidAnswer> for Result<Activity, Failure> {
    fn from(answer: VoidAnswer) -> Self {
        let kind = match answer {
            VoidAnswer::Cancelled => ActivityKind::Cancellation,
            VoidAnswer::Refunded => ActivityKind::Refund,
            VoidAnswer::Refused(code) => {
                return Err(Failure::Refused(Refusal {
                    status: 403,
                    code: Text::clean(code),
                    reason: None,
                }));
            }
        };

        Ok(Activity { kind })
    }
}

/// What the platform lists as having happened to a request.
pub(crate) fn activities(refunded: bool) -> Vec<Activity> {
    let kind = if refunded {
        ActivityKind::Refund
    } else {
        ActivityKind::Other(Text::clean("payment"))
    };

    vec![Activity { kind }]
}
