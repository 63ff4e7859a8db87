//! A minimal X11 window that shows only a QR code on the full screen. The X server draws the code.
//! `benches/side-by-side` compares the display with this window.

use std::error::Error;

use qrcode::QrCode;
use x11rb::COPY_DEPTH_FROM_PARENT;
use x11rb::connection::Connection;
use x11rb::protocol::Event;
use x11rb::protocol::xproto::{
    ChangeGCAux, ConnectionExt, CreateGCAux, CreateWindowAux, EventMask, Rectangle, WindowClass,
};

/// A pay URL, as the platform on loopback makes it.
const URL: &str = "http://127.0.0.1:38787/pay/MhocUmpxxmgdHjr7DgKoKw";
/// The light border that scanners need, in modules.
const QUIET_ZONE: usize = 4;

fn main() -> Result<(), Box<dyn Error>> {
    let code = QrCode::new(URL)?;
    let (connection, screen) = x11rb::connect(None)?;
    let screen = &connection.setup().roots[screen];
    let (width, height) = (screen.width_in_pixels, screen.height_in_pixels);
    let window = connection.generate_id()?;
    let attributes = CreateWindowAux::new()
        .background_pixel(screen.white_pixel)
        .event_mask(EventMask::EXPOSURE)
        .override_redirect(1);
    connection.create_window(
        COPY_DEPTH_FROM_PARENT,
        window,
        screen.root,
        0,
        0,
        width,
        height,
        0,
        WindowClass::INPUT_OUTPUT,
        screen.root_visual,
        &attributes,
    )?;
    let ink = connection.generate_id()?;
    connection.create_gc(ink, window, &CreateGCAux::new())?;
    connection.change_gc(ink, &ChangeGCAux::new().foreground(screen.black_pixel))?;
    connection.map_window(window)?;
    connection.flush()?;
    let modules = dark_modules(&code, height)?;
    loop {
        if let Event::Expose(_) = connection.wait_for_event()? {
            connection.poly_fill_rectangle(window, ink, &modules)?;
            connection.flush()?;
        }
    }
}

/// Returns the dark modules of a code that is as high as the window.
fn dark_modules(code: &QrCode, height: u16) -> Result<Vec<Rectangle>, Box<dyn Error>> {
    let width = code.width();
    let module = usize::from(height) / (width + 2 * QUIET_ZONE);
    let side = u16::try_from(module)?;

    code.to_colors()
        .into_iter()
        .enumerate()
        .filter(|(_, color)| *color == qrcode::Color::Dark)
        .map(|(index, _)| {
            let place = |place: usize| i16::try_from((QUIET_ZONE + place) * module);

            Ok(Rectangle {
                x: place(index % width)?,
                y: place(index / width)?,
                width: side,
                height: side,
            })
        })
        .collect()
}
