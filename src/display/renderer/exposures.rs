//! What an X server has lost of a window, by its own account.
//!
//! A window that another one stood over, or that was not mapped, comes back empty, and the server
//! asks for its content with `Expose`. The window library makes a request for a frame of that, but
//! it makes one of several: a frame that a message asked for and one that the server needs look the
//! same. So the server is asked once more, over a connection of its own.

use x11rb::connection::Connection;
use x11rb::errors::ReplyError;
use x11rb::protocol::Event;
use x11rb::protocol::xproto::{ChangeWindowAttributesAux, ConnectionExt, EventMask};
use x11rb::rust_connection::RustConnection;

/// How X names a window.
pub(super) type XId = u32;

/// The exposures of one window.
pub(super) struct Exposures(RustConnection);

impl std::fmt::Debug for Exposures {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Exposures").finish_non_exhaustive()
    }
}

impl Exposures {
    /// Those that come from now on. Every client chooses for itself what it is told, so the window
    /// library goes on being told what it wants.
    pub(super) fn of(window: XId) -> Result<Self, Box<dyn std::error::Error>> {
        let (connection, _) = x11rb::connect(None)?;
        let exposures = ChangeWindowAttributesAux::new().event_mask(EventMask::EXPOSURE);
        connection
            .change_window_attributes(window, &exposures)?
            .check()?;

        Ok(Self(connection))
    }

    /// Whether there were any since this was last asked. The answer to a question comes after all
    /// events before it: what the window library was told before is known here, too.
    pub(super) fn any(&self) -> Result<bool, ReplyError> {
        self.0.get_input_focus()?.reply()?;
        let mut any = false;
        while let Some(event) = self.0.poll_for_event()? {
            any |= matches!(event, Event::Expose(_));
        }

        Ok(any)
    }
}
