//! A measure as a picture.

use crate::prelude::*;
use crate::{state::State, view::canvas::size_of_element};
use leptos::html;
use scimf::figure::experiment::{self, Measure, Row};

/// A row for each type: unchanged hollow, changed filled, the noise floor shaded.
#[component]
pub fn ExperimentFigure(measure: Measure) -> impl IntoView {
    let state = expect_context::<State>();
    let frame = NodeRef::<html::Div>::new();
    let size = size_of_element(frame);
    let layout = Memo::new(move |_| {
        let (width, kinds) = (size.get()[0], state.type_names());
        state.experiments.found.with(|found| {
            let found = found.as_ref().filter(|_| width > 0.0)?;
            Some(experiment::layout(&found.experiment, measure, &kinds, width))
        })
    });
    let label = match measure {
        Measure::Fates => {
            "The shares of the table, drawn: hollow without the change, filled with it, the noise floor shaded."
        }
        Measure::Moved => {
            "The displacements of the table, drawn: hollow for single cells, filled for their mean, the noise floor shaded."
        }
    };
    let drawing = move || {
        layout.get().map(|layout| {
            let [width, height] = layout.size;
            let [left, top, right, bottom] = layout.area;
            let ticks = layout.ticks.into_iter().map(|(x, number)| {
                view! {
                    <line class="grid" x1=x x2=x y1=top y2=bottom></line>
                    <text class="quiet middle" x=x y=bottom + 12.0>{number}</text>
                }
            });
            let ([x, y], axis) = layout.axis;
            view! {
                <svg viewBox=format!("0 0 {width} {height}") height=height.to_string() role="img" aria-label=label>
                    {ticks.collect_view()}
                    <line class="edge" x1=left x2=right y1=bottom y2=bottom></line>
                    {layout.rows.into_iter().map(row).collect_view()}
                    <text class="quiet" x=x y=y>{axis}</text>
                </svg>
            }
        })
    };
    view! { <div class="drawn effect" node_ref=frame>{move || drawing()}</div> }
}

fn row(row: Row) -> impl IntoView {
    let y = row.y;
    let ([name_x, name_y], name) = row.name;
    let ([words_x, words_y], words) = row.words;
    let [low, high] = row.floor;
    view! {
        <g class:beyond=row.beyond>
            <text class="end" x=name_x y=name_y>{name}</text>
            <rect class="floor" x=low y=y - 7.0 width=(high - low).max(1.0) height="14"></rect>
            <line class="shift" x1=row.hollow x2=row.filled y1=y y2=y></line>
            <circle class="hollow" cx=row.hollow cy=y r="4.5"></circle>
            <path class="filled" d=format!("M{:.1},{y:.1}l5.5,5.5l-5.5,5.5l-5.5,-5.5z", row.filled) transform="translate(0,-5.5)"></path>
            <text class="words" x=words_x y=words_y>{words}</text>
        </g>
    }
}
