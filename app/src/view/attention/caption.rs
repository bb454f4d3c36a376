//! The diagram in a sentence or two.

use super::Heard;
use crate::{
    state::{AttentionView, FULL, State},
    view::{
        cast::Cast,
        chord::{Drawing, describe},
    },
};
use leptos::prelude::*;
use scimf::figure::chord::ChordOptions;
use scimf::figure::quantity::Quantity;

/// The strongest pair, and what is not drawn.
pub fn sentences(state: State, cast: Cast, heard: Heard) -> String {
    let chosen = state.attention;
    let Some(answer) =
        heard.get().filter(|_| !matches!(chosen.view.get(), AttentionView::Cells | AttentionView::Links))
    else {
        return String::new();
    };
    let quantity = chosen.quantity.get();
    let drawing = Drawing::new(answer, cast, chosen, ChordOptions::default());
    let time = describe::moment(state, &drawing.answer);
    let mut words = match drawing.links.iter().find(|link| link.sender != link.receiver) {
        Some(link) => format!(
            "Strongest at {time}: {} → {} {}.",
            cast.name(link.sender),
            cast.name(link.receiver),
            quantity.words(drawing.answer.query.score, link.value),
        ),
        None => format!("At {time} there are too few cell types to compare."),
    };
    // What is said in two lines is read.
    words += &match cast.determined.with(|it| it.as_ref().map(|it| it.open_among(&drawing.kinds))) {
        Some([open, all]) if open > 0 => format!(" Read off the model, no effect; {open} of {all} hatched: not known."),
        _ => " A read-out of the model, not an effect.".into(),
    };
    if chosen.view.get() == AttentionView::Chord {
        if quantity == Quantity::Enrichment {
            words += " Drawn: what is above chance.";
        }
        if drawing.kinds.len() > FULL {
            let share = 100.0 * drawing.covered();
            words += &format!(" {} of {} links drawn ({share:.0} %).", drawing.count, drawing.links.len());
        }
    }
    words
}
