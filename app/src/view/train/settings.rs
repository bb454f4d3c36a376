//! The settings of the next training, as the card of the shown model lists them.

mod gene_list;

use crate::prelude::*;
use crate::{
    state::State,
    view::{field::NumberField, select_one::SelectOne},
};
use gene_list::GeneList;
use scimf::protocol::cards::{Field, FieldKind, Named};
use scimf::protocol::{ModelKind, Recipe, Value};

/// The settings that every training needs, and those with the authors' values for those who want others.
#[component]
pub fn Settings() -> impl IntoView {
    let state = expect_context::<State>();
    move || view! { <Form model=state.models.chosen.get()/> }
}

/// The form of one model.
#[component]
fn Form(model: ModelKind) -> impl IntoView {
    let state = expect_context::<State>();
    let (recipe, summary) = (state.models.of(model).recipe, state.models.of(model).summary);
    let locked = Signal::derive(move || state.in_training());
    let fields = |advanced: bool| {
        let those = model.card().fields.iter().filter(move |field| field.advanced == advanced);
        // Beside numbers and choices there is no room for a list or a whole sentence.
        let wide = |it: &&'static Field| matches!(it.kind, FieldKind::Switch { .. } | FieldKind::Genes);
        let (switches, others): (Vec<_>, Vec<_>) = those.partition(wide);
        let one = move |field: &'static Field| view! { <Setting field recipe locked/> };
        (others.into_iter().map(one).collect_view(), switches.into_iter().map(one).collect_view())
    };
    let ((first, first_switches), (more, more_switches)) = (fields(false), fields(true));
    view! {
        <div class="fields">
            {first}
            <NumberField
                label="Seed"
                hint="Fixes the first weights, the drawn cells and all that is random: the same seed gives the same training."
                min=0.0
                max=f64::from(u32::MAX)
                whole=true
                disabled=locked
                value=Signal::derive(move || f64::from(recipe.with(|it| it.seed)))
                set=move |n: f64| recipe.update(|it| it.seed = n as u32)
            />
        </div>
        {first_switches}
        <p class="warning">{move || recipe.with(leak)}</p>
        <details class="advanced">
            <summary>"Advanced settings"</summary>
            <div class="fields">{more}</div>
            {more_switches}
            <label class="check" title="Go on from the weights in use, with their shape, instead of fresh ones.">
                <input
                    type="checkbox"
                    disabled=move || locked.get() || summary.with(Option::is_none)
                    prop:checked=move || recipe.with(|it| it.from_current)
                    on:change:target=move |event| recipe.update(|it| it.from_current = event.target().checked())
                />
                "Continue from the current weights"
            </label>
        </details>
    }
}

/// One setting of a card.
#[component]
fn Setting(field: &'static Field, recipe: RwSignal<Recipe>, locked: Signal<bool>) -> impl IntoView {
    let Field { key, label, unit, hint, kind, .. } = *field;
    let set = move |value: Value| recipe.update(|it| drop(it.settings.insert(key.into(), value)));
    match kind {
        FieldKind::Whole { min, max, .. } => {
            view! { <Bounded field min=min as f64 max=max as f64 whole=true recipe locked/> }.into_any()
        }
        FieldKind::Number { min, max, .. } => {
            view! { <NumberField label unit hint min max disabled=locked value=Signal::derive(move || recipe.with(|it| it.number(key))) set=move |x: f64| set(x.into())/> }.into_any()
        }
        FieldKind::Switch { .. } => view! {
            <label class="check" title=hint>
                <input
                    type="checkbox"
                    disabled=locked
                    prop:checked=move || recipe.with(|it| it.switch(key))
                    on:change:target=move |event| set(event.target().checked().into())
                />
                {label}
            </label>
        }
        .into_any(),
        FieldKind::Genes => view! { <GeneList field recipe locked/> }.into_any(),
        FieldKind::Choice { options, .. } => {
            let names = |it: &Named| (it.key.to_owned(), it.name.to_owned());
            view! {
                <SelectOne
                    label
                    hint
                    options=Signal::stored(options.iter().map(names).collect::<Vec<_>>())
                    value=Signal::derive(move || recipe.with(|it| it.choice(key)))
                    set=move |chosen: String| set(Value::Choice(chosen))
                    disabled=locked
                />
            }
            .into_any()
        }
    }
}

/// A whole number; components are at most those of the dataset.
#[component]
fn Bounded(
    field: &'static Field,
    min: f64,
    max: f64,
    whole: bool,
    recipe: RwSignal<Recipe>,
    locked: Signal<bool>,
) -> impl IntoView {
    let state = expect_context::<State>();
    let Field { key, label, unit, hint, .. } = *field;
    let most = Memo::new(move |_| {
        let dimensions = state.dataset.with(|it| it.as_ref().map_or(max, |it| it.summary.dimensions as f64));
        if key == "components" { max.min(dimensions) } else { max }
    });
    move || {
        let max = most.get();
        let value = Signal::derive(move || recipe.with(|it| it.number(key)));
        let set = move |n: f64| recipe.update(|it| drop(it.settings.insert(key.into(), n.into())));
        view! { <NumberField label unit hint min max whole disabled=locked value set/> }
    }
}

/// A warning about a stop rule that looks at the held-out cells.
fn leak(recipe: &Recipe) -> &'static str {
    match (recipe.choice("stop") == "held-out", recipe.held_out.is_empty()) {
        (false, _) => "",
        (true, true) => "This rule needs held-out time points: choose at least one under Hold out.",
        (true, false) => {
            "This rule chooses the weights on the held-out cells, as the published table did: distances at these time points are then no test."
        }
    }
}
