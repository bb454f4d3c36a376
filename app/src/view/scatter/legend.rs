//! Names of the colours; pointing at one lights it up everywhere.

use super::Scene;
use crate::state::ColorBy;
use leptos::prelude::*;
use scimf::figure::palette::Rgb;

/// Types with their cells at the chosen time, or time points with their cells.
#[component]
pub fn Legend(scene: Scene) -> impl IntoView {
    let state = scene.state;
    let pinned = RwSignal::new(None::<usize>);
    let swatch = |color: Option<Rgb>| {
        view! { <span class="swatch" style:background-color=color.map(|color| color.to_string())></span> }
    };
    let types = move || {
        let (dataset, colors) = (state.dataset.get()?, scene.type_colors.get());
        let entry = |(i, kind): (usize, &scimf::protocol::CellType)| {
            let light = move |on: bool| state.focused_type.set(if on { Some(i) } else { pinned.get_untracked() });
            let count = move || scene.counts.with(|counts| counts.get(i).copied().unwrap_or(0));
            view! {
                <li>
                    <button
                        type="button"
                        title=kind.name.clone()
                        class:lit=move || state.focused_type.get() == Some(i)
                        class:absent=move || count() == 0
                        aria-pressed=move || (pinned.get() == Some(i)).to_string()
                        on:pointerenter=move |_| light(true)
                        on:pointerleave=move |_| light(false)
                        on:focus=move |_| light(true)
                        on:blur=move |_| light(false)
                        on:click=move |_| {
                            pinned.update(|now| *now = (*now != Some(i)).then_some(i));
                            light(true);
                        }
                    >
                        {swatch(colors.get(i).copied())}
                        <span class="name">{kind.name.clone()}</span>
                        <span class="count">{count}</span>
                    </button>
                </li>
            }
        };
        Some(dataset.summary.cell_types.iter().enumerate().map(entry).collect_view())
    };
    let times = move || {
        let (dataset, colors) = (state.dataset.get()?, scene.time_colors.get());
        let entry = |(i, time): (usize, &scimf::protocol::TimePoint)| {
            let chosen = move || state.time.get() == i;
            view! {
                <li class="time" class:lit=chosen aria-current=move || chosen().then_some("true")>
                    {swatch(colors.get(i).copied())}
                    <span class="name">{time.label.clone()}</span>
                    <span class="count">{time.cells}</span>
                </li>
            }
        };
        Some(dataset.summary.time_points.iter().enumerate().map(entry).collect_view())
    };
    view! {
        <ul class="legend" aria-label="Colours">
            {move || match state.color_by.get() {
                ColorBy::Type => types().into_any(),
                ColorBy::Time => times().into_any(),
            }}
        </ul>
    }
}
