//! A chord diagram as small as a button.

use super::Drawing;
use crate::prelude::*;
use crate::{state::State, view::cast::Cast};
use scimf::figure::chord::ChordOptions;
use scimf::figure::links::covering;

/// Share of the sum of all links that is drawn, and the most of them: thinner ones could not be seen.
const COVERED: f64 = 0.85;
const MOST: usize = 40;

/// The diagram of a time point, without words; a ring while it is not known.
#[component]
pub fn MiniChord(
    /// Time point.
    time: usize,
) -> impl IntoView {
    let (state, cast) = (expect_context::<State>(), expect_context::<Cast>());
    let answer = Memo::new(move |_| state.attention.at(time));
    let inner = move || {
        let answer = answer.get().filter(|answer| answer.cells.len() == cast.names.with(Vec::len));
        let Some(answer) = answer else {
            return view! { <circle class="unknown" r="139"/> }.into_any();
        };
        let options = ChordOptions { thickness: 22.0, ..ChordOptions::default() };
        let drawing = Drawing::heard(answer, cast, state.attention, options);
        let count = covering(&drawing.links, COVERED).min(MOST);
        let focus = state.focused_type.get();
        let faded = |one: usize, other: usize| focus.is_some_and(|kind| kind != one && kind != other);
        let ribbons = drawing.links.iter().take(count).filter_map(|link| {
            let path = drawing.ribbon(link.sender, link.receiver)?.path.clone();
            let faded = faded(link.sender, link.receiver);
            Some(view! { <path class="ribbon" class:faded=faded d=path fill=cast.color(link.sender)/> })
        });
        let arcs = drawing.kinds.iter().zip(&drawing.layout.arcs).map(|(&kind, arc)| {
            let color = cast.color(kind);
            view! {
                <path class="outgoing" class:hairline=!arc.present class:faded=faded(kind, kind) d=arc.outgoing_path.clone() fill=color.clone()/>
                <path class="incoming" class:faded=faded(kind, kind) d=arc.incoming_path.clone() fill=color/>
            }
        });
        view! {
            <circle class="ring" r="150"/>
            {ribbons.collect_view()}
            {arcs.collect_view()}
        }
        .into_any()
    };
    view! { <svg class="mini" viewBox="-152 -152 304 304" aria-hidden="true">{move || inner()}</svg> }
}
