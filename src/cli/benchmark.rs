//! `scimf benchmark`: tasks x models x seeds, as far as they are not done, and one table.

mod plan;
mod table;

use super::files::{read_file, write_file};
use super::input::{Data, Device, Model};
use super::kept::Kept;
use super::{agreement, evaluate};
use clap::Args;
use plan::{Plan, Protocol, Task};
use scimf::error::{Error, Result};
use scimf::figure::score_table;
use scimf::protocol::{EvaluationSettings, Recipe, Unit};
use std::path::PathBuf;

/// Run a plan of held-out evaluations: every task with every model and seed, skipping what is done, and write one table.
#[derive(Args)]
pub struct Benchmark {
    /// The plan (.toml; docs/BENCHMARK.md).
    plan: PathBuf,
    /// Run part I of N: of all trainings, and of what each task needs beside them, those whose number leaves I - 1 when divided by N.
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
        let (mut results, mut number, mut done, mut failed) = (Vec::new(), 0, 0, Ok(()));
        for task in &plan.tasks {
            let held_out: Vec<String> = task.hold_out.iter().map(usize::to_string).collect();
            let mut opened = Data::of(vec![task.data.clone()], self.device).open(&held_out)?;
            let lineage =
                task.lineage.as_deref().map_or_else(|| Ok(Vec::new()), |file| evaluate::steps(&opened, file))?;
            let held_out = opened.held_out.clone();
            let settings = EvaluationSettings { lineage, ..Self::settings(&plan, task, held_out)? };
            let parts = settings.parts(&opened.dataset.fingerprint);
            let units = parts.iter().flatten().cloned().collect();
            let kept = Kept::new(plan.output.clone(), format!("{}-", task.name), units)?;
            let before = number;
            number += parts.len();
            let mine = parts.iter().enumerate().filter(|(at, _)| self.is_mine(before + at)).flat_map(|(_, part)| part);
            let only: Vec<_> = mine.map(|unit| unit.key.clone()).collect();
            let missing = |known: &[_], unit: &Unit| only.contains(&unit.key) && unit.found(known).is_none();
            let known = kept.known();
            let left = parts.iter().filter(|part| part.iter().any(|unit| missing(&known, unit))).count();
            if left > 0 {
                say!("{}: {left} of {} parts", task.name, parts.len());
            }
            let settings = EvaluationSettings { only: Some(only), ..settings };
            let table = evaluate::evaluation(&mut opened, settings, Some(&kept))?;
            // The other tasks go on.
            failed = failed.and(evaluate::tell_failures(&table).map_err(|error| error.at(task.name.as_str())));
            results.push((task.name.as_str(), table));
            let known = kept.known();
            done += parts.iter().filter(|part| part.iter().all(|unit| unit.found(&known).is_some())).count();
        }
        let results: Vec<_> = results.iter().map(|(task, table)| (*task, table)).collect();
        let (lines, steps) = (score_table::lines(&results), agreement::rows(&results));
        write_file(
            &plan.output.join("table.md"),
            (score_table::markdown(&lines) + &agreement::markdown(&steps)).as_bytes(),
        )?;
        write_file(&plan.output.join("table.csv"), table::csv(&lines)?.as_bytes())?;
        write_file(
            &plan.output.join("table.tex"),
            (score_table::latex(&lines) + &agreement::latex(&steps)).as_bytes(),
        )?;
        say!("{done} of {number} done; the table is {}", plan.output.join("table.md").display());
        failed
    }

    /// A part of the plan, by its number, is to be run here.
    fn is_mine(&self, number: usize) -> bool {
        let (part, of) = self.shard.unwrap_or((0, 1));
        !self.table_only && number % of == part
    }

    /// What a task evaluates.
    fn settings(plan: &Plan, task: &Task, held_out: Vec<usize>) -> Result<EvaluationSettings> {
        let updates = task.updates.unwrap_or(plan.updates);
        let recipes = evaluate::trained(&plan.models, Some(updates), plan.epochs, plan.components)?;
        let own = |recipe: Recipe| {
            let settings = plan.settings.get(&recipe.model).into_iter().flatten();
            let recipe = settings.fold(recipe, |recipe, (key, value)| recipe.with(key, value.clone()));
            recipe.check().map(|()| recipe)
        };
        Ok(EvaluationSettings {
            held_out,
            cells: plan.cells,
            seeds: plan.seeds,
            train: recipes.into_iter().map(own).collect::<Result<_>>()?,
            components: plan.components,
            genes: plan.protocol == Protocol::ScTimeBench,
            ..EvaluationSettings::default()
        })
    }
}

fn parse_shard(text: &str) -> std::result::Result<(usize, usize), String> {
    let parts = text.split_once('/').and_then(|(part, of)| Some((part.parse().ok()?, of.parse().ok()?)));
    match parts {
        Some((part, of)) if (1..=of).contains(&part) => Ok((part - 1, of)),
        _ => Err("name a part such as 1/4, 2/4, 3/4 or 4/4".into()),
    }
}
