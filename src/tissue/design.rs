//! Tissues of several samples, whose compositions differ by design.

use super::{
    Cell, DIFFUSION, KINDS, PROGENITOR, PROGRAMS, Planted, Rules, STEP, TYPES, Tissue, normal, observe, planted,
    simulated_note, take_step,
};
use crate::data::{Dataset, Matrix};
use crate::protocol::Sample;
use crate::{Error, Result};
use rand::seq::SliceRandom;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// Which samples are taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Design {
    /// One sample with all types.
    Series,
    /// A control with all types, and one sample without each type: its cells are not there at the start, and what becomes one is removed.
    Depletion,
    /// As many samples, each of a random composition that lacks no type.
    Mixtures,
}

/// What a sender type's pull depends on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Senders {
    /// That its cells are there: the mean over them.
    Presence,
    /// How many there are: the mean times their share of the population, in units of equal shares.
    Abundance,
}

/// A tissue of samples.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DesignSettings {
    /// Which samples.
    pub design: Design,
    /// What the pull of a type depends on.
    pub senders: Senders,
    /// Cells of each sample in each snapshot.
    pub cells: usize,
    /// Genes.
    pub genes: usize,
    /// Principal components kept as the model space.
    pub components: usize,
    /// Strength of all planted interactions; 1 is 0.5 to 0.9 units of pull per day.
    pub strength: f32,
    /// False for the twin in which nothing interacts, whatever is planted.
    pub interacts: bool,
    /// Standard deviation of an offset that all cells of a sample share, in units of each program's diffusion.
    pub offset: f32,
    /// Seed of the planted interactions and of everything else that is random.
    pub seed: u64,
}

impl Default for DesignSettings {
    fn default() -> Self {
        Self {
            design: Design::Depletion,
            senders: Senders::Presence,
            cells: 600,
            genes: 300,
            components: 20,
            strength: 1.0,
            interacts: true,
            offset: 0.0,
            seed: 1,
        }
    }
}

/// Days at which snapshots are taken.
const DAYS: [f32; 7] = [0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0];
/// Share of progenitors in the cells that a sample starts with; the other types share the rest.
const PROGENITORS: f32 = 0.4;
/// Spread of the cells of a type at the start, program units.
const SPREAD: f32 = 0.75;
/// Cells that live for one that is taken: those that become a type that is depleted are removed on the way.
const SPARE: f32 = 1.3;

/// A sample before it is grown.
struct Plan {
    name: String,
    /// Share of each type at the start.
    shares: [f32; TYPES],
    lacks: Option<usize>,
}

/// Simulates a tissue of several samples with random planted interactions. [`Tissue::planted`] are the interactions of the seed, also for a
/// twin without them; the dataset has those that acted.
///
/// # Errors
///
/// If there are too few cells or genes, or more components than the data has.
pub fn simulate_design(settings: &DesignSettings) -> Result<Tissue> {
    if settings.cells < 10 || settings.genes < 3 * PROGRAMS {
        return Err(Error::request(format!(
            "a tissue of {} cells a snapshot and {} genes is too small; at least 10 cells and {} genes are needed",
            settings.cells,
            settings.genes,
            3 * PROGRAMS
        )));
    }
    let planted = planted::random(settings.seed, settings.strength);
    let acting: Planted = if settings.interacts { planted } else { [[0.0; TYPES]; TYPES] };
    let rules = Rules { planted: acting, senders: settings.senders, committed: true };
    // Another stream than that of the planted matrix.
    let rng = &mut ChaCha8Rng::seed_from_u64(settings.seed ^ 0x7155_0e5e_ed00_0001);
    let plans = plans(settings.design, rng);
    let (mut cells, mut times, mut cell_samples) = (Vec::new(), Vec::new(), Vec::new());
    for (sample, plan) in plans.iter().enumerate() {
        let (mut grown, at) = grow(settings.cells, plan, &rules, rng);
        let offset: [f32; PROGRAMS] = std::array::from_fn(|_| settings.offset * DIFFUSION * normal(rng));
        grown.iter_mut().for_each(|cell| cell.state.iter_mut().zip(offset).for_each(|(value, by)| *value += by));
        cells.append(&mut grown);
        times.extend(at);
        cell_samples.resize(cells.len(), sample as u32);
    }
    let dataset = observe(&cells, times, &DAYS, &rules, (settings.genes, settings.components), rng)?;
    let sample = |plan: &Plan| Sample {
        name: plan.name.clone(),
        lacks: plan.lacks.into_iter().collect(),
        proposed: false,
        cells: 0,
    };
    let several = plans.len() > 1;
    let mut notes = vec![simulated_note(cells.len(), settings.seed)];
    if !settings.interacts {
        notes.push("Nothing interacts in this tissue: it is the twin of one with interactions.".into());
    }
    let dataset = Dataset {
        cell_samples: if several { cell_samples } else { Vec::new() },
        samples: if several { plans.iter().map(sample).collect() } else { Vec::new() },
        planted_interactions: Some(Matrix::new(TYPES, TYPES, acting.concat())?),
        notes,
        ..dataset
    };
    Ok(Tissue { dataset: dataset.checked()?, planted: planted.concat() })
}

fn plans(design: Design, rng: &mut ChaCha8Rng) -> Vec<Plan> {
    let other = (1.0 - PROGENITORS) / (TYPES - 1) as f32;
    let shares: [f32; TYPES] = std::array::from_fn(|kind| if kind == PROGENITOR { PROGENITORS } else { other });
    let control = Plan { name: "control".into(), shares, lacks: None };
    match design {
        Design::Series => vec![control],
        Design::Depletion => {
            let without = |kind: usize| {
                let mut shares = shares;
                shares[kind] = 0.0;
                Plan { name: format!("no {}", KINDS[kind].name), shares, lacks: Some(kind) }
            };
            std::iter::once(control).chain((0..TYPES).map(without)).collect()
        }
        Design::Mixtures => (0..=TYPES)
            .map(|sample| {
                let shares = shares.map(|share| share * (0.9 * normal(rng)).exp());
                Plan { name: format!("mixture {}", sample + 1), shares, lacks: None }
            })
            .collect(),
    }
}

/// Grows one sample: the cells taken, `count` in each snapshot, and the time point of each.
fn grow(count: usize, plan: &Plan, rules: &Rules, rng: &mut ChaCha8Rng) -> (Vec<Cell>, Vec<u32>) {
    let living = ((count * DAYS.len()) as f32 * SPARE) as usize;
    let total: f32 = plan.shares.iter().sum();
    let mut population: Vec<Cell> = (0..living)
        .map(|_| {
            let mut draw = rng.random::<f32>() * total;
            let drawn = plan.shares.iter().position(|share| {
                draw -= share;
                draw < 0.0
            });
            let kind = drawn.unwrap_or(PROGENITOR);
            Cell { state: KINDS[kind].home.map(|home| home + SPREAD * normal(rng)), from: kind, to: kind }
        })
        .collect();
    let (mut taken, mut times) = (Vec::new(), Vec::new());
    let mut step = 0u32;
    for (time, day) in DAYS.iter().enumerate() {
        while (step as f32) * STEP < day - STEP / 2.0 {
            take_step(&mut population, rules, rng);
            population.retain(|cell| Some(cell.to) != plan.lacks);
            step += 1;
        }
        population.shuffle(rng);
        taken.extend(population.drain(population.len().saturating_sub(count)..));
        times.resize(taken.len(), time as u32);
    }
    (taken, times)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn depleted_samples_lack_their_type_at_all_times() {
        let settings = DesignSettings { cells: 60, components: 10, ..DesignSettings::default() };
        let tissue = simulate_design(&settings).unwrap();
        let dataset = &tissue.dataset;
        assert_eq!(dataset.samples.len(), TYPES + 1);
        for (index, sample) in dataset.samples.iter().enumerate() {
            let has = |kind: usize| {
                (0..dataset.states.rows)
                    .any(|cell| dataset.sample_of(cell) == index && dataset.cell_types[cell] as usize == kind)
            };
            assert!((0..TYPES).all(|kind| has(kind) != sample.lacks.contains(&kind)), "{}", sample.name);
        }
        assert_eq!(tissue, simulate_design(&settings).unwrap());
        // What a reader would propose from the first populations is what was done.
        let mut proposed = dataset.clone();
        proposed.samples.iter_mut().for_each(|sample| (sample.proposed, sample.lacks) = (true, Vec::new()));
        let proposed = proposed.checked().unwrap();
        assert!(proposed.samples.iter().zip(&dataset.samples).all(|(a, b)| a.lacks == b.lacks));
    }

    #[test]
    fn a_twin_has_the_planted_interactions_of_its_seed_but_nothing_acts() {
        let settings =
            DesignSettings { cells: 20, components: 10, design: Design::Series, ..DesignSettings::default() };
        let one = simulate_design(&settings).unwrap();
        let twin = simulate_design(&DesignSettings { interacts: false, ..settings }).unwrap();
        assert_eq!(one.planted, twin.planted);
        assert!(twin.dataset.planted_interactions.unwrap().values.iter().all(|value| *value == 0.0));
        assert!(one.dataset.samples.is_empty());
        let other = simulate_design(&DesignSettings { seed: 2, ..settings }).unwrap();
        assert_ne!(one.planted, other.planted);
    }
}
