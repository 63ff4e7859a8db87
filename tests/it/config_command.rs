//! `patron-display config` of the real program: it says where the configuration is and whether it is valid, and
//! prints an example.

#[cfg(target_os = "linux")]
use std::fs;
use std::path::Path;
use std::process::Output;

use patron_display::config::Config;
use serde_json::Value;

use crate::support::shop::{Shop, one_line, program, sentence};

const SAMPLE: &str = include_str!("../../config/patron-display.toml");

fn said(output: &Output) -> &str {
    std::str::from_utf8(&output.stdout).unwrap()
}

fn json(output: &Output) -> Value {
    assert_eq!(said(output).lines().count(), 1, "{}", said(output));

    serde_json::from_slice(&output.stdout).unwrap()
}

/// Returns the program for a user whose configuration is in the home directory.
#[cfg(target_os = "linux")]
fn at_home(home: &Path) -> std::process::Command {
    let directory = home.join(".config/patron-display");
    fs::create_dir_all(&directory).unwrap();
    fs::write(directory.join("config.toml"), SAMPLE).unwrap();

    program(home)
}

#[cfg(target_os = "linux")]
#[test]
fn path_prints_the_used_file() {
    let home = tempfile::tempdir().unwrap();
    let output = at_home(home.path())
        .args(["config", "path"])
        .output()
        .unwrap();

    let file = home.path().join(".config/patron-display/config.toml");
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(said(&output), format!("{}\n", file.display()));
    let looked = sentence(&output);
    let first = looked.lines().next().unwrap();
    assert!(first.starts_with("used "), "{looked}");
    assert!(first.ends_with(file.to_str().unwrap()), "{looked}");
    assert!(
        looked.contains("/etc/patron-display/config.toml"),
        "{looked}"
    );
}

#[cfg(target_os = "linux")]
#[test]
fn path_in_json_lists_every_place() {
    let home = tempfile::tempdir().unwrap();
    let output = at_home(home.path())
        .args(["config", "path", "--json"])
        .output()
        .unwrap();
    let told = json(&output);

    assert_eq!(output.status.code(), Some(0));
    assert!(output.stderr.is_empty());
    assert_eq!(told["event"], "config-path");
    assert_eq!(told["path"], told["searched"][0]["path"]);
    assert_eq!(told["searched"][0]["origin"], "user");
    assert_eq!(told["searched"][0]["exists"], true);
    assert_eq!(told["searched"][1]["origin"], "machine");
    assert_eq!(told["message"], Value::Null);
}

#[cfg(target_os = "linux")]
#[test]
fn path_of_a_named_file_is_alone() {
    let home = tempfile::tempdir().unwrap();
    let mut named = at_home(home.path());
    let missing = home.path().join("other.toml");
    let output = named
        .env("PATRON_DISPLAY_CONFIG", &missing)
        .args(["config", "path"])
        .output()
        .unwrap();
    let said = sentence(&output);

    assert_eq!(output.status.code(), Some(78), "{said}");
    assert!(output.stdout.is_empty());
    one_line(&said);
    assert!(said.contains("named by PATRON_DISPLAY_CONFIG"), "{said}");
    assert!(!said.contains("/.config/"), "{said}");
}

#[test]
fn path_without_a_file_is_78() {
    let home = tempfile::tempdir().unwrap();
    let missing = home.path().join("none.toml");
    let output = program(home.path())
        .args(["config", "path", "--json", "--config"])
        .arg(&missing)
        .output()
        .unwrap();
    let told = json(&output);

    assert_eq!(output.status.code(), Some(78));
    one_line(&sentence(&output));
    assert_eq!(told["path"], Value::Null);
    assert_eq!(told["searched"][0]["exists"], false);
    assert!(told["message"].as_str().unwrap().contains("none.toml"));
}

#[test]
fn check_names_merchants_and_key() {
    let mut shop = Shop::open();
    shop.close_the_platform();
    let output = shop.run(&["config", "check"]);
    let line = said(&output);

    assert_eq!(output.status.code(), Some(0), "{}", sentence(&output));
    assert_eq!(line.lines().count(), 1, "{line}");
    assert!(line.contains("config.toml is valid"), "{line}");
    assert!(
        line.contains("merchants: cafe (test money); default: cafe"),
        "{line}"
    );
    assert!(line.contains("centrapay.key"), "{line}");
    assert!(!line.contains("a-key"), "{line}");
    assert!(!shop.path("data").exists(), "nothing is left behind");
}

#[test]
fn check_in_json_names_the_merchants() {
    let shop = Shop::open();
    let output = shop.run(&["config", "check", "--json"]);
    let told = json(&output);

    assert_eq!(output.status.code(), Some(0));
    assert_eq!(told["event"], "config-check");
    assert_eq!(told["result"], "ok");
    assert_eq!(told["defaultMerchant"], "cafe");
    assert_eq!(told["merchants"][0]["key"], "cafe");
    assert_eq!(told["merchants"][0]["name"], "Café");
    assert_eq!(told["merchants"][0]["liveness"], "test");
    assert!(!said(&output).contains("a-key"));
}

#[test]
fn costly_settings_are_remarked_on() {
    let shop = Shop::open();
    let right = shop.configuration();
    let settings = [
        ("[qr]\ncontent = \"pay-endpoint\"\n", "ignore this code"),
        ("[qr]\nlogo = \"mark\"\n", "row 101.5"),
        ("[terminal]\nconditions = false\n", "Centrapay cancels"),
        (
            "[terminal]\nexternal-ref = \"as-given\"\n",
            "cannot be looked up",
        ),
    ];
    for (setting, says) in settings {
        shop.write("config.toml", &format!("{right}{setting}"));
        let output = shop.run(&["config", "check"]);
        let remarks = sentence(&output);
        assert_eq!(output.status.code(), Some(0), "{remarks}");
        assert_eq!(said(&output).lines().count(), 1);
        let line = remarks.lines().find(|line| line.contains(says));
        let line = line.unwrap_or_else(|| panic!("{setting}: {remarks}"));
        assert!(line.starts_with("patron-display: remark: ["), "{line}");

        let output = shop.run(&["config", "check", "--json"]);
        let told = json(&output);
        assert!(output.stderr.is_empty());
        let told = told["remarks"].as_array().unwrap();
        assert!(
            told.iter()
                .any(|remark| remark.as_str().unwrap().contains(says)),
            "{told:?}"
        );
    }
}

#[test]
fn certified_setup_has_no_remark() {
    const LOGO: &str = "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 9 9'>\
                        <rect width='9' height='9'/></svg>";
    let shop = Shop::open();
    shop.write("logo.svg", LOGO);
    let right = shop.configuration();
    shop.write(
        "config.toml",
        &format!("{right}[qr]\nlogo = \"logo.svg\"\n"),
    );
    let output = shop.run(&["config", "check"]);
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(sentence(&output), "");
    let output = shop.run(&["config", "check", "--json"]);
    assert_eq!(json(&output)["remarks"], Value::Array(Vec::new()));
}

#[test]
fn f77_slow_logo_is_remarked_on() {
    let shop = Shop::open();
    let textures = "<rect width='400' height='400' filter='url(#f)'/>".repeat(4);
    shop.write(
        "logo.svg",
        &format!(
            "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 400 400'><filter id='f'>\
             <feTurbulence baseFrequency='0.05' numOctaves='9'/></filter>{textures}</svg>"
        ),
    );
    let right = shop.configuration();
    shop.write(
        "config.toml",
        &format!("{right}[qr]\nlogo = \"logo.svg\"\n"),
    );
    let output = shop.run(&["config", "check"]);
    let said = sentence(&output);
    assert!(
        said.contains("takes longer to draw than the 250 ms"),
        "{said}"
    );
}

#[test]
fn check_fails_as_a_sale_does() {
    let shop = Shop::open();
    let right = shop.configuration();
    let broken = [
        right.replace("liveness", "livenes"),
        right.replace("centrapay.key", "none.key"),
        format!("{right}[qr]\nlogo = \"none.svg\"\n"),
        format!("{right}[display]\nshop-logo = \"none.png\"\n"),
        right
            .replace("[api]", "[api]\ntls-roots = \"none.pem\"")
            .replace("http://", "https://"),
        String::new(),
    ];
    for configuration in broken {
        shop.write("config.toml", &configuration);
        let checked = shop.refused(&["config", "check"], 78);
        one_line(&checked);
        // A sale without a screen ends before the program reads pictures.
        let sold = shop.run(&["sale", "--amount", "5"]);
        if sold.status.code() == Some(78) {
            assert_eq!(sentence(&sold), checked);
        }

        let output = shop.run(&["config", "check", "--json"]);
        let told = json(&output);
        assert_eq!(output.status.code(), Some(78));
        assert_eq!(told["result"], "failed");
        let message = told["message"].as_str().unwrap();
        assert_eq!(checked.trim_end(), format!("patron-display: {message}"));
    }
}

#[test]
fn example_prints_the_valid_sample() {
    let home = tempfile::tempdir().unwrap();
    let output = program(home.path())
        .args(["config", "example"])
        .output()
        .unwrap();

    assert_eq!(output.status.code(), Some(0));
    assert_eq!(said(&output), SAMPLE);
    assert!(Config::from_str(said(&output), Path::new("config.toml")).is_ok());
}

#[test]
fn schema_prints_the_schema_file() {
    let home = tempfile::tempdir().unwrap();
    let output = program(home.path())
        .args(["config", "schema"])
        .output()
        .unwrap();

    assert_eq!(output.status.code(), Some(0));
    assert_eq!(
        said(&output),
        include_str!("../../config/patron-display.schema.json")
    );
    serde_json::from_str::<Value>(said(&output)).unwrap();
}
