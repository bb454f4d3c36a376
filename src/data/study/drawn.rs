//! The embeddings of a study that cells are drawn in.

use super::Study;
use crate::data::kept::Kept;
use crate::data::{Embedding, Matrix, mapping};
use crate::protocol::{DisplaySpace, Mapping, ModelSpace, SpaceSummary};
use crate::{Error, Result};

/// Most embeddings that are kept to draw in.
const MOST_EMBEDDINGS: usize = 8;

impl Study {
    /// The chosen display space, if it is an embedding of the file, and all other embeddings there are, as far as they can be used.
    pub(super) fn embeddings(&self, mapping: &Mapping, kept: &Kept, notes: &mut Vec<String>) -> Result<Vec<Embedding>> {
        let is_model = |name: &str| mapping.model_space == ModelSpace::Stored(name.into());
        let chosen = match &mapping.display_space {
            DisplaySpace::Stored(space) if !is_model(space) => Some(space.as_str()),
            _ => None,
        };
        let mut embeddings = match chosen {
            Some(space) => vec![self.embedding(space, kept, true, notes)?],
            None => Vec::new(),
        };
        let others = self.spaces.iter().filter(|space| mapping::is_plane(space));
        for SpaceSummary { name, .. } in others.filter(|space| chosen != Some(&space.name) && !is_model(&space.name)) {
            if embeddings.len() == MOST_EMBEDDINGS {
                notes.push(format!("“{name}” was left out: {MOST_EMBEDDINGS} embeddings are kept to draw in."));
                continue;
            }
            match self.embedding(name, kept, false, notes) {
                Ok(mut embedding) => {
                    if embeddings.iter().any(|other: &Embedding| other.name == embedding.name) {
                        embedding.rename(name);
                    }
                    embeddings.push(embedding);
                }
                Err(error) => notes.push(format!("“{name}” was left out. {error}")),
            }
        }
        Ok(embeddings)
    }

    /// The first two columns of an array. Of the chosen one, cells without a position are put in the middle.
    fn embedding(&self, name: &str, kept: &Kept, chosen: bool, notes: &mut Vec<String>) -> Result<Embedding> {
        let space = kept.matrix(self.space(name)?);
        let title = title(name);
        if space.cols < 2 {
            return Err(Error::request(format!("“{name}” has {} column; drawing needs two", space.cols)));
        }
        if space.cols > 2 {
            notes.push(format!("Of the {} columns of “{name}” the first two are drawn.", space.cols));
        }
        if !chosen {
            space.check_finite().map_err(|error| error.at(format!("obsm/{name}")))?;
        }
        let mut positions = Matrix { rows: space.rows, cols: 2, values: space.column_pairs([0, 1]) };
        let lost = centre_the_lost(&mut positions);
        if lost == positions.rows {
            return Err(Error::input(format!("“{name}” has no position of any cell")));
        }
        if lost > 0 {
            let cells = if lost == 1 { "1 cell has".into() } else { format!("{lost} cells have") };
            notes.push(format!("{cells} no position in “{name}” and lie at its centre here."));
        }
        Ok(Embedding::new(title, positions))
    }
}

/// Puts cells without a position, of a plane of two columns, in the middle of the others; returns how many there are.
fn centre_the_lost(positions: &mut Matrix) -> usize {
    let whole = |row: &[f32]| row.iter().all(|value| value.is_finite());
    let (mut sums, mut count) = ([0.0f64; 2], 0u32);
    for row in positions.values.chunks_exact(2).filter(|row| whole(row)) {
        sums.iter_mut().zip(row).for_each(|(sum, value)| *sum += f64::from(*value));
        count += 1;
    }
    let centre = sums.map(|sum| (sum / f64::from(count.max(1))) as f32);
    let mut lost = 0;
    for row in positions.values.chunks_exact_mut(2).filter(|row| !whole(row)) {
        row.copy_from_slice(&centre);
        lost += 1;
    }
    lost
}

/// What people call an array of `obsm`.
pub(super) fn title(name: &str) -> &str {
    match name {
        "X_umap" | "X_UMAP" => "UMAP",
        "X_tsne" | "X_TSNE" | "TSNE" => "t-SNE",
        other => other.strip_prefix("X_").unwrap_or(other),
    }
}
