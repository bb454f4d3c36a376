//! What the page shows, as named pieces: a session file keeps all of them, the history those that can be undone.
//!
//! In a file each piece stands under its name as JSON. A piece that is missing, unknown or does not fit the dataset is left as it is, so that
//! files of older and newer pages open.

mod before_cards;

use crate::prelude::*;
use crate::{page, state::State};
use js_sys::{JSON, Object, Reflect};
use scimf::protocol::{Recipe, SpaceId};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::{JsCast, JsValue};

/// One choice of the user.
pub struct Piece {
    /// Its name in a file.
    pub name: String,
    /// What it is, to end the sentence "Undone: …".
    pub words: &'static str,
    /// It is typed, digit by digit: changes in quick succession are one.
    pub typed: bool,
    get: Box<dyn Fn() -> Option<JsValue> + Send + Sync>,
    set: Box<dyn Fn(JsValue) -> bool + Send + Sync>,
}

impl Piece {
    /// A piece of a type that serde knows; `set` says whether the value was taken.
    pub fn new<T: Serialize + DeserializeOwned>(
        name: impl Into<String>,
        words: &'static str,
        get: impl Fn() -> T + Send + Sync + 'static,
        set: impl Fn(T) -> bool + Send + Sync + 'static,
    ) -> Self {
        Self {
            name: name.into(),
            words,
            typed: false,
            get: Box::new(move || get().serialize(&Serializer::json_compatible()).ok()),
            set: Box::new(move |value| serde_wasm_bindgen::from_value(value).is_ok_and(&set)),
        }
    }

    /// A piece that is a signal and can have every value of its type.
    pub fn signal<T>(name: impl Into<String>, words: &'static str, signal: RwSignal<T>) -> Self
    where
        T: Serialize + DeserializeOwned + Clone + Send + Sync + 'static,
    {
        let set = move |value| {
            signal.set(value);
            true
        };
        Self::new(name, words, move || signal.get(), set)
    }

    /// Leaves out a field of its value that says what another piece says.
    fn without(self, field: &'static str) -> Self {
        let (get, set) = (self.get, self.set);
        let cut = move |value: JsValue| {
            let object = value.dyn_into::<Object>().ok()?;
            Reflect::delete_property(&object, &field.into()).ok()?;
            Some(JsValue::from(object))
        };
        Self {
            get: Box::new(move || get().and_then(cut)),
            set: Box::new(move |value| cut(value).is_some_and(&set)),
            ..self
        }
    }

    fn typed(self) -> Self {
        Self { typed: true, ..self }
    }

    /// Its value as JSON; follows the signals that it reads.
    pub fn text(&self) -> String {
        let text = (self.get)().and_then(|value| JSON::stringify(&value).ok());
        text.map_or_else(String::new, String::from)
    }

    /// Takes a value of [`Self::text`]; false if it does not fit.
    pub fn take(&self, text: &str) -> bool {
        JSON::parse(text).is_ok_and(|value| (self.set)(value))
    }
}

/// The plane of the cells in a file.
#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(untagged)]
enum Shown {
    /// What it is.
    Space(SpaceId),
    /// Its place among the planes that are offered, as older files have it.
    Listed(usize),
}

/// Asks for the positions of the cells in another plane.
pub trait AskForPlane: Fn(SpaceId) + Copy + Send + Sync + 'static {}

impl<F: Fn(SpaceId) + Copy + Send + Sync + 'static> AskForPlane for F {}

/// The choices that can be undone.
pub fn choices(state: State, ask_for_plane: impl AskForPlane) -> Vec<Piece> {
    let model = move |kind: scimf::protocol::ModelKind| {
        state.choose_model(kind);
        true
    };
    let evaluation = move |mut value: crate::state::EvaluationChoice| {
        keep_known(state, &mut value.held_out);
        state.evaluation_choice.set(value);
        true
    };
    let space = move |shown: Shown| {
        let known = state.dataset.with_untracked(|it| {
            let summary = &it.as_ref()?.summary;
            match shown {
                Shown::Space(id) => summary.space(id).map(|space| space.id),
                Shown::Listed(index) => summary.spaces.get(index).map(|space| space.id),
            }
        });
        if let Some(space) = known.filter(|space| *space != state.space.get_untracked()) {
            ask_for_plane(space);
        }
        known.is_some()
    };
    let dark = move |dark: bool| {
        state.dark.set(dark);
        page::show_theme(dark);
        true
    };
    let (selection, attention) = (state.selection, state.attention);
    let hidden = move |kinds: Vec<usize>| {
        let known = state.dataset.with_untracked(|it| it.as_ref().map_or(0, |it| it.summary.cell_types.len()));
        // Types that will be there in a moment may be named.
        let fits = kinds.is_empty() || (0..known).any(|kind| !kinds.contains(&kind));
        if fits {
            attention.hidden.set(kinds);
        }
        fits
    };
    let simulation = move |query: scimf::protocol::SimulationQuery| {
        let summary = state.dataset.with_untracked(|it| it.as_ref().map(|it| it.summary.clone()));
        let fits = summary.is_some_and(|it| {
            query.start.time < it.time_points.len()
                && query.start.types.iter().all(|kind| *kind < it.cell_types.len())
                && query.genes.iter().all(|gene| *gene < it.genes)
        });
        if fits {
            state.simulate.query.set(query);
        }
        fits
    };
    let recipes = state.models.all().map(move |(kind, model)| {
        let recipe = move |mut value: Recipe| {
            let fits = value.model == kind && !untrack(|| state.in_training()) && value.check().is_ok();
            if fits {
                keep_known(state, &mut value.held_out);
                model.recipe.set(value);
            }
            fits
        };
        let name = format!("training-{}", kind.card().key);
        Piece::new(name, "the settings of the training", move || model.recipe.get(), recipe).typed()
    });
    let mut pieces = vec![
        Piece::new("model", "the model", move || state.models.chosen.get(), model),
        Piece::signal("budget", "the time for the training", state.budgets.chosen),
        Piece::new("selection", "the selection", move || selection.position(), move |at| selection.go(at)),
        Piece::signal("operators", "how operators are shown", state.operators.view),
        Piece::signal("landscape", "what of the landscape is shown", state.landscape.view),
        Piece::signal("perturbation", "the perturbed gene", state.operators.choice).typed(),
        Piece::new("simulation", "the settings of the simulation", move || state.simulate.query.get(), simulation)
            .without("space")
            .typed(),
        Piece::new("evaluation", "the settings of the evaluation", move || state.evaluation_choice.get(), evaluation)
            .typed(),
        Piece::new("space", "the plane of the cells", move || Shown::Space(state.space.get()), space),
        Piece::signal("color_by", "the colours of the cells", state.color_by),
        Piece::signal("drift", "the part of the velocity", state.part),
        Piece::new(
            "score",
            "the measure of who acts on whom",
            move || state.attention.wanted.get(),
            move |measure: Option<crate::state::Measure>| {
                state.choose_measure(measure);
                true
            },
        ),
        Piece::signal("attention", "how attention is shown", attention.view),
        Piece::signal("direction", "the direction of the links", attention.direction),
        Piece::new("hidden", "the types that are left out", move || attention.hidden.get(), hidden),
        Piece::new("typing", "the types", move || state.typings.position(), move |at| state.sort_as(at)),
        Piece::signal("strength", "the strength of a link", attention.strengths.set),
        Piece::signal("compare", "what is compared", attention.compare),
        Piece::signal("hide_self", "the links of a type to itself", attention.hide_self),
        Piece::signal("distinct", "the colours of the types", attention.distinct),
        Piece::new("dark", "light or dark colours", move || state.dark.get(), dark),
    ];
    pieces.extend(recipes);
    pieces
}

/// Everything that a session file keeps.
fn all(state: State, ask_for_plane: impl AskForPlane) -> Vec<Piece> {
    let time = move |time: usize| {
        let known = state.dataset.with_untracked(|it| it.as_ref().map_or(0, |it| it.summary.time_points.len()));
        if time < known {
            state.choose_time(time);
        }
        time < known
    };
    // The sorting comes first: what follows names types by their positions.
    let typing = move |kept: Option<crate::state::KeptTyping>| state.take_typing(kept);
    let mut pieces = vec![Piece::new("types", "the types", move || state.kept_typing(), typing)];
    // A file keeps the sorting itself; a strength would simulate as soon as the file is open.
    let kept = |piece: &Piece| !matches!(piece.name.as_str(), "typing" | "strength");
    pieces.extend(choices(state, ask_for_plane).into_iter().filter(kept));
    pieces.push(Piece::new("time", "the time point", move || state.time.get(), time));
    pieces.push(Piece::signal("runs", "the list of runs", state.runs.all));
    let evidence = move |found: Option<scimf::protocol::Evidence>| {
        let kinds = state.dataset.with_untracked(|it| it.as_ref().map_or(0, |it| it.summary.cell_types.len()));
        let known = |it: &scimf::protocol::Evidence| {
            it.own.len() == kinds && it.links.iter().all(|link| link.receiver.max(link.sender) < kinds)
        };
        let fits = found.as_ref().is_none_or(known);
        if let Some(found) = found.filter(known) {
            state.evidence.found.set(Some(found.into()));
        }
        fits
    };
    let found = move || state.evidence.found.get().map(|found| (*found).clone());
    pieces.push(Piece::new("evidence", "the evidence", found, evidence));
    pieces.push(Piece::signal("units", "what evaluations found", state.units.found));
    pieces.push(Piece::signal("plans", "how long evaluations train", state.units.plans));
    let evaluation = move |kept: Option<crate::state::KeptEvaluation>| state.show_kept_evaluation(kept);
    pieces.push(Piece::new("evaluated", "the evaluation", move || state.kept_evaluation(), evaluation));
    pieces.push(Piece::signal("planted", "what was planted", state.evidence.shows_planted));
    let minutes = move |minutes: u32| {
        let offered = crate::state::VERDICT_MINUTES.contains(&minutes);
        if offered {
            state.verdict.minutes.set(minutes);
        }
        offered
    };
    let verdict = move |found: Option<crate::state::Findings>| {
        // A queue that ran when this was written stands still until somebody lets it go on.
        state.verdict.found.set(found.map(|found| crate::state::Findings { plan: None, ..found }));
        true
    };
    pieces.push(Piece::new("verdict_minutes", "the time for a verdict", move || state.verdict.minutes.get(), minutes));
    pieces.push(Piece::new("verdict", "the verdict", move || state.verdict.found.get(), verdict));
    pieces
}

/// The view as a session file keeps it.
pub fn write(state: State) -> Option<String> {
    let view = Object::new();
    untrack(|| {
        // Nothing is restored here, so no plane is asked for.
        for piece in all(state, |_| ()) {
            if let Some(value) = (piece.get)() {
                Reflect::set(&view, &piece.name.as_str().into(), &value).ok();
            }
        }
    });
    JSON::stringify(&view).ok().map(String::from)
}

/// Shows what a page showed when it wrote `text`, as far as it can be understood.
pub fn restore(state: State, ask_for_plane: impl AskForPlane, text: &str) {
    let Some(view) = JSON::parse(text).ok().and_then(|view| view.dyn_into::<Object>().ok()) else { return };
    before_cards::translate(&view);
    let has = |name: &str| Reflect::has(&view, &name.into()).unwrap_or(false);
    // What a page saved stood still; the command line writes evidence alone.
    if has("time") {
        state.simulate.shown.set(true);
    }
    // Older files know no budgets: their settings are to be seen.
    if !has("budget")
        && scimf::protocol::ModelKind::ALL.iter().any(|kind| has(&format!("training-{}", kind.card().key)))
    {
        state.budgets.chosen.set(scimf::protocol::Budget::Custom);
    }
    for piece in all(state, ask_for_plane) {
        if let Ok(value) = Reflect::get(&view, &piece.name.as_str().into())
            && !value.is_undefined()
        {
            (piece.set)(value);
        }
    }
}

/// Leaves the time points that this dataset has and that can be held out: all but the first.
fn keep_known(state: State, times: &mut Vec<usize>) {
    let known = state.dataset.with_untracked(|it| it.as_ref().map_or(0, |it| it.summary.time_points.len()));
    times.retain(|time| (1..known).contains(time));
}
