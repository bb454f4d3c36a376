//! Moving and magnifying.

use super::scene::{PADDING, Scene};
use crate::signals::RwSignal;
use scimf::figure::scatter::{Camera, Viewport};

/// Moves or magnifies; between a third and 60 times of everything, with some of the cells' plane always in sight.
pub fn change(camera: RwSignal<Option<Camera>>, scene: Scene, change: impl Fn(Viewport) -> Viewport) {
    let bounds = scene.bounds.get_untracked();
    let before = scene.viewport.get_untracked();
    let whole = Viewport::fit(bounds, before.size, PADDING);
    let after = change(before);
    let zoom = after.scale / whole.scale;
    if (0.33..=60.0).contains(&zoom) {
        let center = [0, 1].map(|axis| after.center[axis].clamp(bounds.low[axis], bounds.high[axis]));
        camera.set(Some(Camera { bounds, center, zoom }));
    }
}
