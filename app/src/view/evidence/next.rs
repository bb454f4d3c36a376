//! Which experiment would tell?

use crate::prelude::*;
use crate::{state::State, view::cast::Cast};
use scimf::figure::evidence::next;

/// Samples to measure next, the best first, as a table and in words.
#[component]
pub fn Next() -> impl IntoView {
    let (state, cast) = (expect_context::<State>(), expect_context::<Cast>());
    let known = Memo::new(move |_| state.evidence.found.with(Option::is_some));
    let words = Memo::new(move |_| {
        let (found, dataset) = (state.evidence.found.get(), state.dataset.get());
        found.zip(dataset).map_or_else(Vec::new, |(found, dataset)| next(&found, &dataset.summary))
    });
    let samples = Memo::new(move |_| {
        state.evidence.found.with(|it| it.as_ref().map_or_else(Vec::new, |it| it.experiments.clone()))
    });
    let rows = move || {
        let row = |(at, sample): (usize, scimf::protocol::NextSample)| {
            let receivers = sample.receivers.iter().map(|&kind| cast.name(kind)).collect::<Vec<_>>();
            let others = cast.names.with(Vec::len).saturating_sub(1);
            let receivers = if receivers.len() == others { "every other type".into() } else { receivers.join(", ") };
            view! {
                <tr>
                    <td>{at + 1}</td>
                    <th scope="row">{cast.name(sample.lacks)}</th>
                    <td>{sample.receivers.len()}</td>
                    <td class="wide">{receivers}</td>
                </tr>
            }
        };
        samples.get().into_iter().enumerate().map(row).collect_view()
    };
    view! {
        <Show when=move || known.get()>
            <section class="next" aria-labelledby="next-title">
                <h3 id="next-title">"Which experiment would tell?"</h3>
                <p>{move || words.with(|words| words.first().cloned())}</p>
                <Show when=move || !samples.with(Vec::is_empty)>
                    <div class="figure-scroll" tabindex="0" role="group" aria-label="Which experiment would tell?">
                        <table class="scores">
                            <caption class="unseen">"Samples that would tell more, the best first"</caption>
                            <thead>
                                <tr>
                                    <th scope="col"><abbr title="Place">"#"</abbr></th>
                                    <th scope="col">"A sample without"</th>
                                    <th scope="col">"Links more"</th>
                                    <th scope="col">"On"</th>
                                </tr>
                            </thead>
                            <tbody>{move || rows()}</tbody>
                        </table>
                    </div>
                    <p class="quiet">
                        "Samples without a type: mutants that lack a lineage, ablation, co-cultures and organoids without it, sorted mixtures."
                    </p>
                </Show>
            </section>
        </Show>
    }
}
