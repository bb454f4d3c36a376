//! How far long work is.

use crate::prelude::*;
use crate::state::WorkStage;
use scimf::protocol::ModelKind;

/// A bar with the stage under it, both of a fixed height.
#[component]
pub fn WorkProgress(
    /// What the bar is about.
    label: &'static str,
    /// How far it is; nothing is running where there is none.
    stage: RwSignal<Option<WorkStage>>,
) -> impl IntoView {
    let percent = move || stage.with(|stage| stage.as_ref().map_or(0.0, |stage| 100.0 * stage.done.clamp(0.0, 1.0)));
    let words = move || stage.with(|it| it.as_ref().map(|it| sentence_case(&it.name)));
    view! {
        <div class="work">
            <progress aria-label=label max="100" prop:value=move || f64::from(percent())></progress>
            <p><span>{move || words()}</span> <span class="quiet">{move || format!("{:.0} %", percent().floor())}</span></p>
        </div>
    }
}

fn sentence_case(text: &str) -> String {
    // Names of models keep their own spelling.
    let mut characters = text.chars();
    match characters.next() {
        Some(first) if ModelKind::ALL.iter().all(|model| !text.starts_with(model.name())) => {
            first.to_uppercase().chain(characters).collect()
        }
        _ => text.into(),
    }
}
