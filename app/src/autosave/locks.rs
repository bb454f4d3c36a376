//! Web Locks: who is alive. A lock goes with the tab that holds it, however that ends.

use js_sys::{Array, Function, Object, Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

/// A lock that is held until it is dropped, or the tab is gone.
pub struct Lock {
    release: Function,
}

impl Drop for Lock {
    fn drop(&mut self) {
        self.release.call0(&JsValue::NULL).ok();
    }
}

/// The name of a save's lock.
pub fn name(id: &str) -> String {
    format!("scimf-save-{id}")
}

impl Lock {
    /// Takes the lock of a save; none if another tab holds it, or the browser has no locks.
    pub async fn of(id: &str) -> Option<Self> {
        let mut release = None;
        let until = Promise::new(&mut |resolve, _| release = Some(resolve));
        let granted = Promise::new(&mut |resolve, _| {
            let until = until.clone();
            let decided = resolve.clone();
            let hold = Closure::once_into_js(move |lock: JsValue| -> JsValue {
                decided.call1(&JsValue::NULL, &JsValue::from(!lock.is_null())).ok();
                if lock.is_null() { JsValue::UNDEFINED } else { until.into() }
            });
            if request(&name(id), &hold).is_err() {
                resolve.call1(&JsValue::NULL, &JsValue::FALSE).ok();
            }
        });
        let granted = JsFuture::from(granted).await.is_ok_and(|granted| granted.is_truthy());
        release.filter(|_| granted).map(|release| Self { release })
    }
}

/// The names of all locks that tabs of this site hold.
pub async fn held() -> Vec<String> {
    let query = async || -> Result<Vec<String>, JsValue> {
        let locks = manager()?;
        let query: Function = Reflect::get(&locks, &"query".into())?.dyn_into()?;
        let answer = JsFuture::from(query.call0(&locks)?.dyn_into::<Promise>()?).await?;
        let held: Array = Reflect::get(&answer, &"held".into())?.dyn_into()?;
        Ok(held.iter().filter_map(|lock| Reflect::get(&lock, &"name".into()).ok()?.as_string()).collect())
    };
    query().await.unwrap_or_default()
}

fn request(name: &str, hold: &JsValue) -> Result<(), JsValue> {
    let locks = manager()?;
    let request: Function = Reflect::get(&locks, &"request".into())?.dyn_into()?;
    let options = Object::new();
    Reflect::set(&options, &"ifAvailable".into(), &JsValue::TRUE)?;
    request.call3(&locks, &name.into(), &options, hold).map(|_| ())
}

fn manager() -> Result<JsValue, JsValue> {
    Reflect::get(&leptos::prelude::window().navigator(), &"locks".into())
}
