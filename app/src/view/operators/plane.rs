//! The eigenvalues of the time point's cells in the complex plane.

use super::hand_over;
use crate::prelude::*;
use crate::{state::State, view::sketch::Sketch, words};
use scimf::figure::eigenvalues::{csv, draw, layout, means, sentence};
use scimf::figure::operator::signed;
use scimf::figure::theme::Theme;
use scimf::protocol::Spectrum;
use std::sync::Arc;

/// How near a click must be to an eigenvalue, in pixels.
const NEAR: f64 = 12.0;

/// The plane, the sentence that says what it shows, and the means by type.
#[component]
pub fn EigenPlane() -> impl IntoView {
    let state = expect_context::<State>();
    let spectrum = Memo::new(move |_| state.operators.spectrum.get().filter(|it| it.time == state.time.get()));
    let drawing = move |size| {
        let spectrum = spectrum.get()?;
        let theme = Theme::new(state.dark.get());
        let colors = state.type_colors();
        Some(state.dataset.with(|dataset| {
            let kind = |cell: u32| Some(*dataset.as_ref()?.cells.cell_types.get(cell as usize)? as usize);
            draw(&layout(&spectrum, size), &spectrum, &colors, kind, state.cells.picked.get(), theme)
        }))
    };
    let size = StoredValue::new([0.0; 2]);
    let about = Signal::derive(move || told(state, &spectrum.get()));
    let pick = move |at: [f64; 2]| {
        let Some(spectrum) = spectrum.get_untracked() else { return };
        if let Some(found) = layout(&spectrum, size.get_value()).find(at, NEAR) {
            state.cells.picked.set(spectrum.cells.get(found).copied());
        }
    };
    let drawn = move |new: [f64; 2]| {
        size.set_value(new);
        drawing(new)
    };
    move || {
        if spectrum.with(Option::is_none) {
            return view! { <div class="waiting"><p>"The eigenvalues are being computed."</p></div> }.into_any();
        }
        view! {
            <div class="eigen">
                <Sketch draw=drawn about class="eigen-plane" clicked=pick/>
                <div class="eigen-side">
                    <p aria-live="polite">{about} " " <span class="quiet">{move || marked(state)}</span></p>
                    <Means spectrum/>
                </div>
            </div>
        }
        .into_any()
    }
}

#[component]
fn Means(spectrum: Memo<Option<Arc<Spectrum>>>) -> impl IntoView {
    let state = expect_context::<State>();
    let rows = move || {
        let (names, colors) = (state.type_names(), state.type_colors());
        let row = |mean: scimf::figure::eigenvalues::TypeMean| {
            view! {
                <tr>
                    <th scope="row">
                        <span class="swatch" style:background-color=colors.get(mean.kind).map(|color| color.to_string())></span>
                        " " {mean.kind + 1} " " {names.get(mean.kind).cloned()}
                    </th>
                    <td>{words::count(mean.cells)}</td>
                    <td>{signed(mean.growth)}</td>
                    <td>{words::number(mean.rotation as f32)}</td>
                </tr>
            }
        };
        let spectrum = spectrum.get()?;
        Some(of_types(state, &spectrum).into_iter().map(row).collect_view())
    };
    view! {
        <div class="figure-scroll" tabindex="0" role="group" aria-label="Means by type">
            <table class="scores">
                <caption>"Mean over the cells of a type"</caption>
                <thead>
                    <tr>
                        <td></td>
                        <th scope="col">"cells"</th>
                        <th scope="col"><abbr title="Largest real part, per mean sampling interval">"growth"</abbr></th>
                        <th scope="col"><abbr title="Largest imaginary part, per mean sampling interval">"rotation"</abbr></th>
                    </tr>
                </thead>
                <tbody>{move || rows()}</tbody>
            </table>
        </div>
    }
}

fn of_types(state: State, spectrum: &Spectrum) -> Vec<scimf::figure::eigenvalues::TypeMean> {
    let kinds = state.type_names().len();
    state.dataset.with(|dataset| {
        means(spectrum, kinds, |cell| Some(*dataset.as_ref()?.cells.cell_types.get(cell as usize)? as usize))
    })
}

fn told(state: State, spectrum: &Option<Arc<Spectrum>>) -> String {
    let Some(spectrum) = spectrum else { return String::new() };
    let label = state.time_labels().get(spectrum.time).cloned().unwrap_or_default();
    sentence(&of_types(state, spectrum), &state.type_names(), &label)
}

/// Which cell is marked, or how to mark one.
fn marked(state: State) -> String {
    match state.cells.picked.get() {
        Some(cell) => format!("Rings: cell {}.", words::count(cell as usize + 1)),
        None => "Click a dot, or a cell in the plot of the cells, to mark it.".into(),
    }
}

/// Every eigenvalue as a file.
pub fn save(state: State) {
    let Some(spectrum) = state.operators.spectrum.get() else { return };
    let names = state.type_names();
    let text = state.dataset.with(|dataset| {
        csv(&spectrum, &names, |cell| Some(*dataset.as_ref()?.cells.cell_types.get(cell as usize)? as usize))
    });
    hand_over(state, "eigenvalues", &text);
}
