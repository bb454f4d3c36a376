//! What the file says of the model, the study and this program: `uns["scimf"]`.

use super::fates::Fates;
use super::learned::{Attention, Learned};
use crate::data::Dataset;
use crate::data::anndata::write::Note;
use crate::protocol::{DETERMINED, Evidence, Link};

type Notes = Vec<(String, Note)>;

fn text(text: impl Into<String>) -> Note {
    Note::Text(text.into())
}

fn group(notes: Vec<(&str, Note)>) -> Notes {
    notes.into_iter().map(|(name, note)| (name.to_owned(), note)).collect()
}

fn axes(names: &[&str]) -> Note {
    Note::Texts(names.iter().map(|name| (*name).to_owned()).collect())
}

/// All of it; `types` are the names of the types.
pub(super) fn about(dataset: &Dataset, learned: &Learned, types: &[String]) -> Notes {
    let model = &learned.model;
    let paper = model.model.card().paper;
    let json = |value: serde_json::Result<String>| text(value.unwrap_or_default());
    let labels = |times: &[usize]| {
        let known = times.iter().filter_map(|time| dataset.time_points.get(*time));
        Note::Texts(known.map(|point| point.label.clone()).collect())
    };
    let all: Vec<usize> = (0..dataset.time_points.len()).collect();
    let mut notes: Vec<(&str, Note)> = vec![
        ("version", text(env!("CARGO_PKG_VERSION"))),
        ("citation", text(format!("{}. {}", paper.citation, paper.link))),
        ("study", text(&*dataset.name)),
        ("fingerprint", text(dataset.fingerprint())),
        ("model", text(model.model.name())),
        ("model_dimensions", Note::Number(model.dimensions as f64)),
        ("parameters", Note::Number(model.parameters as f64)),
        ("updates", Note::Number(model.updates.into())),
        ("weights", text(&*model.source)),
        ("held_out", labels(&model.held_out)),
        ("time_points", labels(&all)),
        ("cell_types", Note::Texts(types.to_vec())),
        ("velocity_unit", text("units of the array beside it, per sampling interval")),
    ];
    if let Some(preparation) = &dataset.preparation {
        notes.push(("preparation", json(serde_json::to_string(preparation))));
    }
    if let Some(recipe) = &model.recipe {
        notes.push(("settings", text(recipe.to_settings_file(&dataset.name))));
    }
    if let Some(found) = &learned.attention {
        notes.push(("attention", Note::Group(attention(found, types.len()))));
    }
    if let Some(found) = &learned.effects {
        let mean = found.iter().map(|effect| effect.map_or(f32::NAN, |effect| effect as f32)).collect();
        let what = "share of the receivers' drift that goes when all senders are taken out, mean over the observed populations; of this one model";
        let notes_of = vec![
            ("axes", axes(&["receiver", "sender"])),
            ("mean", Note::Array(vec![types.len(); 2], mean)),
            ("what", text(what)),
        ];
        notes.push(("effects", Note::Group(group(notes_of))));
    }
    if let Some(found) = &learned.evidence {
        notes.push(("evidence", Note::Group(evidence(found, types.len()))));
    }
    if let Some(Fates { copies, shares }) = &learned.fates {
        let followed = (0..shares.rows).filter(|cell| shares.row(*cell).iter().all(|share| !share.is_nan())).count();
        let what = "share of simulated copies that end as each type at the last time point; cells of that time have their own type";
        let notes_of = vec![
            ("copies", Note::Number(*copies as f64)),
            ("cells", Note::Number(followed as f64)),
            ("until", labels(&[all.len() - 1])),
            ("what", text(what)),
        ];
        notes.push(("fates", Note::Group(group(notes_of))));
    }
    group(notes)
}

fn attention(found: &Attention, types: usize) -> Notes {
    let Attention { minimum_cells, mean, enrichment, non_reciprocity } = found;
    let shape = || vec![non_reciprocity.len(), types, types];
    group(vec![
        ("axes", axes(&["time point", "receiver", "sender"])),
        ("mean", Note::Array(shape(), mean.clone())),
        ("enrichment", Note::Array(shape(), enrichment.clone())),
        ("non_reciprocity", Note::Array(vec![non_reciprocity.len()], non_reciprocity.clone())),
        ("minimum_cells", Note::Number(*minimum_cells as f64)),
    ])
}

/// What the data say of each pair before any training: NaN where they say nothing.
fn evidence(found: &Evidence, types: usize) -> Notes {
    let table = |value: &dyn Fn(&Link) -> Option<f64>| {
        let mut values = vec![f32::NAN; types * types];
        for link in &found.links {
            values[link.receiver * types + link.sender] = value(link).map_or(f32::NAN, |value| value as f32);
        }
        values
    };
    let mut determinability = table(&|link| link.determinability.map(f64::from));
    for (kind, own) in found.own.iter().enumerate().take(types) {
        determinability[kind * types + kind] = own.unwrap_or(f32::NAN);
    }
    let shape = || vec![types, types];
    let mut notes = vec![
        ("axes", axes(&["receiver", "sender"])),
        ("determinability", Note::Array(shape(), determinability)),
        ("determined_from", Note::Number(f64::from(DETERMINED))),
    ];
    if found.links.iter().any(|link| link.contrast.is_some()) {
        notes.push(("contrast", Note::Array(shape(), table(&|link| Some(link.contrast?.f)))));
        notes.push(("contrast_threshold", Note::Array(shape(), table(&|link| Some(link.contrast?.threshold)))));
    }
    if found.links.iter().any(|link| link.linear.is_some()) {
        notes.push(("linear", Note::Array(shape(), table(&|link| Some(link.linear?.coefficient)))));
        notes.push(("linear_t", Note::Array(shape(), table(&|link| Some(link.linear?.t)))));
    }
    group(notes)
}
