//! Wrong input to the real program. The program must say what to do in one clear sentence, exit with the right
//! code, and create nothing.

mod files;

use std::fs;

use patron_display::journal::Journal;

use crate::support::shop::{Shop, one_line, program, sentence};

#[test]
fn wrong_amount_is_corrected() {
    let shop = Shop::open();
    for (amount, says) in [
        ("1,250.00", "1250.00"),
        ("12,50", "12.50"),
        ("12.505", "2 decimals"),
        ("-5", "a sign does not belong in an amount; write 5"),
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
fn unknown_merchant_names_the_nearest() {
    let shop = Shop::open();
    let said = shop.refused(&["sale", "--amount", "5", "--merchant", "caffe"], 64);
    one_line(&said);
    assert!(said.contains("did you mean \"cafe\""), "{said}");
}

#[test]
fn unknown_option_is_a_usage_error() {
    let shop = Shop::open();
    let said = shop.refused(&["sale", "--amout", "5"], 64);
    assert!(said.contains("--amount"), "{said}");
}

#[test]
fn missing_configuration() {
    let home = tempfile::tempdir().unwrap();
    let output = program(home.path())
        .args(["sale", "--amount", "5"])
        .output()
        .unwrap();
    let said = sentence(&output);
    assert_eq!(output.status.code(), Some(78), "{said}");
    assert!(said.contains("config.toml"), "{said}");
    assert!(said.contains("patron-display config example"), "{said}");
}

#[test]
fn broken_configuration_names_its_line() {
    let shop = Shop::open();
    let broken = shop.configuration().replace("liveness", "livenes");
    shop.write("config.toml", &broken);
    let said = shop.refused(&["sale", "--amount", "5"], 78);
    one_line(&said);
    assert!(said.contains("config.toml:9:1"), "{said}");
    assert!(said.contains("\"liveness\""), "{said}");
}

#[test]
fn missing_key_says_where_to_put_it() {
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
fn f55_readable_key_is_refused() {
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
fn missing_screen_creates_nothing() {
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
fn settle_with_nothing_open() {
    let shop = Shop::open();
    for arguments in [&["settle"][..], &["settle", "--json"]] {
        let output = shop.run(arguments);
        assert_eq!(output.status.code(), Some(0));
        assert!(output.stdout.is_empty());
        assert!(output.stderr.is_empty());
    }
}

#[test]
fn f47_taken_counter_is_75() {
    let shop = Shop::open();
    let data = shop.path("data");
    let _other = Journal::open(&data).unwrap();
    let said = shop.refused(&["settle", "--data-dir", data.to_str().unwrap()], 75);
    one_line(&said);
    assert!(said.contains("another display"), "{said}");
}

#[test]
fn f46_unreadable_journal_is_kept() {
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
fn history_of_a_new_counter_is_empty() {
    let shop = Shop::open();
    let nothing = format!(
        "No sale was found: there is no journal in {} yet.\n",
        shop.path("data").display()
    );
    for (format, expected) in [
        ("table", nothing.as_str()),
        ("json", "[]\n"),
        (
            "csv",
            "at,sale,attempt,externalRef,id,shortCode,amount,currency,merchant,operator,outcome,\
             late,reason,settledBy,shownAt,settledAt,closedAt,refundsStarted,refundsUnknown,\
             paidBy,assetTypes,platformRef\n",
        ),
    ] {
        let output = shop.run(&["history", "--format", format]);
        assert_eq!(output.status.code(), Some(0));
        let said = String::from_utf8(output.stdout).unwrap();
        assert_eq!(said, expected, "{format}");
    }
}

#[test]
fn wrong_time_is_refused_with_examples() {
    let shop = Shop::open();
    let said = shop.refused(&["history", "--since", "the day before"], 64);
    assert!(said.contains("2026-08-17"), "{said}");
}

#[test]
fn wrong_items_create_nothing() {
    let shop = Shop::open();
    let refused = |name: &str, amount: &[&str]| {
        let path = shop.path(name);
        let arguments: Vec<_> = ["sale", "--items", path.to_str().unwrap()]
            .into_iter()
            .chain(amount.iter().copied())
            .collect();
        let said = shop.refused(&arguments, 64);
        one_line(&said);

        said
    };
    assert!(refused("none.json", &[]).contains("none.json: there is no such file"));

    shop.write("items.json", r#"[{"name": "Tea", "qty": 1, "price": 4.5}]"#);
    let said = refused("items.json", &[]);
    assert!(
        said.contains("[0].price: a whole number of minor units"),
        "{said}"
    );

    shop.write("items.json", r#"[{"name": "Tea", "qty": 1, "price": 450}]"#);
    let said = refused("items.json", &["--amount", "5"]);
    assert!(said.contains("sum to 4.50, but --amount is 5.00"), "{said}");

    shop.write(
        "items.json",
        r#"[{"name": "Voucher", "qty": 1, "price": -450}]"#,
    );
    let said = refused("items.json", &[]);
    assert!(said.contains("sum to -450 minor units"), "{said}");
}

#[test]
fn unknown_item_keys_only_warn() {
    let shop = Shop::open();
    shop.write(
        "items.json",
        r#"[{"name": "Tea", "qty": 1, "price": 450, "restrictd": true},
            {"name": "Cake", "qty": 1, "price": 50, "restrictd": true, "shelf": 7}]"#,
    );
    let path = shop.path("items.json");
    let items = path.to_str().unwrap();
    // The sale fails only later, because there is no screen.
    let said = shop.refused(&["sale", "--items", items], 69);
    let lines: Vec<_> = said.lines().collect();
    assert_eq!(lines.len(), 3, "{said}");
    assert!(lines[0].starts_with("patron-display: --items "), "{said}");
    assert!(
        lines[0].ends_with(
            ": line 1 and 1 more: unknown key \"restrictd\" is ignored; did you mean \"restricted\"?"
        ),
        "{said}"
    );
    assert!(
        lines[1].contains(": line 2: unknown key \"shelf\""),
        "{said}"
    );
}

#[test]
fn many_unknown_item_keys_are_counted() {
    let shop = Shop::open();
    let keys: String = (0..9).map(|key| format!(", \"zz{key}\": 1")).collect();
    shop.write(
        "items.json",
        &format!("[{{\"name\": \"Tea\", \"qty\": 1, \"price\": 450{keys}}}]"),
    );
    let path = shop.path("items.json");
    let said = shop.refused(&["sale", "--items", path.to_str().unwrap()], 69);
    assert_eq!(said.matches("unknown key \"").count(), 5, "{said}");
    assert!(said.contains("4 more unknown keys are ignored"), "{said}");
}

#[cfg(unix)]
#[test]
fn items_of_a_pipe_are_read_once() {
    let shop = Shop::open();
    let script = format!(
        "echo '[{{\"name\": \"Tea\", \"qty\": 1, \"price\": 450, \"shelf\": 1}}]' | {} --config {} sale --items /dev/stdin",
        env!("CARGO_BIN_EXE_patron-display"),
        shop.path("config.toml").display()
    );
    let output = std::process::Command::new("sh")
        .args(["-c", &script])
        .env_clear()
        .env("HOME", shop.path("home"))
        .env("PATH", std::env::var_os("PATH").unwrap())
        .output()
        .unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(69), "{said}");
    assert!(said.contains("unknown key \"shelf\""), "{said}");
}

#[test]
fn basket_below_the_amount_is_refused() {
    let shop = Shop::open();
    let said = shop.refused(&["sale", "--amount", "12.50", "--basket", "10"], 64);
    assert!(
        said.contains("--basket is 10.00, less than the amount 12.50"),
        "{said}"
    );
    let said = shop.refused(&["sale", "--amount", "12.50", "--basket", "much"], 64);
    assert!(said.starts_with("patron-display: --basket: "), "{said}");
}

#[test]
fn items_sum_to_basket_or_amount() {
    let shop = Shop::open();
    shop.write("items.json", r#"[{"name": "Tea", "qty": 1, "price": 450}]"#);
    let path = shop.path("items.json");
    let items = path.to_str().unwrap();
    let said = shop.refused(
        &["sale", "--items", items, "--amount", "3", "--basket", "4"],
        64,
    );
    assert!(
        said.contains("sum to 4.50, but --amount is 3.00 and --basket 4.00"),
        "{said}"
    );
    // With a right sum the sale fails only later, because there is no screen.
    for sums in [
        ["--amount", "3", "--basket", "4.50"],
        ["--amount", "4.50", "--basket", "9"],
    ] {
        let said = shop.refused(&[&["sale", "--items", items], &sums[..]].concat(), 69);
        assert!(!said.contains("sum"), "{said}");
    }
}

#[test]
fn part_decision_needs_a_part() {
    let shop = Shop::open();
    shop.refused(&["settle", "A1"], 64);
    shop.refused(&["settle", "--part", "perhaps"], 64);
    let said = shop.refused(&["settle", "--part", "confirm"], 64);
    assert!(said.contains("no part payment needs a decision"), "{said}");
}

#[test]
fn wrong_logo_is_named_first() {
    let shop = Shop::open();
    let with_logo = format!("{}[qr]\nlogo = \"logo.png\"\n", shop.configuration());
    shop.write("config.toml", &with_logo);
    shop.write("logo.png", "no picture");
    let said = shop.refused(&["sale", "--amount", "5"], 78);
    one_line(&said);
    assert!(said.contains("[qr] logo: "), "{said}");
    assert!(said.contains("neither a PNG nor an SVG"), "{said}");
}

#[test]
fn wrong_fault_script_names_its_line() {
    let shop = Shop::open();
    shop.write("faults.toml", "[[read]]\nfault = \"dorp-after\"\n");
    for (file, says) in [
        (
            "faults.toml",
            "faults.toml:1: read[0]: unknown fault `dorp-after`",
        ),
        ("none.toml", "none.toml: "),
    ] {
        let path = shop.path(file);
        let said = shop.refused(&["sandbox", "--faults", path.to_str().unwrap()], 78);
        one_line(&said);
        assert!(said.contains(says), "{said}");
    }
}

#[test]
fn wrong_barcode_is_not_repeated() {
    let shop = Shop::open();
    for code in ["", "12x4567", "99900012345678901"] {
        let said = shop.refused(&["sale", "--amount", "5", "--barcode", code], 64);
        one_line(&said);
        assert!(
            said.contains("--barcode") && said.contains("scan"),
            "{said}"
        );
        assert!(code.is_empty() || !said.contains(code), "{said}");
    }
}
