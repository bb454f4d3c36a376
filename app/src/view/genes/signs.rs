//! Agreement with known signs, from a file of the user.

use crate::prelude::*;
use crate::{
    engine::{Engine, Question},
    state::State,
    view::{file_button::FileButton, operators::hand_over},
    words,
};
use scimf::figure::signs::{control, convincing, csv, share, species, verdict};
use scimf::protocol::{SignAgreement, SignScore};
use std::sync::Arc;

/// The file field, and what came of it.
#[component]
pub fn KnownSigns() -> impl IntoView {
    let (state, engine) = (expect_context::<State>(), expect_context::<Engine>());
    let waiting = move || engine.pending(Question::SignAgreement);
    let compare = move |files: Vec<web_sys::File>| files.into_iter().for_each(|file| engine.compare_signs(file));
    view! {
        <section class="signs" aria-labelledby="signs-title">
            <h3 id="signs-title">"Known signs"</h3>
            <p class="quiet small">
                {move || {
                    let file = match state.genes.names.with(|names| species(names)) {
                        Some(species) => format!("download trrust_rawdata.{species}.tsv (these symbols are written as {species} genes are)"),
                        None => "download the table of your species".to_owned(),
                    };
                    format!(
                        "Does the sign of these interactions agree with what is known? TRRUST lists human and mouse regulators with the sign of their effect: {file} from grnpedia.org/trrust, then choose it here. It is read in this tab only."
                    )
                }}
            </p>
            <FileButton
                label="Compare with known signs (TRRUST, tsv)"
                accept=".tsv,.txt,.csv"
                disabled=Signal::derive(move || !state.ready() || waiting())
                chosen=compare
            />
            <p class="quiet small" aria-live="polite">{move || waiting().then_some("Comparing…")}</p>
            {move || state.operators.signs.get().map(|(agreement, weights)| view! { <Agreement agreement weights/> })}
        </section>
    }
}

#[component]
fn Agreement(agreement: Arc<SignAgreement>, weights: u32) -> impl IntoView {
    let state = expect_context::<State>();
    let stale = move || {
        (state.models.weights_of_able(|can| can.operators) != weights)
            .then_some(" The weights have changed since: choose the file again.")
    };
    let row = |name: String, score: &SignScore| {
        view! {
            <tr class:within=!convincing(score)>
                <th scope="row">{name}</th>
                <td>{words::count(score.count())}</td>
                <td>{share(score.accuracy())}</td>
                <td>{share(score.balanced_accuracy())}</td>
                <td>{share(score.f1())}</td>
                <td>{share(score.f1_always_activation())}</td>
                <td>{score.auroc.map_or_else(|| "–".into(), share)}</td>
                <td>{control(score.random_operator, score.random_operator_sd)}</td>
                <td>{control(score.permuted_genes, score.permuted_genes_sd)}</td>
            </tr>
        }
    };
    let all = row("all".into(), &agreement.all);
    let each = agreement.regulators.iter().map(|(gene, score)| row(state.genes.name(*gene), score)).collect_view();
    let said = verdict(&agreement);
    let save = move |_| hand_over(state, "known-signs", &csv(&agreement, &state.genes.names.get_untracked()));
    view! {
        <p class="prediction" aria-live="polite">{said} {move || stale()}</p>
        <div class="figure-scroll tall" tabindex="0" role="group" aria-label="Table of the known signs">
            <table class="scores">
                <caption>"Agreement with known signs"</caption>
                <thead>
                    <tr>
                        <th scope="col">"regulator"</th>
                        <th scope="col">"n"</th>
                        <th scope="col"><abbr title="Share of the signs that are predicted rightly">"accuracy"</abbr></th>
                        <th scope="col"><abbr title="Mean of the shares of activations and repressions that are predicted rightly">"balanced"</abbr></th>
                        <th scope="col">"F1"</th>
                        <th scope="col"><abbr title="F1 of calling everything an activation">"F1, always +"</abbr></th>
                        <th scope="col"><abbr title="Area under the ROC curve of the signed mean weight; 0.5 is chance">"AUROC"</abbr></th>
                        <th scope="col"><abbr title="The same with random operators, mean and standard deviation over draws">"random operators"</abbr></th>
                        <th scope="col"><abbr title="The same with the genes permuted, mean and standard deviation over draws">"permuted genes"</abbr></th>
                    </tr>
                </thead>
                <tbody>{all} {each}</tbody>
            </table>
        </div>
        <div class="under">
            <button type="button" on:click=save>
                "Save agreement (CSV)"
            </button>
        </div>
    }
}
