//! What is saved, how large, in which colours.

use super::{Whole, Wish, film::FilmOf};
use crate::prelude::*;
use crate::{
    export::{self, FIGURES, Figure},
    files,
    state::State,
    view::{
        choice::{self, Choice},
        field::NumberField,
    },
    words,
};
use leptos::task::spawn_local;

const COLORS: &[choice::Option<bool>] =
    &[(false, "Light", "Dark ink on white, for a paper"), (true, "Dark", "Light ink on dark, for a slide")];
const SCALES: &[choice::Option<u32>] = &[
    (1, "1×", "As many pixels as the size says"),
    (2, "2×", "Twice as many pixels a side"),
    (3, "3×", "Three times as many pixels a side"),
    (4, "4×", "Four times as many pixels a side"),
];

/// The choices and the two ways to save.
#[component]
pub fn Form(
    /// The choices.
    wish: Wish,
    /// The document.
    document: Memo<Option<Result<String, String>>>,
) -> impl IntoView {
    let state = expect_context::<State>();
    let (busy, outcome) = (RwSignal::new(false), RwSignal::new(String::new()));
    let pixels = move || [wish.width.get() * wish.scale.get(), wish.height.get() * wish.scale.get()];
    let drawn = move || document.with(|it| matches!(it, Some(Ok(_))));
    let svg = move || document.with_untracked(|it| it.clone()?.ok());
    let name = move |extension: &str| {
        let dataset =
            state.dataset.with_untracked(|it| it.as_ref().map_or_else(String::new, |it| it.summary.name.clone()));
        format!("{}-{}.{extension}", words::file_stem(&dataset), wish.figure.get_untracked().key)
    };
    let hand_over = move |name: String, bytes: &[u8], what: String| {
        outcome.set(match files::hand_over(&name, bytes) {
            Ok(()) => format!("{name} was saved, {what}."),
            Err(problem) => problem,
        });
    };
    let save_svg = move |_| {
        if let Some(svg) = svg() {
            hand_over(name("svg"), svg.as_bytes(), words::size(svg.len()));
        }
    };
    let save_png = move |_| {
        let Some(svg) = svg() else { return };
        let (name, [width, height]) = (name("png"), untrack(pixels));
        busy.set(true);
        spawn_local(async move {
            match export::png(&svg, [width, height]).await {
                Ok(bytes) => hand_over(name, &bytes, format!("{width} × {height} pixels")),
                Err(problem) => outcome.set(problem),
            }
            busy.set(false);
        });
    };
    let option = move |figure: &'static Figure| {
        view! {
            <option
                value=figure.key
                prop:selected=move || wish.figure.get().key == figure.key
                disabled=move || !figure.available(state)
            >
                {figure.name}
            </option>
        }
    };
    view! {
        <form class="export-form" on:submit=|event| event.prevent_default()>
            <div class="select">
                <label for="export-figure">"Figure"</label>
                <select
                    id="export-figure"
                    prop:value=move || wish.figure.get().key
                    on:change:target=move |event| {
                        outcome.set(String::new());
                        wish.film.end();
                        wish.figure.set(Figure::of(&event.target().value()));
                    }
                >
                    {FIGURES.iter().map(option).collect_view()}
                </select>
            </div>
            <div class="select">
                <label for="export-title">"Title"</label>
                <input
                    id="export-title"
                    type="text"
                    prop:value=move || wish.title.get()
                    on:input:target=move |event| wish.title.set(event.target().value())
                />
            </div>
            <div class="fields">
                <NumberField
                    label="Width"
                    unit="pixels"
                    hint="Width of the figure; text keeps its size, so a smaller figure has larger text."
                    min=200.0
                    max=4000.0
                    whole=true
                    disabled=false
                    value=Signal::derive(move || f64::from(wish.width.get()))
                    set=move |n: f64| wish.width.set(n as u32)
                />
                <NumberField
                    label="Height"
                    unit="pixels"
                    hint="Height of the figure, with title and caption."
                    min=150.0
                    max=4000.0
                    whole=true
                    disabled=false
                    value=Signal::derive(move || f64::from(wish.height.get()))
                    set=move |n: f64| wish.height.set(n as u32)
                />
            </div>
            <div class="row">
                <span>"Colours"</span>
                <Choice label="Colours of the figure" options=COLORS value=wish.dark/>
            </div>
            <div class="row">
                <span>"Sharpness of the PNG"</span>
                <Choice label="Sharpness of the PNG" options=SCALES value=wish.scale/>
            </div>
            <p class="quiet">
                {move || {
                    let [width, height] = pixels().map(|side| words::count(side as usize));
                    format!("SVG: sharp at every size, text stays text. PNG: {width} × {height} pixels.")
                }}
            </p>
            <div class="actions">
                <button type="button" class="primary" disabled=move || !drawn() on:click=save_svg>
                    "Save SVG"
                </button>
                <button type="button" class="primary" disabled=move || !drawn() || busy.get() on:click=save_png>
                    "Save PNG"
                </button>
            </div>
            <p class="outcome-line" role="status">
                {move || outcome.get()}
            </p>
            <FilmOf wish/>
            <Whole/>
        </form>
    }
}
