//! A screen that does not go dark while a customer looks at it.

use x11rb::connection::RequestConnection;
use x11rb::errors::ReplyError;
use x11rb::protocol::dpms::{self, ConnectionExt as _, DPMSMode};
use x11rb::protocol::screensaver::{self, ConnectionExt as _};
use x11rb::protocol::xproto::{ConnectionExt as _, ScreenSaver};

/// Wakes the screen, and keeps it awake for as long as the connection lives: the server lifts the
/// ban when it ends, however it ends, so that not even a crash leaves anything behind.
pub(super) fn keep(connection: &impl RequestConnection) -> Result<(), ReplyError> {
    connection.force_screen_saver(ScreenSaver::RESET)?.check()?;
    let has = |name| connection.extension_information(name);
    if has(dpms::X11_EXTENSION_NAME)?.is_some() {
        switch_on(connection)?;
    }
    if has(screensaver::X11_EXTENSION_NAME)?.is_some() {
        // The ban is on switching the monitor off as well.
        connection.screensaver_suspend(1)?.check()?;
    } else {
        tracing::info!("this X server cannot be asked to keep the screen awake");
    }

    Ok(())
}

/// Lets the screen go dark again, as the server's settings have it.
pub(super) fn release(connection: &impl RequestConnection) -> Result<(), ReplyError> {
    let name = screensaver::X11_EXTENSION_NAME;
    if connection.extension_information(name)?.is_some() {
        connection.screensaver_suspend(0)?.check()?;
    }

    Ok(())
}

/// Switches the monitor on where it was switched off to save power.
fn switch_on(connection: &impl RequestConnection) -> Result<(), ReplyError> {
    let power = connection.dpms_info()?.reply()?;
    if power.state && power.power_level != DPMSMode::ON {
        connection.dpms_force_level(DPMSMode::ON)?.check()?;
    }

    Ok(())
}
