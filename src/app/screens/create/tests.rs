use std::path::Path;

use iced::keyboard::Key;

use super::*;
use crate::config::Config;
use crate::domain::merchant::ReferenceForm;
use crate::domain::order::Particulars;

const CODE: &str = "9990001234567890";

fn entry() -> Create {
    let text = "[merchants.cafe]\nconfig-id = \"5ee1\"\nname = \"Café\"\n";
    let config = Config::from_str(text, Path::new("entry.toml")).expect("a configuration");

    Create::new(Counter {
        merchants: config.merchants,
        default_merchant: config.default_merchant,
        reference: None,
        operator: None,
        particulars: Particulars::default().into(),
        patron_code: None,
        handover: None,
        external_ref: ReferenceForm::Unique,
        part_payments: false,
    })
}

/// Types `text`, in which `B` is the key for the patron's code, `<` is Esc, and a line end is Enter.
fn typed(create: &mut Create, text: &str) -> Option<Order> {
    let mut started = None;
    for character in text.chars() {
        let action = create.update(match character {
            'B' => EntryMessage::PatronCode,
            '<' => EntryMessage::Closed,
            '\n' => EntryMessage::Confirmed,
            character => EntryMessage::Typed(character),
        });
        if let EntryAction::Start(order) = action {
            started = Some(order);
        }
    }

    started
}

fn scanned(create: &mut Create, digits: &str) -> Option<Order> {
    match create.update(EntryMessage::Scanned(digits.to_owned())) {
        EntryAction::Start(order) => Some(order),
        _ => None,
    }
}

fn amount_and_code(order: &Order) -> (u64, Option<&str>) {
    let code = order.patron_code.as_ref().map(PatronCode::digits);

    (order.amount.minor(), code)
}

#[test]
fn typed_amount_and_code_start_a_sale() {
    let order = typed(&mut entry(), "12.50B9990001234567890\n").expect("a sale");
    assert_eq!(amount_and_code(&order), (1250, Some(CODE)));
    let order = typed(&mut entry(), "12.50B999<\n").expect("a sale without a code");
    assert_eq!(amount_and_code(&order), (1250, None));
}

#[test]
fn code_waits_for_its_amount() {
    let mut create = entry();
    assert!(scanned(&mut create, CODE).is_none());
    assert!(matches!(create.error, Some(EntryError::Amount(_))));
    let order = typed(&mut create, "5\n").expect("a sale");
    assert_eq!(amount_and_code(&order), (500, Some(CODE)));
    // The code is used for one sale only.
    let order = typed(&mut create, "\n").expect("another one");
    assert_eq!(amount_and_code(&order), (500, None));
}

#[test]
fn scan_is_never_an_amount() {
    for digits in [
        "1234",
        "94123456",
        "9412345678901",
        CODE,
        "99900012345678901234567890",
    ] {
        for amount in ["", "12.50", "7", "12."] {
            let mut create = entry();
            typed(&mut create, amount);
            let order = scanned(&mut create, digits);
            assert_eq!(create.typed, amount, "{digits} after {amount}");
            if let Some(order) = order {
                assert_eq!(amount_and_code(&order).1, Some(digits));
            }
        }
    }
}

#[test]
fn scanned_goods_start_no_sale() {
    let mut create = entry();
    typed(&mut create, "12.50");
    assert!(scanned(&mut create, "94123456").is_none());
    assert_eq!(create.error, Some(EntryError::NoPatronCode));
    assert!(scanned(&mut create, "99900012345678901").is_none());
    assert!(matches!(create.error, Some(EntryError::PatronCode(_))));
    let order = scanned(&mut create, CODE).expect("a sale");
    assert_eq!(amount_and_code(&order), (1250, Some(CODE)));
}

#[test]
fn misread_code_is_taken_the_second_time() {
    let misread = "9990001234567895";
    let mut create = entry();
    typed(&mut create, "12.50");
    assert!(scanned(&mut create, misread).is_none());
    assert_eq!(create.error, Some(EntryError::Misread));
    assert!(scanned(&mut create, "9990001234567894").is_none());
    assert!(scanned(&mut create, misread).is_none());
    let order = scanned(&mut create, misread).expect("a sale");
    assert_eq!(amount_and_code(&order), (1250, Some(misread)));
}

#[test]
fn code_key_works_in_either_case() {
    for letter in ["b", "B"] {
        let key = Key::Character(letter.into()).into();
        assert_eq!(entry().key(&key), Some(EntryMessage::PatronCode));
    }
}
