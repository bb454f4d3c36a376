//! The space in which clouds are compared.

use crate::data::{Components, Dataset, Decoder, GeneSpace, Matrix, Space, Standard, evenly};
use crate::error::{Error, Result};
use crate::protocol::EvaluationSettings;

/// Most cells of a cloud that are compared; an even sample stands for larger ones.
const MOST_CELLS: usize = 10_000;

/// What clouds are compared in.
pub(super) enum Measure {
    /// The model space as it is, or its first components, standardised as published tables do.
    Space(Box<dyn Space>),
    /// The genes of the loadings: observed cells as they were measured, predicted ones by the loadings.
    Genes(Box<GeneSpace>, Decoder),
}

impl Measure {
    /// What the settings ask for.
    ///
    /// # Errors
    /// There are not so many components, or no measured genes.
    pub(super) fn new(dataset: &Dataset, settings: &EvaluationSettings) -> Result<Self> {
        match settings.components {
            Some(_) if settings.genes => {
                let what = "Distances are measured in components or in genes, not in both";
                Err(Error::request(what).at("components").remedy("Leave the components out."))
            }
            None if settings.genes => {
                let space = GeneSpace::new(dataset)?;
                let missing = || Error::internal("a gene space without loadings");
                Ok(Self::Genes(Box::new(space), dataset.decoder.clone().ok_or_else(missing)?))
            }
            None => Ok(Self::Space(Box::new(Components(dataset.states.cols)))),
            Some(count) if (1..=dataset.states.cols).contains(&count) => {
                Ok(Self::Space(Box::new(Standard::of(&dataset.states, count))))
            }
            Some(count) => {
                let what = format!("There are {} components, not {count}, to measure in", dataset.states.cols);
                Err(Error::request(what).at("components"))
            }
        }
    }

    /// Components that a prediction must have.
    pub(super) fn needs(&self) -> usize {
        match self {
            Self::Space(space) => space.dimensions(),
            Self::Genes(_, decoder) => decoder.loadings.cols,
        }
    }

    /// Dimensions in which cells are compared.
    pub(super) fn dimensions(&self) -> usize {
        match self {
            Self::Space(space) => space.dimensions(),
            Self::Genes(space, _) => space.genes.len(),
        }
    }

    /// The divergence for each gene is asked for.
    pub(super) fn per_gene(&self) -> bool {
        matches!(self, Self::Genes(..))
    }

    /// Row-major states with `columns` components, as they are compared.
    pub(super) fn points(&self, states: &[f32], columns: usize) -> Matrix {
        let values = match self {
            Self::Space(space) => space.encode(states, columns),
            Self::Genes(_, decoder) => states.chunks_exact(columns).flat_map(|state| decoder.decode(state)).collect(),
        };
        Matrix { rows: states.len() / columns, cols: self.dimensions(), values }
    }

    /// Observed cells as they are compared: all of them, or an even sample of many.
    pub(super) fn observed(&self, dataset: &Dataset, cells: &[u32]) -> Matrix {
        let rows: Vec<u32> = evenly(cells.len(), MOST_CELLS).map(|at| cells[at]).collect();
        match self {
            Self::Space(_) => self.points(&dataset.states_of(&rows), dataset.states.cols),
            Self::Genes(space, _) => {
                Matrix { rows: rows.len(), cols: space.genes.len(), values: space.dataset.states_of(&rows) }
            }
        }
    }
}
