//! The path of least action between two groups of cells.

mod end;
mod table;

use crate::prelude::*;
use crate::{
    engine::{Engine, PATH},
    state::{State, Topic},
    view::{panel_tools::Explain, work::WorkProgress},
};
use end::End;
use scimf::figure::path::{group_words, passes, sentences};
use scimf::protocol::LeastActionPath;
use std::sync::Arc;
use table::{Files, GenesOnPath};

/// The two groups beside what was found.
#[component]
pub fn PathOfGroups() -> impl IntoView {
    let state = expect_context::<State>();
    let found = Memo::new(move |_| state.path());
    let drawn = Memo::new(move |_| found.with(|it| it.as_ref().map(|it| it.query.space)) == Some(state.space.get()));
    let swap = move |_| {
        let [from, to] = state.paths.ends.map(|end| end.get_untracked());
        state.paths.ends[0].set(to);
        state.paths.ends[1].set(from);
    };
    view! {
        <section class="bench between" aria-labelledby="path-title">
            <div class="choices">
                <div class="bar">
                    <h3 id="path-title">"Path between two groups"</h3>
                    <Explain topic=Topic::Path about="Path between two groups"/>
                </div>
                <End at=0/>
                <End at=1/>
                <div class="buttons">
                    <button type="button" disabled=move || state.busy() on:click=swap>
                        "Swap the groups"
                    </button>
                    <label class="check">
                        <input
                            type="checkbox"
                            disabled=move || !drawn.get()
                            prop:checked=move || state.paths.shown.get()
                            on:change:target=move |event| state.paths.shown.set(event.target().checked())
                        />
                        "Draw it on the cells"
                    </label>
                </div>
                <Actions/>
            </div>
            <div class="outcome">
                {move || match found.get() {
                    Some(path) => view! { <Found path/> }.into_any(),
                    None => view! { <Waiting/> }.into_any(),
                }}
            </div>
        </section>
    }
}

/// The button, with what stands in its way; while the search runs, how far it is.
#[component]
fn Actions() -> impl IntoView {
    let (state, engine) = (expect_context::<State>(), expect_context::<Engine>());
    let running = Memo::new(move |_| state.paths.running.with(Option::is_some));
    let obstacle = Memo::new(move |_| {
        let engine = state.engine_obstacle("look for a path");
        engine.or_else(|| (!state.has_weights()).then(|| "A path needs a model: train one or load weights.".to_owned()))
    });
    view! {
        <div class="buttons">
            <button
                type="button"
                class="primary"
                disabled=move || obstacle.with(Option::is_some) && !running.get()
                aria-disabled=move || running.get().then_some("true")
                aria-describedby="path-obstacle"
                on:click=move |_| {
                    if !running.get_untracked() {
                        engine.ask(&PATH, untrack(|| state.path_query()));
                    }
                }
            >
                "Find the path"
            </button>
        </div>
        <Show
            when=move || running.get()
            fallback=move || view! { <p class="quiet small" id="path-obstacle">{move || obstacle.get().unwrap_or_default()}</p> }
        >
            <div class="running">
                <WorkProgress label="Progress of the search for a path" stage=state.paths.running/>
                <button type="button" disabled=move || state.cancelling.get() on:click=move |_| engine.cancel()>
                    "Cancel the search"
                </button>
            </div>
        </Show>
    }
}

/// What stands where the path will be.
#[component]
fn Waiting() -> impl IntoView {
    let state = expect_context::<State>();
    let alone = move || {
        let name = state.models.chosen.get().name();
        state.can().interaction.then(|| format!(" Of {name} it is the intrinsic drift: what a cell would do alone."))
    };
    view! {
        <div class="waiting">
            <p>
                "Of all ways from the mean of one group to that of another, the path of least action is the one along which the model's drift leaves least to be made up for. It is drawn over the cells, and the genes that move on it are listed."
                {move || alone()}
            </p>
            <p class="quiet">"A path is a claim of the fitted model. The straight line between the two means stands beside it."</p>
        </div>
    }
}

/// Words, genes and files.
#[component]
fn Found(path: Arc<LeastActionPath>) -> impl IntoView {
    let state = expect_context::<State>();
    let (types, labels) = untrack(|| (state.type_names(), state.time_labels()));
    let [from, to] = [&path.query.from, &path.query.to].map(|group| group_words(group, &types, &labels));
    let [first, second] = path.cells.map(crate::words::count);
    let about = format!("From {from} ({first} cells) to {to} ({second} cells). Around it: {}.", passes(&path, &types));
    let findings = sentences(&path).into_iter().map(|words| view! { <li>{words}</li> }).collect_view();
    let (space, model) = (path.query.space, path.query.model);
    let note = move || {
        let weights = state.paths.found.with(|it| it.as_ref().map(|(_, weights)| *weights));
        if weights.is_some_and(|weights| state.models.of(model).weights.get() != weights) {
            "The weights have changed since: find the path again."
        } else if state.space.get() != space {
            "It was placed in another plane: find it again to see it on the cells."
        } else {
            ""
        }
    };
    let genes = !path.genes.is_empty();
    let listed = path.clone();
    view! {
        <p class="prediction">
            <strong>"This is a claim of the fitted model, not a measurement."</strong>
            " "
            <span class="quiet">{about}</span>
        </p>
        <ul class="verdicts" aria-label="What the path says" aria-live="polite">{findings}</ul>
        <p class="quiet small" aria-live="polite">{move || note()}</p>
        {if genes {
            view! { <GenesOnPath path=listed/> }.into_any()
        } else {
            view! { <p class="quiet">"This study came without loadings, so the path cannot be read as genes."</p> }.into_any()
        }}
        <Files path/>
    }
}
