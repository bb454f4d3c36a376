//! Clusters against leidenalg, their markers against scanpy (`fixtures/make_clusters.py`), and the way from counts to named types.
use crate::support::user::User;
use crate::support::{path, proposal, refusal};
use scimf::data::Dataset;
use scimf::data::npz;
use scimf::data::study::Study;
use scimf::preprocess::{Marking, Preparing, clusters};
use scimf::protocol::{CellType, Clusters, Command, DisplaySpace, Event, File, Mapping, Markers, Typing};
use serde_json::Value;
use std::collections::BTreeMap;

fn expected() -> Value {
    serde_json::from_slice(&std::fs::read(path("clusters.json")).unwrap()).unwrap()
}

fn prepared(name: &str, change: impl FnOnce(&mut Mapping)) -> Dataset {
    let bytes = std::fs::read(path(name)).unwrap();
    if name.ends_with(".npz") {
        return npz::read(&bytes).unwrap();
    }
    let study = Study::open(vec![File { name: name.into(), bytes: bytes.into() }]).unwrap();
    let mut mapping = Mapping { display_space: DisplaySpace::Components, ..study.propose().unwrap() };
    change(&mut mapping);
    let mut preparing = Preparing::new(study.apply(&mapping).unwrap()).unwrap();
    loop {
        if let Some(dataset) = preparing.advance().unwrap() {
            return dataset;
        }
    }
}

/// The adjusted Rand index of two partitions (Hubert, Arabie 1985).
fn agreement(a: &[u32], b: &[u32]) -> f64 {
    let pairs = |counts: &BTreeMap<(u32, u32), f64>| counts.values().map(|n| n * (n - 1.0) / 2.0).sum::<f64>();
    let count = |key: &dyn Fn(usize) -> (u32, u32)| {
        let mut counts = BTreeMap::new();
        (0..a.len()).for_each(|cell| *counts.entry(key(cell)).or_insert(0.0) += 1.0);
        pairs(&counts)
    };
    let (both, of_a, of_b) = (count(&|i| (a[i], b[i])), count(&|i| (a[i], 0)), count(&|i| (b[i], 0)));
    let all = a.len() as f64 * (a.len() as f64 - 1.0) / 2.0;
    let chance = of_a * of_b / all;
    (both - chance) / ((of_a + of_b) / 2.0 - chance)
}

/// Where leidenalg finds the same with every seed, so does this; where it does not, this is as near to it as its own seeds are to each other.
#[test]
fn clusters_agree_with_leidenalg() {
    for case in expected()["clusters"].as_array().unwrap() {
        let (file, resolution) = (case["file"].as_str().unwrap(), case["resolution"].as_f64().unwrap());
        let runs: Vec<Vec<u32>> = case["runs"]
            .as_array()
            .unwrap()
            .iter()
            .map(|run| run.as_str().unwrap().bytes().map(|letter| u32::from(letter - b'a')).collect())
            .collect();
        let pairs = (0..runs.len()).flat_map(|i| (0..i).map(move |j| (i, j)));
        let theirs: Vec<f64> = pairs.map(|(i, j)| agreement(&runs[i], &runs[j])).collect();
        let dataset = prepared(file, |_| ());
        let found = clusters(&dataset.states, Clusters { resolution, ..Clusters::default() }).unwrap();
        let ours: Vec<f64> = runs.iter().map(|run| agreement(&found, run)).collect();
        let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
        let (ours, theirs) = (mean(&ours), mean(&theirs));
        println!("{file} at {resolution}: {ours:.3} with leidenalg, {theirs:.3} between its seeds");
        if theirs > 0.9 {
            assert!(ours >= 0.9, "{file} at {resolution}: {ours:.3}");
        } else {
            assert!(ours >= theirs - 0.1, "{file} at {resolution}: {ours:.3} and {theirs:.3}");
        }
        let sizes = |cluster: u32| found.iter().filter(|own| **own == cluster).count();
        let sizes: Vec<usize> = (0..=*found.iter().max().unwrap()).map(sizes).collect();
        assert!(sizes.is_sorted_by(|a, b| a >= b), "the largest first: {sizes:?}");
    }
}

fn marked(dataset: &Dataset) -> Markers {
    let mut marking = Marking::new(dataset, 5).unwrap();
    loop {
        if let Some(found) = marking.advance(dataset).unwrap() {
            return found;
        }
    }
}

/// Of logarithms that a file has, and of counts after a preparation.
#[test]
fn markers_are_scanpys() {
    let close = |found: f64, expected: f64, tolerance: f64| (found / expected - 1.0).abs() < tolerance;
    for case in expected()["markers"].as_array().unwrap() {
        let column = case["column"].as_str().unwrap();
        let dataset = prepared(case["file"].as_str().unwrap(), |mapping| mapping.cell_type = Some(column.into()));
        let found = marked(&dataset);
        assert_eq!(found.tested, dataset.measured.as_ref().unwrap().genes.len());
        for (cell_type, markers) in dataset.types.iter().zip(&found.types) {
            let expected = case["types"][&cell_type.name].as_array().unwrap();
            assert_eq!(markers.len(), expected.len());
            for (marker, expected) in markers.iter().zip(expected) {
                let number = |key: &str| expected[key].as_f64().unwrap();
                assert_eq!(marker.gene, expected["gene"].as_str().unwrap());
                assert!(close(marker.score, number("score"), 1e-4), "{marker:?} {expected}");
                assert!(close(marker.log2_fold_change.unwrap(), number("fold"), 1e-3), "{marker:?} {expected}");
                assert!(close(marker.p_value, number("p"), 1e-2), "{marker:?} {expected}");
                assert!(close(marker.adjusted_p_value, number("adjusted"), 1e-2), "{marker:?} {expected}");
            }
        }
    }
}

/// From a study without types to clusters with names, as a front end does it.
#[test]
fn a_study_without_types_gets_named_clusters() {
    let mut user = User::new();
    let proposed = proposal(&user.opens("counts_only.h5ad"));
    let names = vec!["Stem".into()];
    let clusters = Some(Clusters { resolution: 0.5, names, ..Clusters::default() });
    let mapping = Mapping { cell_type: None, clusters, display_space: DisplaySpace::Components, ..proposed };
    let absurd = Some(Clusters { resolution: 0.0, ..Clusters::default() });
    assert!(
        refusal(&user.prepares(Mapping { clusters: absurd, ..mapping.clone() })).contains("resolution of the clusters")
    );
    let stages: Vec<Event> = user.prepares(mapping);
    assert!(stages.iter().any(|it| matches!(it, Event::Progress { stage, .. } if stage == "clusters")));
    let opened = stages.iter().find_map(|event| match event {
        Event::DatasetOpened { dataset, cells, .. } => Some((dataset, cells)),
        _ => None,
    });
    let (dataset, cells) = opened.unwrap();
    let count = dataset.cell_types.len();
    assert!(count > 1 && dataset.cell_types[0].name == "Stem" && dataset.cell_types[1].name == "cluster 2");
    assert_eq!(dataset.cell_types.iter().map(|it| it.cells).sum::<usize>(), cells.cell_types.0.len());
    assert!(
        dataset.notes.iter().any(|note| note.contains("Leiden communities of 15 neighbours, resolution 0.5, seed 0"))
    );
    let found = user.works(Command::Markers(3));
    let markers = found.iter().find_map(|event| if let Event::Markers(it) = event { Some(it) } else { None }).unwrap();
    assert!(markers.types.len() == count && markers.types.iter().all(|genes| genes.len() == 3), "{markers:?}");
    let called = |name: &dyn Fn(usize) -> String| {
        let named = |index: usize| CellType { name: name(index), color: None, cells: 0 };
        Typing { types: (0..count).map(named).collect(), of: cells.cell_types.clone() }
    };
    assert!(refusal(&user.says(Command::Retype(called(&|_| "one".into())))).contains("two types"));
    let events = user.says(Command::Retype(called(&|index| format!("type {index}"))));
    let [Event::Retyped { dataset: named, of }, Event::Done] = &events[..] else { panic!("{events:?}") };
    assert!(*of == cells.cell_types && named.cell_types[0].name == "type 0");
    assert!(named.cell_types.iter().map(|it| it.cells).eq(dataset.cell_types.iter().map(|it| it.cells)));
}
