use jiff::Timestamp;

use super::*;
use crate::domain::basket::Basket;
use crate::domain::money::Currency;
use crate::domain::payment::{BadUrl, ConfigId, PaidBy, RequestId, ShortCode, Text};

const ID: &str = "MhocUmpxxmgdHjr7DgKoKw";
const CONFIG: &str = "5ee168e8597be5002af7b454";

fn nzd(minor: u64) -> Amount {
    Amount::from_minor(minor, Currency::NZD)
}

fn id(id: &str) -> RequestId {
    RequestId::new(id).expect("an id")
}

fn by_id() -> PaymentName {
    PaymentName::Id(id(ID))
}

fn shop() -> ConfiguredMerchants {
    ConfiguredMerchants {
        merchants: vec![(CONFIG.to_owned(), Liveness::Test)],
    }
}

fn paid_request() -> PaymentRequest {
    PaymentRequest {
        id: id(ID),
        short_code: Some(Text::clean("CP-C7F-ZS5")),
        url: Err(BadUrl::Missing),
        value: Some(nzd(1250)),
        status: Status::Paid,
        liveness: Some(Liveness::Test),
        external_ref: None,
        config_id: Some(ConfigId::new(CONFIG)),
        merchant_name: None,
        validity: None,
        time_left: None,
        age: None,
        created_at: None,
        expires_at: None,
        updated_at: None,
        remaining: None,
        conditions: Vec::new(),
        paid_by: Vec::new(),
        cancellation_reason: None,
    }
}

fn paid(request: &PaymentRequest) -> Result<Amount, RefundRejection> {
    shop().paid(&by_id(), request)
}

#[test]
fn paid_amount_is_value_less_remaining() {
    assert_eq!(paid(&paid_request()), Ok(nzd(1250)));
    for (remaining, expected) in [(0, Ok(nzd(1250))), (1000, Ok(nzd(250)))] {
        let request = PaymentRequest {
            remaining: Some(nzd(remaining)),
            ..paid_request()
        };
        assert_eq!(paid(&request), expected);
    }
}

#[test]
fn unknown_amount_is_refused() {
    for (value, remaining) in [
        (None, None),
        (Some(nzd(1250)), Some(nzd(1251))),
        (Some(nzd(1250)), Some(nzd(1250))),
        (Some(nzd(1250)), Some(Amount::from_minor(0, Currency::AUD))),
    ] {
        let request = PaymentRequest {
            value,
            remaining,
            ..paid_request()
        };
        assert_eq!(
            paid(&request),
            Err(RefundRejection::Mismatch(RefundMismatch::Amount))
        );
    }
}

#[test]
fn unpaid_request_is_refused() {
    for status in [
        Status::New,
        Status::Expired,
        Status::Cancelled,
        Status::Unknown(Text::clean("half-paid")),
    ] {
        let word = status.word().to_owned();
        let request = PaymentRequest {
            status,
            ..paid_request()
        };
        assert_eq!(paid(&request), Err(RefundRejection::NotPaid(word)));
    }
}

#[test]
fn another_request_is_refused() {
    let other = PaymentRequest {
        id: id("another"),
        ..paid_request()
    };
    assert_eq!(
        paid(&other),
        Err(RefundRejection::Mismatch(RefundMismatch::Id))
    );
    let code = |code| PaymentName::ShortCode(ShortCode::new(code).expect("a code"));
    let shop = shop();
    assert_eq!(
        shop.paid(&code("cp-c7f-zs5"), &paid_request()),
        Ok(nzd(1250))
    );
    let mismatch = Err(RefundRejection::Mismatch(RefundMismatch::ShortCode));
    assert_eq!(shop.paid(&code("CP-AAA-AAA"), &paid_request()), mismatch);
    let nameless = PaymentRequest {
        short_code: None,
        ..paid_request()
    };
    assert_eq!(shop.paid(&code("CP-C7F-ZS5"), &nameless), mismatch);
}

#[test]
fn other_liveness_is_refused() {
    let of = |config_id: &str, liveness| PaymentRequest {
        config_id: Some(ConfigId::new(config_id)),
        liveness: Some(liveness),
        ..paid_request()
    };
    let mismatch = Err(RefundRejection::Mismatch(RefundMismatch::Liveness));
    assert_eq!(paid(&of(CONFIG, Liveness::Main)), mismatch);
    assert_eq!(paid(&of("elsewhere", Liveness::Main)), mismatch);
    assert_eq!(
        paid(&of("elsewhere", Liveness::Test)),
        Ok(nzd(1250)),
        "an office refunds another counter's sale"
    );
}

fn asked(amount: Option<&str>, items: Option<&str>) -> RefundRequest {
    RefundRequest {
        name: by_id(),
        amount: amount.map(ToOwned::to_owned),
        items: items.map(|json| Basket::parse(json).expect("items")),
        invoice_ref: None,
        paid_on: None,
        external_ref: "R1".to_owned(),
    }
}

fn amount_of(typed: Option<&str>, paid: Amount) -> Result<Amount, UsageError> {
    amount(&asked(typed, None), paid)
}

#[test]
fn amount_has_payment_currency_and_limit() {
    assert_eq!(amount_of(None, nzd(1250)).expect("all"), nzd(1250));
    assert_eq!(amount_of(Some("5"), nzd(1250)).expect("a part"), nzd(500));
    assert_eq!(amount_of(Some("12.50"), nzd(1250)).expect("all"), nzd(1250));
    let yen = Amount::from_minor(1250, Currency::JPY);
    assert_eq!(amount_of(Some("5"), yen).expect("a part").minor(), 5);
    for (typed, says) in [
        ("12.51", "12.51 is more than was paid; write 12.50 at most"),
        ("5,00", "write 5.00"),
        ("0", "zero"),
        ("5.001", "2 decimals"),
    ] {
        let said = amount_of(Some(typed), nzd(1250))
            .expect_err(typed)
            .to_string();
        assert!(said.starts_with("--amount: "), "{said}");
        assert!(said.contains(says), "{said}");
    }
    assert!(amount_of(Some("5.00"), yen).is_err());
}

#[test]
fn items_sum_to_the_amount() {
    const ITEMS: &str = r#"[{"name": "A", "qty": 1, "price": 700},
        {"name": "B", "qty": 1, "price": -200}]"#;
    let of = |typed, items| amount(&asked(typed, Some(items)), nzd(1250));
    assert_eq!(of(None, ITEMS).expect("their sum"), nzd(500));
    assert_eq!(of(Some("5"), ITEMS).expect("their sum"), nzd(500));
    for (typed, items, says) in [
        (Some("5.01"), ITEMS, "sum to 5.00, and --amount is 5.01"),
        (
            None,
            r#"[{"name": "A", "qty": 1, "price": 1251}]"#,
            "sum to 12.51, which is more than was paid (12.50)",
        ),
        (
            None,
            r#"[{"name": "A", "qty": 1, "price": -1}]"#,
            "-1 minor units",
        ),
        (
            None,
            r#"[{"name": "A", "qty": 1, "price": 0}]"#,
            "0 minor units",
        ),
    ] {
        let said = of(typed, items).expect_err(says).to_string();
        assert!(said.starts_with("--items: "), "{said}");
        assert!(said.contains(says), "{said}");
    }
}

fn by(total: Option<Amount>) -> PaidBy {
    PaidBy {
        total,
        ..PaidBy::default()
    }
}

#[test]
fn means_of_payment_show_a_part_payment() {
    let aud = Amount::from_minor(500, Currency::AUD);
    for (means, remaining, expected) in [
        (vec![by(Some(nzd(1000)))], None, 1000),
        (vec![by(Some(nzd(500))), by(Some(nzd(250)))], None, 750),
        (vec![by(Some(nzd(1250)))], None, 1250),
        (vec![by(Some(nzd(1251)))], None, 1250),
        (vec![by(Some(nzd(500))), by(None)], None, 1250),
        (vec![by(Some(aud))], None, 1250),
        // If the platform states a remaining amount, it decides, not the sum of the payments.
        (vec![by(Some(nzd(1000)))], Some(nzd(0)), 1250),
        (vec![by(Some(nzd(1000)))], Some(nzd(500)), 750),
    ] {
        let request = PaymentRequest {
            paid_by: means,
            remaining,
            ..paid_request()
        };
        assert_eq!(paid(&request), Ok(nzd(expected)), "{request:?}");
    }
    let nothing = PaymentRequest {
        paid_by: vec![by(Some(nzd(0)))],
        ..paid_request()
    };
    assert_eq!(
        paid(&nothing),
        Err(RefundRejection::Mismatch(RefundMismatch::Amount))
    );
}

#[test]
fn found_payment_must_be_recent_and_own() {
    const DAY: Duration = Duration::from_secs(24 * 60 * 60);
    let found = |age, config_id: Option<&str>| {
        let request = PaymentRequest {
            age,
            config_id: config_id.map(ConfigId::new),
            ..paid_request()
        };

        shop()
            .check_found(&request)
            .map_err(|error| error.to_string())
    };
    assert_eq!(found(Some(DAY), Some(CONFIG)), Ok(()));
    assert_eq!(found(Some(DAY * 699), Some(CONFIG)), Ok(()));
    for age in [Some(DAY * 701), None] {
        let said = found(age, Some(CONFIG)).expect_err("old");
        assert!(said.contains("two years old or of unknown age"), "{said}");
    }
    for config_id in [Some("elsewhere"), None] {
        let said = found(Some(DAY), config_id).expect_err("elsewhere");
        assert!(said.contains("not in this configuration"), "{said}");
        assert!(said.contains("add --paid-on"), "{said}");
    }
}

#[test]
fn receipt_date_must_be_in_validity() {
    let made: Timestamp = "2026-08-17T04:04:27Z".parse().expect("a time");
    let day = local_date(made);
    let request = |validity| PaymentRequest {
        created_at: Some(made),
        validity,
        ..paid_request()
    };
    assert!(check_date(day, &request(None)).is_ok());
    let tomorrow = day.tomorrow().expect("a date");
    let until_then = Some(Duration::from_secs(24 * 60 * 60));
    assert!(check_date(tomorrow, &request(until_then)).is_ok());
    let yesterday = day.yesterday().expect("a date");
    for other in [tomorrow, yesterday] {
        let said = check_date(other, &request(None)).expect_err("another day");
        let said = said.to_string();
        assert!(said.contains(&day.to_string()), "{said}");
        assert!(said.contains(&other.to_string()), "{said}");
    }
    let error = check_date(day, &paid_request()).expect_err("no date");
    assert!(matches!(error, UsageError::NoDate(_)), "{error}");
}
