//! What is heard: one tone for paid and another one for not paid, made here and played by the
//! system's sound server, or by a program of the shop's.
//!
//! A tone is for the ear what the colour is for the eye: it never says more than the screen, and a
//! sale goes on without it.

mod player;
#[cfg(unix)]
mod server;
mod wave;

use std::sync::Arc;
use std::thread;

use thiserror::Error;

use crate::config;

/// What is heard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Tone {
    /// Paid in full: two notes upwards.
    Paid,
    /// Anything else that is over or that nobody knows: two lower notes downwards.
    NotPaid,
}

/// Who plays the tones. Cheap to clone.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Speaker {
    /// Nobody: nothing is heard.
    #[default]
    Silent,
    /// The sound server of the system: PulseAudio, or PipeWire in its place.
    Server,
    /// A program, with its arguments.
    Program(Arc<[String]>),
}

/// Why a tone was not heard.
#[derive(Debug, Clone, Error)]
pub(crate) enum SoundError {
    /// The sound server does not play it.
    #[error("the sound server does not play it: {0}")]
    Server(String),
    /// The program cannot be run, or ended with an error.
    #[error("{program} does not play it: {why}; look at tone-player in [display]")]
    Program {
        /// The program.
        program: String,
        /// What the system says.
        why: String,
    },
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
    /// Plays a tone, on a thread of its own: nothing waits for it, and what goes wrong is logged.
    pub fn play(&self, tone: Tone) {
        if *self == Self::Silent {
            return;
        }
        let speaker = self.clone();
        let played = thread::Builder::new()
            .name("tone".to_owned())
            .spawn(move || match speaker.played(tone) {
                Ok(()) => tracing::debug!(?tone, "a tone was played"),
                Err(error) => tracing::warn!(%error, ?tone, "a tone was not heard"),
            });
        if let Err(error) = played {
            tracing::warn!(%error, ?tone, "a tone was not heard");
        }
    }

    /// Plays a tone to its end.
    pub(crate) fn played(&self, tone: Tone) -> Result<(), SoundError> {
        match self {
            Self::Silent => Ok(()),
            #[cfg(unix)]
            Self::Server => server::play(wave::samples(tone)),
            #[cfg(not(unix))]
            Self::Server => Err(SoundError::Server(
                "there is none on this system; set tone-player in [display]".to_owned(),
            )),
            Self::Program(program) => player::play(program, &wave::file(&wave::samples(tone))),
        }
    }
}
