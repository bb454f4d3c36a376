//! A training of scIMF that diverged goes back to its best weights.

use super::{ScImf, Trainer};
use crate::protocol::SetBack;
use crate::train::{Adam, MOST, SetsBack, rate_left};

impl SetsBack for Trainer {
    fn set_back(&mut self) -> Option<SetBack> {
        if self.setbacks >= MOST {
            return None;
        }
        self.setbacks += 1;
        self.abandon_update();
        self.model = ScImf { config: self.model.config, ..self.best_model() };
        self.optimizer = Adam::default();
        Some(SetBack {
            update: self.update + 1,
            back_to: self.best.as_ref().map_or(0, |best| best.update),
            learning_rate: self.settings.learning_rate * rate_left(self.setbacks),
        })
    }
}
