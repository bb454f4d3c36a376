//! What the page asks the browser: preferences of the user and of the address.

use scimf::protocol::DevicePreference;
use wasm_bindgen::prelude::*;

const THEME: &str = "scimf-theme";
const TOUR: &str = "scimf-tour";

/// Milliseconds since the page was opened.
pub fn now() -> f64 {
    window().performance().map_or(0.0, |clock| clock.now())
}

/// Milliseconds since 1970.
pub fn today() -> f64 {
    js_sys::Date::now()
}

/// The user asked the system for less motion.
pub fn reduced_motion() -> bool {
    matches("(prefers-reduced-motion: reduce)")
}

/// Dark colours: the user's choice on this page, else the system's.
pub fn prefers_dark() -> bool {
    remembered(THEME).map_or_else(system_is_dark, |theme| theme == "dark")
}

/// The system's colours are dark.
pub fn system_is_dark() -> bool {
    matches("(prefers-color-scheme: dark)")
}

/// A phone, or a window as narrow: one column.
pub fn narrow() -> bool {
    matches("(max-width: 759px)")
}

/// The dock stands beside the views, as the style sheet says.
pub fn dock_beside() -> bool {
    matches("(min-width: 1000px) and (min-aspect-ratio: 11 / 10)")
}

/// Width and height of the window, in CSS pixels.
pub fn window_size() -> [f64; 2] {
    let side = |length: Result<JsValue, JsValue>| length.ok().and_then(|length| length.as_f64()).unwrap_or(1.0);
    [side(window().inner_width()), side(window().inner_height())]
}

/// Shows large type, or the usual one.
pub fn show_lecture(on: bool) {
    if let Some(root) = window().document().and_then(|document| document.document_element()) {
        if on {
            root.set_attribute("data-lecture", "").ok()
        } else {
            root.remove_attribute("data-lecture").ok()
        };
    }
}

/// This browser can send notices; some have no such thing.
pub fn can_notify() -> bool {
    js_sys::Reflect::has(&window(), &"Notification".into()).unwrap_or(false)
}

/// The user lets this page send notices.
pub fn may_notify() -> bool {
    can_notify() && web_sys::Notification::permission() == web_sys::NotificationPermission::Granted
}

/// Asks whether this page may send notices.
pub fn ask_for_notices() {
    if !can_notify() {
        return;
    }
    if let Ok(asked) = web_sys::Notification::request_permission() {
        leptos::task::spawn_local(async move {
            wasm_bindgen_futures::JsFuture::from(asked).await.ok();
        });
    }
}

/// Sends a notice, where the user lets us.
pub fn notify(title: &str, words: &str) {
    if may_notify() {
        let options = web_sys::NotificationOptions::new();
        options.set_body(words);
        web_sys::Notification::new_with_options(title, &options).ok();
    }
}

/// Shows the theme.
pub fn show_theme(dark: bool) {
    if let Some(root) = window().document().and_then(|document| document.document_element()) {
        root.set_attribute("data-theme", if dark { "dark" } else { "light" }).ok();
    }
}

/// Remembers the theme where the browser lets us; a private window may not, and the page works without.
pub fn remember_theme(dark: bool) {
    remember(THEME, if dark { "dark" } else { "light" });
}

/// The tour is asked for in the address, or somebody is here for the first time; programs are led by their own plan.
pub fn wants_tour() -> bool {
    let search = window().location().search().unwrap_or_default();
    let asked = web_sys::UrlSearchParams::new_with_str(&search).is_ok_and(|query| query.has("tour"));
    let seen = || remembered(TOUR).is_some();
    let program = || js_sys::Reflect::get(&window().navigator(), &"webdriver".into()).is_ok_and(|it| it.is_truthy());
    asked || (!seen() && !program())
}

/// Remembers that the tour was seen, where the browser lets us.
pub fn remember_tour() {
    remember(TOUR, "seen");
}

/// What this browser remembers under a name.
pub fn remembered(name: &str) -> Option<String> {
    window().local_storage().ok().flatten().and_then(|storage| storage.get_item(name).ok().flatten())
}

/// Remembers words under a name, where the browser lets us.
pub fn remember(name: &str, words: &str) {
    if let Ok(Some(storage)) = window().local_storage() {
        storage.set_item(name, words).ok();
    }
}

/// The device named in the address, as in `?device=cpu`.
pub fn wanted_device() -> DevicePreference {
    let search = window().location().search().unwrap_or_default();
    let device = web_sys::UrlSearchParams::new_with_str(&search).ok().and_then(|query| query.get("device"));
    match device.as_deref() {
        Some("cpu") => DevicePreference::Cpu,
        Some("gpu") => DevicePreference::Gpu,
        _ => DevicePreference::Auto,
    }
}

/// How many workers the address wants to compute at most, as in `?workers=1`; none if it does not say.
pub fn wanted_workers() -> Option<usize> {
    let search = window().location().search().unwrap_or_default();
    web_sys::UrlSearchParams::new_with_str(&search).ok()?.get("workers")?.parse().ok()
}

/// Cores of this computer, as far as the browser tells.
pub fn cores() -> usize {
    window().navigator().hardware_concurrency() as usize
}

/// The content of `<meta name="...">` as an absolute address, relative to the page's own.
pub fn address(meta: &str) -> Option<String> {
    let document = window().document()?;
    let element = document.query_selector(&format!("meta[name='{meta}']")).ok()??;
    let relative = element.dyn_into::<web_sys::HtmlMetaElement>().ok()?.content();
    let base = document.base_uri().ok()??;
    web_sys::Url::new_with_base(&relative, &base).ok().map(|url| url.href())
}

/// The checksum that `<meta name="...">` gives of the file it names; none where the page was put together by other means.
pub fn integrity(meta: &str) -> Option<String> {
    let element = window().document()?.query_selector(&format!("meta[name='{meta}']")).ok()??;
    element.get_attribute("data-integrity")
}

/// Copies the address of the page.
///
/// # Errors
/// The browser refuses, or the page was not opened safely; in words.
pub async fn copy_address() -> Result<(), String> {
    let address = window().location().href().map_err(|error| message(&error))?;
    copy(&address).await
}

/// Copies a text.
///
/// # Errors
/// The browser refuses, or the page was not opened safely; in words.
pub async fn copy(text: &str) -> Result<(), String> {
    let said = |error: JsValue| message(&error);
    let clipboard = js_sys::Reflect::get(&window().navigator(), &"clipboard".into()).map_err(said)?;
    let write = js_sys::Reflect::get(&clipboard, &"writeText".into()).map_err(|_| "there is no clipboard here")?;
    let write: js_sys::Function = write.dyn_into().map_err(|_| "there is no clipboard here")?;
    let copied: js_sys::Promise = write.call1(&clipboard, &text.into()).map_err(said)?.unchecked_into();
    wasm_bindgen_futures::JsFuture::from(copied).await.map(|_| ()).map_err(said)
}

/// What a JavaScript error says.
pub fn message(error: &JsValue) -> String {
    error.dyn_ref::<js_sys::Error>().map_or_else(|| format!("{error:?}"), |error| String::from(error.message()))
}

fn matches(query: &str) -> bool {
    window().match_media(query).ok().flatten().is_some_and(|list| list.matches())
}

fn window() -> web_sys::Window {
    leptos::prelude::window()
}
