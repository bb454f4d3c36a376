//! `scimf recovery`: how well interactions are found that a generator planted.

use super::ask::ScoreName;
use super::files::print_json;
use super::input::{Data, Model};
use super::opened::Opened;
use super::recipe::value;
use clap::{Args, ValueEnum};
use scimf::data::{Dataset, bundle};
use scimf::error::{Error, Result};
use scimf::evidence::evidence;
use scimf::protocol::{
    Command, DatasetSummary, DevicePreference, Event, Evidence, EvidenceQuery, File, Link, Recipe, Recovery,
    RecoveryQuery,
};
use scimf::ranking::{auroc, mean_and_deviation};
use scimf::tissue::{self, Design, DesignSettings, Senders};
use serde::Serialize;
use std::path::PathBuf;

/// How well planted interactions are found: by a model's attention in the dataset named, or, without one, by contrast, determinability and
/// linear estimate over random planted matrices, each beside its twin in which nothing interacts.
#[derive(Args)]
pub struct Recovered {
    #[command(flatten)]
    data: Data,
    /// Weights (.safetensors or .pt) [default: those in the bundle].
    #[arg(long)]
    weights: Option<PathBuf>,
    /// The number that stands for listening.
    #[arg(long, value_enum, default_value_t = ScoreName::Influence)]
    score: ScoreName,
    /// At each time point, leave out types with fewer cells.
    #[arg(long, default_value_t = 10)]
    minimum_cells: usize,
    /// Which samples are simulated.
    #[arg(long, value_enum, default_value_t = DesignName::Depletion)]
    design: DesignName,
    /// What the pull of a type depends on.
    #[arg(long, value_enum, default_value_t = SendersName::Presence)]
    senders: SendersName,
    /// Random planted matrices, each with its twin.
    #[arg(long, default_value_t = 6)]
    matrices: u64,
    /// Cells of each sample in each snapshot.
    #[arg(long, default_value_t = 600)]
    cells: usize,
    /// Principal components.
    #[arg(long, default_value_t = 20)]
    components: usize,
    /// Strength of the planted interactions.
    #[arg(long, default_value_t = 1.0)]
    strength: f32,
    /// Offset between samples, in standard deviations of the cells' diffusion.
    #[arg(long, default_value_t = 0.0)]
    offset: f32,
    /// Train this model on every tissue, and rank the pairs by its effects beside those of twins of the data; takes long.
    #[arg(long, value_enum, value_name = "MODEL")]
    train: Option<Model>,
    /// Steps of each of its trainings [default: those of the model's authors].
    #[arg(long, requires = "train")]
    updates: Option<u32>,
    /// Its trainings on each tissue.
    #[arg(long, default_value_t = 1, requires = "train")]
    seeds: u32,
    /// Its trainings on twins of each tissue, which a model without interaction simulates [default: as many].
    #[arg(long, requires = "train")]
    twins: Option<u32>,
    /// A setting of its card, such as `price=0.1`; may be given several times.
    #[arg(long, value_name = "KEY=VALUE", requires = "train")]
    with: Vec<String>,
    /// Write one JSON object.
    #[arg(long)]
    json: bool,
}

/// Which samples a simulated tissue has.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum DesignName {
    /// One sample with all types.
    Series,
    /// A control, and one sample without each type.
    Depletion,
    /// Samples of random compositions.
    Mixtures,
}

impl From<DesignName> for Design {
    fn from(name: DesignName) -> Self {
        match name {
            DesignName::Series => Self::Series,
            DesignName::Depletion => Self::Depletion,
            DesignName::Mixtures => Self::Mixtures,
        }
    }
}

/// What the pull of a type depends on.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum SendersName {
    /// That its cells are there.
    Presence,
    /// How many there are.
    Abundance,
}

impl From<SendersName> for Senders {
    fn from(name: SendersName) -> Self {
        match name {
            SendersName::Presence => Self::Presence,
            SendersName::Abundance => Self::Abundance,
        }
    }
}

/// A number that ranks links; none where it cannot be had.
type Score = fn(&Link) -> Option<f64>;

/// The scores; the last two are those of a trained model.
const SCORES: [(&str, Score); 6] = [
    ("contrast", |link| link.contrast.map(|contrast| contrast.f)),
    ("determinability", |link| link.determinability.map(f64::from)),
    ("linear estimate (t)", |link| link.linear.map(|linear| linear.t)),
    ("effect of the linear drift, in units of its twin", |link| {
        Some(link.effect?.mean / link.twin?.mean.max(f64::MIN_POSITIVE))
    }),
    ("effect of the trained model", |link| Some(link.effect?.mean)),
    ("effect of the trained model, in units of its twin", |link| {
        Some(link.effect?.mean / link.twin?.mean.max(f64::MIN_POSITIVE))
    }),
];
/// How many of them need no training.
const UNTRAINED: usize = 4;

/// Area under the ROC curve over planted matrices.
#[derive(Serialize)]
struct Row {
    score: &'static str,
    /// Mean and standard deviation where the interactions act, where they do not, and of the difference.
    planted: Option<(f64, f64)>,
    twin: Option<(f64, f64)>,
    difference: Option<(f64, f64)>,
    /// Of each matrix, planted and twin.
    matrices: Vec<(f64, f64)>,
}

impl Recovered {
    /// Simulates or opens, and prints.
    pub fn run(&self) -> Result<()> {
        if self.data.is_named() { self.of_model() } else { self.of_designs() }
    }

    fn of_model(&self) -> Result<()> {
        let mut opened = self.data.open(&[])?;
        if let Some(weights) = &self.weights {
            opened.load_weights(weights)?;
        }
        let query = RecoveryQuery { score: self.score.into(), minimum_cells: self.minimum_cells };
        let found: Recovery = opened.answer(Command::Recovery(query), |event| match event {
            Event::Recovery(found) => Some(found),
            _ => None,
        })?;
        if self.json {
            return print_json(&found);
        }
        println!("AUROC\t{:.3}", found.auroc);
        println!("relabelled types\t{:.3} ± {:.3}", found.control_mean, found.control_sd);
        println!("share as good or better\t{:.3}", found.p_value);
        println!("non-reciprocity\t{:.3}", found.non_reciprocity);
        println!("planted non-reciprocity\t{:.3}", found.planted_non_reciprocity);
        Ok(())
    }

    fn of_designs(&self) -> Result<()> {
        let mut found: Vec<Vec<(f64, f64)>> = vec![Vec::new(); SCORES.len()];
        for seed in 1..=self.matrices {
            say!("matrix {seed} of {}", self.matrices);
            let [planted, twin] = [true, false].map(|interacts| self.areas(seed, interacts));
            for (found, pair) in found.iter_mut().zip(planted?.into_iter().zip(twin?)) {
                found.extend(pair.0.zip(pair.1));
            }
        }
        let shown = if self.train.is_some() { SCORES.len() } else { UNTRAINED };
        let scores = SCORES[..shown].iter().zip(found);
        let rows: Vec<Row> = scores.map(|((score, _), pairs)| row(score, pairs)).collect();
        if self.json {
            return print_json(&rows);
        }
        println!("score\tAUROC planted\ttwin\tdifference");
        let number = |it: Option<(f64, f64)>| it.map_or("-".into(), |(mean, sd)| format!("{mean:.3} ± {sd:.3}"));
        for row in rows {
            println!("{}\t{}\t{}\t{}", row.score, number(row.planted), number(row.twin), number(row.difference));
        }
        Ok(())
    }

    /// Area of each score for one planted matrix, or its twin.
    fn areas(&self, seed: u64, interacts: bool) -> Result<Vec<Option<f64>>> {
        let settings = DesignSettings {
            design: self.design.into(),
            senders: self.senders.into(),
            cells: self.cells,
            components: self.components,
            strength: self.strength,
            offset: self.offset,
            interacts,
            seed,
            ..DesignSettings::default()
        };
        let tissue = tissue::simulate_design(&settings)?;
        let kinds = tissue.dataset.types.len();
        let area = |found: &Evidence, score: Score| {
            let is_planted = |link: &&Link| tissue.planted[link.receiver * kinds + link.sender] > 0.0;
            let (positive, negative): (Vec<&Link>, Vec<&Link>) = found.links.iter().partition(is_planted);
            let scores = |links: &[&Link]| links.iter().filter_map(|link| score(link)).collect::<Vec<_>>();
            auroc(&scores(&positive), &scores(&negative))
        };
        let found = evidence(&tissue.dataset, EvidenceQuery { seeds: 3, twins: 3, ..EvidenceQuery::default() });
        let mut areas: Vec<_> = SCORES[..UNTRAINED].iter().map(|(_, score)| area(&found, *score)).collect();
        let trained = self.train.map(|model| self.trained(model, seed, &tissue.dataset)).transpose()?;
        areas.extend(SCORES[UNTRAINED..].iter().map(|(_, score)| area(trained.as_ref()?, *score)));
        Ok(areas)
    }

    /// Evidence with the effects of a model that is trained on a tissue.
    fn trained(&self, model: Model, seed: u64, dataset: &Dataset) -> Result<Evidence> {
        let mut opened = Opened::start(DevicePreference::Cpu, DatasetSummary::default())?;
        let bytes = bundle::write(dataset, &[], None)?.into();
        opened.ask(Command::Open { files: vec![File { name: "tissue.zip".into(), bytes }] })?;
        let recipe = Recipe { seed: seed as u32, ..Recipe::new(model.into()) };
        let recipe = self.updates.map_or(recipe.clone(), |updates| recipe.with_steps(updates));
        let recipe = self.with.iter().try_fold(recipe, |recipe, setting| with(recipe, setting))?;
        let twins = self.twins.unwrap_or(self.seeds);
        let query = EvidenceQuery { seeds: self.seeds, twins, train: Some(recipe), known: None };
        let events = opened.ask_long(Command::Evidence(query))?;
        let found = events.into_iter().rev().find_map(|event| match event {
            Event::Evidence(found) => Some(*found),
            _ => None,
        });
        found.ok_or_else(|| Error::internal("The engine gave no evidence"))
    }
}

/// A recipe with a setting that is written as `key=value`.
fn with(recipe: Recipe, setting: &str) -> Result<Recipe> {
    let read = || {
        let (key, text) = setting.split_once('=')?;
        Some((key, value(recipe.model.card().field(key)?, text)?))
    };
    let Some((key, value)) = read() else {
        let keys: Vec<&str> = recipe.model.card().fields.iter().map(|field| field.key).collect();
        return Err(Error::request(format!("“{setting}” is no setting of {}", recipe.model.name()))
            .at("--with")
            .remedy(format!("Write KEY=VALUE, with one of {}.", keys.join(", "))));
    };
    let recipe = Recipe { settings: recipe.settings.into_iter().chain([(key.to_owned(), value)]).collect(), ..recipe };
    recipe.check().map(|()| recipe)
}

fn row(score: &'static str, matrices: Vec<(f64, f64)>) -> Row {
    let summary = |value: fn(&(f64, f64)) -> f64| mean_and_deviation(&matrices.iter().map(value).collect::<Vec<_>>());
    Row {
        score,
        planted: summary(|it| it.0),
        twin: summary(|it| it.1),
        difference: summary(|it| it.0 - it.1),
        matrices,
    }
}
