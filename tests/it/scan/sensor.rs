//! Converts the light on a sensor to the grey frame that an app gets.

use fastrand::Rng;
use image::GrayImage;

use super::camera::Light;

#[derive(Debug, Clone, Copy)]
pub(crate) struct Sensor {
    /// The blur of the lens: a standard deviation in pixels.
    pub(crate) blur: f64,
    /// How far the hand moves during the exposure, in pixels.
    pub(crate) motion: f64,
    /// The direction of the hand's movement, in degrees.
    pub(crate) motion_angle: f64,
    /// The exposure factors at the left and the right side of the frame.
    pub(crate) exposure: (f64, f64),
    /// The share of the light that spreads far, from 0 to 1.
    pub(crate) bloom: f64,
    /// The noise of middle grey; 1 is the brightness of white.
    pub(crate) noise: f64,
}

/// Returns the grey frame for this light.
pub(crate) fn exposed(light: Light, sensor: Sensor, random: &mut Rng) -> GrayImage {
    /// The distance that bloom reaches, in pixels.
    const FAR: f64 = 9.0;
    let mut light = soft(light, sensor.blur);
    if sensor.motion > 0.0 {
        light = moved(&light, sensor.motion, sensor.motion_angle);
    }
    if sensor.bloom > 0.0 {
        let far = soft(light.clone(), FAR);
        for (value, far) in light.values.iter_mut().zip(far.values) {
            *value += sensor.bloom as f32 * far;
        }
    }
    let (from, to) = sensor.exposure;
    let mut frame = GrayImage::new(light.width as u32, light.height as u32);
    for (x, y, pixel) in frame.enumerate_pixels_mut() {
        let value = f64::from(light.values[y as usize * light.width + x as usize]);
        let gain = from + (to - from) * f64::from(x) / light.width as f64;
        let value = value * gain;
        let noise = sensor.noise * (value.max(0.0) / 0.2).sqrt().max(0.3) * bell(random);
        pixel.0[0] = encoded(value + noise);
    }

    frame
}

/// Returns the sRGB value of a brightness.
fn encoded(value: f64) -> u8 {
    let value = value.clamp(0.0, 1.0);
    let value = if value <= 0.003_130_8 {
        value * 12.92
    } else {
        1.055 * value.powf(1.0 / 2.4) - 0.055
    };

    (value * 255.0).round() as u8
}

/// Returns a roughly normal random number with mean 0 and deviation 1.
fn bell(random: &mut Rng) -> f64 {
    (0..4).map(|_| random.f64() - 0.5).sum::<f64>() * 3.0_f64.sqrt()
}

/// Applies a Gaussian blur, first horizontally and then vertically.
fn soft(light: Light, deviation: f64) -> Light {
    let reach = (deviation * 3.0).ceil() as i32;
    let weights: Vec<f32> = (-reach..=reach)
        .map(|at| (-f64::from(at * at) / (2.0 * deviation * deviation)).exp() as f32)
        .collect();
    let total: f32 = weights.iter().sum();
    let steps = |(x, y): (i32, i32)| -> Vec<(i32, i32, f32)> {
        (-reach..=reach)
            .zip(&weights)
            .map(|(at, weight)| (at * x, at * y, weight / total))
            .collect()
    };

    spread(&spread(&light, &steps((1, 0))), &steps((0, 1)))
}

/// Blurs the light along a line.
fn moved(light: &Light, length: f64, angle: f64) -> Light {
    let looks = (length.ceil() as i32 * 2).max(2);
    let (sine, cosine) = angle.to_radians().sin_cos();
    let steps: Vec<_> = (0..=looks)
        .map(|look| {
            let along = (f64::from(look) / f64::from(looks) - 0.5) * length;

            (
                (along * cosine).round() as i32,
                (along * sine).round() as i32,
                1.0 / (looks + 1) as f32,
            )
        })
        .collect();

    spread(light, &steps)
}

/// Replaces each pixel by a weighted sum of its neighbours. A step is (pixels to the right, pixels down, weight).
/// A neighbour outside the frame has the value of the nearest pixel at the edge.
fn spread(light: &Light, steps: &[(i32, i32, f32)]) -> Light {
    let (width, height) = (light.width, light.height as i32);
    let margin = steps.iter().map(|step| step.0.unsigned_abs()).max();
    let margin = margin.map_or(0, |margin| margin as usize);
    let mut values = vec![0.0; light.values.len()];
    let mut padded = vec![0.0; width + 2 * margin];
    for (y, row) in values.chunks_exact_mut(width).enumerate() {
        let mut from = None;
        for &(right, down, weight) in steps {
            let above = (y as i32 + down).clamp(0, height - 1) as usize * width;
            if from != Some(above) {
                from = Some(above);
                let line = &light.values[above..above + width];
                padded[..margin].fill(line[0]);
                padded[margin..margin + width].copy_from_slice(line);
                padded[margin + width..].fill(line[width - 1]);
            }
            let start = (margin as i32 + right) as usize;
            for (value, from) in row.iter_mut().zip(&padded[start..start + width]) {
                *value += weight * from;
            }
        }
    }

    Light { values, ..*light }
}
