//! Benchmark plans.

use scimf::error::{Error, Result};
use scimf::protocol::{EvaluationSettings, ModelKind, Value};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Values of a model's settings by key.
pub type Settings = BTreeMap<String, Value>;

/// What to run.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// Folder of the results, from the plan's own.
    #[serde(default = "results")]
    pub output: PathBuf,
    /// Number of seeds, from 0.
    #[serde(default = "one")]
    seeds: u32,
    /// The models to train, by the keys of their cards; without, all that work on components.
    #[serde(default)]
    pub models: Vec<ModelKind>,
    /// Updates of each training.
    updates: u32,
    /// Most epochs of each training that counts epochs; without, only models whose steps are updates are trained.
    epochs: Option<u32>,
    /// Measure in the first so many components, standardised; without, in the model space.
    components: Option<usize>,
    /// Where and how distances are measured.
    #[serde(default)]
    protocol: Protocol,
    /// Settings of single models by the keys of their cards, instead of what is said for all.
    #[serde(default)]
    settings: BTreeMap<ModelKind, Settings>,
    /// Simulated cells.
    #[serde(default = "cells")]
    cells: usize,
    #[serde(rename = "task")]
    tasks: Vec<Task>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Task {
    name: String,
    data: PathBuf,
    #[serde(default)]
    hold_out: Vec<usize>,
    updates: Option<u32>,
    /// A table of a known lineage.
    lineage: Option<PathBuf>,
}

/// One evaluation: a task with a seed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Unit {
    /// Name of the task.
    pub task: String,
    /// Its dataset.
    pub data: PathBuf,
    /// Held-out time points; empty for those that the dataset names.
    pub hold_out: Vec<usize>,
    /// The models to train; without, all that work on components.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub models: Vec<ModelKind>,
    /// Updates of each training.
    pub updates: u32,
    /// Most epochs of each training that counts epochs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub epochs: Option<u32>,
    /// Components to measure in; none for the model space.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub components: Option<usize>,
    /// Where and how distances are measured.
    #[serde(default, skip_serializing_if = "Protocol::is_ours")]
    pub protocol: Protocol,
    /// Settings of single models.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub settings: BTreeMap<ModelKind, Settings>,
    /// A table of a known lineage that predicted steps between types are compared with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lineage: Option<PathBuf>,
    /// Simulated cells.
    pub cells: usize,
    /// The seed.
    pub seed: u32,
}

/// Where and how distances are measured.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Protocol {
    /// In components: docs/EVALUATION.md.
    #[default]
    Scimf,
    /// In measured genes, with the divergence of scTimeBench beside the other numbers.
    ScTimeBench,
}

impl Protocol {
    fn is_ours(&self) -> bool {
        *self == Self::default()
    }
}

fn results() -> PathBuf {
    "results".into()
}

fn one() -> u32 {
    1
}

fn cells() -> usize {
    EvaluationSettings::default().cells
}

impl Plan {
    /// Reads a plan; its paths count from `folder`.
    ///
    /// # Errors
    /// It is not a plan, has no task, or two tasks of one name, or a name that cannot be a file's.
    pub fn read(text: &str, folder: &Path) -> Result<Self> {
        let mut plan: Self =
            toml::from_str(text).map_err(|error| Error::input(format!("This is not a plan: {error}")))?;
        plan.output = folder.join(&plan.output);
        if plan.tasks.is_empty() || plan.seeds == 0 {
            return Err(Error::input("This plan has no task or no seed"));
        }
        for (index, task) in plan.tasks.iter_mut().enumerate() {
            task.data = folder.join(&task.data);
            task.lineage = task.lineage.as_ref().map(|file| folder.join(file));
            let usable = |c: char| c.is_alphanumeric() || "-_. ".contains(c);
            if task.name.is_empty() || !task.name.chars().all(usable) {
                return Err(Error::input("A task's name is made of letters, digits, spaces, “-”, “_” and “.”")
                    .at(format!("task {}", index + 1)));
            }
        }
        for (index, task) in plan.tasks.iter().enumerate() {
            if plan.tasks[..index].iter().any(|other| other.name == task.name) {
                return Err(Error::input("Two tasks have this name").at(task.name.as_str()));
            }
        }
        Ok(plan)
    }

    /// Everything that is to be run, in a fixed order.
    pub fn units(&self) -> Vec<Unit> {
        let of_task = |task: &Task| {
            let unit = |seed| Unit {
                task: task.name.clone(),
                data: task.data.clone(),
                hold_out: task.hold_out.clone(),
                models: self.models.clone(),
                updates: task.updates.unwrap_or(self.updates),
                epochs: self.epochs,
                components: self.components,
                protocol: self.protocol,
                settings: self.settings.clone(),
                lineage: task.lineage.clone(),
                cells: self.cells,
                seed,
            };
            (0..self.seeds).map(unit).collect::<Vec<_>>()
        };
        self.tasks.iter().flat_map(of_task).collect()
    }

    /// The file with the result of a unit.
    pub fn file(&self, unit: &Unit) -> PathBuf {
        self.output.join(format!("{}-seed-{}.json", unit.task, unit.seed))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAN: &str = "updates = 10\nseeds = 2\n[[task]]\nname = \"a\"\ndata = \"a.zip\"\n\
        [[task]]\nname = \"b\"\ndata = \"/b.zip\"\nhold_out = [1]\nupdates = 5\n";

    #[test]
    fn units_are_tasks_times_seeds() {
        let plan = Plan::read(PLAN, Path::new("here")).unwrap();
        let units = plan.units();
        let found: Vec<_> = units.iter().map(|unit| (unit.task.as_str(), unit.seed, unit.updates)).collect();
        assert_eq!(found, [("a", 0, 10), ("a", 1, 10), ("b", 0, 5), ("b", 1, 5)]);
        assert_eq!((units[0].data.as_path(), units[2].data.as_path()), (Path::new("here/a.zip"), Path::new("/b.zip")));
        assert_eq!(plan.file(&units[3]), Path::new("here/results/b-seed-1.json"));

        assert_eq!(units[0].protocol, Protocol::Scimf);
        let theirs = Plan::read(&format!("protocol = \"sctimebench\"\n{PLAN}"), Path::new("")).unwrap();
        assert_eq!(theirs.units()[0].protocol, Protocol::ScTimeBench);

        let own = format!(
            "{}[settings.ot-cfm]\nupdates = 500\n",
            PLAN.replace("[[task]]\nname = \"a\"", "[[task]]\nname = \"c\"")
        );
        let units = Plan::read(&own, Path::new("")).unwrap().units();
        assert_eq!(units[0].settings[&ModelKind::OtCfm]["updates"], Value::Number(500.0));
    }

    #[test]
    fn plans_that_cannot_be_run_are_refused() {
        let refused = |text: &str, says: &str| {
            let error = Plan::read(text, Path::new("")).unwrap_err().to_string();
            assert!(error.contains(says), "{error}");
        };
        refused("updates = 1\ntask = []", "no task");
        refused("updates = 1\nseed = 3\ntask = []", "unknown field");
        refused("updates = 1\nmodels = [\"scimf\", \"none\"]\ntask = []", "unknown variant");
        refused(&PLAN.replace("\"b\"", "\"a\""), "Two tasks");
        refused(&PLAN.replace("\"b\"", "\"../b\""), "task 2: A task's name");
    }
}
