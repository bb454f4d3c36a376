//! Numbers over time as small curves.

use crate::prelude::*;
use crate::{
    spacing,
    state::{Part, State},
};
use scimf::figure::links::course;
use scimf::figure::spark;

/// A curve with a dot at each time point, the chosen one filled.
#[component]
pub fn Curve(
    /// A number for each time point.
    values: Vec<Option<f64>>,
    /// Width and height.
    size: [f64; 2],
) -> impl IntoView {
    let state = expect_context::<State>();
    let places = state.dataset.with(|dataset| {
        dataset.as_ref().map_or_else(Vec::new, |it| {
            spacing::positions(&it.summary.time_points.iter().map(|time| time.value).collect::<Vec<_>>())
        })
    });
    let points = spark::points(&values, &places, spark::range(&values), size, 4.0);
    let dots = points.iter().enumerate().filter_map(|(time, at)| {
        let [x, y] = (*at)?;
        Some(view! { <circle class:chosen=move || state.time.get() == time cx=x cy=y r="2.4"/> })
    });
    view! {
        <svg class="spark" viewBox=format!("0 0 {} {}", size[0], size[1]) width=size[0] height=size[1] aria-hidden="true">
            <line x1="4" x2=size[0] - 4.0 y1=size[1] - 4.0 y2=size[1] - 4.0/>
            <path d=spark::path(&points)/>
            {dots.collect_view()}
        </svg>
    }
}

/// The link that is pointed at, over all time points.
#[component]
pub fn LinkCourse() -> impl IntoView {
    let state = expect_context::<State>();
    move || {
        let Some(Part::Link { sender, receiver }) = state.attention.pointed.get() else { return None };
        let quantity = state.attention.quantity.get();
        // Evidence is of all times together.
        if quantity.told().is_some() {
            return None;
        }
        let answers = state.attention.answers();
        let values = course(answers.iter().map(Option::as_deref), quantity, receiver, sender);
        Some(view! { <Curve values size=[150.0, 30.0]/> })
    }
}

/// How one-sided the whole is, over all time points.
#[component]
pub fn Reciprocity() -> impl IntoView {
    let state = expect_context::<State>();
    let values = Memo::new(move |_| {
        let count = state.dataset.with(|it| it.as_ref().map_or(0, |it| it.summary.time_points.len()));
        let value = |time: usize| state.attention.at(time).map(|it| it.non_reciprocity).filter(|it| it.is_finite());
        (0..count).map(|time| value(time).map(f64::from)).collect::<Vec<_>>()
    });
    let now = move || {
        values.with(|values| values.get(state.time.get()).copied().flatten().map_or_else(|| "–".into(), one_sided))
    };
    let spoken = move || {
        let labels = state.time_labels();
        let known = values.with(|values| {
            let words =
                |(label, value): (&String, &Option<f64>)| value.map(|value| format!("{label} {}", one_sided(value)));
            labels.iter().zip(values).filter_map(words).collect::<Vec<_>>().join(", ")
        });
        format!("How one-sided listening is over time, 0 % is mutual: {known}")
    };
    view! {
        <div
            class="reciprocity"
            role="img"
            aria-label=spoken
            title="Non-reciprocity: how much the two directions differ, |M - Mᵀ| / |M + Mᵀ| of the type matrix; 0 % is mutual, 100 % all one-sided"
        >
            <span class="quiet"><strong>{move || now()}</strong> " one-sided (0 = mutual)"</span>
            {move || view! { <Curve values=values.get() size=[112.0, 30.0]/> }}
        </div>
    }
}

/// A share in per cent: `7 %`.
fn one_sided(value: f64) -> String {
    if value < 0.0095 { format!("{:.1} %", 100.0 * value) } else { format!("{:.0} %", 100.0 * value) }
}
