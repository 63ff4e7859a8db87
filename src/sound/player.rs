//! A program of the shop's plays the tones: it gets each as a WAV file on standard input.

use std::env;
use std::ffi::OsStr;
use std::io::Write;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use super::SoundError;

/// A program that takes longer than this for a tone of half a second hangs.
const PATIENCE: Duration = Duration::from_secs(5);

/// Plays a file to its end.
pub(super) fn play(program: &[String], file: &[u8]) -> Result<(), SoundError> {
    let [name, arguments @ ..] = program else {
        return Ok(());
    };
    let fails = |why: String| SoundError::Program {
        program: name.clone(),
        why,
    };
    let mut child = Command::new(name)
        .args(arguments)
        .env_clear()
        .envs(env::vars_os().filter(|(name, _)| is_for_players(name)))
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| fails(error.to_string()))?;
    if let Some(mut input) = child.stdin.take() {
        // A program that wants no more of it has its reasons; how it ends tells whether it failed.
        let _ = input.write_all(file);
    }

    ended(&mut child).map_err(fails)
}

/// Whether a player needs this variable of the environment: to find its sound server, its settings and its language. It gets
/// no other, since one of them may hold the key.
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

fn ended(child: &mut Child) -> Result<(), String> {
    let begun = Instant::now();
    loop {
        match child.try_wait() {
            Ok(Some(status)) if status.success() => return Ok(()),
            Ok(Some(status)) => return Err(status.to_string()),
            Ok(None) if begun.elapsed() < PATIENCE => thread::sleep(Duration::from_millis(20)),
            Ok(None) => {
                let _ = child.kill();
                let _ = child.wait();

                return Err("it did not end in time".to_owned());
            }
            Err(error) => return Err(error.to_string()),
        }
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    fn run(script: &str, file: &[u8]) -> Result<(), SoundError> {
        play(&["sh", "-c", script].map(str::to_owned), file)
    }

    #[test]
    fn the_program_gets_the_whole_file() {
        let directory = tempfile::tempdir().unwrap();
        let heard = directory.path().join("heard.wav");
        let file: Vec<u8> = (0..200_000_u32).map(|byte| byte.to_le_bytes()[0]).collect();
        run(&format!("cat > '{}'", heard.display()), &file).unwrap();
        assert_eq!(std::fs::read(heard).unwrap(), file);
    }

    #[test]
    fn f73_player_gets_no_variable_that_it_needs_not() {
        let directory = tempfile::tempdir().unwrap();
        let heard = directory.path().join("environment");
        run(&format!("env > '{}'", heard.display()), b"").unwrap();
        let environment = std::fs::read_to_string(heard).unwrap();
        assert!(environment.contains("PATH="), "{environment}");
        // The tests' own environment has these.
        assert!(!environment.contains("CARGO_"), "{environment}");
        for secret in ["CENTRAPAY_API_KEY", "CREDENTIALS_DIRECTORY", "LD_PRELOAD"] {
            assert!(!is_for_players(OsStr::new(secret)), "{secret}");
        }
    }

    #[test]
    fn a_program_that_fails_or_is_not_there_is_named() {
        let error = run("exit 3", b"").unwrap_err().to_string();
        assert!(
            error.contains("sh does not play it") && error.contains('3'),
            "{error}"
        );
        let missing = play(&["no-such-player".to_owned()], b"")
            .unwrap_err()
            .to_string();
        assert!(missing.contains("no-such-player") && missing.contains("tone-player"));
    }
}
