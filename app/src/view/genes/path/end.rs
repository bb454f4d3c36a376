//! One end of a path: a group of cells.

use crate::prelude::*;
use crate::{
    state::State,
    view::select_one::{SelectOne, named},
    words,
};
use scimf::protocol::Array;

/// What stands for all types and all times.
const ALL: &str = "all";

/// Type, time point, and perhaps selected cells.
#[component]
pub fn End(
    /// 0 for where the path begins, 1 for where it ends.
    at: usize,
) -> impl IntoView {
    let state = expect_context::<State>();
    let group = state.paths.ends[at];
    let locked =
        Signal::derive(move || state.dataset.with(Option::is_none) || state.paths.running.with(Option::is_some));
    let with_all = |all: &'static str, names: Vec<String>| {
        let names = names.into_iter().enumerate().map(|(key, name)| (key.to_string(), name));
        std::iter::once(named(ALL, all)).chain(names).collect::<Vec<_>>()
    };
    let types = Memo::new(move |_| with_all("all types", state.type_names()));
    let times = Memo::new(move |_| with_all("all time points", state.time_labels()));
    let key = |chosen: Option<usize>| chosen.map_or_else(|| ALL.to_owned(), |chosen| chosen.to_string());
    let selected = Memo::new(move |_| state.selection.cells.with(|cells| cells.len()));
    let taken = Memo::new(move |_| group.with(|group| group.cells.len()));
    let [of_type, at_time] = [["From type", "From time"], ["To type", "To time"]][at.min(1)];
    view! {
        <div class="change" role="group" aria-label=["Start of the path", "End of the path"][at.min(1)]>
            <SelectOne
                label=of_type
                hint="The cells whose mean is this end of the path"
                options=types
                value=Signal::derive(move || key(group.with(|group| group.types.first().copied())))
                set=move |chosen: String| group.update(|group| group.types = chosen.parse().into_iter().collect())
                disabled=locked
            />
            <SelectOne
                label=at_time
                hint="Of these, the cells of one time point"
                options=times
                value=Signal::derive(move || key(group.with(|group| group.time)))
                set=move |chosen: String| group.update(|group| group.time = chosen.parse().ok())
                disabled=locked
            />
            {move || match (taken.get(), selected.get()) {
                (0, 0) => None,
                (0, count) => Some(
                    view! {
                        <button
                            type="button"
                            class="whole"
                            disabled=locked
                            on:click=move |_| {
                                let cells = Array(state.selection.cells.get_untracked().to_vec());
                                group.update(|group| {
                                    group.cells = cells;
                                    group.types.clear();
                                    group.time = None;
                                });
                            }
                        >
                            {format!("Take the {} selected cells", words::count(count))}
                        </button>
                    }
                        .into_any(),
                ),
                (count, _) => Some(
                    view! {
                        <span class="chip">
                            {format!("among {} selected cells", words::count(count))}
                            <button
                                type="button"
                                class="icon"
                                aria-label="Among all cells"
                                disabled=locked
                                on:click=move |_| group.update(|group| group.cells = Array::default())
                            >
                                "×"
                            </button>
                        </span>
                    }
                        .into_any(),
                ),
            }}
        </div>
    }
}
