//! Links over all time points as lines: the pinned link with its reverse, the links of the pinned type, else the strongest of all.

use crate::prelude::*;
use crate::{
    state::{Part, State},
    view::{cast::Cast, sketch::Sketch},
};
use scimf::figure::lines::{self, Line};
use scimf::figure::links::course;
use scimf::figure::quantity::Quantity;
use scimf::figure::theme::Theme;

/// Lines that can be told apart.
const LINES: usize = 5;

/// The plot.
#[component]
pub fn LinksOverTime() -> impl IntoView {
    let (state, cast) = (expect_context::<State>(), expect_context::<Cast>());
    let draw = move |size: [f64; 2]| {
        let chosen = chosen(state, cast);
        let drawn: Vec<Line> = chosen.iter().map(|(name, values)| Line { name, values }).collect();
        let times: Vec<f32> = (0..state.time_labels().len()).map(|time| time as f32).collect();
        let theme = Theme::new(state.dark.get());
        (!drawn.is_empty()).then(|| lines::draw(&drawn, &times, &state.time_labels(), "× equal listening", size, theme))
    };
    let about = Signal::derive(move || {
        let names: Vec<String> = chosen(state, cast).into_iter().map(|(name, _)| name).collect();
        format!("Links over time, in multiples of equal listening: {}", names.join(", "))
    });
    view! { <Sketch draw about class="link-course"/> }
}

/// The lines with their names, the strongest first but for a pinned link, which comes before its reverse.
fn chosen(state: State, cast: Cast) -> Vec<(String, Vec<f32>)> {
    let shown = cast.shown.get();
    let all = || shown.iter().flat_map(|to| shown.iter().map(move |from| (*from, *to)));
    let pairs: Vec<(usize, usize)> = match state.attention.pinned.get() {
        Some(Part::Link { sender, receiver }) if sender == receiver => vec![(sender, receiver)],
        Some(Part::Link { sender, receiver }) => vec![(sender, receiver), (receiver, sender)],
        Some(Part::Type(kind)) => all().filter(|(from, to)| *from == kind || *to == kind).collect(),
        None => all().collect(),
    };
    let answers = state.attention.answers();
    let line = |(sender, receiver): (usize, usize)| {
        let values = course(answers.iter().map(Option::as_deref), Quantity::Mean, receiver, sender);
        let values: Vec<f32> = values.into_iter().map(|value| value.map_or(f32::NAN, |value| value as f32)).collect();
        (format!("{} → {}", cast.name(sender), cast.name(receiver)), values)
    };
    let mut found: Vec<_> = pairs.into_iter().map(line).collect();
    if !matches!(state.attention.pinned.get(), Some(Part::Link { .. })) {
        let sum = |values: &[f32]| values.iter().filter(|value| value.is_finite()).sum::<f32>();
        found.sort_by(|(_, a), (_, b)| sum(b).total_cmp(&sum(a)));
    }
    found.truncate(LINES);
    found
}
