//! The rows.

use crate::state::{Evaluated, Standing, State};
use leptos::prelude::*;
use scimf::figure::comparison::{Metric, Row};
use scimf::figure::score_table::{lowest, mean_and_deviation};
use scimf::protocol::HeldOut;

/// Distances of every row to the observed cells; each held-out time point has two columns.
#[component]
pub fn Table() -> impl IntoView {
    let state = expect_context::<State>();
    move || {
        let evaluated = state.evaluation.get()?;
        let times = evaluated.table.held_out.clone();
        let heads = times
            .iter()
            .map(|time| view! { <th scope="colgroup" colspan="2" title=time.label.clone()>{time.label.clone()}</th> })
            .collect_view();
        let metrics = times
            .iter()
            .map(|_| {
                view! {
                    <th scope="col"><abbr title="Exact optimal transport with Euclidean cost">"W1"</abbr></th>
                    <th scope="col">
                        <abbr title="Square root of exact optimal transport with squared Euclidean cost">"W2"</abbr>
                    </th>
                }
            })
            .collect_view();
        let rows = Row::ALL.into_iter().map(|row| {
            let cells = times
                .iter()
                .flat_map(|time| [Metric::W1, Metric::W2].map(|metric| cell(&evaluated, time, row, metric)))
                .collect_view();
            view! {
                <tr class:floor=row == Row::Floor>
                    <th scope="row">{row.name()} <small class="quiet">{meaning(row)}</small></th>
                    {cells}
                </tr>
            }
        });
        Some(view! {
            <div class="figure-scroll" tabindex="0" role="group" aria-label="Table of the evaluation">
                <table class="scores">
                    <caption>"Distance to the observed cells"</caption>
                    <thead>
                        <tr>
                            <td></td>
                            {heads}
                        </tr>
                        <tr>
                            <td></td>
                            {metrics}
                        </tr>
                    </thead>
                    <tbody>{rows.collect_view()}</tbody>
                </table>
            </div>
        })
    }
}

fn cell(evaluated: &Evaluated, time: &HeldOut, row: Row, metric: Metric) -> AnyView {
    let Some(distances) = row.distances(time) else {
        let why = why_missing(evaluated, row);
        return view! { <td class="absent" title=why>"–" <span class="unseen">{why}</span></td> }.into_any();
    };
    let best = lowest(time, metric) == Some(row);
    let value = metric.of(&distances)[0];
    view! {
        <td class:best=best data-value=value.to_string()>
            {best.then(|| view! { <span class="mark" aria-hidden="true">"◆ "</span><span class="unseen">"lowest: "</span> })}
            {mean_and_deviation(&distances, metric)}
        </td>
    }
    .into_any()
}

fn meaning(row: Row) -> &'static str {
    match row {
        Row::Floor => "two halves of the observed cells",
        Row::StayPut => "the cells of the time before",
        Row::Interpolation => "between the neighbouring time points",
        Row::IntraOnly => "every cell alone",
        Row::ScImf => "with interaction between cells",
        Row::CellMnn => "a linear equation for each cell",
    }
}

fn why_missing(evaluated: &Evaluated, row: Row) -> &'static str {
    match (evaluated.standing, row) {
        (Standing::Running, _) => "not there yet",
        (Standing::Cancelled | Standing::Interrupted, _) => "not computed before the end",
        (_, Row::Interpolation) => "there is no later training time point to interpolate with",
        (_, Row::CellMnn) => {
            "Cell-MNN was not trained for this, has no weights, or works in fewer components than the measure"
        }
        (_, Row::IntraOnly | Row::ScImf) if evaluated.settings.train.is_none() => {
            "there are no weights of this model: Train and evaluate compares all"
        }
        _ => "could not be computed",
    }
}
