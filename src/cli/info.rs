//! `scimf info`

use super::files::print_json;
use super::input::Data;
use clap::Args;
use scimf::error::Result;

/// Show what is in a dataset.
#[derive(Args)]
pub struct Info {
    #[command(flatten)]
    data: Data,
    /// Write one JSON object.
    #[arg(long)]
    json: bool,
}

impl Info {
    /// Prints the summary.
    pub fn run(&self) -> Result<()> {
        let mut guesses = Vec::new();
        let opened = self.data.open_saying(&[], |line| guesses.push(line.to_owned()));
        if self.json || opened.is_err() {
            guesses.iter().for_each(|line| say!("{line}"));
        }
        let dataset = opened?.dataset;
        if self.json {
            return print_json(&dataset);
        }
        let note = if dataset.simulated { " (simulated)" } else { "" };
        println!("{}{note}: {} cells in {} dimensions", dataset.name, dataset.cells, dataset.dimensions);
        guesses.iter().for_each(|line| println!("  {line}"));
        for point in &dataset.time_points {
            println!("  {:<16} {:>8} cells", point.label, point.cells);
        }
        for kind in &dataset.cell_types {
            println!("  {:<24} {:>8} cells", kind.name, kind.cells);
        }
        for sample in &dataset.samples {
            let lacks: Vec<&str> = sample.lacks.iter().map(|kind| dataset.cell_types[*kind].name.as_str()).collect();
            let lacks = if lacks.is_empty() { String::new() } else { format!("  lacks {}", lacks.join(", ")) };
            println!("  sample {:<17} {:>8} cells{lacks}", sample.name, sample.cells);
        }
        let planes: Vec<&str> = dataset.spaces.iter().map(|space| space.name.as_str()).collect();
        println!("  drawn in {}", planes.join(", "));
        dataset.notes.iter().for_each(|note| println!("{note}"));
        Ok(())
    }
}
