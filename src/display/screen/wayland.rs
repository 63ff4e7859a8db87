//! Whether a Wayland compositor can be used, and which variables lead to none.

use std::env;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use super::{NoScreen, libraries, within};
use crate::compositor::{self, Unasked};

/// The variables that lead to a compositor, in the window library's order: one that is set hides those
/// after it, whether it leads anywhere or not.
pub(super) const SOCKET: &str = "WAYLAND_SOCKET";
pub(super) const DISPLAY: &str = "WAYLAND_DISPLAY";

/// Whether the environment leads to a compositor, usable or not.
pub(super) fn is_asked_for() -> bool {
    [SOCKET, DISPLAY]
        .iter()
        .any(|name| env::var_os(name).is_some_and(|value| !value.is_empty()))
}

/// Checks that a window can be opened in the compositor that the environment leads to.
///
/// # Errors
///
/// [`NoScreen::Compositor`] or [`NoScreen::Library`].
pub(super) fn check() -> Result<(), NoScreen> {
    match env::var_os(SOCKET) {
        Some(socket) => inherited(&socket),
        None => named(&env::var_os(DISPLAY).unwrap_or_default()),
    }
}

/// The variables that the window library must not see, and why: what they lead to cannot be used, and what
/// comes after them can be. Empty where all is well, and where nothing comes after them.
pub(super) fn misleading() -> Vec<(&'static str, NoScreen)> {
    type Check = fn(&OsStr) -> Result<(), NoScreen>;

    let mut misleading = Vec::new();
    let candidates: [(_, Check); 2] = [(SOCKET, inherited), (DISPLAY, named)];
    for (variable, check) in candidates {
        let Some(value) = env::var_os(variable) else {
            continue;
        };
        match check(&value) {
            Ok(()) => return misleading,
            Err(why) => misleading.push((variable, why)),
        }
    }
    let has_x11 = env::var_os("DISPLAY").is_some_and(|value| !value.is_empty());

    if has_x11 { misleading } else { Vec::new() }
}

/// A connection that whoever started the program has made for it. Nothing can be asked on it: the answers
/// would be missing for the window.
fn inherited(socket: &OsStr) -> Result<(), NoScreen> {
    let number: Option<u32> = socket.to_str().and_then(|number| number.parse().ok());
    let is_socket = number.is_some_and(|number| {
        Path::new(&format!("/proc/self/fd/{number}"))
            .read_link()
            .is_ok_and(|link| link.to_string_lossy().starts_with("socket:"))
    });
    if !is_socket {
        return Err(unusable(SOCKET, socket, "this is no open socket"));
    }

    libraries::for_wayland()
}

/// The compositor that listens under this name.
fn named(name: &OsStr) -> Result<(), NoScreen> {
    let because = |cause: &str| unusable(DISPLAY, name, cause);
    // The window library looks at text only.
    if name.is_empty() || name.to_str().is_none() {
        return Err(because("this is no name"));
    }
    let path = path(Path::new(name)).ok_or_else(|| {
        because("XDG_RUNTIME_DIR is not set to the directory that its socket is in")
    })?;
    libraries::for_wayland()?;
    let missing = within(move || compositor::lacks(&path))
        .unwrap_or_else(|| Err(Unasked::Silent("it does not answer".to_owned())));

    match missing {
        Ok(None) => Ok(()),
        Ok(Some(missing)) => Err(because(&format!("it does not have {missing}"))),
        Err(Unasked::Library) => Err(NoScreen::Library {
            library: "libwayland-client.so.0",
            package: "libwayland-client0",
            cause: libraries::UNEXPLAINED.to_owned(),
        }),
        Err(Unasked::Silent(cause)) => Err(because(&cause)),
    }
}

fn unusable(variable: &'static str, value: &OsStr, cause: &str) -> NoScreen {
    NoScreen::Compositor {
        variable,
        value: value.to_string_lossy().into_owned(),
        cause: cause.to_owned(),
    }
}

/// Where the socket of the compositor of this name is, by the Wayland library's rule.
fn path(name: &Path) -> Option<PathBuf> {
    if name.is_absolute() {
        return Some(name.to_owned());
    }
    let directory = PathBuf::from(env::var_os("XDG_RUNTIME_DIR")?);

    directory.is_absolute().then(|| directory.join(name))
}
