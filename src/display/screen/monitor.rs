//! A monitor, as people name it.

use std::fmt;

use iced::{Point, Size};

/// A monitor, in device pixels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Monitor {
    /// The name that the system has for it, such as `HDMI-1`.
    pub name: String,
    /// Its left upper corner on the whole of the screen.
    pub position: Point<i16>,
    /// Its width and height.
    pub size: Size<u16>,
}

impl fmt::Display for Monitor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Size { width, height } = self.size;

        write!(f, "{:?} ({width}x{height})", self.name)
    }
}

/// All of them in one sentence.
pub(super) fn list(monitors: &[Monitor]) -> String {
    let names: Vec<_> = monitors.iter().map(Monitor::to_string).collect();
    match names.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{} and {last}", others.join(", ")),
        None => "none".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn monitors_are_listed_by_name_and_size_in_one_sentence() {
        let monitor = |name: &str, width, height| Monitor {
            name: name.to_owned(),
            position: Point::new(0, 0),
            size: Size::new(width, height),
        };
        let monitors = [
            monitor("eDP-1", 1280, 800),
            monitor("HDMI-1", 1920, 1080),
            monitor("DP-2", 1080, 1920),
        ];
        assert_eq!(list(&[]), "none");
        assert_eq!(list(&monitors[..1]), r#""eDP-1" (1280x800)"#);
        assert_eq!(
            list(&monitors),
            r#""eDP-1" (1280x800), "HDMI-1" (1920x1080) and "DP-2" (1080x1920)"#
        );
    }
}
