use serde_json::json;

use super::*;

#[test]
fn lines_are_sent_with_money_as_text() {
    let basket = Basket::parse(
        r#"[{"name": "Flat white", "qty": 2, "price": 1100, "tax": "15.0", "sku": "FW"},
            {"name": "Ham", "qty": "0.350", "price": "770", "discount": 30, "restricted": true},
            {"name": "Voucher", "qty": 1, "price": -620}]"#,
    )
    .unwrap();
    assert_eq!(basket.sum(), 1250);
    assert_eq!(
        serde_json::to_value(&basket).unwrap(),
        json!([
            {"name": "Flat white", "qty": "2", "price": "1100", "tax": "15.0", "sku": "FW"},
            {"name": "Ham", "qty": "0.350", "price": "770", "discount": "30", "restricted": true},
            {"name": "Voucher", "qty": "1", "price": "-620"},
        ])
    );
}

#[test]
fn wrong_line_is_named_with_its_fault() {
    for (json, says) in [
        ("", "EOF"),
        ("{}", "expected a sequence"),
        ("[]", "0 lines"),
        (r#"[{"name": "A", "qty": 1}]"#, "[0]: missing field `price`"),
        (
            r#"[{"name": "A", "qty": 1, "price": 12.5}]"#,
            "[0].price: a whole number of minor units is needed",
        ),
        (
            r#"[{"name": "A", "qty": 1, "price": 1}, {"name": "B", "qty": "two", "price": 1}]"#,
            "[1].qty: a number such as 2",
        ),
        (
            r#"[{"name": "A", "qty": 1, "price": 99999999999999999999}]"#,
            "[0].price",
        ),
        (
            r#"[{"name": "A", "qty": 1, "price": 1, "classification": 7}]"#,
            "[0].classification: an object or text is needed",
        ),
        (
            r#"[{"name": "A", "qty": 1, "price": 1, "classification": ["7"]}]"#,
            "[0].classification: an object or text is needed",
        ),
        (
            r#"[{"name": " ", "qty": 1, "price": 1}]"#,
            "line 1: name must be",
        ),
        (r#"[{"name": "A", "qty": true, "price": 1}]"#, "[0].qty"),
    ] {
        let said = Basket::parse(json).unwrap_err().to_string();
        assert!(said.contains(says), "{json}: {said}");
    }
}

#[test]
fn classification_is_handed_on_unchanged() {
    for classification in [
        r#"{"type": "GS1", "code": 10000043, "weight": 1.10, "id": 99999999999999999999}"#,
        r#""10000043""#,
        "{}",
    ] {
        let json = format!(
            r#"[{{"name": "A", "qty": 1, "price": 1, "classification": {classification}}}]"#
        );
        let basket = Basket::parse(&json).unwrap();
        let sent = serde_json::to_string(&basket).unwrap();
        let end = format!(r#","classification":{classification}}}]"#);
        assert!(sent.ends_with(&end), "{sent}");
    }
}

#[test]
fn absent_classification_is_not_sent() {
    for json in [
        r#"[{"name": "A", "qty": 1, "price": 1}]"#,
        r#"[{"name": "A", "qty": 1, "price": 1, "classification": null}]"#,
    ] {
        let basket = Basket::parse(json).unwrap();
        let sent = serde_json::to_string(&basket).unwrap();
        assert!(!sent.contains("classification"), "{sent}");
    }
}

#[test]
fn long_classification_is_refused() {
    let of_length = |length: usize| {
        let text = "x".repeat(length - 2);

        Basket::parse(&format!(
            r#"[{{"name": "A", "qty": 1, "price": 1, "classification": "{text}"}}]"#
        ))
    };
    assert!(of_length(classification::LONGEST).is_ok());
    let said = of_length(classification::LONGEST + 1)
        .unwrap_err()
        .to_string();
    assert!(said.contains("[0].classification: at most 1000"), "{said}");
}

fn unknown(json: &str) -> Vec<String> {
    let unknown = Basket::unknown_keys(json);

    unknown.iter().map(ToString::to_string).collect()
}

#[test]
fn unknown_key_is_named_with_its_line() {
    let json = r#"[{"name": "A", "qty": 1, "price": 1},
                   {"name": "B", "qty": 1, "price": 1, "restrictd": true, "ProductID": "1"},
                   {"name": "C", "qty": 1, "price": 1, "restrictd": true}]"#;
    assert!(Basket::parse(json).is_ok());
    assert_eq!(
        unknown(json),
        [
            r#"line 2: unknown key "ProductID" is ignored; did you mean "productId"?"#,
            r#"line 2 and 1 more: unknown key "restrictd" is ignored; did you mean "restricted"?"#,
        ]
    );
}

#[test]
fn far_key_is_answered_with_all_keys() {
    let said = unknown(r#"[{"name": "A", "qty": 1, "price": 1, "\u001b[2J": 1}]"#);
    assert_eq!(said.len(), 1);
    assert!(said[0].contains(r#""name", "qty", "price""#), "{said:?}");
    assert!(!said[0].contains(char::is_control), "{said:?}");
}

#[test]
fn every_known_key_is_known() {
    let all = r#"[{"name": "A", "qty": 1, "price": 1, "sku": "A", "tax": 15, "discount": 1,
                   "productId": "9400000000000", "restricted": true, "classification": "1"}]"#;
    let basket = serde_json::to_value(Basket::parse(all).unwrap()).unwrap();
    let sent: Vec<_> = basket[0].as_object().unwrap().keys().collect();
    assert_eq!(sent.len(), unknown_key::KEYS.len());
    assert!(
        sent.iter()
            .all(|key| unknown_key::KEYS.contains(&key.as_str()))
    );
    assert!(unknown(all).is_empty());
}

#[test]
fn prices_that_no_sum_can_hold_do_not_overflow() {
    let line = format!(r#"{{"name": "A", "qty": 1, "price": {}}}"#, i64::MAX);
    let basket = Basket::parse(&format!("[{line}, {line}]")).unwrap();
    assert_eq!(basket.sum(), i128::from(i64::MAX) * 2);
}

#[test]
fn f78_numbers_of_tills_are_sent_plainly() {
    let basket = Basket::parse(
        r#"[{"name": "A", "qty": -1, "price": -5e2, "tax": 15.000000000000002, "discount": ""},
            {"name": "B", "qty": 0.30000000000000004, "price": 1998.9999999999998, "sku": null},
            {"name": "C", "qty": "2.0", "price": "501.0", "restricted": 0, "classification": ""}]"#,
    )
    .unwrap();
    assert_eq!(basket.sum(), 2000);
    assert_eq!(
        serde_json::to_value(&basket).unwrap(),
        json!([
            {"name": "A", "qty": "-1", "price": "-500", "tax": "15"},
            {"name": "B", "qty": "0.3", "price": "1999"},
            {"name": "C", "qty": "2.0", "price": "501", "restricted": false},
        ])
    );
    for number in [
        "1e400", "1e-", "--1", "1.2.3", "0x10", "1,5", "NaN", "\u{661}",
    ] {
        let json = format!(r#"[{{"name": "A", "qty": "{number}", "price": 1}}]"#);
        assert!(Basket::parse(&json).is_err(), "{number}");
    }
}

#[test]
fn f79_quantity_is_rounded_for_show() {
    for (quantity, shown) in [
        ("1", "1"),
        ("2.0", "2"),
        ("0.350", "0.350"),
        ("0.30000000000000004", "0.3"),
        ("12.3456", "12.346"),
        ("0.000123", "0.000123"),
        ("-1.0", "-1"),
        ("1e1", "10"),
        ("some", "some"),
    ] {
        assert_eq!(shown_quantity(quantity), shown, "{quantity}");
    }
}

#[test]
fn f79_names_neither_turn_nor_pile_up() {
    let marks = "\u{301}".repeat(100);
    let json =
        format!(r#"[{{"name": " Caf\u202ee{marks}\tau\u200b lait\n", "qty": 1, "price": 1}}]"#);
    let basket = Basket::parse(&json).unwrap();
    assert_eq!(basket.lines()[0].name, "Cafe\u{301}\u{301}\u{301} au lait");
}
