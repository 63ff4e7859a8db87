use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use fluent_bundle::FluentResource;
use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement};

use super::*;
use crate::money::{Amount, Currency};

#[test]
fn a_language_is_found_by_its_tag_in_any_case_and_with_any_region() {
    for language in Language::ALL {
        assert_eq!(Language::of_tag(language.tag()), Some(language));
        assert_eq!(
            Language::of_tag(&language.tag().to_uppercase()),
            Some(language)
        );
    }
    assert_eq!(Language::of_tag("en"), Some(Language::EnNz));
    assert_eq!(Language::of_tag("fr-CA"), Some(Language::Fr));
    assert_eq!(Language::of_tag("zh-CN"), Some(Language::ZhHans));
}

#[test]
fn what_is_not_spoken_is_no_language() {
    for tag in [
        "",
        "xx",
        "zh-Hant",
        "zh-TW",
        "en_NZ",
        "e n",
        "en-",
        "fr-\u{202e}",
    ] {
        assert_eq!(Language::of_tag(tag), None, "{tag:?}");
    }
}

/// The variables of each message, by its id.
fn messages(language: Language) -> BTreeMap<String, BTreeSet<String>> {
    let resource = FluentResource::try_new(language.source().to_owned())
        .unwrap_or_else(|(_, errors)| panic!("{}: {errors:?}", language.tag()));
    let entries = resource.entries().map(|entry| match entry {
        Entry::Message(message) => {
            let pattern = message.value.as_ref().expect("words");

            (message.id.name.to_owned(), variables(pattern))
        }
        other => panic!("{}: {other:?}", language.tag()),
    });
    let entries: Vec<_> = entries.collect();
    let messages: BTreeMap<_, _> = entries.iter().cloned().collect();
    assert_eq!(messages.len(), entries.len(), "a message stands twice");

    messages
}

fn variables(pattern: &Pattern<&str>) -> BTreeSet<String> {
    pattern
        .elements
        .iter()
        .filter_map(|element| match element {
            PatternElement::Placeable {
                expression: Expression::Inline(InlineExpression::VariableReference { id }),
            } => Some(id.name.to_owned()),
            _ => None,
        })
        .collect()
}

#[test]
fn every_language_has_every_message_with_the_same_variables_and_no_other() {
    let pattern = messages(Language::EnNz);
    for language in Language::ALL {
        let spoken = messages(language);
        for (id, variables) in &pattern {
            assert_eq!(
                spoken.get(id),
                Some(variables),
                "{id} in {}",
                language.tag()
            );
        }
        assert_eq!(spoken.len(), pattern.len(), "{}", language.tag());
    }
}

#[test]
fn every_phrase_has_a_message_and_every_message_a_phrase() {
    const OF_LISTS_AND_MONEY: [&str; 6] = [
        "list-separator",
        "money",
        "money-with-code",
        "decimal-sign",
        "group-sign",
        "grouping",
    ];
    let messages: BTreeSet<_> = messages(Language::EnNz).into_keys().collect();
    let phrases = Phrase::ALL.iter().map(|phrase| phrase.id());
    let known: BTreeSet<_> = phrases
        .chain(OF_LISTS_AND_MONEY)
        .map(ToOwned::to_owned)
        .collect();
    assert_eq!(messages, known);
}

#[test]
fn every_phrase_is_said_somewhere() {
    let mut code = String::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src/display")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                code.push_str(&fs::read_to_string(path).unwrap());
            }
        }
    }
    for phrase in Phrase::ALL {
        // The next character ends the name, so that a longer one does not count.
        let said = format!("Phrase::{phrase:?}");
        let is_said = code.match_indices(&said).any(|(at, _)| {
            let after = code[at + said.len()..].chars().next();

            !after.is_some_and(char::is_alphanumeric)
        });
        assert!(is_said, "nobody says {phrase:?}");
    }
}

#[test]
fn other_languages_are_not_english() {
    let english = Tongue::new(&[Language::EnNz]);
    for language in Language::ALL.into_iter().skip(1) {
        let tongue = Tongue::new(&[language]);
        let same = Phrase::ALL
            .iter()
            .filter(|phrase| {
                let said = Said::from(**phrase);

                tongue.say(&said).text == english.say(&said).text
            })
            .count();
        assert!(
            same <= 5,
            "{same} messages of {} are English",
            language.tag()
        );
    }
}

#[test]
fn te_reo_has_its_macrons() {
    let words = Language::Mi.source();
    for macron in ['ā', 'ē', 'ī', 'ō', 'ū'] {
        assert!(words.contains(macron), "{macron}");
    }
}

fn money(language: Language, minor: u64, currency: Currency) -> String {
    let amount = Amount::from_minor(minor, currency);

    Tongue::new(&[language]).say(&amount.into()).text
}

#[test]
fn sums_are_written_as_each_language_writes_them() {
    for (language, small, large) in [
        (Language::EnNz, "$12.50", "$999,999.99"),
        (Language::Mi, "$12.50", "$999,999.99"),
        (Language::Sm, "$12.50", "$999,999.99"),
        (Language::To, "$12.50", "$999,999.99"),
        (Language::ZhHans, "$12.50", "$999,999.99"),
        (Language::Ja, "$12.50", "$999,999.99"),
        (Language::Ko, "$12.50", "$999,999.99"),
        (Language::Hi, "$12.50", "$9,99,999.99"),
        (Language::Fr, "12,50\u{a0}$", "999\u{202f}999,99\u{a0}$"),
        (Language::De, "12,50\u{a0}$", "999.999,99\u{a0}$"),
        (Language::Es, "12,50\u{a0}$", "999.999,99\u{a0}$"),
    ] {
        assert_eq!(money(language, 1250, Currency::NZD), small);
        assert_eq!(money(language, 99_999_999, Currency::NZD), large);
    }
    // Spanish begins to group at five figures.
    assert_eq!(
        money(Language::Es, 125_000, Currency::NZD),
        "1250,00\u{a0}$"
    );
}

#[test]
fn other_currencies_are_named_and_keep_their_own_decimals() {
    for (currency, minor, written) in [
        (Currency::AUD, 1250, "AUD\u{a0}12.50"),
        (Currency::JPY, 1250, "JPY\u{a0}1,250"),
        (Currency::KWD, 1250, "KWD\u{a0}1.250"),
    ] {
        assert_eq!(money(Language::EnNz, minor, currency), written);
    }
}

#[test]
fn what_is_said_is_said_in_the_first_language_and_in_all_without_repetition() {
    let tongue = Tongue::new(&[Language::De, Language::EnNz]);
    let paid = Said::from(Phrase::Paid);
    assert_eq!(tongue.say(&paid).language, Language::De);
    let all: Vec<_> = tongue
        .say_in_all(&paid)
        .into_iter()
        .map(|words| words.language)
        .collect();
    assert_eq!(all, [Language::De, Language::EnNz]);
    assert_eq!(tongue.say_in_all(&Said::verbatim("CP-C7F-ZS5")).len(), 1);
}

#[test]
fn apps_are_listed_as_the_language_lists_them() {
    let apps = ["Payap", "Farmlands", "Otago"].map(ToOwned::to_owned);
    for (language, count, written) in [
        (Language::EnNz, 1, "with Payap or your phone’s camera"),
        (
            Language::EnNz,
            3,
            "with Payap, Farmlands, Otago or your phone’s camera",
        ),
        (
            Language::De,
            2,
            "mit Payap, Farmlands oder der Kamera Ihres Handys",
        ),
        (Language::ZhHans, 2, "请用 Payap、Farmlands 或手机相机扫描"),
        (
            Language::Ja,
            2,
            "Payap、Farmlands またはスマートフォンのカメラで",
        ),
    ] {
        let said = Said::from(Phrase::WithYourCamera).with_list("apps", &apps[..count]);
        assert_eq!(Tongue::new(&[language]).say(&said).text, written);
    }
}

#[test]
fn a_phrase_speaks_of_sums_and_of_other_phrases_in_its_own_language() {
    let means = Said::from(Phrase::AmountPaidBy)
        .with_amount("amount", Amount::from_minor(750, Currency::NZD))
        .with("means", "Community Voucher");
    let said = Said::from(Phrase::PaidInFullBy).with_said("means", vec![means]);
    let english = Tongue::default().say(&said).text;
    assert_eq!(
        english,
        "That sale is paid in full, $7.50 by Community Voucher."
    );
    let german = Tongue::new(&[Language::De]).say(&said).text;
    assert!(german.contains("7,50\u{a0}$"), "{german}");
}
