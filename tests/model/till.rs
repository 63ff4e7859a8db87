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

/// A sale at this counter, by the till's reference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Shop {
    A,
    B,
    /// Its customer shows a code; and what its creates have made can be looked up.
    Barcode,
    /// The same where it cannot.
    BarcodeWithoutAccount,
}

impl Shop {
    pub(crate) const ALL: [Self; 4] =
        [Self::A, Self::B, Self::Barcode, Self::BarcodeWithoutAccount];

    pub(crate) fn reference(self) -> &'static str {
        match self {
            Self::A => "A",
            Self::B => "B",
            Self::Barcode => "C",
            Self::BarcodeWithoutAccount => "D",
        }
    }

    pub(crate) fn named(reference: &str) -> Self {
        match reference {
            "A" => Self::A,
            "B" => Self::B,
            "C" => Self::Barcode,
            "D" => Self::BarcodeWithoutAccount,
            other => panic!("nobody sells {other}"),
        }
    }

    pub(crate) fn has_account(self) -> bool {
        self == Self::Barcode
    }

    fn has_patron_code(self) -> bool {
        matches!(self, Self::Barcode | Self::BarcodeWithoutAccount)
    }
}

/// One attempt at a sale: the platform knows its request, and the journal its row, by this.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Tag {
    pub(crate) shop: Shop,
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
    SettledByHand,
    Leave,
}

impl Tag {
    /// Whether it can be paid as soon as it is made.
    pub(crate) fn has_barcode(self) -> bool {
        order(self.shop).barcode(self.attempt.into()).is_some()
    }

    /// By the reference, or the id, of the attempt.
    pub(crate) fn named(name: &str) -> Self {
        let (reference, attempt) = name.split_once('-').unwrap_or((name, "1"));

        Self {
            shop: Shop::named(reference),
            attempt: attempt.parse().unwrap(),
        }
    }
}

impl From<&AttemptKey> for Tag {
    fn from(key: &AttemptKey) -> Self {
        Self {
            shop: Shop::named(&key.sale),
            attempt: u8::try_from(key.attempt).unwrap(),
        }
    }
}

impl fmt::Display for Tag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&order(self.shop).external_ref(u32::from(self.attempt)))
    }
}

impl Wish {
    pub(crate) fn command(self) -> Command {
        match self {
            Self::Open => Command::Open,
            Self::Sell(shop) => Command::Start(order(shop)),
            Self::Settle => Command::Settle,
            Self::Cancel => Command::Cancel,
            Self::Retry => Command::Retry,
            Self::Close => Command::Close,
            Self::KeepChecking => Command::KeepChecking,
            Self::CancelAndRefund => Command::CancelAndRefund,
            Self::SettledByHand => Command::CloseByStaff {
                by: "Ana".to_owned(),
                paid: false,
            },
            Self::Leave => Command::Leave,
        }
    }
}

pub(crate) fn order(shop: Shop) -> Order {
    Order {
        amount: Amount::from_minor(1250, Currency::NZD),
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
        token: Some("t0k3n".to_owned()),
        handover: None,
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
