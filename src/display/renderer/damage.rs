//! What has to be painted anew, on whole device pixels.

use iced::{Rectangle, Size};

use super::frame::Frame;

/// Painting this many pixels more is cheaper than painting another place.
const SLACK: u64 = 10_000;

/// A part of the screen, in device pixels; never empty, and never out of the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Region {
    pub(super) left: u32,
    pub(super) top: u32,
    /// The first column behind it.
    pub(super) right: u32,
    /// The first row below it.
    pub(super) bottom: u32,
}

impl Region {
    /// A whole screen; `None` where it has no pixels.
    pub(super) fn whole(screen: Size<u32>) -> Option<Self> {
        let whole = Self {
            left: 0,
            top: 0,
            right: screen.width,
            bottom: screen.height,
        };

        (screen.width > 0 && screen.height > 0).then_some(whole)
    }

    /// All pixels that `place`, in logical pixels, has a part of.
    fn around(place: Rectangle, scale_factor: f32, screen: Size<u32>) -> Option<Self> {
        let place = place * scale_factor;
        // These casts saturate: what is left of the screen, or above it, begins at 0.
        let region = Self {
            left: place.x.floor() as u32,
            top: place.y.floor() as u32,
            right: ((place.x + place.width).ceil() as u32).min(screen.width),
            bottom: ((place.y + place.height).ceil() as u32).min(screen.height),
        };

        (region.left < region.right && region.top < region.bottom).then_some(region)
    }

    /// In logical pixels.
    pub(super) fn logical(self, scale_factor: f32) -> Rectangle {
        Rectangle {
            x: self.left as f32 / scale_factor,
            y: self.top as f32 / scale_factor,
            width: self.width() as f32 / scale_factor,
            height: self.height() as f32 / scale_factor,
        }
    }

    pub(super) fn width(self) -> u32 {
        self.right - self.left
    }

    pub(super) fn height(self) -> u32 {
        self.bottom - self.top
    }

    pub(super) fn area(self) -> u64 {
        u64::from(self.width()) * u64::from(self.height())
    }

    fn with(self, other: Self) -> Self {
        Self {
            left: self.left.min(other.left),
            top: self.top.min(other.top),
            right: self.right.max(other.right),
            bottom: self.bottom.max(other.bottom),
        }
    }

    fn meets(self, other: Self) -> bool {
        self.left < other.right
            && other.left < self.right
            && self.top < other.bottom
            && other.top < self.bottom
    }

    fn contains(self, other: Self) -> bool {
        self.with(other) == self
    }
}

/// Where `now` differs from `before`, as few places that do not meet. Painting all of `now` there
/// turns the one into the other.
pub(super) fn between(
    before: &Frame,
    now: &Frame,
    scale_factor: f32,
    screen: Size<u32>,
) -> Vec<Region> {
    let Some(places) = before.differences(now) else {
        return Region::whole(screen).into_iter().collect();
    };
    let pixels = |place| Region::around(place, scale_factor, screen);
    let mut regions = Vec::new();
    for region in places.into_iter().filter_map(pixels) {
        add(region, &mut regions);
    }
    let texts: Vec<_> = now
        .inked()
        .filter_map(|text| Some((pixels(text.room), pixels(text.ink)?)))
        .collect();
    while let Some(region) = cut_text(&regions, &texts) {
        add(region, &mut regions);
    }

    regions
}

/// The letters of a text that would come out wrong. The renderer leaves out a text whose lines are
/// not in the region, though its letters may reach into it; and it does not clip one whose lines
/// are, though its letters may reach out of it, where they would be drawn over themselves.
fn cut_text(regions: &[Region], texts: &[(Option<Region>, Region)]) -> Option<Region> {
    texts
        .iter()
        .find(|(room, ink)| {
            regions.iter().any(|region| {
                let is_clipped =
                    room.is_some_and(|room| region.meets(room) && !region.contains(room));

                region.meets(*ink) && !region.contains(*ink) && !is_clipped
            })
        })
        .map(|(_, ink)| *ink)
}

/// Adds a region, together with those that it meets or nearly meets.
fn add(mut region: Region, regions: &mut Vec<Region>) {
    let near = |one: Region, other: Region| {
        one.meets(other) || one.with(other).area() <= one.area() + other.area() + SLACK
    };
    while let Some(index) = regions.iter().position(|other| near(region, *other)) {
        region = region.with(regions.swap_remove(index));
    }
    regions.push(region);
}

#[cfg(test)]
mod tests {
    use iced::Point;

    use super::*;

    const SCREEN: Size<u32> = Size::new(1920, 1080);

    fn around(x: f32, y: f32, width: f32, height: f32, scale_factor: f32) -> Option<Region> {
        let place = Rectangle::new(Point::new(x, y), Size::new(width, height));

        Region::around(place, scale_factor, SCREEN)
    }

    fn region(left: u32, top: u32, right: u32, bottom: u32) -> Region {
        Region {
            left,
            top,
            right,
            bottom,
        }
    }

    #[test]
    fn a_region_has_whole_pixels_and_stays_on_the_screen() {
        let inside = around(10.2, 20.7, 5.0, 1.0, 1.0);
        assert_eq!(inside, Some(region(10, 20, 16, 22)));
        let twice = around(10.2, 20.7, 5.0, 1.0, 2.0);
        assert_eq!(twice, Some(region(20, 41, 31, 44)));
        let over_the_edge = around(-30.0, -1.0, 4000.0, 4000.0, 1.0);
        assert_eq!(over_the_edge, Region::whole(SCREEN));
        assert_eq!(around(-30.0, 10.0, 20.0, 20.0, 1.0), None);
        assert_eq!(around(1920.0, 10.0, 20.0, 20.0, 1.0), None);
        assert_eq!(around(10.0, 10.0, 0.0, 20.0, 1.0), None);
    }

    #[test]
    fn regions_that_meet_or_nearly_do_become_one_and_far_ones_do_not() {
        let mut regions = Vec::new();
        add(region(0, 0, 100, 100), &mut regions);
        add(region(1800, 1000, 1920, 1080), &mut regions);
        assert_eq!(regions.len(), 2);
        add(region(100, 0, 200, 100), &mut regions);
        assert_eq!(regions.len(), 2);
        assert!(regions.contains(&region(0, 0, 200, 100)));
        // It bridges the other two.
        add(region(150, 50, 1850, 1050), &mut regions);
        assert_eq!(regions, [region(0, 0, 1920, 1080)]);
    }

    #[test]
    fn a_text_is_repainted_as_a_whole_where_only_its_overhang_or_all_of_its_lines_are() {
        let text = [(Some(region(100, 100, 200, 120)), region(90, 90, 210, 130))];
        let ink = text[0].1;
        assert_eq!(cut_text(&[region(0, 0, 50, 50)], &text), None);
        assert_eq!(cut_text(&[region(0, 0, 150, 110)], &text), None);
        assert_eq!(cut_text(&[ink], &text), None);
        assert_eq!(cut_text(&[region(0, 0, 95, 200)], &text), Some(ink));
        assert_eq!(cut_text(&[region(100, 100, 200, 120)], &text), Some(ink));
    }
}
