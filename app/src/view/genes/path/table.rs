//! The genes that move on a path, with their curves, and the files of a path.

use crate::prelude::*;
use crate::{
    state::{ColorBy, State},
    view::{
        choice::{self, Choice},
        operators::hand_over,
    },
};
use scimf::figure::labels::number;
use scimf::figure::path::{Rank, genes_csv, points_csv, ranked};
use scimf::figure::spark;
use scimf::protocol::{LeastActionPath, PathGene};
use std::sync::Arc;

const RANKS: &[choice::Option<Rank>] = &[
    (Rank::Range, "Range", "Genes that go furthest on the path"),
    (
        Rank::Beyond,
        "Beyond the line",
        "Genes that leave the straight line between the two means most: what only the path tells",
    ),
];

/// Width and height of a curve, in pixels.
const CURVE: [f64; 2] = [84.0, 24.0];

/// A row for each gene, ranked as is chosen.
#[component]
pub fn GenesOnPath(path: Arc<LeastActionPath>) -> impl IntoView {
    let state = expect_context::<State>();
    let rows = move || {
        let genes = ranked(&path, state.paths.rank.get()).into_iter().cloned();
        genes.map(|gene| view! { <Row gene/> }).collect_view()
    };
    view! {
        <div class="bar">
            <h3>"Genes on the path"</h3>
            <Choice label="Rank genes by" options=RANKS value=state.paths.rank/>
        </div>
        <div class="figure-scroll tall" tabindex="0" role="group" aria-label="Genes on the path">
            <table class="scores">
                <caption><span class="in-sight">"Decoded through the loadings; dashed: the straight line between the two means"</span></caption>
                <thead>
                    <tr>
                        <th scope="col">"gene"</th>
                        <th scope="col">"along the path"</th>
                        <th scope="col">"start"</th>
                        <th scope="col">"end"</th>
                        <th scope="col" title="Largest less smallest value on the path">"range"</th>
                        <th scope="col" title="Largest departure from the straight line">"beyond"</th>
                        <th scope="col" title="Its place by range on the path, and by the difference of the two ends">"place, on the line"</th>
                    </tr>
                </thead>
                <tbody>{move || rows()}</tbody>
            </table>
        </div>
    }
}

#[component]
fn Row(gene: PathGene) -> impl IntoView {
    let state = expect_context::<State>();
    let [first, last] = [gene.values.first(), gene.values.last()].map(|value| value.copied().unwrap_or(f32::NAN));
    let values: Vec<Option<f64>> = gene.values.iter().map(|value| Some(f64::from(*value))).collect();
    let count = values.len().saturating_sub(1).max(1) as f64;
    let places: Vec<f64> = (0..values.len()).map(|point| point as f64 / count).collect();
    let range = spark::extent(&values);
    let curve = spark::path(&spark::points(&values, &places, range, CURVE, 3.0));
    let ends = [Some(f64::from(first)), Some(f64::from(last))];
    let straight = spark::path(&spark::points(&ends, &[0.0, 1.0], range, CURVE, 3.0));
    let index = gene.gene;
    view! {
        <tr>
            <th scope="row">
                <button type="button" class="link" title="Colour the cells by this gene" on:click=move |_| state.color_by.set(ColorBy::Gene(index))>
                    {state.genes.name(index)}
                </button>
            </th>
            <td>
                <svg class="spark" viewBox=format!("0 0 {} {}", CURVE[0], CURVE[1]) width=CURVE[0] height=CURVE[1] aria-hidden="true">
                    <path class="straight" d=straight/>
                    <path d=curve/>
                </svg>
            </td>
            <td>{number(first.into())}</td>
            <td>{number(last.into())}</td>
            <td data-value=gene.range.to_string()>{number(gene.range.into())}</td>
            <td data-value=gene.beyond.to_string()>{number(gene.beyond.into())}</td>
            <td>{format!("{}, {}", gene.place, gene.straight_place)}</td>
        </tr>
    }
}

/// Genes and points as files.
#[component]
pub fn Files(path: Arc<LeastActionPath>) -> impl IntoView {
    let state = expect_context::<State>();
    let any = !path.genes.is_empty();
    let genes = path.clone();
    let save_genes = move |_| hand_over(state, "path-genes", &genes_csv(&genes, &state.genes.names.get_untracked()));
    let save_points = move |_| {
        let (types, labels) = untrack(|| (state.type_names(), state.time_labels()));
        let axis =
            state.dataset.with_untracked(|it| it.as_ref().map_or_else(String::new, |it| it.summary.axis.clone()));
        hand_over(state, "path", &points_csv(&path, &axis, &types, &labels));
    };
    view! {
        <div class="under">
            {any.then(|| view! {
                <button type="button" on:click=save_genes>
                    "Save path genes (CSV)"
                </button>
            })}
            <button type="button" on:click=save_points>
                "Save path points (CSV)"
            </button>
        </div>
    }
}
