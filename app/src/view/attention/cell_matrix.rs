//! Attention between single cells: a picture of up to 2,000 rows and columns, sorted by type.

use crate::prelude::*;
use crate::{
    engine::{Engine, Question},
    state::{Part, State},
    view::{
        canvas::{FONT, once_a_frame, pixel_ratio, sharp_context, size_of_element},
        cast::Cast,
        chord::describe,
        tooltip::{Tip, Tooltip, beside},
    },
    words,
};
use leptos::html;
use scimf::figure::cell_matrix::{Band, bands, limit, raster};
use scimf::figure::labels::{number, shorten, spread};
use scimf::figure::theme::Theme;
use scimf::protocol::CellMatrix;
use std::sync::Arc;
use wasm_bindgen::Clamped;
use web_sys::{HtmlCanvasElement, ImageData};

/// Room for names on the left, and thickness of the bands of types.
const NAMES: f64 = 112.0;
const BAND: f64 = 9.0;
/// Height of a name.
const LINE: f64 = 14.0;

/// An answer, ready to draw.
#[derive(Clone, Debug, PartialEq)]
struct Heat {
    answer: Arc<CellMatrix>,
    bands: Vec<Band>,
    limit: f32,
}

impl Heat {
    fn count(&self) -> usize {
        self.answer.cells.len()
    }

    fn kind(&self, cell: usize) -> usize {
        self.bands.iter().find(|band| (band.start..band.end).contains(&cell)).map_or(0, |band| band.kind)
    }
}

/// The picture with a readout of what is under the pointer or the arrow keys.
#[component]
pub fn CellHeat() -> impl IntoView {
    let (state, cast, engine) = (expect_context::<State>(), expect_context::<Cast>(), expect_context::<Engine>());
    let frame = NodeRef::<html::Div>::new();
    let canvas = NodeRef::<html::Canvas>::new();
    let size = size_of_element(frame);
    let tip = RwSignal::new(None::<Tip>);
    // Row and column that are read out.
    let cursor = RwSignal::new(None::<[usize; 2]>);
    let heat = Memo::new(move |_| {
        let (dataset, answer) = (state.dataset.get()?, state.attention.cells.get()?);
        let n = answer.cells.len();
        if n == 0 || answer.values.len() != n * n {
            return None;
        }
        let kinds = answer
            .cells
            .iter()
            .map(|&cell| dataset.cells.cell_types.get(cell as usize).map_or(0, |&kind| kind as usize));
        Some(Arc::new(Heat { bands: bands(kinds), limit: limit(&answer.values), answer }))
    });
    let side = Memo::new(move |_| side_of(size.get()));
    let paint = move || {
        let Some(canvas) = canvas.try_get_untracked().flatten() else { return };
        if let Some(heat) = heat.get_untracked() {
            untrack(|| draw(&canvas, size.get(), &heat, cast, state.dark.get()));
        }
    };
    let ask = once_a_frame(paint);
    Effect::new(move |_| {
        heat.with(|_| ());
        cast.colors.with(|_| ());
        cast.names.with(|_| ());
        size.track();
        state.dark.track();
        ask();
    });

    let describe_pair = move |[row, column]: [usize; 2]| {
        heat.with(|heat| {
            heat.as_ref().map_or_else(String::new, |heat| {
                let n = heat.count();
                let name = |at: usize| format!("{} (cell {})", cast.name(heat.kind(at)), heat.answer.cells[at]);
                let value = heat.answer.values[row.min(n - 1) * n + column.min(n - 1)];
                format!("{} listens to {}: {}", name(row.min(n - 1)), name(column.min(n - 1)), number(value.into()))
            })
        })
    };
    let read = move |at: Option<[usize; 2]>| {
        cursor.set(at);
        let (side, n) =
            (side.get_untracked(), heat.with_untracked(|heat| heat.as_ref().map_or(0, |heat| heat.count())));
        tip.set(at.filter(|_| n > 0).map(|at| {
            let place = |i: usize| (i as f64 + 0.5) / n as f64 * side;
            Tip { at: [NAMES + place(at[1]), BAND + 2.0 + place(at[0])], text: untrack(|| describe_pair(at)) }
        }));
        let kind = heat.with_untracked(|heat| Some(heat.as_ref()?.kind(at?[0])));
        state.attention.point(state, kind.map(Part::Type));
    };
    let moved = move |event: web_sys::PointerEvent| {
        let at = beside(frame, event.client_x(), event.client_y());
        let (side, n) =
            (side.get_untracked(), heat.with_untracked(|heat| heat.as_ref().map_or(0, |heat| heat.count())));
        let cell = |place: f64| {
            let at = (place / side * n as f64).floor();
            (at >= 0.0 && at < n as f64).then_some(at as usize)
        };
        read(at.and_then(|[x, y]| Some([cell(y - BAND - 2.0)?, cell(x - NAMES)?])));
    };
    let keyed = move |event: web_sys::KeyboardEvent| {
        let n = heat.with_untracked(|heat| heat.as_ref().map_or(0, |heat| heat.count()));
        if n == 0 {
            return;
        }
        // A step that can be seen, or with Shift a single cell.
        let step = if event.shift_key() { 1 } else { n.div_ceil(50) };
        let [row, column] = cursor.get_untracked().unwrap_or([0, 0]);
        let next = match event.key().as_str() {
            "ArrowUp" => [row.saturating_sub(step), column],
            "ArrowDown" => [(row + step).min(n - 1), column],
            "ArrowLeft" => [row, column.saturating_sub(step)],
            "ArrowRight" => [row, (column + step).min(n - 1)],
            "Escape" => return read(None),
            _ => return,
        };
        event.prevent_default();
        read(Some(next));
    };
    let line = move |axis: usize| {
        let n = heat.with(|heat| heat.as_ref().map_or(1, |heat| heat.count()));
        cursor.get().map(|at| {
            let place = (at[axis] as f64 + 0.5) / n as f64 * side.get();
            format!("{:.1}px", place + if axis == 0 { BAND + 2.0 } else { NAMES })
        })
    };
    let old = move || {
        heat.with(|heat| {
            heat.as_ref()
                .is_none_or(|it| (it.answer.query.time, it.answer.query.score) != (state.time.get(), state.score.get()))
        })
    };
    let sentence = move || {
        heat.with(|heat| {
            heat.as_ref().map_or_else(String::new, |heat| {
                format!(
                    "Attention between {} cells at {}, receivers in rows, senders in columns, sorted by type. Arrow keys read single values.",
                    words::count(heat.count()),
                    describe::time(state, heat.answer.query.time)
                )
            })
        })
    };
    let scale = move || {
        heat.with(|heat| {
            heat.as_ref()
                .map(|heat| format!("0 to {}, the last colour stands for that and above", number(heat.limit.into())))
        })
    };
    let told = move || {
        if engine.pending(Question::CellMatrix) && old() {
            Some("The attention between cells is being computed.")
        } else {
            None
        }
    };
    view! {
        <div class="cell-heat">
            <div
                class="figure"
                class:old=old
                node_ref=frame
                tabindex="0"
                role="group"
                aria-label=sentence
                on:pointermove=moved
                on:pointerleave=move |_| read(None)
                on:keydown=keyed
                on:blur=move |_| read(None)
            >
                <canvas node_ref=canvas role="img" aria-label="Heatmap"></canvas>
                <span class="hair row" class:shown=move || cursor.get().is_some() style:top=move || line(0) style:left=format!("{NAMES}px") style:width=move || format!("{}px", side.get())></span>
                <span class="hair column" class:shown=move || cursor.get().is_some() style:left=move || line(1) style:top=format!("{}px", BAND + 2.0) style:height=move || format!("{}px", side.get())></span>
                <Tooltip tip/>
            </div>
            <p class="quiet key">
                <span class="ramp" aria-hidden="true"></span>
                <span>{move || scale()}</span>
                <span>"receivers ↓ senders →"</span>
                <span role="status">{move || told()}</span>
            </p>
            <p class="unseen" aria-live="polite">{move || cursor.get().map(describe_pair)}</p>
        </div>
    }
}

/// Length of the picture's sides.
fn side_of([width, height]: [f64; 2]) -> f64 {
    (width - NAMES - 4.0).min(height - BAND - 6.0).max(0.0)
}

fn draw(canvas: &HtmlCanvasElement, size: [f64; 2], heat: &Heat, cast: Cast, dark: bool) {
    let Some(context) = sharp_context(canvas, size) else { return };
    let (side, ratio, n) = (side_of(size), pixel_ratio(), heat.count());
    let pixels = (side * ratio).round() as usize;
    if pixels == 0 {
        return;
    }
    let (left, top) = (NAMES, BAND + 2.0);
    let picture = raster(&heat.answer.values, n, [pixels, pixels], heat.limit);
    let Ok(image) = ImageData::new_with_u8_clamped_array(Clamped(&picture), pixels as u32) else { return };
    context.put_image_data(&image, (left * ratio).round(), (top * ratio).round()).ok();
    let theme = Theme::new(dark);
    let place = |cell: usize| cell as f64 / n as f64 * side;
    context.set_font(FONT);
    context.set_text_align("right");
    context.set_text_baseline("middle");
    let middles: Vec<f64> = heat.bands.iter().map(|band| top + (place(band.start) + place(band.end)) / 2.0).collect();
    let named = heat.bands.len() as f64 * LINE <= side;
    let lines = spread(&middles, LINE, top + LINE / 2.0, top + side - LINE / 2.0);
    for (band, y) in heat.bands.iter().zip(lines) {
        let (from, length) = (place(band.start), place(band.end) - place(band.start));
        context.set_fill_style_str(&cast.color(band.kind));
        context.fill_rect(left - BAND - 2.0, top + from, BAND, length);
        context.fill_rect(left + from, 0.0, length, BAND);
        context.set_fill_style_str(&theme.paper.to_string());
        context.fill_rect(left - BAND - 2.0, top + from, BAND, 1.0);
        context.fill_rect(left + from, 0.0, 1.0, BAND);
        if named || length >= LINE {
            context.set_fill_style_str(&theme.ink.to_string());
            let name = format!("{} {}", band.kind + 1, shorten(&cast.name(band.kind), 12));
            context.fill_text_with_max_width(&name, left - BAND - 6.0, y, NAMES - BAND - 8.0).ok();
        }
    }
}
