//! One answer as a chord diagram of the types that are shown.

use crate::{
    shown::links::{chosen_count, chosen_links},
    state::{AttentionState, MANY, Part, Strength},
    view::cast::Cast,
};
use scimf::figure::chord::{Arc as TypeArc, ChordInput, ChordLayout, ChordOptions, Ribbon, layout};
use scimf::figure::links::{Link, among};
use scimf::figure::quantity::Quantity;
use scimf::protocol::Communication;
use std::sync::Arc;

/// Everything to draw.
#[derive(Clone, Debug, PartialEq)]
pub struct Drawing {
    /// The answer.
    pub answer: Arc<Communication>,
    /// Where everything is; its types are positions in `kinds`.
    pub layout: ChordLayout,
    /// The types that are shown.
    pub kinds: Vec<usize>,
    /// All links among them, the greatest first.
    pub links: Vec<Link>,
    /// Number of links that are drawn.
    pub count: usize,
    /// Position of each pair's ribbon in the layout: receiver x sender, over all types.
    ribbons: Vec<Option<usize>>,
}

impl Drawing {
    /// Lays out an answer with the shown number; reads what is chosen.
    pub fn new(answer: Arc<Communication>, cast: Cast, chosen: AttentionState, options: ChordOptions) -> Self {
        Self::of(answer, cast, chosen, chosen.quantity.get(), cast.circle.get(), chosen.strengths.held.get(), options)
    }

    /// Lays out an answer of a model, even where a number of the evidence is shown.
    pub fn heard(answer: Arc<Communication>, cast: Cast, chosen: AttentionState, options: ChordOptions) -> Self {
        Self::of(answer, cast, chosen, chosen.quantity.get().heard(), cast.heard_circle.get(), None, options)
    }

    fn of(
        answer: Arc<Communication>,
        cast: Cast,
        chosen: AttentionState,
        quantity: Quantity,
        circle: f64,
        held: Option<Strength>,
        options: ChordOptions,
    ) -> Self {
        let hide_self = chosen.hide_self.get();
        let kinds = cast.shown.get();
        let (cells, mut weights) = among(&answer, quantity, &kinds);
        if let Some(held) = held {
            let at = |kind: usize| kinds.iter().position(|other| *other == kind);
            if let (Some(sender), Some(receiver)) = (at(held.sender), at(held.receiver)) {
                weights[receiver * kinds.len() + sender] *= held.percent as f32 / 100.0;
            }
        }
        let options = ChordOptions { hide_self, scale: Some(circle), ..options };
        let layout = layout(&ChordInput { cells: &cells, weights: &weights }, &options);
        let links = chosen_links(&answer, &kinds, quantity, chosen);
        let n = answer.cells.len();
        let mut ribbons = vec![None; n * n];
        for (i, ribbon) in layout.ribbons.iter().enumerate() {
            ribbons[kinds[ribbon.receiver] * n + kinds[ribbon.sender]] = Some(i);
        }
        let count = chosen_count(&links, kinds.len(), chosen);
        Self { answer, layout, kinds, links, count, ribbons }
    }

    /// The ribbon of a pair of types.
    pub fn ribbon(&self, sender: usize, receiver: usize) -> Option<&Ribbon> {
        let at = receiver * self.answer.cells.len() + sender;
        self.layout.ribbons.get((*self.ribbons.get(at)?)?)
    }

    /// The number of a pair of types.
    pub fn link(&self, sender: usize, receiver: usize) -> Option<&Link> {
        self.links.iter().find(|link| (link.sender, link.receiver) == (sender, receiver))
    }

    /// The arc of a type.
    pub fn arc(&self, kind: usize) -> Option<&TypeArc> {
        self.layout.arcs.get(self.kinds.iter().position(|&other| other == kind)?)
    }

    /// The pairs whose ribbons are drawn: the strongest, and, where not all are drawn, those of the type in focus.
    pub fn pairs(&self, focus: Option<Part>) -> Vec<(usize, usize)> {
        let many = self.kinds.len() > MANY;
        let drawn = |link: &&Link| {
            let focused = focus.is_some_and(|part| part.touches(link.sender) || part.touches(link.receiver));
            link.value > 0.0 && (focused || (link.rank <= self.count && !(many && focus.is_some())))
        };
        self.links.iter().filter(drawn).map(|link| (link.sender, link.receiver)).collect()
    }

    /// Share of the sum of all links that is drawn.
    pub fn covered(&self) -> f64 {
        let sum = |links: &[Link]| links.iter().map(|link| link.value.max(0.0)).sum::<f64>();
        let all = sum(&self.links);
        if all > 0.0 { sum(&self.links[..self.count.min(self.links.len())]) / all } else { 1.0 }
    }
}
