//! One gene over time.

use crate::prelude::*;
use crate::{
    state::State,
    view::{canvas::size_of_element, tooltip::beside},
};
use leptos::html;
use scimf::figure::courses::{self, CourseLayout, Reading};
use scimf::figure::labels::number;
use scimf::figure::svg::line_through;
use scimf::figure::time_axis;
use scimf::protocol::{GeneCourse, Simulation};

/// Height of a panel, in pixels.
const HEIGHT: f64 = 156.0;
/// How far an arrow key goes, in sampling intervals.
const STEP: f64 = 0.1;

/// A panel whose readout follows the pointer, the arrow keys or the playback.
#[component]
pub fn Course(
    /// The gene.
    gene: usize,
    /// The time that is read, shared with the other panels.
    pointed: RwSignal<Option<f64>>,
) -> impl IntoView {
    let state = expect_context::<State>();
    let frame = NodeRef::<html::Div>::new();
    let size = size_of_element(frame);
    let layout = Memo::new(move |_| {
        let (width, labels) = (size.get()[0], state.time_labels());
        with_course(state, gene, |course, it| {
            (width > 0.0).then(|| courses::layout(course, &it.times, &labels, [width, HEIGHT]))
        })
        .flatten()
    });
    let reading = Memo::new(move |_| {
        let time = pointed.get().or_else(|| state.playhead.get());
        with_course(state, gene, |course, it| {
            let end = it.times.last().map_or(0.0, |&end| f64::from(end));
            courses::read(course, &it.times, time.unwrap_or(end))
        })
        .flatten()
    });
    let words = move || reading.get().map_or_else(|| "…".to_owned(), |it| told(&state.time_labels(), &it));
    let point = move |event: web_sys::PointerEvent| {
        let at = beside(frame, event.client_x(), event.client_y());
        let time = at.and_then(|at| layout.with_untracked(|layout| Some(layout.as_ref()?.axis.time(at[0]))));
        pointed.set(time);
    };
    let keyed = move |event: web_sys::KeyboardEvent| {
        let Some([low, high]) = layout.with_untracked(|layout| Some(layout.as_ref()?.axis.range)) else { return };
        let now = pointed.get_untracked().unwrap_or(high);
        let to = match event.key().as_str() {
            "ArrowLeft" => now - STEP,
            "ArrowRight" => now + STEP,
            "Home" => low,
            "End" => high,
            _ => return,
        };
        event.prevent_default();
        pointed.set(Some(to.clamp(low, high)));
    };
    view! {
        <figure class="course-panel">
            <figcaption>
                <strong>{move || state.genes.name(gene)}</strong>
                <span class="quiet" aria-live="polite">{move || words()}</span>
            </figcaption>
            <div
                class="drawn"
                node_ref=frame
                tabindex="0"
                role="group"
                aria-label=move || format!("{} over time; the arrow keys read values", state.genes.name(gene))
                on:pointermove=point
                on:pointerleave=move |_| pointed.set(None)
                on:keydown=keyed
                on:blur=move |_| pointed.set(None)
            >
                {move || layout.get().map(|it| view! { <Drawing gene layout=it reading/> })}
            </div>
        </figure>
    }
}

#[component]
fn Drawing(gene: usize, layout: CourseLayout, reading: Memo<Option<Reading>>) -> impl IntoView {
    let state = expect_context::<State>();
    let ([left, top, right, bottom], [width, height], axis) = (layout.area, layout.size, layout.axis);
    let levels = layout.levels.into_iter().map(|(y, text)| {
        view! {
            <line class="grid" x1=left x2=right y1=y y2=y></line>
            <text class="quiet end" x=left - 6.0 y=y>{text}</text>
        }
    });
    let ticks = layout.ticks.into_iter().map(|tick| {
        let x = tick.x;
        view! {
            <line class="edge" x1=x x2=x y1=bottom y2=bottom + 4.0></line>
            {tick.label.map(|label| view! { <text class="quiet middle" x=x y=bottom + 14.0>{label}</text> })}
        }
    });
    let now = Memo::new(move |_| reading.get().map(|it| axis.place(it.time)));
    let sentence = move || {
        let ends = with_course(state, gene, |course, _| Some((*course.mean.first()?, *course.mean.last()?))).flatten();
        let (from, to) = ends.unwrap_or_default();
        format!(
            "Mean expression of {} along the simulation, from {} to {}.",
            state.genes.name(gene),
            number(from.into()),
            number(to.into())
        )
    };
    view! {
        <svg viewBox=format!("0 0 {width} {height}") height=height.to_string() role="img" aria-label=sentence>
            {levels.collect_view()}
            {ticks.collect_view()}
            <path class="spread" d=line_through(layout.band) + "Z"></path>
            <path class="mean" d=line_through(layout.mean)></path>
            {layout.data_end.map(|x| view! { <line class="data-end" x1=x x2=x y1=top y2=bottom></line> })}
            {move || now.get().map(|x| view! { <line class="now" x1=x x2=x y1=top y2=bottom></line> })}
        </svg>
    }
}

/// The course of a gene, if the simulation that is there has it.
fn with_course<T>(state: State, gene: usize, read: impl FnOnce(&GeneCourse, &Simulation) -> T) -> Option<T> {
    state.simulation.with(|it| {
        let it = it.as_ref()?;
        Some(read(it.genes.iter().find(|course| course.gene == gene)?, it))
    })
}

fn told(labels: &[String], reading: &Reading) -> String {
    let [mean, low, high] = reading.values.map(|value| number(value.into()));
    format!("{}: mean {mean}, 10–90 % {low} to {high}", time_axis::words(labels, reading.time))
}
