use std::fs;

use super::*;

fn name(text: &str) -> TillName {
    TillName::parse(text).unwrap()
}

fn new(named: &str) -> NewTill {
    NewTill {
        name: name(named),
        origins: Vec::new(),
        may: BTreeSet::from([Right::Sell]),
    }
}

fn add(directory: &Path, named: &str) -> SecretString {
    Tills::add(directory, new(named)).unwrap().1
}

fn names(directory: &Path) -> Vec<String> {
    let tills = Tills::load(directory).unwrap();

    tills.iter().map(|till| till.name.to_string()).collect()
}

#[test]
fn token_finds_its_own_till() {
    let directory = tempfile::tempdir().unwrap();
    let front = add(directory.path(), "Front");
    let back = add(directory.path(), "Back");
    let tills = Tills::load(directory.path()).unwrap();

    for (token, named) in [(front, "Front"), (back, "Back")] {
        let found = tills.find(token.expose_secret()).unwrap();
        assert_eq!(found.name.as_str(), named);
    }
}

#[test]
fn wrong_token_finds_nothing() {
    let directory = tempfile::tempdir().unwrap();
    let token = add(directory.path(), "Front");
    let token = token.expose_secret();
    let tills = Tills::load(directory.path()).unwrap();

    let short = &token[..token.len() - 1];
    let hash = String::from(TokenHash::of(token));
    for wrong in ["", "pdt_", short, &format!("{token} "), &hash] {
        assert_eq!(tills.find(wrong), None, "{wrong}");
    }
}

#[test]
fn token_is_recognised_and_fits_in_a_header() {
    let directory = tempfile::tempdir().unwrap();
    let token = add(directory.path(), "Front");
    let random = token.expose_secret().strip_prefix("pdt_").unwrap();

    // 32 bytes in base64url without padding.
    assert_eq!(random.len(), 43);
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    assert!(random.chars().all(plain), "{random}");
}

#[test]
fn no_two_tokens_are_the_same() {
    let directory = tempfile::tempdir().unwrap();
    let first = add(directory.path(), "Front");
    let second = add(directory.path(), "Back");

    assert_ne!(first.expose_secret(), second.expose_secret());
}

#[test]
fn file_has_the_known_hash_of_a_token() {
    assert_eq!(
        String::from(TokenHash::of("abc")),
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    );
}

#[test]
fn file_has_no_token() {
    let directory = tempfile::tempdir().unwrap();
    let token = add(directory.path(), "Front");
    let text = fs::read_to_string(directory.path().join("tills.json")).unwrap();

    assert!(text.contains("Front"), "{text}");
    assert!(!text.contains("pdt_"), "{text}");
    let random = &token.expose_secret()["pdt_".len()..];
    assert!(!text.contains(random), "{text}");
}

#[test]
fn till_is_read_as_it_was_added() {
    let directory = tempfile::tempdir().unwrap();
    let all = BTreeSet::from([Right::Sell, Right::Refund, Right::History, Right::Settle]);
    let origin = WebOrigin::parse("https://till.example").unwrap();
    let (added, _) = Tills::add(
        directory.path(),
        NewTill {
            origins: vec![origin.clone(), origin.clone()],
            may: all.clone(),
            ..new("Büro №1 \"left\"")
        },
    )
    .unwrap();

    assert_eq!(added.origins, [origin]);
    assert_eq!(added.may, all);
    let tills = Tills::load(directory.path()).unwrap();
    assert_eq!(tills.iter().collect::<Vec<_>>(), [&added]);
}

#[test]
fn only_listed_origins_are_known() {
    let directory = tempfile::tempdir().unwrap();
    Tills::add(
        directory.path(),
        NewTill {
            origins: vec![WebOrigin::parse("HTTPS://Till.example:443/").unwrap()],
            ..new("Front")
        },
    )
    .unwrap();
    add(directory.path(), "Back");
    let tills = Tills::load(directory.path()).unwrap();

    for (origin, is_known) in [
        ("https://till.example", true),
        ("https://till.example:444", false),
        ("http://till.example", false),
        ("https://a.till.example", false),
        ("null", false),
        ("", false),
    ] {
        assert_eq!(tills.is_origin_known(origin), is_known, "{origin}");
    }
    let [front, back] = tills.iter().as_slice() else {
        panic!("two tills");
    };
    assert!(front.is_origin_listed("https://till.example"));
    assert!(!back.is_origin_listed("https://till.example"));
}

#[test]
fn missing_file_has_no_tills() {
    let directory = tempfile::tempdir().unwrap();
    let nowhere = directory.path().join("none/deep");

    assert_eq!(Tills::load(directory.path()).unwrap(), Tills::default());
    assert_eq!(Tills::load(&nowhere).unwrap(), Tills::default());
    assert!(!nowhere.exists());
}

#[test]
fn name_in_use_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    let token = add(directory.path(), "Front");
    let refused = Tills::add(directory.path(), new("Front")).unwrap_err();

    assert_eq!(
        refused.to_string(),
        "there is a till \"Front\" already; choose another name, or remove that till first: patron-display till remove \"Front\""
    );
    let tills = Tills::load(directory.path()).unwrap();
    assert!(tills.find(token.expose_secret()).is_some());
}

#[test]
fn removed_till_is_gone() {
    let directory = tempfile::tempdir().unwrap();
    let token = add(directory.path(), "Front");
    add(directory.path(), "Back");
    Tills::remove(directory.path(), "Front").unwrap();

    let tills = Tills::load(directory.path()).unwrap();
    assert_eq!(tills.find(token.expose_secret()), None);
    assert_eq!(names(directory.path()), ["Back"]);
}

#[test]
fn unknown_till_gets_a_hint() {
    let directory = tempfile::tempdir().unwrap();
    let refused = |named: &str| {
        Tills::remove(directory.path(), named)
            .unwrap_err()
            .to_string()
    };
    assert_eq!(
        refused("Front"),
        "there is no till \"Front\"; none was added yet"
    );
    add(directory.path(), "Front");
    add(directory.path(), "Back");
    for (named, sentence) in [
        (
            "front",
            "there is no till \"front\"; did you mean \"Front\"?",
        ),
        ("bakc", "there is no till \"bakc\"; did you mean \"Back\"?"),
        (
            "xyz",
            "there is no till \"xyz\"; write \"Front\" or \"Back\"",
        ),
    ] {
        assert_eq!(refused(named), sentence);
    }
}

#[test]
fn damaged_file_is_not_an_empty_one() {
    let directory = tempfile::tempdir().unwrap();
    add(directory.path(), "Front");
    let path = directory.path().join("tills.json");
    let right = fs::read_to_string(&path).unwrap();
    let hash = TokenHash::of("abc");
    let hash = String::from(hash);
    let till = format!(
        "{{\"name\":\"A\",\"tokenSha256\":\"{hash}\",\"origins\":[],\"may\":[],\"added\":\"2026-08-17T04:04:27Z\"}}"
    );
    let file = |tills: &str| format!("{{\"tills\":[{tills}]}}");
    fs::write(&path, file(&till)).unwrap();
    assert_eq!(names(directory.path()), ["A"]);
    for damaged in [
        String::new(),
        "[]".to_owned(),
        "{}".to_owned(),
        right[..right.len() / 2].to_owned(),
        format!("{right}{right}"),
        file(&format!("{till},{till}")),
        file(&till.replace(&hash, &hash[1..])),
        file(&till.replace(&hash, &hash.replace('b', "+"))),
        file(&till.replace("\"A\"", "\"\"")),
        file(&till.replace("[],\"may", "[\"*\"],\"may")),
        file(&till.replace("\"may\":[]", "\"may\":[\"everything\"]")),
        file(&till.replace("2026", "year")),
        file(&till.replace("{", "{\"until\":\"2027-01-01\",")),
    ] {
        fs::write(&path, &damaged).unwrap();
        let refused = Tills::load(directory.path()).unwrap_err();
        assert!(
            matches!(refused, TillError::Damaged { .. }),
            "{damaged}: {refused}"
        );
    }
}

#[test]
fn damaged_file_is_not_overwritten() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("tills.json");
    fs::write(&path, "{\"tills\":[").unwrap();

    let added = Tills::add(directory.path(), new("Front")).map(|_| ());
    let removed = Tills::remove(directory.path(), "Front").map(|_| ());
    for changed in [added, removed] {
        let refused = changed.unwrap_err().to_string();
        assert!(refused.contains("is damaged"), "{refused}");
    }
    assert_eq!(fs::read_to_string(&path).unwrap(), "{\"tills\":[");
}

#[test]
fn large_file_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    fs::write(directory.path().join("tills.json"), " ".repeat(0x10_0001)).unwrap();
    let refused = Tills::load(directory.path()).unwrap_err().to_string();

    assert!(refused.contains("larger than 1 MiB"), "{refused}");
}

#[test]
fn till_that_would_not_be_read_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    let origins = (0..40_000).map(|n| WebOrigin::parse(&format!("https://t{n}.example")));
    let many = NewTill {
        origins: origins.map(Result::unwrap).collect(),
        ..new("Front")
    };
    let refused = Tills::add(directory.path(), many).unwrap_err();

    assert!(matches!(refused, TillError::Full { .. }), "{refused}");
    assert!(names(directory.path()).is_empty());
}

#[cfg(unix)]
#[test]
fn writable_file_is_refused() {
    use std::os::unix::fs::PermissionsExt;

    let directory = tempfile::tempdir().unwrap();
    add(directory.path(), "Front");
    let path = directory.path().join("tills.json");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o666)).unwrap();
    let refused = Tills::load(directory.path()).unwrap_err().to_string();

    assert!(refused.contains("other users can write to"), "{refused}");
}

#[cfg(unix)]
#[test]
fn link_is_not_followed() {
    let directory = tempfile::tempdir().unwrap();
    let elsewhere = tempfile::tempdir().unwrap();
    add(elsewhere.path(), "Front");
    let planted = directory.path().join("tills.json");
    std::os::unix::fs::symlink(elsewhere.path().join("tills.json"), planted).unwrap();
    let refused = Tills::load(directory.path()).unwrap_err().to_string();

    assert!(refused.contains("is a link"), "{refused}");
}

#[test]
fn concurrent_changes_lose_nothing() {
    let directory = tempfile::tempdir().unwrap();
    std::thread::scope(|scope| {
        for number in 0..16 {
            let path = directory.path();
            scope.spawn(move || add(path, &format!("Till {number}")));
        }
    });

    assert_eq!(names(directory.path()).len(), 16);
}

#[test]
fn origin_is_written_as_browsers_write_it() {
    for (written, kept) in [
        ("https://till.example", "https://till.example"),
        ("https://till.example/", "https://till.example"),
        (" HTTPS://TILL.Example:443 ", "https://till.example"),
        ("https://till.example:8443", "https://till.example:8443"),
        ("https://bücher.example", "https://xn--bcher-kva.example"),
        ("https://192.168.1.20", "https://192.168.1.20"),
        ("http://localhost:3000", "http://localhost:3000"),
        ("http://127.0.0.1:80", "http://127.0.0.1"),
        ("http://[::1]:3000", "http://[::1]:3000"),
    ] {
        let origin = WebOrigin::parse(written).unwrap();
        assert_eq!(origin.as_str(), kept);
        assert_eq!(WebOrigin::parse(kept), Ok(origin));
    }
}

#[test]
fn wrong_origin_says_what_to_write() {
    const WHOLE: &str = "write the scheme and the host of the page, such as https://till.example";
    for (written, says) in [
        ("", WHOLE),
        ("till.example", WHOLE),
        ("localhost:3000", WHOLE),
        ("https:till.example", WHOLE),
        ("https:///till.example", WHOLE),
        ("https://", WHOLE),
        ("https://till.exam ple", WHOLE),
        ("https://till.\nexample", WHOLE),
        ("file:///home/till.html", WHOLE),
        ("null", "so it names none"),
        ("*", "each origin must be named"),
        ("https://*.till.example", "each origin must be named"),
        (
            "https://till.example/shop",
            "without a path or anything else: https://till.example",
        ),
        ("https://till.example?a", "without a path"),
        ("https://till.example#", "without a path"),
        ("https://me:word@till.example", "without a path"),
        ("https://@till.example", "without a path"),
        (
            "http://till.example",
            "http is only for pages of this machine",
        ),
        (
            "http://192.168.1.20",
            "http is only for pages of this machine",
        ),
        (
            "http://localhost.till.example",
            "http is only for pages of this machine",
        ),
    ] {
        let refused = WebOrigin::parse(written).unwrap_err();
        assert!(refused.contains(says), "{written}: {refused}");
    }
}

#[test]
fn name_is_one_visible_line() {
    assert_eq!(name("  Front counter ").as_str(), "Front counter");
    assert!(TillName::parse(&"é".repeat(40)).is_ok());
    for (wrong, says) in [
        ("", "write 1 to 40 characters"),
        (" ", "write 1 to 40 characters"),
        ("\u{200b}", "write 1 to 40 characters"),
        (&"é".repeat(41), "write 1 to 40 characters"),
        ("Front\ncounter", "U+000A, a line break"),
        ("Front\u{1b}[2J", "U+001B"),
        ("Front\u{202e}", "a right-to-left override"),
        ("Front\u{a0}counter", "a no-break space"),
        ("Cafe\u{301}\u{301}\u{301}\u{301}", "more than 3 marks"),
    ] {
        let refused = TillName::parse(wrong).unwrap_err();
        assert!(refused.contains(says), "{wrong:?}: {refused}");
    }
}
