//! A training of scIMF that diverged goes back to its best weights.

use super::{ScImf, Trainer};
use crate::protocol::Rollback;
use crate::train::{Adam, MOST, RollsBack, rate_left};

impl RollsBack for Trainer {
    fn roll_back(&mut self) -> Option<Rollback> {
        if self.rollbacks >= MOST {
            return None;
        }
        self.rollbacks += 1;
        self.abandon_update();
        self.model = ScImf { config: self.model.config, ..self.best_model() };
        self.optimizer = Adam::default();
        Some(Rollback {
            update: self.update + 1,
            back_to: self.best.as_ref().map_or(0, |best| best.update),
            learning_rate: self.settings.learning_rate * rate_left(self.rollbacks),
        })
    }
}
