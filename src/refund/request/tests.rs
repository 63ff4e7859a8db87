use super::*;
use crate::money::Currency;
use crate::payment::{BadUrl, ConfigId, RequestId, ShortCode, Text};

const ID: &str = "MhocUmpxxmgdHjr7DgKoKw";
const CONFIG: &str = "5ee168e8597be5002af7b454";

fn nzd(minor: u64) -> Amount {
    Amount::from_minor(minor, Currency::NZD)
}

fn id(id: &str) -> RequestId {
    RequestId::new(id).expect("an id")
}

fn by_id() -> Name {
    Name::Id(id(ID))
}

fn shop() -> Shop {
    Shop {
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

fn paid(request: &PaymentRequest) -> Result<Amount, Rejection> {
    shop().paid(&by_id(), request)
}

#[test]
fn what_was_paid_is_the_value_less_what_is_still_owed() {
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
fn a_payment_whose_amount_is_not_known_is_not_given_back() {
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
        assert_eq!(paid(&request), Err(Rejection::Misfit(Misfit::Amount)));
    }
}

#[test]
fn what_is_not_called_paid_is_not_given_back() {
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
        assert_eq!(paid(&request), Err(Rejection::NotPaid(word)));
    }
}

#[test]
fn an_answer_about_another_request_is_not_given_back() {
    let other = PaymentRequest {
        id: id("another"),
        ..paid_request()
    };
    assert_eq!(paid(&other), Err(Rejection::Misfit(Misfit::Id)));
    let code = |code| Name::ShortCode(ShortCode::new(code).expect("a code"));
    let shop = shop();
    assert_eq!(
        shop.paid(&code("cp-c7f-zs5"), &paid_request()),
        Ok(nzd(1250))
    );
    let misfit = Err(Rejection::Misfit(Misfit::ShortCode));
    assert_eq!(shop.paid(&code("CP-AAA-AAA"), &paid_request()), misfit);
    let nameless = PaymentRequest {
        short_code: None,
        ..paid_request()
    };
    assert_eq!(shop.paid(&code("CP-C7F-ZS5"), &nameless), misfit);
}

#[test]
fn test_money_is_not_given_back_by_a_shop_of_real_money_nor_the_reverse() {
    let of = |config_id: &str, liveness| PaymentRequest {
        config_id: Some(ConfigId::new(config_id)),
        liveness: Some(liveness),
        ..paid_request()
    };
    let misfit = Err(Rejection::Misfit(Misfit::Liveness));
    assert_eq!(paid(&of(CONFIG, Liveness::Main)), misfit);
    assert_eq!(paid(&of("elsewhere", Liveness::Main)), misfit);
    assert_eq!(
        paid(&of("elsewhere", Liveness::Test)),
        Ok(nzd(1250)),
        "an office gives back what another counter sold"
    );
}

#[test]
fn the_amount_is_read_in_the_currency_of_the_payment_and_never_more_than_it() {
    assert_eq!(amount(None, nzd(1250)).expect("all"), nzd(1250));
    assert_eq!(amount(Some("5"), nzd(1250)).expect("a part"), nzd(500));
    assert_eq!(amount(Some("12.50"), nzd(1250)).expect("all"), nzd(1250));
    let yen = Amount::from_minor(1250, Currency::JPY);
    assert_eq!(amount(Some("5"), yen).expect("a part").minor(), 5);
    for (typed, says) in [
        ("12.51", "12.51 is more than was paid; write 12.50 at most"),
        ("5,00", "write 5.00"),
        ("0", "zero"),
        ("5.001", "2 decimals"),
    ] {
        let said = amount(Some(typed), nzd(1250)).expect_err(typed).to_string();
        assert!(said.starts_with("--amount: "), "{said}");
        assert!(said.contains(says), "{said}");
    }
    assert!(amount(Some("5.00"), yen).is_err());
}
