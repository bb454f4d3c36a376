//! The rows.

use crate::state::{Evaluated, Standing, State};
use leptos::prelude::*;
use scimf::figure::comparison::Metric;
use scimf::figure::score_table::{best, columns, mean_and_deviation};
use scimf::protocol::{FLOOR, HeldOut, INTERPOLATION, Row};

/// Distances of every row to the observed cells; each held-out time point has a column for each. The debiased ones mark the best row.
#[component]
pub fn Table() -> impl IntoView {
    let state = expect_context::<State>();
    move || {
        let evaluated = state.evaluation.get()?;
        let times = evaluated.table.held_out.clone();
        let columns = columns(&evaluated.table);
        let span = columns.len();
        let heads = times
            .iter()
            .map(|time| view! { <th scope="colgroup" colspan=span title=time.label.clone()>{time.label.clone()}</th> })
            .collect_view();
        let metrics = times
            .iter()
            .flat_map(|_| columns.clone())
            .map(|metric| view! { <th scope="col"><abbr title=metric.about()>{metric.short()}</abbr></th> })
            .collect_view();
        let rows = times.first().map_or_else(Vec::new, |time| time.rows.clone()).into_iter().map(|row| {
            let cells = times
                .iter()
                .flat_map(|time| columns.iter().map(|metric| cell(&evaluated, time, &row, *metric)).collect::<Vec<_>>())
                .collect_view();
            view! {
                <tr class:floor=row.key == FLOOR>
                    <th scope="row">{row.name} <small class="quiet">{row.about}</small></th>
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

fn cell(evaluated: &Evaluated, time: &HeldOut, row: &Row, metric: Metric) -> AnyView {
    let Some(distances) = time.distances(&row.key).filter(|it| metric.of(it)[0].is_finite()) else {
        let why = why_missing(evaluated, row);
        return view! { <td class="absent" title=why>"–" <span class="unseen">{why}</span></td> }.into_any();
    };
    let best = best(time, metric) == Some(row.key.as_str());
    let value = metric.of(&distances)[0];
    view! {
        <td class:best=best data-value=value.to_string()>
            {best.then(|| view! { <span class="mark" aria-hidden="true">"◆ "</span><span class="unseen">"lowest: "</span> })}
            {mean_and_deviation(&distances, metric)}
        </td>
    }
    .into_any()
}

fn why_missing(evaluated: &Evaluated, row: &Row) -> &'static str {
    match (evaluated.standing, row.model) {
        (Standing::Running, _) => "not there yet",
        (Standing::Cancelled | Standing::Interrupted, _) => "not computed before the end",
        (_, None) if row.key == INTERPOLATION => "there is no later training time point to interpolate with",
        (_, Some(model)) if evaluated.settings.train.iter().all(|recipe| recipe.model != model) => {
            "this model was not trained for this and has no weights, or works in fewer components than the measure"
        }
        _ => "could not be computed",
    }
}
