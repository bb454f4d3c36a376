//! How much each cell multiplies: from the expression of genes of birth and death.
//!
//! A cell's score is its mean z-score over a list of genes, smoothed five times over its 20 nearest cells, itself among them. A score s
//! becomes a rate 0.3 + 1.1 / (1 + exp(-k s)) per unit of time, with k = ln(0.001) / (the lowest raw score); growth is the birth rate minus the
//! death rate. Genes that are in both lists count as genes of death only, as in the authors' program.

use super::config::GrowthGenes;
use crate::data::{Dataset, Matrix};
use crate::error::{Error, Result};
use crate::preprocess::neighbours::{Neighbours, Reference};
use std::collections::BTreeSet;

/// Neighbours that a score is smoothed over, besides the cell itself.
const NEIGHBOURS: usize = 19;
const PASSES: usize = 5;
/// The cell's own share in a smoothed score.
const OWN: f32 = 0.1;
/// Rate = LOWEST + RANGE / (1 + exp(-k s)).
const LOWEST: f32 = 0.3;
const RANGE: f32 = 1.1;
/// What exp(-k s) is at the lowest raw score, inverted.
const AT_LOWEST: f32 = 0.001;
/// Cells whose neighbours are sought in one piece of work.
const CELLS_AT_ONCE: usize = 512;

/// Scores of cells that have not been smoothed yet.
pub struct Growing {
    /// The cells, as indices in the dataset.
    cells: Vec<u32>,
    /// Which of them are of the first time point.
    starts: Vec<bool>,
    /// Raw scores by genes of birth and of death.
    scores: [Vec<f32>; 2],
    states: Matrix,
    reference: Reference,
    found: Neighbours,
}

/// Growth of cells, per unit of the data's time labels.
#[derive(Clone, Debug, PartialEq)]
pub struct Growth {
    /// The cells, as indices in the dataset.
    pub cells: Vec<u32>,
    /// Their birth rate minus their death rate.
    pub rates: Vec<f32>,
    /// The same of the cells of the first time point alone, in their order.
    pub at_start: Vec<f32>,
}

impl Growing {
    /// Scores the cells of a dataset, but for those of the time points `held_out`. None without genes.
    ///
    /// # Errors
    /// A list names genes, and the dataset has none of them.
    pub fn new(dataset: &Dataset, genes: &GrowthGenes, held_out: &[usize]) -> Result<Option<Self>> {
        if genes.is_empty() {
            return Ok(None);
        }
        let seen = |cell: &u32| !held_out.contains(&(dataset.times[*cell as usize] as usize));
        let cells: Vec<u32> = (0..dataset.states.rows as u32).filter(seen).collect();
        let death: BTreeSet<&str> = genes.death.iter().map(String::as_str).collect();
        let birth: Vec<&str> = genes.birth.iter().map(String::as_str).filter(|gene| !death.contains(gene)).collect();
        let scores = [
            score(dataset, &cells, &birth, "genes of birth")?,
            score(dataset, &cells, &death.into_iter().collect::<Vec<_>>(), "genes of death")?,
        ];
        Ok(Some(Self::of_scores(dataset, cells, scores)))
    }

    /// The same from raw scores of some cells.
    pub fn of_scores(dataset: &Dataset, cells: Vec<u32>, scores: [Vec<f32>; 2]) -> Self {
        let cols = dataset.states.cols;
        let mut values: Vec<f32> = cells.iter().flat_map(|&cell| dataset.states.row(cell as usize)).copied().collect();
        // Distances are differences of squares, which keep their digits around the origin.
        for axis in 0..cols {
            let mean = values.iter().skip(axis).step_by(cols).sum::<f32>() / cells.len() as f32;
            values.iter_mut().skip(axis).step_by(cols).for_each(|value| *value -= mean);
        }
        let states = Matrix { rows: cells.len(), cols, values };
        let starts = cells.iter().map(|&cell| dataset.times[cell as usize] == 0).collect();
        Self { starts, reference: Reference::new(&states), states, cells, scores, found: Neighbours::default() }
    }

    /// Finds the neighbours of some more cells; the growth of all once they are found.
    pub fn advance(&mut self) -> Option<Growth> {
        let (cells, count) = (self.cells.len(), self.neighbours());
        let next = self.found.cells.len().checked_div(count).unwrap_or(cells);
        if next < cells {
            let rows = next..cells.min(next + CELLS_AT_ONCE);
            self.reference.search(&self.states, rows, count, true, &mut self.found);
            return None;
        }
        let [birth, death] = [&self.scores[0], &self.scores[1]].map(|scores| rates(scores, &self.smoothed(scores)));
        let rates: Vec<f32> = birth.iter().zip(&death).map(|(birth, death)| birth - death).collect();
        let at_start = rates.iter().zip(&self.starts).filter(|(_, starts)| **starts).map(|(rate, _)| *rate).collect();
        Some(Growth { cells: self.cells.clone(), rates, at_start })
    }

    fn neighbours(&self) -> usize {
        NEIGHBOURS.min(self.cells.len() - 1)
    }

    /// From the second pass on values are replaced in the order of the cells, so that a cell sees the new values of those before it.
    fn smoothed(&self, scores: &[f32]) -> Vec<f32> {
        let count = self.neighbours();
        if count == 0 {
            return scores.to_vec();
        }
        let around = |values: &[f32], cell: usize| {
            let near = &self.found.cells[cell * count..(cell + 1) * count];
            let mean = near.iter().map(|&other| values[other as usize]).sum::<f32>() / count as f32;
            OWN * values[cell] + (1.0 - OWN) * mean
        };
        let mut now: Vec<f32> = (0..scores.len()).map(|cell| around(scores, cell)).collect();
        for _ in 1..PASSES {
            for cell in 0..now.len() {
                now[cell] = around(&now, cell);
            }
        }
        now
    }
}

fn rates(raw: &[f32], smoothed: &[f32]) -> Vec<f32> {
    let lowest = raw.iter().copied().fold(f32::INFINITY, f32::min);
    let k = if lowest < 0.0 { AT_LOWEST.ln() / lowest } else { 0.0 };
    smoothed.iter().map(|score| LOWEST + RANGE / (1.0 + (-k * score).exp())).collect()
}

/// Mean z-score of each cell over the genes that the dataset has.
fn score(dataset: &Dataset, cells: &[u32], genes: &[&str], place: &str) -> Result<Vec<f32>> {
    let (mut sum, mut count) = (vec![0.0f32; cells.len()], 0);
    for values in genes.iter().filter_map(|gene| expression(dataset, gene)) {
        let values: Vec<f64> = cells.iter().map(|&cell| f64::from(values[cell as usize])).collect();
        let mean = values.iter().sum::<f64>() / values.len() as f64;
        let variance = values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / values.len() as f64;
        if variance > 0.0 {
            sum.iter_mut().zip(values).for_each(|(sum, value)| *sum += ((value - mean) / variance.sqrt()) as f32);
        }
        count += 1;
    }
    if count == 0 && !genes.is_empty() {
        return Err(Error::request("None of these genes is in the dataset").at(place).remedy(
            "Give names as they are in the file (measured genes or genes with loadings), or leave the list empty.",
        ));
    }
    sum.iter_mut().for_each(|sum| *sum /= count.max(1) as f32);
    Ok(sum)
}

/// Expression of a gene in every cell: as measured or, without measurement, decoded.
fn expression(dataset: &Dataset, gene: &str) -> Option<Vec<f32>> {
    let place = |genes: &[String]| genes.iter().position(|name| name == gene);
    if let Some(measured) = &dataset.measured
        && let Some(index) = place(&measured.genes)
    {
        return measured.gene(index).ok();
    }
    let decoder = dataset.decoder.as_ref()?;
    let index = place(&decoder.genes)?;
    Some((0..dataset.states.rows).map(|cell| decoder.decode_gene(index, dataset.states.row(cell))).collect())
}

/// Weights exp(span x rate) of cells with these rates, scaled to the sum 1. `span` is in units of the data's time labels.
pub(super) fn weights_of(rates: &[f32], span: f32) -> Vec<f32> {
    // The largest exponent is taken off all of them: long spans would overflow, and only ratios count.
    let largest = rates.iter().map(|rate| span * rate).fold(f32::NEG_INFINITY, f32::max);
    let weights: Vec<f32> = rates.iter().map(|rate| libm::expf(span * rate - largest)).collect();
    let sum: f32 = weights.iter().sum();
    weights.into_iter().map(|weight| weight / sum).collect()
}
