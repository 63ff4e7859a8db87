//! The files that a package contains besides the program. The real program makes them, and they are complete.

use std::fs;
use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

const COMMANDS: [&str; 9] = [
    "sale", "stand", "settle", "history", "check", "config", "till", "demo", "sandbox",
];
const README: &str = include_str!("../../README.md");
const CARGO: &str = include_str!("../../Cargo.toml");

fn generated(what: &str) -> TempDir {
    let out = tempfile::tempdir().unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_patron-display"))
        .args(["generate", what, "--out"])
        .arg(out.path().join("made"))
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    assert!(output.stdout.is_empty() && output.stderr.is_empty());

    out
}

fn text(directory: &TempDir, name: &str) -> String {
    fs::read_to_string(directory.path().join("made").join(name)).unwrap()
}

#[test]
fn only_visible_commands_have_man_pages() {
    let made = generated("man");
    for command in COMMANDS {
        let page = text(&made, &format!("patron-display-{command}.1"));
        assert!(page.contains(".SH NAME"), "{page}");
        assert!(page.contains("\\-\\-config"), "{page}");
    }
    let top = text(&made, "patron-display.1");
    assert!(top.contains("patron\\-display\\-sale(1)"), "{top}");
    assert!(!top.contains("generate"), "{top}");
    let hidden = made.path().join("made/patron-display-generate.1");
    assert!(!hidden.exists());
}

#[test]
fn man_page_has_every_exit_code() {
    let made = generated("man");
    let top = text(&made, "patron-display.1");
    let codes: Vec<&str> = README
        .split_once("| exit code |")
        .unwrap()
        .1
        .lines()
        .skip(2)
        .map_while(|line| line.strip_prefix("| ")?.split(' ').next())
        .collect();
    assert_eq!(codes.len(), 13);
    for code in codes {
        assert!(top.contains(&format!("\\fB{code}\\fR")), "{code}");
    }
}

#[test]
fn completions_offer_visible_commands() {
    let made = generated("completions");
    for name in [
        "patron-display.bash",
        "_patron-display",
        "patron-display.fish",
        "_patron-display.ps1",
    ] {
        let completions = text(&made, name);
        for command in COMMANDS {
            assert!(completions.contains(command), "{name}: {command}");
        }
        assert!(!completions.contains("generate"), "{name}");
    }
}

/// Returns the completions that bash offers for the last of these words.
#[cfg(unix)]
fn offered(script: &Path, words: &str) -> String {
    let ask = format!(
        "source '{}'; compopt() {{ :; }}; COMP_WORDS=({words}); COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1))
         _patron__display patron-display \"${{COMP_WORDS[COMP_CWORD]}}\" \"${{COMP_WORDS[COMP_CWORD - 1]}}\"
         echo \"${{COMPREPLY[@]}}\"",
        script.display()
    );
    let output = Command::new("bash").args(["-c", &ask]).output().unwrap();
    assert!(output.stderr.is_empty(), "{output:?}");

    String::from_utf8(output.stdout).unwrap()
}

#[cfg(unix)]
#[test]
fn bash_completes_at_every_depth() {
    let made = generated("completions");
    let script = made.path().join("made/patron-display.bash");
    for (words, offer) in [
        ("patron-display se", "settle"),
        ("patron-display sale --am", "--amount"),
        ("patron-display config che", "check"),
        ("patron-display config check --js", "--json"),
        ("patron-display till rem", "remove"),
        ("patron-display till add A --may ref", "refund"),
        ("patron-display history --format cs", "csv"),
    ] {
        let offered = offered(&script, words);
        assert!(offered.contains(offer), "{words}: {offered}");
    }
}

#[test]
fn package_depends_on_window_libraries() {
    let (_, after) = README.split_once("apt-get install libwayland").unwrap();
    let libraries = after.lines().next().unwrap();
    let depends = CARGO
        .lines()
        .find(|line| line.starts_with("depends = "))
        .unwrap();
    for library in format!("libwayland{libraries}").split(' ') {
        assert!(depends.contains(library), "{library}");
    }
}

#[test]
fn packaged_files_exist() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let (_, assets) = CARGO.split_once("assets = [").unwrap();
    let sources: Vec<&str> = assets
        .lines()
        .map_while(|line| (line != "]").then_some(line))
        .filter_map(|line| line.trim().strip_prefix("[\"")?.split('"').next())
        .filter(|source| !source.starts_with("target/"))
        .collect();
    assert!(sources.len() > 5, "{sources:?}");
    for source in sources {
        let place = source.split('*').next().unwrap_or_default();
        assert!(root.join(place).exists(), "{source}");
    }
}

#[test]
fn changelog_begins_with_this_version() {
    let changelog = include_str!("../../packaging/changelog");
    let version = format!("patron-display ({}-", env!("CARGO_PKG_VERSION"));
    assert!(changelog.starts_with(&version), "{changelog}");
}

/// The display sends what these lines ask for, and leaves with codes that they restart.
#[test]
fn unit_watches_and_restarts_the_display() {
    let unit = include_str!("../../packaging/patron-display-stand.service");
    for line in [
        "Type=notify",
        "NotifyAccess=main",
        "WatchdogSec=30",
        "Restart=always",
        "RestartPreventExitStatus=64",
        "StartLimitIntervalSec=0",
    ] {
        assert!(unit.lines().any(|other| other == line), "{line}");
    }
}
