//! The page without a network: a service worker that keeps this version of it.

use js_sys::{Function, Reflect};
use wasm_bindgen::prelude::*;

/// The address of the service worker, next to the page.
pub const WORKER: &str = "sw.js";

/// Asks the browser to keep the page. A browser that cannot, or a page that is not served securely, does without.
pub fn keep() {
    let ask = || -> Result<(), JsValue> {
        let workers = Reflect::get(&leptos::prelude::window().navigator(), &"serviceWorker".into())?;
        let register: Function = Reflect::get(&workers, &"register".into())?.dyn_into()?;
        let promise: js_sys::Promise = register.call1(&workers, &WORKER.into())?.dyn_into()?;
        let refused = Closure::once(|_| ());
        let _ = promise.catch(&refused);
        refused.forget();
        Ok(())
    };
    // Nothing of what the user came for depends on it.
    let _ = ask();
}
