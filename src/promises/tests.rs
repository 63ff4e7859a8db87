use std::path::Path;

use proptest::prelude::*;

use super::made_up::{Bytes, mostly, near, seeds, share, tries};
use super::*;
use crate::centrapay::promises as answers;
use crate::config::{Config, QrContent};
use crate::control::ControlLines;
use crate::money::{Amount, Currency};

/// Runs what a fuzz target runs on each of its seeds.
fn replay(target: &str, hold: impl Fn(&[u8])) {
    for seed in seeds(target) {
        hold(&seed);
    }
}

#[test]
fn the_seeds_of_amounts_keep_the_promises() {
    replay("amount", amount::hold);
}

#[test]
fn f7_f8_f20_f53_f54_the_seeds_of_answers_keep_the_promises() {
    replay("answer", answers::hold);
}

#[test]
fn f55_the_seeds_of_configurations_keep_the_promises() {
    replay("config", config::hold);
}

#[test]
fn f54_the_seeds_of_control_lines_keep_the_promises() {
    replay("control", control::hold);
}

#[test]
fn f6_f12_f27_the_seeds_of_headers_keep_the_promises() {
    replay("headers", answers::hold_headers);
}

#[test]
fn f8_f54_the_seeds_of_pay_urls_keep_the_promises() {
    replay("pay_url", pay_url::hold);
}

#[test]
fn f54_the_seeds_of_texts_keep_the_promises() {
    replay("text", text::hold);
}

/// A text of what amounts are written with, and of what they are not.
fn typed() -> impl Strategy<Value = Bytes> {
    let like_one = "[0-9]{0,9}[.,]?[0-9]{0,5}";
    let anything = "[ +−–$€¥NZDjpy0-9.,'_٣]{0,12}";

    prop_oneof![
        like_one.prop_map(Bytes::from),
        anything.prop_map(Bytes::from),
        near("amount"),
    ]
}

/// A setting of a configuration, on a line of its own.
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
    fn what_is_typed_is_that_amount_or_none(typed in typed()) {
        amount::hold(&typed);
    }

    #[test]
    fn f54_any_text_is_cleaned_and_nothing_is_made_up(raw in near("text")) {
        text::hold(&raw);
    }

    #[test]
    fn f54_any_characters_are_cleaned_and_nothing_is_made_up(raw in any::<Vec<char>>()) {
        text::hold(String::from_iter(raw).as_bytes());
    }

    #[test]
    fn f8_f54_any_url_leads_to_the_shops_own_hosts_or_nowhere(raw in near("pay_url")) {
        pay_url::hold(&raw);
    }

    #[test]
    fn f8_every_id_can_be_paid_at_the_shops_own_hosts(id in "[A-Za-z0-9_-]{1,64}") {
        for start in shop::PAY_URLS {
            let url = [start, &id].concat();
            let request = pay_url::request(&url);
            let payload = pay_url::payload(&shop::rules(QrContent::PaymentUrl), &request);
            prop_assert_eq!(payload, Some(url));
        }
    }

    #[test]
    fn any_configuration_that_is_accepted_is_safe(text in configuration()) {
        config::what_is_accepted_is_safe(&text);
    }

    #[test]
    fn any_configuration_that_is_refused_is_refused_at_its_place(text in configuration()) {
        config::errors_name_their_place(&text);
    }

    #[test]
    fn f55_no_refusal_of_a_configuration_tells_a_secret(text in configuration()) {
        config::errors_tell_no_secret(&text);
    }

    #[test]
    fn f54_any_line_of_the_till_is_one_command_or_a_sentence(lines in near("control")) {
        control::hold(&lines);
    }
}

#[test]
fn of_what_is_tried_much_is_accepted_and_much_refused() {
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
fn f54_the_check_of_texts_would_notice() {
    text::assert_steers_nothing("a\u{202e}b");
}
