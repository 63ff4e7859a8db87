//! The shop that the properties use.

use url::Url;

use crate::domain::merchant::{Merchant, MerchantKey};
use crate::domain::money::{Amount, Currency};
use crate::domain::order::Order;
use crate::domain::payment::{Liveness, PayHost, QrContent};
use crate::sale::Rules;

pub(crate) const PLATFORM: &str = "https://service.centrapay.com";
pub(crate) const CONFIG_ID: &str = "5ee168e8597be5002af7b454";
pub(crate) const MINOR: u64 = 10_000;
pub(crate) const ID: &str = "MhocUmpxxmgdHjr7DgKoKw";

pub(crate) const PAY_URLS: [&str; 2] = [
    "https://app.centrapay.com/pay/",
    "https://pay.example:8443/pay/",
];

/// Returns an order that fits the sample in the platform's documentation.
pub(crate) fn order(liveness: Liveness) -> Order {
    Order {
        amount: Amount::from_minor(MINOR, Currency::NZD),
        merchant_key: MerchantKey::new("cafe"),
        merchant: Merchant {
            config_id: CONFIG_ID.to_owned(),
            name: "Centrapay Café".to_owned(),
            currency: Currency::NZD,
            liveness,
            expiry_seconds: 120,
            account_id: None,
        },
        reference: "A1".to_owned(),
        token: Some("t0k3n".to_owned()),
        handover: None,
        operator: None,
        particulars: crate::domain::order::Particulars::default().into(),
        patron_code: None,
    }
}

/// Returns rules with the hosts of [`PAY_URLS`].
pub(crate) fn rules(content: QrContent) -> Rules {
    let host = |host: &str, port| PayHost {
        host: host.to_owned(),
        port,
    };

    Rules {
        base_url: Url::parse(PLATFORM).expect("an address"),
        pay_hosts: vec![
            host("app.centrapay.com", None),
            host("pay.example", Some(8443)),
        ],
        content,
    }
}

/// Returns the rules of a sandbox on this machine, which may use plain http.
pub(crate) fn sandbox() -> Rules {
    Rules {
        base_url: Url::parse("http://127.0.0.1:8787").expect("an address"),
        pay_hosts: vec![PayHost {
            host: "127.0.0.1".to_owned(),
            port: None,
        }],
        content: QrContent::PaymentUrl,
    }
}
