//! The layer of observed cells: on the GPU where there is WebGL2, else on a plain canvas.

use super::paint;
use super::scene::Scene;
use super::webgl::{MOST_LEFT_OUT, Points};
use crate::prelude::*;
use crate::{
    page,
    view::canvas::{once_a_frame, pixel_ratio},
};
use leptos::html;
use scimf::figure::cells::radius;
use std::time::Duration;

/// A frame of a moving plane that takes longer than this is too slow, in milliseconds.
const SLOW: f64 = 45.0;
/// The plane is at rest when it has not moved for so long.
const REST: Duration = Duration::from_millis(180);

/// What is drawn on the GPU.
#[derive(Default)]
struct Gpu {
    points: Option<Points>,
    /// WebGL2 was looked for.
    tried: bool,
    /// The looks of the cells have changed.
    stale: bool,
    /// The plane is being moved.
    moving: bool,
    /// While it moves, one cell in this many is drawn: all, until that turns out to be too slow.
    every: i32,
}

/// All cells faintly, and those of the chosen time point over them.
#[component]
pub fn CellsLayer(scene: Scene) -> impl IntoView {
    let (sharp, plain) = (NodeRef::<html::Canvas>::new(), NodeRef::<html::Canvas>::new());
    let gpu = StoredValue::new_local(Gpu::default());
    let on_gpu = RwSignal::new(true);

    let ask = std::rc::Rc::new(once_a_frame(move || {
        let (Some(sharp), Some(plain)) = (sharp.try_get_untracked().flatten(), plain.try_get_untracked().flatten())
        else {
            return;
        };
        let drawn = gpu.try_update_value(|gpu| {
            if !std::mem::replace(&mut gpu.tried, true) {
                gpu.points = Points::new(&sharp);
            }
            draw(gpu, &sharp, scene)
        });
        let drawn = drawn.unwrap_or(false);
        if drawn && gpu.with_value(|gpu| gpu.moving) {
            let begun = page::now();
            request_animation_frame(move || {
                if page::now() - begun > SLOW {
                    let _ = gpu.try_update_value(|gpu| gpu.every = (gpu.every.max(1) * 2).min(MOST_LEFT_OUT));
                }
            });
        }
        if on_gpu.get_untracked() != drawn {
            on_gpu.set(drawn);
        }
        if !drawn {
            paint::cells(&plain, scene);
        }
    }));
    let again = ask.clone();
    Effect::new(move |_| {
        scene.track_style();
        gpu.update_value(|gpu| gpu.stale = true);
        ask();
    });
    let (moved, timer) = (again.clone(), StoredValue::new_local(None::<TimeoutHandle>));
    Effect::new(move |first: Option<()>| {
        scene.viewport.with(|_| ());
        gpu.update_value(|gpu| gpu.moving = first.is_some());
        moved();
        let rested = moved.clone();
        let rest = move || {
            if gpu.try_update_value(|gpu| gpu.moving = false).is_some() {
                rested();
            }
        };
        let next = set_timeout_with_handle(rest, REST).ok();
        let before = timer.try_update_value(|timer| std::mem::replace(timer, next)).flatten();
        if let Some(before) = before {
            before.clear();
        }
    });
    let restored = again.clone();
    // The browser may take the GPU away, and give it back.
    let lose = move |event: web_sys::Event| {
        event.prevent_default();
        gpu.update_value(|gpu| gpu.points = None);
        again();
    };
    let restore = move |_: web_sys::Event| {
        gpu.set_value(Gpu { stale: true, ..Gpu::default() });
        restored();
    };
    view! {
        <canvas
            node_ref=sharp
            aria-hidden="true"
            class="scatter-cells"
            hidden=move || !on_gpu.get()
            on:webglcontextlost=lose
            on:webglcontextrestored=restore
        ></canvas>
        <canvas node_ref=plain aria-hidden="true" class="scatter-cells-plain" hidden=move || on_gpu.get()></canvas>
    }
}

/// Draws on the GPU; false if that is not possible.
fn draw(gpu: &mut Gpu, canvas: &web_sys::HtmlCanvasElement, scene: Scene) -> bool {
    let Some(points) = &mut gpu.points else { return false };
    let ratio = pixel_ratio();
    let size = scene.size.get_untracked().map(|s| (s * ratio).round() as u32);
    if size.contains(&0) {
        return true;
    }
    if [canvas.width(), canvas.height()] != size {
        canvas.set_width(size[0]);
        canvas.set_height(size[1]);
    }
    if std::mem::take(&mut gpu.stale) {
        scene.state.dataset.with_untracked(|dataset| {
            if let Some(dataset) = dataset {
                points.fill(&dataset.cells, scene.bounds.get_untracked(), &scene.style());
            }
        });
    }
    let every = if gpu.moving { gpu.every.max(1) } else { 1 };
    points.draw(&scene.viewport.get_untracked(), size, dot_radius(scene) * ratio, every);
    true
}

/// Radius of a cell that stands out, in CSS pixels; larger as one looks closer.
pub fn dot_radius(scene: Scene) -> f64 {
    let (viewport, bounds) = (scene.viewport.get_untracked(), scene.bounds.get_untracked());
    let closer = (viewport.scale * (bounds.high[0] - bounds.low[0]) / viewport.size[0]).max(1.0).powf(0.4);
    let here = scene.counts.with_untracked(|counts| counts.iter().sum());
    radius(viewport.size, here) * closer
}
