//! Checks that an X server has everything that a window needs. If something is missing, the window library panics,
//! or no frame appears.

use x11rb::connection::{Connection, RequestConnection};
use x11rb::errors::{ConnectionError, ReplyError};
use x11rb::protocol::randr::{self, ConnectionExt as _};
use x11rb::protocol::shm;
use x11rb::protocol::xinput::{self, ConnectionExt as _};
use x11rb::protocol::xkb::{self, ConnectionExt as _};
use x11rb::protocol::xproto::{ImageOrder, Screen, Setup, VisualClass};
use x11rb::rust_connection::RustConnection;

use crate::app::platform::screen::NoScreen;

/// The number of bytes for a pixel of a frame.
const PIXEL: usize = 4;
/// More bytes than a request with a frame has in addition to its pixels.
const AROUND_PIXELS: usize = 64;

/// Checks that a window can be opened and drawn on `screen`. Error messages name `place`, the address of the
/// server.
///
/// # Errors
///
/// [`NoScreen::Extension`], [`NoScreen::Pixels`] or [`NoScreen::Unreachable`].
pub(super) fn check(
    connection: &RustConnection,
    screen: &Screen,
    place: &str,
) -> Result<(), NoScreen> {
    pixels(connection.setup(), screen).map_err(|has| NoScreen::Pixels {
        place: place.to_owned(),
        has,
    })?;
    let missing = extensions(connection, screen).map_err(|error| NoScreen::Unreachable {
        place: place.to_owned(),
        cause: error.to_string(),
    })?;

    match missing {
        Some(extension) => Err(NoScreen::Extension {
            place: place.to_owned(),
            extension,
        }),
        None => Ok(()),
    }
}

/// Checks that the screen has the pixel format of frames. The error names the screen's format.
fn pixels(setup: &Setup, screen: &Screen) -> Result<(), String> {
    let depth = screen.root_depth;
    if depth != 24 && depth != 32 {
        return Err(format!("a color depth of {depth}"));
    }
    let mut formats = setup.pixmap_formats.iter();
    if !formats.any(|format| format.depth == depth && format.bits_per_pixel == 32) {
        return Err("pixels that are not of 32 bits".to_owned());
    }
    let visual = screen
        .allowed_depths
        .iter()
        .flat_map(|allowed| &allowed.visuals)
        .find(|visual| visual.visual_id == screen.root_visual);
    let Some(visual) = visual else {
        return Err("no visual for its windows".to_owned());
    };
    if visual.class != VisualClass::TRUE_COLOR {
        return Err(format!("windows of the class {:?}", visual.class));
    }
    let own_order = if cfg!(target_endian = "little") {
        ImageOrder::LSB_FIRST
    } else {
        ImageOrder::MSB_FIRST
    };
    let expected = if setup.image_byte_order == own_order {
        (0x00ff_0000, 0x0000_ff00, 0x0000_00ff)
    } else {
        (0x0000_ff00, 0x00ff_0000, 0xff00_0000)
    };
    if (visual.red_mask, visual.green_mask, visual.blue_mask) != expected {
        return Err("its colors in another order than red, green, blue".to_owned());
    }

    Ok(())
}

/// Returns the first extension that a window needs and that is missing or too old.
fn extensions(
    connection: &RustConnection,
    screen: &Screen,
) -> Result<Option<&'static str>, ReplyError> {
    // Send all requests before waiting for the first answer.
    for name in [
        randr::X11_EXTENSION_NAME,
        xinput::X11_EXTENSION_NAME,
        xkb::X11_EXTENSION_NAME,
        shm::X11_EXTENSION_NAME,
    ] {
        connection.prefetch_extension_information(name)?;
    }
    connection.prefetch_maximum_request_bytes();
    let has = |name| -> Result<bool, ConnectionError> {
        Ok(connection.extension_information(name)?.is_some())
    };
    // These are the names that the protocols give to their extensions.
    for name in [
        randr::X11_EXTENSION_NAME,
        xinput::X11_EXTENSION_NAME,
        xkb::X11_EXTENSION_NAME,
    ] {
        if !has(name)? {
            return Ok(Some(name));
        }
    }
    let randr = connection.randr_query_version(1, 3)?;
    let xinput = connection.xinput_xi_query_version(2, 3)?;
    let xkb = connection.xkb_use_extension(1, 0)?;
    // A server that does not know a version answers with an error.
    let randr = randr.reply();
    if !randr.is_ok_and(|version| (version.major_version, version.minor_version) >= (1, 2)) {
        return Ok(Some("RANDR 1.2"));
    }
    if !xinput
        .reply()
        .is_ok_and(|version| version.major_version >= 2)
    {
        return Ok(Some("XInputExtension 2.0"));
    }
    if !xkb.reply().is_ok_and(|answer| answer.supported) {
        return Ok(Some("XKEYBOARD 1.0"));
    }
    // A frame is sent through shared memory; without shared memory, as one request through the connection.
    let frame = usize::from(screen.width_in_pixels) * usize::from(screen.height_in_pixels) * PIXEL;
    if !has(shm::X11_EXTENSION_NAME)? && connection.maximum_request_bytes() < frame + AROUND_PIXELS
    {
        return Ok(Some("MIT-SHM"));
    }

    Ok(None)
}
