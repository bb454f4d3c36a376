//! Benchmark plans.

use scimf::error::{Error, Result};
use scimf::protocol::{EvaluationSettings, ModelKind, Value};
use serde::Deserialize;
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
    pub seeds: u32,
    /// The models to train, by the keys of their cards; without, all that work on components.
    #[serde(default)]
    pub models: Vec<ModelKind>,
    /// Updates of each training.
    pub updates: u32,
    /// Most epochs of each training that counts epochs; without, only models whose steps are updates are trained.
    pub epochs: Option<u32>,
    /// Measure in the first so many components, standardised; without, in the model space.
    pub components: Option<usize>,
    /// Where and how distances are measured.
    #[serde(default)]
    pub protocol: Protocol,
    /// Settings of single models by the keys of their cards, instead of what is said for all.
    #[serde(default)]
    pub settings: BTreeMap<ModelKind, Settings>,
    /// Simulated cells.
    #[serde(default = "cells")]
    pub cells: usize,
    /// What is evaluated, one after the other.
    #[serde(rename = "task")]
    pub tasks: Vec<Task>,
}

/// A dataset with what is held out of it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Task {
    /// Its name, which begins the names of its files.
    pub name: String,
    /// The dataset.
    pub data: PathBuf,
    /// Held-out time points; empty for those that the dataset names.
    #[serde(default)]
    pub hold_out: Vec<usize>,
    /// Updates of each training, if they are others than the plan's.
    pub updates: Option<u32>,
    /// A table of a known lineage that predicted steps between types are compared with.
    pub lineage: Option<PathBuf>,
}

/// Where and how distances are measured.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Protocol {
    /// In components: docs/EVALUATION.md.
    #[default]
    Scimf,
    /// In measured genes, with the divergence of scTimeBench beside the other numbers.
    ScTimeBench,
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
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAN: &str = "updates = 10\nseeds = 2\n[[task]]\nname = \"a\"\ndata = \"a.zip\"\n\
        [[task]]\nname = \"b\"\ndata = \"/b.zip\"\nhold_out = [1]\nupdates = 5\n";

    #[test]
    fn paths_count_from_the_plan_and_models_have_their_own_settings() {
        let plan = Plan::read(PLAN, Path::new("here")).unwrap();
        let tasks: Vec<_> = plan.tasks.iter().map(|task| (task.name.as_str(), task.updates)).collect();
        assert_eq!((tasks, plan.updates, plan.seeds), (vec![("a", None), ("b", Some(5))], 10, 2));
        let [one, other] = [&plan.tasks[0], &plan.tasks[1]].map(|task| task.data.as_path());
        assert_eq!((one, other), (Path::new("here/a.zip"), Path::new("/b.zip")));
        assert_eq!((plan.output.as_path(), plan.protocol), (Path::new("here/results"), Protocol::Scimf));

        let theirs = Plan::read(&format!("protocol = \"sctimebench\"\n{PLAN}"), Path::new("")).unwrap();
        assert_eq!(theirs.protocol, Protocol::ScTimeBench);

        let own = PLAN.replace("[[task]]\nname = \"a\"", "[settings.ot-cfm]\nupdates = 500\n[[task]]\nname = \"a\"");
        let plan = Plan::read(&own, Path::new("")).unwrap();
        assert_eq!(plan.settings[&ModelKind::OtCfm]["updates"], Value::Number(500.0));
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
