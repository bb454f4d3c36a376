//! Messages as JavaScript values: plain objects, with the byte arrays in them listed for transfer.

use js_sys::{Array, Object, Uint8Array};
use serde::{Serialize, de::DeserializeOwned};
use wasm_bindgen::{JsCast, JsValue};

/// A message and the buffers in it that move instead of being copied.
pub struct Parcel {
    /// The message.
    pub value: JsValue,
    /// Its `ArrayBuffer`s, for the transfer list of `postMessage`.
    pub transfer: Array,
}

/// Packs a message.
///
/// # Errors
/// A value that JavaScript cannot hold; none of the protocol's types has one.
pub fn pack<T: Serialize>(message: &T) -> Result<Parcel, serde_wasm_bindgen::Error> {
    let value = message.serialize(&serde_wasm_bindgen::Serializer::new().serialize_maps_as_objects(true))?;
    let transfer = Array::new();
    collect_buffers(&value, &transfer);
    Ok(Parcel { value, transfer })
}

/// Unpacks a message.
///
/// # Errors
/// A value of another shape, as from a worker of another version.
pub fn unpack<T: DeserializeOwned>(value: JsValue) -> Result<T, serde_wasm_bindgen::Error> {
    serde_wasm_bindgen::from_value(value)
}

fn collect_buffers(value: &JsValue, transfer: &Array) {
    if let Some(bytes) = value.dyn_ref::<Uint8Array>() {
        transfer.push(&bytes.buffer());
    } else if let Some(list) = value.dyn_ref::<Array>() {
        list.iter().for_each(|item| collect_buffers(&item, transfer));
    } else if let Some(object) = value.dyn_ref::<Object>() {
        Object::values(object).iter().for_each(|item| collect_buffers(&item, transfer));
    }
}
