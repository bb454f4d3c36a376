//! The evidence as files.

use crate::prelude::*;
use crate::{files, state::State};
use js_sys::JSON;
use scimf::figure::evidence::{Report, to_csv};
use scimf::protocol::{DatasetSummary, Evidence};
use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::JsValue;

/// Both buttons.
#[component]
pub fn Saved() -> impl IntoView {
    let state = expect_context::<State>();
    let save = move |ending: &'static str, text: fn(&Evidence, &DatasetSummary) -> Option<String>| {
        let Some((found, dataset)) = state.evidence.found.get_untracked().zip(state.dataset.get_untracked()) else {
            return;
        };
        let name = format!("{}-evidence.{ending}", dataset.summary.name);
        let Some(text) = text(&found, &dataset.summary) else { return };
        match files::hand_over(&name, text.as_bytes()) {
            Ok(()) => state.status.set(format!("{name} was saved.")),
            Err(problem) => state.problem.set(Some(problem)),
        }
    };
    view! {
        <button type="button" on:click=move |_| save("csv", |found, dataset| Some(to_csv(found, dataset)))>
            "Save links (CSV)"
        </button>
        <button
            type="button"
            title="What `scimf interactions --json` prints"
            on:click=move |_| save("json", |found, dataset| json(&Report::new(found, dataset)))
        >
            "Save evidence (JSON)"
        </button>
    }
}

fn json(report: &Report<'_>) -> Option<String> {
    let value = report.serialize(&Serializer::json_compatible()).ok()?;
    JSON::stringify_with_replacer_and_space(&value, &JsValue::NULL, &JsValue::from(2)).ok().map(String::from)
}
