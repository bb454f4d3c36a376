//! What is shown, in the page's address: `#time=day+4&view=matrix`. It is restored when the page is opened, and what it says of things that
//! are not there is passed over.

mod recipes;
mod settings;
mod words;

use crate::prelude::*;
use crate::{
    engine::{COORDINATES, Engine},
    page,
    state::{AttentionView, ColorBy, Direction, Measure, OperatorView, State},
};
use leptos::ev;
use scimf::protocol::{DatasetSummary, ModelKind};
use settings::{FLOWS, PARTS};
use web_sys::UrlSearchParams;

const VIEWS: &[(AttentionView, &str)] = &[
    (AttentionView::Chord, "chord"),
    (AttentionView::Matrix, "matrix"),
    (AttentionView::Cells, "cells"),
    (AttentionView::Links, "links"),
];
const OPERATORS: &[(OperatorView, &str)] = &[
    (OperatorView::Operator, "operator"),
    (OperatorView::Eigenvalues, "eigenvalues"),
    (OperatorView::Course, "over-time"),
];
const MEASURES: &[(Measure, &str)] = &[
    (Measure::Attention, "attention"),
    (Measure::Influence, "influence"),
    (Measure::Enrichment, "enrichment"),
    (Measure::Effect, "effect"),
    (Measure::Contrast, "contrast"),
    (Measure::Linear, "linear"),
    (Measure::Determinability, "determinability"),
];
const DIRECTIONS: &[(Direction, &str)] = &[(Direction::Both, "both"), (Direction::Out, "out"), (Direction::In, "in")];
const COLORS: &[(ColorBy, &str)] = &[
    (ColorBy::Type, "type"),
    (ColorBy::Time, "time"),
    (ColorBy::Speed, "speed"),
    (ColorBy::Growth, "growth"),
    (ColorBy::Potential, "potential"),
    (ColorBy::Residual, "residual"),
    (ColorBy::GrowthWeight, "growth-weight"),
];
const YES: &str = "yes";

/// Restores what the address says once there is a dataset, and keeps the address in step with what is shown.
pub fn keep(state: State, engine: Engine) {
    if let Some(dark) = dark(&now()) {
        state.dark.set(dark);
        page::show_theme(dark);
    }
    let restored = StoredValue::new(false);
    let placed = StoredValue::new(false);
    Effect::new(move |_| {
        if state.dataset.with(Option::is_none) {
            return;
        }
        if !restored.get_value() {
            restored.set_value(true);
            untrack(|| restore(state, engine, &now()));
        }
        let address = write(state);
        let window = window();
        if let Ok(history) = window.history() {
            let hash = if address.is_empty() { String::new() } else { format!("#{address}") };
            let before = window.location().hash().unwrap_or_default();
            if hash == before {
                return;
            }
            let path = window.location().pathname().unwrap_or_default();
            let search = window.location().search().unwrap_or_default();
            let (none, url) = (wasm_bindgen::JsValue::NULL, path + &search + &hash);
            // Another place is a step that the back button takes back; everything else is where one is in it.
            let again = restored.get_value() && placed.get_value();
            if again && places(&before) != places(&hash) {
                history.push_state_with_url(&none, "", Some(&url)).ok();
            } else {
                history.replace_state_with_url(&none, "", Some(&url)).ok();
            }
            placed.set_value(true);
        }
    });
    let changed = window_event_listener(ev::hashchange, move |_| {
        if let Some(dark) = dark(&now()) {
            state.dark.set(dark);
            page::show_theme(dark);
        }
        // The places that an address does not name are the first of their kind.
        let there = now();
        let first = |key: &str| there.get(key).is_none();
        if first("model") {
            state.choose_model(ModelKind::default());
        }
        if first("view") {
            state.attention.view.set(AttentionView::default());
        }
        if first("operators") {
            state.operators.view.set(OperatorView::default());
        }
        restore(state, engine, &there);
    });
    on_cleanup(move || changed.remove());
}

/// What of an address a person would call a place: the model and the view.
fn places(hash: &str) -> [Option<String>; 3] {
    let address = UrlSearchParams::new_with_str(hash.trim_start_matches('#')).unwrap_or_else(|_| empty());
    ["model", "view", "operators"].map(|key| address.get(key))
}

/// What the address says now.
fn now() -> UrlSearchParams {
    let hash = window().location().hash().unwrap_or_default();
    UrlSearchParams::new_with_str(hash.trim_start_matches('#')).unwrap_or_else(|_| empty())
}

fn empty() -> UrlSearchParams {
    UrlSearchParams::new().expect("an empty list can be made in every browser")
}

fn dark(address: &UrlSearchParams) -> Option<bool> {
    match address.get("theme")?.as_str() {
        "dark" => Some(true),
        "light" => Some(false),
        _ => None,
    }
}

/// The value that a name stands for.
fn named<T: Copy>(options: &[(T, &str)], name: &str) -> Option<T> {
    options.iter().find(|(_, other)| *other == name).map(|(value, _)| *value)
}

/// The name of a value; none if it is the first, which needs no word.
fn name_of<T: PartialEq>(options: &[(T, &'static str)], value: &T) -> Option<&'static str> {
    options.iter().skip(1).find(|(other, _)| other == value).map(|(_, name)| *name)
}

/// What cells are coloured by: a word, or a word and a number.
fn color_name(color: ColorBy) -> Option<String> {
    match color {
        ColorBy::Column(column) => Some(format!("column-{column}")),
        ColorBy::Gene(gene) => Some(format!("gene-{gene}")),
        ColorBy::Measured(gene) => Some(format!("measured-{gene}")),
        ColorBy::Receivers(sender) => Some(format!("receivers-{sender}")),
        // Copies are not in the address, so neither is their colour.
        ColorBy::Fate(_) => None,
        ColorBy::Type
        | ColorBy::Time
        | ColorBy::Speed
        | ColorBy::Growth
        | ColorBy::Potential
        | ColorBy::Residual
        | ColorBy::GrowthWeight => name_of(COLORS, &color).map(String::from),
    }
}

/// The inverse of [`color_name`], as far as the dataset has such a thing.
fn color_of(name: &str, dataset: &DatasetSummary) -> Option<ColorBy> {
    let count = |word: &str| match word {
        "column" => Some(dataset.columns.len()),
        "gene" => Some(dataset.genes),
        "measured" => dataset.measured.as_ref().map(|measured| measured.genes),
        "receivers" => Some(dataset.cell_types.len()),
        _ => None,
    };
    match words::counted(name, count) {
        Some(("column", column)) => Some(ColorBy::Column(column)),
        Some(("gene", gene)) => Some(ColorBy::Gene(gene)),
        Some(("measured", gene)) => Some(ColorBy::Measured(gene)),
        Some(("receivers", sender)) => Some(ColorBy::Receivers(sender)),
        _ => named(COLORS, name),
    }
}

fn restore(state: State, engine: Engine, address: &UrlSearchParams) {
    let Some(dataset) = state.dataset.get_untracked() else { return };
    let (summary, chosen) = (&dataset.summary, state.attention);
    let time = |key: &str| {
        let label = address.get(key)?;
        summary.time_points.iter().position(|time| time.label == label)
    };
    let option = |key: &str| address.get(key);
    if let Some(model) = option("model").and_then(|key| ModelKind::of_key(&key)) {
        state.choose_model(model);
    }
    if let Some(view) = option("operators").and_then(|name| named(OPERATORS, &name)) {
        state.operators.view.set(view);
    }
    if let Some(time) = time("time") {
        state.choose_time(time);
    }
    if let Some(time) = time("compare") {
        chosen.compare.set(Some(time));
    }
    if let Some(view) = option("view").and_then(|name| named(VIEWS, &name)) {
        chosen.view.set(view);
    }
    if let Some(measure) = option("measure").and_then(|name| named(MEASURES, &name)) {
        state.choose_measure(Some(measure));
    }
    if let Some(direction) = option("direction").and_then(|name| named(DIRECTIONS, &name)) {
        chosen.direction.set(direction);
    }
    if let Some(color) = option("color").and_then(|name| color_of(&name, summary)) {
        state.color_by.set(color);
    }
    if let Some(hidden) = option("hide-self") {
        chosen.hide_self.set(hidden == YES);
    }
    if let Some(distinct) = option("distinct-colors") {
        chosen.distinct.set(distinct == YES);
    }
    if let Some(flow) = option("velocity").and_then(|name| named(FLOWS, &name)) {
        state.cells.flow.set(flow);
    }
    if let Some(part) = option("part").and_then(|name| named(PARTS, &name)) {
        state.part.set(part);
    }
    if let Some(hidden) = option("hidden") {
        let types = summary.cell_types.len();
        let hidden = words::positions(&hidden, 0..types);
        if hidden.len() < types {
            chosen.hidden.set(hidden);
        }
    }
    settings::restore(state, option);
    let space = option("space").and_then(|name| summary.space_named(&name));
    if let Some(space) = space.filter(|space| *space != state.space.get_untracked()) {
        engine.ask(&COORDINATES, space);
    }
}

/// What is shown; tracks all of it.
fn write(state: State) -> String {
    let (address, chosen) = (empty(), state.attention);
    let put = |key: &str, value: Option<String>| {
        if let Some(value) = value {
            address.append(key, &value);
        }
    };
    let word = |value: Option<&'static str>| value.map(str::to_owned);
    let wanted = chosen.wanted.get().and_then(|wanted| MEASURES.iter().find(|(other, _)| *other == wanted));
    let wanted = wanted.map(|(_, name)| *name);
    let yes = |value: bool| value.then(|| YES.to_owned());
    let label = |time: usize| {
        state.dataset.with(|it| it.as_ref()?.summary.time_points.get(time).map(|time| time.label.clone()))
    };
    let model = state.models.chosen.get();
    put("model", (model != ModelKind::default()).then(|| model.card().key.to_owned()));
    put("operators", word(name_of(OPERATORS, &state.operators.view.get())));
    put("time", label(state.time.get()));
    put("compare", chosen.compare.get().and_then(label));
    put("view", word(name_of(VIEWS, &chosen.view.get())));
    put("measure", word(wanted));
    put("direction", word(name_of(DIRECTIONS, &chosen.direction.get())));
    put("hide-self", yes(chosen.hide_self.get()));
    put("distinct-colors", yes(chosen.distinct.get()));
    put("color", color_name(state.color_by.get()));
    let space = state.space.get();
    let space_name = state.dataset.with(|it| {
        let summary = &it.as_ref()?.summary;
        let first = summary.spaces.first().map(|first| first.id);
        summary.space(space).filter(|_| first != Some(space)).map(|space| space.name)
    });
    put("space", space_name);
    put("velocity", word(name_of(FLOWS, &state.cells.flow.get())));
    put("part", word(name_of(PARTS, &state.part.get())));
    put("hidden", Some(chosen.hidden.with(|hidden| words::list(hidden))).filter(|list| !list.is_empty()));
    settings::write(state).into_iter().for_each(|(key, value)| put(&key, Some(value)));
    let dark = state.dark.get();
    put("theme", (dark != page::system_is_dark()).then(|| if dark { "dark".into() } else { "light".into() }));
    String::from(address.to_string())
}
