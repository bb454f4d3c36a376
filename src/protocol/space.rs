//! The planes in which cells are drawn.

use super::DatasetSummary;
use serde::{Deserialize, Serialize};

/// A plane by what it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum SpaceId {
    /// An embedding of the dataset, by its position among them: vectors and simulated cells are projected through neighbours and are
    /// approximate.
    Embedding(usize),
    /// The plane of two axes of the model space, counted from 0, x first: everything in it is exact.
    Components([usize; 2]),
}

/// The first two components, which every dataset has.
impl Default for SpaceId {
    fn default() -> Self {
        Self::Components([0, 1])
    }
}

impl SpaceId {
    /// What the model computes is shown exactly.
    pub fn is_exact(self) -> bool {
        matches!(self, Self::Components(_))
    }
}

/// A plane with its names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Space {
    /// Which plane.
    pub id: SpaceId,
    /// Name for a menu, such as `UMAP` or `PC 1 and 2`.
    pub name: String,
    /// Names of the two axes.
    pub axes: [String; 2],
}

impl Space {
    /// The plane of two components, whose axes are named after `axis`.
    pub fn components(axis: &str, [x, y]: [usize; 2]) -> Self {
        Self {
            id: SpaceId::Components([x, y]),
            name: format!("{axis} {} and {}", x + 1, y + 1),
            axes: [x, y].map(|component| format!("{axis} {}", component + 1)),
        }
    }
}

impl DatasetSummary {
    /// A plane of this dataset with its names; none if there is no such embedding or component.
    pub fn space(&self, id: SpaceId) -> Option<Space> {
        match id {
            SpaceId::Embedding(_) => self.spaces.iter().find(|space| space.id == id).cloned(),
            SpaceId::Components([x, y]) => {
                let known = x != y && x.max(y) < self.dimensions;
                known.then(|| Space::components(&self.axis, [x, y]))
            }
        }
    }

    /// The plane of this name.
    pub fn space_named(&self, name: &str) -> Option<SpaceId> {
        let listed = self.spaces.iter().find(|space| space.name == name).map(|space| space.id);
        let components = || {
            let (x, y) = name.strip_prefix(&self.axis)?.split_once(" and ")?;
            let component = |text: &str| text.trim().parse::<usize>().ok()?.checked_sub(1);
            Some(SpaceId::Components([component(x)?, component(y)?]))
        };
        listed.or_else(components).filter(|id| self.space(*id).is_some())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn planes_are_found_by_what_they_are_and_by_their_names() {
        let umap = Space { id: SpaceId::Embedding(0), name: "UMAP".into(), axes: ["UMAP 1".into(), "UMAP 2".into()] };
        let dataset =
            DatasetSummary { dimensions: 10, axis: "PC".into(), spaces: vec![umap], ..DatasetSummary::default() };
        let found = |id| dataset.space(id).map(|space| space.name);
        assert_eq!(found(SpaceId::Embedding(0)).as_deref(), Some("UMAP"));
        assert_eq!(found(SpaceId::Components([2, 9])).as_deref(), Some("PC 3 and 10"));
        for missing in [SpaceId::Embedding(1), SpaceId::Components([0, 10]), SpaceId::Components([1, 1])] {
            assert_eq!(found(missing), None);
        }
        let named = |name| dataset.space_named(name);
        assert_eq!(named("UMAP"), Some(SpaceId::Embedding(0)));
        assert_eq!(named("PC 10 and 3"), Some(SpaceId::Components([9, 2])));
        for missing in ["", "1", "t-SNE", "PC 0 and 1", "PC 1 and 11", "PC 2 and 2", "PC x and 2"] {
            assert_eq!(named(missing), None, "{missing}");
        }
    }
}
