//! Files that stay with the browser, of which the engine reads slices.

use crate::wire;
use js_sys::{Array, ArrayBuffer, Function, Reflect, Uint8Array};
use scimf::protocol::{Command, Content, Request, Slices};
use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Arc;
use wasm_bindgen::prelude::*;
use web_sys::Blob;

#[wasm_bindgen]
extern "C" {
    type FileReaderSync;

    #[wasm_bindgen(constructor, catch)]
    fn new() -> Result<FileReaderSync, JsValue>;

    #[wasm_bindgen(method, catch, js_name = readAsArrayBuffer)]
    fn read_as_array_buffer(this: &FileReaderSync, blob: &Blob) -> Result<ArrayBuffer, JsValue>;
}

/// The browser's handles by number: the engine's types go through threads elsewhere, and a handle cannot.
#[derive(Default)]
struct Handles {
    last: u64,
    open: HashMap<u64, Blob>,
}

thread_local! {
    static HANDLES: RefCell<Handles> = RefCell::default();
}

/// A request, with files that lie beside it (`slices`, one for each file or none) in the place of their bytes.
///
/// # Errors
/// As [`wire::unpack`].
pub fn unpack(message: JsValue) -> Result<Request, serde_wasm_bindgen::Error> {
    let beside = Reflect::get(&message, &"slices".into()).ok().and_then(|it| it.dyn_into::<Array>().ok());
    let mut request: Request = wire::unpack(message)?;
    if let (Some(beside), Command::Open { files }) = (beside, &mut request.command) {
        for (file, handle) in files.iter_mut().zip(beside.iter()) {
            if let Ok(blob) = handle.dyn_into::<Blob>() {
                file.bytes = Content::Slices(Arc::new(Outside::new(blob)));
            }
        }
    }
    Ok(request)
}

/// Frees a buffer at once: a browser would collect them only after the reading, which is one piece of work, and until then there would be all of the
/// file. Older browsers do without.
fn let_go(buffer: &ArrayBuffer) {
    if let Ok(transfer) = Reflect::get(buffer, &"transfer".into()).and_then(JsCast::dyn_into::<Function>) {
        transfer.call1(buffer, &0.into()).ok();
    }
}

/// One such file; its handle is let go with it.
struct Outside {
    number: u64,
    size: f64,
}

impl Outside {
    fn new(blob: Blob) -> Self {
        let size = blob.size();
        let number = HANDLES.with_borrow_mut(|handles| {
            handles.last += 1;
            handles.open.insert(handles.last, blob);
            handles.last
        });
        Self { number, size }
    }
}

impl Drop for Outside {
    fn drop(&mut self) {
        HANDLES.with_borrow_mut(|handles| handles.open.remove(&self.number));
    }
}

impl Slices for Outside {
    fn size(&self) -> u64 {
        self.size as u64
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> Result<(), String> {
        let said = |error: JsValue| {
            let message = Reflect::get(&error, &"message".into()).ok().and_then(|it| it.as_string());
            message.unwrap_or_else(|| "the browser does not say why".into())
        };
        HANDLES.with_borrow(|handles| {
            let blob = handles.open.get(&self.number).ok_or("its handle is gone")?;
            let (start, end) = (offset as f64, offset as f64 + buffer.len() as f64);
            let slice = blob.slice_with_f64_and_f64(start, end).map_err(said)?;
            let found = FileReaderSync::new().and_then(|reader| reader.read_as_array_buffer(&slice)).map_err(said)?;
            let found = Uint8Array::new(&found);
            if found.length() as usize != buffer.len() {
                return Err("it is shorter than it was".into());
            }
            found.copy_to(buffer);
            let_go(&found.buffer());
            Ok(())
        })
    }
}
