//! What the keys do on the plot: move and magnify, or go from cell to cell.

use super::camera;
use super::scene::Scene;
use crate::prelude::*;
use crate::view::tooltip::Tip;
use scimf::figure::scatter::{Camera, Viewport, pairs, towards};
use wasm_bindgen::JsCast;

/// Cells that are closer than this are passed over in steps of the crosshair, in pixels.
const STEP: f64 = 4.0;

/// The keys on the plot; cheap to copy.
#[derive(Clone, Copy)]
pub struct Keys {
    pub scene: Scene,
    pub camera: RwSignal<Option<Camera>>,
    pub tip: RwSignal<Option<Tip>>,
}

impl Keys {
    /// A key goes down while the plot has the focus.
    pub fn pressed(self, event: web_sys::KeyboardEvent) {
        if event.ctrl_key() || event.meta_key() || event.alt_key() {
            return;
        }
        let key = event.key();
        let center = self.scene.size.get_untracked().map(|s| s / 2.0);
        let direction = match key.as_str() {
            "ArrowLeft" => Some([-1.0, 0.0]),
            "ArrowRight" => Some([1.0, 0.0]),
            "ArrowUp" => Some([0.0, 1.0]),
            "ArrowDown" => Some([0.0, -1.0]),
            _ => None,
        };
        match (key.as_str(), direction) {
            (_, Some(direction)) if self.scene.crosshair.get_untracked() => self.step(direction),
            (_, Some([x, y])) => self.look(|view| view.pan([-40.0 * x, 40.0 * y])),
            ("+" | "=", _) => self.look(|view| view.zoom(1.25, center)),
            ("-", _) => self.look(|view| view.zoom(0.8, center)),
            ("0", _) => self.camera.set(None),
            ("Enter", _) => self.enter(),
            _ => return,
        }
        event.prevent_default();
        event.stop_propagation();
    }

    /// The focus goes elsewhere.
    pub fn left(self) {
        if self.scene.crosshair.get_untracked() {
            self.scene.crosshair.set(false);
            self.scene.hovered.set(None);
            self.tip.set(None);
        }
    }

    fn look(self, change: impl Fn(Viewport) -> Viewport) {
        camera::change(self.camera, self.scene, change);
    }

    /// Puts the crosshair on the cell nearest to the middle, or picks the cell that it is on.
    fn enter(self) {
        let (state, hovered) = (self.scene.state, self.scene.hovered.get_untracked());
        if self.scene.crosshair.get_untracked() {
            return state.cells.picked.set(hovered.map(|cell| cell as u32));
        }
        let center = self.scene.viewport.get_untracked().center;
        let time = state.time.get_untracked() as u32;
        let nearest = state.dataset.with_untracked(|dataset| {
            let cells = &dataset.as_ref()?.cells;
            let distance = |point: &[f32; 2]| {
                (f64::from(point[0]) - center[0]).powi(2) + (f64::from(point[1]) - center[1]).powi(2)
            };
            let here = pairs(&cells.positions).iter().enumerate().filter(|(i, _)| cells.times.get(*i) == Some(&time));
            here.map(|(i, point)| (i, distance(point)))
                .filter(|(_, d)| d.is_finite())
                .min_by(|a, b| a.1.total_cmp(&b.1))
        });
        if let Some((cell, _)) = nearest {
            self.scene.crosshair.set(true);
            self.stand_on(cell);
        }
    }

    fn step(self, direction: [f64; 2]) {
        let state = self.scene.state;
        let (Some(from), time) = (self.scene.hovered.get_untracked(), state.time.get_untracked() as u32) else {
            return;
        };
        let least = STEP / self.scene.viewport.get_untracked().scale;
        let next = state.dataset.with_untracked(|dataset| {
            let cells = &dataset.as_ref()?.cells;
            let points = pairs(&cells.positions);
            let from = points.get(from)?.map(f64::from);
            towards(points, from, direction, least, |i| cells.times.get(i) == Some(&time))
        });
        if let Some(cell) = next {
            self.stand_on(cell);
        }
    }

    /// Moves the crosshair, and the plane with it where it would leave the plot.
    fn stand_on(self, cell: usize) {
        let place = || {
            let viewport = self.scene.viewport.get_untracked();
            let point = self.scene.state.dataset.with_untracked(|dataset| {
                pairs(&dataset.as_ref()?.cells.positions).get(cell).map(|point| point.map(f64::from))
            });
            point.map(|point| viewport.project(point))
        };
        let Some(at) = place() else { return };
        let size = self.scene.size.get_untracked();
        if (0..2).any(|axis| !(8.0..=size[axis] - 8.0).contains(&at[axis])) {
            self.look(|view| view.pan([size[0] / 2.0 - at[0], size[1] / 2.0 - at[1]]));
        }
        self.scene.hovered.set(Some(cell));
        let text = untrack(|| self.scene.describe(cell));
        self.tip.set(place().zip(text).map(|(at, text)| Tip { at, text }));
    }
}

/// Keys of the whole page: Esc puts away what is open, one thing after the other.
pub fn anywhere(scene: Scene, keys: Keys, event: &web_sys::KeyboardEvent) {
    if event.default_prevented() || !ours(event) {
        return;
    }
    if event.key() == "Escape" && put_away(scene, keys) {
        event.prevent_default();
    }
}

/// The key does not belong to a field, a dialog or another panel.
fn ours(event: &web_sys::KeyboardEvent) -> bool {
    let Some(target) = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok()) else {
        return true;
    };
    let within = |selector: &str| target.closest(selector).ok().flatten().is_some();
    let writes = within("input:not([type='radio'], [type='checkbox'], [type='range']), textarea, dialog");
    !writes && (within(".cells") || !within(".panel"))
}

fn put_away(scene: Scene, keys: Keys) -> bool {
    let state = scene.state;
    if !scene.lasso.with_untracked(Vec::is_empty) {
        scene.lasso.set(Vec::new());
    } else if scene.crosshair.get_untracked() {
        keys.left();
    } else if state.cells.picked.get_untracked().is_some() {
        state.cells.picked.set(None);
    } else if !state.selection.cells.get_untracked().is_empty() {
        state.selection.clear();
    } else if state.cells.lasso.get_untracked() {
        state.cells.lasso.set(false);
    } else {
        return false;
    }
    true
}
