//! A failure, once, in words.

use crate::prelude::*;
use crate::state::State;

/// The last failure until it is dismissed.
#[component]
pub fn Problem() -> impl IntoView {
    let problem = expect_context::<State>().problem;
    view! {
        <div class="problem" role="alert">
            {move || {
                problem
                    .get()
                    .map(|words| {
                        view! {
                            <p>{words}</p>
                            <button type="button" class="icon" aria-label="Dismiss" on:click=move |_| problem.set(None)>
                                "×"
                            </button>
                        }
                    })
            }}
        </div>
    }
}
