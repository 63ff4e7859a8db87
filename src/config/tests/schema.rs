//! The schema for editors says what the reader does.

use boon::{Compiler, Schemas};
use serde_json::Value;

use super::*;
use crate::config::keys::Section;
use crate::config::schema::{schema, text};

const FILE: &str = include_str!("../../../config/patron-display.schema.json");

/// Why the schema does not take this configuration; `None` where it does.
fn refusal(configuration: &str) -> Option<String> {
    let mut schemas = Schemas::new();
    let mut compiler = Compiler::new();
    compiler
        .add_resource("schema.json", schema().unwrap())
        .unwrap();
    let compiled = compiler.compile("schema.json", &mut schemas).unwrap();
    let configuration: Value = toml::from_str(configuration).unwrap();

    schemas
        .validate(&configuration, compiled)
        .err()
        .map(|refusal| refusal.to_string())
}

/// The properties of a table of the schema.
fn properties(section: Section) -> Value {
    let top = schema().unwrap();
    let all = &top["properties"];
    let table = match section {
        Section::Top => &top,
        Section::Api => &all["api"],
        Section::Terminal => &all["terminal"],
        Section::Merchant => &all["merchants"]["additionalProperties"],
        Section::Display => &all["display"],
        Section::Qr => &all["qr"],
    };

    table["properties"].clone()
}

fn heading(section: Section) -> &'static str {
    match section {
        Section::Top => "",
        Section::Api => "[api]",
        Section::Terminal => "[terminal]",
        Section::Merchant => "",
        Section::Display => "[display]",
        Section::Qr => "[qr]",
    }
}

/// The sample with everything in it that is commented out, without the one or the other of what excludes each other.
fn whole_sample(without: &[&str]) -> String {
    SAMPLE
        .lines()
        .map(|line| match line.strip_prefix('#') {
            Some(setting) if setting.starts_with(|c: char| c.is_ascii_lowercase()) => setting,
            _ => line,
        })
        .filter(|line| !without.iter().any(|key| line.starts_with(key)))
        .map(|line| format!("{line}\n"))
        .collect()
}

#[test]
fn the_schema_file_is_what_the_program_prints() {
    assert!(
        FILE == text().unwrap(),
        "run patron-display config schema > config/patron-display.schema.json"
    );
}

#[test]
fn the_sample_names_the_schema_in_its_first_line_as_editors_want_it() {
    let first = SAMPLE.lines().next();

    assert_eq!(first, Some("#:schema ./patron-display.schema.json"));
}

#[test]
fn every_key_has_a_description_and_says_what_it_may_be() {
    for section in Section::ALL {
        let properties = properties(section);
        assert_eq!(
            properties.as_object().unwrap().len(),
            section.keys().len(),
            "{section:?}"
        );
        for key in section.keys() {
            let property = &properties[key];
            let description = property["description"].as_str().unwrap_or_default();
            assert!(description.len() > 15, "{key}: {description:?}");
            let says = ["type", "enum", "anyOf"];
            assert!(
                says.iter().any(|keyword| property.get(keyword).is_some()),
                "{key}"
            );
        }
    }
}

#[test]
fn the_sample_validates_also_with_every_setting_that_it_shows() {
    for configuration in [
        SAMPLE.to_owned(),
        whole_sample(&["api-key-file"]),
        whole_sample(&["authorization-file", "account ="]),
        LEAST.to_owned(),
    ] {
        assert!(read(&configuration).is_ok(), "{configuration}");
        assert_eq!(refusal(&configuration), None);
    }
}

#[test]
fn an_unknown_key_does_not_validate_in_any_table() {
    for section in Section::ALL {
        let unknown = match section {
            Section::Top => format!("unknown = 1\n{LEAST}"),
            Section::Merchant => format!("{LEAST}unknown = 1\n"),
            _ => format!("{LEAST}{}\nunknown = 1\n", heading(section)),
        };
        let refusal = refusal(&unknown).expect("a refusal");
        assert!(refusal.contains("unknown"), "{refusal}");
    }
}

#[test]
fn what_the_reader_refuses_at_a_glance_the_schema_refuses_too() {
    for wrong in [
        String::new(),
        "[merchants.cafe]\nname = \"Café\"\n".to_owned(),
        "[merchants.cafe]\nconfig-id = \"5ee1\"\n".to_owned(),
        format!("{LEAST}[merchants.bar]\nconfig-id = \"5ee2\"\nname = \"Bar\"\n"),
        format!("{LEAST}expiry-seconds = 10\n"),
        format!("{LEAST}expiry-seconds = \"120\"\n"),
        format!("{LEAST}liveness = \"tset\"\n"),
        format!("{LEAST}currency = \"nzd\"\n"),
        format!("{LEAST}[api]\nbase-url = \"service.centrapay.com\"\n"),
        format!("{LEAST}[api]\npay-hosts = []\n"),
        format!("{LEAST}[api]\ncounters = 101\n"),
        format!("{LEAST}[api]\naccount = \"C4\"\n"),
        format!("{LEAST}[api]\napi-key-file = \"a\"\nauthorization-file = \"b\"\n"),
        format!("{LEAST}[api]\napi-key-file = \"~/a\"\n"),
        format!("{LEAST}[api]\ntls-roots = \"bundeld\"\n"),
        format!("{LEAST}[display]\nlocale = [\"en-NZ\", \"mi\", \"fr\"]\n"),
        format!("{LEAST}[display]\nlocale = \"english\"\n"),
        format!("{LEAST}[display]\naccent = \"blue\"\n"),
        format!("{LEAST}[display]\nshop-logo = \"shop.gif\"\n"),
        format!("{LEAST}[display]\ntext-size = 99\n"),
        format!("{LEAST}[display]\ntones = \"yes\"\n"),
        format!("{LEAST}[display]\nclose-after = 8\n"),
        format!("{LEAST}[display]\napps = \"Payap\"\n"),
        format!("{LEAST}[display]\napps = []\n"),
        format!("{LEAST}[display]\napps = [\"A\", \"B\", \"C\", \"D\"]\n"),
        format!("{LEAST}[display]\napps = [\" \"]\n"),
        format!("{LEAST}[qr]\nlogo = \"marc\"\n"),
    ] {
        assert!(read(&wrong).is_err(), "{wrong}");
        assert!(refusal(&wrong).is_some(), "{wrong}");
    }
}

#[test]
fn a_default_of_the_schema_written_out_changes_nothing() {
    let plain = read(LEAST).unwrap();
    let mut defaults = 0;
    for section in Section::ALL {
        for (key, property) in properties(section).as_object().unwrap() {
            let Some(default) = property.get("default") else {
                continue;
            };
            // JSON's text, numbers, truths and lists of these are also TOML's.
            let written = format!("{LEAST}{}\n{key} = {default}\n", heading(section));
            assert_eq!(read(&written).as_ref(), Ok(&plain), "{written}");
            assert_eq!(refusal(&written), None);
            defaults += 1;
        }
    }
    assert_eq!(defaults, 22);
}
