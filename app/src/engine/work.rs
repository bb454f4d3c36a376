//! Long work: how it begins and ends, and what gives way to it.

use super::{Engine, Order, Purpose, Question};
use crate::prelude::*;
use crate::state::WorkStage;
use scimf::protocol::{Command, EvaluationSettings, EvidenceQuery, ExperimentQuery, Recipe};

/// The engine does this alone.
pub(super) fn is_long(command: &Command) -> bool {
    matches!(
        command,
        Command::Train { .. }
            | Command::ContinueTraining { .. }
            | Command::ApplyMapping { .. }
            | Command::Evaluate(_)
            | Command::Evidence(_)
            | Command::Experiment(_)
            | Command::Fates(_)
            | Command::Path(_)
            | Command::SaveAnnData { .. }
            | Command::LoadWeights { .. }
            | Command::Retype(_)
            | Command::Open { .. }
    )
}

impl Engine {
    /// Ends the running preparation, evaluation, experiment or search for evidence.
    pub fn cancel(&self) {
        self.state.cancelling.set(true);
        self.order(Purpose::Cancel, Command::Cancel);
    }

    /// A question is asked whose answer takes time, and shows how far it is.
    pub(super) fn begin_answer(&self, question: Question) {
        match question {
            Question::Simulation => self.state.simulate.begin(),
            Question::Fates => self.state.follow_copies(),
            Question::Path => self.state.begin_path(),
            _ => {}
        }
    }

    /// How far it is.
    pub(super) fn answer_goes_on(&self, question: Question, stage: &str, done: f32) {
        let stage = Some(WorkStage { name: stage.to_owned(), done });
        match question {
            Question::Simulation => self.state.simulate.running.set(stage),
            Question::Fates => self.state.landscape.following.set(stage),
            Question::Path => self.state.paths.running.set(stage),
            _ => {}
        }
    }

    /// It is answered, or refused.
    pub(super) fn end_answer(&self, question: Question) {
        match question {
            Question::Simulation => self.state.simulate.running.set(None),
            Question::Fates => self.state.landscape.following.set(None),
            Question::Path => self.state.paths.running.set(None),
            _ => {}
        }
    }

    /// Evaluates. Units that are done already are not computed again.
    pub fn evaluate(&self, settings: EvaluationSettings) {
        self.state.begin_evaluation(&settings);
        self.call_helpers(&settings);
        self.order(Purpose::Evaluate, Command::Evaluate(untrack(|| self.state.knowing(settings))));
    }

    /// Looks what a change does.
    pub fn experiment(&self, query: ExperimentQuery) {
        self.state.begin_experiment();
        self.order(Purpose::Experiment, Command::Experiment(query));
    }

    /// Trains.
    pub fn train(&self, recipe: Recipe) {
        self.order(Purpose::Train, Command::Train { recipe });
    }

    /// Pause, resume or stop.
    pub fn control(&self, command: Command) {
        self.order(Purpose::Control, command);
    }

    /// Looks for evidence of who acts on whom. Trainings that are done already, of the same recipe, are not done again.
    pub fn look_for_evidence(&self, query: EvidenceQuery) {
        let known = self.state.evidence.found.with_untracked(|found| found.as_ref().and_then(|it| it.fits.clone()));
        let query = EvidenceQuery { known: query.known.or(known).filter(|_| query.train.is_some()), ..query };
        self.order(Purpose::Evidence { unasked: false }, Command::Evidence(query));
        self.state.begin_evidence(false);
    }

    /// Looks what the data determine, unasked: this gives way to other long work.
    pub fn glance(&self) {
        self.order(Purpose::Evidence { unasked: true }, Command::Evidence(EvidenceQuery::default()));
        self.state.begin_evidence(true);
    }

    /// What was begun unasked ends before long work that somebody wants.
    pub(super) fn make_way(&self, order: &Order) {
        if is_long(&order.command) && self.state.evidence.glancing.get_untracked() {
            self.state.evidence.glancing.set(false);
            self.order(Purpose::Cancel, Command::Cancel);
        }
    }
}
