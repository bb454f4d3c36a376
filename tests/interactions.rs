//! Samples, and what the data tell of interactions.

use scimf::data::open::{Opened, open};
use scimf::data::{bundle, npz};
use scimf::protocol::File;
use scimf::tissue::{DesignSettings, simulate_design};

#[test]
fn samples_are_kept_in_bundles_and_read_from_arrays_and_tables() {
    let settings = DesignSettings { cells: 80, genes: 30, components: 4, ..DesignSettings::default() };
    let dataset = &simulate_design(&settings).unwrap().dataset;
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
