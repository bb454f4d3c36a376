//! A chord diagram in words.

use super::Drawing;
use crate::{view::cast::Cast, words};
use scimf::figure::labels::number;
use scimf::figure::links::Link;
use scimf::figure::quantity::Quantity;
use scimf::protocol::{Communication, Score};

/// `A → B 1.23 × equal listening (attention 0.000123), 12 % of B's attention, rank 3 of 36, 120 and 80 cells`.
pub fn link(drawing: &Drawing, link: &Link, cast: Cast, quantity: Quantity) -> String {
    let (sender, receiver) = (cast.name(link.sender), cast.name(link.receiver));
    if quantity.told().is_some() {
        let known = cast.known(link.receiver, link.sender);
        let told = [cast.evidence(link.receiver, link.sender), known.trim_start_matches("; ").into()];
        let told: Vec<String> = told.into_iter().filter(|words| !words.is_empty()).collect();
        return format!("{sender} → {receiver}: {}; rank {} of {}", told.join("; "), link.rank, drawing.links.len());
    }
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
    let score = drawing.answer.query.score;
    let raw = drawing.answer.mean.get(link.receiver * drawing.answer.cells.len() + link.sender).copied();
    let raw = raw.map_or_else(String::new, |raw| number(raw.into()));
    let value = match (quantity, score) {
        (Quantity::Mean, Score::Attention) => {
            format!("{} equal listening (attention {raw})", quantity.words(score, link.value))
        }
        (Quantity::Mean, Score::Influence) => format!("{} (influence {raw})", quantity.words(score, link.value)),
        (Quantity::Enrichment | Quantity::Told(_), _) => quantity.words(score, link.value),
    };
    format!(
        "{sender} → {receiver} {value}, {} of {receiver}'s {input}, rank {} of {}, {population}{}",
        percent(link.share),
        link.rank,
        drawing.links.len(),
        cast.known(link.receiver, link.sender),
    )
}

/// What a type sends and receives.
pub fn arc(drawing: &Drawing, kind: usize, cast: Cast, quantity: Quantity) -> String {
    let name = cast.name(kind);
    let Some(arc) = drawing.arc(kind) else { return name };
    if !arc.present {
        return format!("{name}, {}: too few to say who listens to whom", words::counted(arc.cells, "cell"));
    }
    if quantity.told().is_some() {
        let most = drawing.links.iter().find(|link| link.receiver == kind);
        let most = most.map_or_else(String::new, |link| {
            format!(
                ", most acted on by {} ({})",
                cast.name(link.sender),
                quantity.words(drawing.answer.query.score, link.value)
            )
        });
        return format!("{name}, {}{most}", words::counted(arc.cells, "cell"));
    }
    let heard = drawing.links.iter().filter(|link| link.receiver == kind).max_by(|a, b| a.share.total_cmp(&b.share));
    let most = heard.map_or_else(String::new, |link| {
        format!(", listens most to {} ({})", cast.name(link.sender), percent(link.share))
    });
    format!(
        "{name}, {}: sends {}, receives {}, mean over types{most}",
        words::counted(arc.cells, "cell"),
        mean(drawing, quantity, arc.outgoing),
        mean(drawing, quantity, arc.incoming)
    )
}

/// A sum over the types of one direction as their mean, which does not count types.
pub fn mean(drawing: &Drawing, quantity: Quantity, sum: f64) -> String {
    let types = drawing.layout.arcs.iter().filter(|arc| arc.present).count().max(1);
    quantity.words(drawing.answer.query.score, sum / types as f64)
}

/// The diagram in one sentence.
pub fn sentence(drawing: &Drawing, time: &str, cast: Cast, quantity: Quantity) -> String {
    let score = drawing.answer.query.score;
    let strongest: Vec<String> = drawing
        .links
        .iter()
        .take(3)
        .map(|link| {
            let value = quantity.words(score, link.value);
            format!("{} → {} {value}", cast.name(link.sender), cast.name(link.receiver))
        })
        .collect();
    let strongest = if strongest.is_empty() { "none".to_owned() } else { strongest.join(", ") };
    match quantity.told() {
        Some(number) => {
            format!("Who acts on whom, {}, arrows from sender to receiver; strongest: {strongest}", number.name())
        }
        None => format!("Who listens to whom at {time}, arrows from sender to receiver; strongest: {strongest}"),
    }
}

/// The label of a time point.
pub fn time(state: crate::state::State, time: usize) -> String {
    state.dataset.with(|dataset| {
        dataset.as_ref().and_then(|it| it.summary.time_points.get(time)).map(|it| it.label.clone()).unwrap_or_default()
    })
}

/// When an answer is: its time point, or the moment of the simulated cells that are shown.
pub fn moment(state: crate::state::State, answer: &Communication) -> String {
    state.moment_of(answer).unwrap_or_else(|| time(state, answer.query.time))
}

fn percent(share: f64) -> String {
    let percent = share * 100.0;
    if percent >= 9.95 { format!("{percent:.0} %") } else { format!("{percent:.1} %") }
}
