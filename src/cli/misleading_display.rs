//! Starts the program again without variables that name an unusable Wayland compositor.
//!
//! The window library follows such a variable and panics, even if there is an X server. A running program
//! cannot safely remove a variable, so it replaces itself.

use std::env;
use std::ffi::OsString;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::failure::warn;
use crate::app::Screen;

/// Replaces the process if there are such variables. If that fails, the program continues, and opening the screen
/// fails.
pub(super) fn start_again_without(arguments: &[OsString]) {
    let [name, arguments @ ..] = arguments else {
        return;
    };
    let misleading = Screen::misleading_variables();
    if misleading.is_empty() {
        return;
    }
    // Under a loader or an emulator, `current_exe` is the loader or emulator, which takes other arguments.
    let is_itself = |own: &PathBuf| own.file_name() == Path::new(name).file_name();
    let Some(own) = env::current_exe().ok().filter(is_itself) else {
        return;
    };
    let mut again = Command::new(own);
    again.arg0(name).args(arguments);
    for (variable, why) in misleading {
        if env::var_os(variable).is_some_and(|value| !value.is_empty()) {
            warn(&format!("{why}; it is passed over"));
        }
        again.env_remove(variable);
    }
    // `exec` returns only if it fails.
    let _ = again.exec();
}
