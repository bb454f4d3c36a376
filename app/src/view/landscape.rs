//! The potential of the shown model, in the place of attention, which it does not have.

use super::{alone::Alone, operators::hand_over, panel_tools::PanelTools, sketch::Sketch, untrained::Untrained};
use crate::prelude::*;
use crate::{
    shown::landscape::{name, sentence, terrain, view},
    state::{LandscapeView, State, Topic},
    words,
};
use scimf::figure::landscape::{csv, draw, means};
use scimf::figure::theme::Theme;

/// The views with what they mean.
const VIEWS: [(LandscapeView, &str, &str); 3] = [
    (LandscapeView::Potential, "Potential", "Cells run downhill; lines of equal height over the plane"),
    (LandscapeView::Residual, "Residual", "Where the landscape is not to be trusted"),
    (LandscapeView::Growth, "Growth", "How much each start cell multiplies, beside the mean"),
];

/// The panel beside the cells while a model with a potential is shown.
#[component]
pub fn LandscapePanel() -> impl IntoView {
    let state = expect_context::<State>();
    let there = Memo::new(move |_| state.has_weights());
    let at = move || state.time_labels().get(state.time.get()).map(|label| format!(" at {label}"));
    let offered = move |view: LandscapeView| match view {
        LandscapeView::Potential => true,
        LandscapeView::Residual => state.can().residual,
        LandscapeView::Growth => state.can().growth,
    };
    let known = Memo::new(move |_| state.landscape.values(view(state)).with(Option::is_some));
    let save = move |_| {
        let view = untrack(|| view(state));
        let values = state.landscape.values(view).get_untracked().zip(state.dataset.get_untracked());
        if let Some((answer, dataset)) = values {
            hand_over(state, name(view), &csv(name(view), &answer.values, &dataset.cells, &dataset.summary));
        }
    };
    let button = move |(option, title, meaning): (LandscapeView, &'static str, &'static str)| {
        view! {
            <button
                type="button"
                title=meaning
                aria-pressed=move || (view(state) == option).to_string()
                on:click=move |_| state.landscape.view.set(option)
            >
                {title}
            </button>
        }
    };
    view! {
        <section class="panel attention operators landscape" aria-labelledby="landscape-title">
            <div class="bar">
                <h2 id="landscape-title">"The landscape" <span class="quiet">{move || at()}</span></h2>
                <PanelTools topic=Topic::Landscape figure=|_| "landscape" about="The landscape"/>
                <button type="button" title="The numbers of this view as comma-separated values" disabled=move || !known.get() on:click=save>
                    "CSV"
                </button>
                <div class="choice" role="group" aria-label="View">
                    {move || VIEWS.into_iter().filter(|it| offered(it.0)).map(button).collect_view()}
                </div>
            </div>
            <div class="stage" aria-busy=move || (there.get() && !known.get()).to_string()>
                {move || {
                    if there.get() { view! { <Shown/> }.into_any() } else { view! { <Untrained/> }.into_any() }
                }}
            </div>
            <p class="caption">
                <Alone so="it has no attention." ability=|can| can.attention lead="See who listens to whom with"/>
            </p>
        </section>
    }
}

/// The plane beside what it says.
#[component]
fn Shown() -> impl IntoView {
    let state = expect_context::<State>();
    let drawn = move |size| {
        let (terrain, dark) = (terrain(state)?, state.dark.get());
        Some(draw(&terrain.figure(dark), size, Theme::new(dark)))
    };
    let about = Signal::derive(move || sentence(state));
    view! {
        <div class="eigen">
            <Sketch draw=drawn about class="eigen-plane"/>
            <div class="eigen-side">
                <p aria-live=move || if state.in_training() { "off" } else { "polite" }>{about}</p>
                <ByType/>
            </div>
        </div>
    }
}

/// Means of the shown values by type and, over all cells, by time.
#[component]
fn ByType() -> impl IntoView {
    let state = expect_context::<State>();
    let rows = move || {
        let (answer, dataset) = (state.landscape.values(view(state)).get()?, state.dataset.get()?);
        let (names, colors, labels) = (state.type_names(), state.type_colors(), state.time_labels());
        let number = |mean: Option<f64>| mean.map_or_else(|| "–".to_owned(), |mean| words::number(mean as f32));
        let types = means(&answer.values, &dataset.cells.cell_types, names.len());
        let times = means(&answer.values, &dataset.cells.times, labels.len());
        let of_type = types.into_iter().enumerate().map(|(kind, mean)| {
            view! {
                <tr>
                    <th scope="row">
                        <span class="swatch" style:background-color=colors.get(kind).map(|color| color.to_string())></span>
                        " " {kind + 1} " " {names.get(kind).cloned()}
                    </th>
                    <td>{number(mean)}</td>
                </tr>
            }
        });
        let of_time = times.into_iter().zip(labels).map(|(mean, label)| {
            view! {
                <tr>
                    <th scope="row">{label}</th>
                    <td>{number(mean)}</td>
                </tr>
            }
        });
        Some((of_time.collect_view(), of_type.collect_view()))
    };
    view! {
        <div class="figure-scroll" tabindex="0" role="group" aria-label="Means by time and type">
            <table class="scores">
                <caption>{move || format!("Mean {} of the cells of a time point, and of a type", name(view(state)))}</caption>
                <tbody>{move || rows()}</tbody>
            </table>
        </div>
    }
}
