//! The shape of PRESCIENT and how it is trained.

use crate::protocol::{ModelKind, Recipe};
use serde::{Deserialize, Serialize};

/// Shape of a PRESCIENT model (sizes as in the authors' program).
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct PrescientConfig {
    /// Dimensions d of the model space.
    pub dimensions: usize,
    /// Hidden layers.
    pub layers: usize,
    /// Width of each of them.
    pub hidden: usize,
    /// Diffusion, constant and diagonal; the same in training and simulation.
    pub sd: f32,
    /// Euler-Maruyama step, in units of the data's time labels.
    pub dt: f64,
}

impl Default for PrescientConfig {
    fn default() -> Self {
        Self { dimensions: 50, layers: 1, hidden: 500, sd: 0.5, dt: 0.1 }
    }
}

/// Genes whose expression says how much a cell multiplies and dies; without any, all start cells weigh the same.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct GrowthGenes {
    /// Names of genes of proliferation.
    pub birth: Vec<String>,
    /// Names of genes of cell death.
    pub death: Vec<String>,
}

impl GrowthGenes {
    /// No gene is named.
    pub fn is_empty(&self) -> bool {
        self.birth.is_empty() && self.death.is_empty()
    }
}

/// How to train PRESCIENT; what it means is on its card.
#[derive(Clone, Debug, PartialEq)]
pub struct PrescientSettings {
    /// Shape of the model; `dimensions` is that of the dataset.
    pub config: PrescientConfig,
    /// Time points never seen in training.
    pub held_out: Vec<usize>,
    /// Number of updates, which the authors call epochs.
    pub updates: u32,
    /// Seed of the initial weights, the drawn cells and the noise.
    pub seed: u32,
    /// Share of the cells of each time point that an update draws.
    pub share: f64,
    /// Adam's learning rate at the start.
    pub learning_rate: f64,
    /// Global norm to which gradients are clipped.
    pub clip: f32,
    /// Weight of the contrastive term.
    pub tau: f32,
    /// Cells of the last training time point that are let diffuse in each update.
    pub contrast_cells: usize,
    /// Steps in which they diffuse.
    pub contrast_steps: usize,
    /// Sinkhorn blur.
    pub blur: f64,
    /// Sinkhorn scaling.
    pub scaling: f64,
    /// Keep the weights just after the update with the lowest transport loss; else the last ones.
    pub keep_best: bool,
    /// Genes of birth and death.
    pub growth: GrowthGenes,
    /// Go on from the current weights instead of fresh ones.
    pub from_current: bool,
}

impl Default for PrescientSettings {
    fn default() -> Self {
        Self::from(&Recipe::new(ModelKind::Prescient))
    }
}

impl From<&Recipe> for PrescientSettings {
    fn from(recipe: &Recipe) -> Self {
        Self {
            config: PrescientConfig {
                layers: recipe.whole("layers"),
                hidden: recipe.whole("hidden"),
                sd: recipe.number("sd") as f32,
                dt: recipe.number("dt"),
                ..PrescientConfig::default()
            },
            held_out: recipe.held_out.clone(),
            updates: recipe.steps(),
            seed: recipe.seed,
            share: recipe.number("share"),
            learning_rate: recipe.number("learning-rate"),
            clip: recipe.number("clip") as f32,
            tau: recipe.number("tau") as f32,
            contrast_cells: recipe.whole("contrast-cells"),
            contrast_steps: recipe.whole("contrast-steps"),
            blur: recipe.number("blur"),
            scaling: recipe.number("scaling"),
            keep_best: recipe.switch("keep-best"),
            growth: GrowthGenes { birth: recipe.genes("birth"), death: recipe.genes("death") },
            from_current: recipe.from_current,
        }
    }
}

impl From<&PrescientSettings> for Recipe {
    fn from(settings: &PrescientSettings) -> Self {
        let recipe = Self {
            held_out: settings.held_out.clone(),
            seed: settings.seed,
            from_current: settings.from_current,
            ..Self::new(ModelKind::Prescient)
        };
        recipe
            .with("layers", settings.config.layers)
            .with("hidden", settings.config.hidden)
            .with("sd", settings.config.sd)
            .with("dt", settings.config.dt)
            .with("updates", settings.updates)
            .with("share", settings.share)
            .with("learning-rate", settings.learning_rate)
            .with("clip", settings.clip)
            .with("tau", settings.tau)
            .with("contrast-cells", settings.contrast_cells)
            .with("contrast-steps", settings.contrast_steps)
            .with("blur", settings.blur)
            .with("scaling", settings.scaling)
            .with("keep-best", settings.keep_best)
            .with("birth", settings.growth.birth.clone())
            .with("death", settings.growth.death.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_are_those_of_the_card_and_back() {
        let growth = GrowthGenes { birth: vec!["MKI67".into()], death: vec!["CASP3".into()] };
        let settings = PrescientSettings { tau: 0.02, keep_best: true, growth, ..PrescientSettings::default() };
        let recipe = Recipe::from(&settings);
        recipe.check().unwrap();
        assert_eq!(PrescientSettings::from(&recipe), settings);
        assert_eq!(PrescientSettings::default().config, PrescientConfig::default());
    }
}
