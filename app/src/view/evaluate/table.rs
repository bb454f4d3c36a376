//! The rows.

use crate::prelude::*;
use crate::{
    state::{Evaluated, Standing, State},
    words,
};
use scimf::figure::comparison::Metric;
use scimf::figure::score_table::{self, best, columns, mean_and_deviation};
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
        let seeds = evaluated.table.seeds;
        let rows = times.first().map_or_else(Vec::new, |time| time.rows.clone()).into_iter().map(|row| {
            let cells = times
                .iter()
                .flat_map(|time| columns.iter().map(|metric| cell(&evaluated, time, &row, *metric)).collect::<Vec<_>>())
                .collect_view();
            view! {
                <tr class:floor=row.key == FLOOR>
                    <th scope="row">
                        {row.name.clone()} <small class="quiet">{row.about.clone()}</small>
                        {row.failure.clone().map(|why| view! { <small class="failed">{format!("Failed, {why}")}</small> })}
                    </th>
                    {cells}
                    {effort(&row, seeds)}
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
                            <th scope="colgroup" colspan="3">"Behind it"</th>
                        </tr>
                        <tr>
                            <td></td>
                            {metrics}
                            <th scope="col"><abbr title="Values behind each mean, of those asked for">"seeds"</abbr></th>
                            <th scope="col"><abbr title="Seconds of an update or epoch on this machine">"s / step"</abbr></th>
                            <th scope="col"><abbr title="Trained parameters">"parameters"</abbr></th>
                        </tr>
                    </thead>
                    <tbody>{rows.collect_view()}</tbody>
                </table>
            </div>
        })
    }
}

/// Seeds that are done, seconds of a step and parameters.
fn effort(row: &Row, seeds: u32) -> impl IntoView + use<> {
    let done = row.distances.map_or(0, |it| it.values);
    let done = if done < seeds { format!("{done} of {seeds}") } else { done.to_string() };
    let step = row.training.map_or_else(|| "–".to_owned(), |it| score_table::seconds(it.seconds));
    let parameters = row.training.map_or_else(|| "–".to_owned(), |it| words::count(it.parameters));
    [done, step, parameters].map(|text| view! { <td class="effort">{text}</td> }).collect_view()
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
        _ if row.failure.is_some() => "its training failed",
        (Standing::Running, _) => "not there yet",
        (Standing::Stopped | Standing::Interrupted, _) => "not computed before the end",
        (_, None) if row.key == INTERPOLATION => "there is no later training time point to interpolate with",
        (_, Some(model)) if evaluated.settings.train.iter().all(|recipe| recipe.model != model) => {
            "this model was not trained for this and has no weights, or works in fewer components than the measure"
        }
        _ => "could not be computed",
    }
}
