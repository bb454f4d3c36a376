//! From expression values to the model space: genes, normalisation, scaling, components.

mod check;

use crate::data::expression::Expression;
use crate::data::measured::MOST_BYTES;
use crate::data::unprepared::Counts;
use crate::data::{Dataset, Decoder, Matrix, Measured};
use crate::preprocess::cells_in_piece;
use crate::preprocess::covariance::Covariance;
use crate::preprocess::made::Made;
use crate::preprocess::normalise::entries;
use crate::preprocess::pca::krylov::Krylov;
use crate::preprocess::pca::{Components, check_components, fit_exactly};
use crate::preprocess::scale::{Scale, Sums};
use crate::preprocess::variable_genes::Selection;
use crate::protocol::{Flavour, Preparation, Preprocessing};
use crate::{Error, Result};
use check::check;

/// Matrices whose smaller side is not larger than this, and that have not more than [`EXACT_VALUES`] values, get exact components.
const EXACT_SIDE: usize = 400;
const EXACT_VALUES: usize = 2_000_000;

/// Seed of the first random directions.
const SEED: u64 = 0;

/// Bytes of the largest matrix of cells x kept genes that is held. The rows of a larger one are made whenever they are needed.
const MOST_HELD: usize = 1 << 30;
const MOST_HELD_SPARSE: usize = 128 << 20;

/// Of so many genes at most is the covariance held where the rows of the matrix are made: 134 MB.
const MOST_COVARYING: usize = 4096;

/// The model space in progress. The matrix of cells x kept genes exists once at most, in single precision.
pub(super) struct Modelling {
    counts: Counts,
    cells: usize,
    /// Cells that the steps are fitted on.
    fitted: Vec<u32>,
    /// Components that were asked for; there may be fewer.
    wanted: usize,
    /// Kept genes, in the file's order.
    kept: Vec<usize>,
    /// cells x kept genes; at first values, then log-values, then centred and scaled ones. Empty where rows are made.
    matrix: Matrix,
    /// Where the matrix is too large to be held: the place of each gene among the kept ones, if it is kept.
    made: Option<Vec<Option<u32>>>,
    /// Bytes of the largest matrix, and genes of the largest covariance, that is held.
    most_held: usize,
    most_covarying: usize,
    /// What the values of each cell were multiplied by.
    factors: Vec<f32>,
    scale: Scale,
    stage: ModellingStage,
    /// Cells that the stage has seen.
    next: usize,
}

enum ModellingStage {
    /// Genes are chosen.
    Choosing(Selection),
    /// Cells are written into the matrix; has the place there of each gene that is kept.
    Normalising(Vec<Option<u32>>),
    /// Fitted cells are summed.
    Summing(Sums),
    /// Cells are centred and scaled.
    Scaling,
    /// Components are found at once.
    FittingExactly,
    /// Genes of the fitted cells are multiplied, where rows are made.
    Multiplying(Covariance),
    /// Components are found in passes over the fitted cells, or over the covariance of their genes.
    Fitting(Box<Krylov>, Option<Covariance>),
    /// Cells are projected.
    Projecting(Components, Vec<f32>),
    /// The dataset has everything.
    Finished,
}

impl Modelling {
    /// Checks the steps against the values, and begins.
    ///
    /// # Errors
    ///
    /// If they do not fit; says which and what to do.
    pub(super) fn new(mut counts: Counts, dataset: &Dataset) -> Result<Self> {
        check(&counts.steps, dataset.time_points.len())?;
        counts.steps.held_out.sort_unstable();
        counts.steps.held_out.dedup();
        let seen = |(_, time): &(u32, &u32)| !counts.steps.held_out.contains(&(**time as usize));
        let fitted: Vec<u32> = (0..).zip(&dataset.times).filter(seen).map(|(cell, _)| cell).collect();
        let genes = counts.genes.len();
        counts.steps.variable_genes = counts.steps.variable_genes.filter(|rule| rule.count < genes);
        let keep = counts.steps.variable_genes.map_or(genes, |rule| rule.count);
        if keep == 0 {
            return Err(Error::request("no genes are left").remedy("Keep more genes."));
        }
        let wanted = counts.steps.components;
        if counts.steps.at_most {
            // Centred cells span one dimension less than there are cells.
            counts.steps.components = wanted.min(keep).min(fitted.len().saturating_sub(1)).max(2);
        }
        check_components(counts.steps.components, fitted.len(), keep)
            .map_err(|error| error.remedy("Ask for fewer components, keep more genes or hold out fewer cells."))?;
        let mut modelling = Self {
            cells: counts.expression.cells,
            counts,
            fitted,
            wanted,
            kept: Vec::new(),
            matrix: Matrix::default(),
            made: None,
            most_held: MOST_HELD,
            most_covarying: MOST_COVARYING,
            factors: Vec::new(),
            scale: Scale::default(),
            stage: ModellingStage::Finished,
            next: 0,
        };
        match modelling.counts.steps.variable_genes {
            Some(rule) => modelling.stage = ModellingStage::Choosing(Selection::new(rule, genes)),
            None => modelling.keep((0..genes).collect()),
        }
        Ok(modelling)
    }

    /// Holds no matrix of more bytes and no covariance of more genes.
    #[cfg(test)]
    fn holding(mut self, most: usize, most_covarying: usize) -> Self {
        (self.most_held, self.most_covarying) = (most, most_covarying);
        let kept = std::mem::take(&mut self.kept);
        if !kept.is_empty() {
            self.keep(kept);
        }
        self
    }

    /// What the next piece does, and the share that is done, 0 to 1.
    pub(super) fn progress(&self) -> (&'static str, f32) {
        let of_all = self.next as f32 / self.cells as f32;
        let of_fitted = self.next as f32 / self.fitted.len() as f32;
        let (name, from, to, done) = match &self.stage {
            ModellingStage::Choosing(selection) => ("variable genes", 0.0, 0.2, selection.done(self.fitted.len())),
            ModellingStage::Normalising(_) => ("normalisation", 0.2, 0.3, of_all),
            ModellingStage::Summing(_) => ("normalisation", 0.3, 0.35, of_fitted),
            ModellingStage::Scaling => ("normalisation", 0.35, 0.4, of_all),
            ModellingStage::FittingExactly => ("principal components", 0.4, 0.95, 0.0),
            ModellingStage::Multiplying(_) => ("principal components", 0.4, 0.85, of_fitted),
            ModellingStage::Fitting(krylov, None) => {
                ("principal components", 0.4, 0.95, krylov.done(self.fitted.len()))
            }
            ModellingStage::Fitting(krylov, Some(_)) => {
                ("principal components", 0.85, 0.95, krylov.done(self.kept.len()))
            }
            ModellingStage::Projecting(..) => ("principal components", 0.95, 1.0, of_all),
            ModellingStage::Finished => ("principal components", 1.0, 1.0, 1.0),
        };
        (name, from + (to - from) * done)
    }

    /// Does one bounded piece of work; `Some` when the dataset has its model space and the way back to genes.
    ///
    /// # Errors
    ///
    /// If a value is not finite or negative where it cannot be, or the rank is less than the number of components.
    pub(super) fn advance(&mut self, dataset: &mut Dataset) -> Result<Option<()>> {
        let cells = match &self.stage {
            ModellingStage::Summing(_) | ModellingStage::Multiplying(_) => self.fitted.len(),
            _ => self.cells,
        };
        let genes = self.kept.len();
        let stored = self.counts.expression.stored() / self.cells.max(1);
        let each = match &self.stage {
            ModellingStage::Projecting(components, _) => 2 * genes * components.explained_variance.len(),
            ModellingStage::Multiplying(_) => 40 * self.counts.genes.len() + stored * stored,
            _ => 40 * self.counts.genes.len(),
        };
        let piece = self.next..cells.min(self.next + cells_in_piece(each));
        let made = self.made.as_ref().map(|columns| Made { counts: &self.counts, columns, scale: &self.scale });
        match &mut self.stage {
            ModellingStage::Choosing(selection) => {
                if let Some(kept) = selection.advance(&self.counts, &self.fitted)? {
                    self.keep(kept);
                }
                return Ok(None);
            }
            ModellingStage::FittingExactly => {
                let Preprocessing { components, at_most, .. } = self.counts.steps;
                let components = fit_exactly(&self.matrix, &self.fitted, components, at_most)?;
                self.project(components);
                return Ok(None);
            }
            ModellingStage::Fitting(krylov, covariance) => {
                let components = match (covariance, &made) {
                    (Some(covariance), _) => krylov.advance_in(covariance, self.fitted.len())?,
                    (None, Some(made)) => krylov.advance(made, &self.fitted)?,
                    (None, None) => krylov.advance(&self.matrix, &self.fitted)?,
                };
                if let Some(components) = components {
                    self.project(components);
                }
                return Ok(None);
            }
            ModellingStage::Normalising(columns) => {
                let mut found = Vec::new();
                for cell in piece.clone() {
                    self.factors.push(entries(&self.counts, cell, columns, &mut found)?);
                    if made.is_none() {
                        let row = self.matrix.row_mut(cell);
                        found.iter().for_each(|(column, value)| row[*column as usize] = *value);
                    }
                }
            }
            ModellingStage::Summing(sums) => match &made {
                Some(made) => made.sum(&self.fitted[piece.clone()], sums)?,
                None => self.fitted[piece.clone()]
                    .iter()
                    .for_each(|cell| sums.add(self.matrix.row(*cell as usize).iter().copied().enumerate())),
            },
            ModellingStage::Multiplying(covariance) => {
                if let Some(made) = &made {
                    made.multiply(&self.fitted[piece.clone()], covariance)?;
                }
            }
            ModellingStage::Scaling if made.is_some() => {}
            ModellingStage::Scaling => piece.clone().for_each(|cell| self.scale.apply(self.matrix.row_mut(cell))),
            ModellingStage::Projecting(components, scores) => scores.extend(match &made {
                None => components.scores(&self.matrix, piece.clone()),
                Some(made) => made.scores(components, piece.clone())?,
            }),
            ModellingStage::Finished => return Ok(Some(())),
        }
        self.next = piece.end;
        if self.next == cells {
            self.next = 0;
            self.end_stage(dataset)?;
        }
        Ok(matches!(self.stage, ModellingStage::Finished).then_some(()))
    }

    /// Makes room for the kept genes.
    fn keep(&mut self, kept: Vec<usize>) {
        let mut columns = vec![None; self.counts.genes.len()];
        (0..).zip(&kept).for_each(|(column, gene)| columns[*gene] = Some(column));
        let size = self.cells.checked_mul(kept.len()).and_then(|values| values.checked_mul(size_of::<f32>()));
        // Entries of cells of which most values are zero are multiplied sooner than all their values.
        let all = self.cells as f64 * self.counts.genes.len() as f64;
        let sparse = self.counts.expression.stored() as f64 <= all / 4.0;
        let most = if sparse && kept.len() <= self.most_covarying { MOST_HELD_SPARSE } else { MOST_HELD };
        let held = size.is_some_and(|size| size <= most.min(self.most_held));
        self.matrix = if held { Matrix::zeros(self.cells, kept.len()) } else { Matrix::default() };
        self.made = (!held).then(|| columns.clone());
        self.kept = kept;
        self.stage = ModellingStage::Normalising(columns);
    }

    /// All cells are to be projected.
    fn project(&mut self, components: Components) {
        let scores = Vec::with_capacity(self.cells * components.explained_variance.len());
        self.stage = ModellingStage::Projecting(components, scores);
    }

    /// Keeps the values of all genes, as the steps show those of the kept ones.
    fn measure(&mut self, dataset: &mut Dataset) {
        let Counts { expression, genes, steps, .. } = &self.counts;
        let kept: Vec<String> = self.kept.iter().map(|gene| genes[*gene].clone()).collect();
        let (measured, note) = Measured::new(expression, genes, steps.values, &kept, MOST_BYTES);
        dataset.measured = Some(measured.prepared(steps, std::mem::take(&mut self.factors)));
        dataset.notes.extend(note);
    }

    /// All cells have been seen.
    fn end_stage(&mut self, dataset: &mut Dataset) -> Result<()> {
        self.stage = match std::mem::replace(&mut self.stage, ModellingStage::Finished) {
            ModellingStage::Normalising(_) => {
                self.measure(dataset);
                if self.made.is_none() {
                    // The matrix holds all that is needed from here on.
                    self.counts.expression = Expression::dense(Matrix::default());
                }
                ModellingStage::Summing(Sums::new(self.kept.len()))
            }
            ModellingStage::Summing(sums) => {
                self.scale = sums.scale(self.counts.steps.z_score);
                ModellingStage::Scaling
            }
            ModellingStage::Scaling => {
                let (cells, genes) = (self.fitted.len(), self.kept.len());
                let held = self.made.is_none();
                if held && cells.min(genes) <= EXACT_SIDE && cells * genes <= EXACT_VALUES {
                    ModellingStage::FittingExactly
                } else if !held && genes <= self.most_covarying {
                    ModellingStage::Multiplying(Covariance::new(genes))
                } else {
                    ModellingStage::Fitting(self.krylov()?, None)
                }
            }
            ModellingStage::Multiplying(mut covariance) => {
                covariance.scale(&self.scale, self.fitted.len());
                ModellingStage::Fitting(self.krylov()?, Some(covariance))
            }
            ModellingStage::Projecting(components, scores) => {
                self.finish(components, scores, dataset);
                ModellingStage::Finished
            }
            other => other,
        };
        Ok(())
    }

    /// Components, to be found in passes.
    fn krylov(&self) -> Result<Box<Krylov>> {
        let Preprocessing { components, at_most, .. } = self.counts.steps;
        Ok(Box::new(Krylov::new(self.fitted.len(), self.kept.len(), components, SEED)?.at_most(at_most)))
    }

    fn finish(
        &mut self,
        Components { mut loadings, explained_variance }: Components,
        scores: Vec<f32>,
        dataset: &mut Dataset,
    ) {
        self.matrix = Matrix::default();
        self.counts.expression = Expression::dense(Matrix::default());
        dataset.states = Matrix { rows: self.cells, cols: explained_variance.len(), values: scores };
        dataset.axis = "PC".into();
        self.scale.restore(&mut loadings);
        dataset.decoder = Some(Decoder {
            genes: self.kept.iter().map(|gene| std::mem::take(&mut self.counts.genes[*gene])).collect(),
            loadings,
            mean: self.scale.mean.iter().map(|mean| *mean as f32).collect(),
        });
        dataset.held_out.clone_from(&self.counts.steps.held_out);
        let steps = Preprocessing { components: explained_variance.len(), at_most: false, ..self.counts.steps.clone() };
        let preparation = Preparation {
            steps,
            evidence: std::mem::take(&mut self.counts.evidence),
            fitted_cells: self.fitted.len(),
            genes: self.kept.len(),
            explained_variance,
            total_variance: self.scale.total_variance as f32,
        };
        dataset.notes.push(note(&preparation, self.cells));
        if preparation.steps.components < self.wanted {
            let (found, wanted) = (preparation.steps.components, self.wanted);
            dataset
                .notes
                .push(format!("{found} instead of {wanted} components: the fitted cells and genes have no more."));
        }
        dataset.preparation = Some(preparation);
    }
}

/// What was computed here, in one sentence.
fn note(preparation: &Preparation, cells: usize) -> String {
    let Preparation { steps, fitted_cells, genes, .. } = preparation;
    let mut done = vec![match steps.variable_genes.map(|rule| rule.flavour) {
        None => format!("all {genes} genes of {}", steps.matrix),
        Some(Flavour::Seurat) => format!("the {genes} most variable genes of {} (Seurat flavour)", steps.matrix),
        Some(Flavour::Vst) => format!("the {genes} most variable genes of {} (vst)", steps.matrix),
    }];
    done.extend(steps.target_sum.map(|target| format!("cells scaled to {target} over them")));
    done.extend(steps.log1p.then(|| "log(1 + x)".to_owned()));
    done.push(if steps.z_score { "genes z-scored" } else { "genes centred" }.to_owned());
    let fitted = if *fitted_cells == cells {
        format!("all {cells} cells")
    } else {
        format!("{fitted_cells} of {cells} cells, without the held-out time points")
    };
    format!("{} principal components were computed here: {}; fitted on {fitted}.", steps.components, done.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::study::Study;
    use crate::protocol::{File, ModelSpace};

    #[test]
    fn rows_that_are_made_give_the_components_of_a_matrix_that_is_held() {
        let value = |cell: usize, gene: usize| (cell * (gene + 3) * 7 + gene * gene) % 11;
        let row = |cell: usize| (0..12).map(|gene| format!(",{}", value(cell, gene))).collect::<String>();
        let genes: String = (0..12).map(|gene| format!(",Gene{gene}")).collect();
        let rows: String = (0..500).map(|cell| format!("c{cell},{}{}\n", cell % 3, row(cell))).collect();
        let file = File { name: "t.csv".into(), bytes: format!("cell,day{genes}\n{rows}").into_bytes().into() };
        let study = Study::open(vec![file]).unwrap();
        let mut mapping = study.propose().unwrap();
        let ModelSpace::Computed(steps) = &mut mapping.model_space else { panic!("computed") };
        (steps.components, steps.z_score) = (4, true);
        let prepared = |most, most_covarying| {
            let unprepared = study.apply(&mapping).unwrap();
            let mut dataset = unprepared.dataset;
            let begun = Modelling::new(unprepared.counts.unwrap(), &dataset).unwrap();
            let mut modelling = begun.holding(most, most_covarying);
            assert_eq!(modelling.made.is_some(), most == 0);
            while modelling.advance(&mut dataset).unwrap().is_none() {}
            dataset
        };
        let held = prepared(MOST_HELD, 0);
        let near = |one: &[f32], other: &[f32]| {
            assert_eq!(one.len(), other.len());
            for (one, other) in one.iter().zip(other) {
                assert!((one - other).abs() < 2e-5, "{one} is not {other}");
            }
        };
        assert_eq!(held.states.cols, 4);
        // In passes over the cells, and in passes over the covariance of their genes.
        for most_covarying in [0, 12] {
            let made = prepared(0, most_covarying);
            near(&made.states.values, &held.states.values);
            let (made, held) = (made.decoder.unwrap(), held.decoder.clone().unwrap());
            near(&made.loadings.values, &held.loadings.values);
            assert_eq!((made.genes, made.mean), (held.genes, held.mean));
        }
    }
}
