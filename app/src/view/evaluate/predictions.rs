//! Predicted cells over the observed ones.

use crate::prelude::*;
use crate::{
    state::State,
    view::canvas::{once_a_frame, pixel_ratio, sharp_context, size_of_element},
    words,
};
use leptos::html;
use scimf::figure::points::{Dot, Image, scattered};
use scimf::figure::scatter::{Bounds, Viewport, pairs};
use scimf::figure::theme::Theme;
use scimf::protocol::Row;
use wasm_bindgen::Clamped;
use web_sys::{HtmlCanvasElement, ImageData};

/// Half the width of the cross of a predicted cell, in pixels.
const CROSS: f64 = 1.7;

/// One picture for each held-out time point, all of one scale.
#[component]
pub fn PredictionPlots() -> impl IntoView {
    let state = expect_context::<State>();
    // At first the model that every view shows.
    let wanted = RwSignal::new(state.models.chosen.get_untracked().card().key.to_owned());
    // The rows of models, with whether their predictions are there.
    let rows = Memo::new(move |_| {
        state.evaluation.with(|it| {
            let Some(it) = it else { return Vec::new() };
            let rows = it.table.held_out.first().map_or(&[][..], |held_out| &held_out.rows);
            let there = |row: &Row| it.predictions.iter().any(|found| found.row == row.key);
            let models = rows.iter().filter(|row| row.model.is_some());
            models.map(|row| (row.key.clone(), row.name.clone(), row.about.clone(), there(row))).collect::<Vec<_>>()
        })
    });
    let model = Memo::new(move |_| {
        let wanted = wanted.get();
        rows.with(|rows| {
            let there = || rows.iter().filter(|row| row.3).map(|row| &row.0);
            there().find(|key| **key == wanted).or_else(|| there().next_back()).cloned().unwrap_or_default()
        })
    });
    let button = move |(key, name, meaning, there): (String, String, String, bool)| {
        let [own, chosen] = [key.clone(), key];
        let title = format!("Predictions of {name}: {meaning}");
        view! {
            <button
                type="button"
                title=title
                disabled=!there
                aria-pressed=move || model.with(|model| *model == own).to_string()
                on:click=move |_| wanted.set(chosen.clone())
            >
                {name}
            </button>
        }
    };
    let times = Memo::new(move |_| {
        state.evaluation.with(|it| it.as_ref().map_or_else(Vec::new, |it| it.settings.held_out.clone()))
    });
    let plane = move || {
        state.evaluation.with(|it| {
            let it = it.as_ref()?;
            let space = it.dataset.summary.space(it.settings.space)?;
            let how = if space.id.is_exact() {
                "predictions exact in this plane"
            } else {
                "predictions placed approximately, through their neighbours"
            };
            Some(format!("{}: {how}; first seed.", space.name))
        })
    };
    view! {
        <section class="predictions" aria-labelledby="predictions-title">
            <div class="bar">
                <h3 id="predictions-title">"Predicted over observed"</h3>
                <span class="key"><span class="observed" aria-hidden="true">"●"</span>"observed"</span>
                <span class="key"><span class="predicted" aria-hidden="true">"×"</span>"predicted"</span>
                <div class="choice" role="group" aria-label="Model of the predictions">
                    {move || rows.get().into_iter().map(button).collect_view()}
                </div>
            </div>
            <div class="plots">
                <For each=move || times.get() key=|time| *time children=move |time| view! { <Plot time model/> }/>
            </div>
            <p class="quiet">{move || plane()}</p>
        </section>
    }
}

/// One held-out time point.
#[component]
fn Plot(time: usize, model: Memo<String>) -> impl IntoView {
    let state = expect_context::<State>();
    let (frame, canvas) = (NodeRef::<html::Div>::new(), NodeRef::<html::Canvas>::new());
    let size = size_of_element(frame);
    let ask = once_a_frame(move || {
        if let Some(canvas) = canvas.try_get_untracked().flatten() {
            paint(&canvas, state, time, &model.get_untracked(), size.get_untracked());
        }
    });
    Effect::new(move |_| {
        size.track();
        model.with(|_| ());
        state.dark.track();
        state.evaluation.track();
        ask();
    });
    let label = move || {
        state.evaluation.with(|it| {
            let it = it.as_ref()?;
            Some(it.dataset.summary.time_points.get(time)?.label.clone())
        })
    };
    let cells = move || {
        state.evaluation.with(|it| {
            let it = it.as_ref()?;
            let prediction = it.predictions.iter().find(|it| it.time == time && it.row == model.get())?;
            let observed = it.dataset.summary.time_points.get(time)?.cells;
            Some(format!(
                "{} predicted over {} observed cells",
                words::count(prediction.positions.len() / 2),
                words::count(observed)
            ))
        })
    };
    let sentence = move || {
        let label = label().unwrap_or_default();
        cells().map_or_else(
            || format!("{label}: no prediction of this model yet."),
            |cells| format!("Scatter plot of {label}: {cells}."),
        )
    };
    view! {
        <figure>
            <div class="figure" node_ref=frame>
                <canvas node_ref=canvas role="img" aria-label=sentence></canvas>
            </div>
            <figcaption><strong>{move || label()}":"</strong> " " <span class="quiet">{move || cells()}</span></figcaption>
        </figure>
    }
}

fn paint(canvas: &HtmlCanvasElement, state: State, time: usize, model: &str, size: [f64; 2]) {
    let Some(context) = sharp_context(canvas, size) else { return };
    let Some(evaluated) = state.evaluation.get_untracked() else { return };
    let cells = &evaluated.dataset.cells;
    let observed = pairs(&cells.positions);
    // All pictures show the plane of all cells, so that they can be compared.
    let viewport = Viewport::fit(Bounds::around(observed, 0.02), size, 6.0);
    let theme = Theme::new(state.dark.get_untracked());
    let ratio = pixel_ratio();
    let mut image = Image::new(canvas.width() as usize, canvas.height() as usize);
    let here = observed.iter().zip(cells.times.iter()).filter(|(_, at)| **at as usize == time);
    let here: Vec<[f32; 2]> = here.map(|(point, _)| *point).collect();
    for i in scattered(here.len()) {
        let at = viewport.project(here[i].map(f64::from)).map(|c| (c * ratio) as f32);
        image.dot(at, Dot { radius: (2.0 * ratio) as f32, color: theme.pale, alpha: 0.6 });
    }
    let data = ImageData::new_with_u8_clamped_array_and_sh(
        Clamped(image.pixels()),
        image.width() as u32,
        image.height() as u32,
    );
    if let Err(error) = data.and_then(|data| context.put_image_data(&data, 0.0, 0.0)) {
        leptos::logging::error!("the predictions could not be drawn: {error:?}");
    }
    let prediction = evaluated.predictions.iter().find(|it| it.time == time && it.row == model);
    context.begin_path();
    for point in prediction.map_or(&[][..], |it| pairs(&it.positions)) {
        let [x, y] = viewport.project(point.map(f64::from));
        for rise in [-CROSS, CROSS] {
            context.move_to(x - CROSS, y - rise);
            context.line_to(x + CROSS, y + rise);
        }
    }
    context.set_stroke_style_str(&theme.accent.to_string());
    context.set_line_width(1.1);
    context.set_global_alpha(0.8);
    context.stroke();
    context.set_global_alpha(1.0);
}
