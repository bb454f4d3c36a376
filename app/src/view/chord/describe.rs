//! A chord diagram in words.

use super::Drawing;
use crate::{view::cast::Cast, words};
use leptos::prelude::*;
use scimf::figure::labels::number;
use scimf::figure::links::Link;
use scimf::figure::quantity::Quantity;
use scimf::protocol::Score;

/// `A → B 0.0123, 12 % of B's attention, rank 3 of 36, 120 and 80 cells`.
pub fn link(drawing: &Drawing, link: &Link, cast: Cast, quantity: Quantity) -> String {
    let (sender, receiver) = (cast.name(link.sender), cast.name(link.receiver));
    let count = |kind: usize| drawing.answer.cells[kind];
    let population = if link.sender == link.receiver {
        words::counted(count(link.sender), "cell")
    } else {
        format!("{} and {}", words::count(count(link.sender)), words::counted(count(link.receiver), "cell"))
    };
    let input = match drawing.answer.query.score {
        Score::Attention => "attention",
        Score::Influence => "input",
    };
    let unit = if quantity == Quantity::Enrichment { "log2 " } else { "" };
    format!(
        "{sender} → {receiver} {unit}{}, {} of {receiver}'s {input}, rank {} of {}, {population}",
        number(link.value),
        percent(link.share),
        link.rank,
        drawing.links.len(),
    )
}

/// What a type sends and receives.
pub fn arc(drawing: &Drawing, kind: usize, cast: Cast) -> String {
    let name = cast.name(kind);
    let Some(arc) = drawing.arc(kind) else { return name };
    if !arc.present {
        return format!("{name}, {}: too few to say who listens to whom", words::counted(arc.cells, "cell"));
    }
    let heard = drawing.links.iter().filter(|link| link.receiver == kind).max_by(|a, b| a.share.total_cmp(&b.share));
    let most = heard.map_or_else(String::new, |link| {
        format!(", listens most to {} ({})", cast.name(link.sender), percent(link.share))
    });
    format!(
        "{name}, {}: sends {}, receives {}{most}",
        words::counted(arc.cells, "cell"),
        number(arc.outgoing),
        number(arc.incoming)
    )
}

/// The diagram in one sentence.
pub fn sentence(drawing: &Drawing, time: &str, cast: Cast) -> String {
    let strongest: Vec<String> = drawing
        .links
        .iter()
        .take(3)
        .map(|link| format!("{} → {} {}", cast.name(link.sender), cast.name(link.receiver), number(link.value)))
        .collect();
    let strongest = if strongest.is_empty() { "none".to_owned() } else { strongest.join(", ") };
    format!("Who listens to whom at {time}, arrows from sender to receiver; strongest: {strongest}")
}

/// The label of a time point.
pub fn time(state: crate::state::State, time: usize) -> String {
    state.dataset.with(|dataset| {
        dataset.as_ref().and_then(|it| it.summary.time_points.get(time)).map(|it| it.label.clone()).unwrap_or_default()
    })
}

fn percent(share: f64) -> String {
    let percent = share * 100.0;
    if percent >= 9.95 { format!("{percent:.0} %") } else { format!("{percent:.1} %") }
}
