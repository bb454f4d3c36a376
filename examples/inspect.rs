//! Opens a study and says what is in it.
//!
//!     cargo run --example inspect -- study.h5ad

use scimf::error::{Error, Result};
use scimf::protocol::{Command, DevicePreference, Event, File};
use scimf::session::Client;
use std::path::Path;

fn main() -> Result<()> {
    let path = std::env::args().nth(1).unwrap_or_else(|| "public/demo.zip".into());
    pollster::block_on(inspect(Path::new(&path)))
}

/// Opens a file with the columns and arrays that the engine proposes, and prints what it found.
pub async fn inspect(path: &Path) -> Result<()> {
    let bytes = std::fs::read(path).map_err(|error| Error::input(error.to_string()).at(path.display().to_string()))?;
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let mut client = Client::start(DevicePreference::Cpu).await?;
    let mut events = client.ask(Command::Open { files: vec![File { name, bytes: bytes.into() }] }).await?;
    // A bundle opens at once. Any other study asks which columns hold time and type, and what the model should work in.
    if let [Event::MappingProposed { mapping, .. }] = &events[..] {
        println!("time is “{}”, the model works in {:?}", mapping.time, mapping.model_space);
        events = client.ask(Command::ApplyMapping { mapping: mapping.clone() }).await?;
    }
    for event in events {
        match event {
            Event::DatasetOpened { dataset, .. } => {
                println!("{}: {} cells in {} dimensions", dataset.name, dataset.cells, dataset.dimensions);
                for point in &dataset.time_points {
                    println!("  {}: {} cells", point.label, point.cells);
                }
                dataset.notes.iter().for_each(|note| println!("{note}"));
            }
            Event::WeightsChanged { model } => {
                println!("weights of {} after {} updates", model.model.name(), model.updates);
            }
            _ => {}
        }
    }
    Ok(())
}
