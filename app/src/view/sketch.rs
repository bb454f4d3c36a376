//! A drawing of `scimf::figure::drawing` on the page.

use super::canvas::size_of_element;
use crate::prelude::*;
use leptos::html;
use scimf::figure::drawing::{Drawing, Label, Mark, Shape};
use scimf::figure::svg::Anchor;

/// A drawing as large as its frame, told to those who do not see it.
#[component]
pub fn Sketch(
    /// The drawing for a frame of this size; follows what it reads.
    #[prop(into)]
    draw: Callback<[f64; 2], Option<Drawing>>,
    /// What it shows.
    #[prop(into)]
    about: Signal<String>,
    /// Class of the frame, which gives it its size.
    class: &'static str,
    /// Takes the place that was clicked.
    #[prop(into, optional)]
    clicked: Option<Callback<[f64; 2]>>,
) -> impl IntoView {
    let frame = NodeRef::<html::Div>::new();
    let size = size_of_element(frame);
    let drawing = Memo::new(move |_| {
        let size = size.get();
        if size[0] > 0.0 && size[1] > 0.0 { draw.run(size) } else { None }
    });
    let click = move |event: web_sys::MouseEvent| {
        if let (Some(clicked), Some(frame)) = (clicked, frame.get_untracked()) {
            let all = frame.get_bounding_client_rect();
            clicked.run([f64::from(event.client_x()) - all.left(), f64::from(event.client_y()) - all.top()]);
        }
    };
    view! {
        <div class=format!("sketch {class}") class:pointed=clicked.is_some() node_ref=frame on:click=click>
            {move || {
                drawing
                    .get()
                    .map(|it| {
                        let [width, height] = it.size;
                        view! {
                            <svg
                                viewBox=format!("0 0 {width} {height}")
                                width=width.to_string()
                                height=height.to_string()
                                role="img"
                                aria-label=about
                            >
                                {it.marks.into_iter().map(mark).collect_view()}
                            </svg>
                        }
                    })
            }}
        </div>
    }
}

fn mark(mark: Mark) -> AnyView {
    match mark {
        Mark::Shape(it) => shape(it),
        Mark::Label(it) => label(it),
    }
}

fn shape(shape: Shape) -> AnyView {
    let (color, width) =
        shape.stroke.map_or((None, None), |(color, width)| (Some(color.to_string()), Some(width.to_string())));
    view! {
        <path
            class=shape.class
            d=shape.path
            fill=shape.fill.map_or_else(|| "none".to_owned(), |fill| fill.to_string())
            stroke=color
            stroke-width=width
            stroke-dasharray=(!shape.dashes.is_empty()).then_some(shape.dashes)
            stroke-linecap="round"
            stroke-linejoin="round"
            opacity=(shape.opacity < 1.0).then(|| shape.opacity.to_string())
        >
            {(!shape.title.is_empty()).then(|| view! { <title>{shape.title}</title> })}
        </path>
    }
    .into_any()
}

fn label(label: Label) -> AnyView {
    let [x, y] = label.at;
    let turn = (label.turn != 0.0).then(|| format!("rotate({:.1} {x:.1} {y:.1})", label.turn));
    let halo = label.halo.map(|halo| halo.to_string());
    let anchor = match label.anchor {
        Anchor::Start => "start",
        Anchor::Middle => "middle",
        Anchor::End => "end",
    };
    view! {
        <text
            x=format!("{x:.1}")
            // Capitals are about 0.7 em high.
            y=format!("{:.1}", y + 0.35 * label.size)
            transform=turn
            text-anchor=anchor
            font-size=label.size.to_string()
            font-weight=halo.is_some().then_some("600")
            fill=label.color.to_string()
            stroke-width=halo.is_some().then_some("3.5")
            stroke=halo
            paint-order="stroke"
        >
            {label.text}
        </text>
    }
    .into_any()
}
