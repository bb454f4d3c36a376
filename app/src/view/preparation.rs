//! How the model space came about.

use super::mapping::kind;
use crate::prelude::*;
use crate::words;
use scimf::protocol::{DatasetSummary, Flavour, Preparation};

/// The steps with the numbers that were used, folded away beside the dataset's name.
#[component]
pub fn PreparationFacts(
    /// What was done.
    preparation: Preparation,
    /// The dataset that came of it.
    summary: DatasetSummary,
) -> impl IntoView {
    let facts = facts(&preparation, &summary);
    view! {
        <details class="notes prepared">
            <summary>"How this was prepared"</summary>
            <dl>
                {facts.into_iter().map(|(name, value)| view! { <dt>{name}</dt> <dd>{value}</dd> }).collect_view()}
            </dl>
        </details>
    }
}

/// Every step by its name with what it did.
fn facts(preparation: &Preparation, summary: &DatasetSummary) -> Vec<(&'static str, String)> {
    let steps = &preparation.steps;
    let left_out = || "left out".to_owned();
    let genes = match steps.variable_genes {
        Some(rule) => {
            let rule = match rule.flavour {
                Flavour::Seurat => "by dispersion (Seurat)",
                Flavour::Vst => "by variance after stabilisation (vst)",
            };
            format!("{} kept, {rule}", words::count(preparation.genes))
        }
        None => format!("all {} kept", words::count(preparation.genes)),
    };
    let held_out: Vec<_> =
        steps.held_out.iter().filter_map(|&time| Some(summary.time_points.get(time)?.label.clone())).collect();
    let fitted = match held_out.is_empty() {
        true => format!("all {} cells", words::count(preparation.fitted_cells)),
        false => {
            format!("{} cells, without {}", words::count(preparation.fitted_cells), words::list(&held_out))
        }
    };
    let explained = f64::from(preparation.explained_variance.iter().sum::<f32>());
    let total = f64::from(preparation.total_variance);
    let share =
        if total > 0.0 { format!(", {:.1} % of the variance", 100.0 * explained / total) } else { String::new() };
    vec![
        ("Matrix", format!("{}: {}. {}", steps.matrix, kind(steps.values), preparation.evidence)),
        ("Fitted on", fitted),
        ("Variable genes", genes),
        (
            "Counts per cell",
            steps.target_sum.map_or_else(left_out, |sum| format!("scaled to {}", words::count(sum as usize))),
        ),
        ("Logarithm", if steps.log1p { "log(1 + x)".into() } else { left_out() }),
        ("z-score", if steps.z_score { "each gene divided by its standard deviation".into() } else { left_out() }),
        ("Principal components", format!("{}{share}", preparation.explained_variance.len())),
    ]
}
