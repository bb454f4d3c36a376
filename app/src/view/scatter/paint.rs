//! The observed cells on a plain canvas, where there is no WebGL2.

use super::layer::dot_radius;
use super::scene::Scene;
use crate::view::canvas::{pixel_ratio, sharp_context};
use scimf::figure::cells::{Style, dots};
use scimf::figure::points::Image;
use scimf::figure::scatter::pairs;
use wasm_bindgen::Clamped;
use web_sys::{HtmlCanvasElement, ImageData};

/// Draws all cells faintly and those of the chosen time point over them.
pub fn cells(canvas: &HtmlCanvasElement, scene: Scene) {
    let Some(context) = sharp_context(canvas, scene.size.get_untracked()) else { return };
    let Some(dataset) = scene.state.dataset.get_untracked() else { return };
    let points = pairs(&dataset.cells.positions);
    let (viewport, ratio) = (scene.viewport.get_untracked(), pixel_ratio());
    let mut image = Image::new(canvas.width() as usize, canvas.height() as usize);
    let style = Style { radius: dot_radius(scene) * ratio, ..scene.style() };
    dots(&dataset.cells, &style, |i, dot| {
        if let Some(point) = points.get(i) {
            image.dot(viewport.project(point.map(f64::from)).map(|c| (c * ratio) as f32), dot);
        }
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
