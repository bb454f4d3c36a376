//! Particles that drift with the velocity, on a layer of their own that moves while the rest stands still.

use super::pen::Pen;
use super::scene::{Scene, shown};
use crate::prelude::*;
use crate::{page, state::Flow, view::canvas::sharp_context};
use leptos::html;
use scimf::figure::field::length_quantile;
use scimf::figure::particles::Swarm;
use scimf::figure::theme::Theme;
use web_sys::HtmlCanvasElement;

/// Steps a second.
const STEPS: f64 = 60.0;
/// Pixels a second of a fast particle when everything is seen.
const FAST: f64 = 42.0;
/// Opacities of a trail from its head to its end.
const FADES: usize = 5;

/// The layer; it moves only while particles are wanted, there is a velocity and no simulated cells are shown. A hidden tab has no frames.
#[component]
pub fn Particles(scene: Scene) -> impl IntoView {
    let canvas = NodeRef::<html::Canvas>::new();
    let runs = StoredValue::new(0_u32);
    let wanted = Memo::new(move |_| {
        shown(scene.state) == Flow::Particles
            && scene.state.playhead.with(Option::is_none)
            && scene.grid.with(|grid| !grid.is_empty())
    });
    Effect::new(move |_| {
        let (wanted, canvas) = (wanted.get(), canvas.get());
        runs.update_value(|run| *run += 1);
        let Some(canvas) = canvas else { return };
        if wanted {
            let count = scene.arrows.with_untracked(|arrows| arrows.len()).clamp(60, 500);
            frame(scene, canvas, runs, runs.get_value(), Swarm::new(count, 1), page::now());
        } else {
            sharp_context(&canvas, scene.size.get_untracked());
        }
    });
    view! { <canvas node_ref=canvas aria-hidden="true" class="scatter-particles"></canvas> }
}

fn frame(scene: Scene, canvas: HtmlCanvasElement, runs: StoredValue<u32>, run: u32, mut swarm: Swarm, before: f64) {
    request_animation_frame(move || {
        // The plot is gone, or another run has begun.
        if runs.try_get_value() != Some(run) {
            return;
        }
        let now = page::now();
        let steps = ((now - before) / 1000.0 * STEPS).round();
        if steps < 1.0 {
            return frame(scene, canvas, runs, run, swarm, before);
        }
        let (grid, arrows) = (scene.grid.get_untracked(), scene.arrows.get_untracked());
        let typical = length_quantile(&arrows, 0.9);
        if typical > 0.0 {
            let pace = FAST / STEPS / scene.whole().scale / typical;
            // After a pause the particles go on where they were.
            (0..steps.min(4.0) as usize).for_each(|_| swarm.step(&grid, &arrows, pace));
        }
        draw(scene, &canvas, &swarm);
        frame(scene, canvas, runs, run, swarm, now);
    });
}

fn draw(scene: Scene, canvas: &HtmlCanvasElement, swarm: &Swarm) {
    let Some(context) = sharp_context(canvas, scene.size.get_untracked()) else { return };
    let Theme { ink, paper, accent, .. } = Theme::new(scene.state.dark.get_untracked());
    let pen = Pen { context: &context, viewport: scene.viewport.get_untracked(), ink, paper, accent };
    context.set_line_cap("round");
    let mut fades: Vec<Vec<[[f64; 2]; 2]>> = vec![Vec::new(); FADES];
    for (piece, age) in swarm.pieces() {
        fades[((age * FADES as f64) as usize).min(FADES - 1)].push(piece.map(|point| pen.viewport.project(point)));
    }
    context.begin_path();
    fades[..2].iter().flatten().for_each(|piece| pen.path(piece));
    pen.stroke(paper, 3.4, 0.6);
    for (fade, pieces) in fades.iter().enumerate().rev() {
        context.begin_path();
        pieces.iter().for_each(|piece| pen.path(piece));
        pen.stroke(ink, 1.8 - 0.2 * fade as f64, 1.0 - 0.18 * fade as f64);
    }
}
