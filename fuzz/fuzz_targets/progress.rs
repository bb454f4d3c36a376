//! The state of a training, with a fuzzed header.
#![no_main]

use libfuzzer_sys::fuzz_target;

use arbitrary::Arbitrary;
use scimf::data::weights::{self, progress};
use scimf_fuzz::build::safetensors;
use scimf_fuzz::{explained, meter::Bound};
use serde_json::{Map, Value, json};

#[derive(Arbitrary, Debug)]
struct Input {
    dimensions: u8,
    training: String,
    plain: bool,
    numbers: [f64; 3],
    updates: u32,
    renamed: Option<(u8, String)>,
    raw: Option<Vec<u8>>,
}

fuzz_target!(|input: Input| {
    let config = json!({ "dimensions": input.dimensions % 4, "hidden": 2, "blocks": 1, "heads": 1, "sigma": 0.1 });
    let shapes = weights::shapes(&serde_json::from_value(config.clone()).unwrap_or_default());
    let mut header = Map::new();
    let mut end = 0;
    for prefix in ["", "best.", "first_moment.", "second_moment."] {
        for (name, shape) in &shapes {
            let from = end;
            end += 4 * shape.iter().product::<usize>();
            header.insert(
                format!("{prefix}{name}"),
                json!({ "dtype": "F32", "shape": shape, "data_offsets": [from, end] }),
            );
        }
    }
    if let Some((which, name)) = &input.renamed {
        let key = header.keys().nth(usize::from(*which)).cloned();
        if let Some(value) = key.and_then(|key| header.remove(&key)) {
            header.insert(name.clone(), value);
        }
    }
    let [seconds, rate, dt] = input.numbers;
    let plain = json!({ "settings": { "updates": input.updates, "learning_rate": rate, "dt": dt },
        "best_transport": [seconds, input.updates], "seconds": seconds, "self_terms": [dt] });
    let training = if input.plain { plain.to_string() } else { input.training.clone() };
    let described = json!({ "config": config, "updates": 1 }).to_string();
    header.insert("__metadata__".into(), json!({ "scimf": described, "scimf-training": training }));
    let bytes = input.raw.unwrap_or_else(|| safetensors(Value::Object(header).to_string().as_bytes(), &vec![0; end]));
    Bound { each: 64, besides: 1 << 20 }.hold(bytes.len(), || {
        if let Err(error) = progress::read("t.safetensors", &bytes) {
            explained(&error);
        }
    });
});
