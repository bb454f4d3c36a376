//! One Web Worker: how it is started, and how its death is noticed.

use super::content;
use crate::{page, wire};
use js_sys::{Array, Function, Reflect, Uint8Array};
use scimf::protocol::Message;
use wasm_bindgen::prelude::*;
use web_sys::{BlobPropertyBag, MessageEvent, Url, WorkerOptions, WorkerType};

/// What happens in a worker.
pub enum Sign {
    /// It said something; the bytes of a file in it come apart.
    Said(Box<Message>, Option<Uint8Array>),
    /// It is gone or of no use; what is known of the reason.
    Gone(String),
}

/// A worker, ended when dropped.
pub struct Worker {
    name: String,
    worker: web_sys::Worker,
    _message: Closure<dyn FnMut(MessageEvent)>,
    _error: Closure<dyn FnMut(web_sys::Event)>,
}

impl Worker {
    /// Starts the engine's program under a name that no other worker has; the name stands in the lock by which its death is noticed.
    ///
    /// # Errors
    /// The page does not say where the program is, or the browser refuses; in words.
    pub fn start(name: String, hear: impl Fn(Sign) + Clone + 'static) -> Result<Self, String> {
        let (Some(program), Some(wasm)) = (page::address("engine"), page::address("engine-wasm")) else {
            return Err("The page does not say where its engine is. It was not built completely.".into());
        };
        let checksums = [page::integrity("engine"), page::integrity("engine-wasm")];
        let worker = spawn(&name, [&program, &wasm], checksums)
            .map_err(|error| format!("The browser does not start the engine: {}.", page::message(&error)))?;
        let on_message = {
            let hear = hear.clone();
            Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
                let bytes = content::take_out(&event.data());
                hear(match wire::unpack(event.data()) {
                    Ok(message) => Sign::Said(Box::new(message), bytes),
                    Err(error) => Sign::Gone(format!("its answer could not be read: {error}")),
                });
            })
        };
        let on_error = Closure::<dyn FnMut(web_sys::Event)>::new(move |event: web_sys::Event| {
            // It is told in words, and is no error of the page.
            event.prevent_default();
            let why = event.dyn_ref::<web_sys::ErrorEvent>().map(web_sys::ErrorEvent::message).unwrap_or_default();
            hear(Sign::Gone(why));
        });
        worker.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        for event in ["error", "messageerror"] {
            worker.add_event_listener_with_callback(event, on_error.as_ref().unchecked_ref()).ok();
        }
        Ok(Self { name, worker, _message: on_message, _error: on_error })
    }

    /// Sends a packed request.
    ///
    /// # Errors
    /// The browser cannot copy the message, as when memory is short.
    pub fn post(&self, parcel: &wire::Parcel) -> Result<(), JsValue> {
        self.worker.post_message_with_transfer(&parcel.value, &parcel.transfer)
    }

    /// Calls back when the worker ends, however it ends: it holds a lock from before its first message to its end, and no error event tells of
    /// a worker that closes itself or is killed. Browsers without locks (pages that are not served securely) do without.
    pub fn watch(&self, ended: impl FnOnce() + 'static) {
        let navigator = leptos::prelude::window().navigator();
        let Ok(locks) = Reflect::get(&navigator, &"locks".into()) else { return };
        if locks.is_undefined() {
            return;
        }
        if let Ok(request) = Reflect::get(&locks, &"request".into()).and_then(JsCast::dyn_into::<Function>) {
            let lock = format!("scimf-engine-{}", self.name);
            request.call2(&locks, &lock.into(), &Closure::once_into_js(ended)).ok();
        }
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.worker.set_onmessage(None);
        self.worker.terminate();
    }
}

/// Starts the program from a blob: a worker from a blob inherits the page's content security policy, one from an address does not. Both of its
/// files are compared with the checksums that the page knows, if it was sealed with them, before anything of them runs.
fn spawn(name: &str, files: [&str; 2], checksums: [Option<String>; 2]) -> Result<web_sys::Worker, JsValue> {
    let quote = |text: &str| js_sys::JSON::stringify(&text.into()).map(String::from);
    let [program, wasm] = files.map(quote);
    let (program, wasm) = (program?, wasm?);
    let [program_checked, wasm_checked] = checksums.map(|sum| match sum {
        Some(sum) => quote(&sum).map(|sum| format!("{{ integrity: {sum} }}")),
        None => Ok("{}".into()),
    });
    let code = format!(
        "try {{ const [, wasm] = await Promise.all([fetch({program}, {}).then((it) => it.arrayBuffer()), fetch({wasm}, {})]); \
         const {{ default: start }} = await import({program}); await start({{ module_or_path: wasm }}); }} \
         catch (error) {{ postMessage({{ request: null, event: {{ Failed: {{ kind: 'Internal', message: String(error), fatal: true }} }} }}); }}",
        program_checked?, wasm_checked?
    );
    let kind = BlobPropertyBag::new();
    kind.set_type("text/javascript");
    let url = Url::create_object_url_with_blob(&web_sys::Blob::new_with_str_sequence_and_options(
        &Array::of1(&code.into()),
        &kind,
    )?)?;
    let options = WorkerOptions::new();
    options.set_type(WorkerType::Module);
    options.set_name(name);
    web_sys::Worker::new_with_options(&url, &options)
}
