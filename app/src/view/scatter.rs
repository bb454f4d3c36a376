//! scatter

use leptos::prelude::*;

/// Scatter
#[component]
pub fn Scatter() -> impl IntoView {}
