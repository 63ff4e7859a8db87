//! The program reads every file to its end, and limits its size.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};
use std::thread;
use std::time::{Duration, Instant};

use rusqlite::Connection;

use crate::support::shop::{Shop, one_line, program, sentence};

const TEA: &str = r#"[{"name": "Tea", "qty": 1, "price": 500}]"#;

/// The limit for reading a file is 5 s. The rest of this time is for a slow machine.
const PATIENCE: Duration = Duration::from_secs(30);

#[test]
fn f67_text_after_the_items() {
    let shop = Shop::open();
    let items = shop.path("items.json");
    let two = r#"[{"name": "Coffee", "qty": 1, "price": 750}]"#;
    // The last text is what remains of a longer list when a short list is written over it.
    for rest in [two, "garbage", "]", ",", "\0", r#""price": 750}]"#] {
        shop.write("items.json", &format!("{TEA}\n{rest}"));
        for command in ["sale", "refund"] {
            let named = ["CP-C7F-ZS5", "--amount", "1", "--ref", "R1"];
            let mut arguments = vec![command, "--items", items.to_str().unwrap()];
            arguments.extend((command == "refund").then_some(named).into_iter().flatten());
            let said = shop.refused(&arguments, 64);
            one_line(&said);
            assert!(said.contains("line 2, column 1 of the file"), "{said}");
        }
    }
    shop.write("items.json", &format!("{TEA}\r\n\t \n"));
    // The sale fails only later, because there is no screen.
    shop.refused(&["sale", "--items", items.to_str().unwrap()], 69);
}

#[test]
fn f67_text_after_a_date() {
    let shop = Shop::open();
    for rest in [
        "x",
        "T10:00",
        " 23:00:00",
        "[Pacific/Auckland]",
        "-01",
        "\n2",
    ] {
        let date = format!("2026-01-01{rest}");
        let refund = ["refund", "CP-C7F-ZS5", "--ref", "R1", "--paid-on"];
        let said = shop.refused(&[&refund[..], &[date.as_str()]].concat(), 64);
        assert!(said.contains("2026-08-17"), "{said}");
    }
    let since = "2026-01-01T10:00[America/New_York]";
    let said = shop.refused(&["history", "--since", since], 64);
    assert!(said.contains("2026-08-17"), "{said}");
}

#[test]
fn f67_text_after_certificates() {
    let shop = Shop::open();
    let key = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let root = key.cert.pem();
    let https = shop.configuration().replace("http://", "https://");
    shop.write(
        "config.toml",
        &https.replace("[api]\n", "[api]\ntls-roots = \"roots.pem\"\n"),
    );
    let half = &root[..root.len() / 2];
    for (rest, says) in [
        (half.to_owned(), "PEM"),
        ("-----BEGIN CERTIF".to_owned(), "PEM"),
        (root.replacen("-----BEGIN", "----BEGIN", 1), "line "),
        ("-----END CERTIFICATE-----\n".to_owned(), ""),
        (key.signing_key.serialize_pem(), "line "),
    ] {
        shop.write("roots.pem", &format!("{root}{rest}"));
        let said = shop.refused(&["config", "check"], 78);
        assert!(said.contains("roots.pem") && said.contains(says), "{said}");
    }
    let comment = "GlobalSign Root CA\n==================\n# -----\n";
    shop.write("roots.pem", &format!("{comment}{root}\n{comment}{root}\n"));
    let output = shop.run(&["config", "check"]);
    assert_eq!(output.status.code(), Some(0), "{}", sentence(&output));
}

#[cfg(unix)]
fn pipe(path: &Path) {
    assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
}

/// Returns the commands that read a file named `trap`, each with the exit code that it must end with.
#[cfg(unix)]
fn readers(shop: &Shop, trap: &str) -> Vec<(Command, i32)> {
    // The program recognises a picture by its file name extension.
    let picture = shop.path(&format!("{trap}.png"));
    std::os::unix::fs::symlink(shop.path(trap), picture).unwrap();
    let configured = |name: &str, lines: &str| {
        let api = "api-key-file = \"centrapay.key\"\n";
        let text = match lines.strip_prefix("[api]\n") {
            Some(key) if key.starts_with("api-key-file") => {
                shop.configuration().replace(api, &format!("{key}\n"))
            }
            Some(key) => shop
                .configuration()
                .replace("http://", "https://")
                .replace(api, &format!("{api}{key}\n")),
            None => format!("{}{lines}\n", shop.configuration()),
        };
        shop.write(name, &text);

        name.to_owned()
    };
    let configurations = [
        configured("roots.toml", &format!("[api]\ntls-roots = \"{trap}\"")),
        configured("key.toml", &format!("[api]\napi-key-file = \"{trap}\"")),
        configured("code.toml", &format!("[qr]\nlogo = \"{trap}.png\"")),
        configured(
            "shop.toml",
            &format!("[display]\nshop-logo = \"{trap}.png\""),
        ),
        trap.to_owned(),
    ];
    let mut commands: Vec<_> = configurations
        .iter()
        .map(|config| {
            let mut command = program(&shop.path(""));
            command.arg("--config").arg(shop.path(config));

            (command, ["config", "check"].as_slice(), 78)
        })
        .collect();
    let mut items = program(&shop.path(""));
    items.arg("--config").arg(shop.path("config.toml"));
    commands.push((items, &["sale", "--items"], 64));
    commands.push((program(&shop.path("")), &["sandbox", "--faults"], 78));

    commands
        .into_iter()
        .map(|(mut command, arguments, code)| {
            command.args(arguments);
            if code == 64 || arguments[0] == "sandbox" {
                command.arg(shop.path(trap));
            }

            (command, code)
        })
        .collect()
}

/// Runs all commands at the same time, and checks that each refuses the file. Returns their messages.
#[cfg(unix)]
fn all_refuse(commands: Vec<(Command, i32)>) -> Vec<String> {
    let begun = Instant::now();
    let running: Vec<_> = commands
        .into_iter()
        .map(|(mut command, code)| {
            // Each command has a time limit, so that one that hangs does not stop the test.
            let run = move || -> (Output, i32, String) {
                let what = format!("{command:?}");
                let mut bounded = Command::new("timeout");
                bounded.arg("30").arg(command.get_program());
                bounded.args(command.get_args()).env_clear();
                bounded.envs(command.get_envs().filter_map(|(k, v)| Some((k, v?))));
                bounded.env("PATH", std::env::var_os("PATH").unwrap());
                command = bounded;

                (command.output().unwrap(), code, what)
            };

            thread::spawn(run)
        })
        .collect();
    let said = running
        .into_iter()
        .map(|run| {
            let (output, code, what) = run.join().unwrap();
            let said = sentence(&output);
            assert_eq!(output.status.code(), Some(code), "{what}: {said}");
            one_line(&said);

            said
        })
        .collect();
    assert!(begun.elapsed() < PATIENCE);

    said
}

#[cfg(unix)]
#[test]
fn f68_pipe_without_a_writer() {
    let shop = Shop::open();
    pipe(&shop.path("trap.pem"));
    for said in all_refuse(readers(&shop, "trap.pem")) {
        let in_time = said.contains("within 5 s");
        assert!(in_time || said.contains("regular file"), "{said}");
    }
}

#[cfg(unix)]
#[test]
fn f68_file_without_end_is_refused() {
    let shop = Shop::open();
    std::os::unix::fs::symlink("/dev/zero", shop.path("trap.pem")).unwrap();
    let sparse = fs::File::create(shop.path("sparse.pem")).unwrap();
    sparse.set_len(1 << 40).unwrap();
    shop.only_for_owner("sparse.pem");
    for trap in ["trap.pem", "sparse.pem"] {
        for said in all_refuse(readers(&shop, trap)) {
            let large = [
                "larger than",
                "regular file",
                "not a key",
                "mebibyte",
                "MiB",
            ];
            assert!(large.iter().any(|word| said.contains(word)), "{said}");
        }
    }
}

#[cfg(unix)]
#[test]
fn f68_late_pipe_is_read() {
    let shop = Shop::open();
    let path = shop.path("items.json");
    pipe(&path);
    let till = path.clone();
    let written = thread::spawn(move || {
        thread::sleep(Duration::from_millis(300));
        fs::write(till, TEA).unwrap();
    });
    let amount = ["--amount", "4"];
    let mut arguments = vec!["sale", "--items", path.to_str().unwrap()];
    arguments.extend(amount);
    let said = shop.refused(&arguments, 64);
    assert!(said.contains("sum to 5.00"), "{said}");
    written.join().unwrap();
}

/// Checks that all commands refuse the journal with exit code 78 and the same sentence. Returns the sentence.
fn refuse_the_journal(shop: &Shop) -> String {
    let data = shop.path("data");
    let mut said = Vec::new();
    for command in [
        &["settle"][..],
        &["history"],
        &["refund", "CP-C7F-ZS5", "--amount", "1", "--ref", "R1"],
    ] {
        let arguments = [command, &["--data-dir", data.to_str().unwrap()]].concat();
        let sentence = shop.refused(&arguments, 78);
        one_line(&sentence);
        assert!(sentence.contains("portal"), "{command:?}: {sentence}");
        said.push(sentence);
    }
    said.dedup();
    assert_eq!(said.len(), 1, "{said:?}");
    let checked = shop.run(&["check", "--data-dir", data.to_str().unwrap()]);
    let checked = String::from_utf8(checked.stdout).unwrap();
    assert!(checked.contains("portal"), "{checked}");

    said.remove(0)
}

#[test]
fn f69_empty_or_foreign_journal() {
    let shop = Shop::open();
    let journal = shop.path("data/journal.sqlite3");
    let log = shop.path("data/journal.sqlite3-wal");
    fs::create_dir(shop.path("data")).unwrap();

    fs::write(&journal, "").unwrap();
    let said = refuse_the_journal(&shop);
    assert!(said.contains("is empty"), "{said}");
    assert_eq!(fs::metadata(&journal).unwrap().len(), 0);

    fs::remove_file(&journal).unwrap();
    fs::write(&log, "the rest").unwrap();
    let said = refuse_the_journal(&shop);
    assert!(said.contains("is gone"), "{said}");
    assert!(!journal.exists());
    fs::remove_file(&log).unwrap();

    let foreign = Connection::open(&journal).unwrap();
    foreign
        .execute_batch("CREATE TABLE shopping (what TEXT)")
        .unwrap();
    drop(foreign);
    let before = fs::read(&journal).unwrap();
    let said = refuse_the_journal(&shop);
    assert!(said.contains("not a journal of this program"), "{said}");
    assert_eq!(fs::read(&journal).unwrap(), before);
}
