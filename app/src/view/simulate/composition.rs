//! Which types the simulated cells become, beside the types that were observed.

use crate::prelude::*;
use crate::{state::State, view::canvas::size_of_element};
use leptos::html;
use scimf::figure::composition::{self, Band, Composition, CompositionLayout, Shape};
use scimf::figure::palette::Rgb;
use scimf::figure::svg::line_through;

/// Height of a figure, in pixels.
const HEIGHT: f64 = 236.0;

/// Both compositions on one axis of time.
#[component]
pub fn Compositions() -> impl IntoView {
    let state = expect_context::<State>();
    let simulated = Memo::new(move |_| state.simulated_composition());
    let observed = Memo::new(move |_| state.observed_composition());
    let end = Memo::new(move |_| simulated.with(|it| it.times.last().copied().unwrap_or(0.0)));
    let sure = move || {
        let (all, neighbours) =
            (state.label_confidence(), state.simulation.with(|it| Some(it.as_ref()?.fates.as_ref()?.neighbours)));
        let mean = all.iter().sum::<f32>() / all.len().max(1) as f32;
        let (last, neighbours) = (all.last().copied().unwrap_or(0.0), neighbours.unwrap_or(0));
        format!(
            "A simulated cell has the type of most of its {neighbours} nearest observed cells. Mean confidence (neighbours that agree): {:.0} %, at the end {:.0} %.",
            100.0 * mean,
            100.0 * last
        )
    };
    view! {
        <div class="pair">
            <figure>
                <figcaption>"Simulated"</figcaption>
                <Stack composition=simulated shape=Shape::Area end what="simulated"/>
            </figure>
            <figure>
                <figcaption>"Observed"</figcaption>
                <Stack composition=observed shape=Shape::Columns end what="observed"/>
            </figure>
        </div>
        <p class="quiet small">{move || sure()}</p>
    }
}

/// One composition.
#[component]
fn Stack(composition: Memo<Composition>, shape: Shape, end: Memo<f64>, what: &'static str) -> impl IntoView {
    let state = expect_context::<State>();
    let frame = NodeRef::<html::Div>::new();
    let size = size_of_element(frame);
    let kinds = Memo::new(move |_| state.type_names());
    let colors = Memo::new(move |_| state.type_colors());
    let layout = Memo::new(move |_| {
        let width = size.get()[0];
        (width > 0.0).then(|| {
            composition.with(|it| {
                composition::layout(it, shape, &state.time_labels(), &kinds.get(), end.get(), [width, HEIGHT])
            })
        })
    });
    let sentence = move || {
        let shares = composition.with(|it| it.row(it.times.len().saturating_sub(1)));
        let mut shares: Vec<_> = kinds.get().into_iter().zip(shares).filter(|(_, share)| *share >= 5e-3).collect();
        shares.sort_by(|a, b| b.1.total_cmp(&a.1));
        let listed: Vec<_> = shares.iter().map(|(name, share)| format!("{name} {:.0} %", 100.0 * share)).collect();
        format!(
            "Composition of the {what} cells over time; at the end: {}. The numbers are in the table below.",
            listed.join(", ")
        )
    };
    let drawing = move || {
        layout.get().map(|layout| {
            let [width, height] = layout.size;
            view! {
                <svg viewBox=format!("0 0 {width} {height}") height=height.to_string() role="img" aria-label=sentence>
                    {draw(state, &layout, &colors.get())}
                    <Now layout=layout.clone()/>
                </svg>
            }
        })
    };
    view! { <div class="drawn composition" node_ref=frame>{move || drawing()}</div> }
}

/// Where the playback stands.
#[component]
fn Now(layout: CompositionLayout) -> impl IntoView {
    let state = expect_context::<State>();
    let ([_, top, _, bottom], axis) = (layout.area, layout.axis);
    let x = Memo::new(move |_| state.playhead.get().map(|head| axis.place(head)));
    move || x.get().map(|x| view! { <line class="now" x1=x x2=x y1=top y2=bottom></line> })
}

fn draw(state: State, layout: &CompositionLayout, colors: &[Rgb]) -> impl IntoView + use<> {
    let [left, top, right, bottom] = layout.area;
    let levels = layout.levels.iter().map(|&(y, text)| {
        view! {
            <line class="grid" x1=left x2=right y1=y y2=y></line>
            <text class="quiet end" x=left - 6.0 y=y>{text}</text>
        }
    });
    let ticks = layout.ticks.iter().map(|tick| {
        let x = tick.x;
        view! {
            <line class="edge" x1=x x2=x y1=bottom y2=bottom + 4.0></line>
            {tick.label.clone().map(|label| view! { <text class="quiet middle" x=x y=bottom + 14.0>{label}</text> })}
        }
    });
    let beyond = layout.data_end.map(|x| {
        view! {
            <line class="data-end" x1=x x2=x y1=top y2=bottom></line>
            <title>"The dashed line is the last time point; beyond it there is no data."</title>
        }
    });
    view! {
        <g>
            {levels.collect_view()}
            {ticks.collect_view()}
            {layout.bands.iter().map(|it| band(state, it, colors)).collect_view()}
            {beyond}
        </g>
    }
}

fn band(state: State, band: &Band, colors: &[Rgb]) -> impl IntoView + use<> {
    let kind = band.kind;
    let color = colors.get(kind).map_or_else(|| "gray".to_owned(), ToString::to_string);
    let faded = move || state.focused_type.with(|focus| focus.is_some_and(|focus| focus != kind));
    let path: String = band.outlines.iter().map(|outline| line_through(outline.iter().copied()) + "Z").collect();
    let name = band.name.clone().map(|name| {
        let [[x1, y1], [x2, y2]] = name.leader;
        view! {
            <line class="leader" x1=x1 y1=y1 x2=x2 y2=y2></line>
            <text x=name.at[0] y=name.at[1]>{name.text}</text>
        }
    });
    view! {
        <g
            class="band"
            class:faded=faded
            on:pointerenter=move |_| state.focused_type.set(Some(kind))
            on:pointerleave=move |_| state.focused_type.set(None)
        >
            <path d=path fill=color></path>
            {name}
        </g>
    }
}
