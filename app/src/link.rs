//! The study in the page's address: `?data=studies/mef.zip`, a file in the page's own folder.

mod path;

use leptos::prelude::window;
use wasm_bindgen::JsValue;
use web_sys::UrlSearchParams;

/// Name of the parameter.
const DATA: &str = "data";

/// Path of the study, or why it cannot be one; none if the address names no study.
pub fn linked() -> Option<Result<String, String>> {
    let text = query().get(DATA)?;
    Some(path::study(&text).map(str::to_owned).ok_or_else(|| {
        format!("The link names “{text}”, which is no file in this page's own folder. Open the file itself, or correct the link after “data=”.")
    }))
}

/// Takes the study out of the address: another one is opened.
pub fn forget() {
    let query = query();
    if !query.has(DATA) {
        return;
    }
    query.delete(DATA);
    let rest = String::from(query.to_string());
    let search = if rest.is_empty() { rest } else { format!("?{rest}") };
    let location = window().location();
    let path = location.pathname().unwrap_or_default();
    let hash = location.hash().unwrap_or_default();
    if let Ok(history) = window().history() {
        history.replace_state_with_url(&JsValue::NULL, "", Some(&(path + &search + &hash))).ok();
    }
}

fn query() -> UrlSearchParams {
    let search = window().location().search().unwrap_or_default();
    UrlSearchParams::new_with_str(&search).expect("a list can be made of every text")
}
