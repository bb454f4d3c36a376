//! Samples by their position or their name.

use clap::Args;
use scimf::error::{Error, Result};
use scimf::protocol::DatasetSummary;

/// The sample that a question is about.
#[derive(Args)]
pub struct OfSample {
    /// The sample whose population it is, by position counted from 0 or by name (`scimf info` lists them) [default: all cells].
    #[arg(long)]
    sample: Option<String>,
}

impl OfSample {
    /// Its position; none for all cells.
    ///
    /// # Errors
    /// There is no such sample; names those there are.
    pub fn position(&self, dataset: &DatasetSummary) -> Result<Option<usize>> {
        self.sample.as_ref().map(|name| position(name, dataset, "--sample")).transpose()
    }
}

/// Samples that are held out.
#[derive(Args)]
pub struct HoldOutSamples {
    /// Samples never seen in training, not even their first population, by position counted from 0 or by name (`scimf info` lists them).
    #[arg(long, value_delimiter = ',', value_name = "SAMPLE")]
    hold_out_sample: Vec<String>,
}

impl HoldOutSamples {
    /// Their positions. A number that is both is a position.
    ///
    /// # Errors
    /// There is no such sample; names those there are.
    pub fn positions(&self, dataset: &DatasetSummary) -> Result<Vec<usize>> {
        self.hold_out_sample.iter().map(|name| position(name, dataset, "--hold-out-sample")).collect()
    }
}

/// A sample by its position or its name, as the option `at` names it.
fn position(name: &str, dataset: &DatasetSummary, at: &str) -> Result<usize> {
    let samples = &dataset.samples;
    let named = || samples.iter().position(|sample| sample.name == name);
    name.parse().ok().filter(|at| *at < samples.len()).or_else(named).ok_or_else(|| {
        let names: Vec<String> =
            samples.iter().enumerate().map(|(at, sample)| format!("{at} “{}”", sample.name)).collect();
        let remedy = match names.len() {
            0 => "This dataset has none; --sample-column names the column of a study that tells them.".into(),
            _ => format!("Name one by its position or its name: {}.", names.join(", ")),
        };
        Error::request(format!("There is no sample “{name}”")).at(at).remedy(remedy)
    })
}
