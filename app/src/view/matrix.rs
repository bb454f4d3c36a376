//! A matrix of cell types as a table that can be read, pointed at and walked through: rows are receivers, columns senders.

use super::{
    cast::Cast,
    pointing::{Pointing, part_name},
    spark::LinkCourse,
    tooltip::{Tip, Tooltip},
};
use crate::prelude::*;
use crate::{
    engine::Engine,
    state::{Part, State},
    words,
};
use leptos::html;
use scimf::figure::heatmap::Scale;
use std::sync::Arc;
use wasm_bindgen::JsCast;

/// A number for each pair of types of the dataset, row after row.
pub type Values = Option<Arc<Vec<f32>>>;

/// The table.
#[component]
pub fn Matrix(
    /// The numbers.
    values: Memo<Values>,
    /// Their colours.
    #[prop(into)]
    shade: Signal<Scale>,
    /// What they are.
    #[prop(into)]
    caption: Signal<String>,
    /// What can be said of a part.
    tell: Callback<Part, String>,
    /// Numbers have signs.
    #[prop(optional)]
    signed: bool,
    /// Only colours: there is no room for numbers.
    #[prop(into)]
    tight: Signal<bool>,
    /// For screen readers only.
    #[prop(into)]
    unseen: Signal<bool>,
) -> impl IntoView {
    let (state, cast) = (expect_context::<State>(), expect_context::<Cast>());
    let chosen = state.attention;
    let frame = NodeRef::<html::Div>::new();
    let tip = RwSignal::new(None::<Tip>);
    let focus = Memo::new(move |_| chosen.in_focus(state));
    // Row and column that the Tab key stops at; headers are row and column 0.
    let cursor = RwSignal::new([1_usize, 0]);
    let show = move |target: Option<(Part, [f64; 2])>| {
        tip.set(target.map(|(part, at)| Tip { at, text: tell.run(part) }));
    };
    let hear = Pointing { state, engine: expect_context::<Engine>(), frame, show };
    let walk = move |event: web_sys::KeyboardEvent| {
        let end = cast.shown.with_untracked(Vec::len);
        let [row, column] = cursor.get_untracked();
        let next = match event.key().as_str() {
            "ArrowUp" => [row.saturating_sub(1), column],
            "ArrowDown" => [(row + 1).min(end), column],
            "ArrowLeft" => [row, column.saturating_sub(1)],
            "ArrowRight" => [row, (column + 1).min(end)],
            "Home" => [row, 0],
            "End" => [row, end],
            _ => return hear.keyed(&event),
        };
        event.prevent_default();
        let selector = format!("[data-at='{} {}']", next[0], next[1]);
        let cell = frame.get_untracked().and_then(|frame| frame.query_selector(&selector).ok().flatten());
        if let Some(cell) = cell.and_then(|cell| cell.dyn_into::<web_sys::HtmlElement>().ok()) {
            cursor.set(next);
            cell.focus().ok();
        }
    };
    let tab = move |at: [usize; 2]| move || if !unseen.get() && cursor.get() == at { "0" } else { "-1" };
    let place = |[row, column]: [usize; 2]| format!("{row} {column}");

    let header = move |kind: usize, at: [usize; 2], scope: &'static str| {
        view! {
            <th
                scope=scope
                class:lit=move || focus.get().is_some_and(|part| part.touches(kind))
                title=move || cast.name(kind)
                tabindex=tab(at)
                data-at=place(at)
                data-part=part_name(Part::Type(kind))
            >
                <span class="swatch" style:background-color=move || cast.color(kind)></span>
                <span class="index">{kind + 1}</span>
                " "
                <span class="name">{move || cast.name(kind)}</span>
            </th>
        }
    };
    let cell = move |receiver: usize, sender: usize, at: [usize; 2]| {
        let value = Memo::new(move |_| {
            let n = cast.names.with(Vec::len);
            values.with(|values| values.as_ref()?.get(receiver * n + sender).copied()).unwrap_or(f32::NAN).to_bits()
        });
        let value = move || f32::from_bits(value.get());
        let color = move || shade.get().color(value().into());
        let lit = move || focus.get().is_some_and(|part| part.shows(sender, receiver, chosen.direction.get()));
        view! {
            <td
                class:lit=lit
                class:strong=move || focus.get() == Some(Part::Link { sender, receiver })
                class:open=move || cast.is_open(receiver, sender)
                class:within=move || cast.beyond(receiver, sender) == Some(0.0)
                class:planted=move || cast.is_planted(receiver, sender)
                aria-description=move || Some(cast.known(receiver, sender)).filter(|words| !words.is_empty()).map(|words| words.trim_start_matches("; ").to_owned())
                class:self-pair=move || sender == receiver && chosen.hide_self.get()
                tabindex=tab(at)
                data-at=place(at)
                data-part=part_name(Part::Link { sender, receiver })
                data-value=move || Some(value()).filter(|value| value.is_finite()).map(|value| value.to_string())
                style:background-color=move || color().map(|color| color.to_string())
                style:color=move || color().map(|color| color.ink().to_string())
            >
                <span class="value">{move || if signed { difference(value()) } else { plain(value()) }}</span>
            </td>
        }
    };
    let body = move || {
        let shown = cast.shown.get();
        let columns = shown.clone();
        let rows = shown.into_iter().enumerate().map(|(i, receiver)| {
            let cells =
                columns.iter().enumerate().map(|(j, &sender)| cell(receiver, sender, [i + 1, j + 1])).collect_view();
            view! { <tr>{header(receiver, [i + 1, 0], "row")}{cells}</tr> }
        });
        rows.collect_view()
    };
    view! {
        <div
            class="figure-scroll matrix-frame"
            class:unseen=unseen
            class:tight=tight
            node_ref=frame
            on:pointermove=move |event| hear.moved(&event)
            on:pointerleave=move |_| hear.leave()
            on:focusin=move |event| {
                let at = event
                    .target()
                    .and_then(|target| target.dyn_into::<web_sys::Element>().ok()?.get_attribute("data-at"))
                    .and_then(|at| at.split_once(' ').and_then(|(a, b)| Some([a.parse().ok()?, b.parse().ok()?])));
                if let Some(at) = at {
                    cursor.set(at);
                }
                hear.focused(&event);
            }
            on:focusout=move |_| hear.leave()
            on:click=move |event| hear.clicked(&event)
            on:keydown=walk
        >
            <table class="matrix" class:signed=signed class:many=move || cast.shown.with(|shown| shown.len() > 8)>
                <caption>{caption}</caption>
                <thead>
                    <tr>
                        <td class="corner">"receiver ↓ sender →"</td>
                        {move || {
                            cast.shown.get().into_iter().enumerate().map(|(j, kind)| header(kind, [0, j + 1], "col")).collect_view()
                        }}
                    </tr>
                </thead>
                <tbody>{move || body()}</tbody>
            </table>
            <Tooltip tip more=move || view! { <LinkCourse/> }/>
        </div>
    }
}

/// A number with three significant digits; small ones are written out, as those around them are.
fn plain(value: f32) -> String {
    let size = value.abs();
    match size {
        _ if !size.is_finite() => "–".into(),
        1e-5..1e-3 => format!("{value:.decimals$}", decimals = (2 - size.log10().floor() as i32) as usize),
        _ => words::number(value),
    }
}

/// A difference with its sign: colour alone does not tell it.
pub fn difference(value: f32) -> String {
    let size = plain(value.abs());
    match value {
        value if value > 0.0 => format!("+{size}"),
        value if value < 0.0 => format!("\u{2212}{size}"),
        _ => size,
    }
}
