//! How the simulated cells change their type over all times; a click on a bar, or a lasso, follows cells both ways.

use crate::prelude::*;
use crate::{state::State, view::sketch::Sketch};
use scimf::figure::theme::Theme;
use scimf::figure::type_flow::{Through, bar_at, draw};

/// The figure with its sentence.
#[component]
pub fn TypeFlows() -> impl IntoView {
    let state = expect_context::<State>();
    let flow = Memo::new(move |_| state.type_flow());
    let through = state.simulate.through;
    let size = StoredValue::new([0.0; 2]);
    let about = Signal::derive(move || {
        flow.with(|flow| flow.sentence(&state.time_labels(), &state.type_names(), through.get()))
    });
    let drawing = move |new: [f64; 2]| {
        size.set_value(new);
        let (labels, kinds, colors) = (state.time_labels(), state.type_names(), state.type_colors());
        let theme = Theme::new(state.dark.get());
        Some(flow.with(|flow| draw(flow, &labels, &kinds, &colors, through.get(), new, theme)))
    };
    let click = move |at: [f64; 2]| {
        let bar = flow.with_untracked(|flow| bar_at(flow, &untrack(|| state.type_names()), size.get_value(), at));
        let bar = bar.map(Through::Bar);
        through.update(|through| *through = bar.filter(|bar| Some(*bar) != *through));
    };
    let any = Memo::new(move |_| state.selection.cells.with(|cells| !cells.is_empty()));
    let chosen = move || through.get() == Some(Through::Chosen);
    let follow = move |yes: bool| through.set(yes.then_some(Through::Chosen));
    view! {
        <figure>
            <figcaption>"Flows between types"</figcaption>
            <Sketch draw=drawing about class="type-flows" clicked=click/>
        </figure>
        <p class="quiet small" aria-live="polite">
            {about} " "
            {move || match through.get() {
                Some(Through::Bar(_)) => "Click the bar again to see all cells.",
                Some(Through::Chosen) => "A cell passes among the selected ones if most of its nearest observed cells of that time point are selected.",
                None => "Click a bar to follow its cells: their ancestors to the left, their fates to the right.",
            }}
        </p>
        <label class="check" title="Select cells on the scatter plot first">
            <input
                type="checkbox"
                disabled=move || !any.get() && !chosen()
                prop:checked=chosen
                on:change:target=move |event| follow(event.target().checked())
            />
            <span>"Follow the selected cells " <span class="quiet">"(ancestors and fates of a lasso)"</span></span>
        </label>
    }
}
