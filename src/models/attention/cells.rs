//! Attention of single cells.

use super::{Attention, members, refuse_without_interaction, scores_in_samples};
use crate::data::{Dataset, evenly};
use crate::error::{Error, Result};
use crate::product::product;
use crate::protocol::limits::MOST_MATRIX;
use crate::protocol::{CellAttention, CellMatrix, CellMatrixQuery, CellQuery, ReceiverQuery, Receivers};
use crate::tensor::{read, upload};
use burn::tensor::{Device, Int, Tensor, TensorData};

fn refuse_alone(model: &dyn Attention, members: &[u32]) -> Result<()> {
    refuse_without_interaction(model)?;
    if members.len() < 2 {
        return Err(Error::request("The cell is alone at its time point: it listens to nobody"));
    }
    Ok(())
}

/// Who a cell listens to and who listens to it, at its own time point and in its own sample.
///
/// # Errors
/// There is no such cell, it is alone, the model has no interaction, or the device failed.
pub async fn cell_attention(
    model: &dyn Attention,
    dataset: &Dataset,
    query: CellQuery,
    device: &Device,
) -> Result<CellAttention> {
    let missing = || Error::request(format!("There is no cell {}", query.cell));
    let time = *dataset.times.get(query.cell as usize).ok_or_else(missing)? as usize;
    let mut members = dataset.population_of(time, Some(dataset.sample_of(query.cell as usize)));
    // The sample of a very large time point may have left it out.
    let place = members.binary_search(&query.cell).unwrap_or_else(|place| {
        members.insert(place, query.cell);
        place
    });
    refuse_alone(model, &members)?;
    let (mut row, mut columns) = (None, Vec::new());
    let mut see = |first, scores: Tensor<2>| {
        let rows = scores.dims()[0];
        if (first..first + rows).contains(&place) {
            row = Some(scores.clone().narrow(0, place - first, 1));
        }
        columns.push(scores.narrow(1, place, 1));
    };
    model.scores(dataset.states_of(&members), query.score, device, &mut see).await?;
    let row = row.ok_or_else(|| Error::internal("The cell is not in its own population"))?;
    let mut listens_to = read(row).await?;
    let mut heard_by = read(Tensor::cat(columns, 0)).await?;
    // A cell does not listen to itself.
    members.remove(place);
    listens_to.remove(place);
    heard_by.remove(place);
    Ok(CellAttention { query, cells: members.into(), listens_to: listens_to.into(), heard_by: heard_by.into() })
}

/// Attention between sampled cells of a time point, sorted by type.
///
/// # Errors
/// The model has no interaction, too many cells are asked for, or the device failed.
pub async fn cell_matrix(
    model: &dyn Attention,
    dataset: &Dataset,
    query: CellMatrixQuery,
    device: &Device,
) -> Result<CellMatrix> {
    if !(1..=MOST_MATRIX).contains(&query.cells) {
        return Err(Error::request(format!("The matrix of cells has 1 to {MOST_MATRIX} of them")));
    }
    let members = members(dataset, query.time, query.sample);
    refuse_alone(model, &members)?;
    let mut sample: Vec<usize> = evenly(members.len(), query.cells).collect();
    let count = sample.len();
    sample.sort_by_key(|&member| (dataset.cell_types[members[member] as usize], member));
    let chosen = |indices: Vec<i32>| {
        let count = indices.len();
        Tensor::<1, Int>::from_data(TensorData::new(indices, [count]), device)
    };
    let senders = chosen(sample.iter().map(|&member| member as i32).collect());
    let (mut rows, mut parts) = (Vec::new(), Vec::new());
    let mut see = |first, scores: Tensor<2>| {
        let block = first..first + scores.dims()[0];
        let mut here: Vec<usize> = sample.iter().copied().filter(|member| block.contains(member)).collect();
        here.sort_unstable();
        if !here.is_empty() {
            let receivers = chosen(here.iter().map(|&member| (member - first) as i32).collect());
            parts.push(scores.select(0, receivers).select(1, senders.clone()));
            rows.extend(here);
        }
    };
    scores_in_samples(model, dataset, &members, query.score, device, &mut see).await?;
    let values = read(Tensor::cat(parts, 0)).await?;
    // Receivers came in the order of the population.
    let ordered = sample.iter().flat_map(|member| {
        let row = rows.binary_search(member).unwrap_or(0);
        values[row * count..(row + 1) * count].iter().copied()
    });
    let values: Vec<f32> = ordered.collect();
    let cells: Vec<u32> = sample.iter().map(|&member| members[member]).collect();
    Ok(CellMatrix { query, cells: cells.into(), values: values.into() })
}

/// How much of each cell's attention goes to the cells of one type.
///
/// # Errors
/// There is no such type, the model has no interaction, or the device failed.
pub async fn receivers(
    model: &dyn Attention,
    dataset: &Dataset,
    query: ReceiverQuery,
    device: &Device,
) -> Result<Receivers> {
    if query.sender >= dataset.types.len() {
        return Err(Error::request(format!("There is no cell type {}", query.sender)));
    }
    let members = members(dataset, query.time, query.sample);
    let speaks = |cell: &u32| f32::from(dataset.cell_types[*cell as usize] as usize == query.sender);
    let senders = upload(members.iter().map(speaks).collect(), [members.len(), 1], device);
    refuse_alone(model, &members)?;
    let mut parts = Vec::new();
    let mut see = |_, scores: Tensor<2>| parts.push(product(scores, senders.clone()));
    scores_in_samples(model, dataset, &members, query.score, device, &mut see).await?;
    let values = read(Tensor::cat(parts, 0)).await?;
    Ok(Receivers { query, cells: members.into(), values: values.into() })
}
