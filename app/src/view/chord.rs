//! Who listens to whom: the chord diagram of cell-type attention.

mod describe;

use super::tooltip::{Tip, Tooltip, beside};
use crate::state::State;
use describe::Names;
use leptos::html;
use leptos::prelude::*;
use scimf::figure::chord::{ChordInput, ChordLayout, ChordOptions, layout};
use scimf::figure::labels::shorten;
use scimf::figure::palette::{Rgb, cell_types};
use std::sync::Arc;

/// Something in the diagram that can be pointed at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Type(usize),
    Link { sender: usize, receiver: usize },
}

impl Part {
    /// The link belongs to what is in focus.
    fn shows(self, sender: usize, receiver: usize) -> bool {
        match self {
            Self::Type(kind) => sender == kind || receiver == kind,
            Self::Link { sender: s, receiver: r } => (s, r) == (sender, receiver),
        }
    }

    /// The type to light up in the other views.
    fn kind(self) -> usize {
        match self {
            Self::Type(kind) | Self::Link { sender: kind, .. } => kind,
        }
    }
}

/// Everything to draw for one time point.
#[derive(Clone, Debug, PartialEq)]
struct Drawing {
    layout: ChordLayout,
    names: Names,
    colors: Vec<Rgb>,
}

/// The chord diagram of the chosen time point.
#[component]
pub fn Chord() -> impl IntoView {
    let state = expect_context::<State>();
    let drawing = Memo::new(move |_| {
        let (dataset, communication) = (state.dataset.get()?, state.communication.get()?);
        let types = &dataset.summary.cell_types;
        let n = types.len();
        if communication.types.is_empty() || communication.mean.len() != n * n || communication.cells.len() != n {
            return None;
        }
        let options = ChordOptions { label_spacing: if n > 16 { 15.0 } else { 28.0 }, ..ChordOptions::default() };
        let input = ChordInput { cells: &communication.cells, weights: &communication.mean };
        let time = dataset.summary.time_points.get(communication.query.time).map(|t| t.label.clone());
        Some(Arc::new(Drawing {
            layout: layout(&input, &options),
            names: Names {
                types: types.iter().map(|t| t.name.clone()).collect(),
                time: time.unwrap_or_default(),
                score: communication.query.score,
            },
            colors: cell_types(types),
        }))
    });
    view! {
        <div class="figure chord">
            {move || match drawing.get() {
                Some(drawing) => view! { <Diagram drawing /> }.into_any(),
                None => {
                    view! {
                        <div class="figure-empty">
                            <svg viewBox="-60 -60 120 120" aria-hidden="true">
                                <circle r="50" fill="none" stroke="currentColor" stroke-width="6" stroke-dasharray="72 33" opacity="0.35" />
                                <path d="M-38,-22 Q0,0 30,30" fill="none" stroke="currentColor" stroke-width="5" opacity="0.25" />
                                <path d="M40,20 l-3,16 l-12,-10 z" fill="currentColor" opacity="0.25" />
                            </svg>
                            <p>"Train or load a model to see who listens to whom."</p>
                        </div>
                    }
                        .into_any()
                }
            }}
        </div>
    }
}

#[component]
fn Diagram(drawing: Arc<Drawing>) -> impl IntoView {
    let state = expect_context::<State>();
    let frame = NodeRef::<html::Div>::new();
    let tip = RwSignal::new(None::<Tip>);
    let pointed = RwSignal::new(None::<Part>);
    let pinned = RwSignal::new(None::<Part>);
    // A type lit up in another view counts like one pointed at here.
    let shown = Memo::new(move |_| pointed.get().or(pinned.get()).or_else(|| state.focused_type.get().map(Part::Type)));

    let point_at = move |part: Part, text: String, at: Option<[f64; 2]>| {
        pointed.set(Some(part));
        state.focused_type.set(Some(part.kind()));
        tip.set(at.map(|at| Tip { at, text }));
    };
    let leave = move || {
        pointed.set(None);
        tip.set(None);
        state.focused_type.set(pinned.get_untracked().map(Part::kind));
    };
    let pin = move |part: Part| pinned.update(|now| *now = (*now != Some(part)).then_some(part));
    let clear = move |event: web_sys::KeyboardEvent| {
        if event.key() == "Escape" {
            pinned.set(None);
            leave();
        }
    };

    // What links and arcs have in common as things that can be pointed at, focused and pinned.
    let interactive = move |part: Part, text: String, tab: Box<dyn Fn() -> &'static str + Send>, inner: AnyView| {
        let texts = [text.clone(), text.clone()];
        let [over, focus] = texts;
        let keyed = move |event: web_sys::KeyboardEvent| {
            if event.key() == "Enter" || event.key() == " " {
                event.prevent_default();
                event.stop_propagation();
                pin(part);
            }
        };
        view! {
            <g
                class="part"
                role="button"
                tabindex=tab
                aria-label=text
                aria-pressed=move || (pinned.get() == Some(part)).to_string()
                on:pointermove=move |event| point_at(part, over.clone(), beside(frame, event.client_x(), event.client_y()))
                on:pointerleave=move |_| leave()
                on:focus=move |event| {
                    let rect = event_target::<web_sys::Element>(&event).get_bounding_client_rect();
                    let center = [rect.x() + rect.width() / 2.0, rect.y() + rect.height() / 2.0].map(|c| c as i32);
                    point_at(part, focus.clone(), beside(frame, center[0], center[1]));
                }
                on:blur=move |_| leave()
                on:click=move |_| pin(part)
                on:keydown=keyed
            >
                {inner}
            </g>
        }
    };

    let Drawing { layout, names, colors } = &*drawing;
    let links = layout.ribbons.iter().map(|ribbon| {
        let (sender, receiver) = (ribbon.sender, ribbon.receiver);
        let faded = move || shown.get().is_some_and(|part| !part.shows(sender, receiver));
        let path = ribbon.path.clone();
        let inner = view! { <path class="ribbon" class:faded=faded d=path fill=colors[sender].to_string() /> };
        // Links of a pinned type are in the order of the Tab key; all of them would be too many stops.
        let tab = move || if pinned.get().is_some_and(|part| part.shows(sender, receiver)) { "0" } else { "-1" };
        interactive(Part::Link { sender, receiver }, names.link(layout, ribbon), Box::new(tab), inner.into_any())
    });
    let arcs = layout.arcs.iter().enumerate().map(|(i, arc)| {
        let faded = move || match shown.get() {
            Some(Part::Type(kind)) => kind != i,
            Some(Part::Link { sender, receiver }) => sender != i && receiver != i,
            None => false,
        };
        let color = colors[i].to_string();
        let label = &arc.label;
        let inner = view! {
            <g class="arc" class:faded=faded class:absent=!arc.present>
                {if arc.present {
                    view! {
                        <path d=arc.outgoing_path.clone() fill=color.clone() />
                        <path d=arc.incoming_path.clone() fill=color fill-opacity="0.45" />
                    }.into_any()
                } else {
                    view! { <path d=arc.outgoing_path.clone() class="hairline" /> }.into_any()
                }}
                <path d=label.leader.clone() class="leader" />
                <text x=label.x y=label.y - 1.0 text-anchor=if label.left { "end" } else { "start" }>
                    {format!("{} ", shorten(&names.types[i], 15))}
                    <tspan class="count" x=label.x dy="1.15em">{describe::cells(arc.cells)}</tspan>
                </text>
            </g>
        };
        interactive(Part::Type(i), names.arc(layout, i), Box::new(|| "0"), inner.into_any())
    });

    view! {
        <div class="chord-frame" node_ref=frame role="figure" aria-label=names.sentence(layout) on:keydown=clear>
            <svg viewBox="-285 -192 570 384" preserveAspectRatio="xMidYMid meet">
                {links.collect_view()}
                {arcs.collect_view()}
            </svg>
            <Tooltip tip />
        </div>
    }
}
