//! What is read off operators, in the place of attention, which their model does not have.

mod course;
mod mini;
mod one;
mod plane;

use super::untrained::Untrained;
use super::{
    alone::Alone,
    choice::{self, Choice},
    full_screen::full,
    panel_tools::PanelTools,
    select_one::SelectOne,
};
use crate::prelude::*;
use crate::{
    engine::{Engine, Question},
    state::{OperatorView, State, Topic},
};
use course::{OperatorCourse, save as save_course};
pub use mini::MiniOperator;
use one::{OneOperator, save as save_one};
use plane::{EigenPlane, save as save_plane};

const VIEWS: &[choice::Option<OperatorView>] = &[
    (
        OperatorView::Operator,
        "Operator",
        "The entries of one operator: which component drives which, and its eigenvalues",
    ),
    (
        OperatorView::Eigenvalues,
        "Eigenvalues",
        "The eigenvalues of all cells of the time point in the complex plane: growth and rotation",
    ),
    (OperatorView::Course, "Over time", "The mean operator of each cell type at each time point"),
];

/// The panel beside the cells while a model with operators is shown.
#[component]
pub fn Operators() -> impl IntoView {
    let state = expect_context::<State>();
    let chosen = state.operators;
    let there = Memo::new(move |_| state.has_weights());
    let at = move || match chosen.view.get() {
        OperatorView::Course => None,
        _ => state.time_labels().get(state.time.get()).map(|label| format!(" at {label}")),
    };
    let figure = |state: State| match state.operators.view.get() {
        OperatorView::Operator => "operator",
        OperatorView::Eigenvalues => "eigenvalues",
        OperatorView::Course => "operators",
    };
    let save = move |_| {
        untrack(|| match chosen.view.get() {
            OperatorView::Operator => save_one(state),
            OperatorView::Eigenvalues => save_plane(state),
            OperatorView::Course => save_course(state),
        });
    };
    let engine = expect_context::<Engine>();
    let busy = move || {
        let asked = [Question::Operator, Question::Spectrum, Question::MeanOperators];
        asked.into_iter().any(|question| engine.pending(question)).to_string()
    };
    let nothing = move || match chosen.view.get() {
        OperatorView::Operator => chosen.operator.with(Option::is_none),
        OperatorView::Eigenvalues => chosen.spectrum.with(Option::is_none),
        OperatorView::Course => chosen.means.with(Option::is_none),
    };
    view! {
        <section class="panel attention operators" class:full=full("attention") aria-labelledby="operators-title">
            <div class="bar">
                <h2 id="operators-title">"How cells are driven" <span class="quiet">{move || at()}</span></h2>
                <PanelTools topic=Topic::Operators figure about="Operators" panel="attention"/>
                <button type="button" title="The numbers of this view as comma-separated values" disabled=nothing on:click=save>
                    "CSV"
                </button>
                <Choice label="View" options=VIEWS value=chosen.view/>
            </div>
            <div class="bar listening">
                <Show when=move || there.get() && chosen.view.get() == OperatorView::Operator>
                    <Whose/>
                </Show>
            </div>
            <div class="stage" aria-busy=busy>
                {move || match (there.get(), chosen.view.get()) {
                    (false, _) => view! { <Untrained/> }.into_any(),
                    (true, OperatorView::Operator) => view! { <OneOperator/> }.into_any(),
                    (true, OperatorView::Eigenvalues) => view! { <EigenPlane/> }.into_any(),
                    (true, OperatorView::Course) => view! { <OperatorCourse/> }.into_any(),
                }}
            </div>
            <p class="caption">
                <Alone so="it has no attention." ability=|can| can.attention lead="See who listens to whom with"/>
            </p>
        </section>
    }
}

/// Whose operator: a type's mean, unless a cell is clicked.
#[component]
fn Whose() -> impl IntoView {
    let state = expect_context::<State>();
    let picked = move || state.cells.picked.get();
    let options = Signal::derive(move || {
        let all = (String::new(), "all cells of the time point".to_owned());
        let types = state.type_names().into_iter().enumerate().map(|(i, name)| (i.to_string(), name));
        std::iter::once(all).chain(types).collect::<Vec<_>>()
    });
    move || {
        match picked() {
        Some(cell) => view! {
            <span class="inline">
                {format!("Cell {}", crate::words::count(cell as usize + 1))}
                <button type="button" on:click=move |_| state.cells.picked.set(None)>
                    "Back to the mean"
                </button>
            </span>
        }
        .into_any(),
        None => view! {
            <SelectOne
                label="Mean over"
                hint="Whose mean operator is shown; click a cell for its own"
                options
                value=Signal::derive(move || state.operators.kind.get().map_or_else(String::new, |kind| kind.to_string()))
                set=move |key: String| state.operators.kind.set(key.parse().ok())
            />
        }
        .into_any(),
    }
    }
}

/// Hands a table of the open dataset to the user.
pub fn hand_over(state: State, what: &str, text: &str) {
    let name = state.dataset.with_untracked(|it| it.as_ref().map_or_else(String::new, |it| it.summary.name.clone()));
    let name = format!("{name}-{what}.csv");
    match crate::files::hand_over(&name, text.as_bytes()) {
        Ok(()) => state.status.set(format!("{name} was saved, {}.", crate::words::size(text.len()))),
        Err(problem) => state.problem.set(Some(problem)),
    }
}
