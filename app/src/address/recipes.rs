//! The settings of trainings in the address: `cell-mnn-epochs=200`, a model's key and the key of a setting of its card.

use super::words;
use scimf::protocol::cards::{Field, FieldKind};
use scimf::protocol::{ModelKind, Recipe, Value};

/// Seeds are whole numbers up to this.
const SEEDS: [f64; 2] = [0.0, u32::MAX as f64];

/// How addresses named settings before models had cards: the name, the model's place among the two, and the setting.
const BEFORE_CARDS: [(&str, usize, &str); 6] = [
    ("updates", 0, "updates"),
    ("seed", 0, "seed"),
    ("cells-per-update", 0, "cells"),
    ("held-out", 0, "held-out"),
    ("epochs", 1, "epochs"),
    ("components", 1, "components"),
];

/// A recipe with what an address says of it; what is no allowed value is passed over.
pub fn read(recipe: &Recipe, value: impl Fn(&str) -> Option<String>, points: usize) -> Recipe {
    let (mut recipe, model) = (recipe.clone(), recipe.model);
    let said = |setting: &str| {
        let before = |(_, place, old): &&(_, usize, &str)| ModelKind::BEFORE_CARDS[*place] == model && *old == setting;
        let alias = || BEFORE_CARDS.iter().find(before).and_then(|(name, ..)| value(name));
        value(&key(model, setting)).or_else(alias)
    };
    for field in model.card().fields {
        if let Some(wanted) = said(field.key).and_then(|text| parsed(field, &text)) {
            recipe = recipe.with(field.key, wanted);
        }
    }
    if let Some(seed) = said("seed").and_then(|text| words::number(&text, SEEDS, true)) {
        recipe.seed = seed as u32;
    }
    if let Some(times) = said("held-out") {
        recipe.held_out = words::positions(&times, 1..points);
    }
    recipe
}

/// What an address says of a recipe: everything that is not as proposed, each with its key.
pub fn write(recipe: &Recipe) -> Vec<(String, String)> {
    let (model, proposed) = (recipe.model, Recipe::new(recipe.model));
    let changed = |field: &&Field| recipe.value(field.key) != proposed.value(field.key);
    let fields = model.card().fields.iter().filter(changed);
    let mut all: Vec<_> =
        fields.filter_map(|field| Some((key(model, field.key), recipe.value(field.key)?.to_string()))).collect();
    if recipe.seed != proposed.seed {
        all.push((key(model, "seed"), recipe.seed.to_string()));
    }
    if !recipe.held_out.is_empty() {
        all.push((key(model, "held-out"), words::list(&recipe.held_out)));
    }
    all
}

fn key(model: ModelKind, setting: &str) -> String {
    format!("{}-{setting}", model.card().key)
}

/// A value that the card allows.
fn parsed(field: &Field, text: &str) -> Option<Value> {
    let value = match field.kind {
        FieldKind::Whole { .. } | FieldKind::Number { .. } => Value::Number(text.parse().ok()?),
        FieldKind::Switch { .. } => Value::Switch(text.parse().ok()?),
        FieldKind::Choice { .. } => Value::Choice(text.into()),
        FieldKind::Genes => Value::genes(text),
    };
    field.check(&value).is_ok().then_some(value)
}
