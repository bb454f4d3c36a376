//! Preprocessing against scanpy and scikit-learn on real studies, and its laws on small ones.
use flate2::read::GzDecoder;
use scimf::data::expression::{Expression, Layout};
use scimf::data::unprepared::{Counts, Unprepared};
use scimf::data::{Dataset, Matrix};
use scimf::preprocess::Preparing;
use scimf::preprocess::pca::krylov::Krylov;
use scimf::preprocess::pca::{Components, fit_exactly};
use scimf::protocol::{CellType, Flavour, Preprocessing, TimePoint, UmapSettings, ValueKind, VariableGenes};
use scimf::{Error, Result};
use serde_json::Value;
use std::io::{Cursor, Read};
use std::path::{Path, PathBuf};

/// A study as it lies in its file.
struct Study {
    values: Matrix,
    genes: Vec<String>,
    days: Vec<f64>,
}

impl Study {
    fn dataset(&self) -> Dataset {
        let mut days = self.days.clone();
        days.sort_by(f64::total_cmp);
        days.dedup();
        dataset(self.days.iter().map(|day| days.iter().position(|other| other == day).unwrap() as u32).collect())
    }

    fn unprepared(&self, steps: Preprocessing) -> Unprepared {
        let expression = Expression::dense(self.values.clone());
        let counts = Counts { expression, genes: self.genes.clone(), steps, evidence: "all values are whole".into() };
        Unprepared { dataset: self.dataset(), counts: Some(counts), clusters: None, umap: None }
    }

    fn prepare(&self, steps: Preprocessing) -> Dataset {
        finish(Preparing::new(self.unprepared(steps)).unwrap()).unwrap()
    }
}

/// Cells with times and nothing else.
fn dataset(times: Vec<u32>) -> Dataset {
    let points = times.iter().max().unwrap() + 1;
    let point = |time| TimePoint { label: format!("day {time}"), value: Some(f64::from(time)), cells: 0 };
    Dataset {
        name: "study".into(),
        cell_types: vec![0; times.len()],
        types: vec![CellType { name: "all cells".into(), color: None, cells: 0 }],
        time_points: (0..points).map(point).collect(),
        times,
        ..Dataset::default()
    }
}

fn finish(mut preparing: Preparing) -> Result<Dataset> {
    let mut last = 0.0;
    loop {
        let (name, done) = preparing.progress();
        assert!((last..=1.0).contains(&done), "{name}: {done} after {last}");
        last = done;
        if let Some(dataset) = preparing.advance()? {
            return Ok(dataset);
        }
    }
}

/// All genes, centred only.
fn steps(values: ValueKind, components: usize) -> Preprocessing {
    Preprocessing {
        matrix: "X".into(),
        values,
        held_out: Vec::new(),
        variable_genes: None,
        target_sum: None,
        log1p: false,
        z_score: false,
        components,
        at_most: false,
    }
}

/// A file that is not part of the repository: in `data` of `SCIMF_SHARED`, or of the folder `shared` beside it.
fn shared(name: &str) -> Option<Vec<u8>> {
    let folder = std::env::var_os("SCIMF_SHARED")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared"), PathBuf::from);
    let path = folder.join("data").join(name);
    let bytes = std::fs::read(&path).ok();
    if bytes.is_none() {
        eprintln!("SKIPPED: {} is not there", path.display());
    }
    bytes
}

fn klein() -> Option<Study> {
    let mut text = String::new();
    GzDecoder::new(shared("klein_mesc_counts.csv.gz")?.as_slice()).read_to_string(&mut text).unwrap();
    let mut lines = text.lines();
    let genes: Vec<String> = lines.next().unwrap().split(',').skip(2).map(str::to_owned).collect();
    let (mut days, mut values) = (Vec::new(), Vec::new());
    for line in lines {
        let mut fields = line.split(',').skip(1).map(|field| field.parse::<f64>().unwrap());
        days.push(fields.next().unwrap());
        values.extend(fields.map(|value| value as f32));
    }
    let values = Matrix::new(days.len(), genes.len(), values).unwrap();
    Some(Study { values, genes, days })
}

fn mef() -> Option<Study> {
    let file = hdf5_pure::File::from_bytes(shared("mef_serum_1000_cells.h5ad")?).unwrap();
    let array = |path: &str| file.dataset(path).unwrap();
    let genes = array("var/index").read_string().unwrap();
    let days = array("obs/day").read_f64().unwrap();
    let (starts, indices) = (array("X/indptr").read_i64().unwrap(), array("X/indices").read_i32().unwrap());
    let entries = array("X/data").read_f32().unwrap();
    let shape = [days.len(), genes.len()];
    let sparse = Expression::sparse(
        shape,
        Layout::ByCell,
        &starts,
        indices.iter().map(|gene| *gene as u32).collect::<Vec<u32>>(),
        entries,
    )
    .unwrap();
    let mut values = Matrix::zeros(days.len(), genes.len());
    for cell in 0..days.len() {
        sparse.visit(cell, |gene, value| values.row_mut(cell)[gene] = value as f32);
    }
    Some(Study { values, genes, days })
}

fn reference() -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/preprocess/variable_genes_and_pca.json");
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

#[test]
fn variable_genes_are_scanpys() {
    let reference = reference();
    let agree = |study: &Study, values, flavour, count, name: &str| {
        let steps = Preprocessing { variable_genes: Some(VariableGenes { count, flavour }), ..steps(values, 2) };
        let dataset = study.prepare(steps);
        let found = dataset.decoder.unwrap().genes;
        assert_eq!(found.len(), count);
        let expected = reference[name].as_array().unwrap();
        let common =
            expected.iter().filter(|gene| found.iter().any(|found| Some(found.as_str()) == gene.as_str())).count();
        println!("{name}: {common} of {count} genes");
        assert!(common * 100 >= 99 * count, "{name}: {common} of {count}");
    };
    if let Some(klein) = klein() {
        agree(&klein, ValueKind::Counts, Flavour::Seurat, 300, "klein_seurat_300");
        agree(&klein, ValueKind::Counts, Flavour::Vst, 300, "klein_seurat_v3_300");
    }
    if let Some(mef) = mef() {
        agree(&mef, ValueKind::LogNormalised, Flavour::Seurat, 500, "mef_seurat_500");
    }
}

#[test]
fn explained_variances_are_those_of_scikit_learn_by_both_routes() {
    let reference = reference();
    let agree = |mut study: Study, name: &str, kinds: &[(bool, &str)]| {
        for &(z_score, kind) in kinds {
            standardise(&mut study.values, z_score);
            let expected = reference[format!("{name}_{kind}_explained_variance_50")].as_array().unwrap();
            let all: Vec<u32> = (0..study.values.rows as u32).collect();
            let exact = fit_exactly(&study.values, &all, 50, false).unwrap();
            let (random, pieces) = fit_in_passes(&study.values, &all, 50);
            for (route, found) in [("exact", &exact), ("randomised", &random)] {
                let deviation = expected.iter().zip(&found.explained_variance);
                let deviation =
                    deviation.map(|(a, b)| (f64::from(*b) / a.as_f64().unwrap() - 1.0).abs()).fold(0.0, f64::max);
                println!("{name} {kind}, {route}: {deviation:.1e} ({pieces} pieces)");
                assert!(deviation < 1e-3, "{name} {kind}, {route}: {deviation}");
            }
            for axis in 0..3 {
                let cosine: f32 = (0..study.genes.len())
                    .map(|gene| exact.loadings.row(gene)[axis] * random.loadings.row(gene)[axis])
                    .sum();
                assert!(cosine > 0.9999, "{name} {kind}: component {axis} turns by {cosine}");
            }
        }
    };
    if let Some(mut klein) = klein() {
        for cell in 0..klein.values.rows {
            let row = klein.values.row_mut(cell);
            let sum: f32 = row.iter().sum();
            row.iter_mut().for_each(|value| *value = (*value * 1e4 / sum).ln_1p());
        }
        agree(klein, "klein_log_all_genes", &[(false, "centred")]);
    }
    if let Some(mef) = mef() {
        agree(mef, "mef_X", &[(true, "zscored")]);
    }
}

fn fit_in_passes(matrix: &Matrix, cells: &[u32], components: usize) -> (Components, usize) {
    let mut krylov = Krylov::new(cells.len(), matrix.cols, components, 0).unwrap();
    for piece in 1.. {
        if let Some(components) = krylov.advance(matrix, cells).unwrap() {
            return (components, piece);
        }
    }
    unreachable!()
}

fn standardise(matrix: &mut Matrix, z_score: bool) {
    let (cells, genes) = (matrix.rows, matrix.cols);
    for gene in 0..genes {
        let values = || (0..cells).map(|cell| f64::from(matrix.values[cell * genes + gene]));
        let mean = values().sum::<f64>() / cells as f64;
        let deviation = (values().map(|value| (value - mean).powi(2)).sum::<f64>() / cells as f64).sqrt();
        let divisor = if z_score && deviation > 0.0 { deviation } else { 1.0 };
        for cell in 0..cells {
            let value = &mut matrix.values[cell * genes + gene];
            *value = ((f64::from(*value) - mean) / divisor) as f32;
        }
    }
}

#[test]
fn components_are_those_of_the_reference_runs() {
    if let (Some(klein), Some(reference)) = (klein(), reference_states("klein_hold2.npz")) {
        let steps = Preprocessing {
            held_out: vec![2],
            target_sum: Some(1e4),
            log1p: true,
            z_score: true,
            ..steps(ValueKind::Counts, 50)
        };
        let dataset = klein.prepare(steps);
        let correlation = correlation_of_distances(&dataset.states, &reference);
        println!("klein_hold2: {correlation:.7}");
        assert!(correlation > 0.999, "{correlation}");
        let preparation = dataset.preparation.unwrap();
        assert_eq!((preparation.genes, dataset.held_out), (900, vec![2]));
        assert!(preparation.fitted_cells < 1000);
        assert!(dataset.notes[0].contains("without the held-out time points"), "{:?}", dataset.notes);
    }
    if let (Some(mef), Some(reference)) = (mef(), reference_states("mef_hold1.npz")) {
        let steps = Preprocessing { held_out: vec![1], z_score: true, ..steps(ValueKind::LogNormalised, 50) };
        let dataset = mef.prepare(steps);
        // The reference has its cells in the order of time.
        let order = (0..3).flat_map(|time| dataset.cells_at(time));
        let values = order.flat_map(|cell| dataset.states.row(cell as usize).to_vec()).collect();
        let states = Matrix { values, ..dataset.states };
        let correlation = correlation_of_distances(&states, &reference);
        println!("mef_hold1: {correlation:.7}");
        assert!(correlation > 0.999, "{correlation}");
    }
}

fn reference_states(name: &str) -> Option<Matrix> {
    let bytes = shared(&format!("reference/{name}"))?;
    let mut array = Vec::new();
    zip::ZipArchive::new(Cursor::new(bytes)).unwrap().by_name("X.npy").unwrap().read_to_end(&mut array).unwrap();
    let header = 10 + usize::from(u16::from_le_bytes([array[8], array[9]]));
    let values: Vec<f32> = array[header..].as_chunks().0.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect();
    Some(Matrix::new(values.len() / 50, 50, values).unwrap())
}

fn distance(matrix: &Matrix, a: usize, b: usize) -> f64 {
    let square = |(a, b): (&f32, &f32)| f64::from(a - b).powi(2);
    matrix.row(a).iter().zip(matrix.row(b)).map(square).sum::<f64>().sqrt()
}

/// Pearson's correlation of the distances between every third cell.
fn correlation_of_distances(a: &Matrix, b: &Matrix) -> f64 {
    let pairs = (0..a.rows).step_by(3).flat_map(|i| (0..i).step_by(3).map(move |j| (i, j)));
    let (mut n, mut sums) = (0.0, [0.0; 5]);
    for (i, j) in pairs {
        let (x, y) = (distance(a, i, j), distance(b, i, j));
        n += 1.0;
        sums.iter_mut().zip([x, y, x * x, y * y, x * y]).for_each(|(sum, value)| *sum += value);
    }
    let [x, y, xx, yy, xy] = sums.map(|sum| sum / n);
    (xy - x * y) / ((xx - x * x) * (yy - y * y)).sqrt()
}

/// How far neighbours in the plane are neighbours in the space: 1 if all are (Venna, Kaski 2001).
fn trustworthiness(space: &Matrix, plane: &Matrix, neighbours: usize) -> f64 {
    let cells = space.rows;
    let order = |matrix: &Matrix, cell: usize| {
        let others = (0..cells).filter(|other| *other != cell);
        let mut others: Vec<(f64, usize)> = others.map(|other| (distance(matrix, cell, other), other)).collect();
        others.sort_by(|a, b| a.0.total_cmp(&b.0));
        others.into_iter().map(|(_, other)| other).collect::<Vec<_>>()
    };
    let mut penalty = 0.0;
    for cell in 0..cells {
        let mut rank = vec![0; cells];
        order(space, cell).into_iter().enumerate().for_each(|(at, other)| rank[other] = at + 1);
        let nearest = order(plane, cell);
        penalty +=
            nearest[..neighbours].iter().map(|other| rank[*other].saturating_sub(neighbours) as f64).sum::<f64>();
    }
    let (n, k) = (cells as f64, neighbours as f64);
    1.0 - penalty * 2.0 / (n * k * (2.0 * n - 3.0 * k - 1.0))
}

/// Numbers between 0 and 1 without a pattern (the splitmix generator).
fn random(seed: u64) -> impl FnMut() -> f32 {
    let mut state = seed;
    move || {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) >> 40) as f32 / (1 << 24) as f32
    }
}

fn draw(states: Matrix, umap: UmapSettings) -> Result<Dataset> {
    let times = (0..states.rows as u32).map(|cell| cell % 2).collect();
    let dataset = Dataset { states, axis: "latent".into(), ..dataset(times) };
    finish(Preparing::new(Unprepared { dataset, counts: None, clusters: None, umap: Some(umap) })?)
}

#[test]
fn neighbours_stay_neighbours_on_a_rolled_sheet() {
    let mut random = random(1);
    let mut values = Vec::new();
    for _ in 0..600 {
        let (along, across) = (random(), random());
        let angle = 4.7 + 9.4 * along;
        values.extend([angle * angle.cos(), 20.0 * across, angle * angle.sin()]);
    }
    let states = Matrix::new(600, 3, values).unwrap();
    let drawn = draw(states.clone(), UmapSettings::default()).unwrap();
    let embedding = &drawn.embeddings[0];
    assert_eq!((embedding.name.as_str(), embedding.axes[1].as_str()), ("UMAP", "UMAP 2"));
    assert!(drawn.notes[0].contains("computed here (15 neighbours"), "{:?}", drawn.notes);
    let kept = trustworthiness(&states, &embedding.positions, 15);
    assert!(kept > 0.97, "{kept}");

    let again = draw(states.clone(), UmapSettings::default()).unwrap();
    assert_eq!(again.embeddings, drawn.embeddings, "the same seed gives the same plane");
    let other = draw(states, UmapSettings { seed: 1, ..UmapSettings::default() }).unwrap();
    assert_ne!(other.embeddings, drawn.embeddings);
}

/// Three clouds far apart, cell by cell in turn.
fn clouds(cells: usize) -> Matrix {
    let mut random = random(2);
    let values =
        (0..cells).flat_map(|cell| [0, 1, 2, 3].map(|axis| if axis == cell % 3 { 30.0 } else { 0.0 } + random()));
    let values = values.collect();
    Matrix::new(cells, 4, values).unwrap()
}

fn assert_clouds_are_apart(positions: &Matrix) {
    let cells = positions.rows;
    let centre = |cloud: usize| -> Vec<f32> {
        let members = (cloud..cells).step_by(3);
        (0..2)
            .map(|axis| members.clone().map(|cell| positions.row(cell)[axis]).sum::<f32>() * 3.0 / cells as f32)
            .collect()
    };
    let centres = Matrix::new(3, 2, (0..3).flat_map(centre).collect()).unwrap();
    for cell in 0..cells {
        let point = Matrix::new(1, 2, positions.row(cell).to_vec()).unwrap();
        let all = Matrix::new(4, 2, [centres.values.clone(), point.values].concat()).unwrap();
        let distances = [0, 1, 2].map(|cloud| distance(&all, cloud, 3));
        let own = distances[cell % 3];
        let other = (0..3).filter(|cloud| *cloud != cell % 3).map(|cloud| distances[cloud]).fold(f64::MAX, f64::min);
        assert!(own < other, "cell {cell} lies with another cloud: {distances:?}");
    }
}

#[test]
fn clouds_stay_apart() {
    let drawn = draw(clouds(300), UmapSettings::default()).unwrap();
    assert_clouds_are_apart(&drawn.embeddings[0].positions);
}

#[test]
fn degenerate_states_are_drawn_or_refused() {
    for (cells, cols) in [(3, 2), (40, 2), (40, 5)] {
        let drawn = draw(Matrix::zeros(cells, cols), UmapSettings::default()).unwrap();
        assert_eq!(drawn.embeddings[0].positions.rows, cells);
    }
    let refused = |states: Matrix, settings: UmapSettings, says: &str| {
        let error = draw(states, settings).unwrap_err().to_string();
        assert!(error.contains(says), "{error}");
    };
    let mut states = clouds(10);
    states.row_mut(4)[1] = f32::NAN;
    refused(states, UmapSettings::default(), "states: the value in row 4, column 1");
    refused(clouds(2), UmapSettings::default(), "at least 3 cells");
    refused(clouds(10), UmapSettings { neighbours: 1, ..UmapSettings::default() }, "at least 2 neighbours");
    refused(clouds(10), UmapSettings { minimum_distance: -1.0, ..UmapSettings::default() }, "smallest distance");
}

#[test]
fn a_study_goes_from_values_to_a_plane() {
    let Some(mef) = mef() else { return };
    let mut unprepared = mef.unprepared(Preprocessing {
        variable_genes: Some(VariableGenes { count: 1000, flavour: Flavour::Seurat }),
        ..steps(ValueKind::LogNormalised, 50)
    });
    unprepared.umap = Some(UmapSettings::default());
    let mut preparing = Preparing::new(unprepared).unwrap();
    let mut names = vec![preparing.progress().0];
    let dataset = loop {
        if let Some(dataset) = preparing.advance().unwrap() {
            break dataset;
        }
        names.push(preparing.progress().0);
    };
    names.dedup();
    assert_eq!(names, ["variable genes", "normalisation", "principal components", "neighbours", "UMAP"]);
    let kept = trustworthiness(&dataset.states, &dataset.embeddings[0].positions, 15);
    println!("MEF: trustworthiness {kept:.3}");
    assert!(kept >= 0.9, "{kept}");
}

/// Counts of 60 cells x 8 genes at three times.
fn small() -> Study {
    let mut random = random(3);
    let values = (0..60 * 8).map(|_| (random() * random() * 20.0).floor()).collect();
    Study {
        values: Matrix::new(60, 8, values).unwrap(),
        genes: (0..8).map(|gene| format!("gene{gene}")).collect(),
        days: (0..60).map(|cell| f64::from(cell % 3)).collect(),
    }
}

#[test]
fn genes_come_back_from_all_components() {
    let mut study = small();
    study.values.row_mut(5).fill(0.0);
    (0..60).for_each(|cell| study.values.row_mut(cell)[3] = 0.0);
    let steps = Preprocessing {
        target_sum: Some(100.0),
        log1p: true,
        z_score: true,
        held_out: vec![1],
        ..steps(ValueKind::Counts, 7)
    };
    let dataset = study.prepare(steps);
    let decoder = dataset.decoder.as_ref().unwrap();
    assert_eq!((decoder.genes.len(), dataset.axis.as_str()), (8, "PC"));
    for cell in 0..60 {
        let row = study.values.row(cell);
        let sum: f32 = row.iter().sum::<f32>().max(1.0);
        for (found, value) in decoder.decode(dataset.states.row(cell)).iter().zip(row) {
            let expected = (value * 100.0 / sum).ln_1p();
            assert!((found - expected).abs() < 1e-4, "cell {cell}: {found} is not {expected}");
        }
    }
    let preparation = dataset.preparation.unwrap();
    assert_eq!((preparation.fitted_cells, preparation.genes), (40, 8));
    let explained: f32 = preparation.explained_variance.iter().sum();
    assert!((explained / preparation.total_variance - 1.0).abs() < 1e-4);
    // Seven genes that vary, each of variance 1 when divided by cells.
    assert!((preparation.total_variance - 7.0 * 40.0 / 39.0).abs() < 1e-4);
}

#[test]
fn held_out_cells_are_not_fitted_on() {
    let kept = Preprocessing {
        variable_genes: Some(VariableGenes { count: 4, flavour: Flavour::Vst }),
        held_out: vec![2],
        z_score: true,
        ..steps(ValueKind::Counts, 3)
    };
    let study = small();
    let mut other = small();
    (2..60)
        .step_by(3)
        .for_each(|cell| other.values.row_mut(cell).iter_mut().for_each(|value| *value = *value * 3.0 + 1.0));
    let (a, b) = (study.prepare(kept.clone()), other.prepare(kept));
    assert_eq!(a.decoder, b.decoder);
    assert_eq!(a.states_at(1), b.states_at(1));
    assert_ne!(a.states_at(2), b.states_at(2));
    assert_eq!(a.preparation, b.preparation);
}

#[test]
fn sparse_and_dense_values_give_the_same() {
    let study = small();
    let (mut starts, mut indices, mut values) = (vec![0], Vec::new(), Vec::new());
    for cell in 0..60 {
        for (gene, value) in study.values.row(cell).iter().enumerate().filter(|(_, value)| **value != 0.0) {
            indices.push(gene as u32);
            values.push(*value);
        }
        starts.push(values.len() as i64);
    }
    for flavour in [Flavour::Seurat, Flavour::Vst] {
        let rule = VariableGenes { count: 5, flavour };
        let steps =
            Preprocessing { components: 4, variable_genes: Some(rule), ..Preprocessing::of("X", ValueKind::Counts) };
        let mut unprepared = study.unprepared(steps.clone());
        let sparse = Expression::sparse([60, 8], Layout::ByCell, &starts, indices.clone(), values.clone()).unwrap();
        unprepared.counts.as_mut().unwrap().expression = sparse;
        let found = finish(Preparing::new(unprepared).unwrap()).unwrap();
        assert_eq!(found, study.prepare(steps));
    }
}

#[test]
fn what_cannot_be_done_is_refused_with_what_to_do() {
    let refused = |change: &dyn Fn(&mut Preprocessing), says: &[&str]| {
        let mut steps = Preprocessing {
            components: 4,
            variable_genes: None,
            ..Preprocessing::of("layers/counts", ValueKind::Counts)
        };
        change(&mut steps);
        let error: Error = Preparing::new(small().unprepared(steps)).err().expect("refused");
        assert!(!error.remedy.is_empty() && says.iter().all(|part| error.to_string().contains(part)), "{error}");
    };
    refused(
        &|steps| (steps.components, steps.at_most) = (9, false),
        &["9 principal components of 60 cells x 8 genes", "1 to 8 can"],
    );
    refused(&|steps| (steps.components, steps.at_most) = (0, false), &["0 principal components"]);
    refused(&|steps| steps.target_sum = Some(0.0), &["a sum of 0", "positive"]);
    refused(&|steps| steps.target_sum = Some(f64::NAN), &["a sum of NaN"]);
    refused(
        &|steps| steps.variable_genes = Some(VariableGenes { count: 0, flavour: Flavour::Seurat }),
        &["no genes are left"],
    );
    refused(&|steps| steps.held_out = vec![0, 1, 2], &["of 0 cells", "hold out fewer"]);
    refused(&|steps| steps.held_out = vec![3], &["time point 3 cannot be held out"]);
    refused(&|steps| steps.values = ValueKind::LogNormalised, &["layers/counts", "already logarithms"]);
    refused(
        &|steps| {
            steps.values = ValueKind::Normalised;
            steps.variable_genes = Some(VariableGenes { count: 5, flavour: Flavour::Vst });
        },
        &["needs counts", "Seurat flavour"],
    );

    let mut study = small();
    study.values.row_mut(7)[2] = f32::INFINITY;
    let error = finish(Preparing::new(study.unprepared(steps(ValueKind::Counts, 2))).unwrap()).unwrap_err();
    assert!(error.to_string().contains("gene “gene2” in row 7") && !error.remedy.is_empty(), "{error}");
    study.values.row_mut(7)[2] = -1.0;
    let error = finish(Preparing::new(study.unprepared(steps(ValueKind::Counts, 2))).unwrap()).unwrap_err();
    assert!(error.to_string().contains("is -1"), "{error}");
    assert!(finish(Preparing::new(study.unprepared(steps(ValueKind::Scaled, 2))).unwrap()).is_ok());
}
