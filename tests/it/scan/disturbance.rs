//! The disturbances that make a code hard to read at a counter. Their random numbers are the same in each run.

use fastrand::Rng;
use image::GrayImage;

use super::camera::{self, Frame, Pose, ShopLight};
use super::panel::{Panel, Point};
use super::sensor::{self, Sensor};

/// The distance of a lamp from the panel, in millimetres. The lamp's mirror image is equally far behind the
/// panel, so a near phone sees the image on a smaller part of the panel.
const LAMP: f64 = 1500.0;

/// One disturbance, or a mixture of several.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Disturbance {
    /// A still hand, straight in front of the panel, in good light.
    None,
    /// 20 degrees from the side, and also from above.
    Tilt,
    /// 35 degrees from the side.
    SteepTilt,
    /// The lens is not focused on the panel.
    Defocus,
    /// The hand moves during the exposure.
    Motion,
    /// Little light: the frame has noise, and the hand moves a little.
    Dim,
    /// A lamp's reflection lies on the code.
    Glare,
    /// A cheap panel in a bright room: black is a third as bright as white.
    Pale,
    /// One side of the frame is darker.
    Uneven,
    /// The exposure is much too long for the bright panel.
    Blinding,
    /// Several disturbances together, each at about half strength.
    Everything,
    /// The same disturbances as in `Everything`, at full strength.
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

    /// Returns the frame that an app on the phone gets at this distance. The same `turn` gives the same random
    /// hand movements for every panel.
    pub(crate) fn seen(self, panel: &Panel, distance: f64, turn: u64, frame: Frame) -> GrayImage {
        let mut random = Rng::with_seed(turn);
        let (pose, shop, sensor) = self.scene(distance, &mut random);
        let light = camera::look(panel, shop, pose, frame);

        sensor::exposed(light, sensor, &mut random)
    }

    fn scene(self, distance: f64, random: &mut Rng) -> (Pose, ShopLight, Sensor) {
        let mut between = |least: f64, most: f64| least + (most - least) * random.f64();
        let side = if between(-1.0, 1.0) < 0.0 { -1.0 } else { 1.0 };
        let pose = Pose {
            distance,
            yaw: between(-6.0, 6.0),
            pitch: between(-4.0, 8.0),
            roll: between(-12.0, 12.0),
            off: (between(-0.04, 0.04), between(-0.04, 0.04)),
        };
        let shop = ShopLight {
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
        mut shop: ShopLight,
        mut sensor: Sensor,
    ) -> (Pose, ShopLight, Sensor) {
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
