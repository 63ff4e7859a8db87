//! How large the monitor is, asked before the window is there: so the first frame already fits.

use iced::Size;

/// The primary monitor's size in device pixels, where the display server says so beforehand.
#[cfg(target_os = "linux")]
pub(super) fn size() -> Option<Size> {
    use x11rb::connection::Connection;
    use x11rb::protocol::randr::ConnectionExt;

    // A Wayland compositor sizes a full-screen window itself.
    if std::env::var_os("WAYLAND_DISPLAY").is_some() {
        return None;
    }
    let (connection, screen) = x11rb::connect(None).ok()?;
    let screen = connection.setup().roots.get(screen)?;
    let monitors = connection
        .randr_get_monitors(screen.root, true)
        .ok()
        .and_then(|cookie| cookie.reply().ok())
        .map(|reply| reply.monitors)
        .unwrap_or_default();
    let primary = monitors
        .iter()
        .find(|monitor| monitor.primary)
        .or(monitors.first());
    let (width, height) = primary.map_or(
        (screen.width_in_pixels, screen.height_in_pixels),
        |monitor| (monitor.width, monitor.height),
    );

    Some(Size::new(f32::from(width), f32::from(height)))
}

#[cfg(not(target_os = "linux"))]
pub(super) fn size() -> Option<Size> {
    None
}
