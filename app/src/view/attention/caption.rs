//! The diagram in a sentence or two.

use super::Heard;
use crate::{
    state::{AttentionView, FULL, State},
    view::{
        cast::Cast,
        chord::{Drawing, describe},
    },
};
use scimf::figure::chord::ChordOptions;
use scimf::figure::evidence::{Number, source};
use scimf::figure::links::Link;
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
    if let Some(number) = quantity.told() {
        return told(state, cast, &drawing, number);
    }
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

/// The strongest link of the evidence, and where its number comes from.
fn told(state: State, cast: Cast, drawing: &Drawing, number: Number) -> String {
    let strongest = drawing.links.first().map_or_else(String::new, |link| {
        let (sender, receiver) = (cast.name(link.sender), cast.name(link.receiver));
        format!("Strongest: {sender} → {receiver}, {}. ", number.words(link.value))
    });
    let source = state.evidence.found.with(|found| found.as_ref().map_or_else(String::new, |it| source(it, number)));
    let open = cast.determined.with(|it| it.as_ref().map(|it| it.open_among(&drawing.kinds)));
    let open = open.filter(|[open, _]| *open > 0);
    let open = open.map_or_else(String::new, |[open, all]| format!(" {open} of {all} hatched: not known."));
    let planted = state.planted().map_or_else(String::new, |planted| {
        let was = |link: &&Link| planted.is_planted(link.receiver, link.sender);
        let all = drawing.links.iter().filter(was).count();
        let found = drawing.links.iter().take(all).filter(was).count();
        format!("Of the {all} strongest, {found} were planted. ")
    });
    let pale = if cast.beyond.with(Option::is_some) { " Pale: in twins too." } else { "" };
    format!("{strongest}{planted}{source}{pale}{open}")
}
