//! How many device pixels the window library will take for a logical one.
//!
//! It says so only once a window is open, and sizes are given to it in logical pixels before. A
//! wrong guess costs one frame of the wrong size, since the open window is sized in device pixels.

use std::ops::RangeInclusive;

use x11rb::protocol::randr::MonitorInfo;
use x11rb::protocol::xproto::{ConnectionExt, Window};
use x11rb::resource_manager;
use x11rb::rust_connection::RustConnection;

use super::super::NoScreen;

/// Overrides what the server says: a number, or `randr` for the monitor's density.
const VARIABLE: &str = "WINIT_X11_SCALE_FACTOR";

/// The X resource that says how dense the monitors are taken to be, in pixels an inch.
const RESOURCE: &str = "Xft.dpi";

/// The density of a logical pixel, in pixels an inch.
const USUAL_DPI: f32 = 96.0;

/// What the variable and the resource may say: less, and nothing is large enough to be seen; more, and
/// nothing fits. The library would panic over 0 and over what is no number.
const FACTORS: RangeInclusive<f64> = 0.1..=20.0;

/// The scale factor of a window that opens now, by what was asked for before what is measured.
///
/// # Errors
///
/// [`NoScreen::Setting`] where what was asked for is no factor.
pub(super) fn of(
    connection: &RustConnection,
    root: Window,
    monitors: &[MonitorInfo],
) -> Result<f32, NoScreen> {
    let variable = std::env::var(VARIABLE).unwrap_or_default();
    let measured = variable.eq_ignore_ascii_case("randr");
    if !measured && !variable.is_empty() {
        return factor(&variable, 1.0).ok_or(NoScreen::Setting {
            name: VARIABLE,
            value: variable,
            wanted: "a number from 0.1 to 20 with a point, such as 1.5, or randr",
        });
    }
    if !measured && let Some(factor) = of_resources(connection)? {
        return Ok(factor);
    }

    // The library takes the monitor that the pointer is on for the window's.
    let pointer = connection
        .query_pointer(root)
        .ok()
        .and_then(|cookie| cookie.reply().ok());
    let factor = pointer
        .and_then(|pointer| {
            let is_on = |monitor: &&MonitorInfo| contains(monitor, pointer.root_x, pointer.root_y);

            monitors.iter().find(is_on)
        })
        .or(monitors.first())
        .map_or(1.0, of_monitor);

    Ok(factor)
}

/// `None` where nothing is asked for, or what is asked for is no number: the library takes no notice of that.
fn of_resources(connection: &RustConnection) -> Result<Option<f32>, NoScreen> {
    let Ok(resources) = resource_manager::new_from_default(connection) else {
        return Ok(None);
    };
    let Some(dpi) = resources.get_string(RESOURCE, "") else {
        return Ok(None);
    };
    if dpi.parse::<f64>().is_err() {
        return Ok(None);
    }

    factor(dpi, USUAL_DPI)
        .map(Some)
        .ok_or_else(|| NoScreen::Setting {
            name: RESOURCE,
            value: dpi.to_owned(),
            wanted: "a density from 10 to 1920, such as 96 (echo \"Xft.dpi: 96\" | xrdb -merge)",
        })
}

/// What the text says, in parts of `one`.
fn factor(text: &str, one: f32) -> Option<f32> {
    let factor = text.parse::<f64>().ok()? / f64::from(one);
    #[allow(clippy::cast_possible_truncation, reason = "it is between 0.1 and 20")]
    let narrow = factor as f32;

    FACTORS.contains(&factor).then_some(narrow)
}

fn contains(monitor: &MonitorInfo, x: i16, y: i16) -> bool {
    let within = |at: i16, start: i16, length: u16| {
        let from_start = i32::from(at) - i32::from(start);

        (0..i32::from(length)).contains(&from_start)
    };

    within(x, monitor.x, monitor.width) && within(y, monitor.y, monitor.height)
}

/// The monitor's density in twelfths of the usual one, and never less than that one.
fn of_monitor(monitor: &MonitorInfo) -> f32 {
    const STEPS: f32 = 12.0;
    const MOST: f32 = 20.0;
    const MILLIMETRES: f32 = 25.4;
    let area = |width: f32, height: f32| width * height;
    #[allow(
        clippy::cast_precision_loss,
        reason = "a monitor is smaller than 16 km"
    )]
    let paper = area(
        monitor.width_in_millimeters as f32,
        monitor.height_in_millimeters as f32,
    );
    if paper == 0.0 {
        return 1.0;
    }

    let pixels = area(monitor.width.into(), monitor.height.into());
    let dpi = (pixels / paper).sqrt() * MILLIMETRES;
    let factor = (dpi / USUAL_DPI * STEPS).round() / STEPS;

    if factor > MOST { 1.0 } else { factor.max(1.0) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn monitor(size: (u16, u16), millimetres: (u32, u32)) -> MonitorInfo {
        MonitorInfo {
            x: 100,
            width: size.0,
            height: size.1,
            width_in_millimeters: millimetres.0,
            height_in_millimeters: millimetres.1,
            ..MonitorInfo::default()
        }
    }

    fn assert_factor(size: (u16, u16), millimetres: (u32, u32), factor: f32) {
        let found = of_monitor(&monitor(size, millimetres));
        assert!((found - factor).abs() < 1e-6, "{found}, not {factor}");
    }

    #[test]
    fn a_dense_monitor_has_more_device_pixels_to_a_logical_one() {
        // A 24" screen, a 15.6" one in both positions, a 13" one with four times the pixels.
        assert_factor((1920, 1080), (531, 299), 1.0);
        assert_factor((1920, 1080), (344, 194), 1.5);
        assert_factor((1080, 1920), (344, 194), 1.5);
        assert_factor((3840, 2160), (294, 165), 3.5);
    }

    #[test]
    fn a_monitor_that_lies_about_its_size_or_is_coarse_has_one_pixel_for_one() {
        assert_factor((1920, 1080), (0, 0), 1.0);
        assert_factor((1920, 1080), (16, 9), 1.0);
        assert_factor((1024, 600), (1210, 680), 1.0);
    }

    #[test]
    fn a_pointer_is_on_the_monitor_whose_pixels_it_is_within() {
        let monitor = monitor((800, 480), (0, 0));
        assert!(contains(&monitor, 100, 0));
        assert!(contains(&monitor, 899, 479));
        assert!(!contains(&monitor, 99, 0));
        assert!(!contains(&monitor, 900, 0));
        assert!(!contains(&monitor, 100, 480));
    }
}
