//! Why a gene rises or falls, as bars and in a sentence.

use crate::state::State;
use scimf::figure::labels::number;
use scimf::figure::operator::signed;
use scimf::figure::ranked_bars::Bar;
use scimf::protocol::Why;

/// The drivers as bars, the strongest push upward first.
pub fn bars(state: State, why: &Why) -> Vec<Bar> {
    let mut bars: Vec<Bar> = why
        .drivers
        .iter()
        .map(|link| {
            let name = state.genes.name(link.from);
            let name = if link.from == link.to { format!("{name} (itself)") } else { name };
            Bar { name, value: link.weight.into() }
        })
        .collect();
    bars.sort_by(|a, b| b.value.total_cmp(&a.value));
    bars
}

/// The whole rate, and what of it stands out.
pub fn sentence(state: State, why: &Why) -> String {
    let name = state.genes.name(why.query.gene);
    let verb = if why.rate >= 0.0 { "rises" } else { "falls" };
    let beyond = why.drivers.iter().filter(|link| link.weight.abs() > why.control).count();
    let judged = match beyond {
        0 => "No single gene pushes it more than random operators do.".to_owned(),
        n => format!("{n} of the {} strongest drivers push more than random operators do.", why.drivers.len()),
    };
    format!(
        "In {}, {name} {verb} by {} per mean interval, the sum over all genes ({}). {judged}",
        state.operator_words(why.query.of, why.cells),
        number(why.rate.abs().into()),
        signed(why.rate.into())
    )
}
