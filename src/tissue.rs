//! A simulated tissue with a known answer.
//!
//! An interacting stochastic differential equation in a space of gene programs, seen through noisy genes. A population of progenitors
//! branches into five more types; cells pull on each other with planted strengths that are not reciprocal. Every snapshot takes its
//! cells out of the population, as sequencing does.

mod design;
mod expression;
mod planted;

pub use design::{Design, DesignSettings, Senders, simulate_design};

use crate::data::{Dataset, Matrix};
use crate::{Error, Result};
use expression::observe;
use rand::seq::SliceRandom;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, StandardNormal};

/// What to simulate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TissueSettings {
    /// Cells over all time points.
    pub cells: usize,
    /// Genes.
    pub genes: usize,
    /// Principal components kept as the model space.
    pub components: usize,
    /// Every interaction is mutual: the planted matrix is replaced by its symmetric part.
    pub reciprocal: bool,
    /// Seed of everything random; the same settings give the same tissue.
    pub seed: u64,
}

impl Default for TissueSettings {
    fn default() -> Self {
        Self { cells: 6000, genes: 300, components: 50, reciprocal: false, seed: 1 }
    }
}

/// A simulated tissue.
#[derive(Clone, Debug, PartialEq)]
pub struct Tissue {
    /// The cells as a study would report them.
    pub dataset: Dataset,
    /// The planted interactions: types x types, row = receiver, column = sender, in units of the pull in program space per day.
    pub planted: Vec<f32>,
}

/// Gene programs: the dimensions in which the cells live.
const PROGRAMS: usize = 10;
/// Number of cell types.
const TYPES: usize = 6;
/// A position in program space.
type State = [f32; PROGRAMS];

/// A cell type of the tissue.
struct Kind {
    name: &'static str,
    color: &'static str,
    /// Short name in gene names.
    code: &'static str,
    /// Where its cells settle.
    home: State,
    /// The types it can become: type, preferred share, rate per day.
    next: &'static [(usize, f32, f32)],
}

const PROGENITOR: usize = 0;

const KINDS: [Kind; TYPES] = [
    Kind {
        name: "Progenitor",
        color: "#7f7f7f",
        code: "Pro",
        home: [-5.0, 0.0, 2.4, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0],
        next: &[(1, 0.20, 0.85), (2, 0.42, 0.85), (4, 0.38, 0.85)],
    },
    Kind {
        name: "Organizer",
        color: "#d55e00",
        code: "Org",
        home: [1.6, 0.3, -1.5, 4.0, 0.0, 0.0, 0.0, 0.0, 0.8, 0.0],
        next: &[],
    },
    Kind {
        name: "Epithelium",
        color: "#0072b2",
        code: "Epi",
        home: [0.5, 4.0, 0.0, -0.6, 3.2, 0.0, 0.0, 0.0, 0.0, 0.6],
        next: &[(3, 1.0, 0.4)],
    },
    Kind {
        name: "Secretory",
        color: "#56b4e9",
        code: "Sec",
        home: [6.2, 4.2, 0.4, 0.0, 0.4, 4.0, 0.0, 0.0, 0.0, -0.6],
        next: &[],
    },
    Kind {
        name: "Stroma",
        color: "#009e73",
        code: "Str",
        home: [0.3, -4.2, -0.4, -0.6, 0.0, 0.0, 3.2, 0.0, -0.6, 0.0],
        next: &[(5, 1.0, 0.38)],
    },
    Kind {
        name: "Muscle",
        color: "#cc79a7",
        code: "Mus",
        home: [5.6, -6.0, 0.8, 0.2, 0.0, 0.0, 0.3, 4.0, 0.0, 0.4],
        next: &[],
    },
];

/// Strengths of interaction: row = receiver, column = sender, in the order of [`KINDS`].
type Planted = [[f32; TYPES]; TYPES];

/// The planted interactions. Signals flow from the organizer to the
/// progenitors and the two lineages, from stroma to epithelium and from the ends of the lineages back to little: nothing is mutual.
#[rustfmt::skip]
const PLANTED: Planted = [
    // Pro  Org  Epi  Sec  Str  Mus
    [0.0, 0.9, 0.0, 0.0, 0.0, 0.0], // Progenitor
    [0.0, 0.3, 0.0, 0.0, 0.0, 0.0], // Organizer
    [0.0, 0.6, 0.2, 0.0, 0.9, 0.0], // Epithelium
    [0.0, 0.0, 0.7, 0.2, 0.0, 0.0], // Secretory
    [0.0, 0.6, 0.0, 0.0, 0.2, 0.0], // Stroma
    [0.0, 0.0, 0.0, 0.8, 0.5, 0.2], // Muscle
];

/// Days at which snapshots are taken, and the share of all cells in each.
const SNAPSHOTS: [(f32, f32); 8] =
    [(0.0, 7.0), (1.0, 9.0), (2.0, 11.0), (3.0, 13.0), (4.0, 14.0), (6.0, 15.0), (8.0, 15.0), (10.0, 16.0)];

/// Step of the simulation, days.
const STEP: f32 = 0.1;
/// Speed at which a cell travels to the home of its type, program units per day.
const SPEED: f32 = 2.6;
/// Part of the speed that goes sideways, so that paths bend.
const BEND: f32 = 0.6;
/// Diffusion, program units per square root of a day.
const DIFFUSION: f32 = 0.55;
/// Distance at which the pull of a sender has fallen to exp(-1/2).
const REACH: f32 = 6.0;
/// Senders of each type that a receiver averages over.
const SENDERS: usize = 24;

/// A cell on its way.
#[derive(Clone, Copy)]
struct Cell {
    state: State,
    /// Where it comes from and the type it is becoming.
    from: usize,
    to: usize,
}

/// How cells act on each other, and what type they count as.
struct Rules {
    planted: Planted,
    senders: Senders,
    /// A cell has the type that it is becoming from its commitment on, not from half of its way on.
    committed: bool,
}

impl Rules {
    fn kind(&self, cell: &Cell) -> usize {
        if self.committed { cell.to } else { cell.kind() }
    }
}

impl Cell {
    /// The type it has: that of the nearer end of its path.
    fn kind(&self) -> usize {
        let (from, to) = (&KINDS[self.from].home, &KINDS[self.to].home);
        if distance(&self.state, to) <= distance(&self.state, from) { self.to } else { self.from }
    }
}

/// Simulates a tissue.
///
/// # Errors
///
/// If there are too few cells for eight snapshots, too few genes for the programs, or more components than the data has.
pub fn simulate(settings: &TissueSettings) -> Result<Tissue> {
    if settings.cells < 80 || settings.genes < 3 * PROGRAMS {
        return Err(Error::request(format!(
            "a tissue of {} cells and {} genes is too small; at least 80 cells and {} genes are needed",
            settings.cells,
            settings.genes,
            3 * PROGRAMS
        )));
    }
    let rng = &mut ChaCha8Rng::seed_from_u64(settings.seed);
    let planted = planted(settings.reciprocal);
    let rules = Rules { planted, senders: Senders::Presence, committed: false };
    let (cells, times) = grow(settings.cells, &rules, rng);
    let days = SNAPSHOTS.map(|(day, _)| day);
    let dataset = observe(&cells, times, &days, &rules, (settings.genes, settings.components), rng)?;
    let planted: Vec<f32> = planted.concat();
    let dataset = Dataset {
        planted_interactions: Some(Matrix::new(TYPES, TYPES, planted.clone())?),
        notes: vec![simulated_note(settings.cells, settings.seed)],
        ..dataset
    };
    Ok(Tissue { dataset: dataset.checked()?, planted })
}

fn simulated_note(cells: usize, seed: u64) -> String {
    format!(
        "These {cells} cells were simulated (seed {seed}), not measured; the interactions between their types are known."
    )
}

/// The planted interactions, or their symmetric part.
fn planted(reciprocal: bool) -> Planted {
    let part = |a: usize, b: usize| if reciprocal { (PLANTED[a][b] + PLANTED[b][a]) / 2.0 } else { PLANTED[a][b] };
    std::array::from_fn(|a| std::array::from_fn(|b| part(a, b)))
}

/// Runs the population and takes the snapshots: the cells taken and the time point of each.
fn grow(count: usize, rules: &Rules, rng: &mut ChaCha8Rng) -> (Vec<Cell>, Vec<u32>) {
    let mut population: Vec<Cell> = (0..count)
        .map(|_| {
            let state = KINDS[PROGENITOR].home.map(|home| home + 0.75 * normal(rng));
            Cell { state, from: PROGENITOR, to: PROGENITOR }
        })
        .collect();
    let shares: f32 = SNAPSHOTS.iter().map(|(_, share)| share).sum();
    let (mut taken, mut times) = (Vec::with_capacity(count), Vec::with_capacity(count));
    let mut step = 0u32;
    for (time, (day, share)) in SNAPSHOTS.iter().enumerate() {
        while (step as f32) * STEP < day - STEP / 2.0 {
            take_step(&mut population, rules, rng);
            step += 1;
        }
        let last = time + 1 == SNAPSHOTS.len();
        let take = if last { population.len() } else { (count as f32 * share / shares) as usize };
        population.shuffle(rng);
        taken.extend(population.drain(population.len() - take..));
        times.resize(taken.len(), time as u32);
    }
    (taken, times)
}

/// One Euler-Maruyama step of the whole population.
fn take_step(population: &mut [Cell], rules: &Rules, rng: &mut ChaCha8Rng) {
    let mut senders: [Vec<State>; TYPES] = Default::default();
    for cell in population.iter() {
        senders[rules.kind(cell)].push(cell.state);
    }
    let reach: [f32; TYPES] = std::array::from_fn(|kind| match rules.senders {
        Senders::Presence => 1.0,
        Senders::Abundance => (TYPES * senders[kind].len()) as f32 / population.len() as f32,
    });
    for group in &mut senders {
        group.shuffle(rng);
        group.truncate(SENDERS);
    }
    for cell in population {
        commit(cell, rng);
        let kind = rules.kind(cell);
        let mut drift = intrinsic(cell);
        let strengths = rules.planted[kind].iter().zip(reach).map(|(strength, reach)| strength * reach);
        for (group, strength) in senders.iter().zip(strengths) {
            if strength > 0.0 && !group.is_empty() {
                let pull = pull(&cell.state, group);
                drift.iter_mut().zip(pull).for_each(|(drift, pull)| *drift += strength * pull);
            }
        }
        for (state, drift) in cell.state.iter_mut().zip(drift) {
            *state += drift * STEP + DIFFUSION * STEP.sqrt() * normal(rng);
        }
    }
}

/// A cell that has reached its type may begin to become a next one: the more likely the more it already leans that way.
fn commit(cell: &mut Cell, rng: &mut ChaCha8Rng) {
    let kind = &KINDS[cell.to];
    let Some((_, _, rate)) = kind.next.first() else { return };
    if distance(&cell.state, &kind.home) > 3.0 || rng.random::<f32>() > rate * STEP {
        return;
    }
    let weights: Vec<f32> = kind
        .next
        .iter()
        .map(|(next, share, _)| {
            let direction = difference(&KINDS[*next].home, &kind.home);
            let lean = dot(&difference(&cell.state, &kind.home), &direction) / dot(&direction, &direction).sqrt();
            share * (1.6 * lean).exp()
        })
        .collect();
    let mut draw = rng.random::<f32>() * weights.iter().sum::<f32>();
    cell.from = cell.to;
    for ((next, _, _), weight) in kind.next.iter().zip(weights) {
        cell.to = *next;
        draw -= weight;
        if draw <= 0.0 {
            break;
        }
    }
}

/// What a cell does alone: it travels to the home of the type it is becoming, on a bent path, and stays there.
fn intrinsic(cell: &Cell) -> State {
    let mut drift = difference(&KINDS[cell.to].home, &cell.state);
    let distance = dot(&drift, &drift).sqrt();
    let pace = SPEED / (distance + 1.2);
    drift.iter_mut().for_each(|value| *value *= pace);
    // Paths bend away from the middle line first and back to it later.
    let side = if KINDS[cell.to].home[1] < 0.0 { 1.0 } else { -1.0 };
    let [x, y] = [drift[0], drift[1]];
    drift[0] += side * BEND * y;
    drift[1] -= side * BEND * x;
    drift
}

/// Mean pull of the senders on a receiver: towards each, saturating with distance and weaker beyond [`REACH`].
fn pull(receiver: &State, senders: &[State]) -> State {
    let mut sum = [0.0; PROGRAMS];
    let mut total = 1e-6;
    for sender in senders {
        let towards = difference(sender, receiver);
        let squared = dot(&towards, &towards);
        let weight = (-squared / (2.0 * REACH * REACH)).exp();
        let scale = weight / (1.0 + squared.sqrt());
        sum.iter_mut().zip(towards).for_each(|(sum, towards)| *sum += scale * towards);
        total += weight;
    }
    sum.map(|value| value / total)
}

fn normal(rng: &mut ChaCha8Rng) -> f32 {
    StandardNormal.sample(rng)
}

fn difference(a: &State, b: &State) -> State {
    std::array::from_fn(|i| a[i] - b[i])
}

fn dot(a: &State, b: &State) -> f32 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

fn distance(a: &State, b: &State) -> f32 {
    let difference = difference(a, b);
    dot(&difference, &difference).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_planted_interactions_are_not_reciprocal() {
        let pairs = (0..TYPES).flat_map(|a| (0..a).map(move |b| (a, b)));
        let mutual = pairs.filter(|(a, b)| PLANTED[*a][*b] > 0.0 && PLANTED[*b][*a] > 0.0).count();
        assert_eq!(mutual, 0);
        assert!(PLANTED.iter().flatten().all(|strength| *strength >= 0.0));
    }

    #[test]
    fn a_pull_points_at_the_senders() {
        let mut sender = [0.0; PROGRAMS];
        sender[3] = 2.0;
        let found = pull(&[0.0; PROGRAMS], &[sender, sender]);
        assert!((found[3] - 2.0 / 3.0).abs() < 1e-4);
        assert!(found.iter().enumerate().all(|(i, value)| i == 3 || *value == 0.0));
    }

    #[test]
    fn an_organizer_draws_the_stroma_to_itself() {
        let (organizer, stroma) = (1, 4);
        let program = 3;
        assert!(KINDS[organizer].home[program] > KINDS[stroma].home[program] + 3.0);
        let settled = |kind: usize| Cell { state: KINDS[kind].home, from: kind, to: kind };
        let run = |organizers: usize| {
            let rng = &mut ChaCha8Rng::seed_from_u64(3);
            let rules = Rules { planted: PLANTED, senders: Senders::Presence, committed: false };
            let mut population = vec![settled(stroma); 200];
            population.resize(200 + organizers, settled(organizer));
            (0..10).for_each(|_| take_step(&mut population, &rules, rng));
            population[..200].iter().map(|cell| cell.state[program]).sum::<f32>() / 200.0
        };
        assert!(run(50) > run(0) + 0.1);
    }
}
