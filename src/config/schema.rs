//! Writes the JSON schema of the configuration, for editors that complete and check it, and the sample with a comment on
//! every setting. Both come from the fields of [`Config`] and their comments.
//!
//! The schema is never stricter than the reader, which decides.

use schemars::Schema;
use schemars::generate::SchemaSettings;
use schemars::transform::{Transform, transform_subschemas};
use serde::Deserialize;
use serde_json::Value;

use super::hint::keys;
use super::merchant::MerchantTable;
use super::{Api, Config, Display, LocalApi, Qr, Terminal};

/// Returns the schema by JSON Schema draft 7, which all editors know.
pub(super) fn schema() -> Value {
    let mut settings = SchemaSettings::draft07();
    settings.inline_subschemas = true;

    settings
        .with_transform(RemoveEmptyDefaults)
        .into_generator()
        .into_root_schema_for::<Config>()
        .to_value()
}

/// Returns the schema as the text of a file.
pub fn text() -> String {
    format!("{:#}\n", schema())
}

/// Removes empty defaults, which only say that a setting is left out.
#[derive(Clone, Debug)]
struct RemoveEmptyDefaults;

impl Transform for RemoveEmptyDefaults {
    fn transform(&mut self, schema: &mut Schema) {
        let is_empty =
            |value: &Value| value.is_null() || value.as_array().is_some_and(Vec::is_empty);
        if schema.get("default").is_some_and(is_empty) {
            schema.remove("default");
        }
        transform_subschemas(self, schema);
    }
}

const INTRODUCTION: &str = "\
#:schema ./patron-display.schema.json
# The configuration of patron-display: a sample to start from.
#
# An editor that knows TOML completes and checks it by the schema that the first line names. To put the schema beside
# your copy: patron-display config schema > patron-display.schema.json
#
# Put this file in one of these places. The first one found is used:
#   the file named by --config, or by the variable PATRON_DISPLAY_CONFIG
#   ~/.config/patron-display/config.toml (on Windows: %APPDATA%\\patron-display\\config\\config.toml)
#   /etc/patron-display/config.toml
#
# To begin, change two settings: the config-id of the merchant, and the file with the API key.
# A setting with \"#\" directly before its key is not in use. It shows its default or an example.
";

/// The settings that the sample sets. It shows the others as comments.
const IN_USE: [&str; 4] = ["default-merchant", "api-key-file", "config-id", "name"];

/// Returns the sample configuration: the file `config/patron-display.toml`.
pub fn sample() -> String {
    let schema = schema();
    let mut sample = INTRODUCTION.to_owned();
    add_settings::<Config>(&mut sample, &schema);
    add_table::<Api>(&mut sample, "api", &schema);
    add_table::<Terminal>(&mut sample, "terminal", &schema);
    let merchants = &schema["properties"]["merchants"];
    add_heading(&mut sample, "merchants.cafe", merchants);
    add_settings::<MerchantTable>(&mut sample, &merchants["additionalProperties"]);
    add_table::<Display>(&mut sample, "display", &schema);
    add_table::<Qr>(&mut sample, "qr", &schema);
    add_table::<LocalApi>(&mut sample, "local-api", &schema);

    sample
}

fn add_table<T: Deserialize<'static> + 'static>(sample: &mut String, name: &str, schema: &Value) {
    let table = &schema["properties"][name];
    add_heading(sample, name, table);
    add_settings::<T>(sample, table);
}

fn add_heading(sample: &mut String, name: &str, table: &Value) {
    add_description(sample, table);
    sample.push_str(&format!("[{name}]\n"));
}

/// Adds the settings of the table `T`, without the tables in it. JSON text, numbers, booleans and lists are valid
/// TOML.
fn add_settings<T: Deserialize<'static> + 'static>(sample: &mut String, table: &Value) {
    for key in keys::<T>() {
        let setting = &table["properties"][key];
        if setting["type"] == "object" {
            continue;
        }
        let example = &setting["examples"][0];
        let value = if example.is_null() {
            &setting["default"]
        } else {
            example
        };
        let mark = if IN_USE.contains(key) { "" } else { "#" };
        add_description(sample, setting);
        sample.push_str(&format!("{mark}{key} = {value}\n"));
    }
}

fn add_description(sample: &mut String, of: &Value) {
    sample.push('\n');
    for line in of["description"].as_str().unwrap_or_default().lines() {
        sample.push_str(&format!("# {line}\n"));
    }
}
