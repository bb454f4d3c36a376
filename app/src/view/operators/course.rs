//! Mean operators of the types over time, as small heatmaps on one scale.

use super::hand_over;
use crate::prelude::*;
use crate::state::{OperatorView, State};
use leptos::html;
use scimf::figure::heatmap::Scale;
use scimf::figure::operator::signed;
use scimf::figure::operator_grid::{at, csv, scale, words};
use scimf::protocol::MeanOperators;
use std::sync::Arc;
use wasm_bindgen::{Clamped, JsCast};
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, ImageData};

/// Types in rows, time points in columns; each is a button that chooses its type and time.
#[component]
pub fn OperatorCourse() -> impl IntoView {
    let state = expect_context::<State>();
    let content = move || {
        let (means, dataset) = (state.operators.means.get()?, state.dataset.get()?);
        let summary = &dataset.summary;
        let heads = summary.time_points.iter().enumerate().map(|(time, point)| {
            view! {
                <th scope="col" class:chosen=move || state.time.get() == time>{point.label.clone()}</th>
            }
        });
        let rows = summary.cell_types.iter().enumerate().map(|(kind, name)| {
            let cells = (0..summary.time_points.len()).map(|time| match at(&means, time, kind) {
                Some(one) => {
                    let about = words(one, summary);
                    view! { <td><Tile means=means.clone() time kind about growth=one.growth/></td> }.into_any()
                }
                None => view! { <td class="quiet">"–"</td> }.into_any(),
            });
            view! {
                <tr>
                    <th scope="row"><span class="index">{kind + 1}</span> " " {name.name.clone()}</th>
                    {cells.collect_view()}
                </tr>
            }
        });
        let [low, high] = scale(&means).range();
        Some(view! {
            <p id="course-words" class="course-words">
                {format!(
                    "Mean operator of each type, all from {} (purple, drives down) to {} (orange, drives up); below each its largest growth rate. Choose one to see its numbers.",
                    signed(low),
                    signed(high),
                )}
            </p>
            <div class="figure-scroll course-grid" tabindex="0" role="group" aria-label="Mean operators by type and time">
                <table aria-labelledby="course-words">
                    <thead>
                        <tr>
                            <td></td>
                            {heads.collect_view()}
                        </tr>
                    </thead>
                    <tbody>{rows.collect_view()}</tbody>
                </table>
            </div>
        })
    };
    move || {
        content().map_or_else(
            || view! { <div class="waiting"><p>"The mean operators are being computed."</p></div> }.into_any(),
            IntoAny::into_any,
        )
    }
}

#[component]
fn Tile(means: Arc<MeanOperators>, time: usize, kind: usize, about: String, growth: f32) -> impl IntoView {
    let state = expect_context::<State>();
    let canvas = NodeRef::<html::Canvas>::new();
    Effect::new(move |_| {
        if let (Some(canvas), Some(one)) = (canvas.get(), at(&means, time, kind)) {
            paint(&canvas, &one.matrix, means.dimensions, scale(&means));
        }
    });
    let chosen = move || state.time.get() == time && state.operators.kind.get() == Some(kind);
    let choose = move |_| {
        state.cells.picked.set(None);
        state.choose_time(time);
        state.operators.kind.set(Some(kind));
        state.operators.view.set(OperatorView::Operator);
    };
    view! {
        <button type="button" class="tile" class:chosen=chosen title=about.clone() aria-label=about on:click=choose>
            <canvas node_ref=canvas aria-hidden="true"></canvas>
            <span aria-hidden="true">{signed(growth.into())}</span>
        </button>
    }
}

/// A pixel for each entry; the style sheet makes them large without smoothing them.
pub fn paint(canvas: &HtmlCanvasElement, matrix: &[f32], d: usize, scale: Scale) {
    let Ok(side) = u32::try_from(d.max(1)) else { return };
    canvas.set_width(side);
    canvas.set_height(side);
    let color = |value: &f32| scale.color((*value).into()).map_or([128, 128, 128, 255], |c| [c.r, c.g, c.b, 255]);
    let pixels: Vec<u8> = matrix.iter().flat_map(color).collect();
    let context = canvas.get_context("2d").ok().flatten().and_then(|it| it.dyn_into::<CanvasRenderingContext2d>().ok());
    let image = ImageData::new_with_u8_clamped_array_and_sh(Clamped(&pixels), side, side);
    if let (Some(context), Ok(image)) = (context, image)
        && let Err(error) = context.put_image_data(&image, 0.0, 0.0)
    {
        leptos::logging::error!("an operator could not be drawn: {error:?}");
    }
}

/// Every entry as a file.
pub fn save(state: State) {
    if let (Some(means), Some(dataset)) = (state.operators.means.get(), state.dataset.get()) {
        hand_over(state, "operators", &csv(&means, &dataset.summary));
    }
}
