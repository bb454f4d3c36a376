//! One cell: who it listens to (whole lines, arrows to the cell) and who listens to it (dashed lines, arrows from the cell).

use super::pen::Pen;
use super::scene::Scene;
use crate::prelude::*;
use crate::{
    engine::{Engine, Question},
    shown::cells::Heard,
    state::Dataset,
    words,
};
use scimf::figure::corner::{along, quietest};
use scimf::figure::hearing::{Joint, Listening, joint};
use scimf::figure::scatter::pairs;
use scimf::protocol::Score;

/// Types that the card names for each direction.
const NAMED: usize = 5;
/// Size of the card and its distances from the plot's side, top and bottom, in CSS pixels; the style sheet has the same.
const CARD: [f64; 2] = [294.0, 236.0];
const MARGINS: [f64; 3] = [8.0, 40.0, 8.0];
/// A plot as narrow as this has a card as wide as itself.
const NARROW: f64 = 340.0;

impl Pen<'_> {
    /// Lines between the picked cell and those that it is joined with most.
    pub fn heard(&self, scene: Scene, dataset: &Dataset) {
        let Some(picked) = scene.state.cells.picked.get_untracked() else { return };
        let points = pairs(&dataset.cells.positions);
        let place = |cell: u32| points.get(cell as usize).map(|point| self.place(*point));
        let Some(own) = place(picked) else { return };
        let heard = scene.heard.get_untracked();
        for (from, side) in heard.iter().flat_map(|heard| [(false, &heard.listens_to), (true, &heard.heard_by)]) {
            for (other, width) in side.widths() {
                let Some(other) = place(other) else { continue };
                let (start, end) = if from { (own, other) } else { (other, own) };
                if let Some(joint) = joint(start, end, width) {
                    self.joint(&joint, width, from);
                }
                if !from {
                    self.context.begin_path();
                    self.circle(other, 2.0 + width / 2.0);
                    self.stroke(self.paper, 2.0, 0.8);
                    self.context.set_fill_style_str(&self.ink.to_string());
                    self.context.fill();
                }
            }
        }
        self.context.begin_path();
        self.circle(own, 8.0);
        self.stroke(self.paper, 6.0, 0.9);
        self.stroke(self.ink, 2.6, 1.0);
    }

    /// A bent line with its arrowhead at the end.
    fn joint(&self, joint: &Joint, width: f64, dashed: bool) {
        let line = || {
            self.context.begin_path();
            self.context.move_to(joint.start[0], joint.start[1]);
            self.context.quadratic_curve_to(joint.middle[0], joint.middle[1], joint.tip[0], joint.tip[1]);
        };
        line();
        self.stroke(self.paper, width + 2.0, 0.7);
        if dashed {
            self.dashed(&[width + 3.0, width + 3.5]);
        }
        line();
        self.stroke(self.ink, width, 0.85);
        self.dashed(&[]);
        self.context.begin_path();
        self.path(&joint.head);
        self.stroke(self.paper, 3.6, 0.7);
        self.stroke(self.ink, 1.8, 1.0);
    }
}

/// Points of the picked cell and of the lines to and from it.
fn drawn(scene: Scene, picked: Option<u32>) -> Vec<[f64; 2]> {
    let viewport = scene.viewport.get();
    scene.state.dataset.with(|dataset| {
        let (Some(dataset), Some(picked)) = (dataset, picked) else { return Vec::new() };
        let points = pairs(&dataset.cells.positions);
        let place = |cell: u32| points.get(cell as usize).map(|point| viewport.project(point.map(f64::from)));
        let Some(own) = place(picked) else { return Vec::new() };
        let mut all = vec![own];
        scene.heard.with(|heard| {
            let sides = heard.iter().flat_map(|heard| [(false, &heard.listens_to), (true, &heard.heard_by)]);
            for (other, from) in sides.flat_map(|(from, side)| side.cells.iter().map(move |(cell, _)| (*cell, from))) {
                let Some(other) = place(other) else { continue };
                let (start, end) = if from { (own, other) } else { (other, own) };
                all.extend(joint(start, end, 1.0).into_iter().flat_map(|it| along(it.start, it.middle, it.tip)));
            }
        });
        all
    })
}

/// The picked cell in words.
#[component]
pub fn CellCard(scene: Scene) -> impl IntoView {
    let (state, engine) = (scene.state, expect_context::<Engine>());
    let side = move |title: &'static str, of: fn(&Heard) -> &Listening| {
        let rows = move || {
            let names = state.dataset.get()?.summary.cell_types.clone();
            let colors = scene.type_colors.get();
            let heard = scene.heard.get()?;
            let row = |(kind, share): &(usize, f32)| {
                view! {
                    <li>
                        <span class="swatch" style:background-color=colors.get(*kind).map(|color| color.to_string())></span>
                        <span class="name">{names.get(*kind).map(|kind| kind.name.clone())}</span>
                        <span class="count">{format!("{:.0} %", 100.0 * share)}</span>
                    </li>
                }
            };
            Some(of(&heard).types.iter().take(NAMED).map(row).collect_view())
        };
        view! { <h3>{title}</h3> <ol>{move || rows()}</ol> }
    };
    let waiting = move || {
        let can = state.can();
        if can.operators {
            Some("Its operator is shown beside the cells, and its eigenvalues are marked.")
        } else if !can.attention {
            Some("This model moves every cell alone: it listens to no other.")
        } else if !state.has_weights() {
            Some("Train the model or load weights to see who it listens to.")
        } else if scene.heard.with(Option::is_none) {
            Some("Its attention is being computed.")
        } else {
            None
        }
    };
    let busy = move || engine.pending(Question::CellAttention).to_string();
    let number = move |cell: u32| format!("Cell {}", words::count(cell as usize + 1));
    let score = move || match state.score.get() {
        Score::Attention => "Share of its attention, by type; lines to the 8 strongest cells.",
        Score::Influence => "Share of the influence, by type; lines to the 8 strongest cells.",
    };
    // The card stands in the corner where it covers least of the cell and its lines.
    let corner = Memo::new(move |_| {
        let viewport = scene.viewport.get();
        let small = viewport.size[0] < NARROW;
        let card = if small { [viewport.size[0] - 16.0, CARD[1]] } else { CARD };
        let drawn = drawn(scene, state.cells.picked.get());
        quietest(&drawn, viewport.size, card, MARGINS)
    });
    move || {
        state.cells.picked.get().map(|cell| {
            view! {
                <section class="cell-card" class:left=move || !corner.get()[0] class:bottom=move || corner.get()[1] aria-labelledby="cell-card-title" aria-busy=busy>
                    <div class="head">
                        <h3 id="cell-card-title">{number(cell)}</h3>
                        <button
                            type="button"
                            class="icon"
                            aria-label="Close the cell's card"
                            title="Close (Esc)"
                            on:click=move |_| state.cells.picked.set(None)
                        >
                            "×"
                        </button>
                    </div>
                    <p>{move || scene.describe(cell as usize)}</p>
                    {move || match waiting() {
                        Some(why) => view! { <p class="quiet">{why}</p> }.into_any(),
                        None => {
                            view! {
                                <div class="sides">
                                    <div>{side("Listens to ───", |heard| &heard.listens_to)}</div>
                                    <div>{side("Is heard by ┄┄", |heard| &heard.heard_by)}</div>
                                </div>
                                <p class="quiet">{move || score()}</p>
                            }
                                .into_any()
                        }
                    }}
                </section>
            }
        })
    }
}
