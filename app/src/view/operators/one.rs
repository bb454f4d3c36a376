//! One operator as a table of colours and signed numbers, beside its eigenvalues.

use super::hand_over;
use crate::prelude::*;
use crate::{state::State, words};
use scimf::figure::heatmap::Scale;
use scimf::figure::operator::{csv, modes, signed};
use scimf::protocol::Operator;
use std::sync::Arc;

/// With more components than this there is no room for numbers.
const NUMBERED: usize = 12;

/// The operator that was asked for last.
#[component]
pub fn OneOperator() -> impl IntoView {
    let state = expect_context::<State>();
    move || match state.operators.operator.get() {
        None => view! { <div class="waiting"><p>"The operator is being computed."</p></div> }.into_any(),
        Some(operator) => {
            let whose = state.operator_words(operator.of, operator.cells);
            view! {
                <div class="one-operator">
                    <Entries operator=operator.clone() whose=whose.clone()/>
                    <Modes operator whose/>
                </div>
            }
            .into_any()
        }
    }
}

#[component]
fn Entries(operator: Arc<Operator>, whose: String) -> impl IntoView {
    let d = operator.dimensions;
    let axis =
        expect_context::<State>().dataset.with(|it| it.as_ref().map_or_else(String::new, |it| it.summary.axis.clone()));
    let scale = Scale::of(&operator.matrix, true);
    let [low, high] = scale.range();
    let heads = (0..d).map(
        |column| view! { <th scope="col" title=format!("Component {} as the driver", column + 1)>{column + 1}</th> },
    );
    let rows = (0..d).map(|row| {
        let cells = (0..d).map(|column| {
            let value = f64::from(operator.matrix[row * d + column]);
            let color = scale.color(value);
            view! {
                <td
                    data-value=value.to_string()
                    title=format!("{axis} {} drives {axis} {}: {} per mean interval", column + 1, row + 1, signed(value))
                    style:background-color=color.map(|color| color.to_string())
                    style:color=color.map(|color| color.ink().to_string())
                >
                    <span class="value">{signed(value)}</span>
                </td>
            }
        });
        view! {
            <tr>
                <th scope="row">{format!("{axis} {}", row + 1)}</th>
                {cells.collect_view()}
            </tr>
        }
    });
    let colors: Vec<String> = (0..=16)
        .filter_map(|i| scale.color(low + (high - low) * f64::from(i) / 16.0))
        .map(|color| color.to_string())
        .collect();
    view! {
        <div class="figure-scroll" class:tight=(d > NUMBERED) tabindex="0" role="group" aria-label="Operator in numbers">
            <table class="matrix operator">
                <caption>{format!("Operator of {whose}, per mean interval")}</caption>
                <thead>
                    <tr>
                        <td class="corner"><span>"driven by →"</span><span>"changes ↓"</span></td>
                        {heads.collect_view()}
                    </tr>
                </thead>
                <tbody>{rows.collect_view()}</tbody>
            </table>
            <p class="scale-key" role="img" aria-label=format!("Colours from {} (drives down) to {} (drives up)", signed(low), signed(high))>
                <span aria-hidden="true">{signed(low)} " down"</span>
                <span class="gradient" style:background-image=format!("linear-gradient(to right, {})", colors.join(", "))></span>
                <span aria-hidden="true">{signed(high)} " up"</span>
            </p>
        </div>
    }
}

/// The eigenvalues as growth rates and periods.
#[component]
fn Modes(operator: Arc<Operator>, whose: String) -> impl IntoView {
    let state = expect_context::<State>();
    let all = modes(&operator.eigenvalues);
    let sentence = all.first().map(|first| {
        let unit = state.time_unit();
        format!("Fastest mode of {whose}: {}.", first.words(unit.as_ref()))
    });
    let unit = state.time_unit();
    let named = match unit.as_ref().map(|unit| unit.name.as_str()) {
        Some(name) if !name.is_empty() => format!("turn ({name})"),
        _ => "turn (time)".into(),
    };
    let rows = all.into_iter().enumerate().map(|(i, mode)| {
        let period = mode.period();
        let in_unit = period.zip(unit.as_ref()).map(|(period, unit)| unit.number(period));
        view! {
            <tr data-growth=mode.growth.to_string() data-rotation=mode.rotation.to_string()>
                <th scope="row">{i + 1}</th>
                <td>{signed(mode.growth)}</td>
                <td>{period.map_or_else(|| "none".to_owned(), |period| words::number(period as f32))}</td>
                <td>{in_unit.unwrap_or_else(|| "–".into())}</td>
            </tr>
        }
    });
    view! {
        <div class="modes figure-scroll" tabindex="0" role="group" aria-label="Eigenvalues">
            <p aria-live="polite">{sentence}</p>
            <table class="scores">
                <caption>"Eigenvalues"</caption>
                <thead>
                    <tr>
                        <td></td>
                        <th scope="col"><abbr title="Real part, per mean sampling interval: above 0 the cell moves away from the mean, below 0 towards it">"growth"</abbr></th>
                        <th scope="col"><abbr title="Mean sampling intervals of one turn, 2π / imaginary part">"turn (intervals)"</abbr></th>
                        <th scope="col"><abbr title="The same in the study's time unit">{named}</abbr></th>
                    </tr>
                </thead>
                <tbody>{rows.collect_view()}</tbody>
            </table>
        </div>
    }
}

/// Entries and eigenvalues as a file.
pub fn save(state: State) {
    if let Some(operator) = state.operators.operator.get() {
        hand_over(state, "operator", &csv(&operator));
    }
}
