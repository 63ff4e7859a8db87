//! Frames of nothing but plain rectangles, such as a code before its words are there.
//!
//! The display server can fill rectangles by itself, at once. A frame that is drawn here has to wait
//! until the system has given out the memory of all its pixels, which takes longer than all the drawing.

use iced::{Background, Color, Rectangle};
use iced_tiny_skia::{Layer, Primitive};
use tiny_skia::{Path, PathSegment, Point, Shader};

use super::Quad;

/// Rectangles of one colour, in device pixels.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Filled {
    /// Red, green and blue, from the highest byte down.
    pub(super) color: u32,
    pub(super) rectangles: Vec<Rectangle<i16>>,
}

/// What a frame consists of from the bottom to the top, without its pictures; `None` where there are
/// words on it, or anything else that is not plain.
pub(super) fn of(layers: &[Layer], background: Color, scale_factor: f32) -> Option<Vec<Filled>> {
    let mut all = Vec::new();
    for layer in layers {
        if layer.text.iter().any(|text| !text.as_slice().is_empty()) {
            return None;
        }
        for (quad, background) in &layer.quads {
            all.push(of_quad(quad, background, scale_factor)?);
        }
        for item in &layer.primitives {
            let move_by = item.transformation().translation();
            for primitive in item.as_slice() {
                let Primitive::Fill { path, paint, .. } = primitive else {
                    return None;
                };
                let Shader::SolidColor(color) = paint.shader else {
                    return None;
                };
                // The renderer swaps red and blue.
                let color =
                    Color::from_rgba(color.blue(), color.green(), color.red(), color.alpha());
                let rectangles = rectangles(path)?
                    .map(|rectangle| device((rectangle + move_by) * scale_factor))
                    .collect();
                all.push(Filled {
                    color: opaque(color)?,
                    rectangles,
                });
            }
        }
    }
    let whole = Rectangle::with_size(iced::Size::INFINITE);
    let ground = Filled {
        color: opaque(background)?,
        rectangles: vec![device(whole)],
    };
    all.insert(0, ground);

    Some(all)
}

fn of_quad(quad: &Quad, background: &Background, scale_factor: f32) -> Option<Filled> {
    let is_plain =
        quad.border.width <= 0.0 && quad.border.radius == 0.0.into() && quad.shadow.color.a <= 0.0;
    match background {
        Background::Color(color) if is_plain => Some(Filled {
            color: opaque(*color)?,
            rectangles: vec![device(quad.bounds * scale_factor)],
        }),
        _ => None,
    }
}

fn opaque(color: Color) -> Option<u32> {
    let [red, green, blue, alpha] = color.into_rgba8();

    (alpha == u8::MAX).then(|| u32::from_be_bytes([0, red, green, blue]))
}

/// On whole pixels: edges that are not on one are smoothed by the frame that follows.
fn device(place: Rectangle) -> Rectangle<i16> {
    // These casts saturate: no screen is as large.
    let [left, top] = [place.x, place.y].map(|start| start.round() as i16);
    let [right, bottom] =
        [place.x + place.width, place.y + place.height].map(|end| end.round() as i16);

    Rectangle {
        x: left,
        y: top,
        width: right.saturating_sub(left),
        height: bottom.saturating_sub(top),
    }
}

/// The rectangles that a path consists of; `None` where it has any other shape.
fn rectangles(path: &Path) -> Option<impl Iterator<Item = Rectangle>> {
    let mut shapes: Vec<Vec<Point>> = Vec::new();
    for segment in path.segments() {
        match segment {
            PathSegment::MoveTo(point) => shapes.push(vec![point]),
            PathSegment::LineTo(point) => shapes.last_mut()?.push(point),
            PathSegment::Close => {}
            PathSegment::QuadTo(..) | PathSegment::CubicTo(..) => return None,
        }
    }
    let rectangles: Option<Vec<_>> = shapes.iter().map(|corners| rectangle(corners)).collect();

    rectangles.map(Vec::into_iter)
}

/// `None` where the corners are not those of an upright rectangle, one after the other.
fn rectangle(corners: &[Point]) -> Option<Rectangle> {
    let (first, corners) = corners.split_first()?;
    let corners = corners.strip_suffix(&[*first]).unwrap_or(corners);
    let [second, third, fourth] = corners else {
        return None;
    };
    let is_upright = first.y == second.y
        && second.x == third.x
        && third.y == fourth.y
        && fourth.x == first.x
        || first.x == second.x && second.y == third.y && third.x == fourth.x && fourth.y == first.y;

    is_upright.then(|| Rectangle {
        x: first.x.min(third.x),
        y: first.y.min(third.y),
        width: (first.x - third.x).abs(),
        height: (first.y - third.y).abs(),
    })
}

#[cfg(test)]
mod tests {
    use tiny_skia::PathBuilder;

    use super::*;

    fn path(shapes: &[&[(f32, f32)]]) -> Path {
        let mut builder = PathBuilder::new();
        for shape in shapes {
            for (index, (x, y)) in shape.iter().enumerate() {
                if index == 0 {
                    builder.move_to(*x, *y);
                } else {
                    builder.line_to(*x, *y);
                }
            }
            builder.close();
        }

        builder.finish().expect("a path")
    }

    #[test]
    fn a_path_of_rectangles_is_taken_apart_and_any_other_is_left_to_the_renderer() {
        let both = path(&[
            &[(0.0, 0.0), (3.0, 0.0), (3.0, 1.0), (0.0, 1.0)],
            &[(9.0, 2.0), (9.0, 4.0), (5.0, 4.0), (5.0, 2.0)],
        ]);
        let found: Vec<_> = rectangles(&both).expect("rectangles").collect();
        let wanted =
            [(0.0, 0.0, 3.0, 1.0), (5.0, 2.0, 4.0, 2.0)].map(|(x, y, width, height)| Rectangle {
                x,
                y,
                width,
                height,
            });
        assert_eq!(found, wanted);
        let triangle = path(&[&[(0.0, 0.0), (3.0, 0.0), (3.0, 1.0)]]);
        assert!(rectangles(&triangle).is_none());
        let slanted = path(&[&[(0.0, 0.0), (3.0, 1.0), (3.0, 2.0), (0.0, 1.0)]]);
        assert!(rectangles(&slanted).is_none());
    }

    #[test]
    fn rectangles_meet_on_whole_pixels_as_they_did_before_they_were_rounded() {
        let left = device(Rectangle {
            x: 0.0,
            y: 0.0,
            width: 10.4,
            height: 5.6,
        });
        let right = device(Rectangle {
            x: 10.4,
            y: 0.0,
            width: 10.4,
            height: 5.6,
        });
        assert_eq!((left.width, right.x, right.width), (10, 10, 11));
        assert_eq!(left.height, 6);
    }

    #[test]
    fn what_can_be_seen_through_is_left_to_the_renderer() {
        assert_eq!(opaque(Color::from_rgb8(1, 2, 3)), Some(0x0001_0203));
        assert_eq!(opaque(Color::from_rgba8(1, 2, 3, 0.5)), None);
    }
}
