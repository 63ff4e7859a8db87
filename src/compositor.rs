//! Asks a Wayland compositor whether it has what a window needs.

use std::os::unix::net::UnixStream;
use std::path::Path;

use wayland_client::globals::{GlobalListContents, registry_queue_init};
use wayland_client::protocol::wl_registry::{self, WlRegistry};
use wayland_client::{Connection, Dispatch, QueueHandle};

/// What a window needs of a compositor; without one of these the window library gives up.
const NEEDED: [&str; 3] = ["wl_compositor", "wl_shm", "xdg_wm_base"];

/// Why a compositor could not be asked.
pub(crate) enum Unasked {
    /// The library for it cannot be loaded.
    Library,
    /// Nothing answers.
    Silent(String),
}

/// The first thing that a window needs and the compositor that listens at `path` does not have.
///
/// # Errors
///
/// Why the compositor could not be asked.
pub(crate) fn lacks(path: &Path) -> Result<Option<&'static str>, Unasked> {
    let stream = UnixStream::connect(path).map_err(|error| Unasked::Silent(error.to_string()))?;
    let connection = Connection::from_socket(stream).map_err(|_| Unasked::Library)?;
    let (globals, _queue) = registry_queue_init::<Nothing>(&connection)
        .map_err(|error| Unasked::Silent(error.to_string()))?;
    let missing = globals.contents().with_list(|globals| {
        let has = |name: &&str| globals.iter().any(|global| global.interface == **name);

        NEEDED.into_iter().find(|name| !has(name))
    });

    Ok(missing)
}

/// Takes no notice of what changes afterwards.
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
