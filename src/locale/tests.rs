use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use fluent_bundle::FluentResource;
use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement};

use super::*;
use crate::domain::money::{Amount, Currency};

#[test]
fn tag_is_found_in_any_case_and_region() {
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
fn unsupported_tags_are_no_language() {
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

/// Returns the variables of each message, by the id of the message.
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
    assert_eq!(messages.len(), entries.len(), "duplicate message");

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
fn languages_have_the_same_messages() {
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
fn phrases_and_messages_match() {
    const OF_LISTS_AND_MONEY: [&str; 6] = [
        "list-separator",
        "money",
        "money-with-code",
        "decimal-sign",
        "group-sign",
        "grouping",
    ];
    let messages: BTreeSet<_> = messages(Language::EnNz).into_keys().collect();
    let phrases = Phrase::ALL.iter().map(ToString::to_string);
    let known: BTreeSet<_> = phrases
        .chain(OF_LISTS_AND_MONEY.map(ToOwned::to_owned))
        .collect();
    assert_eq!(messages, known);
}

#[test]
fn every_phrase_is_used() {
    let mut code = String::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src/app")];
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
        // The search includes the next character, so that a longer name that starts the same does not match.
        let said = format!("Phrase::{phrase:?}");
        let is_said = code.match_indices(&said).any(|(at, _)| {
            let after = code[at + said.len()..].chars().next();

            !after.is_some_and(char::is_alphanumeric)
        });
        assert!(is_said, "{phrase:?} is never used");
    }
}

#[test]
fn other_languages_are_not_english() {
    let english = Translator::new(&[Language::EnNz]);
    for language in Language::ALL.into_iter().skip(1) {
        let translator = Translator::new(&[language]);
        let same = Phrase::ALL
            .iter()
            .filter(|phrase| {
                let said = ScreenText::from(**phrase);

                translator.say(&said).text == english.say(&said).text
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
fn maori_has_macrons() {
    let words = Language::Mi.source();
    for macron in ['ā', 'ē', 'ī', 'ō', 'ū'] {
        assert!(words.contains(macron), "{macron}");
    }
}

fn money(language: Language, minor: u64, currency: Currency) -> String {
    let amount = Amount::from_minor(minor, currency);

    Translator::new(&[language]).say(&amount.into()).text
}

#[test]
fn amounts_follow_the_language() {
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
    // Spanish groups digits only in numbers of five digits or more.
    assert_eq!(
        money(Language::Es, 125_000, Currency::NZD),
        "1250,00\u{a0}$"
    );
}

#[test]
fn other_currencies_show_their_code() {
    for (currency, minor, written) in [
        (Currency::AUD, 1250, "AUD\u{a0}12.50"),
        (Currency::JPY, 1250, "JPY\u{a0}1,250"),
        (Currency::KWD, 1250, "KWD\u{a0}1.250"),
    ] {
        assert_eq!(money(Language::EnNz, minor, currency), written);
    }
}

#[test]
fn all_languages_are_listed_without_repeats() {
    let translator = Translator::new(&[Language::De, Language::EnNz]);
    let paid = ScreenText::from(Phrase::Paid);
    assert_eq!(translator.say(&paid).language, Language::De);
    let all: Vec<_> = translator
        .translate_all(&paid)
        .into_iter()
        .map(|words| words.language)
        .collect();
    assert_eq!(all, [Language::De, Language::EnNz]);
    assert_eq!(
        translator
            .translate_all(&ScreenText::verbatim("CP-C7F-ZS5"))
            .len(),
        1
    );
}

#[test]
fn apps_are_joined_by_language() {
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
        let said = ScreenText::from(Phrase::WithYourCamera).with_list("apps", &apps[..count]);
        assert_eq!(Translator::new(&[language]).say(&said).text, written);
    }
}

#[test]
fn nested_phrases_are_translated() {
    let means = ScreenText::from(Phrase::AmountPaidBy)
        .with_amount("amount", Amount::from_minor(750, Currency::NZD))
        .with("means", "Community Voucher");
    let said = ScreenText::from(Phrase::PaidInFullBy).with_texts("means", vec![means]);
    let english = Translator::default().say(&said).text;
    assert_eq!(
        english,
        "That sale is paid in full, $7.50 by Community Voucher."
    );
    let german = Translator::new(&[Language::De]).say(&said).text;
    assert!(german.contains("7,50\u{a0}$"), "{german}");
}
