//! The picture of a logo, scaled to the size that a screen needs.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::{Mutex, PoisonError};

use image::imageops::FilterType;
use image::{DynamicImage, RgbaImage};
use tokio::sync::SetOnce;

/// The largest size in which the pixels of a logo are kept, in device pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Room {
    pub(crate) width: u32,
    pub(crate) height: u32,
}

impl Room {
    /// For a logo in the middle of a code, on the largest screens.
    pub const CODE: Self = Self {
        width: 512,
        height: 512,
    };
    /// For a logo above the shop's name between sales, on the largest screens.
    pub const SHOP: Self = Self {
        width: 2688,
        height: 960,
    };

    /// Returns the largest size with these proportions that fits into the room; at least one pixel each way.
    pub(crate) fn fit(self, own_width: f64, own_height: f64) -> (u32, u32) {
        let scale = (f64::from(self.width) / own_width).min(f64::from(self.height) / own_height);

        (
            whole(own_width * scale, self.width),
            whole(own_height * scale, self.height),
        )
    }
}

/// A logo's pixels, with each colour multiplied by its opacity, and the logo's own proportions.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct LogoPixels {
    pub(crate) own: (f64, f64),
    pub(crate) pixels: RgbaImage,
}

/// A logo. Screens leave the logo out until its pixels are there ([`Logo::is_ready`]).
pub struct Logo {
    /// Not set: the pixels may still come. `None`: the logo cannot be drawn.
    pixels: SetOnce<Option<LogoPixels>>,
    /// The logo in the sizes that were asked for last.
    scaled: Mutex<Vec<RgbaImage>>,
}

impl Logo {
    /// Creates a logo that waits for its pixels.
    pub(crate) fn unready() -> Self {
        Self {
            pixels: SetOnce::new(),
            scaled: Mutex::default(),
        }
    }

    /// Makes the logo ready, or gives it up if there are no pixels. Only the first call counts.
    pub(crate) fn settle(&self, pixels: Option<LogoPixels>) {
        let _ = self.pixels.set(pixels);
    }

    /// Whether the logo can be drawn now.
    pub fn is_ready(&self) -> bool {
        self.pixels().is_some()
    }

    /// Whether the logo can never be drawn.
    pub(crate) fn is_given_up(&self) -> bool {
        matches!(self.pixels.get(), Some(None))
    }

    /// Waits until the logo is ready or given up.
    pub async fn settled(&self) {
        self.pixels.wait().await;
    }

    fn pixels(&self) -> Option<&LogoPixels> {
        self.pixels.get()?.as_ref()
    }

    /// Returns the logo in its own proportions, as large as fits into `width` by `height` device pixels; at least
    /// one pixel each way. The picture is transparent until the logo is ready.
    pub fn raster(&self, width: u32, height: u32) -> RgbaImage {
        /// The sizes of the code, the head and the idle screen, and one more.
        const KEPT: usize = 4;
        let (width, height) = self.size_in(width, height);
        let Some(logo) = self.pixels() else {
            return RgbaImage::new(width, height);
        };
        let mut kept = self.scaled.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = kept
            .iter()
            .find(|picture| picture.dimensions() == (width, height))
        {
            return known.clone();
        }
        let mut picture = resized(logo.pixels.clone(), width, height);
        unmultiply(&mut picture);
        kept.truncate(KEPT - 1);
        kept.insert(0, picture.clone());

        picture
    }

    /// Returns the width and the height of [`Logo::raster`] for the same room.
    pub fn size_in(&self, width: u32, height: u32) -> (u32, u32) {
        let (own_width, own_height) = self.pixels().map_or((1.0, 1.0), |logo| logo.own);

        Room { width, height }.fit(own_width, own_height)
    }
}

impl From<LogoPixels> for Logo {
    fn from(pixels: LogoPixels) -> Self {
        Self {
            pixels: SetOnce::new_with(Some(Some(pixels))),
            scaled: Mutex::default(),
        }
    }
}

impl fmt::Debug for Logo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Logo")
            .field("proportions", &self.pixels().map(|logo| logo.own))
            .finish_non_exhaustive()
    }
}

/// Two logos are equal if they look the same.
impl PartialEq for Logo {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self, other) || (self.is_ready() && self.pixels() == other.pixels())
    }
}

impl Eq for Logo {}

/// The pixels may come later, so all logos have one hash.
impl Hash for Logo {
    fn hash<H: Hasher>(&self, _: &mut H) {}
}

/// Scales a picture. A picture that becomes much smaller is first averaged to twice the wanted size, because the
/// good filter alone would take many times as long.
pub(crate) fn resized(picture: RgbaImage, width: u32, height: u32) -> RgbaImage {
    const ENOUGH: u32 = 2;
    let (rough_width, rough_height) = (width * ENOUGH, height * ENOUGH);
    let is_much_larger =
        picture.width() > rough_width * ENOUGH && picture.height() > rough_height * ENOUGH;
    // This type's methods are compiled within the library, so they are fast even in a build for tests.
    let mut picture = DynamicImage::ImageRgba8(picture);
    if is_much_larger {
        picture = picture.thumbnail_exact(rough_width, rough_height);
    }

    picture
        .resize_exact(width, height, FilterType::CatmullRom)
        .into_rgba8()
}

/// Divides each colour by its opacity.
fn unmultiply(picture: &mut RgbaImage) {
    for pixel in picture.pixels_mut() {
        let [red, green, blue, opacity] = pixel.0;
        if opacity > 0 {
            // The filter may make a colour brighter than its opacity allows.
            let whole = |colour: u8| scaled(colour.min(opacity), 255, opacity);
            pixel.0 = [whole(red), whole(green), whole(blue), opacity];
        }
    }
}

/// Returns `value * by / of`, rounded. The result must be at most 255.
pub(crate) fn scaled(value: u8, by: u8, of: u8) -> u8 {
    let (value, by, of) = (u32::from(value), u32::from(by), u32::from(of));

    u8::try_from((value * by + of / 2) / of).unwrap_or(u8::MAX)
}

/// Returns the whole number from 1 to `most` that is nearest to `length`.
fn whole(length: f64, most: u32) -> u32 {
    let most = most.max(1);

    length.round().clamp(1.0, f64::from(most)) as u32
}
