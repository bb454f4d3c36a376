//! Expression along a simulation.

use super::frames::Frames;
use crate::data::Dataset;
use crate::error::Result;
use crate::protocol::GeneCourse;

/// Share of the cells below the lower and above the upper border of the band.
const TAIL: f32 = 0.1;

/// Mean and band of each gene at each frame.
///
/// # Errors
/// There are no loadings, or no such gene.
pub fn courses(dataset: &Dataset, genes: &[usize], frames: &Frames) -> Result<Vec<GeneCourse>> {
    let cols = dataset.states.cols;
    genes
        .iter()
        .map(|&gene| {
            let decoder = dataset.gene(gene)?;
            let mut course = GeneCourse { gene, ..GeneCourse::default() };
            for frame in 0..frames.times.len() {
                let mut values: Vec<f32> =
                    frames.frame(frame).chunks_exact(cols).map(|state| decoder.decode_gene(gene, state)).collect();
                values.sort_by(f32::total_cmp);
                let at = |share: f32| values[((values.len() - 1) as f32 * share).round() as usize];
                course.mean.0.push(values.iter().sum::<f32>() / values.len() as f32);
                course.low.0.push(at(TAIL));
                course.high.0.push(at(1.0 - TAIL));
            }
            Ok(course)
        })
        .collect()
}
