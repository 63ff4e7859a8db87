//! A panel on the counter that shows a picture. It converts the picture's pixel values to light.

use image::{RgbaImage, imageops};

use super::reader::found;

/// The pitch of a 15.6" panel with 1920x1080 pixels, in millimetres. 7" and 10" panels have the same pitch, so
/// a picture with fewer pixels gets a smaller panel.
const PITCH: f64 = 15.6 * 25.4 / 2202.9;

pub(crate) struct Panel {
    width: usize,
    height: usize,
    /// For each pixel corner, the sum of all light above it and to its left. With these sums, adding up a
    /// large rectangle is as quick as a small one.
    sums: Vec<f64>,
    /// The middle of the code, in millimetres from the upper left corner.
    pub(crate) aim: Point,
}

/// A point of the panel's plane, in millimetres from the upper left corner, or a vector between two points.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Point {
    pub(crate) x: f64,
    pub(crate) y: f64,
}

impl Panel {
    /// Creates a panel that shows `picture`. The picture must contain exactly one code.
    pub(crate) fn showing(picture: &RgbaImage) -> Self {
        let (width, height) = (picture.width() as usize, picture.height() as usize);
        let mut sums = vec![0.0; (width + 1) * (height + 1)];
        for (y, row) in picture.rows().enumerate() {
            let mut along = 0.0;
            for (x, pixel) in row.enumerate() {
                along += light(pixel.0);
                let above = sums[y * (width + 1) + x + 1];
                sums[(y + 1) * (width + 1) + x + 1] = above + along;
            }
        }

        Self {
            width,
            height,
            sums,
            aim: middle_of_the_code(picture),
        }
    }

    /// The width and height in millimetres.
    pub(crate) fn size(&self) -> (f64, f64) {
        (self.width as f64 * PITCH, self.height as f64 * PITCH)
    }

    /// Returns the mean light of the part of a rectangle that lies on the panel, from 0 to 1.
    pub(crate) fn light_around(&self, at: Point, half: Point) -> f64 {
        let x = |mm: f64| (mm / PITCH).clamp(0.0, self.width as f64);
        let y = |mm: f64| (mm / PITCH).clamp(0.0, self.height as f64);
        let (left, right) = (x(at.x - half.x), x(at.x + half.x));
        let (top, bottom) = (y(at.y - half.y), y(at.y + half.y));
        let area = (right - left) * (bottom - top);
        if area <= 0.0 {
            return 0.0;
        }
        let sum = self.sum(right, bottom) - self.sum(left, bottom) - self.sum(right, top)
            + self.sum(left, top);

        sum / area
    }

    /// Returns the sum of all light above and left of a point. Each pixel is evenly lit, so the sum is exact.
    fn sum(&self, x: f64, y: f64) -> f64 {
        let (column, row) = (x.floor(), y.floor());
        let (across, down) = (x - column, y - row);
        let left = column as usize;
        let top = row as usize;
        let right = (left + 1).min(self.width);
        let bottom = (top + 1).min(self.height);
        let at = |x: usize, y: usize| self.sums[y * (self.width + 1) + x];
        let upper = at(left, top) * (1.0 - across) + at(right, top) * across;
        let lower = at(left, bottom) * (1.0 - across) + at(right, bottom) * across;

        upper * (1.0 - down) + lower * down
    }
}

/// Returns the brightness of a pixel, from 0 to 1.
fn light([red, green, blue, _]: [u8; 4]) -> f64 {
    0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
}

fn linear(value: u8) -> f64 {
    let value = f64::from(value) / 255.0;
    if value <= 0.04045 {
        value / 12.92
    } else {
        ((value + 0.055) / 1.055).powf(2.4)
    }
}

fn middle_of_the_code(picture: &RgbaImage) -> Point {
    let found = found(&imageops::grayscale(picture));
    let corners = found.first().expect("a code on the screen").corners;
    let mean =
        |of: fn(&rqrr::Point) -> i32| f64::from(corners.iter().map(of).sum::<i32>()) / 4.0 * PITCH;

    Point {
        x: mean(|corner| corner.x),
        y: mean(|corner| corner.y),
    }
}
