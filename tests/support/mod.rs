//! What several tests need: fixtures and comparison.

pub mod user;

use burn::tensor::Tensor;
use safetensors::SafeTensors;
use scimf::data::weights::{self, Weights};
use scimf::data::{Dataset, Matrix, bundle};
use scimf::protocol::{Array, CellType, Event, File, Mapping, ScImfConfig, TimePoint};
use scimf::tensor::{self, cpu, upload};
use std::collections::BTreeMap;
use std::path::PathBuf;

pub use pollster::block_on;

/// A file among the fixtures.
pub fn path(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(name)
}

/// A dataset of one cell type as a bundle.
pub fn bundle(states: &[f32], dimensions: usize, times: &[u32]) -> File {
    let last = times.iter().max().copied().unwrap_or(0);
    let point = |time| TimePoint { label: format!("day {time}"), value: Some(f64::from(time)), cells: 0 };
    let dataset = Dataset {
        name: "line".into(),
        states: Matrix::new(times.len(), dimensions, states.to_vec()).unwrap(),
        axis: "PC".into(),
        times: times.to_vec(),
        time_points: (0..=last).map(point).collect(),
        cell_types: vec![0; times.len()],
        types: vec![CellType { name: "all cells".into(), color: None, cells: 0 }],
        ..Dataset::default()
    };
    File { name: "line.zip".into(), bytes: bundle::write(&dataset, &[], None).unwrap().into() }
}

/// A few cells that move along a line, in two dimensions and three time points, as a bundle.
pub fn line() -> File {
    let times: Vec<u32> = (0..60).map(|cell| cell / 20).collect();
    let states = (0..60).map(|cell| (cell % 20) as f32 / 10.0 + (cell / 20) as f32).flat_map(|x| [x, 0.5 * x]);
    bundle(&states.collect::<Vec<_>>(), 2, &times)
}

/// The proposed mapping of a study that was opened.
#[track_caller]
pub fn proposal(events: &[Event]) -> Mapping {
    match events {
        [Event::MappingProposed { mapping, .. }, Event::Done] => mapping.clone(),
        _ => panic!("{events:?}"),
    }
}

/// Why a command failed.
#[track_caller]
pub fn refusal(events: &[Event]) -> &str {
    match events {
        [Event::Failed(failure)] => &failure.message,
        _ => panic!("{events:?}"),
    }
}

/// The file that was handed out.
#[track_caller]
pub fn file(events: &[Event]) -> Array<u8> {
    match events {
        [Event::File { bytes, .. }, Event::Done] => bytes.clone(),
        _ => panic!("{events:?}"),
    }
}

/// The loss of each update.
pub fn losses(events: &[Event]) -> Vec<f32> {
    let loss = |event: &Event| match event {
        Event::Update(update) => Some(update.loss.total),
        _ => None,
    };
    events.iter().filter_map(loss).collect()
}

/// Numbers of a tensor on the CPU.
pub fn read<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    block_on(tensor::read(tensor)).unwrap()
}

/// Fails unless |found - expected| <= tolerance |expected|, in the Euclidean norm.
#[track_caller]
pub fn close(found: &[f32], expected: &[f32], tolerance: f64, what: &str) {
    assert_eq!(found.len(), expected.len(), "{what}: number of values");
    let square = |x: f64| x * x;
    let difference: f64 = found.iter().zip(expected).map(|(a, b)| square(f64::from(*a) - f64::from(*b))).sum();
    let size: f64 = expected.iter().map(|b| square(f64::from(*b))).sum();
    let error = (difference / size.max(f64::MIN_POSITIVE)).sqrt();
    assert!(error <= tolerance, "{what}: relative error {error:.2e} exceeds {tolerance:.0e}");
}

/// Reference tensors by name.
pub struct Fixture(BTreeMap<String, (Vec<usize>, Vec<f32>)>);

impl Fixture {
    /// Reads `tests/fixtures/{name}.safetensors`; tensors that are not f32 are left out.
    pub fn open(name: &str) -> Self {
        let bytes = std::fs::read(path(&format!("{name}.safetensors"))).unwrap();
        let file = SafeTensors::deserialize(&bytes).unwrap();
        let floats = file.tensors().into_iter().filter(|(_, view)| view.dtype() == safetensors::Dtype::F32);
        let tensors = floats.map(|(name, view)| {
            let values = view.data().chunks_exact(4).map(|b| f32::from_le_bytes(b.try_into().unwrap()));
            (name, (view.shape().to_vec(), values.collect()))
        });
        Self(tensors.collect())
    }

    pub fn values(&self, name: &str) -> &[f32] {
        &self.0.get(name).unwrap_or_else(|| panic!("no tensor {name}")).1
    }

    pub fn shape(&self, name: &str) -> &[usize] {
        &self.0[name].0
    }

    pub fn matrix(&self, name: &str) -> Tensor<2> {
        let shape = self.shape(name);
        upload(self.values(name).to_vec(), [shape[0], shape[1]], &cpu())
    }

    /// Numbers in double precision, as decimals.
    pub fn doubles(&self, name: &str) -> Vec<f64> {
        self.values(name).iter().map(|value| value.to_string().parse().unwrap()).collect()
    }

    /// Whole numbers.
    pub fn indices(&self, name: &str) -> Vec<usize> {
        self.values(name).iter().map(|value| *value as usize).collect()
    }

    /// The parts along the first axis.
    pub fn steps(&self, name: &str) -> Vec<Vec<f32>> {
        let length = self.shape(name)[1..].iter().product();
        self.values(name).chunks_exact(length).map(<[f32]>::to_vec).collect()
    }

    /// Tensors under a prefix.
    pub fn tensors(&self, prefix: &str) -> BTreeMap<String, weights::Tensor> {
        let named = self.0.iter().filter_map(|(name, (shape, values))| {
            let name = name.strip_prefix(prefix)?.to_owned();
            Some((name, weights::Tensor { shape: shape.clone(), values: values.clone() }))
        });
        named.collect()
    }

    /// Weights of scIMF under a prefix.
    pub fn weights(&self, prefix: &str) -> Weights {
        let tensors = self.tensors(prefix);
        let dimensions = tensors["diffusion.sigma"].shape[1];
        let config = ScImfConfig { dimensions, ..ScImfConfig::default() };
        Weights { config, updates: 0, held_out: Vec::new(), tensors }
    }

    /// The start cells with a column of zero action.
    pub fn padded_start(&self) -> Tensor<2> {
        let [cells, dimensions] = [self.shape("x0")[0], self.shape("x0")[1]];
        upload(padded(self.values("x0"), dimensions), [cells, dimensions + 1], &cpu())
    }

    /// The noise of each step with a column for the action.
    pub fn padded_noise(&self) -> Vec<Vec<f32>> {
        let [_, cells, dimensions] = [0, 1, 2].map(|axis| self.shape("noise")[axis]);
        self.values("noise").chunks_exact(cells * dimensions).map(|step| padded(step, dimensions)).collect()
    }
}

fn padded(rows: &[f32], columns: usize) -> Vec<f32> {
    rows.chunks_exact(columns).flat_map(|row| row.iter().copied().chain([0.0])).collect()
}
