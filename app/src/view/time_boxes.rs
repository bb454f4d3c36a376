//! Time points to hold out.

use crate::prelude::*;

/// One box per time point. The first cannot be chosen, and one besides it must be left.
#[component]
pub fn TimeBoxes(
    /// Name of the group.
    legend: &'static str,
    /// What holding out means here.
    hint: &'static str,
    /// What a single box does.
    tip: &'static str,
    /// Labels of the time points, in order.
    labels: Memo<Vec<String>>,
    /// The chosen ones.
    #[prop(into)]
    chosen: Signal<Vec<usize>>,
    /// Adds or removes one.
    #[prop(into)]
    toggle: Callback<usize>,
    /// Nothing can be changed now.
    #[prop(into)]
    disabled: Signal<bool>,
) -> impl IntoView {
    let chosen = Memo::new(move |_| chosen.get());
    let last_left =
        move |index: usize| chosen.with(|all| !all.contains(&index) && all.len() + 2 >= labels.with(Vec::len));
    let box_of = move |(index, label): (usize, String)| {
        let reason = move || match index {
            0 => "The simulation starts from the cells of the first time point, so it cannot be held out.",
            _ if last_left(index) => "At least one time point must be left to learn from.",
            _ => tip,
        };
        view! {
            <label class="check" title=reason>
                <input
                    type="checkbox"
                    disabled=move || index == 0 || last_left(index) || disabled.get()
                    prop:checked=move || chosen.with(|all| all.contains(&index))
                    on:change=move |_| toggle.run(index)
                />
                <span>{label}</span>
            </label>
        }
    };
    let hint_id = format!("{}-hint", legend.to_lowercase().replace(|c: char| !c.is_ascii_alphanumeric(), "-"));
    let described_by = hint_id.clone();
    view! {
        <fieldset class="hold-out" aria-describedby=described_by>
            <legend>{legend}</legend>
            <div class="boxes">{move || labels.get().into_iter().enumerate().map(box_of).collect_view()}</div>
            <p class="hint" id=hint_id>{hint}</p>
        </fieldset>
    }
}
