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

/// Named groups of facts about data and model: what they are, how they were trained, and what tells them apart from others.
#[must_use]
pub fn facts(dataset: &DatasetSummary, model: Option<&ModelSummary>) -> Vec<(String, Vec<(String, String)>)> {
    let fact = |name: &str, value: String| (name.to_owned(), value);
    let count = |n: usize, what: &str| format!("{n} {what}{}", if n == 1 { "" } else { "s" });
    let points = dataset.time_points.iter().map(|point| format!("{} ({})", point.label, count(point.cells, "cell")));
    let kinds = dataset.cell_types.iter().map(|kind| kind.name.clone());
    let mut data = vec![
        fact("Name", dataset.name.clone()),
        fact("Fingerprint (SHA-256)", dataset.fingerprint.clone()),
        fact("Extent", format!("{}, {}", count(dataset.cells, "cell"), count(dataset.dimensions, "dimension"))),
        fact("Time points", points.collect::<Vec<_>>().join(", ")),
        fact("Cell types", kinds.collect::<Vec<_>>().join(", ")),
        fact("Simulated", if dataset.simulated { "yes" } else { "no" }.into()),
    ];
    if !dataset.samples.is_empty() {
        let samples = dataset.samples.iter().map(|sample| sample.name.clone());
        data.push(fact("Samples", samples.collect::<Vec<_>>().join(", ")));
    }
    data.extend(dataset.notes.iter().map(|note| fact("Note", note.clone())));
    let mut groups = vec![("Data".to_owned(), data)];
    if let Some(model) = model {
        let (held_out, card) = (named(dataset, &model.held_out), model.model.card());
        let mut about = vec![
            fact("Model", card.name.into()),
            fact("Dimensions", model.dimensions.to_string()),
            fact("Parameters", model.parameters.to_string()),
            fact(if card.step == "epoch" { "Epochs" } else { "Updates" }, model.updates.to_string()),
            fact("Held out", if held_out.is_empty() { "nothing".into() } else { held_out }),
            fact("Weights", model.source.clone()),
        ];
        match &model.recipe {
            Some(recipe) => {
                about.push(fact("Seed of the training", recipe.seed.to_string()));
                about.extend(card.fields.iter().map(|field| (field.label.to_owned(), setting(recipe, field))));
            }
            None => {
                about.push(fact("Settings", "not known: the file of weights does not say how they were trained".into()))
            }
        }
        groups.push(("Model and training".into(), about));
    }
    groups
}

fn setting(recipe: &Recipe, field: &Field) -> String {
    recipe.value(field.key).unwrap_or_else(|| field.default()).to_string()
}

/// Paragraphs: the data and their preparation; the model and its training; what the numbers are.
#[must_use]
pub fn paragraphs(dataset: &DatasetSummary, model: Option<&ModelSummary>) -> Vec<String> {
    let mut all = vec![data(dataset)];
    all.extend(model.map(|model| fitted(dataset, model)));
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

fn fitted(dataset: &DatasetSummary, model: &ModelSummary) -> String {
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
    if let Some(recipe) = &model.recipe {
        let settings =
            card.fields.iter().map(|field| format!("{} {}", field.label.to_lowercase(), setting(recipe, field)));
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
            learned_space: false,
            updates: 300,
            held_out: vec![1],
            parameters: 99,
            source: "training".into(),
            recipe: Some(TrainSettings { seed: 7, ..TrainSettings::default() }.into()),
        };
        let text = paragraphs(&dataset, Some(&model)).join(" ");
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
        let facts = facts(&DatasetSummary { fingerprint: "ab12".into(), ..dataset }, Some(&model));
        let told = |group: usize, name: &str| facts[group].1.iter().find(|fact| fact.0 == name).map(|fact| &*fact.1);
        assert_eq!(told(0, "Fingerprint (SHA-256)"), Some("ab12"));
        assert_eq!(told(0, "Time points"), Some("day 2 (10 cells), day 4 (10 cells), day 10 (10 cells)"));
        assert_eq!((told(1, "Held out"), told(1, "Seed of the training")), (Some("day 4"), Some("7")));
        assert_eq!(bibliography(Some(ModelKind::ScImf)).len(), 2);
        assert!(bibliography(None)[0].contains(env!("CARGO_PKG_VERSION")));
    }
}
