//! Wrong input to the real program: one clear sentence that says what to do, the right exit code,
//! and nothing created.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that cannot set its scene has failed"
)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use patron_display::journal::Journal;
use patron_display::sandbox::{Options, Sandbox};
use tempfile::TempDir;
use tokio::runtime::Runtime;

/// A shop with its configuration, and a platform that tells whether anything was created.
struct Shop {
    directory: TempDir,
    sandbox: Option<Sandbox>,
    runtime: Runtime,
}

impl Shop {
    fn open() -> Self {
        let runtime = Runtime::new().unwrap();
        let sandbox = runtime
            .block_on(Sandbox::start(Options::default()))
            .unwrap();
        let shop = Self {
            directory: tempfile::tempdir().unwrap(),
            sandbox: Some(sandbox),
            runtime,
        };
        shop.write("centrapay.key", "a-key\n");
        shop.only_for_owner("centrapay.key");
        shop.write("config.toml", &shop.configuration());

        shop
    }

    fn configuration(&self) -> String {
        let address = self.sandbox.as_ref().unwrap().address();

        format!(
            "default-merchant = \"cafe\"\n\
             [api]\n\
             base-url = \"http://{address}\"\n\
             pay-hosts = [\"{address}\"]\n\
             api-key-file = \"centrapay.key\"\n\
             [merchants.cafe]\n\
             config-id = \"5ee168e8597be5002af7b454\"\n\
             name = \"Café\"\n\
             liveness = \"test\"\n"
        )
    }

    fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.path(name), text).unwrap();
    }

    #[cfg(unix)]
    fn only_for_owner(&self, name: &str) {
        use std::os::unix::fs::PermissionsExt;

        fs::set_permissions(self.path(name), fs::Permissions::from_mode(0o600)).unwrap();
    }

    #[cfg(not(unix))]
    fn only_for_owner(&self, _name: &str) {}

    fn run(&self, arguments: &[&str]) -> Output {
        program(self.directory.path())
            .arg("--config")
            .arg(self.path("config.toml"))
            .args(arguments)
            .output()
            .unwrap()
    }

    /// Runs a sale that must be refused, and answers with its sentence.
    fn refused(&self, arguments: &[&str], exit_code: i32) -> String {
        let output = self.run(arguments);
        let sentence = sentence(&output);
        assert_eq!(output.status.code(), Some(exit_code), "{sentence}");
        assert!(output.stdout.is_empty(), "nothing but events on stdout");
        let created = self.sandbox.as_ref().unwrap().control().requests();
        assert!(created.is_empty(), "nothing is created");

        sentence
    }
}

impl Drop for Shop {
    fn drop(&mut self) {
        if let Some(sandbox) = self.sandbox.take() {
            self.runtime.block_on(sandbox.shutdown());
        }
    }
}

/// The program in a bare environment: no screen, no key, nobody's home.
fn program(home: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_patron-display"));
    command
        .env_clear()
        .env("HOME", home)
        .env("PATRON_DISPLAY_DATA_DIR", home.join("data"));

    command
}

/// What was said, which must be one line that begins with the program's name and is no panic.
fn sentence(output: &Output) -> String {
    let said = String::from_utf8(output.stderr.clone()).unwrap();
    assert!(!said.contains("panicked"), "{said}");

    said
}

fn one_line(said: &str) {
    assert_eq!(said.trim_end().lines().count(), 1, "{said}");
    assert!(said.starts_with("patron-display: "), "{said}");
}

#[test]
fn wrong_amounts_are_refused_with_what_to_write_instead() {
    let shop = Shop::open();
    for (amount, says) in [
        ("1,250.00", "1250.00"),
        ("12,50", "12.50"),
        ("12.505", "2 decimals"),
        ("-5", "no sign; write 5"),
        ("0", "zero"),
        ("", "no amount was given"),
        ("abc", "'a'"),
        ("$5", "write only 5"),
        ("1000000", "$999,999.99"),
    ] {
        let said = shop.refused(&["sale", "--amount", amount], 64);
        one_line(&said);
        assert!(said.contains("--amount"), "{said}");
        assert!(said.contains(says), "{amount}: {said}");
    }
}

#[test]
fn an_unknown_merchant_is_refused_with_the_nearest_one() {
    let shop = Shop::open();
    let said = shop.refused(&["sale", "--amount", "5", "--merchant", "caffe"], 64);
    one_line(&said);
    assert!(said.contains("did you mean \"cafe\""), "{said}");
}

#[test]
fn an_unknown_option_is_a_usage_error() {
    let shop = Shop::open();
    let said = shop.refused(&["sale", "--amout", "5"], 64);
    assert!(said.contains("--amount"), "{said}");
}

#[test]
fn a_missing_configuration_says_where_it_was_looked_for() {
    let home = tempfile::tempdir().unwrap();
    let output = program(home.path())
        .args(["sale", "--amount", "5"])
        .output()
        .unwrap();
    let said = sentence(&output);
    assert_eq!(output.status.code(), Some(78), "{said}");
    assert!(said.contains("config.toml"), "{said}");
    assert!(said.contains("config/patron-display.toml"), "{said}");
}

#[test]
fn a_broken_configuration_is_pointed_at_by_line_and_column() {
    let shop = Shop::open();
    let broken = shop.configuration().replace("liveness", "livenes");
    shop.write("config.toml", &broken);
    let said = shop.refused(&["sale", "--amount", "5"], 78);
    one_line(&said);
    assert!(said.contains("config.toml:9:1"), "{said}");
    assert!(said.contains("\"liveness\""), "{said}");
}

#[test]
fn a_missing_key_is_refused_with_where_to_put_one() {
    let shop = Shop::open();
    fs::remove_file(shop.path("centrapay.key")).unwrap();
    let said = shop.refused(&["sale", "--amount", "5"], 78);
    one_line(&said);
    assert!(said.contains("centrapay.key"), "{said}");

    let without = shop
        .configuration()
        .replace("api-key-file = \"centrapay.key\"\n", "");
    shop.write("config.toml", &without);
    let said = shop.refused(&["sale", "--amount", "5"], 78);
    one_line(&said);
    assert!(said.contains("CENTRAPAY_API_KEY"), "{said}");
}

#[cfg(unix)]
#[test]
fn f55_a_key_that_others_can_read_is_refused_and_not_told() {
    use std::os::unix::fs::PermissionsExt;

    let shop = Shop::open();
    let key = shop.path("centrapay.key");
    fs::set_permissions(&key, fs::Permissions::from_mode(0o644)).unwrap();
    let said = shop.refused(&["sale", "--amount", "5"], 78);
    one_line(&said);
    assert!(said.contains("chmod 600"), "{said}");
    assert!(!said.contains("a-key"), "{said}");
}

#[cfg(target_os = "linux")]
#[test]
fn a_machine_without_a_screen_is_told_so_before_anything_is_created() {
    let shop = Shop::open();
    let said = shop.refused(&["sale", "--amount", "5"], 69);
    one_line(&said);
    assert!(said.contains("DISPLAY"), "{said}");
}

#[test]
fn help_and_version_are_no_errors() {
    let home = tempfile::tempdir().unwrap();
    for argument in ["--help", "--version"] {
        let output = program(home.path()).arg(argument).output().unwrap();
        assert_eq!(output.status.code(), Some(0));
        assert!(!output.stdout.is_empty());
    }
}

#[test]
fn settle_with_nothing_open_says_nothing_and_ends_with_0() {
    let shop = Shop::open();
    for arguments in [&["settle"][..], &["settle", "--json"]] {
        let output = shop.run(arguments);
        assert_eq!(output.status.code(), Some(0));
        assert!(output.stdout.is_empty());
        assert!(output.stderr.is_empty());
    }
}

#[test]
fn f47_a_counter_that_another_display_has_is_refused_with_75() {
    let shop = Shop::open();
    let data = shop.path("data");
    let _other = Journal::open(&data).unwrap();
    let said = shop.refused(&["settle", "--data-dir", data.to_str().unwrap()], 75);
    one_line(&said);
    assert!(said.contains("another display"), "{said}");
}

#[test]
fn f46_a_journal_that_cannot_be_read_is_refused_and_not_touched() {
    const LIST: &str = "this is not a database, it is a shopping list";
    let shop = Shop::open();
    fs::create_dir(shop.path("data")).unwrap();
    shop.write("data/journal.sqlite3", LIST);
    let data = shop.path("data");
    for command in ["settle", "history"] {
        let said = shop.refused(&[command, "--data-dir", data.to_str().unwrap()], 78);
        assert!(said.contains("journal.sqlite3"), "{said}");
        assert!(said.contains("not a database"), "{said}");
    }
    let kept = fs::read_to_string(shop.path("data/journal.sqlite3")).unwrap();
    assert_eq!(kept, LIST);
}

#[test]
fn the_history_of_a_new_counter_is_empty_in_every_format() {
    let shop = Shop::open();
    for (format, expected) in [
        ("table", "Nothing was found.\n"),
        ("json", "[]\n"),
        (
            "csv",
            "at,sale,attempt,externalRef,id,shortCode,amount,currency,merchant,operator,outcome,\
             late,reason,settledBy,shownAt,settledAt,closedAt\n",
        ),
    ] {
        let output = shop.run(&["history", "--format", format]);
        assert_eq!(output.status.code(), Some(0));
        let said = String::from_utf8(output.stdout).unwrap();
        assert_eq!(said, expected, "{format}");
    }
}

#[test]
fn a_time_that_cannot_be_understood_is_a_usage_error_with_examples() {
    let shop = Shop::open();
    let said = shop.refused(&["history", "--since", "the day before"], 64);
    assert!(said.contains("2026-08-17"), "{said}");
}
