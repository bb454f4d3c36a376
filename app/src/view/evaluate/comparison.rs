//! The table as a picture.

use crate::prelude::*;
use crate::{state::State, view::canvas::size_of_element};
use leptos::html;
use scimf::figure::comparison::{self, Mark, MarkKind, Panel, Text};

/// Dots for means, whiskers for deviations, a line for the floor; the same layout as in files of the command line.
#[component]
pub fn ComparisonFigure() -> impl IntoView {
    let state = expect_context::<State>();
    let frame = NodeRef::<html::Div>::new();
    let width = size_of_element(frame);
    let layout = Memo::new(move |_| {
        let width = width.get()[0];
        state.evaluation.with(|it| {
            let table = &it.as_ref()?.table;
            let all = comparison::metrics(table);
            let metrics = if width < 620.0 { &all[..1] } else { &all[..] };
            let size = [width, comparison::height(table)];
            (width > 0.0).then(|| comparison::layout(table, metrics, size))
        })
    });
    let drawing = move || {
        layout.get().map(|layout| {
            let [width, height] = layout.size;
            view! {
                <svg
                    viewBox=format!("0 0 {width} {height}")
                    height=height.to_string()
                    role="img"
                    aria-label="The distances of the table, drawn: dots are means, whiskers one standard deviation, the dashed line is the floor."
                >
                    {layout.panels.into_iter().map(panel).collect_view()}
                </svg>
            }
        })
    };
    view! { <div class="comparison" node_ref=frame>{move || drawing()}</div> }
}

fn panel(panel: Panel) -> impl IntoView {
    let [left, top, right, bottom] = panel.area;
    let ticks = panel.ticks.into_iter().map(move |(x, number)| {
        view! {
            <line class="grid" x1=x x2=x y1=top y2=bottom></line>
            {number.map(|number| view! { <text class="quiet middle" x=x y=bottom + 12.0>{number}</text> })}
        }
    });
    view! {
        <g>
            {panel.title.map(|title| text(title, "title"))}
            {ticks.collect_view()}
            <line class="edge" x1=left x2=right y1=bottom y2=bottom></line>
            {panel.floor.map(|x| view! { <line class="floor" x1=x x2=x y1=top y2=bottom></line> })}
            {panel.marks.into_iter().map(mark).collect_view()}
            {panel.axis.map(|axis| text(axis, "quiet"))}
        </g>
    }
}

fn mark(mark: Mark) -> impl IntoView {
    let y = mark.y;
    let model = mark.kind == MarkKind::Model;
    let dot = mark.dot.map(|[mean, low, high]| {
        view! {
            <line class="whisker" x1=low x2=high y1=y y2=y></line>
            <circle cx=mean cy=y r=if model { 5.0 } else { 4.0 }></circle>
        }
    });
    view! {
        <g class:model=model>
            {mark.name.map(|name| text(name, "end"))}
            {dot}
            {text(mark.value, "")}
        </g>
    }
}

fn text(text: Text, class: &'static str) -> impl IntoView {
    let [x, y] = text.at;
    view! { <text class=class x=x y=y>{text.text}</text> }
}
