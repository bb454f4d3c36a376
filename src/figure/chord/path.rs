//! SVG paths of arcs, ribbons and arrowheads.

use super::ChordOptions;
use std::f64::consts::{PI, TAU};

/// Distance between an arrow's tip and the arc it points to; says where a ribbon ends even without its head.
pub(super) const GAP: f64 = 3.0;
/// Length of an arrowhead.
const HEAD: f64 = 9.0;
/// Half the angle of the narrowest arrowhead, so that thin ribbons have a direction too.
const HALF_HEAD: f64 = 0.02;

/// A point at an angle and distance from the centre, as SVG writes it.
pub(super) fn point(angle: f64, radius: f64) -> String {
    format!("{:.2},{:.2}", angle.sin() * radius, -angle.cos() * radius)
}

/// Part of a ring.
pub(super) fn band(start: f64, end: f64, inner: f64, outer: f64) -> String {
    // A whole turn would begin where it ends and vanish.
    let end = end.min(start + TAU - 1e-4);
    let large = u8::from(end - start > PI);
    format!(
        "M{} A{outer},{outer} 0 {large} 1 {} L{} A{inner},{inner} 0 {large} 0 {} Z",
        point(start, outer),
        point(end, outer),
        point(end, inner),
        point(start, inner),
    )
}

/// A radial line in place of an arc without width.
pub(super) fn hairline(angle: f64, inner: f64, outer: f64) -> String {
    format!("M{} L{}", point(angle, inner), point(angle, outer))
}

/// A line from the rim of the circle to a label.
pub(super) fn leader(angle: f64, radius: f64, x: f64, y: f64) -> String {
    format!("M{} L{} L{x:.2},{y:.2}", point(angle, radius), point(angle, radius + 8.0))
}

/// A link of a type to itself, or between two.
pub(super) fn between(same: bool, from: [f64; 2], to: [f64; 2], options: &ChordOptions) -> String {
    let inner = options.radius - options.thickness;
    if same { hump(from, to, inner) } else { ribbon(from, to, inner) }
}

/// A link between two arcs; the shorter its way round the circle, the flatter it bends.
fn ribbon(from: [f64; 2], to: [f64; 2], radius: f64) -> String {
    let bend = |a: f64, b: f64| {
        let apart = (a - b).rem_euclid(TAU);
        radius * 0.82 * (1.0 - (apart.min(TAU - apart) / 2.0).sin()).powf(1.4)
    };
    let (there, back) = (bend(from[1], to[0]), bend(to[1], from[0]));
    link(from, to, radius, [there, back])
}

/// A low arch from a type to itself; `from` ends where `to` begins.
fn hump(from: [f64; 2], to: [f64; 2], radius: f64) -> String {
    let width = (to[1] - from[0]).min(PI);
    let height = (12.0 + 0.30 * radius * width).min(0.55 * radius);
    link(from, to, radius, [radius - 0.35 * height, radius - 1.4 * height])
}

/// Sender's end, curve, arrowhead, curve back. `bends`: distance of the control points from the centre, there and back.
fn link(from: [f64; 2], to: [f64; 2], radius: f64, bends: [f64; 2]) -> String {
    let (tip, base) = (radius - GAP, radius - GAP - HEAD);
    let middle = (to[0] + to[1]) / 2.0;
    let half = ((to[1] - to[0]) / 2.0).max(HALF_HEAD);
    let large = u8::from(from[1] - from[0] > PI);
    format!(
        "M{} A{radius},{radius} 0 {large} 1 {} C{} {} {} L{} L{} L{} L{} C{} {} {} Z",
        point(from[0], radius),
        point(from[1], radius),
        point(from[1], bends[0]),
        point(to[0], bends[0].min(base)),
        point(to[0], base),
        point(middle - half, base),
        point(middle, tip),
        point(middle + half, base),
        point(to[1], base),
        point(to[1], bends[1].min(base)),
        point(from[0], bends[1]),
        point(from[0], radius),
    )
}
