//! The users who can read or change the output and the files of the real program.

mod keys;
#[cfg(target_os = "linux")]
mod printing;
#[cfg(target_os = "linux")]
mod signals;
mod strings;
#[cfg(unix)]
mod users;
