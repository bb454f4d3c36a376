//! What of who listens to whom is drawn: which types, in which colours, which number, how many links.

use super::evidence::{Beyond, Determined, Planted};
use super::palette::{Rgb, cell_types};
use super::quantity::Quantity;
use crate::protocol::DatasetSummary;

/// The choices behind a chord diagram or a matrix.
#[derive(Clone, Debug, PartialEq)]
pub struct Pairs {
    /// The types that are drawn, in order.
    pub types: Vec<usize>,
    /// Colour of every type of the dataset.
    pub colors: Vec<Rgb>,
    /// Which number.
    pub quantity: Quantity,
    /// Leave out what types say to themselves.
    pub hide_self: bool,
    /// The least number that has a ribbon.
    pub least: f64,
    /// The sum of weights that fills a circle, where diagrams of several time points share a scale; none: the quantity's own scale.
    pub circle: Option<f64>,
    /// Which links the data determine, where that is known: the others are hatched.
    pub determined: Option<Determined>,
    /// What of an effect lies beyond its twin's, where an effect is shown and twins are there: the rest is pale.
    pub beyond: Option<Beyond>,
    /// What was planted in a simulated tissue, where it is to be shown: those links have a bold outline.
    pub planted: Option<Planted>,
}

impl Pairs {
    /// Every pair of types, in the study's colours.
    #[must_use]
    pub fn all(dataset: &DatasetSummary, quantity: Quantity) -> Self {
        let types = (0..dataset.cell_types.len()).collect();
        Self {
            types,
            colors: cell_types(&dataset.cell_types),
            quantity,
            hide_self: false,
            least: 0.0,
            circle: None,
            determined: None,
            beyond: None,
            planted: None,
        }
    }

    /// The data cannot tell of this link; its ends are positions in [`Pairs::types`].
    #[must_use]
    pub fn is_open(&self, receiver: usize, sender: usize) -> bool {
        let pair = self.pair(receiver, sender).zip(self.determined.as_ref());
        pair.is_some_and(|((receiver, sender), determined)| determined.is_open(receiver, sender))
    }

    /// The share of this link's effect that lies beyond its twin's, where that is known; its ends are positions in [`Pairs::types`].
    #[must_use]
    pub fn beyond(&self, receiver: usize, sender: usize) -> Option<f64> {
        let ((receiver, sender), beyond) = self.pair(receiver, sender).zip(self.beyond.as_ref())?;
        beyond.share(receiver, sender)
    }

    /// This link was planted, and that is to be shown; its ends are positions in [`Pairs::types`].
    #[must_use]
    pub fn is_planted(&self, receiver: usize, sender: usize) -> bool {
        let pair = self.pair(receiver, sender).zip(self.planted.as_ref());
        pair.is_some_and(|((receiver, sender), planted)| planted.is_planted(receiver, sender))
    }

    fn pair(&self, receiver: usize, sender: usize) -> Option<(usize, usize)> {
        self.types.get(receiver).copied().zip(self.types.get(sender).copied())
    }

    /// What the numbers are not, and what hatching means, in sentences for a caption.
    #[must_use]
    pub fn caveat(&self) -> String {
        let read_out = match self.quantity.told() {
            Some(_) => "",
            None => " A read-out of the fitted model, not an effect.",
        };
        let hatched = self.determined.as_ref().map_or_else(String::new, |determined| {
            let [open, all] = determined.open_among(&self.types);
            format!(" Hatched: these data cannot tell whether the sender acts ({open} of {all} links between types).")
        });
        let pale = self.beyond.as_ref().map_or_else(String::new, |beyond| {
            let [within, all] = beyond.within_among(&self.types);
            format!(" Pale: not beyond the effect in twins of the data, in which nothing interacts ({within} of {all} links altogether).")
        });
        let planted = self.planted.as_ref().map_or("", |_| " Bold outline: planted in this simulated tissue.");
        format!("{read_out}{pale}{hatched}{planted}")
    }

    /// What is not drawn, in a sentence; empty if everything is.
    #[must_use]
    pub fn omissions(&self, dataset: &DatasetSummary) -> String {
        let mut words = String::new();
        let all = dataset.cell_types.len();
        if self.types.len() < all {
            words += &format!(" Drawn: {} of {all} types.", self.types.len());
        }
        if self.hide_self {
            words += " Without what types say to themselves.";
        }
        words
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figure::evidence::tests as evidence;
    use crate::protocol::CellType;

    #[test]
    fn what_is_left_out_is_said() {
        let kind = |name: &str| CellType { name: name.into(), color: None, cells: 3 };
        let dataset = DatasetSummary { cell_types: vec![kind("a"), kind("b")], ..DatasetSummary::default() };
        let all = Pairs::all(&dataset, Quantity::Mean);
        assert_eq!((all.types.len(), all.colors.len(), all.omissions(&dataset)), (2, 2, String::new()));
        let few = Pairs { types: vec![1], hide_self: true, ..all };
        assert_eq!(few.omissions(&dataset), " Drawn: 1 of 2 types. Without what types say to themselves.");
    }

    #[test]
    fn hatching_is_explained_where_something_is_known() {
        let dataset = evidence::dataset(true);
        let all = Pairs::all(&dataset, Quantity::Mean);
        assert!(!all.is_open(0, 1) && !all.caveat().contains("Hatched"));
        let known = Pairs { types: vec![1, 2], determined: Some(Determined::of(&evidence::evidence())), ..all };
        assert!(known.is_open(1, 0) && !known.is_open(7, 0), "positions among the drawn types");
        assert!(known.caveat().contains("(2 of 2 links between types)"), "{}", known.caveat());
        let beyond = Beyond::of(&evidence::evidence(), crate::figure::evidence::Number::Effect);
        let split = Pairs { types: vec![1, 0], beyond, ..known };
        assert!(split.beyond(0, 1).is_some_and(|share| share > 0.7) && split.beyond(1, 0).is_none());
        assert!(split.caveat().contains("Pale:") && split.caveat().contains("(0 of 1 links"), "{}", split.caveat());
    }
}
