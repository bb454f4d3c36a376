//! Cell-type attention as a table: the chord's numbers.

use crate::state::State;
use leptos::prelude::*;
use scimf::figure::heatmap::Scale;
use scimf::figure::labels::number;
use scimf::figure::palette::cell_types;

/// The matrix of cell-type attention at the chosen time point: rows are receivers, columns senders.
#[component]
pub fn Matrix() -> impl IntoView {
    let state = expect_context::<State>();
    move || {
        let (dataset, communication) = (state.dataset.get()?, state.communication.get()?);
        let types = &dataset.summary.cell_types;
        let n = types.len();
        if communication.mean.len() != n * n {
            return None;
        }
        let colors = cell_types(types);
        let scale = Scale::of(&communication.mean, false);
        let lit = move |i: usize| move || state.focused_type.get() == Some(i);
        let header = |i: usize, scope: &'static str| {
            view! {
                <th scope=scope class:lit=lit(i) title=types[i].name.clone()>
                    <span class="swatch" style:background-color=colors[i].to_string()></span>
                    <span class="name">{types[i].name.clone()}</span>
                </th>
            }
        };
        let cell = |receiver: usize, sender: usize| {
            let value = communication.mean[receiver * n + sender];
            let shade = scale.color(value.into());
            view! {
                <td
                    class:lit=move || lit(receiver)() || lit(sender)()
                    data-value=value.is_finite().then(|| value.to_string())
                    style:background-color=shade.map(|color| color.to_string())
                    style:color=shade.map(|color| color.ink().to_string())
                >
                    {number(value.into())}
                </td>
            }
        };
        let rows = (0..n).map(|receiver| {
            let cells = (0..n).map(|sender| cell(receiver, sender)).collect_view();
            view! { <tr>{header(receiver, "row")}{cells}</tr> }
        });
        Some(view! {
            <div class="figure-scroll" tabindex="0" role="group" aria-label="Table of the numbers in the chord diagram">
                <table class="matrix">
                    <caption>"Cell-type attention"</caption>
                    <thead>
                        <tr>
                            <td class="corner">"receiver ↓ sender →"</td>
                            {(0..n).map(|sender| header(sender, "col")).collect_view()}
                        </tr>
                    </thead>
                    <tbody>{rows.collect_view()}</tbody>
                </table>
            </div>
        })
    }
}
