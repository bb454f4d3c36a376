//! The simulated tissue: reproducible, complete, and small enough to ship.
use scimf::data::bundle;
use scimf::tissue::{TissueSettings, simulate};

#[test]
fn a_tissue_is_a_complete_dataset_and_the_same_each_time() {
    let settings = TissueSettings { cells: 800, ..TissueSettings::default() };
    let tissue = simulate(&settings).unwrap();
    let dataset = &tissue.dataset;
    assert_eq!((dataset.states.rows, dataset.states.cols), (800, 50));
    let labels: Vec<_> = dataset.time_points.iter().map(|point| point.label.as_str()).collect();
    assert_eq!(labels, ["day 0", "day 1", "day 2", "day 3", "day 4", "day 6", "day 8", "day 10"]);
    assert_eq!(dataset.types.len(), 6);
    assert!(dataset.types.iter().all(|cell_type| cell_type.cells > 10), "{:?}", dataset.types);
    assert!(dataset.simulated);
    assert!(dataset.notes[0].contains("simulated"));
    assert_eq!(dataset.planted_interactions.as_ref().unwrap().values, tissue.planted);

    // The day-0 cells are progenitors; the ends of the lineages come last.
    let first_day =
        |kind: u32| (0..800).filter(|cell| dataset.cell_types[*cell] == kind).map(|cell| dataset.times[cell]).min();
    assert!(dataset.cells_at(0).iter().all(|cell| dataset.cell_types[*cell as usize] == 0));
    assert!(first_day(3) > first_day(2) && first_day(5) > first_day(4));

    // Loadings and means lead back to non-negative genes.
    let decoder = dataset.decoder.as_ref().unwrap();
    assert_eq!(decoder.genes.len(), 300);
    let genes = decoder.decode(dataset.states.row(0));
    assert!(genes.iter().all(|value| *value > -1.0) && genes.iter().sum::<f32>() > 100.0);

    assert_eq!(simulate(&settings).unwrap(), tissue);
    assert_ne!(simulate(&TissueSettings { seed: 2, ..settings }).unwrap().dataset.states, dataset.states);
    assert_eq!(bundle::read(&bundle::write(dataset, &[], None).unwrap()).unwrap().dataset, *dataset);
    assert!(simulate(&TissueSettings { cells: 10, ..settings }).is_err());
}
