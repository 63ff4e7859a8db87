use std::path::Path;

use proptest::prelude::*;

use super::generated::{Bytes, mostly, near, seeds, share, tries};
use super::*;
use crate::centrapay::properties as answers;
use crate::config::Config;
use crate::domain::money::{Amount, Currency};
use crate::domain::payment::QrContent;
use crate::runtime::control::ControlLines;

/// Runs `check` on each seed of a fuzz target.
fn replay(target: &str, check: impl Fn(&[u8])) {
    for seed in seeds(target) {
        check(&seed);
    }
}

#[test]
fn amount_seeds_pass() {
    replay("amount", amount::check);
}

#[test]
fn f7_f8_f20_f53_f54_answer_seeds_pass() {
    replay("answer", answers::check);
}

#[test]
fn f55_config_seeds_pass() {
    replay("config", config::check);
}

#[test]
fn f54_control_seeds_pass() {
    replay("control", control::check);
}

#[test]
fn f6_f12_f27_header_seeds_pass() {
    replay("headers", answers::check_headers);
}

#[test]
fn f8_f54_pay_url_seeds_pass() {
    replay("pay_url", pay_url::check);
}

#[test]
fn f54_text_seeds_pass() {
    replay("text", text::check);
}

/// Generates a text that is an amount or looks like one.
fn typed() -> impl Strategy<Value = Bytes> {
    let like_one = "[0-9]{0,9}[.,]?[0-9]{0,5}";
    let anything = "[ +−–$€¥NZDjpy0-9.,'_٣]{0,12}";

    prop_oneof![
        like_one.prop_map(Bytes::from),
        anything.prop_map(Bytes::from),
        near("amount"),
    ]
}

/// Generates a line with one setting of a configuration.
fn setting(
    name: &'static str,
    right: &'static [&'static str],
    wrong: &'static [&'static str],
) -> impl Strategy<Value = String> {
    let written = move |value| format!("{name} = {value}\n");

    mostly(right, wrong).prop_map(move |value| value.map_or_else(String::new, written))
}

fn configuration() -> impl Strategy<Value = Bytes> {
    let base_url = setting(
        "base-url",
        &[
            r#""https://service.centrapay.com/v1/""#,
            r#""http://[::1]:8787""#,
        ],
        &[
            r#""http://127.0.0.1.example""#,
            r#""https://till:sk4fHq9Zt2Lw7Xb1Nc8V@service.centrapay.com""#,
            r#""https://service.centrapay.com?a""#,
            r#""file:///etc""#,
        ],
    );
    let pay_hosts = setting(
        "pay-hosts",
        &[
            r#"["app.centrapay.com", "127.0.0.1:8787"]"#,
            r#"["[::1]:443", "Bücher.example", "0x7f.1"]"#,
        ],
        &["[]", r#"["*.centrapay.com"]"#, r#"["a@b"]"#, r#"["a:0"]"#],
    );
    let key = setting(
        "api-key-file",
        &[r#""centrapay.key""#],
        &[
            "sk4fHq9Zt2Lw7Xb1Nc8V",
            "7sk4fHq9Zt2Lw7Xb1Nc8V",
            r#""sk4fHq9Zt2Lw7Xb1Nc8V"#,
        ],
    );
    let merchant = setting(
        "expiry-seconds",
        &["11", "86_400", "0x78"],
        &["10", "-1", "120.5", "99999999999999999999"],
    );
    let locale = setting(
        "locale",
        &[r#""en-NZ""#, r#"["mi", "zh-Hans-CN"]"#],
        &["[]", r#"["en-NZ", "EN-nz"]"#, r#""\u202Emi""#],
    );
    let close_after = setting(
        "close-after",
        &[r#""500ms""#, r#""24h""#],
        &[r#""0s""#, r#""99999999999999999999h""#],
    );
    let written = (base_url, pay_hosts, key, merchant, locale, close_after).prop_map(
        |(base_url, pay_hosts, key, merchant, locale, close_after)| {
            Bytes::from(format!(
                "[api]\n{base_url}{pay_hosts}{key}\
                 [merchants.a]\nconfig-id = \"mc_1\"\nname = \"A\"\n{merchant}\
                 [display]\n{locale}{close_after}"
            ))
        },
    );

    prop_oneof![written, near("config")]
}

proptest! {
    #![proptest_config(tries())]

    #[test]
    fn amount_is_as_typed_or_refused(typed in typed()) {
        amount::check(&typed);
    }

    #[test]
    fn f54_near_texts_are_cleaned(raw in near("text")) {
        text::check(&raw);
    }

    #[test]
    fn f54_any_characters_are_cleaned(raw in any::<Vec<char>>()) {
        text::check(String::from_iter(raw).as_bytes());
    }

    #[test]
    fn f8_f54_any_url_leads_only_to_own_hosts(raw in near("pay_url")) {
        pay_url::check(&raw);
    }

    #[test]
    fn f8_every_id_is_payable_at_own_hosts(id in "[A-Za-z0-9_-]{1,64}") {
        for start in shop::PAY_URLS {
            let url = [start, &id].concat();
            let request = pay_url::request(&url);
            let payload = pay_url::payload(&shop::rules(QrContent::PaymentUrl), &request);
            prop_assert_eq!(payload, Some(url));
        }
    }

    #[test]
    fn accepted_config_is_safe(text in configuration()) {
        config::accepted_config_is_safe(&text);
    }

    #[test]
    fn config_error_names_its_place(text in configuration()) {
        config::errors_name_their_place(&text);
    }

    #[test]
    fn f55_config_error_reveals_no_secret(text in configuration()) {
        config::errors_reveal_no_secret(&text);
    }

    #[test]
    fn f54_control_line_is_command_or_error(lines in near("control")) {
        control::check(&lines);
    }
}

#[test]
fn generated_input_is_mixed() {
    let text = |bytes: &Bytes| String::from_utf8_lossy(bytes).into_owned();
    let amounts = share(typed(), |typed| {
        Amount::parse(&text(&typed), Currency::NZD).is_ok()
    });
    let configurations = share(configuration(), |written| {
        Config::from_str(&text(&written), Path::new("")).is_ok()
    });
    let lines = share(near("control"), |lines| {
        ControlLines::new(&*lines).any(|line| line.is_ok())
    });

    for (what, accepted) in [
        ("amounts", amounts),
        ("configurations", configurations),
        ("lines", lines),
    ] {
        assert!((0.1..0.9).contains(&accepted), "{what}: {accepted}");
    }
}

#[test]
#[should_panic(expected = "'\\u{202e}'")]
fn f54_check_notices_direction_marks() {
    text::assert_steers_nothing("a\u{202e}b");
}
