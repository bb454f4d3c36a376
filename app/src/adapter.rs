//! The browser's GPU adapter, asked for before any device is made from it.

use js_sys::{Function, Promise, Reflect};
use scimf::device::Adapter;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::DedicatedWorkerGlobalScope;

/// The adapter that WebGPU offers this worker, or why there is none, in words for the user.
pub async fn find(scope: &DedicatedWorkerGlobalScope) -> Result<Adapter, String> {
    let gpu = field(&scope.navigator(), "gpu").ok_or("this browser has no WebGPU")?;
    let adapter = ask(&gpu).await.map_err(|_| "the browser refused a WebGPU adapter")?;
    if adapter.is_null() || adapter.is_undefined() {
        return Err("the browser found no WebGPU adapter".into());
    }
    let info = field(&adapter, "info").unwrap_or(JsValue::UNDEFINED);
    let text = |name| field(&info, name).and_then(|value| value.as_string()).filter(|text| !text.is_empty());
    let (vendor, architecture) = (text("vendor"), text("architecture"));
    let software = [&info, &adapter]
        .iter()
        .any(|object| field(object, "isFallbackAdapter").is_some_and(|value| value.is_truthy()))
        || architecture.as_deref().is_some_and(|name| name.contains("swiftshader"));
    let name = match (text("description"), vendor, architecture) {
        (Some(description), _, _) => description,
        (None, Some(vendor), Some(architecture)) => format!("{vendor} ({architecture})"),
        (None, Some(one), None) | (None, None, Some(one)) => one,
        (None, None, None) => "WebGPU adapter".into(),
    };
    Ok(Adapter { name, software })
}

async fn ask(gpu: &JsValue) -> Result<JsValue, JsValue> {
    let request: Function = Reflect::get(gpu, &"requestAdapter".into())?.dyn_into()?;
    let promise: Promise = request.call0(gpu)?.dyn_into()?;
    JsFuture::from(promise).await
}

fn field(object: &JsValue, name: &str) -> Option<JsValue> {
    Reflect::get(object, &name.into()).ok().filter(|value| !value.is_undefined() && !value.is_null())
}
