//! A phone in front of the panel. Its pose decides how much light falls on each pixel of its sensor.

use super::panel::{Panel, Point};

/// The long side of the preview frame, in pixels. A sensor of 12 megapixels is binned to this frame.
const LONG_SIDE: f64 = 1920.0;
/// The field of view along the long side, in degrees.
const FIELD_OF_VIEW: f64 = 70.0;
/// The samples of a sensor pixel in each direction.
const SAMPLES: u32 = 2;
/// The width of the dark frame around the panel, in millimetres.
const BEZEL: f64 = 10.0;
const BEZEL_LIGHT: f64 = 0.03;

/// The middle part of the preview that an app searches, in pixels.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Frame {
    pub(crate) width: usize,
    pub(crate) height: usize,
}

impl Frame {
    /// The area where apps ask the customer to hold the code: half of the upright phone's preview of 1440 by
    /// 1920 pixels. It contains even the largest code at 40 cm or more.
    pub(crate) const FINDER: Self = Self {
        width: 720,
        height: 960,
    };
}

/// The position of the phone. Angles are in degrees.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pose {
    /// The distance from the middle of the code, in millimetres.
    pub(crate) distance: f64,
    /// The sideways angle between the phone's view and the panel's normal.
    pub(crate) yaw: f64,
    /// The angle of the phone above the panel's normal.
    pub(crate) pitch: f64,
    /// The rotation about the phone's own axis.
    pub(crate) roll: f64,
    /// The offset of the code from the middle of the frame: 1 is the length of the frame's side.
    pub(crate) off: (f64, f64),
}

/// The light in the shop. The brightness of the panel's white is 1.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ShopLight {
    /// The brightness of a black pixel.
    pub(crate) black: f64,
    /// The brightness of a lamp's reflection.
    pub(crate) glare: f64,
    /// The reflection's offset from the middle of the code, in millimetres.
    pub(crate) glare_at: Point,
    /// The size of the reflection, in millimetres.
    pub(crate) glare_size: f64,
}

/// The light on a sensor: 0 is dark, 1 is the panel's white.
#[derive(Clone)]
pub(crate) struct Light {
    pub(crate) width: usize,
    pub(crate) height: usize,
    pub(crate) values: Vec<f32>,
}

type Vector = [f64; 3];

struct Camera {
    place: Vector,
    forward: Vector,
    right: Vector,
    down: Vector,
    focal: f64,
    centre: (f64, f64),
}

/// Returns the light that the phone sees.
pub(crate) fn look(panel: &Panel, shop: ShopLight, pose: Pose, frame: Frame) -> Light {
    let camera = Camera::at(panel.aim, pose, frame);
    let Frame { width, height } = frame;
    let mut values = Vec::with_capacity(width * height);
    for v in 0..height {
        for u in 0..width {
            values.push(seen(panel, shop, &camera, u as f64, v as f64) as f32);
        }
    }

    Light {
        width,
        height,
        values,
    }
}

/// Returns the light on one pixel of the sensor.
fn seen(panel: &Panel, shop: ShopLight, camera: &Camera, u: f64, v: f64) -> f64 {
    let Some(middle) = camera.meets_panel(u + 0.5, v + 0.5) else {
        return room(u, v);
    };
    if !is_within(panel, middle, BEZEL) {
        return room(u, v);
    }
    let step = 1.0 / f64::from(SAMPLES);
    let mut sum = 0.0;
    for j in 0..SAMPLES {
        for i in 0..SAMPLES {
            let u = u + (f64::from(i) + 0.5) * step;
            let v = v + (f64::from(j) + 0.5) * step;
            sum += camera.area(u, v, step).map_or(0.0, |(at, half)| {
                let own = if is_within(panel, at, 0.0) {
                    shop.black + (1.0 - shop.black) * panel.light_around(at, half)
                } else {
                    BEZEL_LIGHT
                };

                own + shop.glare_at(panel, at)
            });
        }
    }

    sum / f64::from(SAMPLES * SAMPLES)
}

fn is_within(panel: &Panel, at: Point, margin: f64) -> bool {
    let (width, height) = panel.size();

    (-margin..width + margin).contains(&at.x) && (-margin..height + margin).contains(&at.y)
}

/// Returns the light of the shop's room behind the panel, out of focus.
fn room(u: f64, v: f64) -> f64 {
    0.18 + 0.06 * (u / 70.0).sin() * (v / 110.0).cos() + 0.04 * (v / 31.0).sin()
}

impl ShopLight {
    fn glare_at(&self, panel: &Panel, at: Point) -> f64 {
        if self.glare == 0.0 {
            return 0.0;
        }
        let x = at.x - panel.aim.x - self.glare_at.x;
        let y = at.y - panel.aim.y - self.glare_at.y;

        self.glare * (-(x * x + y * y) / (2.0 * self.glare_size * self.glare_size)).exp()
    }
}

impl Camera {
    /// Creates a camera that looks at a point of the panel: x to the right, y down, z towards the customer.
    fn at(aim: Point, pose: Pose, frame: Frame) -> Self {
        let (yaw, pitch) = (pose.yaw.to_radians(), pose.pitch.to_radians());
        let towards = [
            yaw.sin() * pitch.cos(),
            -pitch.sin(),
            yaw.cos() * pitch.cos(),
        ];
        let forward = towards.map(|part| -part);
        let level = normal(cross([0.0, -1.0, 0.0], forward));
        let upright = cross(level, forward);
        let (sine, cosine) = pose.roll.to_radians().sin_cos();
        let focal = LONG_SIDE / 2.0 / (FIELD_OF_VIEW / 2.0).to_radians().tan();

        Self {
            place: [
                aim.x + towards[0] * pose.distance,
                aim.y + towards[1] * pose.distance,
                towards[2] * pose.distance,
            ],
            forward,
            right: sum(level, cosine, upright, sine),
            down: sum(level, -sine, upright, cosine),
            focal,
            centre: (
                frame.width as f64 * (0.5 + pose.off.0),
                frame.height as f64 * (0.5 + pose.off.1),
            ),
        }
    }

    /// Returns the point of the panel's plane that is seen at a point of the frame.
    fn meets_panel(&self, u: f64, v: f64) -> Option<Point> {
        let across = (u - self.centre.0) / self.focal;
        let along = (v - self.centre.1) / self.focal;
        let ray: Vector = std::array::from_fn(|axis| {
            self.forward[axis] + across * self.right[axis] + along * self.down[axis]
        });
        if ray[2] >= -1e-6 {
            return None;
        }
        let far = -self.place[2] / ray[2];

        Some(Point {
            x: self.place[0] + far * ray[0],
            y: self.place[1] + far * ray[1],
        })
    }

    /// Returns the area of the panel that a square of `side` pixels covers: its middle and half its sides.
    fn area(&self, u: f64, v: f64, side: f64) -> Option<(Point, Point)> {
        let at = self.meets_panel(u, v)?;
        let across = self.meets_panel(u + side, v)?;
        let along = self.meets_panel(u, v + side)?;
        let half = Point {
            x: ((across.x - at.x).abs() + (along.x - at.x).abs()) / 2.0,
            y: ((across.y - at.y).abs() + (along.y - at.y).abs()) / 2.0,
        };

        Some((at, half))
    }
}

fn cross(a: Vector, b: Vector) -> Vector {
    [
        a[1] * b[2] - a[2] * b[1],
        a[2] * b[0] - a[0] * b[2],
        a[0] * b[1] - a[1] * b[0],
    ]
}

fn normal(a: Vector) -> Vector {
    let length = a.iter().map(|part| part * part).sum::<f64>().sqrt();

    a.map(|part| part / length)
}

fn sum(a: Vector, of_a: f64, b: Vector, of_b: f64) -> Vector {
    std::array::from_fn(|axis| a[axis] * of_a + b[axis] * of_b)
}
