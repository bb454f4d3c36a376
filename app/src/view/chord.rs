//! chord

use leptos::prelude::*;

/// Chord
#[component]
pub fn Chord() -> impl IntoView {}
