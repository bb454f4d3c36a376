//! Evidence of a session: who acts on whom, as far as the open dataset, and models that are fitted to it, tell.

use super::job::{Job, Work};
use super::{Emit, Session, answer};
use crate::error::Result;
use crate::evaluate::Effects;
use crate::evidence::Evidences;
use crate::protocol::{Event, Evidence, EvidenceQuery, RequestId};

/// A look for evidence on its way.
pub(super) enum Looking {
    /// At the data; afterwards a model is fitted, if one is asked for.
    Data(Box<Evidences>, Box<EvidenceQuery>),
    /// At fitted models, with what the data tell.
    Models(Box<Effects>, Box<Evidence>),
}

impl Looking {
    fn progress(&self) -> (String, f32) {
        match self {
            Self::Data(evidences, _) => evidences.progress(),
            Self::Models(effects, _) => effects.progress(),
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
        self.job = Some(Job { id, work: Work::Evidence(looking) });
        Ok(())
    }

    pub(super) async fn advance_evidence(&mut self, looking: Looking, id: RequestId, emit: Emit<'_>) -> Result<()> {
        let dataset = self.dataset()?;
        let (before, share) = looking.progress();
        let looking = match looking {
            Looking::Data(mut evidences, query) => {
                if evidences.advance(dataset) {
                    Looking::Data(evidences, query)
                } else {
                    let evidence = evidences.evidence(dataset);
                    emit(answer(id, Event::Evidence(Box::new(evidence.clone()))));
                    if query.train.is_none() {
                        return Ok(());
                    }
                    Looking::Models(Box::new(Effects::new(dataset, &query)?), Box::new(evidence))
                }
            }
            Looking::Models(mut effects, mut evidence) => {
                if !effects.advance(dataset, self.device()?).await? {
                    effects.add_to(&mut evidence);
                    emit(answer(id, Event::Evidence(evidence)));
                    return Ok(());
                }
                Looking::Models(effects, evidence)
            }
        };
        let (stage, done) = looking.progress();
        // Pieces can be short: only what a reader would notice is told.
        if stage != before || (done * 200.0).floor() > (share * 200.0).floor() {
            emit(answer(id, Event::Progress { stage, done }));
        }
        self.job = Some(Job { id, work: Work::Evidence(looking) });
        Ok(())
    }
}
