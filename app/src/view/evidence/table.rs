//! All ordered pairs of types with what is known of them: sorted by any column, each row lit up in chord and matrix.

use crate::prelude::*;
use crate::{
    state::{Part, State},
    view::cast::Cast,
};
use scimf::figure::evidence::{Column, sorted, spread};
use scimf::protocol::{Link, Verdict};

/// Column, its head, and what it is.
const COLUMNS: &[(Column, &str, &str)] = &[
    (Column::Receiver, "Receiver", "Type that would be acted on"),
    (Column::Sender, "Sender", "Type that would act"),
    (
        Column::Determinability,
        "Determinability",
        "Share of the sender's pull on the receivers that is neither a function of their own state nor common to all samples; below 0.05 the data cannot tell",
    ),
    (Column::Effect, "Effect", "Share of the receivers' drift that goes without the sender, mean and spread over fits"),
    (Column::Twin, "Twin", "The same on twins of the data in which nothing interacts"),
    (
        Column::Contrast,
        "Contrast F",
        "Receivers in samples without the sender beside those in samples with it, in units of sampling error: 1 is sampling alone",
    ),
    (
        Column::Linear,
        "Linear t",
        "Regression of the receivers' displacement on the sender's pull, in units of its standard error; negative is away from the sender",
    ),
    (Column::Verdict, "Verdict", "What follows"),
];

/// The table.
#[component]
pub fn Links() -> impl IntoView {
    let (state, cast) = (expect_context::<State>(), expect_context::<Cast>());
    let (by, reverse) = (RwSignal::new(Column::default()), RwSignal::new(false));
    let links = Memo::new(move |_| {
        let (found, dataset) = (state.evidence.found.get(), state.dataset.get());
        found.zip(dataset).map_or_else(Vec::new, |(found, dataset)| {
            sorted(&found, by.get(), reverse.get(), &dataset.summary).into_iter().cloned().collect::<Vec<Link>>()
        })
    });
    let planted = Memo::new(move |_| state.planted());
    // A column that nothing stands in would only take room.
    let used = Memo::new(move |_| {
        let any = |has: fn(&Link) -> bool| links.with(|links| links.iter().any(has));
        let used = |column: Column| match column {
            Column::Effect => any(|link| link.effect.is_some()),
            Column::Twin => any(|link| link.twin.is_some()),
            Column::Contrast => any(|link| link.contrast.is_some()),
            Column::Linear => any(|link| link.linear.is_some()),
            _ => true,
        };
        COLUMNS.iter().copied().filter(|(column, ..)| used(*column)).collect::<Vec<_>>()
    });
    let head = move |(column, name, meaning): (Column, &'static str, &'static str)| {
        let turn = move || match (by.get() == column, column.is_text() != reverse.get()) {
            (false, _) => "none",
            (true, true) => "ascending",
            (true, false) => "descending",
        };
        view! {
            <th scope="col" aria-sort=turn>
                <button
                    type="button"
                    class="link"
                    title=meaning
                    on:click=move |_| {
                        reverse.set(by.get_untracked() == column && !reverse.get_untracked());
                        by.set(column);
                    }
                >
                    {name}
                </button>
            </th>
        }
    };
    let rows = move || {
        let (columns, planted) = (used.get(), planted.get());
        links.with(|links| {
            links
                .iter()
                .map(|link| {
                    let was = planted.as_ref().map(|planted| planted.strength(link.receiver, link.sender));
                    row(state, cast, link, &columns, was)
                })
                .collect_view()
        })
    };
    view! {
        <div class="figure-scroll tall" tabindex="0" role="group" aria-label="Evidence for every link">
            <table class="scores links">
                <caption class="unseen">"Evidence for every link"</caption>
                <thead>
                    <tr>
                        {move || used.get().into_iter().map(head).collect_view()}
                        {move || planted.with(Option::is_some).then(|| view! {
                            <th scope="col"><span title="Strength that was planted in this simulated tissue">"Planted"</span></th>
                        })}
                    </tr>
                </thead>
                <tbody on:pointerleave=move |_| state.attention.point(state, None)>{move || rows()}</tbody>
            </table>
        </div>
    }
}

fn row(
    state: State,
    cast: Cast,
    link: &Link,
    columns: &[(Column, &'static str, &'static str)],
    planted: Option<f32>,
) -> impl IntoView + use<> {
    let (sender, receiver) = (link.sender, link.receiver);
    let part = Part::Link { sender, receiver };
    let none = || "–".to_owned();
    let cell = |column: Column| {
        let text = match column {
            Column::Receiver => {
                return view! {
                    <th scope="row">
                        <button
                            type="button"
                            class="link"
                            title="Pin the link in chord and matrix"
                            aria-pressed=move || (state.attention.pinned.get() == Some(part)).to_string()
                            on:click=move |_| state.attention.pin(part)
                            on:focus=move |_| state.attention.point(state, Some(part))
                            on:blur=move |_| state.attention.point(state, None)
                        >
                            {cast.name(receiver)}
                        </button>
                    </th>
                }
                .into_any();
            }
            Column::Sender => return view! { <td class="name">{cast.name(sender)}</td> }.into_any(),
            Column::Verdict => return view! { <td class="wide">{link.verdict.words()}</td> }.into_any(),
            Column::Determinability => link.determinability.map_or_else(none, |share| format!("{share:.3}")),
            Column::Effect => link.effect.map_or_else(none, spread),
            Column::Twin => link.twin.map_or_else(none, spread),
            Column::Contrast => link.contrast.map_or_else(none, |it| format!("{:.2}", it.f)),
            Column::Linear => link.linear.map_or_else(none, |it| format!("{:.1}", it.t).replace('-', "−")),
        };
        view! { <td>{text}</td> }.into_any()
    };
    let cells = columns.iter().map(|(column, ..)| cell(*column)).collect_view();
    view! {
        <tr
            class:open=link.verdict == Verdict::Undetermined
            class:supported=link.verdict == Verdict::Supported
            class:lit=move || state.attention.in_focus(state) == Some(part)
            on:pointerenter=move |_| state.attention.point(state, Some(part))
        >
            {cells}
            {planted.map(|strength| view! { <td>{if strength == 0.0 { "–".to_owned() } else { format!("{strength:+.2}").replace('-', "−") }}</td> })}
        </tr>
    }
}
