//! Exact transport against POT's network simplex, in double precision.

use crate::support;
use crate::support::Fixture;
use safetensors::SafeTensors;
use scimf::transport::exact::{Cost, Exact, Weighted};

fn reference(name: &str) -> f64 {
    let bytes = std::fs::read(support::path("transport.safetensors")).unwrap();
    let file = SafeTensors::deserialize(&bytes).unwrap();
    f64::from_le_bytes(file.tensor(name).unwrap().data().try_into().unwrap())
}

#[test]
fn w1_and_w2_of_the_reference_clouds() {
    let fixture = Fixture::open("transport");
    for cloud in ["small", "wide", "far"] {
        let dimensions = fixture.shape(&format!("{cloud}.x"))[1];
        let points = |side: &str| Weighted::uniform(fixture.values(&format!("{cloud}.{side}")).to_vec(), dimensions);
        for (cost, name) in [(Cost::Euclidean, "w1"), (Cost::SquaredEuclidean, "w2")] {
            let mut exact = Exact::new(points("x"), points("y"), dimensions, cost).unwrap();
            exact.solve();
            let found = if cost == Cost::Euclidean { exact.value() } else { exact.value().sqrt() };
            let expected = reference(&format!("{cloud}.{name}_f64"));
            assert!((found / expected - 1.0).abs() < 1e-6, "{cloud} {name}: {found} is not {expected}");
        }
    }
}
