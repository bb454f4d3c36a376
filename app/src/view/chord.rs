//! Who listens to whom: the chord diagram of cell-type attention.

pub mod describe;
mod drawing;
mod grab;
mod mini;

pub use drawing::Drawing;
pub use mini::MiniChord;

use super::canvas::size_of_element;
use super::cast::Cast;
use super::pointing::{Pointing, part_name};
use super::spark::LinkCourse;
use super::tooltip::{Tip, Tooltip};
use crate::prelude::*;
use crate::{
    engine::Engine,
    state::{Direction, FULL, Part, State},
    words,
};
use grab::Grab;
use leptos::html;
use scimf::figure::chord::{ChordOptions, ScaleBar};
use scimf::figure::evidence::{LEGEND, PALE};
use scimf::figure::labels::{numbered, shorten};
use scimf::protocol::Communication;
use std::sync::Arc;

/// Least width, and height of a diagram with names; where there is room, it is wider.
const VIEW: [f64; 2] = [570.0, 384.0];
/// Width from which the legend of hatched links keeps clear of the names; the caption says the same.
const ROOM_FOR_LEGEND: f64 = 640.0;
/// Size of the names in CSS pixels, as far as the diagram's smallest and largest text allow it.
const TEXT: f64 = 12.5;
const TEXTS: [f64; 2] = [13.0, 21.0];
/// From the circle's centre to the names, and the mean width of a letter, as a share of its size.
const NAMES: f64 = 178.0;
const LETTER: f64 = 0.57;

/// The chord diagram of an answer. Small, its types have numbers for names.
#[component]
pub fn Chord(
    /// What is drawn.
    answer: Memo<Option<Arc<Communication>>>,
    /// There is little room.
    #[prop(optional)]
    small: bool,
) -> impl IntoView {
    let (state, cast) = (expect_context::<State>(), expect_context::<Cast>());
    let chosen = state.attention;
    let frame = NodeRef::<html::Div>::new();
    let tip = RwSignal::new(None::<Tip>);
    let size = size_of_element(frame);
    let room = Memo::new(move |_| {
        let [width, height] = size.get();
        if height > 0.0 { (VIEW[1] * width / height).clamp(VIEW[0], 2.0 * VIEW[0]).round() } else { VIEW[0] }
    });
    // However small the diagram, its names can be read.
    let text = Memo::new(move |_| {
        let [width, height] = size.get();
        let scale = (width / room.get()).min(height / VIEW[1]);
        if small || scale <= 0.0 {
            TEXTS[0]
        } else {
            (2.0 * TEXT / scale).round().clamp(2.0 * TEXTS[0], 2.0 * TEXTS[1]) / 2.0
        }
    });
    let drawing = Memo::new(move |_| {
        let answer = answer.get().filter(|answer| answer.cells.len() == cast.names.with(Vec::len))?;
        let spacing = text.get() * if cast.shown.with(Vec::len) > FULL { 1.15 } else { 2.15 };
        let options = ChordOptions { label_spacing: spacing, ..ChordOptions::default() };
        Some(Arc::new(Drawing::new(answer, cast, chosen, options)))
    });
    let focus = Memo::new(move |_| chosen.in_focus(state));
    // One order of ribbons, so that none is put in anew when another time point is chosen: thin ones on top, as far as is known.
    let order = Memo::new(move |before: Option<&Vec<(usize, usize)>>| {
        let pairs = drawing.with(|it| it.as_ref().map_or_else(Vec::new, |it| it.pairs(focus.get())));
        let mut order: Vec<_> =
            before.map_or_else(Vec::new, |before| before.iter().copied().filter(|pair| pairs.contains(pair)).collect());
        order.extend(pairs.into_iter().filter(|pair| before.is_none_or(|before| !before.contains(pair))));
        order
    });
    let describe_part = move |part: Part| {
        drawing.with(|it| {
            it.as_ref().map_or_else(String::new, |it| match part {
                Part::Type(kind) => describe::arc(it, kind, cast, chosen.quantity.get()),
                Part::Link { sender, receiver } => it
                    .link(sender, receiver)
                    .map_or_else(String::new, |link| describe::link(it, link, cast, chosen.quantity.get())),
            })
        })
    };
    let show = move |target: Option<(Part, [f64; 2])>| {
        tip.set(target.map(|(part, at)| Tip { at, text: untrack(|| describe_part(part)) }));
    };
    let grab = Grab::new(state, frame);
    let hear = Pointing { state, engine: expect_context::<Engine>(), frame, show };

    let link = move |(sender, receiver): (usize, usize)| {
        let part = Part::Link { sender, receiver };
        let path =
            move || drawing.with(|it| it.as_ref().and_then(|it| it.ribbon(sender, receiver)).map(|it| it.path.clone()));
        let beyond = Memo::new(move |_| cast.beyond(receiver, sender));
        let middle = move || {
            let middle = |it: &Drawing, share| it.ribbon(sender, receiver)?.middle(share, &ChordOptions::default());
            beyond.get().and_then(|share| drawing.with(|it| middle(it.as_ref()?, share)))
        };
        let faded = move || focus.get().is_some_and(|part| !part.shows(sender, receiver, chosen.direction.get()));
        // Links of a pinned type are in the order of the Tab key; all of them would be too many stops.
        let both = Direction::Both;
        let tab =
            move || if chosen.pinned.get().is_some_and(|it| it.shows(sender, receiver, both)) { "0" } else { "-1" };
        view! {
            <g
                class="part"
                role="button"
                tabindex=tab
                data-part=part_name(part)
                aria-label=move || describe_part(part)
                aria-pressed=move || (chosen.pinned.get() == Some(part)).to_string()
            >
                <path
                    class="ribbon"
                    class:faded=faded
                    class:open=move || cast.is_open(receiver, sender)
                    class:within=move || beyond.with(Option::is_some)
                    class:planted=move || cast.is_planted(receiver, sender)
                    d=path
                    fill=move || cast.color(sender)
                />
                {move || middle().map(|d| view! { <path class="beyond" class:faded=faded class:open=move || cast.is_open(receiver, sender) d=d fill=move || cast.color(sender)/> })}
                {move || cast.is_open(receiver, sender).then(|| view! { <path class="hatch" class:faded=faded d=path fill="url(#hatching)"/> })}
            </g>
        }
    };
    let arc = move |kind: usize| {
        let part = Part::Type(kind);
        let arc = Memo::new(move |_| drawing.with(|it| it.as_ref()?.arc(kind).cloned()));
        let with = move |read: fn(&scimf::figure::chord::Arc) -> String| {
            arc.with(|arc| arc.as_ref().map_or_else(String::new, read))
        };
        let absent = move || arc.with(|arc| arc.as_ref().is_none_or(|arc| !arc.present));
        let mean = move |sum: f64| {
            drawing.with(|it| it.as_ref().map_or_else(String::new, |it| describe::mean(it, chosen.quantity.get(), sum)))
        };
        let count = move || {
            arc.with(|arc| {
                let Some(arc) = arc else { return String::new() };
                match chosen.direction.get() {
                    _ if !arc.present => words::counted(arc.cells, "cell"),
                    Direction::Both => words::counted(arc.cells, "cell"),
                    Direction::Out => format!("sends {}", mean(arc.outgoing)),
                    Direction::In => format!("receives {}", mean(arc.incoming)),
                }
            })
        };
        let crowded = move || cast.shown.with(Vec::len) > FULL;
        let name = move || {
            if small {
                return (kind + 1).to_string();
            }
            let letters = (room.get() / 2.0 - NAMES) / (LETTER * text.get()) - 2.0;
            numbered(kind, &shorten(&cast.name(kind), letters.clamp(5.0, 24.0) as usize))
        };
        // The text names it; a number alone does not.
        view! {
            <g
                class="part"
                role="button"
                tabindex="0"
                data-part=part_name(part)
                aria-label=move || small.then(|| format!("{} {}", kind + 1, describe_part(part)))
                aria-description=move || (!small).then(|| describe_part(part))
                aria-pressed=move || (chosen.pinned.get() == Some(part)).to_string()
            >
                <g class="arc" class:absent=absent class:faded=move || focus.get().is_some_and(|it| !it.touches(kind))>
                    <path class="outgoing" class:hairline=absent d=move || with(|arc| arc.outgoing_path.clone()) fill=move || cast.color(kind)/>
                    <path class="incoming" d=move || with(|arc| arc.incoming_path.clone()) fill=move || cast.color(kind)/>
                    <path class="leader" d=move || with(|arc| arc.label.leader.clone())/>
                    <text
                        x=move || with(|arc| arc.label.x.to_string())
                        y=move || with(|arc| (arc.label.y - 1.0).to_string())
                        text-anchor=move || with(|arc| if arc.label.left { "end" } else { "start" }.into())
                    >
                        {move || name()}
                        {(!small).then(|| view! {
                            <tspan
                                class="count"
                                x=move || (!crowded()).then(|| with(|arc| arc.label.x.to_string()))
                                dy=move || if crowded() { "0" } else { "1.15em" }
                            >
                                {move || if crowded() { format!("\u{a0} {}", arc.with(|arc| arc.as_ref().map_or(0, |arc| arc.cells))) } else { count() }}
                            </tspan>
                        })}
                    </text>
                </g>
            </g>
        }
    };
    let sentence = move || {
        drawing.with(|it| {
            it.as_ref().map_or_else(String::new, |it| {
                describe::sentence(it, &describe::moment(state, &it.answer), cast, chosen.quantity.get())
            })
        })
    };
    // How wide a link of a known number is.
    let bar = Memo::new(move |_| {
        let (quantity, score) = (chosen.quantity.get(), state.score.get());
        drawing.with(|it| {
            let bar = ScaleBar::of(&it.as_ref()?.layout, &ChordOptions::default(), quantity.unit(score))?;
            Some((bar, quantity.scale_words(score, bar.value)))
        })
    });
    let scale = move || {
        bar.get().map(|(bar, words)| {
            let [x, y] = if small { [-182.0, 175.0] } else { [12.0 - room.get() / 2.0, 182.0] };
            view! {
                <g class="scale" aria-hidden="true">
                    <path d=format!("M{x:.1},{:.1} v8 m0,-4 h{:.1} m0,-4 v8", y - 4.0, bar.length)/>
                    <text x=x + bar.length + 7.0 y=y>{words}</text>
                </g>
            }
        })
    };
    // What hatching means, opposite to the bar.
    let legend = move || {
        (!small && room.get() >= ROOM_FOR_LEGEND && cast.determined.with(Option::is_some)).then(|| {
            let x = room.get() / 2.0 - 12.0;
            view! {
                <g class="scale hatched" aria-hidden="true">
                    <rect class="swatch" x=x - 18.0 y="178" width="18" height="10"/>
                    <rect x=x - 18.0 y="178" width="18" height="10" fill="url(#hatching)"/>
                    <text x=x - 24.0 y="183" text-anchor="end">{LEGEND}</text>
                </g>
            }
        })
    };
    let pale = move || {
        (!small && room.get() >= ROOM_FOR_LEGEND && cast.beyond.with(Option::is_some)).then(|| {
            let (x, y) = (room.get() / 2.0 - 12.0, 183.0 - 1.1 * text.get());
            view! {
                <g class="scale pale" aria-hidden="true">
                    <rect class="swatch" x=x - 18.0 y=y - 5.0 width="18" height="10"/>
                    <text x=x - 24.0 y=y text-anchor="end">{PALE}</text>
                </g>
            }
        })
    };
    let nothing = move || {
        drawing
            .with(|it| it.as_ref().is_some_and(|it| it.layout.ribbons.is_empty()))
            .then_some("No link to draw: too few cells of each type at this time point, or no type is chosen.")
    };

    view! {
        <div
            class="figure chord chord-frame"
            class:small=small
            class:out=move || chosen.direction.get() == Direction::Out
            class:in=move || chosen.direction.get() == Direction::In
            node_ref=frame
            role="figure"
            aria-label=sentence
            on:pointerdown=move |event| grab.pressed(&event)
            on:pointermove=move |event| {
                if !grab.moved(&event) {
                    hear.moved(&event);
                }
            }
            on:pointerup=move |_| grab.released()
            on:pointercancel=move |_| grab.cancelled()
            on:pointerleave=move |_| hear.leave()
            on:focusin=move |event| hear.focused(&event)
            on:focusout=move |_| hear.leave()
            on:click=move |event| {
                if !grab.was_drag() {
                    hear.clicked(&event);
                }
            }
            on:keydown=move |event| hear.keyed(&event)
        >
            <svg
                viewBox=move || {
                    if small { "-186 -186 372 372".to_owned() } else { format!("{} -192 {} 384", -room.get() / 2.0, room.get()) }
                }
                preserveAspectRatio="xMidYMid meet"
                style:font-size=move || (!small).then(|| format!("{}px", text.get()))
            >
                <circle class="ring" r=ChordOptions::default().radius aria-hidden="true"/>
                <For each=move || order.get() key=|pair| *pair children=link/>
                <For each=move || cast.shown.get() key=|kind| *kind children=arc/>
                {move || scale()}
                {move || legend()}
                {move || pale()}
            </svg>
            <p class="nothing">{move || nothing()}</p>
            <p class="held" aria-hidden="true">{move || grab.words()}</p>
            <Tooltip tip more=move || view! { <LinkCourse/> }/>
        </div>
    }
}
