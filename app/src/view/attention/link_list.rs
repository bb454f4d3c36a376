//! All links at all known time points as a table that can be sorted and searched, each with its course over time.

use super::course::LinksOverTime;
use crate::prelude::*;
use crate::{
    state::{Part, State},
    view::{cast::Cast, spark::Curve},
};
use scimf::figure::labels::number;
use scimf::figure::link_table::{Column, LinkRow, found, rows};
use scimf::figure::links::course;
use scimf::figure::quantity::Quantity;

/// Rows on the page; the file has all.
const SHOWN: usize = 200;

const COLUMNS: &[(Column, &str)] = &[
    (Column::Time, "Time"),
    (Column::Sender, "Sender"),
    (Column::Receiver, "Receiver"),
    (Column::Times, "× equal listening"),
    (Column::Enrichment, "Enrichment (log2)"),
    (Column::Share, "Share of input"),
];

/// A field to search in, and the table.
#[component]
pub fn LinkList() -> impl IntoView {
    let (state, cast) = (expect_context::<State>(), expect_context::<Cast>());
    let (sought, by, reverse) = (RwSignal::new(String::new()), RwSignal::new(Column::default()), RwSignal::new(false));
    let all = Memo::new(move |_| {
        let answers = state.attention.answers();
        let shown = cast.shown.get();
        let mut all = rows(answers.iter().flatten().map(|answer| &**answer));
        all.retain(|row| shown.contains(&row.sender) && shown.contains(&row.receiver));
        all
    });
    let listed = Memo::new(move |_| {
        let dataset = state.dataset.get();
        let summary = dataset.as_ref().map(|it| &it.summary);
        let (types, times) = summary.map_or((&[][..], &[][..]), |it| (&it.cell_types[..], &it.time_points[..]));
        all.with(|all| sought.with(|sought| found(all, sought, by.get(), reverse.get(), types, times)))
    });
    let head = move |&(column, name): &(Column, &'static str)| {
        let sorted = move || match (by.get() == column, reverse.get()) {
            (false, _) => "none",
            (true, false) if matches!(column, Column::Time | Column::Sender | Column::Receiver) => "ascending",
            (true, true) if !matches!(column, Column::Time | Column::Sender | Column::Receiver) => "ascending",
            (true, _) => "descending",
        };
        view! {
            <th scope="col" aria-sort=sorted>
                <button
                    type="button"
                    class="link"
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
    let count = move || {
        let (found, all) = (listed.with(Vec::len), all.with(Vec::len));
        let cut = if found > SHOWN { format!("; the first {SHOWN} are shown, the CSV has all") } else { String::new() };
        format!("{found} of {all} links{cut}")
    };
    view! {
        <div class="link-list">
            <label class="inline">
                "Search"
                <input
                    type="search"
                    placeholder="types, time"
                    prop:value=move || sought.get()
                    on:input:target=move |event| sought.set(event.target().value())
                />
                <span aria-live="polite">{move || count()}</span>
            </label>
            <LinksOverTime/>
            <div class="figure-scroll" tabindex="0" role="group" aria-label="All links">
                <table class="scores">
                    <caption class="unseen">"All links at all time points"</caption>
                    <thead>
                        <tr>
                            {COLUMNS.iter().map(head).collect_view()}
                            <th scope="col">"Raw score"</th>
                            <th scope="col">"Over time"</th>
                        </tr>
                    </thead>
                    <tbody>
                        {move || listed.with(|rows| rows.iter().take(SHOWN).map(|row| line(state, cast, row)).collect_view())}
                    </tbody>
                </table>
            </div>
        </div>
    }
}

fn line(state: State, cast: Cast, row: &LinkRow) -> impl IntoView + use<> {
    let LinkRow { time, sender, receiver, .. } = *row;
    let part = Part::Link { sender, receiver };
    let answers = state.attention.answers();
    let values = course(answers.iter().map(Option::as_deref), Quantity::Mean, receiver, sender);
    let share = format!("{:.1} %", 100.0 * row.share);
    let label = state.time_labels().get(time).cloned().unwrap_or_default();
    view! {
        <tr class:lit=move || state.attention.in_focus(state) == Some(part)>
            <th scope="row">
                <button type="button" class="link" title="Go to this time and pin the link" on:click=move |_| {
                    state.choose_time(time);
                    state.attention.pinned.set(Some(part));
                }>
                    {label}
                </button>
            </th>
            <td>{cast.name(sender)}</td>
            <td>{cast.name(receiver)}</td>
            <td>{format!("{:.2}", row.times)}</td>
            <td>{if row.enrichment.is_finite() { format!("{:+.2}", row.enrichment) } else { "–".into() }}</td>
            <td>{share}</td>
            <td>{number(row.raw)}</td>
            <td><Curve values size=[96.0, 22.0]/></td>
        </tr>
    }
}
