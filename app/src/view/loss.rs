//! loss

use leptos::prelude::*;

/// LossCurve
#[component]
pub fn LossCurve() -> impl IntoView {}
