//! Tests of wrong settings: each error has the place and what would be right.

use super::{LEAST, read};

/// Returns the error of `text` without the path of the file.
pub(super) fn refused(text: &str) -> String {
    let error = match read(text) {
        Ok(_) => panic!("accepted: {text}"),
        Err(error) => error.to_string(),
    };

    error.strip_prefix("/shop/config.toml:").unwrap().to_owned()
}

/// Checks the error of each text above a valid merchant.
fn check_above(cases: &[(&str, &str)]) {
    for (text, sentence) in cases {
        assert_eq!(refused(&format!("{text}\n{LEAST}")), *sentence, "{text}");
    }
}

/// Checks the error of each line as the fourth line of a valid merchant.
fn check_in_merchant(cases: &[(&str, &str)]) {
    for (line, sentence) in cases {
        assert_eq!(refused(&format!("{LEAST}{line}\n")), *sentence, "{line}");
    }
}

#[test]
fn unknown_key_gets_a_hint() {
    check_in_merchant(&[
        (
            "expiry-second = 60",
            "4:1: unknown key \"expiry-second\" in [merchants.cafe]; did you mean \"expiry-seconds\"?",
        ),
        (
            "  theme = \"dark\"",
            "4:3: unknown key \"theme\" in [merchants.cafe]; it belongs in [display]",
        ),
        (
            "default-merchant = \"cafe\"",
            "4:1: unknown key \"default-merchant\" in [merchants.cafe]; it belongs at the top of the file, above the first [table]",
        ),
        (
            "[merchants.cafe.colours]",
            "4:17: unknown table \"colours\" in [merchants.cafe]; write \"config-id\", \"name\", \"currency\", \"liveness\", \"expiry-seconds\" or \"account-id\"",
        ),
    ]);
    check_above(&[
        (
            "[merchant.bar]",
            "1:2: unknown table \"merchant\"; did you mean \"merchants\"?",
        ),
        (
            "config-id = \"5ee1\"",
            "1:1: unknown key \"config-id\"; it belongs in [merchants.NAME]",
        ),
        (
            "[qr]\nsize = 4\ncolour = true",
            "2:1: unknown key \"size\" in [qr]; write \"content\" or \"logo\"",
        ),
    ]);
}

#[test]
fn wrong_type_names_the_right_one() {
    check_in_merchant(&[
        (
            "expiry-seconds = \"120\"",
            "4:18: \"expiry-seconds\" must be a whole number of seconds without quotes, such as 120, not text",
        ),
        (
            "expiry-seconds = 60.0",
            "4:18: \"expiry-seconds\" must be a whole number of seconds without quotes, such as 120, not a decimal number",
        ),
        (
            "currency = [\"NZD\"]",
            "4:12: \"currency\" must be a currency code in quotes, such as \"NZD\", not a list",
        ),
        (
            "liveness = true",
            "4:12: \"liveness\" must be \"main\" or \"test\", not true or false",
        ),
    ]);
    check_above(&[
        (
            "api = 1",
            "1:7: \"api\" must be a table, begun by a line [api], not a number",
        ),
        (
            "[api]\npay-hosts = \"app.centrapay.com\"",
            "2:13: \"pay-hosts\" must be a list of hosts, such as [\"app.centrapay.com\"], not text",
        ),
        (
            "[display]\nclose-after = 8",
            "2:15: \"close-after\" must be a time in quotes with its unit, such as \"8s\", \"500ms\" or \"2m\", not a number",
        ),
        (
            "[display]\nlocale = [\"en-NZ\", 2]",
            "2:20: \"locale\" must be a language in quotes, such as \"en-NZ\", or a list of two, not a number",
        ),
    ]);
}

#[test]
fn wrong_value_is_located() {
    check_in_merchant(&[
        (
            "expiry-seconds = 10",
            "4:18: \"expiry-seconds\" must be from 11 to 86400 seconds; 120 is usual",
        ),
        (
            "expiry-seconds = -1",
            "4:18: \"expiry-seconds\" must be from 11 to 86400 seconds; 120 is usual",
        ),
        (
            "expiry-seconds = 99999999999999999999999",
            "4:18: \"expiry-seconds\" must be from 11 to 86400 seconds; 120 is usual",
        ),
        (
            "liveness = \"live\"",
            "4:12: \"liveness\" cannot be \"live\"; write \"main\" or \"test\"",
        ),
        (
            "liveness = \"Main\"",
            "4:12: \"liveness\" cannot be \"Main\"; did you mean \"main\"?",
        ),
        (
            "currency = \"nzd\"",
            "4:12: currency codes are written in capitals; write NZD",
        ),
        (
            "account-id = \"a b\"",
            "4:14: \"account-id\" must be one word of plain letters and digits; copy the id as the platform shows it",
        ),
    ]);
    check_above(&[
        (
            "[display]\ntheme = \"drak\"",
            "2:9: \"theme\" cannot be \"drak\"; did you mean \"dark\"?",
        ),
        (
            "[display]\nclose-after = \"8 seconds\"",
            "2:15: \"close-after\" must be a whole number with the unit ms, s, m, h or d, such as \"8s\", \"500ms\" or \"2m\"",
        ),
        (
            "[display]\nleave-after = \"0s\"",
            "2:15: \"leave-after\" must be from \"500ms\" to \"24h\"",
        ),
        (
            "[display]\nleave-after = \"99999999999999999s\"",
            "2:15: \"leave-after\" must be a whole number with the unit ms, s, m, h or d, such as \"8s\", \"500ms\" or \"2m\"",
        ),
        (
            "[display]\nlocale = \"en_NZ\"",
            "2:10: \"en_NZ\" is not a language that the display speaks; it speaks en-NZ, mi, zh-Hans, hi, sm, to, ko, ja, fr, de, es",
        ),
        (
            "[display]\nlocale = []",
            "2:10: \"locale\" is empty; name a language, such as \"en-NZ\"",
        ),
        (
            "[display]\nlocale = [\"mi\", \"MI\"]",
            "2:17: \"mi\" is named twice; keep one of the two",
        ),
        (
            "[display]\nlocale = [\"en\", \"mi\", \"fr\"]",
            "2:23: \"locale\" takes two languages at most, the first one largest; remove the others",
        ),
        (
            "[display]\naccent = \"blue\"",
            "2:10: \"blue\" is not a colour in quotes, such as \"#0b4f6c\"",
        ),
        (
            "[display]\naccent = \"#ff7f00\"",
            "2:10: \"#ff7f00\" has a contrast of 2.3 to 1 with the theme's ground, and 7 is needed to be seen by everybody; the nearest colour that has it is \"#844200\"",
        ),
        (
            "[display]\nshop-logo = \"logo.gif\"",
            "2:13: \"shop-logo\" must be an SVG or a PNG file, such as \"logo.svg\"",
        ),
        (
            "[display]\ntext-size = 90",
            "2:13: \"text-size\" must be from 100 to 150, in percent of the usual size",
        ),
        (
            "[display]\ntones = \"on\"",
            "2:9: \"tones\" must be true or false, without quotes, not text",
        ),
        (
            "[display]\ntone-player = []",
            "2:15: \"tone-player\" is empty; write a program with its arguments as a list, such as [\"aplay\", \"-q\"]",
        ),
        (
            "[display]\napps = []",
            "2:8: \"apps\" has 0 names; write a list of one to three names, such as [\"Payap\"]",
        ),
        (
            "[display]\napps = [\"A\", \"B\", \"C\", \"D\"]",
            "2:8: \"apps\" has 4 names; write a list of one to three names, such as [\"Payap\"]",
        ),
        (
            "[display]\napps = [\"ABCDEFGHIJKLMNOPQRSTU\"]",
            "2:9: \"ABCDEFGHIJKLMNOPQRSTU\" is too long for the screen; write at most 20 characters",
        ),
        (
            "[display]\napps = [\"Payap\", \"Payap\"]",
            "2:18: \"Payap\" is named twice; keep one of the two",
        ),
        (
            "[display]\napps = \"Payap\"",
            "2:8: \"apps\" must be a list of one to three names, such as [\"Payap\"], not text",
        ),
        (
            "[display]\napps = [\" \"]",
            "2:9: \"apps\" is empty; write a list of one to three names, such as [\"Payap\"]",
        ),
        (
            "[qr]\nlogo = \"marc\"",
            "2:8: \"logo\" cannot be \"marc\"; write \"none\", \"mark\", or the path of an SVG or PNG file, such as \"logo.svg\"",
        ),
        (
            "[terminal]\ndevice-id = \"\"",
            "2:13: \"device-id\" is empty; write text in quotes, such as \"SN-0042\"",
        ),
        (
            "default-merchant = \"café\"",
            "1:20: there is no merchant \"café\"; did you mean \"cafe\"?",
        ),
    ]);
}

#[test]
fn http_is_for_this_machine_only() {
    const HTTPS: &str = "2:12: \"base-url\" must begin with https://, since http is only for this machine, as in \"http://127.0.0.1:8787\"";
    const WHOLE: &str =
        "2:12: \"base-url\" must be a whole address, such as \"https://service.centrapay.com\"";
    for (url, sentence) in [
        ("http://service.centrapay.com", HTTPS),
        ("http://10.0.0.1", HTTPS),
        ("http://localhost.example.com", HTTPS),
        ("service.centrapay.com", WHOLE),
        ("https:service.centrapay.com", WHOLE),
        ("https:/+/me:secret@service.centrapay.com", WHOLE),
        ("https:///service.centrapay.com", WHOLE),
        ("localhost:8787", WHOLE),
        ("ftp://127.0.0.1", WHOLE),
        ("https://", WHOLE),
        ("", WHOLE),
        (
            "https://me:secret@service.centrapay.com",
            "2:12: \"base-url\" must not hold a user name or password; the key has a file of its own",
        ),
        (
            "https://service.centrapay.com?a=1",
            "2:12: \"base-url\" must end before any ? or #",
        ),
        (
            "https://service.centrapay.com/#a",
            "2:12: \"base-url\" must end before any ? or #",
        ),
    ] {
        check_above(&[(&format!("[api]\nbase-url = \"{url}\""), sentence)]);
    }
}

#[test]
fn pay_host_is_only_a_host() {
    for text in [
        "",
        "https://app.centrapay.com",
        "app.centrapay.com/pay",
        "*.centrapay.com",
        "me@app.centrapay.com",
        "app.centrapay.com:0",
        "app.centrapay.com:70000",
        "app.centrapay.com:",
        "::1",
        "app centrapay",
    ] {
        let sentence = refused(&format!(
            "[api]\npay-hosts = [\"a.nz\", \"{text}\"]\n{LEAST}"
        ));

        assert_eq!(
            sentence,
            format!(
                "2:22: {text:?} is not a host; write it bare or with a port, such as \"app.centrapay.com\" or \"127.0.0.1:8787\""
            )
        );
    }
    check_above(&[(
        "[api]\npay-hosts = []",
        "2:13: \"pay-hosts\" is empty, so no code could be shown; write a list of hosts, such as [\"app.centrapay.com\"]",
    )]);
}

#[test]
fn key_and_token_exclude_each_other() {
    check_above(&[
        (
            "[api]\napi-key-file = \"a\"\nauthorization-file = \"b\"",
            "3:1: \"api-key-file\" and \"authorization-file\" exclude each other; keep the one that you use",
        ),
        (
            "[api]\naccount = \"a\"",
            "2:1: \"account\" is only for use with \"authorization-file\"; remove it, since an API key has its own account",
        ),
        (
            "[api]\napi-key-file = \"~/a.key\"",
            "2:16: \"api-key-file\" cannot begin with ~, which only a shell understands; write the whole path",
        ),
        (
            "[api]\napi-key-file = \" \"",
            "2:16: \"api-key-file\" is empty; write the path of a file, or remove the line",
        ),
    ]);
}

#[test]
fn merchant_needs_config_id_and_name() {
    const CONFIG_ID: &str = "\"config-id\" consists of letters and digits only; copy it as the platform shows it, such as \"5ee168e8597be5002af7b454\"";
    for (text, sentence) in [
        (
            "\n[merchants.cafe]\nname = \"a\"",
            "2:12: [merchants.cafe] has no config-id; write config-id = \"...\", the merchant config id that the platform gave you".to_owned(),
        ),
        (
            "[merchants.cafe]\nconfig-id = \"5ee1\"",
            "1:12: [merchants.cafe] has no name; write name = \"...\", the name of the shop as its customers know it".to_owned(),
        ),
        ("[merchants.cafe]\nconfig-id = \"\"\nname = \"a\"", format!("2:13: {CONFIG_ID}")),
        ("[merchants.cafe]\nconfig-id = \"mc_\"\nname = \"a\"", format!("2:13: {CONFIG_ID}")),
        ("[merchants.cafe]\nconfig-id = \"5ee-1\"\nname = \"a\"", format!("2:13: {CONFIG_ID}")),
        (
            "[merchants.cafe]\nconfig-id = 5\nname = \"a\"",
            "2:13: \"config-id\" must be text in quotes, such as \"5ee168e8597be5002af7b454\", not a number".to_owned(),
        ),
        (
            "[merchants.cafe]\nconfig-id = \"5\"\nname = \"a\\nb\"",
            "3:8: \"name\" has a line break or another invisible character in it; write it in one line".to_owned(),
        ),
        (
            "[merchants.\"my shop\"]\nconfig-id = \"5\"\nname = \"a\"",
            "1:12: \"my shop\" cannot name a merchant; write a word without spaces, and the full name as its name = \"...\"".to_owned(),
        ),
    ] {
        assert_eq!(refused(text), sentence, "{text}");
    }
}

#[test]
fn unclear_merchant_is_refused() {
    const NONE: &str = "there is no merchant to charge for; begin one with a line such as [merchants.cafe] and give it a config-id and a name";
    let two = format!("{LEAST}{}", LEAST.replace("cafe", "bar"));
    for (text, sentence) in [
        ("# nothing yet", format!("1:1: {NONE}")),
        ("\n[merchants]\n", format!("2:2: {NONE}")),
        (
            "[merchants]\nconfig-id = \"5ee1\"",
            "2:1: \"config-id\" does not say which merchant it is for; begin the merchant with a line such as [merchants.cafe] above it".to_owned(),
        ),
        (
            "[[merchants]]\nconfig-id = \"5ee1\"",
            "1:1: \"merchants\" must be a table, begun by a line [merchants], not a list".to_owned(),
        ),
        (
            two.as_str(),
            "1:1: there are 2 merchants and none is the default; write default-merchant = \"bar\", or another of them, at the top of the file".to_owned(),
        ),
    ] {
        assert_eq!(refused(text), sentence, "{text}");
    }
}
