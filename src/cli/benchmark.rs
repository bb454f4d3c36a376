//! `scimf benchmark`: tasks x seeds, as far as they are not done, and one table.

mod lineage;
mod plan;
mod table;

use super::files::{read_file, write_file};
use super::input::{Data, Device, Model};
use super::{evaluate, interrupt};
use clap::Args;
use plan::{Plan, Protocol, Unit};
use scimf::error::{Error, Result};
use scimf::protocol::{Evaluation, EvaluationSettings, Recipe};
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// Run a plan of held-out evaluations: every task with every seed, skipping what is done, and write one table.
#[derive(Args)]
pub struct Benchmark {
    /// The plan (.toml; docs/BENCHMARK.md).
    plan: PathBuf,
    /// Run part I of N: the units whose number leaves I - 1 when divided by N.
    #[arg(long, value_name = "I/N", value_parser = parse_shard)]
    shard: Option<(usize, usize)>,
    /// Run nothing, write the table of what is done.
    #[arg(long)]
    table_only: bool,
    /// Train these models only, separated by commas [default: those of the plan].
    #[arg(long, value_enum, value_delimiter = ',', value_name = "MODEL")]
    models: Vec<Model>,
    /// What computes.
    #[arg(long, value_enum, default_value_t = Device::Cpu)]
    device: Device,
}

/// The result of one unit, with what it is the result of.
#[derive(Serialize, Deserialize)]
struct Record {
    unit: Unit,
    evaluation: Evaluation,
}

impl Benchmark {
    /// Runs the plan.
    pub fn run(&self) -> Result<()> {
        let text = String::from_utf8(read_file(&self.plan)?);
        let text = text.map_err(|_| Error::input("This plan is not text").at(self.plan.display().to_string()))?;
        let folder = self.plan.parent().map(PathBuf::from).unwrap_or_default();
        let mut plan = Plan::read(&text, &folder).map_err(|error| error.at(self.plan.display().to_string()))?;
        if !self.models.is_empty() {
            plan.models = evaluate::kinds(&self.models);
        }
        let unwritable = |error: std::io::Error| {
            Error::request(format!("Cannot make this folder: {error}")).at(plan.output.display().to_string())
        };
        std::fs::create_dir_all(&plan.output).map_err(unwritable)?;

        let units = plan.units();
        let (part, parts) = self.shard.unwrap_or((0, 1));
        let mine = units.iter().enumerate().filter(|(number, _)| number % parts == part);
        for (number, unit) in mine.filter(|_| !self.table_only) {
            if Self::done(&plan, unit).is_some() {
                continue;
            }
            say!("{} of {}: {}, seed {}", number + 1, units.len(), unit.task, unit.seed);
            let record = Record { unit: unit.clone(), evaluation: self.evaluate(unit)? };
            let text = serde_json::to_vec_pretty(&record).map_err(|error| Error::internal(error.to_string()))?;
            write_file(&plan.file(unit), &text)?;
            if interrupt::asked() {
                break;
            }
        }
        let done: Vec<Record> = units.iter().filter_map(|unit| Self::done(&plan, unit)).collect();
        let results: Vec<_> = done.iter().map(|record| (record.unit.task.as_str(), &record.evaluation)).collect();
        let rows = table::rows(&results);
        let steps = lineage::rows(&results);
        write_file(&plan.output.join("table.md"), (table::markdown(&rows) + &lineage::markdown(&steps)).as_bytes())?;
        write_file(&plan.output.join("table.csv"), table::csv(&rows)?.as_bytes())?;
        write_file(&plan.output.join("table.tex"), (table::latex(&rows) + &lineage::latex(&steps)).as_bytes())?;
        say!("{} of {} done; the table is {}", done.len(), units.len(), plan.output.join("table.md").display());
        Ok(())
    }

    /// The result of a unit, if it was computed with these settings.
    fn done(plan: &Plan, unit: &Unit) -> Option<Record> {
        let record: Record = serde_json::from_slice(&std::fs::read(plan.file(unit)).ok()?).ok()?;
        (record.unit == *unit).then_some(record)
    }

    fn evaluate(&self, unit: &Unit) -> Result<Evaluation> {
        let held_out: Vec<String> = unit.hold_out.iter().map(usize::to_string).collect();
        let mut opened = Data::of(vec![unit.data.clone()], self.device).open(&held_out)?;
        let recipes = evaluate::trained(&unit.models, Some(unit.updates), unit.epochs, unit.components)?;
        let own = |recipe: Recipe| {
            let settings = unit.settings.get(&recipe.model).into_iter().flatten();
            let recipe = settings.fold(recipe, |recipe, (key, value)| recipe.with(key, value.clone()));
            recipe.check().map(|()| recipe)
        };
        let train = recipes.into_iter().map(own).collect::<Result<_>>()?;
        let lineage = unit.lineage.as_deref().map_or_else(|| Ok(Vec::new()), |file| evaluate::steps(&opened, file))?;
        let settings = EvaluationSettings {
            lineage,
            held_out: opened.held_out.clone(),
            cells: unit.cells,
            seeds: 1,
            first_seed: unit.seed,
            train,
            components: unit.components,
            genes: unit.protocol == Protocol::ScTimeBench,
            ..EvaluationSettings::default()
        };
        evaluate::evaluation(&mut opened, settings)
    }
}

fn parse_shard(text: &str) -> std::result::Result<(usize, usize), String> {
    let parts = text.split_once('/').and_then(|(part, of)| Some((part.parse().ok()?, of.parse().ok()?)));
    match parts {
        Some((part, of)) if (1..=of).contains(&part) => Ok((part - 1, of)),
        _ => Err("name a part such as 1/4, 2/4, 3/4 or 4/4".into()),
    }
}
