//! Loads the shared libraries that the window library loads at run time.
//!
//! This module uses the same versions of the same crates as the window library, and keeps the libraries open. So a
//! library that loads here also loads there, and is loaded only once.

use std::env;
use std::path::PathBuf;

use super::NoScreen;

/// Loads the libraries for a window on an X server.
///
/// # Errors
///
/// [`NoScreen::Library`] for the first library that cannot be loaded.
pub(super) fn for_x11() -> Result<(), NoScreen> {
    use x11_dl::{xcursor, xinput2, xlib, xlib_xcb};

    let needs = |library, package| {
        move |cause: &dyn ToString| NoScreen::Library {
            library,
            package,
            cause: cause.to_string(),
        }
    };
    x11rb::xcb_ffi::load_libxcb().map_err(|why| needs("libxcb.so.1", "libxcb1")(&why))?;
    xlib::Xlib::open().map_err(|why| needs("libX11.so.6", "libx11-6")(&why.detail()))?;
    xlib_xcb::Xlib_xcb::open()
        .map_err(|why| needs("libX11-xcb.so.1", "libx11-xcb1")(&why.detail()))?;
    xcursor::Xcursor::open()
        .map_err(|why| needs("libXcursor.so.1", "libxcursor1")(&why.detail()))?;
    xinput2::XInput2::open().map_err(|why| needs("libXi.so.6", "libxi6")(&why.detail()))?;
    keyboard()?;
    xkbcommon_dl::x11::xkbcommon_x11_option()
        .map(|_| ())
        .ok_or_else(|| needs("libxkbcommon-x11.so.0", "libxkbcommon-x11-0")(&UNEXPLAINED))
}

/// The crate does not report why a library cannot be loaded.
pub(super) const UNEXPLAINED: &str = "it, or a library that it needs, is missing or damaged";

/// The directories of the keyboard data: Debian's first, then those of other systems. A variable can name another
/// directory. The keyboard library fails if none exists.
const ROOTS: [&str; 5] = [
    "/usr/share/X11/xkb",
    "/usr/share/xkeyboard-config-2",
    "/usr/local/share/X11/xkb",
    // These systems have a separate directory for each package.
    "/nix/store",
    "/gnu/store",
];
const ROOT: &str = "XKB_CONFIG_ROOT";

/// Loads the libraries for a keyboard, and looks for the keyboard data. A window in a Wayland compositor also
/// needs the library for the connection, but no others.
///
/// # Errors
///
/// [`NoScreen::Library`] or [`NoScreen::Setting`].
pub(super) fn keyboard() -> Result<(), NoScreen> {
    xkbcommon_dl::xkbcommon_option()
        .and(xkbcommon_dl::xkbcommon_compose_option())
        .ok_or_else(|| NoScreen::Library {
            library: "libxkbcommon.so.0",
            package: "libxkbcommon0",
            cause: UNEXPLAINED.to_owned(),
        })?;
    let said = |name| env::var_os(name).map(PathBuf::from);
    let home = said("HOME");
    let of_user = said("XDG_CONFIG_HOME")
        .or_else(|| home.as_ref().map(|home| home.join(".config")))
        .map(|configuration| configuration.join("xkb"));
    let extra = said("XKB_CONFIG_EXTRA_PATH").unwrap_or_else(|| "/etc/xkb".into());
    let root = said(ROOT);
    let roots = match &root {
        Some(root) => vec![root.clone()],
        None => ROOTS.map(PathBuf::from).to_vec(),
    };
    let places = of_user
        .into_iter()
        .chain(home.map(|home| home.join(".xkb")))
        .chain([extra])
        .chain(roots);
    if places.into_iter().any(|place| place.is_dir()) {
        return Ok(());
    }

    Err(match root {
        Some(root) => NoScreen::Setting {
            name: ROOT,
            value: root.to_string_lossy().into_owned(),
            wanted: "the directory that has the keyboard layouts",
        },
        None => NoScreen::Library {
            library: "xkb-data",
            package: "xkb-data",
            cause: format!("there is no {}", ROOTS[0]),
        },
    })
}
