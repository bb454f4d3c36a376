//! Samples, and what the data tell of interactions: the laws of docs/INTERACTIONS.md.

use scimf::data::open::{Opened, open};
use scimf::data::{Dataset, Matrix, bundle, npz};
use scimf::evidence::evidence;
use scimf::protocol::{ContrastForm, DETERMINED, Evidence, EvidenceQuery, File, Link, Sample, Verdict};
use scimf::ranking::auroc;
use scimf::tissue::{DesignSettings, Tissue, simulate_design};
use std::sync::OnceLock;

/// A control and a sample without each type.
fn depletion() -> &'static Tissue {
    static TISSUE: OnceLock<Tissue> = OnceLock::new();
    TISSUE.get_or_init(|| {
        let settings =
            DesignSettings { cells: 100, genes: 60, components: 8, strength: 2.0, ..DesignSettings::default() };
        simulate_design(&settings).unwrap()
    })
}

fn found() -> &'static Evidence {
    static FOUND: OnceLock<Evidence> = OnceLock::new();
    FOUND.get_or_init(|| {
        evidence(&depletion().dataset, EvidenceQuery { seeds: 2, twins: 2, ..EvidenceQuery::default() })
    })
}

/// The cells of some samples, which keep their names.
fn only(dataset: &Dataset, samples: &[usize]) -> Dataset {
    let cells: Vec<usize> =
        (0..dataset.states.rows).filter(|&cell| samples.contains(&dataset.sample_of(cell))).collect();
    let pick = |values: &[u32]| cells.iter().map(|&cell| values[cell]).collect::<Vec<_>>();
    let position = |sample: u32| samples.iter().position(|&it| it == sample as usize).unwrap() as u32;
    let several = samples.len() > 1;
    Dataset {
        states: Matrix {
            rows: cells.len(),
            cols: dataset.states.cols,
            values: cells.iter().flat_map(|&cell| dataset.states.row(cell)).copied().collect(),
        },
        times: pick(&dataset.times),
        cell_types: pick(&dataset.cell_types),
        cell_samples: if several {
            pick(&dataset.cell_samples).into_iter().map(position).collect()
        } else {
            Vec::new()
        },
        samples: if several { samples.iter().map(|&it| dataset.samples[it].clone()).collect() } else { Vec::new() },
        ..dataset.clone()
    }
    .checked()
    .unwrap()
}

#[test]
fn a_depleted_sender_becomes_determined_and_others_do_not() {
    let dataset = &depletion().dataset;
    let (depleted, none) = (2, EvidenceQuery::default);
    let one = evidence(&only(dataset, &[0]), none());
    assert_eq!(dataset.samples[1 + depleted].lacks, [depleted]);
    let two = evidence(&only(dataset, &[0, 1 + depleted]), none());
    // Of links from the depleted type, and of the others between types that both samples have: before and after.
    let (mut own, mut others) = (Vec::new(), Vec::new());
    for (one, two) in one.links.iter().zip(&two.links) {
        let shares = [one.determinability.unwrap(), two.determinability.unwrap()];
        if two.sender == depleted {
            own.push(shares);
        } else if two.receiver != depleted {
            others.push(shares);
        }
    }
    let mean = |links: &[[f32; 2]], at: usize| links.iter().map(|it| it[at]).sum::<f32>() / links.len() as f32;
    assert!(own.iter().all(|it| it[0] < DETERMINED && it[1] > 0.2), "{own:?}");
    // With so few cells the senders of one sample do not sit where those of the other do.
    assert!(mean(&others, 1) < DETERMINED && others.iter().all(|it| it[1] < 0.15), "{others:?}");
    let undetermined = one.links.iter().filter(|link| link.verdict == Verdict::Undetermined).count();
    assert!(undetermined >= 28, "{:?}", one.links);
    // A sample without any one type is what a single series asks for.
    let next: Vec<usize> = one.experiments.iter().map(|next| next.lacks).collect();
    assert!(next.contains(&depleted) && one.experiments[0].receivers.len() >= 4, "{:?}", one.experiments);
    assert!(!two.experiments.iter().any(|next| next.lacks == depleted && next.receivers.len() > 1));
}

#[test]
fn two_halves_of_one_sample_have_a_contrast_of_one() {
    let mut dataset = only(&depletion().dataset, &[0]);
    dataset.cell_samples = (0..dataset.states.rows as u32).map(|cell| cell % 2).collect();
    let sample =
        |name: &str, lacks: &[usize]| Sample { name: name.into(), lacks: lacks.to_vec(), proposed: false, cells: 0 };
    // That one half lacks a type is said of it only.
    dataset.samples = vec![sample("one half", &[]), sample("other half", &[4])];
    let found = evidence(&dataset.checked().unwrap(), EvidenceQuery::default());
    let contrasts: Vec<f64> =
        found.links.iter().filter_map(|link| Some(link.contrast?.f)).filter(|f| f.is_finite()).collect();
    let of_sender: Vec<f64> =
        found.links.iter().filter(|link| link.sender == 4).filter_map(|link| Some(link.contrast?.f)).collect();
    let mean = of_sender.iter().sum::<f64>() / of_sender.len() as f64;
    assert!(of_sender.len() >= 4 && (0.6..1.4).contains(&mean), "{contrasts:?}");
    assert!(found.links.iter().filter(|link| link.sender == 4).all(|link| link.verdict != Verdict::Supported));
}

#[test]
fn contrasts_rank_planted_pairs_first_and_an_offset_between_samples_is_noticed() {
    let (tissue, found) = (depletion(), found());
    let area = |found: &Evidence, score: fn(&Link) -> Option<f64>| {
        let planted = |link: &&Link| tissue.planted[link.receiver * 6 + link.sender] > 0.0;
        let (yes, no): (Vec<_>, Vec<_>) = found.links.iter().partition(planted);
        let scores = |links: &[&Link]| links.iter().filter_map(|it| score(it)).collect::<Vec<_>>();
        auroc(&scores(&yes), &scores(&no)).unwrap()
    };
    assert_eq!(found.form, Some(ContrastForm::Difference), "{:?}", found.reasons);
    assert!(area(found, |link| Some(link.contrast?.f)) > 0.75);
    assert!(area(found, |link| Some(link.linear?.t)) > 0.7);
    assert!(found.links.iter().all(|link| link.effect.is_some() && link.twin.is_some()));
    assert!(found.links.iter().all(|link| link.determinability.unwrap() > DETERMINED));

    let mut moved = tissue.dataset.clone();
    for cell in 0..moved.states.rows {
        let by = 0.7 * (moved.sample_of(cell) as f32 - 3.0);
        moved.states.row_mut(cell)[2] += by;
    }
    let found = evidence(&moved, EvidenceQuery::default());
    assert_eq!(found.form, Some(ContrastForm::Change), "{:?}", found.reasons);
    assert!(area(&found, |link| Some(link.contrast?.f)) > 0.6);
}

#[test]
fn samples_are_kept_in_bundles_and_read_from_arrays_and_tables() {
    let dataset = &depletion().dataset;
    assert_eq!(bundle::read(&bundle::write(dataset, &[], None).unwrap()).unwrap().dataset, *dataset);
    let mut proposed = dataset.clone();
    proposed.samples.iter_mut().for_each(|sample| sample.proposed = true);
    assert_eq!(bundle::read(&bundle::write(&proposed, &[], None).unwrap()).unwrap().dataset, proposed);
    assert_eq!(dataset.summary().samples, dataset.samples);
    assert_eq!(dataset.cells().samples.len(), dataset.states.rows);
    assert!(npz::read(include_bytes!("fixtures/arrays_python.npz")).unwrap().samples.is_empty());

    // One batch for each day says nothing of a population; a donor who was sampled on both days does.
    let table = |samples: [&str; 4]| {
        let mut text = String::from("cell,day,donor,Actb,Sox2,Gata1\n");
        for cell in 0..16 {
            let (day, part) = (cell / 8, cell % 8 / 4);
            let donor = samples[2 * day + part];
            text += &format!("c{cell},{day},{donor},{},{},{}\n", cell % 5, cell % 3 + 1, cell % 4);
        }
        let Ok(Opened::Study(study)) = open(vec![File { name: "t.csv".into(), bytes: text.into_bytes().into() }])
        else {
            panic!("no study");
        };
        let mapping = study.propose().unwrap();
        (mapping.sample.clone(), study.apply(&mapping).unwrap().dataset)
    };
    let (sample, unprepared) = table(["d1", "d2", "d1", "d2"]);
    assert_eq!(sample.as_deref(), Some("donor"));
    assert_eq!(unprepared.samples.iter().map(|it| it.name.as_str()).collect::<Vec<_>>(), ["d1", "d2"]);
    assert_eq!(table(["d1", "d1", "d2", "d2"]).0, None);
}
