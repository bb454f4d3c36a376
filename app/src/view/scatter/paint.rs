//! The layer of observed cells.

use super::Scene;
use crate::view::canvas::{pixel_ratio, sharp_context};
use leptos::prelude::*;
use scimf::figure::cells::{Style, dots, radius};
use scimf::figure::points::Image;
use scimf::figure::scatter::pairs;
use scimf::figure::theme::Theme;
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
    let chosen = state.time.get_untracked();

    // Larger as one looks closer.
    let here = times.iter().filter(|&&t| t as usize == chosen).count();
    let bounds = scene.bounds.get_untracked();
    let closer = (viewport.scale * (bounds.high[0] - bounds.low[0]) / viewport.size[0]).max(1.0).powf(0.4);
    let style = Style {
        color_by: state.color_by.get_untracked(),
        types: scene.type_colors.get_untracked(),
        times: scene.time_colors.get_untracked(),
        pale: Theme::new(state.dark.get_untracked()).pale,
        time: Some(chosen),
        focus: state.focused_type.get_untracked(),
        radius: radius(viewport.size, here) * closer * ratio,
    };
    dots(&dataset.cells, &style, |i, dot| {
        image.dot(viewport.project(points[i].map(f64::from)).map(|c| (c * ratio) as f32), dot);
    });
    let data = ImageData::new_with_u8_clamped_array_and_sh(
        Clamped(image.pixels()),
        image.width() as u32,
        image.height() as u32,
    );
    if let Err(error) = data.and_then(|data| context.put_image_data(&data, 0.0, 0.0)) {
        leptos::logging::error!("the cells could not be drawn: {error:?}");
    }
}
