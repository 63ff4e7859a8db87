//! What makes a code hard to read at a counter. The same numbers each time.

use fastrand::Rng;
use image::GrayImage;

use super::camera::{self, Frame, Pose, Shop};
use super::panel::{Panel, Point};
use super::sensor::{self, Sensor};

/// How far a lamp is from the panel, in millimetres. Mirrored, it is as far behind the panel, so it covers
/// less of the panel the nearer the phone is.
const LAMP: f64 = 1500.0;

/// One thing that is wrong, or all of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Disturbance {
    /// A still hand, from the front, in good light.
    None,
    /// 20 degrees from the side and from above.
    Tilt,
    /// 35 degrees from the side.
    SteepTilt,
    /// The lens has not found the panel.
    Defocus,
    /// The hand moves.
    Motion,
    /// Little light: noise, and a hand that moves a little.
    Dim,
    /// A lamp is mirrored in the code.
    Glare,
    /// A cheap panel in a bright room: black is a third as bright as white.
    Pale,
    /// One side of the frame is in the dark.
    Uneven,
    /// The panel is much too bright for the exposure.
    Blinding,
    /// Some of everything.
    Everything,
    /// More of everything.
    Worst,
}

impl Disturbance {
    pub(crate) const ALL: [Self; 12] = [
        Self::None,
        Self::Tilt,
        Self::SteepTilt,
        Self::Defocus,
        Self::Motion,
        Self::Dim,
        Self::Glare,
        Self::Pale,
        Self::Uneven,
        Self::Blinding,
        Self::Everything,
        Self::Worst,
    ];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::None => "a still hand",
            Self::Tilt => "20° aside",
            Self::SteepTilt => "35° aside",
            Self::Defocus => "out of focus",
            Self::Motion => "moving",
            Self::Dim => "dim light",
            Self::Glare => "a lamp's glare",
            Self::Pale => "pale panel",
            Self::Uneven => "uneven light",
            Self::Blinding => "overexposed",
            Self::Everything => "some of all",
            Self::Worst => "more of all",
        }
    }

    /// What the phone's app gets to see of the panel from `distance` millimetres. The same `turn` is
    /// the same hand, whatever is on the panel.
    pub(crate) fn seen(self, panel: &Panel, distance: f64, turn: u64, frame: Frame) -> GrayImage {
        let mut random = Rng::with_seed(turn);
        let (pose, shop, sensor) = self.scene(distance, &mut random);
        let light = camera::look(panel, shop, pose, frame);

        sensor::exposed(light, sensor, &mut random)
    }

    fn scene(self, distance: f64, random: &mut Rng) -> (Pose, Shop, Sensor) {
        let mut between = |least: f64, most: f64| least + (most - least) * random.f64();
        let side = if between(-1.0, 1.0) < 0.0 { -1.0 } else { 1.0 };
        let pose = Pose {
            distance,
            yaw: between(-6.0, 6.0),
            pitch: between(-4.0, 8.0),
            roll: between(-12.0, 12.0),
            off: (between(-0.04, 0.04), between(-0.04, 0.04)),
        };
        let shop = Shop {
            black: 0.03,
            glare: 0.0,
            glare_at: Point {
                x: between(-35.0, 35.0),
                y: between(-35.0, 35.0),
            },
            glare_size: between(40.0, 70.0) * distance / (distance + LAMP),
        };
        let sensor = Sensor {
            blur: 0.7,
            motion: 0.0,
            motion_angle: between(0.0, 180.0),
            exposure: (0.8, 0.8),
            bloom: 0.0,
            noise: 0.012,
        };

        self.changed(side, pose, shop, sensor)
    }

    fn changed(
        self,
        side: f64,
        mut pose: Pose,
        mut shop: Shop,
        mut sensor: Sensor,
    ) -> (Pose, Shop, Sensor) {
        match self {
            Self::None => {}
            Self::Tilt => (pose.yaw, pose.pitch) = (side * 20.0, pose.pitch + 20.0),
            Self::SteepTilt => pose.yaw = side * 35.0,
            Self::Defocus => sensor.blur = 1.8,
            Self::Motion => sensor.motion = 6.0,
            Self::Dim => (sensor.noise, sensor.motion) = (0.06, 2.5),
            Self::Glare => shop.glare = 1.2,
            Self::Pale => shop.black = 0.3,
            Self::Uneven => sensor.exposure = (0.15, 1.1),
            Self::Blinding => (sensor.exposure, sensor.bloom) = ((2.5, 2.5), 0.12),
            Self::Everything | Self::Worst => {
                let much = if self == Self::Worst { 1.0 } else { 0.55 };
                (pose.yaw, pose.pitch) = (side * 25.0 * much, pose.pitch + 15.0 * much);
                (sensor.blur, sensor.motion) = (0.7 + 0.9 * much, 4.0 * much);
                (sensor.noise, sensor.exposure) = (0.04 * much, (0.5, 1.1));
                (shop.black, shop.glare) = (0.03 + 0.3 * much, 0.5 * much);
            }
        }

        (pose, shop, sensor)
    }
}
