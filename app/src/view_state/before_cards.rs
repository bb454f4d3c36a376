//! Views that pages wrote before models had cards: the settings of two models under names of their own.

use js_sys::{Array, Object, Reflect};
use scimf::protocol::ModelKind;
use wasm_bindgen::{JsCast, JsValue};

/// For each of the two models: the name of its settings, and how a recipe says whose they are.
const SETTINGS: [(&str, &str); 2] = [("training", "ScImf"), ("cell_mnn_training", "CellMnn")];
/// For each of the two models: what an evaluation says of its training, and of its length.
const EVALUATED: [(&str, &str); 2] = [("scimf", "updates"), ("cell_mnn", "epochs")];

/// Adds what such a view says in the words of today.
pub fn translate(view: &Object) {
    let models = ModelKind::BEFORE_CARDS.map(|model| model.card().key);
    for (key, (name, whose)) in models.into_iter().zip(SETTINGS) {
        if let Some(settings) = there(view, name) {
            let recipe = Object::new();
            put(&recipe, whose, &settings);
            put(view, &format!("training-{key}"), &recipe);
        }
    }
    let Some(evaluation) = there(view, "evaluation").and_then(|it| it.dyn_into::<Object>().ok()) else { return };
    if there(&evaluation, EVALUATED[0].0).is_none() {
        return;
    }
    let chosen = Array::new();
    for (key, (train, steps)) in models.into_iter().zip(EVALUATED) {
        if let Some((train, steps)) = there(&evaluation, train).zip(there(&evaluation, steps)) {
            let model = Object::new();
            put(&model, "model", &key.into());
            put(&model, "train", &train);
            put(&model, "steps", &steps);
            chosen.push(&model);
        }
    }
    put(&evaluation, "models", &chosen);
}

fn there(object: &Object, name: &str) -> Option<JsValue> {
    Reflect::get(object, &name.into()).ok().filter(|value| !value.is_undefined())
}

fn put(object: &Object, name: &str, value: &JsValue) {
    Reflect::set(object, &name.into(), value).ok();
}
