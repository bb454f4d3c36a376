//! The cell types as all views of attention show them: names, colours, which of them, and on one scale for all time points.

use crate::{
    signals::{Memo, RwSignal},
    state::State,
};
use scimf::figure::chord::{ChordInput, total};
use scimf::figure::evidence::{Beyond, Determined, Planted, link_words};
use scimf::figure::heatmap::Scale;
use scimf::figure::links::among;
use scimf::figure::palette::Rgb;
use scimf::figure::quantity::Quantity;
use scimf::protocol::{Communication, Evidence};
use std::sync::Arc;

/// What the views of attention share; cheap to copy.
#[derive(Clone, Copy)]
pub struct Cast {
    /// Name of each type.
    pub names: Memo<Vec<String>>,
    /// Colour of each type.
    pub colors: Memo<Vec<Rgb>>,
    /// The types that are shown, in order.
    pub shown: Memo<Vec<usize>>,
    /// Sum of weights that fills a circle: one for all time points.
    pub circle: Memo<f64>,
    /// The same of the answers of a model, whatever is shown.
    pub heard_circle: Memo<f64>,
    /// Colours of matrices.
    pub shade: Memo<Scale>,
    /// Which links the data determine, where that is known.
    pub determined: Memo<Option<Determined>>,
    /// What of each effect lies beyond its twin's, where effects are shown.
    pub beyond: Memo<Option<Beyond>>,
    /// What was planted, where it is to be shown.
    pub planted: Memo<Option<Planted>>,
    /// The evidence.
    found: RwSignal<Option<Arc<Evidence>>>,
}

impl Cast {
    /// Follows the state.
    pub fn new(state: State) -> Self {
        let names = Memo::new(move |_| {
            state.dataset.with(|dataset| {
                dataset
                    .as_ref()
                    .map_or_else(Vec::new, |it| it.summary.cell_types.iter().map(|kind| kind.name.clone()).collect())
            })
        });
        let shown = Memo::new(move |_| {
            let count = names.with(Vec::len);
            state.attention.hidden.with(|hidden| (0..count).filter(|kind| !hidden.contains(kind)).collect::<Vec<_>>())
        });
        let circle_of = move |quantity: Quantity, answers: Vec<Arc<Communication>>| {
            let hide_self = state.attention.hide_self.get();
            let sum = |answer: Arc<Communication>| {
                let (cells, weights) = shown.with(|shown| among(&answer, quantity, shown));
                total(&ChordInput { cells: &cells, weights: &weights }, hide_self)
            };
            let greatest = answers.into_iter().map(sum).fold(0.0, f64::max);
            quantity.circle(state.score.get(), shown.with(Vec::len), hide_self || quantity.told().is_some(), greatest)
        };
        let heard_circle =
            Memo::new(move |_| circle_of(state.attention.quantity.get().heard(), state.heard_anywhere()));
        let circle = Memo::new(move |_| match state.attention.quantity.get() {
            told @ Quantity::Told(_) => circle_of(told, state.told().into_iter().collect()),
            _ => heard_circle.get(),
        });
        let shade = Memo::new(move |_| {
            let quantity = state.attention.quantity.get();
            let values = |answer: Arc<Communication>| shown.with(|shown| among(&answer, quantity, shown).1);
            let answers = match quantity {
                Quantity::Told(_) => state.told().into_iter().collect(),
                _ => state.heard_anywhere(),
            };
            let all: Vec<f32> = answers.into_iter().flat_map(values).collect();
            Scale::of(&all, quantity == Quantity::Enrichment)
        });
        let determined = Memo::new(move |_| state.evidence.determined());
        let beyond = Memo::new(move |_| state.evidence.beyond(state.attention.quantity.get().told()?));
        let planted = Memo::new(move |_| state.planted_shown());
        Self {
            names,
            colors: Memo::new(move |_| state.type_colors()),
            shown,
            circle,
            heard_circle,
            shade,
            determined,
            beyond,
            planted,
            found: state.evidence.found,
        }
    }

    /// Name of a type.
    pub fn name(&self, kind: usize) -> String {
        self.names.with(|names| names.get(kind).cloned().unwrap_or_default())
    }

    /// The data cannot tell whether the sender acts on the receiver.
    pub fn is_open(&self, receiver: usize, sender: usize) -> bool {
        self.determined.with(|it| it.as_ref().is_some_and(|it| it.is_open(receiver, sender)))
    }

    /// The share of a shown effect that lies beyond its twin's, 0 to 1; none where no effect is shown, or no twin is known.
    pub fn beyond(&self, receiver: usize, sender: usize) -> Option<f64> {
        self.beyond.with(|it| it.as_ref().and_then(|it| it.share(receiver, sender)))
    }

    /// The link was planted, and that is to be shown.
    pub fn is_planted(&self, receiver: usize, sender: usize) -> bool {
        self.planted.with(|it| it.as_ref().is_some_and(|it| it.is_planted(receiver, sender)))
    }

    /// All that the evidence says of a link: `effect 12 ± 1 %, contrast F 4.2`.
    pub fn evidence(&self, receiver: usize, sender: usize) -> String {
        self.found.with(|found| {
            let found =
                found.as_ref().and_then(|it| it.links.iter().find(|it| (it.receiver, it.sender) == (receiver, sender)));
            found.map_or_else(String::new, link_words)
        })
    }

    /// What is known of a link besides its number, to stand behind it: `; these data cannot tell (determinability 0.003)`.
    pub fn known(&self, receiver: usize, sender: usize) -> String {
        let told = self.determined.with(|it| it.as_ref().and_then(|it| it.words(receiver, sender)));
        let planted = if self.is_planted(receiver, sender) { "; planted" } else { "" };
        told.map_or_else(String::new, |words| format!("; {words}")) + planted
    }

    /// Colour of a type, as CSS writes it.
    pub fn color(&self, kind: usize) -> String {
        self.colors.with(|colors| colors.get(kind).map_or_else(|| "currentColor".into(), Rgb::to_string))
    }
}
