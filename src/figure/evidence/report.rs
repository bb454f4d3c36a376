//! The evidence as an object of names and numbers, to be written as JSON. `docs/INTERACTIONS.md` describes it.

use crate::protocol::{
    Contrast, ContrastForm, DatasetSummary, Evidence, LinearEstimate, Link, ModelKind, Spread, Verdict,
};
use serde::Serialize;

/// Everything that evidence says, with names for types.
#[derive(Debug, Serialize)]
pub struct Report<'a> {
    cell_types: Vec<&'a str>,
    samples: Vec<Population<'a>>,
    model: Option<ModelKind>,
    links: Vec<Named<'a>>,
    contrast_form: Option<ContrastForm>,
    reasons: &'a [String],
    experiments: Vec<Next<'a>>,
}

#[derive(Debug, Serialize)]
struct Population<'a> {
    name: &'a str,
    lacks: Vec<&'a str>,
}

#[derive(Debug, Serialize)]
struct Named<'a> {
    receiver: &'a str,
    sender: &'a str,
    determinability: Option<f64>,
    contrast: Option<Contrast>,
    linear: Option<LinearEstimate>,
    effect: Option<Spread>,
    twin: Option<Spread>,
    verdict: Verdict,
}

#[derive(Debug, Serialize)]
struct Next<'a> {
    lacks: &'a str,
    determines: Vec<&'a str>,
}

/// The shortest decimal number that means the same.
fn shortest(value: f32) -> f64 {
    value.to_string().parse().unwrap_or_else(|_| value.into())
}

impl<'a> Report<'a> {
    /// The evidence of a dataset.
    #[must_use]
    pub fn new(evidence: &'a Evidence, dataset: &'a DatasetSummary) -> Self {
        let name = |kind: usize| dataset.cell_types.get(kind).map_or("", |kind| kind.name.as_str());
        let names = |kinds: &[usize]| kinds.iter().map(|&kind| name(kind)).collect();
        let named = |link: &Link| Named {
            receiver: name(link.receiver),
            sender: name(link.sender),
            determinability: link.determinability.map(shortest),
            contrast: link.contrast,
            linear: link.linear,
            effect: link.effect,
            twin: link.twin,
            verdict: link.verdict,
        };
        Self {
            cell_types: dataset.cell_types.iter().map(|kind| kind.name.as_str()).collect(),
            samples: dataset
                .samples
                .iter()
                .map(|sample| Population { name: &sample.name, lacks: names(&sample.lacks) })
                .collect(),
            model: evidence.model,
            links: evidence.links.iter().map(named).collect(),
            contrast_form: evidence.form,
            reasons: &evidence.reasons,
            experiments: evidence
                .experiments
                .iter()
                .map(|next| Next { lacks: name(next.lacks), determines: names(&next.receivers) })
                .collect(),
        }
    }
}
