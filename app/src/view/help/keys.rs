//! The keys of the page.

use crate::prelude::*;

const KEYS: &[(&[&str], &str)] = &[
    (&["Space"], "Play or hold the simulated cells"),
    (&["1", "…", "9"], "Choose a time point"),
    (&["←", "→"], "The next time point, while the time strip has the focus; Home and End go to its ends"),
    (&["+", "−", "0"], "Zoom the cells, and show all of them again, while they have the focus; arrows move them"),
    (&["Delete"], "Run the experiment without the type, or with the link muted, that has the focus"),
    (
        &["Drag"],
        "A ribbon of the chord, up or down: its link has 0 to 300 % of its strength, and the future is simulated again",
    ),
    (&["Esc"], "Let go of what is pinned; close a window; leave the tour"),
    (&["Ctrl", "Z"], "Undo the last change of a setting"),
    (&["Ctrl", "Shift", "Z"], "Do it again"),
    (&["/"], "Find a gene, a cell type, a time point or a sample"),
    (&["?"], "This help"),
];

/// A table of keys, with what they do.
#[component]
pub fn Keys() -> impl IntoView {
    let row = |(keys, words): &(&'static [&'static str], &'static str)| {
        view! {
            <tr>
                <th scope="row">{keys.iter().map(|key| view! { <kbd>{*key}</kbd> " " }).collect_view()}</th>
                <td>{*words}</td>
            </tr>
        }
    };
    view! {
        <article>
            <h3>"Keys"</h3>
            <table class="keys">
                <tbody>{KEYS.iter().map(row).collect_view()}</tbody>
            </table>
            <p>"Tab reaches every control. On a Mac, Cmd stands for Ctrl."</p>
        </article>
    }
}
