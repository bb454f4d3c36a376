//! PyTorch checkpoints: a zip archive with a pickle of tensors that point into raw storages.

use super::Tensor;
use super::pickle::{Pickle, Storage, Strided, Value};
use crate::data::archive::{self, Archive};
use crate::{Error, Result};
use std::collections::{BTreeMap, HashMap};

/// Reads a published checkpoint `{"model_state_dict": …, "epoch": n}` or a bare state dict; the epoch becomes metadata under [`super::EPOCH`].
pub(super) fn tensors(bytes: &[u8]) -> Result<(BTreeMap<String, Tensor>, HashMap<String, String>)> {
    let mut archive = Archive::open(bytes)?;
    let program = archive.names().into_iter().find(|name| name == "data.pkl" || name.ends_with("/data.pkl"));
    let program = program.ok_or_else(|| {
        Error::input("this zip archive has no data.pkl, so it is not a PyTorch checkpoint")
            .remedy("If it is a dataset bundle, open it as a dataset.")
    })?;
    let root = program.trim_end_matches("data.pkl").to_owned();
    let content = archive.read(&program)?.unwrap_or_default();
    let pickle = Pickle::read(&content).map_err(|error| error.at(program.as_str()))?;
    let big_endian = archive.read(&format!("{root}byteorder"))?.is_some_and(|order| order == b"big");

    let whole =
        pickle.dict(pickle.root()).ok_or_else(|| Error::input("the checkpoint is not a dictionary of tensors"))?;
    let entry = |name: &str| whole.iter().find(|(key, _)| pickle.text(*key) == Some(name)).map(|(_, value)| *value);
    let state = match entry("model_state_dict") {
        Some(value) => pickle.dict(value).ok_or_else(|| Error::input("“model_state_dict” is not a dictionary"))?,
        None => whole,
    };
    let epoch = match entry("epoch") {
        Some(Value::Int(epoch)) => u32::try_from(epoch).ok(),
        _ => None,
    };

    // Tensors may share numbers, but each gets its own of them.
    let mut room = archive::most_unpacked(bytes) / size_of::<f32>() as u64;
    let mut storages = BTreeMap::new();
    let mut tensors = BTreeMap::new();
    for (key, value) in state {
        let name = pickle.text(*key).ok_or_else(|| Error::input("a name in the state dictionary is not text"))?;
        let tensor = pickle.tensor(*value).ok_or_else(|| {
            Error::input(format!("“{name}” is not a tensor")).remedy(
                "Save the state dictionary of the model: `torch.save({\"model_state_dict\": model.state_dict()}, …)`.",
            )
        })?;
        let storage = pickle.storage(tensor.storage);
        if !storages.contains_key(&storage.key) {
            let entry = format!("{root}data/{}", storage.key);
            let bytes =
                archive.read(&entry)?.ok_or_else(|| Error::input("the checkpoint lacks this storage").at(entry))?;
            let values: Vec<f32> = storage.number.decode(&bytes, big_endian).map(|value| value as f32).collect();
            storages.insert(storage.key.clone(), (storage.number, values));
        }
        let (number, values) = &storages[&storage.key];
        let gathered = (*number == storage.number).then(|| gather(tensor, storage, values)).flatten();
        let tensor = gathered.ok_or_else(|| Error::input(format!("the tensor “{name}” points outside its storage")))?;
        room = room.checked_sub(tensor.values.len() as u64).ok_or_else(|| {
            Error::input("the tensors of this checkpoint share their numbers more often than a model does")
                .remedy("Save only the state dictionary of the model.")
        })?;
        tensors.insert(name.to_owned(), tensor);
    }
    Ok((tensors, epoch.map(|epoch| (super::EPOCH.to_owned(), epoch.to_string())).into_iter().collect()))
}

/// The values that a strided tensor sees, in row-major order; none if it sees more than its storage has.
fn gather(tensor: &Strided, storage: &Storage, values: &[f32]) -> Option<Tensor> {
    let Strided { offset, shape, strides, .. } = tensor;
    let length = shape.iter().try_fold(1usize, |product, side| product.checked_mul(*side))?;
    // A stride of 0 can repeat a value without end; weights have no use for that.
    if length > storage.length.min(values.len()) || shape.len() != strides.len() {
        return None;
    }
    let mut gathered = Vec::with_capacity(length);
    for index in 0..length {
        let mut rest = index;
        let mut at = *offset;
        for (side, stride) in shape.iter().zip(strides).rev() {
            at = at.checked_add((rest % side).checked_mul(*stride)?)?;
            rest /= side;
        }
        gathered.push(*values.get(at)?);
    }
    Some(Tensor { shape: shape.clone(), values: gathered })
}

#[cfg(test)]
mod tests {
    use super::super::pickle::Id;
    use super::*;
    use crate::data::number::Number;

    #[test]
    fn offsets_and_strides_are_honoured() {
        let storage = Storage { number: Number::Float(4), key: "0".into(), length: 8 };
        let values: Vec<f32> = (0..8u8).map(f32::from).collect();
        let strided = |offset, shape: &[usize], strides: &[usize]| Strided {
            storage: Id::default(),
            offset,
            shape: shape.to_vec(),
            strides: strides.to_vec(),
        };
        let found = |tensor: Strided| gather(&tensor, &storage, &values).map(|tensor| tensor.values);
        assert_eq!(found(strided(1, &[2, 3], &[1, 2])), Some(vec![1.0, 3.0, 5.0, 2.0, 4.0, 6.0]));
        assert_eq!(found(strided(7, &[], &[])), Some(vec![7.0]));
        assert_eq!(found(strided(3, &[2, 3], &[3, 1])), None);
        assert_eq!(found(strided(0, &[9], &[0])), None);
        assert_eq!(found(strided(usize::MAX, &[2], &[1])), None);
    }
}
