//! The units of the evaluation: which are done, which come, and how long each takes.

use super::actions::settings;
use crate::prelude::*;
use crate::{
    state::{EvaluatedModels, Standing, State, UnitStanding},
    words,
};
use scimf::protocol::{EvaluationSettings, Row, Unit};

/// One line for each row of the table: a mark for each seed, and what a training takes.
#[component]
pub fn Units() -> impl IntoView {
    let state = expect_context::<State>();
    let asked = Memo::new(move |_| shown(state));
    let lines = move || {
        let settings = asked.get()?;
        let parts = state.parts_of(&settings);
        let baselines =
            parts.first().map(|part| view! { <Line name="What needs no model".into() units=part.clone()/> });
        let trained: Vec<Unit> = parts.iter().skip(1).flatten().cloned().collect();
        let mut rows: Vec<&str> = Vec::new();
        for unit in &trained {
            if !rows.contains(&unit.key.row.as_str()) {
                rows.push(&unit.key.row);
            }
        }
        let lines = rows.into_iter().map(|row| {
            let units: Vec<Unit> = trained.iter().filter(|unit| unit.key.row == row).cloned().collect();
            view! { <Line name=name_of(&units[0]) units/> }
        });
        Some(view! { {baselines} {lines.collect_view()} })
    };
    view! {
        <table class="units" aria-label="Units of the evaluation">
            <thead class="unseen">
                <tr>
                    <th scope="col">"Row"</th>
                    <th scope="col">"Seeds"</th>
                    <th scope="col">"Time"</th>
                </tr>
            </thead>
            <tbody>{move || lines()}</tbody>
        </table>
    }
}

/// The evaluation that runs, or the one that the choices come to; none where nothing can be trained.
fn shown(state: State) -> Option<EvaluationSettings> {
    let running = state
        .evaluation
        .with(|it| it.as_ref().filter(|it| it.standing == Standing::Running).map(|it| it.settings.clone()));
    running
        .or_else(|| Some(settings(state, EvaluatedModels::Trained)))
        .filter(|settings| !settings.train.is_empty() && !settings.held_out.is_empty())
}

/// What people call the row of a unit.
fn name_of(unit: &Unit) -> String {
    let Some(model) = unit.recipe.as_ref().map(|recipe| recipe.model) else { return unit.key.row.clone() };
    let twin = Row::of_twin(model).filter(|twin| twin.key == unit.key.row);
    twin.map_or_else(|| model.name().to_owned(), |twin| twin.name)
}

#[component]
fn Line(name: String, units: Vec<Unit>) -> impl IntoView {
    let state = expect_context::<State>();
    // What needs no model is one matter for all its rows and seeds.
    let together = units.iter().all(|unit| unit.recipe.is_none());
    let recipe = units.first().and_then(|unit| unit.recipe.clone());
    let of_all = units.clone();
    let takes = move || {
        let left = of_all.iter().filter(|unit| state.standing_of(unit) != UnitStanding::Done).count();
        match &recipe {
            None => String::new(),
            Some(_) if left == 0 => "done".into(),
            Some(recipe) => match state.seconds_of(recipe) {
                Some(seconds) => format!("{left} × about {}", words::duration(seconds)),
                None => format!("{left} ×, time not measured yet"),
            },
        }
    };
    let marks = if together {
        view! { <span class="mark">{move || mark(all_of(state, &units), None)}</span> }.into_any()
    } else {
        units
            .into_iter()
            .map(|unit| {
                let seed = unit.key.seed;
                view! { <span class="mark">{move || mark(state.standing_of(&unit), Some(seed))}</span> }
            })
            .collect_view()
            .into_any()
    };
    view! {
        <tr>
            <th scope="row">{name}</th>
            <td>{marks}</td>
            <td class="quiet">{move || takes()}</td>
        </tr>
    }
}

/// How several units stand that are computed together.
fn all_of(state: State, units: &[Unit]) -> UnitStanding {
    let all: Vec<UnitStanding> = units.iter().map(|unit| state.standing_of(unit)).collect();
    let at_work = |it: &UnitStanding| matches!(it, UnitStanding::AtWork(_));
    let done = all.iter().filter(|it| **it == UnitStanding::Done).count();
    match all.iter().find(|it| matches!(it, UnitStanding::Failed(_))) {
        Some(failed) => failed.clone(),
        None if done == all.len() => UnitStanding::Done,
        None if all.iter().any(at_work) => UnitStanding::AtWork(done as f32 / all.len() as f32),
        None => UnitStanding::Waiting,
    }
}

/// A sign with words for those who do not see it.
fn mark(standing: UnitStanding, seed: Option<u32>) -> impl IntoView {
    let (sign, word, why) = match standing {
        UnitStanding::Waiting => ("○".to_owned(), "to come", None),
        UnitStanding::AtWork(done) => (format!("{:.0} %", (100.0 * done).floor()), "being computed", None),
        UnitStanding::Done => ("✓".to_owned(), "done", None),
        UnitStanding::Failed(why) => ("✗".to_owned(), "failed", Some(why)),
    };
    let whose = seed.map_or_else(String::new, |seed| format!("seed {seed}: "));
    let title = why.map_or_else(|| format!("{whose}{word}"), |why| format!("{whose}{word}: {why}"));
    view! {
        <span aria-hidden="true" title=title.clone()>{sign}</span>
        <span class="unseen">{title}" "</span>
    }
}
