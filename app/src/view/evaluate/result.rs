//! What an evaluation found.

use super::{comparison::ComparisonFigure, predictions::PredictionPlots, table::Table};
use crate::prelude::*;
use crate::{
    files,
    state::{Evaluated, Standing, State, Topic},
    view::panel_tools::PanelTools,
    words,
};
use scimf::figure::{comparison, score_table, verdict::verdict};

/// Words, table and pictures.
#[component]
pub fn Outcome() -> impl IntoView {
    let state = expect_context::<State>();
    let any =
        Memo::new(move |_| state.evaluation.with(|it| it.as_ref().is_some_and(|it| !it.table.held_out.is_empty())));
    let pictures =
        Memo::new(move |_| state.evaluation.with(|it| it.as_ref().is_some_and(|it| !it.predictions.is_empty())));
    let verdicts = move || {
        state.evaluation.with(|it| {
            // While rows grow, words about them would change with every seed.
            let ended = it.iter().filter(|it| it.standing != Standing::Running);
            let held_out = ended.flat_map(|it| &it.table.held_out);
            held_out.filter_map(verdict).map(|words| view! { <li>{words}</li> }).collect_view()
        })
    };
    let save = move |form: Form| {
        let saved = state.evaluation.with_untracked(|it| {
            let it = it.as_ref()?;
            let dataset = &it.dataset.summary.name;
            let text = match form {
                Form::Csv => score_table::csv(&it.table),
                Form::Markdown => score_table::markdown(&score_table::lines(&[(dataset, &it.table)])),
                Form::Latex => score_table::latex(&score_table::lines(&[(dataset, &it.table)])),
            };
            let name = format!("{dataset}-evaluation.{}", form.extension());
            Some(files::hand_over(&name, text.as_bytes()).map(|()| format!("{name} was saved.")))
        });
        match saved {
            Some(Ok(words)) => state.status.set(words),
            Some(Err(problem)) => state.problem.set(Some(problem)),
            None => {}
        }
    };
    view! {
        <p class="caveat">{move || state.evaluation.with(|it| it.as_ref().map(caveat))}</p>
        <ul class="verdicts" aria-label="What the numbers say" aria-live="polite">{move || verdicts()}</ul>
        <Show
            when=move || any.get()
            fallback=|| view! { <p class="quiet">"The first rows come in a moment."</p> }
        >
            <Table/>
            <ComparisonFigure/>
            <div class="under">
                <p class="quiet">{move || state.evaluation.with(|it| it.as_ref().map(|it| format!("{} {}", comparison::caption(&it.table), measured(it))))}</p>
                <span class="save" role="group" aria-label="Save the table">
                    {Form::ALL
                        .map(|form| view! {
                            <button type="button" on:click=move |_| save(form)>{format!("Save table ({})", form.name())}</button>
                        })
                        .collect_view()}
                </span>
                <PanelTools topic=Topic::Evaluation figure=|_| "evaluation" about="Held-out evaluation"/>
            </div>
        </Show>
        <Show when=move || pictures.get()>
            <PredictionPlots/>
        </Show>
    }
}

/// How a table is saved.
#[derive(Clone, Copy)]
enum Form {
    Csv,
    Markdown,
    Latex,
}

impl Form {
    const ALL: [Self; 3] = [Self::Csv, Self::Markdown, Self::Latex];

    fn name(self) -> &'static str {
        match self {
            Self::Csv => "CSV",
            Self::Markdown => "Markdown",
            Self::Latex => "LaTeX",
        }
    }

    fn extension(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Markdown => "md",
            Self::Latex => "tex",
        }
    }
}

/// Where the distances were measured.
pub fn measured(evaluated: &Evaluated) -> String {
    match evaluated.settings.components {
        None => "Measured in the model space.".into(),
        Some(count) => {
            format!("Measured in the first {count} components, standardised, as some published tables.")
        }
    }
}

/// What must be known to read the numbers right.
fn caveat(evaluated: &Evaluated) -> String {
    let mut words = match evaluated.standing {
        Standing::Running | Standing::Complete => String::new(),
        Standing::Stopped => "Stopped: rows may rest on fewer seeds than asked for, or be missing. ".into(),
        Standing::Interrupted => "Interrupted: rows may rest on fewer seeds than asked for, or be missing. ".into(),
    };
    if !evaluated.seen.is_empty() {
        let times = &evaluated.dataset.summary.time_points;
        let labels: Vec<_> = evaluated.seen.iter().filter_map(|&time| Some(times.get(time)?.label.clone())).collect();
        words += &format!(
            "These weights are not known to have been trained without {}: their row may be a fit, not a prediction.",
            words::list(&labels)
        );
    }
    words
}
