//! How a study was prepared and a model fitted, in the sentences of a methods section, and what to cite.

use super::labels::number;
use crate::protocol::cards::Field;
use crate::protocol::{DatasetSummary, Flavour, ModelKind, ModelSummary, Preparation, Recipe};

/// This program, as BibTeX.
const PROGRAM: &str = concat!(
    "@software{scimf_explorer,\n  title   = {scIMF Explorer},\n  author  = {{The scIMF Explorer contributors}},\n  version = {",
    env!("CARGO_PKG_VERSION"),
    "}\n}"
);
/// What to cite for a model, and this program, as BibTeX.
#[must_use]
pub fn bibliography(model: Option<ModelKind>) -> Vec<String> {
    let paper = model.map(|model| {
        let card = model.card();
        format!("@misc{{{},\n  note = {{{}}},\n  url  = {{{}}}\n}}", card.key, card.paper.citation, card.paper.link)
    });
    paper.into_iter().chain([PROGRAM.to_owned()]).collect()
}

/// Paragraphs: the data and their preparation; the model and its training; what the numbers are.
#[must_use]
pub fn paragraphs(dataset: &DatasetSummary, model: Option<&ModelSummary>, recipe: Option<&Recipe>) -> Vec<String> {
    let mut all = vec![data(dataset)];
    all.extend(model.map(|model| fitted(dataset, model, recipe)));
    all.push(format!(
        "Everything was computed with scIMF Explorer {}. Attention, velocity and simulated cells are statements about the fitted model.",
        env!("CARGO_PKG_VERSION")
    ));
    all
}

fn data(dataset: &DatasetSummary) -> String {
    let labels: Vec<&str> = dataset.time_points.iter().map(|point| point.label.as_str()).collect();
    let what = if dataset.simulated { "Simulated" } else { "Observed" };
    let mut words = format!(
        "{what} cells ({}) were taken at {} time points ({}) and are of {} types.",
        dataset.cells,
        labels.len(),
        labels.join(", "),
        dataset.cell_types.len()
    );
    words += &match &dataset.preparation {
        Some(preparation) => format!(" {}", prepared(dataset, preparation)),
        None => format!(" The model works in {} dimensions that came with the data.", dataset.dimensions),
    };
    words
}

fn prepared(dataset: &DatasetSummary, preparation: &Preparation) -> String {
    let steps = &preparation.steps;
    let mut done = Vec::new();
    if let Some(rule) = steps.variable_genes {
        let flavour = match rule.flavour {
            Flavour::Seurat => "by dispersion within bins of the mean (Seurat)",
            Flavour::Vst => "by variance after a variance-stabilising transformation (vst)",
        };
        done.push(format!("{} highly variable genes were chosen {flavour}", preparation.genes));
    }
    if let Some(sum) = steps.target_sum {
        done.push(format!("each cell was scaled to a sum of {}", number(sum)));
    }
    if steps.log1p {
        done.push("log(1 + x) was taken".into());
    }
    done.push(if steps.z_score { "genes were z-scored" } else { "genes were centred" }.into());
    let share = preparation.explained_variance.iter().sum::<f32>() / preparation.total_variance.max(f32::MIN_POSITIVE);
    let mut words = format!(
        "From the matrix {}, {}, and the first {} principal components were computed, which explain {:.1} % of the variance.",
        steps.matrix,
        done.join(", "),
        dataset.dimensions,
        100.0 * share
    );
    if !steps.held_out.is_empty() {
        words += &format!(" Nothing was fitted on {}.", named(dataset, &steps.held_out));
    }
    words
}

fn fitted(dataset: &DatasetSummary, model: &ModelSummary, recipe: Option<&Recipe>) -> String {
    let card = model.model.card();
    let mut words = format!("{} with {} parameters was fitted", card.name, model.parameters);
    if model.updates > 0 {
        words += &format!(" in {} {}s", model.updates, card.step);
    }
    if !model.held_out.is_empty() {
        words += &format!(" without {}", named(dataset, &model.held_out));
    }
    words += ". ";
    words += card.loss;
    if let Some(recipe) = recipe.filter(|recipe| recipe.model == model.model) {
        let value = |field: &Field| recipe.value(field.key).unwrap_or_else(|| field.default());
        let settings = card.fields.iter().map(|field| format!("{} {}", field.label.to_lowercase(), value(field)));
        words += &format!(" Settings: {}; seed {}.", settings.collect::<Vec<_>>().join(", "), recipe.seed);
    }
    words
}

/// Labels of time points.
fn named(dataset: &DatasetSummary, times: &[usize]) -> String {
    let known = times.iter().filter_map(|time| dataset.time_points.get(*time));
    known.map(|point| point.label.as_str()).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::{Preprocessing, TimePoint, TrainSettings, ValueKind};

    #[test]
    fn the_numbers_are_filled_in() {
        let point = |day: u32| TimePoint { label: format!("day {day}"), value: None, cells: 10 };
        let steps = Preprocessing { held_out: vec![1], ..Preprocessing::of("raw/X", ValueKind::Counts) };
        let preparation = Preparation {
            steps,
            evidence: String::new(),
            fitted_cells: 20,
            genes: 1234,
            explained_variance: vec![3.0, 1.0],
            total_variance: 8.0,
        };
        let dataset = DatasetSummary {
            cells: 30,
            dimensions: 2,
            time_points: [2, 4, 10].map(point).to_vec(),
            preparation: Some(preparation),
            ..DatasetSummary::default()
        };
        let model = ModelSummary {
            model: ModelKind::ScImf,
            dimensions: 2,
            interacts: true,
            updates: 300,
            held_out: vec![1],
            parameters: 99,
            source: "training".into(),
        };
        let recipe = TrainSettings { seed: 7, ..TrainSettings::default() }.into();
        let text = paragraphs(&dataset, Some(&model), Some(&recipe)).join(" ");
        for part in [
            "(30) were taken at 3 time points (day 2, day 4, day 10)",
            "1234 highly variable genes",
            "sum of 10000",
            "50.0 % of the variance",
            "Nothing was fitted on day 4",
            "scIMF with 99 parameters was fitted in 300 updates without day 4",
            "per update 512",
            "seed 7",
        ] {
            assert!(text.contains(part), "{part}: {text}");
        }
        assert_eq!(bibliography(Some(ModelKind::ScImf)).len(), 2);
        assert!(bibliography(None)[0].contains(env!("CARGO_PKG_VERSION")));
    }
}
