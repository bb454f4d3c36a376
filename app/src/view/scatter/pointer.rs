//! What the mouse, a pen or a finger does on the plot.

use super::camera;
use super::scene::Scene;
use super::select;
use crate::prelude::*;
use crate::view::tooltip::{Tip, beside};
use leptos::html;
use scimf::figure::scatter::{Camera, Nearest, pairs};

/// How far from a cell the pointer still means it, in pixels.
const REACH: f64 = 10.0;
/// A press that moves less than this is a click, in pixels.
const CLICK: f64 = 4.0;
/// Distance of the corners of a lasso, in pixels.
const CORNERS: f64 = 3.0;

/// What a pressed pointer does.
#[derive(Clone, Copy)]
enum Drag {
    /// It may become a move of the plane.
    Pressed([f64; 2]),
    /// It moves the plane.
    Pan([f64; 2]),
    /// It draws round cells.
    Lasso([f64; 2]),
}

/// The pointer on the plot; cheap to copy.
#[derive(Clone, Copy)]
pub struct Pointer {
    scene: Scene,
    frame: NodeRef<html::Div>,
    camera: RwSignal<Option<Camera>>,
    tip: RwSignal<Option<Tip>>,
    drag: StoredValue<Option<Drag>>,
    /// Cells of the chosen time point are found first, the others only where there are none of them.
    indices: [leptos::prelude::Memo<Option<Nearest>>; 2],
}

impl Pointer {
    /// A pointer that does nothing yet.
    pub fn new(
        scene: Scene,
        frame: NodeRef<html::Div>,
        camera: RwSignal<Option<Camera>>,
        tip: RwSignal<Option<Tip>>,
    ) -> Self {
        let state = scene.state;
        let index = |chosen: bool| {
            leptos::prelude::Memo::new_with_compare(
                move |_| {
                    let in_question = state.in_question();
                    state.dataset.with(|dataset| {
                        dataset
                            .as_ref()
                            .map(|d| Nearest::new(pairs(&d.cells.positions), |i| in_question(&d.cells, i) == chosen))
                    })
                },
                |_, _| true,
            )
        };
        Self { scene, frame, camera, tip, drag: StoredValue::new(None), indices: [index(true), index(false)] }
    }

    /// A button goes down: with Shift, or in lasso mode, it begins to draw.
    pub fn pressed(self, event: web_sys::PointerEvent) {
        let Some(at) = self.place(&event).filter(|_| event.button() == 0) else { return };
        // A pointer that is already gone cannot be captured; dragging then ends at the edge.
        let _ = event_target::<web_sys::Element>(&event).set_pointer_capture(event.pointer_id());
        if event.shift_key() || self.scene.state.cells.lasso.get_untracked() {
            self.leave();
            self.scene.lasso.set(vec![self.scene.viewport.get_untracked().unproject(at)]);
            self.drag.set_value(Some(Drag::Lasso(at)));
        } else {
            self.drag.set_value(Some(Drag::Pressed(at)));
        }
    }

    /// It moves.
    pub fn moved(self, event: web_sys::PointerEvent) {
        let Some(at) = self.place(&event) else { return };
        match self.drag.get_value() {
            None => self.hover(at),
            Some(Drag::Pressed(from)) if distance(from, at) < CLICK => {}
            Some(Drag::Pressed(from) | Drag::Pan(from)) => {
                self.drag.set_value(Some(Drag::Pan(at)));
                self.tip.set(None);
                camera::change(self.camera, self.scene, |view| view.pan([at[0] - from[0], at[1] - from[1]]));
            }
            Some(Drag::Lasso(from)) if distance(from, at) >= CORNERS => {
                self.drag.set_value(Some(Drag::Lasso(at)));
                let corner = self.scene.viewport.get_untracked().unproject(at);
                self.scene.lasso.update(|line| line.push(corner));
            }
            Some(Drag::Lasso(_)) => {}
        }
    }

    /// It goes up: a click picks a cell, a lasso selects.
    pub fn released(self, event: web_sys::PointerEvent) {
        match self.drag.get_value() {
            Some(Drag::Pressed(at)) => {
                let picked = self.cell_at(at).map(|cell| cell as u32);
                self.scene.state.cells.picked.set(picked);
            }
            Some(Drag::Lasso(_)) => {
                let line = self.scene.lasso.get_untracked();
                if line.len() > 2 {
                    select::within(self.scene.state, &line);
                }
            }
            _ => {}
        }
        self.cancelled();
        // A finger does not hover.
        if event.pointer_type() == "touch" {
            self.leave();
        }
    }

    /// It is lost.
    pub fn cancelled(self) {
        self.drag.set_value(None);
        self.scene.lasso.set(Vec::new());
    }

    /// It points at nothing any more.
    pub fn leave(self) {
        self.tip.set(None);
        self.scene.hovered.set(None);
        self.scene.crosshair.set(false);
    }

    /// The wheel magnifies what is under the pointer.
    pub fn wheeled(self, event: web_sys::WheelEvent) {
        event.prevent_default();
        if let Some(at) = beside(self.frame, event.client_x(), event.client_y()) {
            let lines = if event.delta_mode() == 0 { 1.0 } else { 33.0 };
            let factor = (-event.delta_y() * lines * 0.0015).clamp(-0.7, 0.7).exp();
            camera::change(self.camera, self.scene, |view| view.zoom(factor, at));
        }
    }

    fn place(self, event: &web_sys::PointerEvent) -> Option<[f64; 2]> {
        beside(self.frame, event.client_x(), event.client_y())
    }

    fn cell_at(self, at: [f64; 2]) -> Option<usize> {
        let viewport = self.scene.viewport.get_untracked();
        let (point, reach) = (viewport.unproject(at), REACH / viewport.scale);
        self.scene.state.dataset.with_untracked(|dataset| {
            let points = pairs(&dataset.as_ref()?.cells.positions);
            self.indices
                .iter()
                .find_map(|index| index.with_untracked(|index| index.as_ref()?.find(points, point, reach)))
        })
    }

    fn hover(self, at: [f64; 2]) {
        let found = self.cell_at(at);
        if self.scene.hovered.get_untracked() != found || self.scene.crosshair.get_untracked() {
            self.scene.crosshair.set(false);
            self.scene.hovered.set(found);
        }
        let text = found.and_then(|cell| untrack(|| self.scene.describe(cell)));
        self.tip.set(text.map(|text| Tip { at, text }));
    }
}

fn distance(a: [f64; 2], b: [f64; 2]) -> f64 {
    (a[0] - b[0]).hypot(a[1] - b[1])
}
