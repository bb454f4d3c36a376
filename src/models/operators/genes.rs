//! Gene interactions, read off the operators: dx/dt = V S A S^-1 V^T (x - mean) = G (x - mean), and w_{j -> i} = G_ij (x_j - mean_j).
//!
//! G itself, genes x genes, is never formed.

use super::control::{DRAWS, rotations};
use super::encoder::Encoder;
use super::field::OperatorField;
use crate::error::Result;
use crate::protocol::{GeneLink, GeneNetwork, GeneNetworkQuery, Why, WhyQuery};
use burn::tensor::Device;

/// Interactions of all genes, mean over some cells.
pub struct Interactions {
    /// Cells behind them.
    pub cells: usize,
    d: usize,
    encoder: Encoder,
    /// Mean over the cells of A_ab z_c: d x d x d.
    moment: Vec<f64>,
    /// Mean over the cells of A: d x d.
    mean: Vec<f64>,
}

/// Rows whose products are the weights of all pairs of genes: decode_i . push_j for j on i.
pub struct Pushes<'a> {
    encoder: &'a Encoder,
    /// genes x d.
    push: Vec<f64>,
    d: usize,
}

impl Interactions {
    /// Interactions in some cells.
    ///
    /// # Errors
    /// There are no such cells or no loadings, or the device failed.
    pub async fn new(field: &OperatorField, cells: &[u32], device: &Device) -> Result<Self> {
        let (encoder, d) = (Encoder::new(field)?, field.dimensions());
        let (matrices, states) = (field.matrices(cells, device).await?, field.standardised(cells));
        let (mut moment, mut mean) = (vec![0.0; d * d * d], vec![0.0; d * d]);
        for (matrix, z) in matrices.chunks_exact(d * d).zip(states.chunks_exact(d)) {
            mean.iter_mut().zip(matrix).for_each(|(sum, entry)| *sum += f64::from(*entry));
            for (entry, sums) in matrix.iter().zip(moment.chunks_exact_mut(d)) {
                sums.iter_mut().zip(z).for_each(|(sum, z)| *sum += f64::from(entry * z));
            }
        }
        moment.iter_mut().chain(&mut mean).for_each(|sum| *sum /= cells.len() as f64);
        Ok(Self { cells: cells.len(), d, encoder, moment, mean })
    }

    /// As they are.
    pub fn pushes(&self) -> Pushes<'_> {
        self.of(&self.moment)
    }

    /// Under random operators of the same singular values.
    pub fn control(&self, draw: u64) -> Pushes<'_> {
        let d = self.d;
        let [left, right] = rotations(d, draw);
        // Q A R^T, entry by entry of z.
        let mut half = vec![0.0; d * d * d];
        for a in 0..d {
            for (b, row) in self.moment.chunks_exact(d * d).enumerate() {
                let target = &mut half[a * d * d..(a + 1) * d * d];
                target.iter_mut().zip(row).for_each(|(sum, value)| *sum += left[a * d + b] * value);
            }
        }
        let mut moment = vec![0.0; d * d * d];
        for (rows, out) in half.chunks_exact(d * d).zip(moment.chunks_exact_mut(d * d)) {
            for (b, target) in out.chunks_exact_mut(d).enumerate() {
                for (c, row) in rows.chunks_exact(d).enumerate() {
                    target.iter_mut().zip(row).for_each(|(sum, value)| *sum += right[b * d + c] * value);
                }
            }
        }
        self.of(&moment)
    }

    /// Mean over the cells of G_ij, for each gene j that may be asked about: how `to` answers to a unit more of `from`. Unlike the mean of
    /// w_{j -> i}, whose factor x_j - mean_j averages to nothing over all cells, it has the sign of a regulation.
    pub fn responses(&self) -> Pushes<'_> {
        self.per_unit(&self.mean)
    }

    /// The same under random operators of the same singular values.
    pub fn random_responses(&self, draw: u64) -> Pushes<'_> {
        let d = self.d;
        let [left, right] = rotations(d, draw);
        let times = |a: &dyn Fn(usize, usize) -> f64, b: &dyn Fn(usize, usize) -> f64| -> Vec<f64> {
            (0..d * d).map(|at| (0..d).map(|k| a(at / d, k) * b(k, at % d)).sum()).collect()
        };
        let half = times(&|i, j| left[i * d + j], &|i, j| self.mean[i * d + j]);
        self.per_unit(&times(&|i, j| half[i * d + j], &|i, j| right[j * d + i]))
    }

    fn per_unit(&self, mean: &[f64]) -> Pushes<'_> {
        let (d, encode) = (self.d, &self.encoder.encode);
        let along = |gene: usize, a: usize| -> f64 {
            mean[a * d..(a + 1) * d].iter().zip(encode.row(gene)).map(|(value, e)| value * f64::from(*e)).sum()
        };
        let push = (0..encode.rows).flat_map(|gene| (0..d).map(move |a| (gene, a))).map(|(gene, a)| along(gene, a));
        Pushes { encoder: &self.encoder, push: push.collect(), d }
    }

    fn of(&self, moment: &[f64]) -> Pushes<'_> {
        let d = self.d;
        let Encoder { encode, decode } = &self.encoder;
        let mut push = vec![0.0; encode.rows * d];
        for (gene, push) in push.chunks_exact_mut(d).enumerate() {
            let (encode, decode) = (encode.row(gene), decode.row(gene));
            for (push, rows) in push.iter_mut().zip(moment.chunks_exact(d * d)) {
                for (row, e) in rows.chunks_exact(d).zip(encode) {
                    let sum: f64 = row.iter().zip(decode).map(|(value, v)| value * f64::from(*v)).sum();
                    *push += sum * f64::from(*e);
                }
            }
        }
        Pushes { encoder: &self.encoder, push, d }
    }
}

impl Pushes<'_> {
    /// w_{from -> to}, or G for responses.
    pub fn weight(&self, from: usize, to: usize) -> f64 {
        let push = &self.push[from * self.d..(from + 1) * self.d];
        self.encoder.decode.row(to).iter().zip(push).map(|(v, p)| f64::from(*v) * p).sum()
    }

    fn genes(&self) -> usize {
        self.encoder.decode.rows
    }

    /// The links of largest absolute weight between different genes, the strongest first.
    fn strongest(&self, count: usize) -> Vec<GeneLink> {
        let sorted = |length: &dyn Fn(usize) -> f64| {
            let mut order: Vec<(f64, usize)> = (0..self.genes()).map(|gene| (length(gene), gene)).collect();
            order.sort_by(|a, b| b.0.total_cmp(&a.0));
            order
        };
        let norm = |row: &mut dyn Iterator<Item = f64>| row.map(|x| x * x).sum::<f64>().sqrt();
        let senders = sorted(&|gene| norm(&mut self.push[gene * self.d..(gene + 1) * self.d].iter().copied()));
        let receivers = sorted(&|gene| norm(&mut self.encoder.decode.row(gene).iter().map(|v| f64::from(*v))));
        // No weight is above the product of the lengths, so most pairs need not be looked at.
        let mut links: Vec<GeneLink> = Vec::new();
        let mut least = 0.0;
        for &(push, from) in &senders {
            if links.len() >= count && push * receivers[0].0 <= least {
                break;
            }
            for &(reach, to) in &receivers {
                if links.len() >= count && push * reach <= least {
                    break;
                }
                if from != to {
                    links.push(GeneLink { from, to, weight: self.weight(from, to) as f32 });
                }
                if links.len() >= 2 * count.max(64) {
                    least = keep(&mut links, count);
                }
            }
        }
        keep(&mut links, count);
        links
    }
}

/// Keeps the links of largest absolute weight, sorted, and returns the smallest of these.
fn keep(links: &mut Vec<GeneLink>, count: usize) -> f64 {
    links.sort_by(|a, b| b.weight.abs().total_cmp(&a.weight.abs()).then((a.from, a.to).cmp(&(b.from, b.to))));
    links.truncate(count);
    links.last().map_or(0.0, |link| f64::from(link.weight.abs()))
}

/// The strongest gene interactions in some cells, beside those of the control.
///
/// # Errors
/// There are no such cells or no loadings, or the device failed.
pub async fn gene_network(field: &OperatorField, query: GeneNetworkQuery, device: &Device) -> Result<GeneNetwork> {
    let interactions = Interactions::new(field, &field.cells_of(query.of)?, device).await?;
    let links = interactions.pushes().strongest(query.links);
    let mut control = vec![0.0; links.len()];
    for draw in 0..DRAWS {
        let random = interactions.control(draw).strongest(links.len());
        control.iter_mut().zip(random).for_each(|(sum, link)| *sum += link.weight.abs() / DRAWS as f32);
    }
    Ok(GeneNetwork { query, cells: interactions.cells, links, control: control.into() })
}

/// Why a gene rises or falls in some cells.
///
/// # Errors
/// There are no such cells, gene or loadings, or the device failed.
pub async fn why(field: &OperatorField, query: WhyQuery, device: &Device) -> Result<Why> {
    field.dataset.gene(query.gene)?;
    let cells = field.cells_of(query.of)?;
    let interactions = Interactions::new(field, &cells, device).await?;
    let weights =
        |pushes: &Pushes<'_>| -> Vec<f64> { (0..pushes.genes()).map(|from| pushes.weight(from, query.gene)).collect() };
    let found = weights(&interactions.pushes());
    let link = |(from, weight): (usize, &f64)| GeneLink { from, to: query.gene, weight: *weight as f32 };
    let mut links: Vec<GeneLink> = found.iter().enumerate().map(link).collect();
    links.sort_by(|a, b| b.weight.total_cmp(&a.weight));
    let up = links.iter().take(query.drivers).filter(|link| link.weight > 0.0);
    let down = links.iter().rev().take(query.drivers).filter(|link| link.weight < 0.0);
    let mut drivers: Vec<GeneLink> = up.chain(down).copied().collect();
    drivers.sort_by(|a, b| b.weight.abs().total_cmp(&a.weight.abs()));
    let largest = |draw| weights(&interactions.control(draw)).into_iter().map(f64::abs).fold(0.0, f64::max);
    let control = (0..DRAWS).map(largest).sum::<f64>() / DRAWS as f64;
    Ok(Why { query, cells: cells.len(), rate: found.iter().sum::<f64>() as f32, drivers, control: control as f32 })
}
