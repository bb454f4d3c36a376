//! Cells in a plane: observed ones, their velocity, and simulated ones on top.

mod camera;
mod legend;
mod overlay;
mod paint;

use super::canvas::{once_a_frame, size_of_element};
use super::tooltip::{Tip, Tooltip, beside};
use crate::state::{ColorBy, State};
use camera::Camera;
use legend::Legend;
use leptos::html;
use leptos::prelude::*;
use scimf::figure::arrows::grid_options;
use scimf::figure::field::{self, Arrow};
use scimf::figure::palette::{Rgb, times};
use scimf::figure::scatter::{Bounds, Nearest, Viewport, pairs};
use std::sync::Arc;

/// How far from a cell the pointer still means it, in pixels.
const HOVER_REACH: f64 = 10.0;

/// What is derived from the state for drawing; cheap to copy.
#[derive(Clone, Copy)]
struct Scene {
    state: State,
    size: ReadSignal<[f64; 2]>,
    bounds: Memo<Bounds>,
    viewport: Memo<Viewport>,
    arrows: Memo<Arc<Vec<Arrow>>>,
    type_colors: Memo<Vec<Rgb>>,
    time_colors: Memo<Vec<Rgb>>,
    /// Number of cells of each type at the chosen time.
    counts: Memo<Vec<usize>>,
    hovered: RwSignal<Option<usize>>,
}

/// The scatter plot with its legend.
#[component]
pub fn Scatter() -> impl IntoView {
    let state = expect_context::<State>();
    let frame = NodeRef::<html::Div>::new();
    let (base, top) = (NodeRef::<html::Canvas>::new(), NodeRef::<html::Canvas>::new());
    let camera = RwSignal::new(None::<Camera>);
    let tip = RwSignal::new(None::<Tip>);
    let scene = scene(state, size_of_element(frame), camera);

    let ask_base = once_a_frame(move || {
        if let Some(canvas) = base.try_get_untracked().flatten() {
            paint::cells(&canvas, scene);
        }
    });
    // Memos are read, not only tracked: one that was never read does not follow its sources.
    Effect::new(move |_| {
        scene.viewport.with(|_| ());
        scene.type_colors.with(|_| ());
        scene.time_colors.with(|_| ());
        state.dataset.track();
        state.time.track();
        state.color_by.track();
        state.focused_type.track();
        ask_base();
    });
    let ask_top = once_a_frame(move || {
        if let Some(canvas) = top.try_get_untracked().flatten() {
            overlay::draw(&canvas, scene);
        }
    });
    Effect::new(move |_| {
        scene.viewport.with(|_| ());
        scene.arrows.with(|_| ());
        scene.hovered.track();
        state.dataset.track();
        state.time.track();
        state.color_by.track();
        state.dark.track();
        state.playhead.track();
        state.simulation.track();
        state.velocity.track();
        state.focused_type.track();
        ask_top();
    });

    // Cells of the chosen time point are found first, the others only where there are none of them.
    let index = move |chosen: bool| {
        Memo::new_with_compare(
            move |_| {
                let time = state.time.get() as u32;
                state.dataset.with(|dataset| {
                    dataset.as_ref().map(|d| {
                        let times = &d.cells.times;
                        Nearest::new(pairs(&d.cells.positions), |i| {
                            times.get(i).is_some_and(|&t| (t == time) == chosen)
                        })
                    })
                })
            },
            |_, _| true,
        )
    };
    let indices = [index(true), index(false)];
    let hover = move |x: i32, y: i32| {
        let at = beside(frame, x, y);
        let found = at.and_then(|at| {
            let viewport = scene.viewport.get_untracked();
            let (point, reach) = (viewport.unproject(at), HOVER_REACH / viewport.scale);
            state.dataset.with_untracked(|dataset| {
                let points = pairs(&dataset.as_ref()?.cells.positions);
                indices.iter().find_map(|i| i.with_untracked(|i| i.as_ref()?.find(points, point, reach)))
            })
        });
        if scene.hovered.get_untracked() != found {
            scene.hovered.set(found);
        }
        tip.set(found.zip(at).and_then(|(cell, at)| Some(Tip { at, text: describe_cell(state, cell)? })));
    };

    let dragged = StoredValue::new(None::<[i32; 2]>);
    let moved = move |event: web_sys::PointerEvent| {
        let now = [event.client_x(), event.client_y()];
        match dragged.get_value() {
            Some(before) => {
                dragged.set_value(Some(now));
                tip.set(None);
                Camera::change(camera, scene, |view| {
                    view.pan([f64::from(now[0] - before[0]), f64::from(now[1] - before[1])])
                });
            }
            None => hover(now[0], now[1]),
        }
    };
    let pressed = move |event: web_sys::PointerEvent| {
        if event.button() == 0 {
            // A pointer that is already gone cannot be captured; dragging then ends at the edge.
            let _ = event_target::<web_sys::Element>(&event).set_pointer_capture(event.pointer_id());
            dragged.set_value(Some([event.client_x(), event.client_y()]));
        }
    };
    let left = move || {
        tip.set(None);
        scene.hovered.set(None);
    };
    let wheeled = move |event: web_sys::WheelEvent| {
        event.prevent_default();
        if let Some(at) = beside(frame, event.client_x(), event.client_y()) {
            let lines = if event.delta_mode() == 0 { 1.0 } else { 33.0 };
            let factor = (-event.delta_y() * lines * 0.0015).clamp(-0.7, 0.7).exp();
            Camera::change(camera, scene, |view| view.zoom(factor, at));
        }
    };
    let keyed = move |event: web_sys::KeyboardEvent| {
        if event.ctrl_key() || event.meta_key() || event.alt_key() {
            return;
        }
        let center = scene.size.get_untracked().map(|s| s / 2.0);
        let change: &dyn Fn(Viewport) -> Viewport = match event.key().as_str() {
            "ArrowLeft" => &|view| view.pan([40.0, 0.0]),
            "ArrowRight" => &|view| view.pan([-40.0, 0.0]),
            "ArrowUp" => &|view| view.pan([0.0, 40.0]),
            "ArrowDown" => &|view| view.pan([0.0, -40.0]),
            "+" | "=" => &|view| view.zoom(1.25, center),
            "-" => &|view| view.zoom(0.8, center),
            "0" => &|view| view,
            _ => return,
        };
        event.prevent_default();
        event.stop_propagation();
        if event.key() == "0" { camera.set(None) } else { Camera::change(camera, scene, change) }
    };

    view! {
        <div class="figure scatter">
            <div class="scatter-plot" node_ref=frame>
                <canvas node_ref=base aria-hidden="true"></canvas>
                <canvas
                    node_ref=top
                    class="scatter-overlay"
                    role="img"
                    tabindex="0"
                    aria-label=move || sentence(scene)
                    on:pointerdown=pressed
                    on:pointermove=moved
                    on:pointerup=move |_| dragged.set_value(None)
                    on:pointercancel=move |_| dragged.set_value(None)
                    on:pointerleave=move |_| left()
                    on:dblclick=move |_| camera.set(None)
                    on:wheel=wheeled
                    on:keydown=keyed
                ></canvas>
                <Tooltip tip />
            </div>
            <Legend scene />
        </div>
    }
}

fn scene(state: State, size: ReadSignal<[f64; 2]>, camera: RwSignal<Option<Camera>>) -> Scene {
    let bounds = Memo::new(move |_| {
        state.dataset.with(|d| Bounds::around(d.as_ref().map_or(&[], |d| pairs(&d.cells.positions)), 0.01))
    });
    let viewport = Memo::new(move |_| {
        let (size, bounds) = (size.get(), bounds.get());
        let whole = Viewport::fit(bounds, size, 28.0);
        camera.get().filter(|camera| camera.bounds == bounds).map_or(whole, |camera| camera.viewport(whole))
    });
    let options = Memo::new(move |_| {
        let bounds = bounds.get();
        grid_options(bounds, &Viewport::fit(bounds, size.get(), 28.0))
    });
    let arrows = Memo::new(move |_| {
        let arrows = || {
            let (dataset, velocity) = (state.dataset.get()?, state.velocity.get()?);
            let current = velocity.query.time == state.time.get() && velocity.query.space == state.space.get();
            let all = pairs(&dataset.cells.positions);
            let at: Option<Vec<[f32; 2]>> = velocity.cells.iter().map(|&i| all.get(i as usize).copied()).collect();
            let (at, vectors) = (at?, pairs(&velocity.vectors));
            if !current || at.len() != vectors.len() {
                return None;
            }
            Some(field::grid(&at, vectors, bounds.get(), &options.get()))
        };
        Arc::new(arrows().unwrap_or_default())
    });
    let type_colors = Memo::new(move |_| state.type_colors());
    let time_colors = Memo::new(move |_| {
        times(state.dataset.with(|d| d.as_ref().map_or(0, |d| d.summary.time_points.len())), state.dark.get())
    });
    let counts = Memo::new(move |_| {
        let time = state.time.get() as u32;
        state.dataset.with(|dataset| {
            let Some(dataset) = dataset else { return Vec::new() };
            let mut counts = vec![0; dataset.summary.cell_types.len()];
            for (_, &kind) in
                dataset.cells.times.iter().zip(dataset.cells.cell_types.iter()).filter(|(t, _)| **t == time)
            {
                if let Some(count) = counts.get_mut(kind as usize) {
                    *count += 1;
                }
            }
            counts
        })
    });
    let hovered = RwSignal::new(None);
    Scene { state, size, bounds, viewport, arrows, type_colors, time_colors, counts, hovered }
}

/// Type and time of a cell, for its tooltip.
fn describe_cell(state: State, cell: usize) -> Option<String> {
    state.dataset.with_untracked(|dataset| {
        let dataset = dataset.as_ref()?;
        let kind = dataset.summary.cell_types.get(*dataset.cells.cell_types.get(cell)? as usize)?;
        let time = dataset.summary.time_points.get(*dataset.cells.times.get(cell)? as usize)?;
        Some(format!("{}, {}", kind.name, time.label))
    })
}

/// The picture in words.
fn sentence(scene: Scene) -> String {
    let state = scene.state;
    state.dataset.with(|dataset| {
        let Some(dataset) = dataset else { return "Scatter plot of cells: no dataset is open.".to_owned() };
        let summary = &dataset.summary;
        let space = summary.spaces.get(state.space.get()).map_or("", |space| &space.name);
        let counts = scene.counts.get();
        let mut present: Vec<_> = summary.cell_types.iter().zip(&counts).filter(|(_, count)| **count > 0).collect();
        present.sort_by_key(|(_, count)| std::cmp::Reverse(**count));
        let listed: Vec<String> = present.iter().take(6).map(|(kind, count)| format!("{count} {}", kind.name)).collect();
        let more = if present.len() > 6 { ", and others" } else { "" };
        let time = summary.time_points.get(state.time.get()).map_or("", |time| &time.label);
        let color = match state.color_by.get() {
            ColorBy::Type => "cell type",
            ColorBy::Time => "time",
        };
        format!(
            "Scatter plot of {} cells in {space}, coloured by {color}. At {time}: {}{more}. Arrow keys move, plus and minus zoom, 0 shows all.",
            summary.cells,
            listed.join(", "),
        )
    })
}
