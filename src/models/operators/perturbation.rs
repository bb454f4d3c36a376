//! What setting a gene does under operators: dz = S^-1 V^T dx at the start, then both trajectories.

use super::OperatorField;
use super::encoder::Encoder;
use super::linearisation::{drawn, mean_distance};
use super::path::{Path, plan};
use crate::error::{Error, Result};
use crate::projection::Plane;
use crate::protocol::{GeneChange, Perturbation, PerturbationQuery, SimulationQuery};
use crate::tensor::{read, upload};
use burn::tensor::{Device, Tensor};

/// Genes that are named.
const MOST_GENES: usize = 50;

/// Trajectories without and with a gene set to a multiple of its expression.
///
/// # Errors
/// The query cannot be followed, the gene or the loadings are not there, or the device failed.
pub async fn perturbation(field: &OperatorField, query: PerturbationQuery, device: &Device) -> Result<Perturbation> {
    if !(query.factor >= 0.0 && query.factor.is_finite()) {
        return Err(Error::request("Expression can be multiplied by 0 or more").at("factor"));
    }
    let plane = Plane::new(&field.dataset, query.space)?;
    let decoder = field.dataset.gene(query.gene)?;
    let encoder = Encoder::new(field)?;
    let simulation = SimulationQuery {
        cells: query.cells,
        start: query.start.clone(),
        until: query.until,
        ..SimulationQuery::default()
    };
    let (cells, times) = plan(field, &simulation)?;
    let start = field.standardised(&cells);
    let direction = encoder.encode.row(query.gene);
    let states = cells.iter().map(|&cell| field.dataset.states.row(cell as usize));
    let set = start.chunks_exact(field.dimensions()).zip(states).flat_map(|(z, state)| {
        // Decoded expression may fall below 0, which no cell has.
        let change = (query.factor - 1.0) * decoder.decode_gene(query.gene, state).max(0.0);
        z.iter().zip(direction).map(move |(z, e)| z + change * e).collect::<Vec<_>>()
    });
    let set: Vec<f32> = set.collect();
    let shape = [cells.len(), field.dimensions()];
    let path = Path::new(field, times);
    let unperturbed = path.reencoded(upload(start, shape, device)).await?;
    let perturbed = path.reencoded(upload(set, shape, device)).await?;
    let shift = unperturbed.iter().zip(&perturbed).map(|(a, b)| mean_distance(a, b)).collect();
    let shift = read(Tensor::cat(shift, 0)).await?;
    let mean_end = |frames: &[Tensor<2>]| field.components(frames[frames.len() - 1].clone()).mean_dim(0);
    let difference = read(mean_end(&perturbed) - mean_end(&unperturbed)).await?;
    let mut genes: Vec<GeneChange> = (0..decoder.genes.len())
        .map(|gene| {
            let difference = decoder.loadings.row(gene).iter().zip(&difference).map(|(v, d)| v * d).sum();
            GeneChange { gene, difference, noise: 0.0 }
        })
        .collect();
    genes.sort_by(|a, b| b.difference.abs().total_cmp(&a.difference.abs()));
    genes.truncate(MOST_GENES);
    Ok(Perturbation {
        query,
        cells: cells.into(),
        times: path.times.iter().map(|time| *time as f32).collect::<Vec<_>>().into(),
        unperturbed: drawn(field, &plane, unperturbed).await?.into(),
        perturbed: drawn(field, &plane, perturbed).await?.into(),
        shift: shift.into(),
        genes,
        exact: plane.is_exact(),
    })
}
