//! The numbers of an experiment.

use crate::prelude::*;
use crate::{
    files,
    state::{Found, State},
};
use scimf::figure::experiment::{self, beyond, beyond_of, points, signed};
use scimf::figure::labels::{number, numbered};
use scimf::protocol::Experiment;

/// A cell: what is written, and the number behind it.
type Cell = (String, f32);

/// Which table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Table {
    /// Shares at the end.
    Fates,
    /// Displacement.
    Moved,
    /// Genes.
    Genes,
}

impl Table {
    const fn caption(self) -> &'static str {
        match self {
            Self::Fates => "Shares of the cell types at the end",
            Self::Moved => "Displacement by the type at the start",
            Self::Genes => "Change of mean expression at the end, judged with a correction for the number of genes",
        }
    }

    const fn heads(self) -> &'static [&'static str] {
        match self {
            Self::Fates => &["Type", "Unchanged", "Changed", "Difference", "Noise"],
            Self::Moved => &["Starting type", "Cells", "Each cell", "All together", "Noise"],
            Self::Genes => &["Gene", "Difference", "Noise"],
        }
    }

    const fn save(self) -> &'static str {
        match self {
            Self::Fates => "Save shares (CSV)",
            Self::Moved => "Save displacement (CSV)",
            Self::Genes => "Save gene changes (CSV)",
        }
    }

    const fn file(self) -> &'static str {
        match self {
            Self::Fates => "experiment-shares",
            Self::Moved => "experiment-displacement",
            Self::Genes => "experiment-genes",
        }
    }

    fn csv(self, state: State, it: &Experiment) -> String {
        let kinds = untrack(|| state.type_names());
        match self {
            Self::Fates => experiment::fates_csv(it, &kinds),
            Self::Moved => experiment::moved_csv(it, &kinds),
            Self::Genes => experiment::genes_csv(it, &state.genes.names.get_untracked()),
        }
    }

    /// Name, numbers, and whether the change is beyond the noise, of each row.
    fn rows(self, state: State, it: &Experiment) -> Vec<(String, Vec<Cell>, bool)> {
        let kinds = state.type_names();
        let kind = |kind: usize| kinds.get(kind).map_or_else(String::new, |name| numbered(kind, name));
        let share = |share: f32| (format!("{:.1} %", 100.0 * share), share);
        let plain = |x: f32| (number(x.into()), x);
        // The list is the greatest of all genes, so it is judged against what chance makes of the greatest of so many.
        let tested = state.genes.names.with(|names| names.len());
        match self {
            Self::Fates => it
                .fates
                .iter()
                .map(|it| {
                    let difference = it.changed - it.unchanged;
                    let noise = (format!("{:.1} points", 100.0 * it.noise), it.noise);
                    let cells = vec![share(it.unchanged), share(it.changed), (points(difference), difference), noise];
                    (kind(it.kind), cells, beyond(difference, it.noise))
                })
                .collect(),
            Self::Moved => it
                .moved
                .iter()
                .map(|it| {
                    let cells = vec![
                        (format!("{:.1}", it.cells), it.cells),
                        plain(it.each),
                        plain(it.together),
                        plain(it.noise),
                    ];
                    (kind(it.kind), cells, beyond(it.together, it.noise))
                })
                .collect(),
            Self::Genes => it
                .genes
                .iter()
                .map(|it| {
                    let cells = vec![(signed(it.difference), it.difference), plain(it.noise)];
                    (state.genes.name(it.gene), cells, beyond_of(it.difference, it.noise, tested))
                })
                .collect(),
        }
    }
}

/// A table with its file.
#[component]
pub fn Numbers(table: Table) -> impl IntoView {
    let state = expect_context::<State>();
    let save = move |_| {
        let dataset =
            state.dataset.with_untracked(|it| it.as_ref().map_or_else(String::new, |it| it.summary.name.clone()));
        let name = format!("{dataset}-{}.csv", table.file());
        let csv = state.experiments.found.with_untracked(|it| it.as_ref().map(|it| table.csv(state, &it.experiment)));
        match files::hand_over(&name, csv.unwrap_or_default().as_bytes()) {
            Ok(()) => state.status.set(format!("{name} was saved.")),
            Err(problem) => state.problem.set(Some(problem)),
        }
    };
    let heads = table.heads().iter().map(|head| view! { <th scope="col">{*head}</th> }).collect_view();
    let rows = move || {
        let rows = state
            .experiments
            .found
            .with(|it| it.as_ref().map(|Found { experiment, .. }| table.rows(state, experiment)));
        rows.unwrap_or_default().into_iter().map(row).collect_view()
    };
    view! {
        <div class="figure-scroll tall" tabindex="0" role="group" aria-label=table.caption()>
            <table class="scores">
                <caption>{table.caption()}</caption>
                <thead>
                    <tr>
                        {heads}
                        <th scope="col">"Against the noise"</th>
                    </tr>
                </thead>
                <tbody>{move || rows()}</tbody>
            </table>
        </div>
        <div class="under">
            <button type="button" on:click=save>
                {table.save()}
            </button>
        </div>
    }
}

fn row((name, cells, beyond): (String, Vec<Cell>, bool)) -> impl IntoView {
    let cells = cells.into_iter().map(|(text, value)| view! { <td data-value=value.to_string()>{text}</td> });
    view! {
        <tr class:within=!beyond>
            <th scope="row">{name}</th>
            {cells.collect_view()}
            <td>{if beyond { "beyond" } else { "within noise" }}</td>
        </tr>
    }
}
