//! matrix

use leptos::prelude::*;

/// Matrix
#[component]
pub fn Matrix() -> impl IntoView {}
