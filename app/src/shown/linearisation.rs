//! Frozen against re-encoded trajectories, as lines and in a sentence.

use crate::{state::State, words};
use scimf::figure::lines::Line;
use scimf::figure::time_axis;
use scimf::protocol::Linearisation;
use std::sync::Arc;

/// What the two ways are, on every drawing.
pub const WAYS: [&str; 2] = ["frozen", "re-encoded"];

/// What the lines measure.
pub const UNIT: &str = "mean distance, standardised components";

/// Gap and distance travelled.
pub fn curves(it: &Linearisation) -> [Line<'_>; 2] {
    [Line { name: "gap", values: &it.gap }, Line { name: "distance travelled", values: &it.travelled }]
}

/// How large the gap is at the end.
pub fn sentence(state: State, it: &Arc<Linearisation>) -> String {
    let last = |values: &[f32]| values.last().copied().unwrap_or(0.0);
    let (gap, travelled) = (last(&it.gap), last(&it.travelled));
    let end = time_axis::words(&state.time_labels(), it.times.last().map_or(0.0, |&time| time.into()));
    let share = if travelled > 0.0 { 100.0 * gap / travelled } else { 0.0 };
    let judged = match share {
        share if share < 10.0 => "one operator describes the way well",
        share if share < 50.0 => "one operator describes the way roughly",
        _ => "one operator does not describe the way",
    };
    let cells = words::count(it.cells.len());
    let exact =
        if it.exact { "" } else { " The plane shows both approximately, through neighbours; the curve is exact." };
    format!(
        "{cells} cells until {end}: the gap is {}, {share:.0} % of the {} travelled: {judged}.{exact}",
        words::number(gap),
        words::number(travelled)
    )
}
