//! Where copies of single cells end, paths between groups of cells, and what is read off potentials.

use super::Session;
use super::job::Work;
use crate::error::Result;
use crate::models::{Reading, interval_noise, landscape, readings};
use crate::path::PathFinder;
use crate::protocol::{CellValues, Event, FatesQuery, LandscapeQuery, ModelKind, PathQuery, RequestId, ValuesQuery};
use crate::simulate::Ends;

impl Session {
    /// Begins to follow copies of cells.
    pub(super) fn follow(&mut self, query: FatesQuery, id: RequestId) -> Result<()> {
        self.refuse_while_busy("follow cells")?;
        let ends = Ends::new(self.dataset()?, self.model(query.model)?, query)?;
        self.jobs.begin(id, Work::Ends(Box::new(ends)));
        Ok(())
    }

    /// Begins to look for the path of least action between two groups of cells.
    pub(super) fn find_path(&mut self, query: PathQuery, id: RequestId) -> Result<()> {
        self.refuse_while_busy("look for a path")?;
        let (dataset, model, _) = self.question(query.model, None)?;
        let seen = model.seen_in();
        let finder = PathFinder::new(dataset, model, seen, query)?;
        self.jobs.begin(id, Work::Path(Box::new(finder)));
        Ok(())
    }

    /// A number for every cell, read off a model.
    pub(super) async fn readings(&self, query: ValuesQuery, kind: ModelKind, reading: Reading) -> Result<CellValues> {
        let (dataset, model, device) = self.question(kind, None)?;
        let training = self.trainings.of(kind);
        let held_out = match (training, self.models.get(kind)) {
            (Some(training), _) => training.held_out(),
            (None, Some(loaded)) => loaded.summary.held_out.clone(),
            (None, None) => Vec::new(),
        };
        let values = readings(&model, dataset, reading, &held_out, device).await?;
        Ok(CellValues { query, values: values.into() })
    }

    /// How much noise a model needs in each interval.
    pub(super) async fn interval_noise(&self, model: ModelKind) -> Result<Event> {
        let (dataset, recipe) = (self.dataset()?, self.summary(model)?.recipe);
        Ok(Event::Noise(interval_noise(&self.model(model)?, dataset, recipe.as_ref()).await?))
    }

    /// A potential over a plane.
    pub(super) async fn landscape(&self, query: LandscapeQuery) -> Result<Event> {
        let (dataset, model, device) = self.question(query.model, None)?;
        Ok(Event::Landscape(landscape(&model, dataset, query, device).await?))
    }
}
