use std::path::Path;

use iced::keyboard::Key;

use super::*;
use crate::config::Config;

const CODE: &str = "9990001234567890";

fn entry() -> Create {
    let text = "[merchants.cafe]\nconfig-id = \"5ee1\"\nname = \"Café\"\n";
    let config = Config::from_str(text, Path::new("entry.toml")).expect("a configuration");

    Create::new(Counter {
        merchants: config.merchants,
        default_merchant: config.default_merchant,
        reference: None,
        operator: None,
        particulars: crate::sale::Particulars::default().into(),
        patron_code: None,
        handover: None,
        external_ref: crate::config::ReferenceForm::Unique,
        part_payments: false,
    })
}

/// Types this: `B` turns to the code, `<` is Esc, a line's end is Enter.
fn typed(create: &mut Create, text: &str) -> Option<Order> {
    let mut started = None;
    for character in text.chars() {
        let action = create.update(match character {
            'B' => Message::PatronCode,
            '<' => Message::Closed,
            '\n' => Message::Confirmed,
            character => Message::Typed(character),
        });
        if let Action::Start(order) = action {
            started = Some(order);
        }
    }

    started
}

fn scanned(create: &mut Create, digits: &str) -> Option<Order> {
    match create.update(Message::Scanned(digits.to_owned())) {
        Action::Start(order) => Some(order),
        _ => None,
    }
}

fn told(order: &Order) -> (u64, Option<&str>) {
    let code = order.patron_code.as_ref().map(PatronCode::digits);

    (order.amount.minor(), code)
}

#[test]
fn an_amount_and_a_code_that_is_typed_are_a_sale() {
    let order = typed(&mut entry(), "12.50B9990001234567890\n").expect("a sale");
    assert_eq!(told(&order), (1250, Some(CODE)));
    let order = typed(&mut entry(), "12.50B999<\n").expect("a sale without a code");
    assert_eq!(told(&order), (1250, None));
}

#[test]
fn a_code_that_comes_first_waits_for_its_amount() {
    let mut create = entry();
    assert!(scanned(&mut create, CODE).is_none());
    assert!(matches!(create.refusal, Some(Refusal::Amount(_))));
    let order = typed(&mut create, "5\n").expect("a sale");
    assert_eq!(told(&order), (500, Some(CODE)));
    // It is used up.
    let order = typed(&mut create, "\n").expect("another one");
    assert_eq!(told(&order), (500, None));
}

#[test]
fn what_is_scanned_is_never_an_amount_or_a_part_of_one() {
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
            assert_eq!(create.typed, amount, "{digits} behind {amount}");
            if let Some(order) = order {
                assert_eq!(told(&order).1, Some(digits));
            }
        }
    }
}

#[test]
fn goods_that_are_scanned_start_no_sale_and_lose_nothing() {
    let mut create = entry();
    typed(&mut create, "12.50");
    assert!(scanned(&mut create, "94123456").is_none());
    assert_eq!(create.refusal, Some(Refusal::NoPatronCode));
    assert!(scanned(&mut create, "99900012345678901").is_none());
    assert!(matches!(create.refusal, Some(Refusal::PatronCode(_))));
    let order = scanned(&mut create, CODE).expect("a sale");
    assert_eq!(told(&order), (1250, Some(CODE)));
}

#[test]
fn a_code_whose_digits_do_not_go_together_is_taken_when_it_is_read_the_same_again() {
    let misread = "9990001234567895";
    let mut create = entry();
    typed(&mut create, "12.50");
    assert!(scanned(&mut create, misread).is_none());
    assert_eq!(create.refusal, Some(Refusal::Misread));
    assert!(scanned(&mut create, "9990001234567894").is_none());
    assert!(scanned(&mut create, misread).is_none());
    let order = scanned(&mut create, misread).expect("a sale");
    assert_eq!(told(&order), (1250, Some(misread)));
}

#[test]
fn the_key_on_the_button_turns_to_the_code_in_either_case() {
    for letter in ["b", "B"] {
        let key = Key::Character(letter.into()).into();
        assert_eq!(entry().key(&key), Some(Message::PatronCode));
    }
}
