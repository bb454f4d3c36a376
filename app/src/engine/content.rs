//! The bytes of files on their way to the engine and back: they never pass through the page's own memory.

use crate::{files::Body, wire::Parcel};
use js_sys::{Array, Object, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};

/// Puts the bytes of files into the packed command that names them: one file for each entry of `files`, or the one that the command itself
/// is about. Of files that stay with the browser the handles lie beside the command, as `slices`.
///
/// # Errors
/// A command of another shape.
pub fn enclose(parcel: Parcel, contents: Vec<Body>) -> Result<Parcel, JsValue> {
    if contents.is_empty() {
        return Ok(parcel);
    }
    let command = Reflect::get(&parcel.value, &"command".into())?;
    let variant = Object::values(&command.into()).get(0);
    let files = Reflect::get(&variant, &"files".into())?;
    let holders = if files.is_undefined() { Array::of1(&variant) } else { files.into() };
    parcel.transfer.set_length(0);
    let slices = Array::new();
    for (holder, content) in holders.iter().zip(contents) {
        match content {
            Body::Bytes(bytes) => {
                Reflect::set(&holder, &"bytes".into(), &bytes)?;
                parcel.transfer.push(&bytes.buffer());
                slices.push(&JsValue::NULL);
            }
            Body::Outside(file) => _ = slices.push(&file),
        }
    }
    Reflect::set(&parcel.value, &"slices".into(), &slices)?;
    Ok(parcel)
}

/// Takes the bytes out of a message that hands over a file or a checkpoint, before it is unpacked.
pub fn take_out(message: &JsValue) -> Option<Uint8Array> {
    let event = Reflect::get(message, &"event".into()).ok()?;
    let (holder, field) = [("File", "bytes"), ("Checkpoint", "state")].into_iter().find_map(|(variant, field)| {
        let holder = Reflect::get(&event, &variant.into()).ok()?;
        holder.is_object().then_some((holder, JsValue::from(field)))
    })?;
    let bytes = Reflect::get(&holder, &field).ok()?.dyn_into().ok()?;
    Reflect::set(&holder, &field, &Uint8Array::new_with_length(0)).ok()?;
    Some(bytes)
}
