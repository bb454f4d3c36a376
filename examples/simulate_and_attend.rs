//! Simulates cells with the model in a bundle, and says who listens to whom.
//!
//!     cargo run --release --example simulate_and_attend -- study.zip

use scimf::error::{Error, Result};
use scimf::protocol::{
    Command, CommunicationQuery, DatasetSummary, DevicePreference, Event, File, Score, SimulationQuery,
};
use scimf::session::Client;
use std::path::Path;

fn main() -> Result<()> {
    let study = std::env::args().nth(1).unwrap_or_else(|| "public/demo.zip".into());
    pollster::block_on(simulate_and_attend(Path::new(&study), 200))
}

/// Prints what simulated cells become, and the strongest listening at the first time point.
pub async fn simulate_and_attend(study: &Path, cells: usize) -> Result<()> {
    let bytes = std::fs::read(study);
    let bytes = bytes.map_err(|error| Error::input(error.to_string()).at(study.display().to_string()))?;
    let mut client = Client::start(DevicePreference::Cpu).await?;
    let open = Command::Open { files: vec![File { name: "study.zip".into(), bytes: bytes.into() }] };
    let dataset: DatasetSummary = client
        .answer(open, |event| match event {
            Event::DatasetOpened { dataset, .. } => Some(dataset),
            _ => None,
        })
        .await?;

    let query = SimulationQuery { cells, frames_per_interval: 1, fates: true, ..SimulationQuery::default() };
    let simulation = client
        .answer(Command::Simulate(query), |event| match event {
            Event::Simulation(found) => Some(found),
            _ => None,
        })
        .await?;
    let fates = simulation.fates.unwrap_or_default();
    let last = fates.shares.len() - dataset.cell_types.len();
    println!("of {cells} simulated cells at the end");
    for (kind, share) in dataset.cell_types.iter().zip(&fates.shares[last..]) {
        println!("  {:>4.0} % {}", 100.0 * share, kind.name);
    }

    let query = CommunicationQuery { time: 0, score: Score::Attention, minimum_cells: 10, sample: None };
    let found = client
        .answer(Command::Communication(query), |event| match event {
            Event::Communication(found) => Some(found),
            _ => None,
        })
        .await?;
    let name = |kind: usize| dataset.cell_types[kind].name.as_str();
    for &receiver in &found.types {
        let of = |sender: usize| found.enrichment[receiver * dataset.cell_types.len() + sender];
        if let Some(sender) = found.types.iter().copied().max_by(|a, b| of(*a).total_cmp(&of(*b))) {
            println!("{} listens most, for their number, to {}", name(receiver), name(sender));
        }
    }
    Ok(())
}
