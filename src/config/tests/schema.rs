//! Tests of the schema: it agrees with the reader.

use boon::{Compiler, Schemas};
use serde_json::Value;

use super::*;
use crate::config::schema::{schema, text};

const FILE: &str = include_str!("../../../config/patron-display.schema.json");

/// Returns why this configuration is invalid by the schema; `None` if it is valid.
fn refusal(configuration: &str) -> Option<String> {
    let mut schemas = Schemas::new();
    let mut compiler = Compiler::new();
    compiler.add_resource("schema.json", schema()).unwrap();
    let compiled = compiler.compile("schema.json", &mut schemas).unwrap();
    let configuration: Value = toml::from_str(configuration).unwrap();

    schemas
        .validate(&configuration, compiled)
        .err()
        .map(|refusal| refusal.to_string())
}

/// Returns each table of the schema with its heading in a configuration that ends with a merchant.
fn tables() -> [(&'static str, Value); 7] {
    let top = schema();
    let table = |pointer: &str| top.pointer(pointer).unwrap().clone();

    [
        ("", top.clone()),
        ("[api]", table("/properties/api")),
        ("[terminal]", table("/properties/terminal")),
        ("", table("/properties/merchants/additionalProperties")),
        ("[display]", table("/properties/display")),
        ("[qr]", table("/properties/qr")),
        ("[local-api]", table("/properties/local-api")),
    ]
}

#[test]
fn schema_file_is_what_the_program_prints() {
    assert!(
        FILE == text(),
        "run patron-display config schema > config/patron-display.schema.json"
    );
}

#[test]
fn sample_begins_with_the_schema() {
    let first = SAMPLE.lines().next();

    assert_eq!(first, Some("#:schema ./patron-display.schema.json"));
}

#[test]
fn every_key_has_a_description_and_a_type() {
    for ((_, table), (place, keys)) in tables().iter().zip(hint::tables()) {
        let properties = table["properties"].as_object().unwrap();
        assert_eq!(properties.len(), keys.len(), "{place}");
        for key in keys {
            let property = &properties[*key];
            let description = property["description"].as_str().unwrap_or_default();
            assert!(description.len() > 15, "{key}: {description:?}");
            let says = ["type", "oneOf", "anyOf"];
            assert!(
                says.iter().any(|keyword| property.get(keyword).is_some()),
                "{key}"
            );
        }
    }
}

#[test]
fn sample_is_valid_with_every_setting() {
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
fn unknown_key_is_invalid_in_every_table() {
    let of_table = tables().map(|(heading, _)| format!("{LEAST}{heading}\nunknown = 1\n"));
    for unknown in of_table
        .into_iter()
        .chain([format!("unknown = 1\n{LEAST}")])
    {
        let refusal = refusal(&unknown).expect("a refusal");
        assert!(refusal.contains("unknown"), "{refusal}");
    }
}

#[test]
fn schema_refuses_simple_errors() {
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
        format!("{LEAST}[api]\npoll-every = 1\n"),
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
        format!("{LEAST}[local-api]\nlisten = \"0.0.0.0:8790\"\n"),
        format!("{LEAST}[local-api]\nlisten = \"127.0.0.1\"\n"),
    ] {
        assert!(read(&wrong).is_err(), "{wrong}");
        assert!(refusal(&wrong).is_some(), "{wrong}");
    }
}

#[test]
fn defaults_of_the_schema_are_true() {
    let plain = read(LEAST).unwrap();
    let mut defaults = 0;
    for (heading, table) in tables() {
        for (key, property) in table["properties"].as_object().unwrap() {
            let Some(default) = property.get("default") else {
                continue;
            };
            // JSON writes text, numbers, booleans and lists of them as TOML does.
            let written = format!("{LEAST}{heading}\n{key} = {default}\n");
            assert_eq!(read(&written).as_ref(), Ok(&plain), "{written}");
            assert_eq!(refusal(&written), None);
            defaults += 1;
        }
    }
    assert_eq!(defaults, 23);
}
