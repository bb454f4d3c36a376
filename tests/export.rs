//! A study with what a model learned of it, read back as HDF5 and as a study.

use crate::support::user::User;
use crate::support::{file, proposal};
use hdf5_pure::File as Hdf5;
use scimf::protocol::{
    Command, CommunicationQuery, DriftPart, Event, File, ModelKind, ModelSpace, Score, SpaceId, TrainSettings,
    VelocityQuery,
};

const SPACE: SpaceId = SpaceId::Embedding(0);

fn trained() -> User {
    let mut user = User::with_dataset();
    user.trains(TrainSettings { updates: 1, cells: 16, ..TrainSettings::default() });
    user
}

fn exported(user: &mut User) -> Vec<u8> {
    let events = user.works(Command::SaveAnnData { model: ModelKind::ScImf, space: SPACE, copies: Some(2) });
    let from = events.iter().position(|event| !matches!(event, Event::Progress { .. })).unwrap();
    assert!(from > 0, "progress is told");
    file(&events[from..]).0
}

fn numbers(store: &Hdf5, path: &str) -> Vec<f32> {
    store.dataset(path).unwrap_or_else(|error| panic!("{path}: {error}")).read_f32().unwrap()
}

fn texts(store: &Hdf5, path: &str) -> Vec<String> {
    let dataset = store.dataset(path).unwrap_or_else(|error| panic!("{path}: {error}"));
    dataset.read_vlen_strings(Default::default()).unwrap()
}

#[test]
fn anndata_holds_the_numbers_that_the_page_shows() {
    let mut user = trained();
    let store = Hdf5::from_bytes(exported(&mut user)).unwrap();
    let (drawn, lengths) = (numbers(&store, "obsm/velocity_umap"), numbers(&store, "obs/velocity_length"));
    let attention = numbers(&store, "uns/scimf/attention/mean");
    let mut cells = 0;
    for time in 0..3 {
        let query = VelocityQuery { time, space: SPACE, part: DriftPart::Total, model: ModelKind::ScImf, sample: None };
        let events = user.says(Command::Velocity(query));
        let [Event::Velocity(found), Event::Done] = &events[..] else { panic!("{events:?}") };
        for ((&cell, vector), speed) in found.cells.iter().zip(found.vectors.chunks(2)).zip(found.speeds.iter()) {
            let cell = cell as usize;
            assert_eq!((&drawn[2 * cell..2 * cell + 2], lengths[cell]), (vector, *speed));
            cells += 1;
        }
        let query = CommunicationQuery { time, score: Score::Attention, minimum_cells: 10, sample: None };
        let events = user.says(Command::Communication(query));
        let [Event::Communication(found), Event::Done] = &events[..] else { panic!("{events:?}") };
        let size = found.mean.len();
        let stored = &attention[time * size..(time + 1) * size];
        assert!(stored.iter().zip(found.mean.iter()).all(|(a, b)| a == b || a.is_nan() && b.is_nan()));
    }
    assert_eq!(cells, lengths.len(), "every cell has a velocity");

    // Decoded velocity is the velocity through the loadings.
    let (velocity, loadings) = (numbers(&store, "obsm/velocity_pca"), numbers(&store, "varm/PCs"));
    let layer = numbers(&store, "layers/velocity");
    let (axes, genes) = (velocity.len() / cells, layer.len() / cells);
    let (cell, gene) = (cells - 1, genes - 1);
    let expected: f32 = (0..axes).map(|axis| velocity[cell * axes + axis] * loadings[gene * axes + axis]).sum();
    assert!((layer[cell * genes + gene] - expected).abs() < 1e-5);
    assert_eq!(texts(&store, "uns/scimf/model"), ["scIMF"]);
    assert!(texts(&store, "uns/scimf/settings")[0].contains("cells = 16"));
    assert_eq!(texts(&store, "uns/scimf/fingerprint")[0].len(), 64);
    assert_eq!(texts(&store, "uns/scimf/time_points").len(), 3);
}

#[test]
fn fates_and_pairs_of_types_are_shares() {
    let mut user = trained();
    let store = Hdf5::from_bytes(exported(&mut user)).unwrap();
    let kinds = texts(&store, "uns/scimf/cell_types");
    let fates: Vec<Vec<f32>> = kinds.iter().map(|kind| numbers(&store, &format!("obs/fate_{kind}"))).collect();
    for cell in 0..240 {
        let shares: Vec<f32> = fates.iter().map(|fate| fate[cell]).collect();
        assert!((shares.iter().sum::<f32>() - 1.0).abs() < 1e-5 && shares.iter().all(|share| *share % 0.5 == 0.0));
    }
    for name in ["evidence/determinability", "effects/mean"] {
        let table = numbers(&store, &format!("uns/scimf/{name}"));
        assert_eq!(table.len(), kinds.len() * kinds.len(), "{name}");
        assert!(
            table.iter().any(|value| value.is_finite()) && table.iter().all(|value| value.is_nan() || *value >= 0.0),
            "{name}"
        );
    }
    // A second export is the same file, and one without copies has no fates.
    let again = Hdf5::from_bytes(exported(&mut user)).unwrap();
    assert_eq!(numbers(&again, &format!("obs/fate_{}", kinds[0])), fates[0]);
    let events = user.works(Command::SaveAnnData { model: ModelKind::ScImf, space: SPACE, copies: Some(0) });
    let without = Hdf5::from_bytes(file(&events[events.len() - 2..]).0).unwrap();
    assert!(without.dataset(&format!("obs/fate_{}", kinds[0])).is_err());
}

#[test]
fn what_was_written_opens_again_with_the_names_of_the_cells() {
    let mut user = trained();
    let written = exported(&mut user);
    let names = |bytes: Vec<u8>| texts(&Hdf5::from_bytes(bytes).unwrap(), "obs/_index");
    let study = std::fs::read(crate::support::path("h5ad/gzip_csr.h5ad")).unwrap();
    assert_eq!(names(written.clone()), names(study));
    let files = vec![File { name: "again.h5ad".into(), bytes: written.into() }];
    let mapping = proposal(&user.says(Command::Open { files }));
    assert_eq!((mapping.time.as_str(), mapping.cell_type.as_deref()), ("time", Some("cell_type")));
    assert_eq!(mapping.model_space, ModelSpace::Stored("X_pca".into()));
    let events = user.prepares(mapping);
    let [Event::DatasetOpened { dataset, .. }, Event::Done] = &events[..] else { panic!("{events:?}") };
    assert_eq!((dataset.cells, dataset.time_points.len()), (240, 3));
    assert!(dataset.genes > 0, "the loadings came along");
}

#[test]
fn an_export_can_be_cancelled_and_needs_a_model() {
    let mut user = User::with_dataset();
    let command = Command::SaveAnnData { model: ModelKind::ScImf, space: SPACE, copies: Some(2) };
    assert!(crate::support::refusal(&user.says(command.clone())).contains("no model"));
    user.trains(TrainSettings { updates: 1, cells: 16, ..TrainSettings::default() });
    user.asks(command);
    assert!(user.session.is_busy());
    user.says(Command::Cancel);
    assert!(!user.session.is_busy());
}
