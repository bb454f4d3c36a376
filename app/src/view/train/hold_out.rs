//! Time points that the training must not see.

use crate::state::State;
use leptos::prelude::*;

/// One box per time point.
#[component]
pub fn HoldOut() -> impl IntoView {
    let state = expect_context::<State>();
    let labels = Memo::new(move |_| {
        state.dataset.with(|it| {
            it.as_ref()
                .map_or_else(Vec::new, |it| it.summary.time_points.iter().map(|time| time.label.clone()).collect())
        })
    });
    // At least one time point besides the first must be left to learn from.
    let last_left = move |index: usize| {
        let times = labels.with(Vec::len);
        state.settings.with(|settings| !settings.held_out.contains(&index) && settings.held_out.len() + 2 >= times)
    };
    let toggle = move |index: usize| {
        state.settings.update(|settings| {
            if settings.held_out.contains(&index) {
                settings.held_out.retain(|other| *other != index);
            } else {
                settings.held_out.push(index);
                settings.held_out.sort_unstable();
            }
        });
    };
    let box_of = move |(index, label): (usize, String)| {
        let reason = move || match index {
            0 => "The simulation starts from the cells of the first time point, so it cannot be held out.",
            _ if last_left(index) => "At least one time point must be left to learn from.",
            _ => "Leave these cells out of the loss, to see later whether the model predicts them.",
        };
        view! {
            <label class="check" title=reason>
                <input
                    type="checkbox"
                    disabled=move || index == 0 || last_left(index) || state.in_training()
                    prop:checked=move || state.settings.with(|settings| settings.held_out.contains(&index))
                    on:change=move |_| toggle(index)
                />
                <span>{label}</span>
            </label>
        }
    };
    view! {
        <fieldset class="hold-out" aria-describedby="hold-out-hint">
            <legend>"Hold out"</legend>
            <div class="boxes">{move || labels.get().into_iter().enumerate().map(box_of).collect_view()}</div>
            <p class="hint" id="hold-out-hint">
                "Time points left out of the loss. The first cannot be: the simulation starts from its cells."
            </p>
        </fieldset>
    }
}
