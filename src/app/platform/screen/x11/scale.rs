//! Predicts how many device pixels the window library will use for one logical pixel.
//!
//! The library reports this number only for an open window, but needs sizes in logical pixels before. A wrong
//! prediction costs only one frame of the wrong size, because the open window is sized in device pixels.

use std::ops::RangeInclusive;

use x11rb::protocol::randr::MonitorInfo;
use x11rb::protocol::xproto::{ConnectionExt, Window};
use x11rb::resource_manager;
use x11rb::rust_connection::RustConnection;

use crate::app::platform::screen::NoScreen;

/// The variable that overrides the server: a number, or `randr` for the density of the monitor.
const VARIABLE: &str = "WINIT_X11_SCALE_FACTOR";

/// The X resource with the density of the monitors, in pixels per inch.
const RESOURCE: &str = "Xft.dpi";

/// The density at which a logical pixel is one device pixel, in pixels per inch.
const USUAL_DPI: f32 = 96.0;

/// The valid factors. With a smaller one, nothing is large enough to read; with a larger one, nothing fits. The
/// library panics if the setting is 0 or not a number.
const FACTORS: RangeInclusive<f64> = 0.1..=20.0;

/// Returns the scale factor of a new window: from a setting if there is one, else from the measured density.
///
/// # Errors
///
/// [`NoScreen::Setting`] if a setting is not a valid factor.
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

    // The library uses the density of the monitor with the pointer.
    let pointer = connection.query_pointer(root).ok();
    let monitor = pointer.and_then(|pointer| {
        let pointer = pointer.reply().ok()?;
        let mut monitors = monitors.iter();

        monitors.find(|monitor| contains(monitor, pointer.root_x, pointer.root_y))
    });

    Ok(monitor.or(monitors.first()).map_or(1.0, of_monitor))
}

/// Returns the factor of the X resource; `None` if the resource is missing, or is not a number. The library
/// ignores such a resource.
fn of_resources(connection: &RustConnection) -> Result<Option<f32>, NoScreen> {
    let resources = resource_manager::new_from_default(connection).ok();
    let dpi = resources
        .as_ref()
        .and_then(|all| all.get_string(RESOURCE, ""));
    let Some(dpi) = dpi.filter(|dpi| dpi.parse::<f64>().is_ok()) else {
        return Ok(None);
    };

    factor(dpi, USUAL_DPI)
        .map(Some)
        .ok_or_else(|| NoScreen::Setting {
            name: RESOURCE,
            value: dpi.to_owned(),
            wanted: "a density from 10 to 1920, such as 96 (echo \"Xft.dpi: 96\" | xrdb -merge)",
        })
}

/// Parses a number and divides it by `one`.
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

/// Returns the monitor's scale factor: its density as a multiple of the usual one, in steps of a twelfth, and at
/// least 1.
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
    fn dense_monitor_has_a_larger_factor() {
        // The monitors have 24", 15.6" in both orientations, and 13" with four times the pixels.
        assert_factor((1920, 1080), (531, 299), 1.0);
        assert_factor((1920, 1080), (344, 194), 1.5);
        assert_factor((1080, 1920), (344, 194), 1.5);
        assert_factor((3840, 2160), (294, 165), 3.5);
    }

    #[test]
    fn wrong_or_coarse_density_gives_factor_one() {
        assert_factor((1920, 1080), (0, 0), 1.0);
        assert_factor((1920, 1080), (16, 9), 1.0);
        assert_factor((1024, 600), (1210, 680), 1.0);
    }

    #[test]
    fn monitor_contains_its_own_pixels() {
        let monitor = monitor((800, 480), (0, 0));
        assert!(contains(&monitor, 100, 0));
        assert!(contains(&monitor, 899, 479));
        assert!(!contains(&monitor, 99, 0));
        assert!(!contains(&monitor, 900, 0));
        assert!(!contains(&monitor, 100, 480));
    }
}
