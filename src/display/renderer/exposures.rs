//! A connection to the X server of the renderer's own, for what the window library's cannot do.
//!
//! A window that another one stood over, or that was not mapped, comes back empty, and the server
//! asks for its content with `Expose`. The window library makes a request for a frame of that, but
//! it makes one of several: a frame that a message asked for and one that the server needs look the
//! same. So the server is asked once more. And it is asked to fill rectangles by itself.

use x11rb::connection::Connection;
use x11rb::errors::{ReplyError, ReplyOrIdError};
use x11rb::protocol::Event;
use x11rb::protocol::xproto::{
    ChangeGCAux, ChangeWindowAttributesAux, ConnectionExt, CreateGCAux, EventMask, Rectangle,
    VisualClass,
};
use x11rb::rust_connection::RustConnection;

use super::plain::Filled;

/// How X names a window.
pub(super) type XId = u32;

/// The exposures of one window.
pub(super) struct Exposures {
    connection: RustConnection,
    window: XId,
}

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

        Ok(Self { connection, window })
    }

    /// Whether there were any since this was last asked. The answer to a question comes after all
    /// events before it: what the window library was told before is known here, too.
    pub(super) fn any(&self) -> Result<bool, ReplyError> {
        self.connection.get_input_focus()?.reply()?;
        let mut any = false;
        while let Some(event) = self.connection.poll_for_event()? {
            any |= matches!(event, Event::Expose(_));
        }

        Ok(any)
    }

    /// Has the server fill rectangles of the window, where its pixels are colours as they are known here.
    pub(super) fn fill(&self, all: &[Filled]) -> Result<(), ReplyOrIdError> {
        if !self.has_true_colours()? {
            return Ok(());
        }
        let ink = self.connection.generate_id()?;
        self.connection
            .create_gc(ink, self.window, &CreateGCAux::new())?;
        for filled in all {
            // What is not colour is opacity, where the window has any.
            let color = ChangeGCAux::new().foreground(filled.color | 0xff00_0000);
            self.connection.change_gc(ink, &color)?;
            let rectangles: Vec<_> = filled.rectangles.iter().copied().map(of_server).collect();
            self.connection
                .poly_fill_rectangle(self.window, ink, &rectangles)?;
        }
        self.connection.free_gc(ink)?;
        self.connection.flush()?;

        Ok(())
    }

    /// Whether the window's pixels are a byte of each colour, red the highest.
    fn has_true_colours(&self) -> Result<bool, ReplyError> {
        let attributes = self
            .connection
            .get_window_attributes(self.window)?
            .reply()?;
        let roots = self.connection.setup().roots.iter();
        let mut visuals = roots
            .flat_map(|root| &root.allowed_depths)
            .flat_map(|depth| &depth.visuals);
        let visual = visuals.find(|visual| visual.visual_id == attributes.visual);

        Ok(visual.is_some_and(|visual| {
            visual.class == VisualClass::TRUE_COLOR
                && (visual.red_mask, visual.green_mask, visual.blue_mask)
                    == (0x00ff_0000, 0xff00, 0xff)
        }))
    }
}

fn of_server(rectangle: iced::Rectangle<i16>) -> Rectangle {
    Rectangle {
        x: rectangle.x,
        y: rectangle.y,
        width: rectangle.width.unsigned_abs(),
        height: rectangle.height.unsigned_abs(),
    }
}
