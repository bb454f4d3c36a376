//! Trusted Types: the one policy by which text may become markup or the address of a program, where the browser enforces it.
//!
//! The page's security policy demands it (`require-trusted-types-for 'script'`) and allows this one policy. Markup comes only from the parts of
//! the views that were written out when the page was built; names from a file are never parsed. What could run a program is refused even there.

use js_sys::{Function, Object, Reflect};
use wasm_bindgen::prelude::*;

/// What stands in no markup of this page.
const REFUSED: [&str; 8] = ["<script", "<iframe", "<object", "<embed", "<base", "<meta", "javascript:", "srcdoc"];

/// Makes the policy. Before anything is drawn; browsers without Trusted Types do without.
pub fn establish() {
    let make = || -> Result<(), JsValue> {
        let factory = Reflect::get(&js_sys::global(), &"trustedTypes".into())?;
        let create: Function = Reflect::get(&factory, &"createPolicy".into())?.dyn_into()?;
        let markup = Closure::<dyn Fn(String) -> Option<String>>::new(|text: String| is_inert(&text).then_some(text));
        let address =
            Closure::<dyn Fn(String) -> Option<String>>::new(|text: String| is_own_program(&text).then_some(text));
        let rules = Object::new();
        Reflect::set(&rules, &"createHTML".into(), markup.as_ref())?;
        Reflect::set(&rules, &"createScriptURL".into(), address.as_ref())?;
        create.call2(&factory, &"default".into(), &rules)?;
        // They live as long as the page.
        markup.forget();
        address.forget();
        Ok(())
    };
    let _ = make();
}

/// Markup that runs nothing: none of the elements that could, and no handler in a tag.
fn is_inert(markup: &str) -> bool {
    let markup = markup.to_ascii_lowercase();
    let handled = |tag: &str| {
        let is_handler =
            |rest: &str| rest.trim_start_matches(|c: char| c.is_ascii_alphabetic()).trim_start().starts_with('=');
        tag.split(|c: char| c.is_ascii_whitespace() || c == '/').any(|word| {
            word.strip_prefix("on")
                .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_alphabetic()) && is_handler(rest))
        })
    };
    let mut tags = markup.split('<').skip(1).map(|rest| rest.split('>').next().unwrap_or(rest));
    REFUSED.iter().all(|word| !markup.contains(word)) && !tags.any(handled)
}

/// The engine's worker, which the page itself wrote out, or the service worker beside the page.
fn is_own_program(address: &str) -> bool {
    let location = leptos::prelude::window().location();
    let origin = location.origin().unwrap_or_default();
    address == crate::offline::WORKER
        || address.strip_prefix("blob:").is_some_and(|rest| rest.starts_with(&format!("{origin}/")))
}
