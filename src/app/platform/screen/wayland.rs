//! Checks whether a Wayland compositor can be used, and finds variables that lead to an unusable one.

use std::env;
use std::ffi::OsStr;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};

use wayland_client::globals::{GlobalListContents, registry_queue_init};
use wayland_client::protocol::wl_registry::{self, WlRegistry};
use wayland_client::{Connection, Dispatch, QueueHandle};

use super::{NoScreen, libraries, within};

/// The variables that name a compositor, in the order in which the window library reads them. The library uses the
/// first one that is set, even if its value is wrong.
const SOCKET: &str = "WAYLAND_SOCKET";
const DISPLAY: &str = "WAYLAND_DISPLAY";

/// Whether a variable names a compositor, even an unusable one.
pub(super) fn is_asked_for() -> bool {
    [SOCKET, DISPLAY]
        .iter()
        .any(|name| env::var_os(name).is_some_and(|value| !value.is_empty()))
}

/// Checks that a window can be opened in the compositor.
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

/// Returns the variables that the window library must not see, with the reasons. Each names an unusable
/// compositor, while a later variable names a usable one or an X server. Empty if the first compositor can be
/// used, or if nothing later can.
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

/// Checks a connection that the parent process opened for this program. The check must send no request, because
/// the window would later miss the answers.
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

    libraries::keyboard()
}

/// Checks the compositor with this name.
fn named(name: &OsStr) -> Result<(), NoScreen> {
    let because = |cause: &str| unusable(DISPLAY, name, cause);
    // The window library accepts only text.
    if name.is_empty() || name.to_str().is_none() {
        return Err(because("this is no name"));
    }
    let path = path(Path::new(name)).ok_or_else(|| {
        because("XDG_RUNTIME_DIR is not set to the directory that its socket is in")
    })?;
    libraries::keyboard()?;
    let at = name.to_owned();

    within(move || has_all(&path, &at)).unwrap_or_else(|| Err(because("it does not answer")))
}

fn unusable(variable: &'static str, value: &OsStr, cause: &str) -> NoScreen {
    NoScreen::Compositor {
        variable,
        value: value.to_string_lossy().into_owned(),
        cause: cause.to_owned(),
    }
}

/// Returns the path of the compositor's socket, by the rule of the Wayland client library.
fn path(name: &Path) -> Option<PathBuf> {
    if name.is_absolute() {
        return Some(name.to_owned());
    }
    let directory = PathBuf::from(env::var_os("XDG_RUNTIME_DIR")?);

    directory.is_absolute().then(|| directory.join(name))
}

/// The interfaces that a window needs.
const NEEDED: [&str; 3] = ["wl_compositor", "wl_shm", "xdg_wm_base"];

/// Checks that the compositor `name`, whose socket is at `path`, has each interface that a window needs.
///
/// # Errors
///
/// [`NoScreen::Compositor`] or [`NoScreen::Library`].
fn has_all(path: &Path, name: &OsStr) -> Result<(), NoScreen> {
    let because = |cause: &dyn ToString| unusable(DISPLAY, name, &cause.to_string());
    let stream = UnixStream::connect(path).map_err(|error| because(&error))?;
    let connection = Connection::from_socket(stream).map_err(|_| NoScreen::Library {
        library: "libwayland-client.so.0",
        package: "libwayland-client0",
        cause: libraries::UNEXPLAINED.to_owned(),
    })?;
    let (globals, _queue) =
        registry_queue_init::<Nothing>(&connection).map_err(|error| because(&error))?;
    let missing = globals.contents().with_list(|globals| {
        let has = |name: &&str| globals.iter().any(|global| global.interface == **name);

        NEEDED.into_iter().find(|name| !has(name))
    });

    match missing {
        Some(missing) => Err(because(&format!("it does not have {missing}"))),
        None => Ok(()),
    }
}

/// The state of the connection. It ignores events after the first answers.
struct Nothing;

impl Dispatch<WlRegistry, GlobalListContents> for Nothing {
    fn event(
        _: &mut Self,
        _: &WlRegistry,
        _: wl_registry::Event,
        _: &GlobalListContents,
        _: &Connection,
        _: &QueueHandle<Self>,
    ) {
    }
}
