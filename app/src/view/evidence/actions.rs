//! Look, with how much; while it is looked, how far that is.

use super::StopOrGoOn;
use crate::prelude::*;
use crate::state::Fitting;
use crate::{
    engine::Engine,
    state::State,
    view::{
        field::NumberField,
        select_one::{SelectOne, named},
        work::WorkProgress,
    },
    words,
};
use scimf::protocol::{EvidenceQuery, ModelKind};

/// Most fits and twins that can be asked for here.
const MOST: f64 = 20.0;
/// Stands for the linear drift among the keys of models.
const LINEAR: &str = "linear";

/// The button, and what stands in its way.
#[component]
pub fn Actions() -> impl IntoView {
    let (state, engine) = (expect_context::<State>(), expect_context::<Engine>());
    let choice = state.evidence.choice;
    let running = Memo::new(move |_| state.evidence.running.with(Option::is_some));
    let samples = Memo::new(move |_| state.dataset.with(|it| it.as_ref().map_or(0, |it| it.summary.samples.len())));
    let obstacle = Memo::new(move |_| {
        let kinds = state.dataset.with(|it| it.as_ref().map_or(2, |it| it.summary.cell_types.len()));
        let single = (kinds < 2).then(|| "With a single cell type there is nobody to act on another.".to_owned());
        state.engine_obstacle("look for evidence").or(single)
    });
    let about = move || {
        obstacle.get().unwrap_or_else(|| match samples.get() {
            0 | 1 => "This study is one series: determinability only. Choose a sample column when you open a study to compare samples.".into(),
            n => format!(
                "Determinability, contrast and linear estimate over {}. Effects: {}",
                words::counted(n, "sample"),
                state.fits_words(choice.get())
            ),
        })
    };
    let number = move |label: &'static str, hint, get: fn(&Fitting) -> u32, set: fn(&mut Fitting, u32)| {
        view! {
            <NumberField
                label=label
                hint=hint
                min=0.0
                max=MOST
                whole=true
                disabled=running
                value=Signal::derive(move || choice.with(|it| get(it).into()))
                set=Callback::new(move |n: f64| choice.update(|it| set(it, n as u32)))
            />
        }
    };
    // One series has nothing that a fit could be held against.
    let query = move || match samples.get() {
        0 | 1 => EvidenceQuery::default(),
        _ => state.evidence_query(choice.get()),
    };
    let models = || {
        let interacts = ModelKind::ALL.into_iter().filter(|kind| kind.card().can.interaction);
        let models = interacts.map(|kind| named(kind.card().key, kind.name()));
        models.chain([named(LINEAR, "the linear drift, in seconds")]).collect::<Vec<_>>()
    };
    view! {
        <Show when=move || { samples.get() > 1 }>
            <SelectOne
                label="Effects in"
                hint="What is fitted: a model that is trained with several seeds, or the linear drift in seconds"
                options=Signal::derive(models)
                value=Signal::derive(move || choice.with(|it| it.model.map_or(LINEAR, |model| model.card().key).to_owned()))
                set=Callback::new(move |key: String| choice.update(|it| it.model = ModelKind::of_key(&key)))
                disabled=running
            />
            <div class="fields">
                {number(
                    "Fits",
                    "Trainings with a seed each, or linear drifts fitted to resampled cells: the effect of each link with its spread. 0 leaves effects out.",
                    |it| it.seeds,
                    |it, n| it.seeds = n,
                )}
                {number(
                    "Twins",
                    "The same on twins of the data in which nothing interacts: what a fit reports by itself.",
                    |it| it.twins,
                    |it, n| it.twins = n,
                )}
            </div>
        </Show>
        <div class="actions" role="group" aria-label="Evidence">
            <button
                type="button"
                class="primary"
                disabled=move || obstacle.with(Option::is_some) && !running.get()
                aria-disabled=move || running.get().then_some("true")
                aria-describedby="evidence-about"
                on:click=move |_| {
                    if !running.get_untracked() {
                        engine.look_for_evidence(untrack(query));
                    }
                }
            >
                "Look for evidence"
            </button>
        </div>
        {move || if running.get() {
            view! {
                <div class="running">
                    <WorkProgress label="Progress of the search for evidence" stage=state.evidence.running/>
                    <StopOrGoOn/>
                </div>
            }
                .into_any()
        } else {
            view! {
                <p class="quiet" id="evidence-about">{move || about()}</p>
                <p><StopOrGoOn/></p>
            }
                .into_any()
        }}
    }
}
