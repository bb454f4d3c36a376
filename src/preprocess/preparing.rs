//! The way from a study to a dataset, one bounded piece at a time.

use crate::data::unprepared::{Counts, Unprepared};
use crate::data::{Dataset, Embedding};
use crate::preprocess::clusters::Clustering;
use crate::preprocess::modelling::Modelling;
use crate::preprocess::umap::{MOST_CELLS, Umap};
use crate::protocol::{CellType, Clusters, UmapSettings};
use crate::{Error, Result};

/// Name of the embedding that is computed here.
const UMAP: &str = "UMAP";

/// A preparation in progress.
pub struct Preparing {
    dataset: Dataset,
    /// What is still to come.
    clusters: Option<Clusters>,
    umap: Option<UmapSettings>,
    stage: PreparingStage,
    /// Number of stages that take time, and of those that are over.
    stages: f32,
    over: f32,
    /// Name of the study.
    name: String,
}

/// What to do where nothing more particular is known.
const CHANGE: &str = "Change the steps of the preparation, or choose other columns.";

enum PreparingStage {
    /// Computes the model space.
    Modelling(Box<Modelling>),
    /// The model space stands, and nothing is under way.
    Modelled,
    /// Seeks clusters in the place of types.
    Clustering(Box<Clustering>),
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
        let Unprepared { dataset, counts, clusters, umap } = unprepared;
        let stages = [counts.is_some(), clusters.is_some(), umap.is_some()].into_iter().filter(|there| *there).count();
        let name = dataset.name.clone();
        let stage = match counts {
            Some(counts) => {
                let begun = begin(counts, &dataset).map_err(|error| error.or_at(&name).or_remedy(CHANGE))?;
                PreparingStage::Modelling(Box::new(begun))
            }
            None => PreparingStage::Modelled,
        };
        Ok(Self { dataset, clusters, umap, stage, stages: stages.max(1) as f32, over: 0.0, name })
    }

    /// What the next piece does, and the share of the whole that is done, 0 to 1.
    pub fn progress(&self) -> (&'static str, f32) {
        let (name, done) = match &self.stage {
            PreparingStage::Modelling(modelling) => modelling.progress(),
            PreparingStage::Modelled if self.clusters.is_some() || self.umap.is_some() => ("neighbours", 0.0),
            PreparingStage::Modelled => ("reading", 0.0),
            PreparingStage::Clustering(clustering) => ("clusters", clustering.done()),
            PreparingStage::Drawing(umap) => umap.progress(),
        };
        (name, ((self.over + done) / self.stages).min(1.0))
    }

    /// Does one bounded piece of work; returns the dataset after the last. Not to be called again after that or after an error.
    ///
    /// # Errors
    ///
    /// If a value is not finite, more components are asked for than there can be, or there are more clusters than there may be types.
    pub fn advance(&mut self) -> Result<Option<Dataset>> {
        self.go_on().map_err(|error| error.or_at(&self.name).or_remedy(CHANGE))
    }

    fn go_on(&mut self) -> Result<Option<Dataset>> {
        match &mut self.stage {
            PreparingStage::Modelling(modelling) => {
                if modelling.advance(&mut self.dataset)?.is_some() {
                    self.rest();
                }
            }
            PreparingStage::Modelled => match (&self.clusters, self.umap.take()) {
                (Some(settings), umap) => {
                    self.umap = umap;
                    let clustering = Clustering::new(&self.dataset.states, settings.clone())?;
                    self.stage = PreparingStage::Clustering(Box::new(clustering));
                }
                (None, Some(settings)) => {
                    self.stage =
                        PreparingStage::Drawing(Box::new(Umap::new(&self.dataset.states, settings, MOST_CELLS)?));
                }
                (None, None) => return self.whole().map(Some),
            },
            PreparingStage::Clustering(clustering) => {
                let Some(found) = clustering.advance(&self.dataset.states) else { return Ok(None) };
                let count = found.iter().max().map_or(0, |last| *last as usize + 1);
                self.dataset.notes.push(clustering.note(count));
                let settings = self.clusters.take().unwrap_or_default();
                let named = |cluster| CellType { name: settings.name(cluster), color: None, cells: 0 };
                self.dataset.types = (0..count).map(named).collect();
                self.dataset.cell_types = found;
                if self.umap.is_none() {
                    return self.whole().map(Some);
                }
                self.rest();
            }
            PreparingStage::Drawing(umap) => {
                let Some(positions) = umap.advance(&self.dataset.states)? else { return Ok(None) };
                for stored in self.dataset.embeddings.iter_mut().filter(|stored| stored.name == UMAP) {
                    stored.rename("UMAP of the file");
                }
                self.dataset.embeddings.insert(0, Embedding::new(UMAP, positions));
                self.dataset.notes.push(umap.note());
                return self.whole().map(Some);
            }
        }
        Ok(None)
    }

    /// The dataset, after the last stage.
    fn whole(&mut self) -> Result<Dataset> {
        std::mem::take(&mut self.dataset).checked()
    }

    /// A stage is over.
    fn rest(&mut self) {
        self.stage = PreparingStage::Modelled;
        self.over += 1.0;
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
