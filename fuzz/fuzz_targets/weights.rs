//! Weights of scIMF and Cell-MNN, whose readers need no engine, with a header that is fuzzed piece by piece.
#![no_main]

use libfuzzer_sys::fuzz_target;

use arbitrary::Arbitrary;
use scimf::data::weights;
use scimf_fuzz::build::safetensors;
use scimf_fuzz::{explained, meter::Bound};
use serde_json::{Map, Value, json};

#[derive(Arbitrary, Debug)]
struct Input {
    dimensions: u8,
    hidden: u8,
    blocks: u8,
    heads: u8,
    /// Which model's names, and which header.
    cell_mnn: bool,
    header: Option<String>,
    numbers: [f32; 3],
    fill: f32,
    changes: Vec<(u8, Vec<u16>)>,
    left_out: Option<u8>,
}

fuzz_target!(|input: Input| {
    let config = json!({ "dimensions": input.dimensions % 6, "hidden": input.hidden % 8, "blocks": input.blocks % 3,
        "heads": input.heads, "sigma": input.numbers[0], "dropout": input.numbers[1], "bound": input.numbers[2] });
    let (key, shapes) = if input.cell_mnn {
        let config = serde_json::from_value(config.clone()).unwrap_or_default();
        ("cell-mnn", weights::OperatorWeights::shapes(&config))
    } else {
        let config = serde_json::from_value(config.clone()).unwrap_or_default();
        ("scimf", weights::shapes(&config))
    };
    let d = usize::from(input.dimensions % 6);
    let described = json!({ "config": config, "centre": vec![input.numbers[1]; d], "scale": vec![1.0; d] }).to_string();
    let mut header = Map::new();
    let mut end = 0usize;
    for (index, (name, mut shape)) in shapes.into_iter().enumerate() {
        if input.left_out == Some(index as u8) {
            continue;
        }
        for (_, sides) in input.changes.iter().filter(|(which, _)| usize::from(*which) == index) {
            shape = sides.iter().map(|side| usize::from(*side)).collect();
        }
        let size = shape.iter().fold(4usize, |size, side| size.saturating_mul(*side));
        let from = end;
        end = end.saturating_add(if size < 1 << 16 { size } else { 0 });
        header.insert(name, json!({ "dtype": "F32", "shape": shape, "data_offsets": [from, end] }));
    }
    header.insert("__metadata__".into(), json!({ key: input.header.clone().unwrap_or(described) }));
    let data: Vec<u8> = input.fill.to_le_bytes().into_iter().cycle().take(end).collect();
    let bytes = safetensors(Value::Object(header).to_string().as_bytes(), &data);
    Bound { each: 64, besides: 1 << 20 }.hold(bytes.len(), || {
        let linear = || {
            let (tensors, metadata) = weights::tensors(&bytes)?;
            weights::cell_mnn::read(tensors, metadata.get(weights::cell_mnn::KEY).map_or("", String::as_str))
        };
        // The name and what to do are added where the models are told apart.
        let linear = linear().map_err(|error| error.at("w.safetensors").or_remedy("Save the weights again."));
        let errors = [weights::read("w.safetensors", &bytes).err(), linear.err()];
        errors.iter().flatten().for_each(explained);
    });
});
