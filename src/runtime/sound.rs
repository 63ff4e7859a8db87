//! Sounds: one tone for paid and one for not paid. The system's sound server plays them, or a program of the shop.
//!
//! A tone never says more than the screen. If no tone can be played, the sale goes on.

mod player;
#[cfg(unix)]
mod server;
mod wave;

use std::sync::Arc;
use std::thread;

use crate::config;

pub use wave::Tone;

/// The player of the tones. Cheap to clone.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Speaker {
    /// Plays no sound at all.
    #[default]
    Silent,
    /// The sound server of the system: PulseAudio or PipeWire.
    Server,
    /// A program, with its arguments.
    Program(Arc<[String]>),
}

impl From<&config::Display> for Speaker {
    fn from(display: &config::Display) -> Self {
        match (display.tones, display.tone_player.as_slice()) {
            (false, _) => Self::Silent,
            (true, []) => Self::Server,
            (true, program) => Self::Program(program.into()),
        }
    }
}

impl Speaker {
    /// Plays a tone on a new thread, without waiting for it. Logs an error.
    pub fn play(&self, tone: Tone) {
        if *self == Self::Silent {
            return;
        }
        let speaker = self.clone();
        let played = thread::Builder::new()
            .name("tone".to_owned())
            .spawn(move || match speaker.played(tone) {
                Ok(()) => tracing::debug!(?tone, "tone played"),
                Err(error) => tracing::warn!(%error, ?tone, "cannot play the tone"),
            });
        if let Err(error) = played {
            tracing::warn!(%error, ?tone, "cannot play the tone");
        }
    }

    /// Plays a tone to its end. The error says what could not play it.
    fn played(&self, tone: Tone) -> Result<(), String> {
        match self {
            Self::Silent => Ok(()),
            #[cfg(unix)]
            Self::Server => server::play(wave::samples(tone))
                .map_err(|why| format!("the sound server cannot play the tone: {why}")),
            #[cfg(not(unix))]
            Self::Server => {
                Err("this system has no sound server; set tone-player in [display]".to_owned())
            }
            Self::Program(program) => {
                let name = program.first().map_or("", String::as_str);
                player::play(program, &wave::file(&wave::samples(tone))).map_err(|why| {
                    format!("{name} cannot play the tone: {why}; check tone-player in [display]")
                })
            }
        }
    }
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;

    fn error_of(program: &[&str]) -> String {
        let program: Vec<_> = program.iter().map(ToString::to_string).collect();
        let played = Speaker::Program(program.into()).played(Tone::Paid);

        played.unwrap_err()
    }

    #[test]
    fn failing_or_missing_program_is_named() {
        let failed = error_of(&["sh", "-c", "exit 3"]);
        assert!(
            failed.contains("sh cannot play the tone") && failed.contains('3'),
            "{failed}"
        );
        let missing = error_of(&["no-such-player"]);
        assert!(missing.contains("no-such-player") && missing.contains("tone-player"));
    }
}
