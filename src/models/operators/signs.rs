//! Agreement of read-off interactions with known signs, beside the controls without which it says nothing.
//!
//! A sign is that of the mean of G_ij over all cells: how a gene answers to a unit more of its regulator.

use super::control::DRAWS;
use super::field::OperatorField;
use super::genes::{Interactions, Pushes};
use crate::data::evenly;
use crate::data::known_signs::{KnownSign, read};
use crate::error::{Error, Result};
use crate::protocol::{SignAgreement, SignScore};
use crate::ranking::{auroc, mean_and_deviation};
use burn::tensor::Device;
use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;
use std::collections::{BTreeMap, HashMap};

/// Cells over which responses are averaged.
const CELLS: usize = 4096;
/// Known signs that a regulator needs for a row of its own.
const LEAST_ROWS: usize = 10;

/// A known sign between genes of the loadings.
#[derive(Clone, Copy)]
struct Edge {
    from: usize,
    to: usize,
    activates: bool,
}

/// Compares the mean responses over all cells with the known signs of a file.
///
/// # Errors
/// The file cannot be read, none of its genes is in the loadings, there are no loadings, or the device failed.
pub async fn sign_agreement(field: &OperatorField, name: &str, bytes: &[u8], device: &Device) -> Result<SignAgreement> {
    let known = read(name, bytes)?;
    let cells: Vec<u32> = evenly(field.dataset.states.rows, CELLS).map(|cell| cell as u32).collect();
    let interactions = Interactions::new(field, &cells, device).await?;
    let genes = field.dataset.decoder.as_ref().map_or(&[][..], |decoder| &decoder.genes);
    let places: HashMap<String, usize> =
        genes.iter().enumerate().rev().map(|(index, gene)| (gene.to_uppercase(), index)).collect();
    let edge = |KnownSign { regulator, target, activates }: &KnownSign| {
        let (from, to) = (*places.get(&regulator.to_uppercase())?, *places.get(&target.to_uppercase())?);
        (from != to).then_some(Edge { from, to, activates: *activates })
    };
    let edges: Vec<Edge> = known.iter().filter_map(edge).collect();
    if edges.is_empty() {
        return Err(Error::input("No known sign is between two genes of this dataset's loadings")
            .at(name)
            .remedy("Gene names must be symbols, such as SOX2; capitals do not matter."));
    }
    let judge = Judge::new(&interactions, genes.len());
    let mut by_regulator: BTreeMap<usize, Vec<Edge>> = BTreeMap::new();
    edges.iter().for_each(|edge| by_regulator.entry(edge.from).or_default().push(*edge));
    let mut regulators: Vec<(usize, SignScore)> = by_regulator
        .into_iter()
        .filter(|(_, edges)| edges.len() >= LEAST_ROWS)
        .map(|(regulator, edges)| (regulator, judge.score(&edges)))
        .collect();
    regulators.sort_by_key(|(_, score)| std::cmp::Reverse(score.count()));
    Ok(SignAgreement { file: name.into(), rows: known.len(), all: judge.score(&edges), regulators })
}

struct Judge<'a> {
    responses: Pushes<'a>,
    controls: Vec<Pushes<'a>>,
    /// Other genes in the places of the genes.
    permutations: Vec<Vec<usize>>,
}

impl<'a> Judge<'a> {
    fn new(interactions: &'a Interactions, genes: usize) -> Self {
        let permuted = |draw| {
            let mut names: Vec<usize> = (0..genes).collect();
            names.shuffle(&mut ChaCha8Rng::seed_from_u64(draw));
            names
        };
        Self {
            responses: interactions.responses(),
            controls: (0..DRAWS).map(|draw| interactions.random_responses(draw)).collect(),
            permutations: (0..DRAWS).map(permuted).collect(),
        }
    }

    fn score(&self, edges: &[Edge]) -> SignScore {
        let pushes = &self.responses;
        let mut score = SignScore::default();
        for edge in edges {
            let place = match (edge.activates, pushes.weight(edge.from, edge.to) > 0.0) {
                (true, true) => &mut score.true_activations,
                (true, false) => &mut score.false_repressions,
                (false, true) => &mut score.false_activations,
                (false, false) => &mut score.true_repressions,
            };
            *place += 1;
        }
        score.auroc = area(edges, |edge| pushes.weight(edge.from, edge.to));
        let over = |areas: Vec<Option<f64>>| mean_and_deviation(&areas.into_iter().flatten().collect::<Vec<_>>());
        let random = self.controls.iter().map(|control| area(edges, |edge| control.weight(edge.from, edge.to)));
        if let Some((mean, deviation)) = over(random.collect()) {
            (score.random_operator, score.random_operator_sd) = (Some(mean), deviation);
        }
        let permuted =
            self.permutations.iter().map(|names| area(edges, |edge| pushes.weight(names[edge.from], names[edge.to])));
        if let Some((mean, deviation)) = over(permuted.collect()) {
            (score.permuted_genes, score.permuted_genes_sd) = (Some(mean), deviation);
        }
        score
    }
}

fn area(edges: &[Edge], weight: impl Fn(&Edge) -> f64) -> Option<f64> {
    let of = |activates: bool| -> Vec<f64> {
        edges.iter().filter(|edge| edge.activates == activates).map(&weight).collect()
    };
    auroc(&of(true), &of(false))
}
