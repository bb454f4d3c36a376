//! Settings in the address: those of the training, the simulation and the experiment that are not as the page proposes them, seeds among them.

use super::{recipes, words};
use crate::prelude::*;
use crate::state::{ExperimentChoice, Flow, State};
use scimf::protocol::{Budget, DriftPart, SimulationQuery};

/// Names of the ways to draw the velocity; the first needs no word.
pub const FLOWS: &[(Flow, &str)] = &[
    (Flow::Grid, "arrows"),
    (Flow::Lines, "lines"),
    (Flow::Particles, "particles"),
    (Flow::Cells, "cells"),
    (Flow::Off, "none"),
];
/// Names of the parts of the velocity.
pub const PARTS: &[(DriftPart, &str)] = &[
    (DriftPart::Total, "total"),
    (DriftPart::Intrinsic, "intrinsic"),
    (DriftPart::Interaction, "interaction"),
    (DriftPart::Differing, "differing"),
];

/// Names of the budgets; the first needs no word.
const BUDGETS: &[(Budget, &str)] =
    &[(Budget::Quick, "quick"), (Budget::Good, "good"), (Budget::AsPublished, "published"), (Budget::Custom, "custom")];

/// A number that can be set on the page besides those of the trainings.
struct Number {
    key: &'static str,
    limits: [f64; 2],
    whole: bool,
    get: fn(State) -> f64,
    set: fn(State, f64),
    /// What the page proposes.
    proposed: fn() -> f64,
}

const NUMBERS: &[Number] = &[
    Number {
        key: "simulate-cells",
        limits: [50.0, 2000.0],
        whole: true,
        get: |state| state.simulate.query.with(|it| it.cells as f64),
        set: |state, n| state.simulate.query.update(|it| it.cells = n as usize),
        proposed: || crate::state::SIMULATED_CELLS as f64,
    },
    Number {
        key: "simulate-noise",
        limits: [0.0, 2.0],
        whole: false,
        // Through its decimals: 0.1 is not 0.10000000149.
        get: |state| state.simulate.query.with(|it| it.noise.to_string().parse().unwrap_or(1.0)),
        set: |state, n| state.simulate.query.update(|it| it.noise = n as f32),
        proposed: || SimulationQuery::default().noise.into(),
    },
    Number {
        key: "simulate-seed",
        limits: [0.0, 4e9],
        whole: true,
        get: |state| state.simulate.query.with(|it| it.seed.into()),
        set: |state, n| state.simulate.query.update(|it| it.seed = n as u32),
        proposed: || SimulationQuery::default().seed.into(),
    },
    Number {
        key: "experiment-cells",
        limits: [50.0, 2000.0],
        whole: true,
        get: |state| state.experiments.choice.with(|it| it.cells as f64),
        set: |state, n| state.experiments.choice.update(|it| it.cells = n as usize),
        proposed: || ExperimentChoice::default().cells as f64,
    },
    Number {
        key: "experiment-pairs",
        limits: [2.0, 10.0],
        whole: true,
        get: |state| state.experiments.choice.with(|it| it.seeds.into()),
        set: |state, n| state.experiments.choice.update(|it| it.seeds = n as u32),
        proposed: || ExperimentChoice::default().seeds.into(),
    },
    Number {
        key: "experiment-seed",
        limits: [0.0, 1e9],
        whole: true,
        get: |state| state.experiments.choice.with(|it| it.seed.into()),
        set: |state, n| state.experiments.choice.update(|it| it.seed = n as u32),
        proposed: || ExperimentChoice::default().seed.into(),
    },
];

/// Takes the settings that the address names; what is no allowed value is passed over.
pub fn restore(state: State, value: impl Fn(&str) -> Option<String>) {
    if untrack(|| state.in_training()) {
        return;
    }
    for number in NUMBERS {
        if let Some(wanted) = value(number.key).and_then(|text| words::number(&text, number.limits, number.whole))
            && wanted != untrack(|| (number.get)(state))
        {
            (number.set)(state, wanted);
        }
    }
    let points = untrack(|| state.time_labels()).len();
    for (_, model) in state.models.all() {
        let before = model.recipe.get_untracked();
        let after = recipes::read(&before, &value, points);
        if after != before {
            // Addresses from before there were budgets name settings alone.
            if after.settings != before.settings {
                state.budgets.chosen.set(Budget::Custom);
            }
            model.recipe.set(after);
        }
    }
    let named = value("budget").and_then(|name| BUDGETS.iter().find(|(_, other)| *other == name));
    if let Some((budget, _)) = named {
        state.budgets.chosen.set(*budget);
    }
    if let Some(time) = value("simulate-from").and_then(|text| words::position(&text, points)) {
        state.simulate.start_at(time, points - 1);
    }
}

/// The settings that are not as proposed, each with its key.
pub fn write(state: State) -> Vec<(String, String)> {
    let changed = NUMBERS.iter().map(|number| (number, (number.get)(state)));
    let changed = changed.filter(|(number, value)| *value != (number.proposed)());
    let mut all: Vec<_> = changed.map(|(number, value)| (number.key.to_owned(), value.to_string())).collect();
    for (_, model) in state.models.all() {
        model.recipe.with(|recipe| all.extend(recipes::write(recipe)));
    }
    let budget = state.budgets.chosen.get();
    if let Some((_, name)) = BUDGETS.iter().skip(1).find(|(other, _)| *other == budget) {
        all.push(("budget".into(), (*name).to_owned()));
    }
    let start = state.simulate.query.with(|it| it.start.time);
    if start > 0 {
        all.push(("simulate-from".into(), start.to_string()));
    }
    all
}
