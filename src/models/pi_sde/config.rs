//! The shape of PI-SDE and how it is trained.

use crate::protocol::{ModelKind, Recipe};
use serde::{Deserialize, Serialize};

/// Shape of a PI-SDE model (sizes as in the authors' program).
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct PiSdeConfig {
    /// Dimensions d of the model space.
    pub dimensions: usize,
    /// Width of the two hidden layers.
    pub hidden: usize,
    /// Diffusion sigma, constant and diagonal.
    pub sigma: f32,
    /// Euler-Maruyama step, in units of the data's time labels.
    pub dt: f64,
}

impl Default for PiSdeConfig {
    fn default() -> Self {
        Self { dimensions: 50, hidden: 400, sigma: 0.1, dt: 0.1 }
    }
}

/// How to train PI-SDE; what it means is on its card.
#[derive(Clone, Debug, PartialEq)]
pub struct PiSdeSettings {
    /// Shape of the model; `dimensions` is that of the dataset.
    pub config: PiSdeConfig,
    /// Time points never seen in training.
    pub held_out: Vec<usize>,
    /// Number of updates.
    pub updates: u32,
    /// Seed of the initial weights, the drawn cells and the noise.
    pub seed: u32,
    /// Share of the cells of each time point that an update draws.
    pub share: f64,
    /// Adam's learning rate at the start.
    pub learning_rate: f64,
    /// Global norm to which gradients are clipped.
    pub clip: f32,
    /// Weight of the mean Hamilton-Jacobi residual in the loss.
    pub residual_weight: f32,
    /// Sinkhorn blur.
    pub blur: f64,
    /// Sinkhorn scaling.
    pub scaling: f64,
    /// Go on from the current weights instead of fresh ones.
    pub from_current: bool,
}

impl Default for PiSdeSettings {
    fn default() -> Self {
        Self::from(&Recipe::new(ModelKind::PiSde))
    }
}

impl From<&Recipe> for PiSdeSettings {
    fn from(recipe: &Recipe) -> Self {
        Self {
            config: PiSdeConfig {
                hidden: recipe.whole("hidden"),
                sigma: recipe.number("sigma") as f32,
                dt: recipe.number("dt"),
                ..PiSdeConfig::default()
            },
            held_out: recipe.held_out.clone(),
            updates: recipe.steps(),
            seed: recipe.seed,
            share: recipe.number("share"),
            learning_rate: recipe.number("learning-rate"),
            clip: recipe.number("clip") as f32,
            residual_weight: recipe.number("residual-weight") as f32,
            blur: recipe.number("blur"),
            scaling: recipe.number("scaling"),
            from_current: recipe.from_current,
        }
    }
}

impl From<&PiSdeSettings> for Recipe {
    fn from(settings: &PiSdeSettings) -> Self {
        let recipe = Self {
            held_out: settings.held_out.clone(),
            seed: settings.seed,
            from_current: settings.from_current,
            ..Self::new(ModelKind::PiSde)
        };
        recipe
            .with("hidden", settings.config.hidden)
            .with("sigma", settings.config.sigma)
            .with("dt", settings.config.dt)
            .with("updates", settings.updates)
            .with("share", settings.share)
            .with("learning-rate", settings.learning_rate)
            .with("clip", settings.clip)
            .with("residual-weight", settings.residual_weight)
            .with("blur", settings.blur)
            .with("scaling", settings.scaling)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_are_those_of_the_card_and_back() {
        let settings = PiSdeSettings { updates: 7, clip: 0.3, held_out: vec![1], ..PiSdeSettings::default() };
        let recipe = Recipe::from(&settings);
        recipe.check().unwrap();
        assert_eq!(PiSdeSettings::from(&recipe), settings);
        assert_eq!(PiSdeSettings::default().config, PiSdeConfig::default());
    }
}
