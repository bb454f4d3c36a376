//! Cells in a plane: observed ones, their velocity, and simulated ones on top.

mod beside;
mod camera;
mod describe;
mod flow;
mod keys;
mod layer;
mod legend;
mod listening;
mod look;
mod overlay;
mod paint;
mod particles;
mod pen;
mod pointer;
pub mod scene;
mod select;
mod simulated;
mod webgl;

use super::canvas::{once_a_frame, size_of_element};
use super::tooltip::{Tip, Tooltip};
use crate::prelude::*;
use crate::state::State;
use beside::{Beside, Whose};
use keys::Keys;
use layer::CellsLayer;
use legend::Legend;
use leptos::{ev, html};
use listening::CellCard;
use particles::Particles;
use pointer::Pointer;
use scene::Scene;
use select::SelectTools;

/// The scatter plot with its legend.
#[component]
pub fn Scatter() -> impl IntoView {
    let state = expect_context::<State>();
    let frame = NodeRef::<html::Div>::new();
    let top = NodeRef::<html::Canvas>::new();
    let camera = state.cells.camera;
    let tip = RwSignal::new(None::<Tip>);
    let scene = Scene::new(state, size_of_element(frame));

    let ask = once_a_frame(move || {
        if let Some(canvas) = top.try_get_untracked().flatten() {
            overlay::draw(&canvas, scene);
        }
    });
    Effect::new(move |_| {
        scene.viewport.with(|_| ());
        scene.arrows.with(|_| ());
        scene.lines.with(|_| ());
        scene.density.with(|_| ());
        scene.middles.with(|_| ());
        scene.heard.with(|_| ());
        scene.path.with(|_| ());
        scene.time_colors.with(|_| ());
        scene.hovered.track();
        scene.crosshair.track();
        scene.lasso.track();
        state.dataset.track();
        state.color_by.track();
        state.dark.track();
        state.playhead.track();
        state.drawn();
        state.attention.hidden.track();
        state.velocity.track();
        state.focused_type.track();
        state.cells.flow.track();
        state.cells.picked.track();
        ask();
    });

    let two = Memo::new(move |_| state.compared().is_some());
    let pointer = Pointer::new(scene, frame, camera, tip);
    let keys = Keys { scene, camera, tip };
    let anywhere = window_event_listener(ev::keydown, move |event| keys::anywhere(scene, keys, &event));
    on_cleanup(move || anywhere.remove());

    view! {
        <div class="figure scatter">
            <div class="planes" class:two=move || two.get()>
            <div class="scatter-plot" node_ref=frame>
                <CellsLayer scene />
                <Particles scene />
                <canvas
                    node_ref=top
                    class="scatter-overlay"
                    class:lasso=move || state.cells.lasso.get()
                    role="application"
                    aria-roledescription="scatter plot"
                    tabindex="0"
                    aria-label=move || scene.sentence()
                    on:pointerdown=move |event| pointer.pressed(event)
                    on:pointermove=move |event| pointer.moved(event)
                    on:pointerup=move |event| pointer.released(event)
                    on:pointercancel=move |_| pointer.cancelled()
                    on:pointerleave=move |_| pointer.leave()
                    on:dblclick=move |_| camera.set(None)
                    on:wheel=move |event| pointer.wheeled(event)
                    on:keydown=move |event| keys.pressed(event)
                    on:blur=move |_| keys.left()
                ></canvas>
                <SelectTools scene />
                <CellCard scene />
                <Tooltip tip />
                <p class="unseen" aria-live="polite">
                    {move || if scene.crosshair.get() { tip.with(|tip| tip.as_ref().map(|tip| tip.text.clone())) } else { None }}
                </p>
                <Show when=move || two.get()>
                    <Whose population=scene.population/>
                </Show>
            </div>
            <Show when=move || two.get()>
                <Beside/>
            </Show>
            </div>
            <Legend scene />
        </div>
    }
}
