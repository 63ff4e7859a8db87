//! The parts of a frame that must be repainted, in whole device pixels.

use iced::{Rectangle, Size};

use super::frame::Frame;

/// Two regions are merged if that adds at most this many pixels, because painting these is cheaper than painting
/// another region.
const SLACK: f32 = 10_000.0;

/// If a larger share of the screen has changed, all of it is painted: the renderer is several times as slow at the
/// edge of a part that is painted alone.
const MOST_CHANGED: f32 = 0.7;

/// Returns the whole screen.
pub(super) fn whole(screen: Size<u32>) -> Rectangle {
    Rectangle::with_size(Size::new(screen.width as f32, screen.height as f32))
}

/// Returns all pixels that `place` touches; `None` if it is outside the screen. `place` is in logical pixels.
fn around(place: Rectangle, scale_factor: f32, screen: Size<u32>) -> Option<Rectangle> {
    let place = place * scale_factor;
    let (x, y) = (place.x.floor(), place.y.floor());

    Rectangle {
        x,
        y,
        width: (place.x + place.width).ceil() - x,
        height: (place.y + place.height).ceil() - y,
    }
    .intersection(&whole(screen))
}

/// Returns the few regions where `now` differs from `before`; none overlap. Painting `now` in these regions turns
/// `before` into `now`.
pub(super) fn between(
    before: &Frame,
    now: &Frame,
    scale_factor: f32,
    screen: Size<u32>,
) -> Vec<Rectangle> {
    let Some(places) = before.differences(now) else {
        return vec![whole(screen)];
    };
    let pixels = |place| around(place, scale_factor, screen);
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
    let changed: f32 = regions.iter().map(Rectangle::area).sum();
    if changed > whole(screen).area() * MOST_CHANGED {
        return vec![whole(screen)];
    }

    // The display server copies one region after another. The code is the largest, and comes after its words.
    regions.sort_by(|one, other| one.area().total_cmp(&other.area()));

    regions
}

/// Returns the bounds of the letters of a text that the renderer would draw wrongly. If a text's lines are outside
/// a region, the renderer leaves the text out, although its letters may reach into the region. If the lines are
/// inside, the renderer does not clip the text, although its letters may reach out of the region, where they would
/// be drawn twice.
fn cut_text(regions: &[Rectangle], texts: &[(Option<Rectangle>, Rectangle)]) -> Option<Rectangle> {
    texts
        .iter()
        .find(|(room, ink)| {
            regions.iter().any(|region| {
                let cuts = |it: &Rectangle| region.intersects(it) && !it.is_within(region);

                cuts(ink) && !room.as_ref().is_some_and(cuts)
            })
        })
        .map(|(_, ink)| *ink)
}

/// Adds a region, and merges it with other regions that it touches or nearly touches.
fn add(mut region: Rectangle, regions: &mut Vec<Rectangle>) {
    let near = |one: &Rectangle, other: &Rectangle| {
        one.intersects(other) || one.union(other).area() <= one.area() + other.area() + SLACK
    };
    while let Some(index) = regions.iter().position(|other| near(&region, other)) {
        region = region.union(&regions.swap_remove(index));
    }
    regions.push(region);
}

#[cfg(test)]
mod tests {
    use iced::Point;

    use super::*;

    const SCREEN: Size<u32> = Size::new(1920, 1080);

    fn around(x: f32, y: f32, width: f32, height: f32, scale_factor: f32) -> Option<Rectangle> {
        let place = Rectangle::new(Point::new(x, y), Size::new(width, height));

        super::around(place, scale_factor, SCREEN)
    }

    fn region(left: u16, top: u16, right: u16, bottom: u16) -> Rectangle {
        Rectangle {
            x: left.into(),
            y: top.into(),
            width: (right - left).into(),
            height: (bottom - top).into(),
        }
    }

    #[test]
    fn region_has_whole_pixels_on_the_screen() {
        let inside = around(10.2, 20.7, 5.0, 1.0, 1.0);
        assert_eq!(inside, Some(region(10, 20, 16, 22)));
        let twice = around(10.2, 20.7, 5.0, 1.0, 2.0);
        assert_eq!(twice, Some(region(20, 41, 31, 44)));
        let over_the_edge = around(-30.0, -1.0, 4000.0, 4000.0, 1.0);
        assert_eq!(over_the_edge, Some(whole(SCREEN)));
        assert_eq!(around(-30.0, 10.0, 20.0, 20.0, 1.0), None);
        assert_eq!(around(1920.0, 10.0, 20.0, 20.0, 1.0), None);
        assert_eq!(around(10.0, 10.0, 0.0, 20.0, 1.0), None);
    }

    #[test]
    fn only_near_regions_are_merged() {
        let mut regions = Vec::new();
        add(region(0, 0, 100, 100), &mut regions);
        add(region(1800, 1000, 1920, 1080), &mut regions);
        assert_eq!(regions.len(), 2);
        add(region(100, 0, 200, 100), &mut regions);
        assert_eq!(regions.len(), 2);
        assert!(regions.contains(&region(0, 0, 200, 100)));
        // The new region connects the other two.
        add(region(150, 50, 1850, 1050), &mut regions);
        assert_eq!(regions, [region(0, 0, 1920, 1080)]);
    }

    #[test]
    fn partly_repainted_text_is_repainted_whole() {
        let text = [(Some(region(100, 100, 200, 120)), region(90, 90, 210, 130))];
        let ink = text[0].1;
        assert_eq!(cut_text(&[region(0, 0, 50, 50)], &text), None);
        assert_eq!(cut_text(&[region(0, 0, 150, 110)], &text), None);
        assert_eq!(cut_text(&[ink], &text), None);
        assert_eq!(cut_text(&[region(0, 0, 95, 200)], &text), Some(ink));
        assert_eq!(cut_text(&[region(100, 100, 200, 120)], &text), Some(ink));
    }
}
