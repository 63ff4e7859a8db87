use proptest::prelude::*;
use proptest::sample::select;

use super::*;
use crate::properties::generated::{Bytes, mostly, near, share, tries};
use crate::properties::shop::ID;

/// A member of an answer: valid, wrong, or missing.
fn member(
    name: &'static str,
    right: &'static [&'static str],
    wrong: &'static [&'static str],
) -> impl Strategy<Value = String> {
    let written = move |value| format!(r#""{name}": {value}, "#);

    mostly(right, wrong).prop_map(move |value| value.map_or_else(String::new, written))
}

fn terms() -> impl Strategy<Value = String> {
    let value = member(
        "value",
        &[
            r#"{"amount": "10000", "currency": "NZD"}"#,
            r#"{"currency": "NZD", "amount": 10000, "more": [1.5]}"#,
        ],
        &[
            r#"{"amount": 10001, "currency": "NZD"}"#,
            r#"{"amount": "10000", "currency": "AUD"}"#,
            r#"{"amount": "10000", "currency": "nzd"}"#,
            r#"{"amount": 1e4, "currency": "NZD"}"#,
            r#"{"amount": "+10000", "currency": "NZD"}"#,
            r#"{"amount": "18446744073709561616", "currency": "NZD"}"#,
            r#"[10000, "NZD"]"#,
            "null",
        ],
    );
    let config_id = member(
        "configId",
        &[
            r#""5ee168e8597be5002af7b454""#,
            r#""mc_5ee168e8597be5002af7b454""#,
            "null",
        ],
        &[
            r#""mc_mc_5ee168e8597be5002af7b454""#,
            r#""5ee168e8597be5002af7b45""#,
            r#""""#,
        ],
    );
    let liveness = member(
        "liveness",
        &[r#""main""#, r#""test""#, "null"],
        &[r#""Main""#, r#""TEST""#, r#""live""#, r#""""#],
    );
    let url = member(
        "url",
        &[
            r#""https://app.centrapay.com/pay/MhocUmpxxmgdHjr7DgKoKw""#,
            r#""https://pay.example:8443/pay/MhocUmpxxmgdHjr7DgKoKw""#,
        ],
        &[
            r#""https://pay.example/pay/MhocUmpxxmgdHjr7DgKoKw""#,
            r#""http://app.centrapay.com/pay/MhocUmpxxmgdHjr7DgKoKw""#,
            r#""https://app.centrapay.com@evil.example/pay/MhocUmpxxmgdHjr7DgKoKw""#,
            r#""https://app.centrapay.com/pay/MhocUmpxxmgdHjr7DgKoKv""#,
            r#""https://app.centrapay.com/pay/MhocUmpxxmgdHjr7DgKoKw/""#,
            "null",
        ],
    );

    (value, config_id, liveness, url)
        .prop_map(|(value, config_id, liveness, url)| value + &config_id + &liveness + &url)
}

fn progress() -> impl Strategy<Value = String> {
    let remaining = member(
        "remainingAmount",
        &[
            "0",
            r#""2500""#,
            r#"{"amount": 2500, "currency": "NZD"}"#,
            "null",
        ],
        &["-1", "0.5", r#"{"amount": 1, "currency": "ZZZ"}"#],
    );
    let paid_by = member(
        "paidBy",
        &[
            "null",
            "{}",
            r#"{"assetTotals": null}"#,
            r#"{"assetTotals": [{"description": "\u202eCash",
                "total": {"amount": 7, "currency": "NZD"}}]}"#,
        ],
        &[r#"{"assetTotals": [{"total": {"amount": 7.0, "currency": "NZD"}}]}"#],
    );
    let names = (r#"[^"\\]{0,60}"#, r#"[^"\\]{0,300}"#).prop_map(|(name, message)| {
        format!(
            r#""shortCode": "{name}", "merchantName": "{message}", "cancellationReason": "{name}",
            "merchantConditions": [{{"id": "{name}", "message": "{message}"}}], "#
        )
    });

    (remaining, paid_by, prop_oneof![names, Just(String::new())])
        .prop_map(|(remaining, paid_by, names)| remaining + &paid_by + &names)
}

/// A payment request that fits or nearly fits, or a stored sample answer with small changes.
fn answer() -> impl Strategy<Value = Bytes> {
    let status = prop_oneof![
        8 => select(vec!["new", "paid", "expired", "cancelled"]).prop_map(str::to_owned),
        1 => r#"[^"\\]{0,60}"#,
        1 => select(vec!["Paid", "paid ", "PAID", "settled"]).prop_map(str::to_owned),
    ];
    let made = (status, terms(), progress()).prop_map(|(status, terms, progress)| {
        Bytes::from(format!(
            r#"{{{terms}{progress}"status": "{status}", "id": "{ID}"}}"#
        ))
    });

    prop_oneof![made, near("answer")]
}

proptest! {
    #![proptest_config(tries())]

    #[test]
    fn f7_f8_f53_only_fitting_answers_are_shown(body in answer()) {
        only_what_fits_is_accepted(&body);
    }

    #[test]
    fn f20_unknown_status_is_no_verdict(body in answer()) {
        an_unknown_status_is_no_verdict(&body);
    }

    #[test]
    fn money_keeps_its_digits(body in answer()) {
        money_is_as_written(&body);
    }

    #[test]
    fn f54_every_answer_text_is_clean(body in answer()) {
        texts_can_be_shown(&body);
    }

    #[test]
    fn f15_f54_every_activity_text_is_clean(body in near("answer")) {
        activities_can_be_shown(&body);
    }

    #[test]
    fn f15_every_listed_id_is_safe(body in near("answer")) {
        listed_ids_are_plain(&body);
    }

    #[test]
    fn f5_f54_every_refusal_has_a_clean_code(body in near("answer")) {
        a_refusal_has_a_code(&body);
    }

    #[test]
    fn f6_f12_retry_waits_are_limited(lines in near("headers")) {
        waits_are_short(&lines);
    }

    #[test]
    fn f27_platform_date_is_read_exactly(lines in near("headers")) {
        dates_are_as_written(&lines);
    }

    #[test]
    fn f15_only_json_content_types_pass(lines in near("headers")) {
        json_is_called_so(&lines);
    }
}

#[test]
fn generated_answers_are_mixed() {
    let fitting = share(answer(), |body| {
        payment_request(&body).is_some_and(|request| accepted(&request, Liveness::Main).is_some())
    });
    assert!((0.1..0.9).contains(&fitting), "{fitting}");
}
