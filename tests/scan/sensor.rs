//! From the light on a sensor to the grey frame that an app looks at.

use fastrand::Rng;
use image::GrayImage;

use super::camera::Light;

/// What the phone does to the light.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sensor {
    /// The softness of the lens, in pixels (the standard deviation of a bell).
    pub(crate) blur: f64,
    /// The way of the hand while the shutter is open, in pixels.
    pub(crate) motion: f64,
    /// Its direction, in degrees.
    pub(crate) motion_angle: f64,
    /// How much of the light is kept where the frame is darkest and brightest, from one side to the
    /// other.
    pub(crate) exposure: (f64, f64),
    /// How much of the light spreads far.
    pub(crate) bloom: f64,
    /// The noise of middle grey, in parts of white.
    pub(crate) noise: f64,
}

/// The frame.
pub(crate) fn exposed(light: Light, sensor: Sensor, random: &mut Rng) -> GrayImage {
    /// How far bloom reaches, in pixels.
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

/// As pictures are stored: the dark has more steps.
fn encoded(value: f64) -> u8 {
    let value = value.clamp(0.0, 1.0);
    let value = if value <= 0.003_130_8 {
        value * 12.92
    } else {
        1.055 * value.powf(1.0 / 2.4) - 0.055
    };

    (value * 255.0).round() as u8
}

/// A number around 0, near to a bell of deviation 1.
fn bell(random: &mut Rng) -> f64 {
    (0..4).map(|_| random.f64() - 0.5).sum::<f64>() * 3.0_f64.sqrt()
}

/// Spread by a bell of this deviation, first along and then across.
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

/// Drawn out along a line.
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

/// Each pixel as the sum of those around it: so far right, so far down, so much. Beyond its edges a
/// frame goes on as it ends.
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
