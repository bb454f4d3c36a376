//! The way from a study to a dataset, one bounded piece at a time.

use crate::data::unprepared::{Counts, Unprepared};
use crate::data::{Dataset, Embedding};
use crate::preprocess::modelling::Modelling;
use crate::preprocess::umap::{MOST_CELLS, Umap};
use crate::protocol::UmapSettings;
use crate::{Error, Result};

/// Name of the embedding that is computed here.
const UMAP: &str = "UMAP";

/// A preparation in progress.
pub struct Preparing {
    dataset: Dataset,
    umap: Option<UmapSettings>,
    stage: Stage,
    /// Share of the whole after which the model space stands.
    modelled: f32,
    /// Name of the study.
    name: String,
}

/// What to do where nothing more particular is known.
const CHANGE: &str = "Change the steps of the preparation, or choose other columns.";

enum Stage {
    /// Computes the model space.
    Modelling(Box<Modelling>),
    /// The model space stands.
    Modelled,
    /// Computes the plane to draw in.
    Drawing(Box<Umap>),
}

impl Preparing {
    /// Begins.
    ///
    /// # Errors
    ///
    /// If the steps do not fit the values; says which.
    pub fn new(unprepared: Unprepared) -> Result<Self> {
        let Unprepared { dataset, counts, umap } = unprepared;
        let modelled = match (&counts, umap) {
            (_, None) => 1.0,
            (Some(_), Some(_)) => 0.5,
            (None, Some(_)) => 0.0,
        };
        let name = dataset.name.clone();
        let stage = match counts {
            Some(counts) => {
                let begun = begin(counts, &dataset).map_err(|error| error.or_at(&name).or_remedy(CHANGE))?;
                Stage::Modelling(Box::new(begun))
            }
            None => Stage::Modelled,
        };
        Ok(Self { dataset, umap, stage, modelled, name })
    }

    /// What the next piece does, and the share of the whole that is done, 0 to 1.
    pub fn progress(&self) -> (&'static str, f32) {
        let before = self.modelled;
        match &self.stage {
            Stage::Modelling(modelling) => {
                let (name, done) = modelling.progress();
                (name, before * done)
            }
            Stage::Modelled if self.umap.is_some() => ("neighbours", before),
            Stage::Modelled => ("reading", before),
            Stage::Drawing(umap) => {
                let (name, done) = umap.progress();
                (name, before + (1.0 - before) * done)
            }
        }
    }

    /// Does one bounded piece of work; returns the dataset after the last. Not to be called again after that or after an error.
    ///
    /// # Errors
    ///
    /// If a value is not finite, or more components are asked for than there can be.
    pub fn advance(&mut self) -> Result<Option<Dataset>> {
        self.go_on().map_err(|error| error.or_at(&self.name).or_remedy(CHANGE))
    }

    fn go_on(&mut self) -> Result<Option<Dataset>> {
        match &mut self.stage {
            Stage::Modelling(modelling) => {
                if modelling.advance(&mut self.dataset)? {
                    self.stage = Stage::Modelled;
                }
                Ok(None)
            }
            Stage::Modelled => match self.umap {
                None => std::mem::take(&mut self.dataset).checked().map(Some),
                Some(settings) => {
                    self.stage = Stage::Drawing(Box::new(Umap::new(&self.dataset.states, settings, MOST_CELLS)?));
                    Ok(None)
                }
            },
            Stage::Drawing(umap) => {
                let Some(positions) = umap.advance(&self.dataset.states)? else { return Ok(None) };
                for stored in self.dataset.embeddings.iter_mut().filter(|stored| stored.name == UMAP) {
                    stored.rename("UMAP of the file");
                }
                self.dataset.embeddings.insert(0, Embedding::new(UMAP, positions));
                self.dataset.notes.push(umap.note());
                std::mem::take(&mut self.dataset).checked().map(Some)
            }
        }
    }
}

fn begin(counts: Counts, dataset: &Dataset) -> Result<Modelling> {
    let cells = counts.expression.cells;
    if dataset.times.len() != cells || counts.genes.len() != counts.expression.genes {
        return Err(Error::input(format!(
            "{} times and {} gene names do not fit a matrix of {cells} cells x {} genes",
            dataset.times.len(),
            counts.genes.len(),
            counts.expression.genes
        )));
    }
    Modelling::new(counts, dataset)
}
