//! What of who listens to whom is drawn: which types, in which colours, which number, how many links.

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
}

impl Pairs {
    /// Every pair of types, in the study's colours.
    #[must_use]
    pub fn all(dataset: &DatasetSummary, quantity: Quantity) -> Self {
        let types = (0..dataset.cell_types.len()).collect();
        Self { types, colors: cell_types(&dataset.cell_types), quantity, hide_self: false, least: 0.0, circle: None }
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
}
