//! Screens that are small and dense at once, such as the 5" and 7" ones of many counters.

use iced::Size;

/// The smallest screen that the layouts were looked at on, in logical pixels.
const SMALLEST: Size = Size::new(800.0, 480.0);

/// What the layout is shrunk by, 1 at most, so that it has the room it needs on a screen of `pixels`
/// device pixels whose logical pixels are `scale_factor` of them. The display server derives that
/// factor from the density, whatever is left then; nothing is shrunk below one device pixel.
pub(in crate::display) fn zoom(pixels: Size, scale_factor: f32) -> f32 {
    let (long, short) = if pixels.width >= pixels.height {
        (pixels.width, pixels.height)
    } else {
        (pixels.height, pixels.width)
    };
    let largest = (long / SMALLEST.width).min(short / SMALLEST.height);

    (largest.max(1.0) / scale_factor).min(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn assert_factor(pixels: (f32, f32), scale_factor: f32, left: f32) {
        let pixels = Size::new(pixels.0, pixels.1);
        let found = scale_factor * zoom(pixels, scale_factor);
        assert!((found - left).abs() < 1e-4, "{found}, not {left}");
    }

    #[test]
    fn a_screen_with_room_keeps_its_scale_factor() {
        assert_factor((1920.0, 1080.0), 1.0, 1.0);
        assert_factor((1920.0, 1080.0), 2.0, 2.0);
        assert_factor((1080.0, 1920.0), 2.0, 2.0);
        assert_factor((3840.0, 2160.0), 3.5, 3.5);
    }

    #[test]
    fn a_small_dense_screen_keeps_the_room_that_the_layouts_need() {
        assert_factor((800.0, 480.0), 1.417, 1.0);
        assert_factor((480.0, 800.0), 2.0, 1.0);
        assert_factor((1024.0, 600.0), 2.0, 1.25);
        assert_factor((1280.0, 800.0), 2.0, 1.6);
    }

    #[test]
    fn a_screen_that_is_smaller_still_is_not_shrunk() {
        assert_factor((640.0, 480.0), 1.0, 1.0);
        assert_factor((640.0, 480.0), 1.5, 1.0);
    }
}
