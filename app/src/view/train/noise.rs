//! How much noise the shown model needs in each interval, where it learned that.

use crate::prelude::*;
use crate::{state::State, view::operators::hand_over};
use scimf::figure::labels::number;
use scimf::figure::noise::{bins, interval, sentences, table};
use scimf::protocol::{IntervalNoise, NoiseOfInterval};
use std::sync::Arc;

/// What the noise says, and a row for each interval; nothing for models without a noise of intervals.
#[component]
pub fn NoiseByInterval() -> impl IntoView {
    let state = expect_context::<State>();
    let shown = Memo::new(move |_| {
        let model = state.models.chosen.get();
        state.landscape.noise.get().filter(|it| it.model == model && state.can().interval_noise)
    });
    move || shown.get().map(|noise| view! { <Noise noise/> })
}

#[component]
fn Noise(noise: Arc<IntervalNoise>) -> impl IntoView {
    let state = expect_context::<State>();
    let words = sentences(&noise).into_iter().map(|words| view! { <p class="quiet">{words}</p> }).collect_view();
    let labels = untrack(|| state.time_labels());
    let row = |it: &NoiseOfInterval| {
        let title = format!(
            "Noise in the derivative at the four stages of a step: {}",
            it.scales.map(|scale| number(scale.into())).join(", ")
        );
        view! {
            <tr>
                <th scope="row">{interval(it.time, &labels)}</th>
                <td title=title>{bins(it)}</td>
                <td data-value=it.spread.to_string()>{number(it.spread.into())}</td>
                <td>{number(it.spread_at_start.into())}</td>
                <td>{format!("{:.1} %{}", 100.0 * it.share, if it.trained { "" } else { ", not trained" })}</td>
            </tr>
        }
    };
    let rows = noise.intervals.iter().map(row).collect_view();
    let learned = noise.learned;
    let save = move |_| hand_over(state, "noise", &table(&noise, &untrack(|| state.time_labels()), ','));
    view! {
        <section class="noise" aria-label="Noise by interval">
            <h3>"Noise by interval"</h3>
            {words}
            {learned.then(|| view! {
                <div class="figure-scroll" tabindex="0" role="group" aria-label="Table of the noise">
                    <table class="scores">
                        <caption>"What the noise of an interval gives a cell along each coordinate"</caption>
                        <thead>
                            <tr>
                                <th scope="col">"interval"</th>
                                <th scope="col" title="Each time belongs to a bin that has one scale">"bins"</th>
                                <th scope="col">"spread"</th>
                                <th scope="col">"at the start"</th>
                                <th scope="col" title="Squared spread as a share of the mean variance of a coordinate at the end of the interval">
                                    "of the variance"
                                </th>
                            </tr>
                        </thead>
                        <tbody>{rows}</tbody>
                    </table>
                </div>
                <button type="button" on:click=save>
                    "Save noise (CSV)"
                </button>
            })}
        </section>
    }
}
