//! `scimf evaluate`

use super::agreement;
use super::files::{file_name, print_json, read_file};
use super::input::{Data, Model};
use super::interrupt;
use super::kept::Kept;
use super::opened::Opened;
use super::samples::HoldOutSamples;
use super::times;
use clap::Args;
use scimf::data::lineage;
use scimf::error::{Error, Result};
use scimf::figure::comparison::Metric;
use scimf::figure::score_table::{best, columns, mean_and_deviation};
use scimf::figure::verdict::verdict;
use scimf::protocol::{Command, Evaluation, EvaluationSettings, Event, ModelKind, Recipe};
use std::path::{Path, PathBuf};

/// Compare predictions at held-out time points with what was observed there: debiased distances, which mark the best row (*), spread, and exact
/// W1 and W2, beside the baselines.
#[derive(Args)]
pub struct Evaluate {
    #[command(flatten)]
    data: Data,
    /// Time points to compare at, by position counted from 0 or by label [default: those that the dataset names as held out].
    #[arg(long, value_delimiter = ',')]
    hold_out: Vec<String>,
    #[command(flatten)]
    hold_out_samples: HoldOutSamples,
    /// Weights (.safetensors or .pt) [default: those in the bundle].
    #[arg(long, conflicts_with = "updates")]
    weights: Option<PathBuf>,
    /// Train every model whose training counts updates on the other time points for so many, afresh for each seed; those with interaction also
    /// without it.
    #[arg(long)]
    updates: Option<u32>,
    /// Train every model whose training counts epochs on the other time points for at most so many, afresh for each seed.
    #[arg(long)]
    epochs: Option<u32>,
    /// Train these models only, separated by commas [default: all whose steps are counted by --updates or --epochs
    /// and that work on components].
    #[arg(long, value_enum, value_delimiter = ',', value_name = "MODEL")]
    models: Vec<Model>,
    /// Measure in the first so many components, standardised, as published tables do with 5 [default: the model space].
    #[arg(long)]
    components: Option<usize>,
    /// Compare predicted steps between cell types with a known lineage: a table with a type and one that it becomes in each row
    /// (docs/BENCHMARK.md).
    #[arg(long, value_name = "FILE")]
    lineage: Option<PathBuf>,
    /// Repetitions, each with a seed of its own.
    #[arg(long, default_value_t = EvaluationSettings::default().seeds)]
    seeds: u32,
    /// Seed of the first repetition.
    #[arg(long, default_value_t = 0)]
    first_seed: u32,
    /// Simulated cells.
    #[arg(long, default_value_t = EvaluationSettings::default().cells)]
    cells: usize,
    /// Keep what each model under each seed comes to in this folder, when it is there, and train only what the folder lacks: after Ctrl-C, or with
    /// more models or seeds than before.
    #[arg(long, value_name = "FOLDER")]
    keep: Option<PathBuf>,
    /// Write one JSON object (docs/EVALUATION.md).
    #[arg(long)]
    json: bool,
}

impl Evaluate {
    /// Evaluates and prints the table.
    pub fn run(&self) -> Result<()> {
        let mut opened = self.data.open(&self.hold_out)?;
        if let Some(weights) = &self.weights {
            opened.load_weights(weights)?;
        }
        if !self.hold_out.is_empty() {
            say!("{}", times::echo("held out", &self.hold_out, &opened.time_labels()));
        }
        let held_out = opened.held_out.clone();
        let held_out_samples = self.hold_out_samples.positions(&opened.dataset)?;
        if held_out.is_empty() && held_out_samples.is_empty() {
            let remedy = "Name time points with --hold-out, by position counted from 0 or by label, or samples with --hold-out-sample.";
            return Err(Error::request("The dataset names no held-out time points").remedy(remedy));
        }
        let settings = EvaluationSettings {
            held_out,
            held_out_samples,
            cells: self.cells,
            seeds: self.seeds,
            first_seed: self.first_seed,
            train: trained(&kinds(&self.models), self.updates, self.epochs, self.components)?,
            components: self.components,
            lineage: self.lineage.as_deref().map_or_else(|| Ok(Vec::new()), |file| steps(&opened, file))?,
            ..EvaluationSettings::default()
        };
        let seen = perhaps_seen(&opened, &settings);
        if !seen.is_empty() {
            let times = seen.join(", ");
            eprintln!(
                "warning: these weights are not known to have been trained without {times}: their row may be a fit, not a prediction"
            );
        }
        let kept = self.keep.as_ref().map(|folder| {
            let units = settings.parts(&opened.dataset.fingerprint).into_iter().flatten();
            Kept::new(folder.clone(), String::new(), units.collect())
        });
        let table = evaluation(&mut opened, settings, kept.transpose()?.as_ref())?;
        tell_failures(&table)?;
        if self.json {
            return print_json(&table);
        }
        print_table(&table);
        Ok(())
    }
}

/// The models that were named.
pub fn kinds(models: &[Model]) -> Vec<ModelKind> {
    models.iter().copied().map(ModelKind::from).collect()
}

/// The models to train for a comparison, of those that are `named` or, without, of all: those that count their steps in updates, for so many,
/// and those that count them in epochs, for at most so many. A model that works in a number of components of its own gets those that are
/// measured in. Models that work on measured genes, which not every dataset has, are trained where they are named.
///
/// # Errors
/// The number of steps of a named model is missing.
pub fn trained(
    named: &[ModelKind],
    updates: Option<u32>,
    epochs: Option<u32>,
    components: Option<usize>,
) -> Result<Vec<Recipe>> {
    let mut recipes = Vec::new();
    let wanted = |kind: &ModelKind| if named.is_empty() { !kind.card().can.genes } else { named.contains(kind) };
    for kind in ModelKind::ALL.into_iter().filter(wanted) {
        let card = kind.card();
        let Some(steps) = (if card.step == "update" { updates } else { epochs }) else {
            if named.is_empty() {
                continue;
            }
            let what = format!("{} is to be trained, but not how long", card.name);
            return Err(Error::request(what).at("models").remedy(format!("Give a number of {}s.", card.step)));
        };
        let recipe = Recipe::new(kind).with_steps(steps);
        recipes.push(match components.filter(|_| card.field("components").is_some()) {
            Some(components) => recipe.with("components", components),
            None => recipe,
        });
    }
    Ok(recipes)
}

/// The steps of a known lineage in a file.
///
/// # Errors
/// It cannot be read, or names a type that the dataset does not have.
pub fn steps(opened: &Opened, file: &Path) -> Result<Vec<[u32; 2]>> {
    lineage::read(&file_name(file), &read_file(file)?, &opened.dataset.cell_types)
}

/// Evaluates on an open dataset. What is kept is not computed again, and what is computed is kept as soon as it is there.
///
/// # Errors
/// As the command, or Ctrl-C.
pub fn evaluation(opened: &mut Opened, settings: EvaluationSettings, kept: Option<&Kept>) -> Result<Evaluation> {
    let known = kept.map_or_else(Vec::new, Kept::known);
    let mut last = None;
    let followed = opened.follow(Command::Evaluate(EvaluationSettings { known, ..settings }), &mut |event| {
        match event {
            Event::Found(finding) => kept.map_or(Ok(()), |kept| kept.keep(&finding))?,
            Event::Evaluation { evaluation, .. } => last = Some(evaluation),
            _ => {}
        }
        Ok(())
    });
    let resumes = kept.is_some() && interrupt::asked();
    followed.map_err(|error| match resumes {
        true => error.or_remedy("Run the same command again to go on: what was done is kept."),
        false => error,
    })?;
    last.ok_or_else(|| Error::internal("The engine gave no answer"))
}

/// Tells on standard error which models failed.
///
/// # Errors
/// All did.
pub fn tell_failures(table: &Evaluation) -> Result<()> {
    let rows = || table.held_out.first().into_iter().flat_map(|point| &point.rows);
    let failed: Vec<String> =
        rows().filter_map(|row| Some(format!("{}, {}", row.name, row.failure.as_ref()?))).collect();
    let came =
        table.held_out.iter().flat_map(|point| &point.rows).any(|row| row.model.is_some() && row.distances.is_some());
    match failed.as_slice() {
        [first, ..] if !came => Err(Error::request(first.trim_end_matches('.'))),
        _ => {
            failed.iter().for_each(|failed| eprintln!("warning: {failed}"));
            Ok(())
        }
    }
}

/// Labels of the time points to compare at that the weights in use do not name as held out.
fn perhaps_seen(opened: &Opened, settings: &EvaluationSettings) -> Vec<String> {
    let fresh = |kind| settings.train.iter().any(|recipe| recipe.model == kind);
    let models: Vec<_> = opened.models.iter().filter(|model| !fresh(model.model)).collect();
    let unseen = |time: &usize| models.iter().all(|model| model.held_out.contains(time));
    settings
        .held_out
        .iter()
        .filter(|time| !unseen(time))
        .filter_map(|&time| Some(opened.dataset.time_points.get(time)?.label.clone()))
        .collect()
}

fn print_table(table: &Evaluation) {
    let columns = columns(table);
    let heads = columns.iter().map(|metric| metric.short()).collect::<Vec<_>>().join("\t");
    for point in &table.held_out {
        println!("{} ({} cells)\t{heads}\tparameters\ts/step", point.label, point.observed);
        for row in &point.rows {
            let value = |metric: &Metric| {
                let found = row.distances.filter(|it| metric.of(it)[0].is_finite());
                let best = best(point, *metric) == Some(row.key.as_str());
                let mark = if best { " *" } else { "" };
                found.map_or_else(|| "–".into(), |it| format!("{}{mark}", mean_and_deviation(&it, *metric)))
            };
            let effort = match row.training {
                Some(effort) => format!("{}\t{:.3}", effort.parameters, effort.seconds),
                None => "–\t–".into(),
            };
            println!("{}\t{}\t{effort}", row.name, columns.iter().map(value).collect::<Vec<_>>().join("\t"));
        }
        if let Some(words) = verdict(point) {
            println!("{words}");
        }
    }
    agreement::lines(&agreement::rows(&[("", table)])).iter().for_each(|line| println!("{line}"));
}
