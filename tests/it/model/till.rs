//! The sales of the tills, and the names of their attempts in the journal and at the platform.

use std::fmt;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use patron_display::domain::merchant::{Merchant, MerchantKey};
use patron_display::domain::money::{Amount, Currency};
use patron_display::domain::order::Order;
use patron_display::domain::payment::{Liveness, PatronCode};
use patron_display::domain::payment::{PayHost, QrContent};
use patron_display::qr::Code;
use patron_display::sale::{AttemptKey, Command, Rules, Timing};
use url::Url;

/// A sale that a counter can make.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Shop {
    A,
    B,
    /// The reference of A with another amount. This makes it another sale.
    DearerA,
    /// The customer shows a code. The merchant has an account, so lost creates can be looked up.
    Barcode,
    /// The customer shows a code. The merchant has no account, so lost creates cannot be looked up.
    BarcodeWithoutAccount,
    /// The platform gets the till's own reference, without a token.
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

    /// Returns the first letter of the tokens.
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

/// The number of a counter. Each counter has its own journal.
pub(crate) type Desk = u8;

/// An attempt of a sale. A tag identifies the request at the platform and the row in the journal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Tag {
    pub(crate) shop: Shop,
    pub(crate) desk: Desk,
    pub(crate) attempt: u8,
}

/// The name of an attempt, as one journal and its till know it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Name {
    pub(crate) reference: &'static str,
    pub(crate) attempt: u8,
}

/// A command of the cashier or the till.
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

    /// Returns the attempt's reference at the platform. Two attempts may have the same one.
    pub(crate) fn external_ref(self) -> String {
        order(self.shop, self.desk).external_ref(self.attempt.into())
    }

    /// Returns the attempt of a request with this id.
    pub(crate) fn of_id(id: &str) -> Self {
        let (name, token) = id.split_once('_').unwrap();

        Self::of(name, token)
    }

    /// Returns the attempt of `desk` with this reference at the platform.
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

    /// Returns the tag of the sale's next attempt.
    pub(crate) fn another(self) -> Self {
        Self {
            attempt: self.attempt + 1,
            ..self
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

/// Writes the id of the request.
impl fmt::Display for Tag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = order(self.shop, self.desk).attempt_reference(u32::from(self.attempt));

        write!(f, "{name}_{}{}", self.shop.letter(), self.desk)
    }
}

impl Wish {
    pub(crate) fn is_sale(self) -> bool {
        matches!(self, Self::Sell(_))
    }

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

/// The name of every hand-over. Each row stores whether it belongs to the current hand-over.
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
        particulars: patron_display::domain::order::Particulars::default().into(),
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
        poll_every: Duration::from_secs(1),
        counters: 1,
        reference_lifetime: Duration::from_secs(30 * 24 * 60 * 60),
        outcome_at_once: false,
    }
}

/// Returns the times of a resident display: its till is told of a payment at once.
pub(crate) fn resident_timing() -> Timing {
    Timing {
        outcome_at_once: true,
        ..timing()
    }
}

/// Returns the code of a request. All requests share one code, because making a code takes long and no result
/// depends on its content.
pub(crate) fn code() -> Arc<Code> {
    static CODE: OnceLock<Arc<Code>> = OnceLock::new();
    let make = || Arc::new(Code::proven("https://app.centrapay.com/pay/R0").unwrap());

    Arc::clone(CODE.get_or_init(make))
}
