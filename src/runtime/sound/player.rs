//! Plays the tones with a program of the shop, which gets each tone as a WAV file on standard input.

use std::env;
use std::ffi::OsStr;
use std::io::Write;
use std::process::{Command, Stdio};
use std::time::Duration;

use crate::runtime::process::wait_for_end;

/// The longest wait for a program that plays a tone of half a second.
const PATIENCE: Duration = Duration::from_secs(5);

pub(super) fn play(program: &[String], file: &[u8]) -> Result<(), String> {
    let [name, arguments @ ..] = program else {
        return Ok(());
    };
    let mut child = Command::new(name)
        .args(arguments)
        .env_clear()
        .envs(env::vars_os().filter(|(name, _)| is_for_players(name)))
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| error.to_string())?;
    if let Some(mut input) = child.stdin.take() {
        // A program may close its input early. Its exit status decides whether it failed.
        let _ = input.write_all(file);
    }

    wait_for_end(&mut child, PATIENCE)
}

/// Whether a player needs this variable of the environment, for its sound server, settings or language. The player
/// gets no other variable, because another one may contain the key.
fn is_for_players(name: &OsStr) -> bool {
    const NAMES: [&str; 13] = [
        "PATH",
        "HOME",
        "USER",
        "LOGNAME",
        "TMPDIR",
        "TZ",
        "LANG",
        "LANGUAGE",
        "LD_LIBRARY_PATH",
        "DBUS_SESSION_BUS_ADDRESS",
        "DISPLAY",
        "WAYLAND_DISPLAY",
        "AUDIODEV",
    ];
    const FAMILIES: [&str; 7] = [
        "LC_",
        "XDG_",
        "PULSE_",
        "PIPEWIRE_",
        "ALSA_",
        "SDL_",
        "JACK_",
    ];
    // Windows starts no program without these.
    const OF_WINDOWS: [&str; 4] = ["SYSTEMROOT", "TEMP", "TMP", "USERPROFILE"];
    let Some(name) = name.to_str() else {
        return false;
    };
    let is_one = |names: &[&str]| names.iter().any(|one| name.eq_ignore_ascii_case(one));

    is_one(&NAMES)
        || FAMILIES.iter().any(|family| name.starts_with(family))
        || (cfg!(windows) && is_one(&OF_WINDOWS))
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    fn run(script: &str, file: &[u8]) -> Result<(), String> {
        play(&["sh", "-c", script].map(str::to_owned), file)
    }

    #[test]
    fn program_gets_the_whole_file() {
        let directory = tempfile::tempdir().unwrap();
        let heard = directory.path().join("heard.wav");
        let file: Vec<u8> = (0..200_000_u32).map(|byte| byte.to_le_bytes()[0]).collect();
        run(&format!("cat > '{}'", heard.display()), &file).unwrap();
        assert_eq!(std::fs::read(heard).unwrap(), file);
    }

    #[test]
    fn f73_player_gets_only_needed_variables() {
        let directory = tempfile::tempdir().unwrap();
        let heard = directory.path().join("environment");
        run(&format!("env > '{}'", heard.display()), b"").unwrap();
        let environment = std::fs::read_to_string(heard).unwrap();
        assert!(environment.contains("PATH="), "{environment}");
        // The environment of the tests has these variables.
        assert!(!environment.contains("CARGO_"), "{environment}");
        for secret in ["CENTRAPAY_API_KEY", "CREDENTIALS_DIRECTORY", "LD_PRELOAD"] {
            assert!(!is_for_players(OsStr::new(secret)), "{secret}");
        }
    }
}
