//! What can be found by its name: types, genes, time points and samples.

use crate::state::{Part, Source, State};
use scimf::figure::find::fitting;

/// Most that is listed of each kind.
const MOST: usize = 8;

/// Something with a name.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// What it is called.
    pub name: String,
    /// What it is, in words.
    pub kind: &'static str,
    /// Where it is.
    pub thing: Thing,
}

/// Where it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Thing {
    /// A cell type, by its place.
    Type(usize),
    /// A gene, by its place among those of its source.
    Gene(Source, usize),
    /// A time point.
    Time(usize),
    /// A sample.
    Sample(usize),
}

/// What fits the text: types, time points, samples, genes, those of each kind that begin with it first.
pub fn found(state: State, text: &str) -> Vec<Found> {
    if text.trim().is_empty() {
        return Vec::new();
    }
    let mut all = Vec::new();
    let mut add = |names: &[String], kind: &'static str, thing: &dyn Fn(usize) -> Thing| {
        let one = |place: usize| Found { name: names[place].clone(), kind, thing: thing(place) };
        all.extend(fitting(names, text, MOST).into_iter().map(one));
    };
    add(&state.type_names(), "cell type", &Thing::Type);
    add(&state.time_labels(), "time point", &Thing::Time);
    add(&state.sample_names(), "sample", &Thing::Sample);
    let [measured, decoded] = state.expression();
    if measured {
        add(&state.genes.of(Source::Measured), "gene, measured", &|gene| Thing::Gene(Source::Measured, gene));
    }
    if decoded {
        add(&state.genes.of(Source::Decoded), "gene, decoded", &|gene| Thing::Gene(Source::Decoded, gene));
    }
    all
}

/// Shows it: a type is pinned, cells wear the gene's colours, a time point or a sample is chosen.
pub fn show(state: State, thing: Thing) {
    match thing {
        Thing::Type(kind) => {
            state.attention.pinned.set(Some(Part::Type(kind)));
            state.attention.point(state, None);
        }
        Thing::Gene(source, gene) => {
            state.cells.seeking.set(false);
            state.genes.source.set(source);
            state.color_by.set(source.color(gene));
        }
        Thing::Time(time) => state.choose_time(time),
        Thing::Sample(sample) => state.choose_sample(Some(sample)),
    }
}
