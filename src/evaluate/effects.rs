//! What goes without a sender in fitted models, over seeds, beside twins of the data in which nothing interacts.

use super::bootstrap::pooled;
use super::removed::Removal;
use super::twin::Twinning;
use crate::data::Dataset;
use crate::error::{Error, Result};
use crate::models::{AnyModel, AnyTraining, Data};
use crate::protocol::{Estimate, Evidence, EvidenceQuery, Fits, Recipe};
use burn::tensor::Device;
use std::collections::VecDeque;

/// How long a training takes, in populations from which senders are taken out.
const TRAINING_WORK: f32 = 20.0;

/// The effects of a model on their way.
///
/// The effect of senders b on receivers a in a population is the mean length of what changes in the drift of a when all b are taken out of the
/// population, as a share of the mean length of the drift; here the mean over all populations that have both.
pub struct Effects {
    /// What is done.
    fits: Fits,
    left: VecDeque<Task>,
    running: Option<Running>,
    /// The model without interaction, from which twins are simulated.
    alone: Option<AnyModel>,
    kinds: usize,
    /// A training has been added that nobody was told of.
    news: bool,
    work: (f32, f32),
}

/// A part that has not begun.
enum Task {
    /// Train the model on the data with this seed.
    Seed(u32),
    /// Train the model without interaction.
    Alone,
    /// Simulate a twin with this seed, and train the model on it.
    Twin(u32),
}

/// The part that is worked on.
enum Running {
    Training { training: Box<AnyTraining>, whose: Whose },
    Twinning { twinning: Box<Twinning>, seed: u32 },
    Removal { removal: Box<Removal>, model: AnyModel, whose: Whose },
}

/// On what a model is trained.
enum Whose {
    /// The data, without interaction.
    Alone,
    Data,
    Twin(Box<Dataset>),
}

impl Effects {
    /// Of the model that a query trains.
    ///
    /// # Errors
    /// The query trains none, or one that has no interaction.
    pub fn new(dataset: &Dataset, query: &EvidenceQuery) -> Result<Self> {
        let recipe = query.train.clone().ok_or_else(|| Error::internal("no model is asked for"))?;
        let card = recipe.model.card();
        if !card.can.interaction {
            let what = format!("{} has no interaction whose effect could be told", card.name);
            return Err(Error::request(what).at("model").remedy("Choose a model whose cells interact."));
        }
        let recipe = Recipe { from_current: false, ..recipe.with("interaction", true) };
        let kinds = dataset.types.len();
        let [seeds, twins] = [query.seeds, query.twins];
        let known = query.known.as_deref().filter(|known| known.recipe == recipe).cloned();
        let mut fits = known.unwrap_or(Fits { recipe, asked: [0; 2], seeds: Vec::new(), twins: Vec::new() });
        let links = kinds * kinds.saturating_sub(1);
        for trainings in [&mut fits.seeds, &mut fits.twins] {
            // What is known of other types cannot be gone on from.
            let fit = trainings.iter().take_while(|effects| effects.len() == links).count();
            trainings.truncate(fit);
        }
        let [seeds_done, twins_done] = fits.done();
        fits.asked = [seeds.max(seeds_done), twins.max(twins_done)];
        let mut left: VecDeque<Task> = (seeds_done..seeds).map(Task::Seed).collect();
        if twins > twins_done {
            left.push_back(Task::Alone);
            left.extend((twins_done..twins).map(Task::Twin));
        }
        let removed = seeds.saturating_sub(seeds_done) + twins.saturating_sub(twins_done);
        let removals = removed as usize * Removal::populations(dataset);
        let work = (0.0, left.len() as f32 * TRAINING_WORK + removals as f32);
        Ok(Self { fits, left, running: None, alone: None, kinds, news: false, work })
    }

    /// What is being done, and the share of the whole that is done, 0 to 1.
    pub fn progress(&self) -> (String, f32) {
        let ([seeds, twins], [seeds_done, twins_done]) = (self.fits.asked, self.fits.done());
        let whose = |whose: &Whose| match whose {
            Whose::Alone => "without interaction".into(),
            Whose::Data => format!("seed {} of {seeds}", seeds_done + 1),
            Whose::Twin(_) => format!("twin {} of {twins}", twins_done + 1),
        };
        let (stage, part) = match &self.running {
            None => ("effects of a fitted model".into(), 0.0),
            Some(Running::Training { training, whose: of }) => {
                let (done, of_all, step) =
                    (training.steps(), self.fits.recipe.steps(), self.fits.recipe.model.card().step);
                let stage =
                    format!("training {}, {}: {step} {done} of {of_all}", self.fits.recipe.model.name(), whose(of));
                (stage, TRAINING_WORK * done as f32 / of_all.max(1) as f32)
            }
            Some(Running::Twinning { seed, .. }) => (format!("cells of twin {} of {twins}", seed + 1), 0.0),
            Some(Running::Removal { whose: of, .. }) => (format!("effects, {}", whose(of)), 0.0),
        };
        (stage, ((self.work.0 + part) / self.work.1.max(1.0)).min(1.0))
    }

    /// Effects of a training are there that nobody was told of.
    pub fn has_news(&mut self) -> bool {
        std::mem::take(&mut self.news)
    }

    /// Does one bounded piece of work; `Some` when all effects are there.
    ///
    /// # Errors
    /// A training diverged, or the device failed.
    pub async fn advance(&mut self, dataset: &Dataset, device: &Device) -> Result<Option<()>> {
        let running = match self.running.take() {
            Some(running) => running,
            None => match self.left.pop_front() {
                Some(task) => self.begin(task, dataset, device)?,
                None => return Ok(Some(())),
            },
        };
        self.running = match running {
            Running::Training { mut training, whose } => {
                training.advance().await?;
                if training.is_finished() {
                    self.work.0 += TRAINING_WORK;
                    self.trained(training.best().model, whose, dataset)
                } else {
                    Some(Running::Training { training, whose })
                }
            }
            Running::Twinning { mut twinning, seed } => match twinning.advance(dataset, device).await? {
                None => Some(Running::Twinning { twinning, seed }),
                Some(twin) => {
                    let training = self.training(&twin, seed, true, device)?;
                    Some(Running::Training { training, whose: Whose::Twin(Box::new(twin)) })
                }
            },
            Running::Removal { mut removal, model, whose } => {
                let seen = if let Whose::Twin(twin) = &whose { twin } else { dataset };
                let effects = removal.advance(seen, &model, device).await?;
                self.work.0 += 1.0;
                match effects {
                    None => Some(Running::Removal { removal, model, whose }),
                    Some(effects) => {
                        let trainings =
                            if let Whose::Twin(_) = whose { &mut self.fits.twins } else { &mut self.fits.seeds };
                        let other = |at: &usize| at / self.kinds != at % self.kinds;
                        trainings.push((0..effects.len()).filter(other).map(|at| effects[at]).collect());
                        self.news = true;
                        None
                    }
                }
            }
        };
        Ok((self.running.is_none() && self.left.is_empty()).then_some(()))
    }

    fn trained(&mut self, model: AnyModel, whose: Whose, dataset: &Dataset) -> Option<Running> {
        if let Whose::Alone = whose {
            self.alone = Some(model);
            return None;
        }
        Some(Running::Removal { removal: Box::new(Removal::new(dataset)), model, whose })
    }

    fn begin(&self, task: Task, dataset: &Dataset, device: &Device) -> Result<Running> {
        Ok(match task {
            Task::Seed(seed) => {
                Running::Training { training: self.training(dataset, seed, true, device)?, whose: Whose::Data }
            }
            Task::Alone => {
                Running::Training { training: self.training(dataset, 0, false, device)?, whose: Whose::Alone }
            }
            Task::Twin(seed) => {
                let alone = self.alone.clone().ok_or_else(|| Error::internal("there is no model to simulate twins"))?;
                Running::Twinning { twinning: Box::new(Twinning::new(dataset, alone, seed)?), seed }
            }
        })
    }

    fn training(&self, dataset: &Dataset, seed: u32, whole: bool, device: &Device) -> Result<Box<AnyTraining>> {
        let data = Data { dataset, companions: &[], device };
        let recipe = &self.fits.recipe;
        let recipe = Recipe { seed: recipe.seed.wrapping_add(seed), ..recipe.clone() };
        AnyTraining::new(&data, &recipe.with("interaction", whole), None).map(Box::new)
    }

    /// Writes what was found so far into the links, and judges them anew.
    pub fn add_to(&self, evidence: &mut Evidence) {
        evidence.model = Some(self.fits.recipe.model);
        for (at, link) in evidence.links.iter_mut().enumerate() {
            let all = |trainings: &[Vec<Option<Estimate>>]| {
                pooled(&trainings.iter().filter_map(|it| it.get(at).copied().flatten()).collect::<Vec<_>>())
            };
            (link.effect, link.twin) = (all(&self.fits.seeds), all(&self.fits.twins));
            link.verdict = crate::evidence::verdict(link);
        }
        evidence.fits = Some(Box::new(self.fits.clone()));
    }
}
