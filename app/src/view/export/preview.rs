//! The figure as it will be saved.

use crate::export;
use crate::prelude::*;
use scimf::figure::svg::description;

/// The document as a picture, with the sentence that it says of itself.
#[component]
pub fn Preview(
    /// The document; none while there is nothing to draw.
    document: Memo<Option<Result<String, String>>>,
    /// Address of a film that was made of it.
    film: RwSignal<Option<String>>,
) -> impl IntoView {
    let shown = StoredValue::new(None::<String>);
    let forget = move || {
        if let Some(address) = shown.try_update_value(Option::take).flatten() {
            export::revoke(&address);
        }
    };
    let address = Memo::new(move |_| document.with(|it| export::address(it.as_ref()?.as_ref().ok()?)));
    Effect::new(move |_| {
        let address = address.get();
        forget();
        shown.set_value(address);
    });
    on_cleanup(forget);
    let sentence = Memo::new(move |_| document.with(|it| description(it.as_ref()?.as_ref().ok()?)));
    let problem = move || {
        document.with(|it| match it {
            None => Some("This figure is not there yet.".to_owned()),
            Some(Err(problem)) => Some(problem.clone()),
            Some(Ok(_)) => None,
        })
    };
    view! {
        <div class="preview">
            {move || {
                film.get()
                    .or_else(|| address.get())
                    .map(|address| {
                        view! { <img src=address alt=move || format!("Preview. {}", sentence.get().unwrap_or_default())/> }
                    })
            }}
            <p class="quiet">{move || problem()}</p>
        </div>
    }
}
