//! What the user moved and magnified.

use super::scene::{PADDING, Scene};
use leptos::prelude::*;
use scimf::figure::scatter::{Bounds, Viewport};

/// A part of the plane; valid for one set of cells only.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Camera {
    /// Bounds of the cells it was made for.
    pub bounds: Bounds,
    center: [f64; 2],
    /// 1 shows everything.
    zoom: f64,
}

impl Camera {
    /// The viewport, given the one that shows everything.
    pub fn viewport(self, whole: Viewport) -> Viewport {
        Viewport { center: self.center, scale: whole.scale * self.zoom, ..whole }
    }

    /// Moves or magnifies; between a third and 60 times of everything, with some of the cells' plane always in sight.
    pub fn change(camera: RwSignal<Option<Self>>, scene: Scene, change: impl Fn(Viewport) -> Viewport) {
        let bounds = scene.bounds.get_untracked();
        let before = scene.viewport.get_untracked();
        let whole = Viewport::fit(bounds, before.size, PADDING);
        let after = change(before);
        let zoom = after.scale / whole.scale;
        if (0.33..=60.0).contains(&zoom) {
            let center = [0, 1].map(|axis| after.center[axis].clamp(bounds.low[axis], bounds.high[axis]));
            camera.set(Some(Self { bounds, center, zoom }));
        }
    }
}
