//! The shapes that distinguish endings without colour or words.

use std::cell::Cell;

use iced::widget::canvas::{self, Canvas, Path, Stroke, stroke};
use iced::{Color, Point, Rectangle, Theme, mouse};

use crate::app::renderer::{Element, Renderer};

/// A shape. Most shapes have a ring around them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    Tick,
    Half,
    Clock,
    /// Cancelled or refused.
    Cross,
    /// A refund has started.
    Return,
    /// The outcome is unknown.
    Question,
    Dots,
    Alert,
    /// An earlier sale was paid. The present customer's payment never has this shape.
    Receipt,
    Back,
    /// Closed by staff.
    Person,
    /// A phone that scans a code.
    Phone,
    /// A phone that asks for confirmation.
    Confirm,
}

/// Draws a shape in a square of `side` logical pixels.
pub(crate) fn symbol<'a, Message: 'a>(
    shape: Shape,
    color: Color,
    side: f32,
) -> Element<'a, Message> {
    Canvas::new(Symbol { shape, color })
        .width(side)
        .height(side)
        .into()
}

#[derive(Debug, Clone, Copy, PartialEq)]
struct Symbol {
    shape: Shape,
    color: Color,
}

/// The drawn symbol, cached until another symbol is drawn in its place.
#[derive(Debug, Default)]
struct CachedSymbol {
    cache: canvas::Cache<Renderer>,
    of: Cell<Option<Symbol>>,
}

impl<Message> canvas::Program<Message, Theme, Renderer> for Symbol {
    type State = CachedSymbol;

    fn draw(
        &self,
        drawn: &CachedSymbol,
        renderer: &Renderer,
        _theme: &Theme,
        bounds: Rectangle,
        _cursor: mouse::Cursor,
    ) -> Vec<canvas::Geometry<Renderer>> {
        if drawn.of.replace(Some(*self)) != Some(*self) {
            drawn.cache.clear();
        }

        vec![drawn.cache.draw(renderer, bounds.size(), |frame| {
            let side = bounds.width;
            let width = side * weight(self.shape);
            let line = Stroke {
                style: stroke::Style::Solid(self.color),
                width,
                line_cap: canvas::LineCap::Round,
                line_join: canvas::LineJoin::Round,
                ..Stroke::default()
            };
            if has_ring(self.shape) {
                let ring = Path::circle(at(side, 0.5, 0.5), (side - width) / 2.0);
                frame.stroke(&ring, line);
            }
            for stroke in strokes(self.shape) {
                let path = Path::new(|builder| {
                    let (points, _) = stroke.as_chunks();
                    for (index, [x, y]) in points.iter().enumerate() {
                        if index == 0 {
                            builder.move_to(at(side, *x, *y));
                        } else {
                            builder.line_to(at(side, *x, *y));
                        }
                    }
                });
                frame.stroke(&path, line);
            }
            for (x, y, radius) in dots(self.shape) {
                frame.fill(&Path::circle(at(side, *x, *y), side * radius), self.color);
            }
        })]
    }
}

fn at(side: f32, x: f32, y: f32) -> Point {
    Point::new(side * x, side * y)
}

/// Returns whether the shape has a ring. The shapes of earlier sales, warnings and phones have an outline instead.
fn has_ring(shape: Shape) -> bool {
    !matches!(
        shape,
        Shape::Alert | Shape::Receipt | Shape::Back | Shape::Phone | Shape::Confirm
    )
}

/// Returns the lines of a shape. Each line is a list of points, x before y, in shares of the shape's side.
fn strokes(shape: Shape) -> &'static [&'static [f32]] {
    const PHONE: &[f32] = &[0.25, 0.08, 0.75, 0.08, 0.75, 0.92, 0.25, 0.92, 0.25, 0.08];
    match shape {
        Shape::Tick => &[&[0.29, 0.52, 0.44, 0.67, 0.72, 0.36]],
        Shape::Half => &[&[0.5, 0.25, 0.5, 0.75], &[0.28, 0.5, 0.5, 0.5]],
        Shape::Clock => &[&[0.5, 0.24, 0.5, 0.52, 0.67, 0.64]],
        Shape::Cross => &[&[0.34, 0.34, 0.66, 0.66], &[0.66, 0.34, 0.34, 0.66]],
        Shape::Return => &[
            &[0.74, 0.66, 0.74, 0.5, 0.3, 0.5],
            &[0.43, 0.37, 0.3, 0.5, 0.43, 0.63],
        ],
        Shape::Question => &[&[
            0.37, 0.41, 0.38, 0.34, 0.43, 0.28, 0.5, 0.26, 0.57, 0.28, 0.62, 0.34, 0.62, 0.41,
            0.58, 0.47, 0.52, 0.52, 0.5, 0.6,
        ]],
        Shape::Dots => &[],
        Shape::Alert => &[
            &[0.5, 0.1, 0.95, 0.89, 0.05, 0.89, 0.5, 0.1],
            &[0.5, 0.4, 0.5, 0.62],
        ],
        Shape::Receipt => &[
            &[
                0.24, 0.06, 0.76, 0.06, 0.76, 0.94, 0.63, 0.84, 0.5, 0.94, 0.37, 0.84, 0.24, 0.94,
                0.24, 0.06,
            ],
            &[0.39, 0.26, 0.61, 0.26],
            &[0.39, 0.54, 0.47, 0.63, 0.62, 0.44],
        ],
        // A clock that runs backwards: most of a ring, with the arrow's head at the top left.
        Shape::Back => &[
            &[
                0.17, 0.31, 0.26, 0.2, 0.38, 0.13, 0.52, 0.11, 0.66, 0.14, 0.78, 0.22, 0.86, 0.34,
                0.89, 0.5, 0.86, 0.65, 0.78, 0.78, 0.66, 0.86, 0.5, 0.89, 0.35, 0.86, 0.23, 0.78,
                0.15, 0.66,
            ],
            &[0.14, 0.09, 0.16, 0.33, 0.4, 0.33],
            &[0.5, 0.32, 0.5, 0.52, 0.63, 0.6],
        ],
        Shape::Person => &[
            &[
                0.5, 0.24, 0.58, 0.27, 0.62, 0.35, 0.6, 0.43, 0.5, 0.48, 0.4, 0.43, 0.38, 0.35,
                0.42, 0.27, 0.5, 0.24,
            ],
            &[
                0.25, 0.75, 0.28, 0.66, 0.36, 0.6, 0.5, 0.57, 0.64, 0.6, 0.72, 0.66, 0.75, 0.75,
            ],
        ],
        // A phone with the corners of a viewfinder in it.
        Shape::Phone => &[
            PHONE,
            &[0.36, 0.36, 0.36, 0.27, 0.45, 0.27],
            &[0.55, 0.27, 0.64, 0.27, 0.64, 0.36],
            &[0.64, 0.46, 0.64, 0.55, 0.55, 0.55],
            &[0.45, 0.55, 0.36, 0.55, 0.36, 0.46],
            &[0.44, 0.8, 0.56, 0.8],
        ],
        // A phone with a question, and the button that answers the question. There is no tick, because a tick
        // means paid.
        Shape::Confirm => &[
            PHONE,
            &[0.37, 0.26, 0.63, 0.26],
            &[0.37, 0.37, 0.54, 0.37],
            &[0.37, 0.53, 0.63, 0.53, 0.63, 0.66, 0.37, 0.66, 0.37, 0.53],
            &[0.44, 0.8, 0.56, 0.8],
        ],
    }
}

/// Returns the dots of a shape: x, y and radius, in shares of its side.
fn dots(shape: Shape) -> &'static [(f32, f32, f32)] {
    match shape {
        Shape::Question => &[(0.5, 0.73, 0.045)],
        Shape::Alert => &[(0.5, 0.75, 0.045)],
        Shape::Dots => &[(0.3, 0.5, 0.055), (0.5, 0.5, 0.055), (0.7, 0.5, 0.055)],
        Shape::Phone => &[
            (0.455, 0.365, 0.035),
            (0.545, 0.365, 0.035),
            (0.455, 0.455, 0.035),
        ],
        _ => &[],
    }
}

/// Returns the line width of a shape as a share of its side.
fn weight(shape: Shape) -> f32 {
    match shape {
        Shape::Phone | Shape::Confirm => 0.045,
        _ => 0.075,
    }
}
