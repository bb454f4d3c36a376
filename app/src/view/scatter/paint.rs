//! The layer of observed cells.

use super::Scene;
use crate::state::ColorBy;
use crate::view::canvas::{pixel_ratio, sharp_context};
use leptos::prelude::*;
use scimf::figure::palette::Rgb;
use scimf::figure::points::{Dot, Image, scattered};
use scimf::figure::scatter::pairs;
use wasm_bindgen::Clamped;
use web_sys::{HtmlCanvasElement, ImageData};

/// Draws all cells faintly and those of the chosen time point over them.
pub fn cells(canvas: &HtmlCanvasElement, scene: Scene) {
    let state = scene.state;
    let Some(context) = sharp_context(canvas, scene.size.get_untracked()) else { return };
    let Some(dataset) = state.dataset.get_untracked() else { return };
    let points = pairs(&dataset.cells.positions);
    let (times, types) = (&dataset.cells.times, &dataset.cells.cell_types);
    if times.len() != points.len() || types.len() != points.len() {
        return;
    }
    let (viewport, ratio) = (scene.viewport.get_untracked(), pixel_ratio());
    let mut image = Image::new(canvas.width() as usize, canvas.height() as usize);
    let chosen = state.time.get_untracked() as u32;
    let (focus, color_by) = (state.focused_type.get_untracked(), state.color_by.get_untracked());
    let (type_colors, time_colors) = (scene.type_colors.get_untracked(), scene.time_colors.get_untracked());
    let pale = Rgb::new(if state.dark.get_untracked() { 0x5a_6873 } else { 0x9a_a6ae });

    // About as large as the picture has room for, and larger as one looks closer.
    let here = times.iter().filter(|&&t| t == chosen).count().max(1) as f64;
    let [width, height] = viewport.size;
    let closer = (viewport.scale * (scene.bounds.get_untracked().high[0] - scene.bounds.get_untracked().low[0])
        / width)
        .max(1.0)
        .powf(0.4);
    let radius = (0.07 * (width * height / here).sqrt()).clamp(1.4, 2.9) * closer * ratio;
    let order = scattered(points.len());
    for emphasised in [false, true] {
        for &i in &order {
            if (times[i] == chosen) != emphasised {
                continue;
            }
            let kind = types[i] as usize;
            let color = match color_by {
                ColorBy::Type if emphasised => type_colors.get(kind),
                ColorBy::Type => Some(&pale),
                ColorBy::Time => time_colors.get(times[i] as usize),
            };
            let other = focus.is_some_and(|focus| focus != kind);
            let alpha = match (emphasised, color_by) {
                (true, _) if other => 0.1,
                (true, _) => 0.9,
                (false, _) if other => 0.06,
                (false, ColorBy::Type) => 0.22,
                (false, ColorBy::Time) => 0.35,
            };
            let at = viewport.project(points[i].map(f64::from)).map(|c| (c * ratio) as f32);
            let radius = if emphasised { radius } else { radius * 0.75 } as f32;
            image.dot(at, Dot { radius, color: color.copied().unwrap_or(pale), alpha });
        }
    }
    let data = ImageData::new_with_u8_clamped_array_and_sh(
        Clamped(image.pixels()),
        image.width() as u32,
        image.height() as u32,
    );
    if let Err(error) = data.and_then(|data| context.put_image_data(&data, 0.0, 0.0)) {
        leptos::logging::error!("the cells could not be drawn: {error:?}");
    }
}
