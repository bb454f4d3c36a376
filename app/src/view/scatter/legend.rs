//! Names of the colours; pointing at one lights it up everywhere.

use super::scene::Scene;
use crate::prelude::*;
use crate::{
    engine::Engine,
    state::{ColorBy, Part},
    view::{cells::color::SenderMenu, cells::gene::GeneField, pinned::run_without},
    words,
};
use scimf::figure::labels::numbered;
use scimf::figure::palette::{Rgb, value};
use scimf::figure::shades::Scale;
use scimf::figure::theme::Theme;

/// Types with their cells at the chosen time, time points or levels with their cells, or a scale of values.
#[component]
pub fn Legend(scene: Scene) -> impl IntoView {
    let state = scene.state;
    let engine = expect_context::<Engine>();
    let pinned = state.attention.pinned;
    let swatch = |color: Option<Rgb>| {
        view! { <span class="swatch" style:background-color=color.map(|color| color.to_string())></span> }
    };
    let types = move || {
        let (dataset, colors) = (state.dataset.get()?, scene.type_colors.get());
        let entry = |(i, kind): (usize, &scimf::protocol::CellType)| {
            let part = Part::Type(i);
            let light = move |on: bool| state.attention.point(state, on.then_some(part));
            let count = move || scene.counts.with(|counts| counts.get(i).copied().unwrap_or(0));
            view! {
                <li>
                    <button
                        type="button"
                        title=kind.name.clone()
                        class:lit=move || state.focused_type.get() == Some(i)
                        class:absent=move || count() == 0 || state.attention.hidden.with(|hidden| hidden.contains(&i))
                        aria-pressed=move || (pinned.get() == Some(part)).to_string()
                        on:pointerenter=move |_| light(true)
                        on:pointerleave=move |_| light(false)
                        on:focus=move |_| light(true)
                        on:blur=move |_| light(false)
                        on:click=move |_| state.attention.pin(part)
                        on:keydown=move |event| {
                            if matches!(event.key().as_str(), "Delete" | "Backspace") {
                                run_without(state, engine, part);
                            }
                        }
                    >
                        {swatch(colors.get(i).copied())}
                        <span class="name">{numbered(i, &kind.name)}</span>
                        " "
                        <span class="count">{move || count()} <span class="unseen">" cells"</span></span>
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
    let levels = move || {
        let shades = scene.shades.get()?;
        let Scale::Levels(levels) = &shades.scale else { return None };
        let counts = shades.counts();
        let entry = |(i, (level, color)): (usize, &(String, Rgb))| {
            view! {
                <li class="time">
                    {swatch(Some(*color))}
                    <span class="name" title=level.clone()>{level.clone()}</span>
                    <span class="count">{words::count(counts.get(i).copied().unwrap_or(0))}</span>
                </li>
            }
        };
        Some(levels.iter().enumerate().map(entry).collect_view())
    };
    let categories = Memo::new(move |_| match state.color_by.get() {
        _ if state.cells.seeking.get() => false,
        ColorBy::Type | ColorBy::Time => true,
        _ => scene.shades.with(|shades| shades.as_ref().is_some_and(|it| matches!(it.scale, Scale::Levels(_)))),
    });
    let legend = move || {
        if categories.get() {
            view! {
                <ul class="legend" aria-label="Colours">
                    {move || match state.color_by.get() {
                        ColorBy::Type => types().into_any(),
                        ColorBy::Time => times().into_any(),
                        _ => levels().into_any(),
                    }}
                </ul>
            }
            .into_any()
        } else {
            view! { <Bar scene /> }.into_any()
        }
    };
    view! { <div class="legend-room">{move || legend()}</div> }
}

/// A scale of values with its ends, and what is grey.
#[component]
fn Bar(scene: Scene) -> impl IntoView {
    let state = scene.state;
    #[derive(Clone, Copy, PartialEq)]
    enum Choice {
        Gene,
        Sender,
        None,
    }
    let choice = Memo::new(move |_| match state.color_by.get() {
        _ if state.cells.seeking.get() => Choice::Gene,
        ColorBy::Gene(_) | ColorBy::Measured(_) => Choice::Gene,
        ColorBy::Receivers(_) => Choice::Sender,
        _ => Choice::None,
    });
    let bar = move || {
        if state.cells.seeking.get() {
            return view! { <span class="quiet">"Type the name of a gene."</span> }.into_any();
        }
        let Some(shades) = scene.shades.get() else {
            return view! { <span class="quiet">{why_not(scene)}</span> }.into_any();
        };
        let title = shades.title.clone();
        let Scale::Range { low, high, beyond, dark } = shades.scale else { return ().into_any() };
        let ends = [(beyond[0], "≤ ", low), (beyond[1], "≥ ", high)];
        let [low, high] =
            ends.map(|(more, sign, end)| format!("{}{}", if more { sign } else { "" }, words::number(end)));
        let colors: Vec<String> = (0..=16).map(|i| value(f64::from(i) / 16.0, dark).to_string()).collect();
        let missing = shades.missing();
        let grey = (missing > 0).then(|| {
            let pale = Theme::new(dark).pale.to_string();
            view! {
                <span class="none">
                    <span class="swatch" style:background-color=pale></span>
                    {format!("{} without a value", words::count(missing))}
                </span>
            }
        });
        view! {
            <span class="title">{title.clone()}</span>
            <span class="scale" role="img" aria-label=format!("{title}: colours from {low} to {high}")>
                <span aria-hidden="true">{low.clone()}</span>
                <span class="gradient" style:background-image=format!("linear-gradient(to right, {})", colors.join(", "))></span>
                <span aria-hidden="true">{high.clone()}</span>
            </span>
            {grey}
        }
        .into_any()
    };
    view! { <div class="colour-bar" role="group" aria-label="Colours">
            {move || match choice.get() {
                Choice::Gene => view! { <GeneField/> }.into_any(),
                Choice::Sender => view! { <SenderMenu/> }.into_any(),
                Choice::None => ().into_any(),
            }}
            {move || bar()}
        </div>
    }
}

/// Why there are no values.
fn why_not(scene: Scene) -> &'static str {
    let state = scene.state;
    match state.color_by.get() {
        ColorBy::Receivers(_) if !state.can().attention => {
            "This model has no attention: choose one with interaction above to see who listens."
        }
        ColorBy::Speed | ColorBy::Receivers(_) if !state.has_weights() => {
            "There are no values yet: train the model or load weights."
        }
        ColorBy::Potential | ColorBy::Residual | ColorBy::GrowthWeight if !state.has_weights() => {
            "There are no values yet: train the model or load weights."
        }
        ColorBy::Fate(_) => "Ask under Simulate where copies of the selected cells end.",
        ColorBy::Growth if !state.has_weights_able(|can| can.operators) => {
            "There are no values yet: train a model with operators or load its weights."
        }
        ColorBy::Column(_) | ColorBy::Gene(_) | ColorBy::Measured(_) if state.cells.values.with(Option::is_some) => {
            "No cell has a value."
        }
        _ => "The values are being computed.",
    }
}
