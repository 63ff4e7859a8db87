//! Other users of the machine can neither read nor change the files of a counter.

use std::fs::{self, Permissions};
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::support::shop::{Shop, one_line, sentence};

/// A user id that no machine has.
const STRANGER: u32 = 54_321;

struct Machine {
    shop: Shop,
}

impl Machine {
    fn new() -> Self {
        Self { shop: Shop::open() }
    }

    fn data(&self) -> PathBuf {
        self.shop.path("data")
    }

    /// Runs the program under a shell with this umask.
    fn run(&self, mask: &str, arguments: &[&str]) -> Output {
        Command::new("sh")
            .arg("-c")
            .arg(format!("umask {mask}; exec \"$0\" \"$@\""))
            .arg(env!("CARGO_BIN_EXE_patron-display"))
            .arg("--config")
            .arg(self.shop.path("config.toml"))
            .args(arguments)
            .env_clear()
            .env("HOME", self.shop.path("home"))
            .env("PATRON_DISPLAY_DATA_DIR", self.data())
            .output()
            .unwrap()
    }

    fn settles(&self) {
        let output = self.run("022", &["settle"]);
        assert_eq!(output.status.code(), Some(0), "{output:?}");
    }

    /// Returns the sentence with which every command refuses the data directory.
    fn refused(&self) -> String {
        let history = sentence(&self.run("022", &["history"]));
        for command in ["settle", "history"] {
            let output = self.run("022", &[command]);
            assert_eq!(output.status.code(), Some(78), "{output:?}");
            // Another line before the sentence may say that no log is kept.
            assert!(sentence(&output).ends_with(&history), "{output:?}");
        }
        let checked = self.run("022", &["check"]);
        assert_eq!(checked.status.code(), Some(78), "{checked:?}");
        one_line(&history);
        assert!(!history.contains("--data-dir"), "{history}");

        history
    }
}

fn mode(path: &Path) -> u32 {
    fs::symlink_metadata(path).unwrap().mode() & 0o777
}

fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
}

/// Returns a directory and everything below it.
fn all_below(directory: &Path) -> Vec<PathBuf> {
    let mut found = vec![directory.to_owned()];
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => found.extend(all_below(&path)),
            false => found.push(path),
        }
    }

    found
}

fn assert_private(directory: &Path) {
    let found = all_below(directory);
    for path in &found {
        let wanted = if path.is_dir() { 0o700 } else { 0o600 };
        assert_eq!(mode(path), wanted, "{}", path.display());
    }
    assert!(found.iter().any(|path| path.is_file()));
}

#[test]
fn f72_files_are_private_by_any_umask() {
    for mask in ["000", "022", "077", "777"] {
        let machine = Machine::new();
        let output = machine.run(mask, &["settle"]);
        assert_eq!(output.status.code(), Some(0), "{output:?}");
        assert_private(&machine.data());
        // The home directory has the log and the directories that the program made for it.
        assert_private(&machine.shop.path("home"));
    }
}

#[test]
fn f72_old_modes_are_corrected() {
    let machine = Machine::new();
    machine.settles();
    set_mode(&machine.data(), 0o755);
    for file in ["lock", "journal.sqlite3"] {
        set_mode(&machine.data().join(file), 0o644);
    }
    machine.settles();
    assert_private(&machine.data());
}

#[test]
fn f72_files_open_to_others_are_refused() {
    let machine = Machine::new();
    machine.settles();
    for open in [0o770, 0o707, 0o777, 0o1777] {
        set_mode(&machine.data(), open);
        let said = machine.refused();
        assert!(said.contains("chmod -R go-rwx"), "{said}");
        assert_eq!(mode(&machine.data()), open & 0o777);
    }
    set_mode(&machine.data(), 0o700);
    for file in ["lock", "journal.sqlite3"] {
        set_mode(&machine.data().join(file), 0o666);
        assert!(machine.refused().contains(file));
        set_mode(&machine.data().join(file), 0o600);
    }
    machine.settles();
}

#[test]
fn f72_replaceable_directory() {
    let machine = Machine::new();
    let above = machine.shop.path("");
    set_mode(&above, 0o777);
    let said = machine.refused();
    assert!(said.contains("chmod go-w"), "{said}");
    assert!(!machine.data().exists());
    // With the sticky bit, as in /tmp, no other user can replace the files there.
    set_mode(&above, 0o1777);
    machine.settles();
}

#[test]
fn f72_planted_links_are_not_followed() {
    let machine = Machine::new();
    let victim = machine.shop.path("victim");
    fs::write(&victim, "a will").unwrap();
    set_mode(&victim, 0o644);
    for file in ["lock", "journal.sqlite3", "journal.sqlite3-wal"] {
        for is_hard in [false, true] {
            fs::create_dir(machine.data()).unwrap();
            let planted = machine.data().join(file);
            match is_hard {
                true => fs::hard_link(&victim, planted).unwrap(),
                false => symlink(&victim, planted).unwrap(),
            }
            let said = machine.refused();
            assert!(said.contains("link") && said.contains(file), "{said}");
            assert_eq!(fs::read_to_string(&victim).unwrap(), "a will");
            assert_eq!(mode(&victim), 0o644);
            fs::remove_dir_all(machine.data()).unwrap();
        }
    }
}

#[test]
fn f72_directory_of_another_user() {
    let machine = Machine::new();
    if chown(machine.shop.path("config.toml"), Some(STRANGER), None).is_err() {
        // Only root can change a file's owner. Any other user tests with a directory of root.
        let output = machine.run("022", &["history", "--data-dir", "/usr"]);
        assert_eq!(output.status.code(), Some(78), "{output:?}");
        let said = sentence(&output);
        assert!(said.contains("sudo chown -R"), "{said}");
        return;
    }
    fs::create_dir(machine.data()).unwrap();
    fs::create_dir(machine.shop.path("home")).unwrap();
    for directory in ["data", "home"] {
        chown(machine.shop.path(directory), Some(STRANGER), None).unwrap();
    }
    let said = machine.refused();
    assert!(
        said.contains("without sudo") && said.contains("chown -R 54321"),
        "{said}"
    );
    let below = machine.data().join("below");
    for command in ["settle", "check"] {
        let output = machine.run("022", &[command, "--data-dir", below.to_str().unwrap()]);
        assert_eq!(output.status.code(), Some(78), "{output:?}");
    }
    for directory in ["data", "home"] {
        let left = fs::read_dir(machine.shop.path(directory)).unwrap().count();
        assert_eq!(left, 0, "root makes nothing there");
    }
}

#[test]
fn f72_shared_directory() {
    let machine = Machine::new();
    fs::create_dir(machine.data()).unwrap();
    fs::write(machine.data().join("another-program.log"), "").unwrap();
    set_mode(&machine.data(), 0o755);
    machine.settles();
    assert_eq!(mode(&machine.data()), 0o755);
    assert_eq!(mode(&machine.data().join("journal.sqlite3")), 0o600);
    // The program must not propose a command that would change other programs' files.
    set_mode(&machine.data(), 0o777);
    let said = machine.refused();
    assert!(!said.contains("chmod"), "{said}");
    assert!(said.contains("files of other programs"), "{said}");
}
