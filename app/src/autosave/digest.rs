//! Checksums, by the browser's own SHA-256: the bytes never pass through the page's memory.

use js_sys::{Function, Promise, Reflect, Uint8Array};
use std::fmt::Write;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

/// The SHA-256 of some bytes one after another, in hexadecimal.
///
/// # Errors
/// The browser computes none, as for pages that are not served securely; in words.
pub async fn sha256(parts: &[Uint8Array]) -> Result<String, String> {
    let digest = async |bytes: &JsValue| -> Result<JsValue, JsValue> {
        let crypto = Reflect::get(&js_sys::global(), &"crypto".into())?;
        let subtle = Reflect::get(&crypto, &"subtle".into())?;
        let digest: Function = Reflect::get(&subtle, &"digest".into())?.dyn_into()?;
        let promise: Promise = digest.call2(&subtle, &"SHA-256".into(), bytes)?.dyn_into()?;
        JsFuture::from(promise).await
    };
    let whole = match parts {
        [one] => one.clone(),
        parts => joined(parts),
    };
    let hash = digest(&whole).await.map_err(|_| "this browser computes no checksums for this address".to_owned())?;
    let mut text = String::with_capacity(64);
    for byte in Uint8Array::new(&hash).to_vec() {
        let _ = write!(text, "{byte:02x}");
    }
    Ok(text)
}

fn joined(parts: &[Uint8Array]) -> Uint8Array {
    let whole = Uint8Array::new_with_length(parts.iter().map(Uint8Array::length).sum());
    let mut at = 0;
    for part in parts {
        whole.set(part, at);
        at += part.length();
    }
    whole
}
