//! Evidence of a session: who acts on whom, as far as the open dataset, and models that are fitted to it, tell.

use super::Session;
use super::job::Work;
use crate::data::Dataset;
use crate::error::Result;
use crate::evaluate::Effects;
use crate::evidence::Evidences;
use crate::protocol::{Evidence, EvidenceQuery, RequestId};
use burn::tensor::Device;

/// A look for evidence on its way.
pub(super) enum Looking {
    /// At the data; afterwards a model is fitted, if one is asked for.
    Data(Box<Evidences>, Box<EvidenceQuery>),
    /// At fitted models, with what the data tell. What is there is news until it has been told.
    Models(Box<Effects>, Box<Evidence>, bool),
}

impl Looking {
    pub(super) fn progress(&self) -> (String, f32) {
        match self {
            Self::Data(evidences, _) => evidences.progress(),
            Self::Models(effects, ..) => effects.progress(),
        }
    }

    /// What the data tell, once, while a model is fitted; then with the effects of each training that is done, but the last.
    pub(super) fn news(&mut self) -> Option<Evidence> {
        let Self::Models(effects, evidence, news) = self else { return None };
        let trained = effects.has_news();
        (std::mem::take(news) || trained).then(|| {
            let mut evidence = (**evidence).clone();
            effects.add_to(&mut evidence);
            evidence
        })
    }

    /// Does one bounded piece of work; all that was found at the end.
    ///
    /// # Errors
    /// A training diverged, or the device failed.
    pub(super) async fn advance(&mut self, dataset: &Dataset, device: &Device) -> Result<Option<Evidence>> {
        match self {
            Self::Data(evidences, query) => match evidences.advance(dataset) {
                Some(evidence) if query.train.is_some() => {
                    *self = Self::Models(Box::new(Effects::new(dataset, query)?), Box::new(evidence), true);
                    Ok(None)
                }
                found => Ok(found),
            },
            Self::Models(effects, evidence, _) => Ok(effects.advance(dataset, device).await?.map(|()| {
                effects.add_to(evidence);
                (**evidence).clone()
            })),
        }
    }
}

impl Session {
    /// Begins to look for evidence in the open dataset.
    pub(super) fn evidence(&mut self, query: EvidenceQuery, id: RequestId) -> Result<()> {
        self.refuse_while_busy("look for evidence")?;
        let dataset = self.dataset()?;
        if query.train.is_some() {
            Effects::new(dataset, &query)?;
        }
        let looking = Looking::Data(Box::new(Evidences::new(dataset, query.clone())), Box::new(query));
        self.jobs.begin(id, Work::Evidence(looking));
        Ok(())
    }
}
