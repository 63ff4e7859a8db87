//! What is sold, and by which names it goes.

use std::fmt;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use patron_display::config::{Merchant, MerchantKey, PayHost, QrContent};
use patron_display::money::{Amount, Currency};
use patron_display::payment::{Liveness, PatronCode};
use patron_display::qr::Code;
use patron_display::sale::{AttemptKey, Command, Order, Rules, Timing};
use url::Url;

use super::server;

/// A sale that a counter can make: a reference on certain terms.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Shop {
    A,
    B,
    /// The reference of A for another amount, which is another sale.
    DearerA,
    /// Its customer shows a code; and what its creates have made can be looked up.
    Barcode,
    /// The same if it cannot be looked up.
    BarcodeWithoutAccount,
    /// A shop with an account that gives the platform the till's own reference.
    AsGiven,
}

impl Shop {
    pub(crate) const ALL: [Self; 6] = [
        Self::A,
        Self::B,
        Self::DearerA,
        Self::Barcode,
        Self::BarcodeWithoutAccount,
        Self::AsGiven,
    ];

    pub(crate) fn reference(self) -> &'static str {
        match self {
            Self::A | Self::DearerA => "A",
            Self::B => "B",
            Self::Barcode => "C",
            Self::BarcodeWithoutAccount => "D",
            Self::AsGiven => "E",
        }
    }

    /// The letter that its tokens begin with.
    fn letter(self) -> &'static str {
        match self {
            Self::DearerA => "x",
            Self::A => "a",
            Self::B => "b",
            Self::Barcode => "c",
            Self::BarcodeWithoutAccount => "d",
            Self::AsGiven => "e",
        }
    }

    fn lettered(letter: &str) -> Self {
        let mut all = Self::ALL.into_iter();

        all.find(|shop| shop.letter() == letter).unwrap()
    }

    /// The sale that an order is for.
    pub(crate) fn of(order: &Order) -> Self {
        let matches = |shop: &Self| {
            shop.reference() == order.reference && shop.cents() == order.amount.minor()
        };

        Self::ALL.into_iter().find(matches).unwrap()
    }

    fn cents(self) -> u64 {
        if self == Self::DearerA { 9900 } else { 1250 }
    }

    pub(crate) fn has_account(self) -> bool {
        matches!(self, Self::Barcode | Self::AsGiven)
    }

    fn has_patron_code(self) -> bool {
        matches!(self, Self::Barcode | Self::BarcodeWithoutAccount)
    }
}

/// A counter with a journal of its own, by its number.
pub(crate) type Desk = u8;

/// One attempt at a sale: the platform knows its request, and the journal its row, by this.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Tag {
    pub(crate) shop: Shop,
    pub(crate) desk: Desk,
    pub(crate) attempt: u8,
}

/// The name of an attempt in one journal, and for the till.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Name {
    pub(crate) reference: &'static str,
    pub(crate) attempt: u8,
}

/// What the person at the counter, or the till, can ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Wish {
    Open,
    Sell(Shop),
    Settle,
    Cancel,
    Retry,
    Close,
    KeepChecking,
    CancelAndRefund,
    CloseAsPaid,
    CloseAsNotPaid,
    Leave,
}

impl Tag {
    /// Whether it can be paid as soon as it is made.
    pub(crate) fn has_barcode(self) -> bool {
        order(self.shop, self.desk)
            .barcode(self.attempt.into())
            .is_some()
    }

    pub(crate) fn name(self) -> Name {
        Name {
            reference: self.shop.reference(),
            attempt: self.attempt,
        }
    }

    /// What the platform knows it by, which another attempt may share.
    pub(crate) fn external_ref(self) -> String {
        order(self.shop, self.desk).external_ref(self.attempt.into())
    }

    /// By the id of its request.
    pub(crate) fn of_id(id: &str) -> Self {
        let (name, token) = id.split_once('_').unwrap();

        Self::of(name, token)
    }

    /// By the platform's reference, as `desk` uses it.
    pub(crate) fn of_reference(external_ref: &str, desk: Desk) -> Self {
        match external_ref.split_once('.') {
            Some((name, token)) => Self::of(name, token),
            None => Self {
                shop: Shop::AsGiven,
                desk,
                attempt: attempt(external_ref),
            },
        }
    }

    fn of(name: &str, token: &str) -> Self {
        let (letter, desk) = token.split_at(1);

        Self {
            shop: Shop::lettered(letter),
            desk: desk.parse().unwrap(),
            attempt: attempt(name),
        }
    }
}

fn attempt(name: &str) -> u8 {
    name.split_once('-')
        .map_or(1, |(_, attempt)| attempt.parse().unwrap())
}

impl Name {
    pub(crate) fn of(name: &str) -> Self {
        let reference = name.split('-').next().unwrap();
        let known = Shop::ALL.into_iter().map(Shop::reference);

        Self {
            reference: known.into_iter().find(|known| *known == reference).unwrap(),
            attempt: attempt(name),
        }
    }
}

impl From<&AttemptKey> for Name {
    fn from(key: &AttemptKey) -> Self {
        Self {
            attempt: u8::try_from(key.attempt).unwrap(),
            ..Self::of(&key.sale)
        }
    }
}

/// The id of its request.
impl fmt::Display for Tag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = order(self.shop, self.desk).attempt_reference(u32::from(self.attempt));

        write!(f, "{name}_{}{}", self.shop.letter(), self.desk)
    }
}

impl Wish {
    pub(crate) fn command(self, desk: Desk) -> Command {
        let close = |paid| Command::CloseByStaff {
            by: "Ana".to_owned(),
            paid,
        };
        match self {
            Self::Open => Command::Open,
            Self::Sell(shop) => Command::Start(order(shop, desk)),
            Self::Settle => Command::Settle,
            Self::Cancel => Command::Cancel,
            Self::Retry => Command::Retry,
            Self::Close => Command::Close,
            Self::KeepChecking => Command::KeepChecking,
            Self::CancelAndRefund => Command::CancelAndRefund,
            Self::CloseAsPaid => close(true),
            Self::CloseAsNotPaid => close(false),
            Self::Leave => Command::Leave,
        }
    }
}

/// What every hand-over of the model is called. A row knows whether it is the present one's.
pub(crate) const HANDOVER: &str = "now";

pub(crate) fn order(shop: Shop, desk: Desk) -> Order {
    Order {
        amount: Amount::from_minor(shop.cents(), Currency::NZD),
        merchant_key: MerchantKey::new("cafe"),
        merchant: Merchant {
            config_id: "5ee168e8597be5002af7b454".to_owned(),
            name: String::new(),
            currency: Currency::NZD,
            liveness: Liveness::Main,
            expiry_seconds: 120,
            account_id: shop.has_account().then(|| "account".to_owned()),
        },
        reference: shop.reference().to_owned(),
        token: (shop != Shop::AsGiven).then(|| format!("{}{desk}", shop.letter())),
        handover: Some(HANDOVER.to_owned()),
        operator: None,
        particulars: patron_display::sale::Particulars::default().into(),
        patron_code: shop
            .has_patron_code()
            .then(|| PatronCode::parse("9990001234567890").unwrap()),
    }
}

pub(crate) fn rules() -> Rules {
    Rules {
        base_url: Url::parse("https://service.centrapay.com").unwrap(),
        pay_hosts: vec![PayHost {
            host: "app.centrapay.com".to_owned(),
            port: None,
        }],
        content: QrContent::PaymentUrl,
    }
}

pub(crate) fn timing() -> Timing {
    Timing {
        close_after: Duration::from_secs(8),
        leave_after: None,
        counters: 1,
        reference_lifetime: Duration::from_secs(30 * 24 * 60 * 60),
    }
}

/// The code of a request. It is the same for all: it is large, making it takes a while, and nothing
/// depends on what it looks like.
pub(crate) fn code(tag: Tag) -> Arc<Code> {
    static CODE: OnceLock<Arc<Code>> = OnceLock::new();
    let make = || Arc::new(Code::proven(&server::url(tag)).unwrap());

    Arc::clone(CODE.get_or_init(make))
}
