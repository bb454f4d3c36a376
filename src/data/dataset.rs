//! A time series of cell populations, ready for a model.

use crate::data::{Matrix, Measured};
use crate::protocol::limits::{MOST_DIMENSIONS, MOST_TIME_POINTS, MOST_TYPES};
use crate::protocol::{
    CellColumn, CellType, CellValues, Cells, DatasetSummary, Preparation, Sample, Space, SpaceId, TimePoint,
    ValuesQuery,
};
use crate::{Error, Result};

/// Snapshots of a population at several time points: cells in a model space, with time, type and what is needed to draw them
/// and to go back to genes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Dataset {
    /// Name for titles.
    pub name: String,
    /// The cells in the model space: cells x d.
    pub states: Matrix,
    /// Name of the axes of the model space, such as `PC`: axis 0 is `PC 1`.
    pub axis: String,
    /// Names of the cells, such as barcodes; empty if the study has none.
    pub cell_names: Vec<String>,
    /// Time point of each cell.
    pub times: Vec<u32>,
    /// The time points, in order.
    pub time_points: Vec<TimePoint>,
    /// Type of each cell.
    pub cell_types: Vec<u32>,
    /// The cell types, in a fixed order.
    pub types: Vec<CellType>,
    /// Sample of each cell; empty where the study has no samples.
    pub cell_samples: Vec<u32>,
    /// The samples: populations that lived together. Empty where all cells of a time point are one population.
    pub samples: Vec<Sample>,
    /// Planes to draw in that are not spanned by axes of the model space; cells are drawn in the first of them at first.
    pub embeddings: Vec<Embedding>,
    /// Cells are drawn in the plane of the first two components at first, even if there are embeddings.
    pub components_first: bool,
    /// Annotations of the cells to colour by, besides time and type.
    pub columns: Vec<Column>,
    /// The way from the model space to genes.
    pub decoder: Option<Decoder>,
    /// Expression as it was measured, to colour by.
    pub measured: Option<Measured>,
    /// The cells were made by a generator, not measured.
    pub simulated: bool,
    /// The interactions that a generator planted: types x types, row = receiver, column = sender. Only for simulated cells.
    pub planted_interactions: Option<Matrix>,
    /// Time points to evaluate on: those that preprocessing did not see, or that the file names as held out; in rising order.
    pub held_out: Vec<usize>,
    /// How the model space was computed here; none if it came with the file.
    pub preparation: Option<Preparation>,
    /// Things the user should know, in whole sentences.
    pub notes: Vec<String>,
}

/// Coordinates of the cells in a plane such as UMAP.
#[derive(Clone, Debug, PartialEq)]
pub struct Embedding {
    /// Name for a menu.
    pub name: String,
    /// Names of the two axes.
    pub axes: [String; 2],
    /// cells x 2.
    pub positions: Matrix,
}

impl Embedding {
    /// An embedding whose axes are named after it.
    pub fn new(name: &str, positions: Matrix) -> Self {
        let mut embedding = Self { name: String::new(), axes: Default::default(), positions };
        embedding.rename(name);
        embedding
    }

    /// Gives it and its axes another name.
    pub fn rename(&mut self, name: &str) {
        self.name = name.into();
        self.axes = [1, 2].map(|axis| format!("{name} {axis}"));
    }
}

/// An annotation of the cells.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// Its name in the study.
    pub name: String,
    /// What the values stand for, by position; empty if they are numbers of their own.
    pub levels: Vec<String>,
    /// A value for each cell; NaN where there is none.
    pub values: Vec<f32>,
}

/// Linear map from the model space to genes: `x = loadings z + mean`.
#[derive(Clone, Debug, PartialEq)]
pub struct Decoder {
    /// Gene names.
    pub genes: Vec<String>,
    /// genes x d.
    pub loadings: Matrix,
    /// Value of each gene at the origin of the model space.
    pub mean: Vec<f32>,
}

impl Decoder {
    /// Gene values of one cell at `state`.
    ///
    /// # Panics
    ///
    /// If `state` does not have one number per axis of the model space.
    pub fn decode(&self, state: &[f32]) -> Vec<f32> {
        assert_eq!(state.len(), self.loadings.cols, "one number per axis");
        (0..self.genes.len()).map(|gene| self.decode_gene(gene, state)).collect()
    }

    /// Value of one gene at `state`.
    ///
    /// # Panics
    ///
    /// If there is no such gene.
    pub fn decode_gene(&self, gene: usize, state: &[f32]) -> f32 {
        self.mean[gene] + self.loadings.row(gene).iter().zip(state).map(|(a, b)| a * b).sum::<f32>()
    }
}

/// Pairs of model axes offered as planes, as far as there are dimensions.
const PLANES: [[usize; 2]; 4] = [[0, 1], [0, 2], [1, 2], [2, 3]];

impl Dataset {
    /// Counts the cells of each time point and type, puts the held-out time points in order, and checks that everything fits together.
    ///
    /// # Errors
    ///
    /// If there are fewer than two time points, a time point without cells, less than two dimensions, arrays of unequal length,
    /// an index out of range or a value that is not finite; names the array.
    pub fn checked(mut self) -> Result<Self> {
        let cells = self.states.rows;
        if self.states.cols < 2 {
            return Err(Error::input(format!(
                "the model space has {} dimensions, at least 2 are needed",
                self.states.cols
            )));
        }
        self.check_sizes()?;
        self.states.check_finite().map_err(|error| error.at("states"))?;
        let counts = count(&self.times, self.time_points.len(), cells).map_err(|error| error.at("times"))?;
        self.time_points.iter_mut().zip(counts).for_each(|(point, cells)| point.cells = cells);
        let counts = count(&self.cell_types, self.types.len(), cells).map_err(|error| error.at("cell types"))?;
        self.types.iter_mut().zip(counts).for_each(|(cell_type, cells)| cell_type.cells = cells);
        if self.time_points.len() < 2 {
            return Err(Error::input(format!("there is {} time point, at least 2 are needed", self.time_points.len()))
                .remedy("Snapshots of at least two times are needed to learn how cells change."));
        }
        if let Some(point) = self.time_points.iter().find(|point| point.cells == 0) {
            return Err(Error::input(format!("the time point “{}” has no cells", point.label)));
        }
        self.check_samples().and_then(|()| self.check_names())?;
        self.held_out.sort_unstable();
        self.held_out.dedup();
        if let Some(time) = self.held_out.iter().find(|time| **time == 0 || **time >= self.time_points.len()) {
            return Err(Error::input(format!("time point {time} cannot be held out"))
                .at("held out")
                .remedy("Time points count from 0; the first cannot be held out."));
        }
        for Embedding { name, positions, .. } in &self.embeddings {
            let Matrix { rows, cols, .. } = positions;
            if (*rows, *cols) != (cells, 2) {
                let what = format!("the embedding is {rows} x {cols}, not {cells} x 2");
                return Err(Error::input(what).at(name.as_str()));
            }
            positions.check_finite().map_err(|error| error.at(name.as_str()).at("embedding"))?;
        }
        for column in &self.columns {
            let known = |value: &f32| value.is_nan() || (*value >= 0.0 && (*value as usize) < column.levels.len());
            if column.values.len() != cells {
                let what = format!("{} values for {cells} cells", column.values.len());
                return Err(Error::input(what).at(&column.name).at("columns"));
            }
            if !column.levels.is_empty() && !column.values.iter().all(known) {
                return Err(Error::input("a value is none of the levels").at(&column.name).at("columns"));
            }
        }
        if let Some(Decoder { genes, loadings, mean }) = &self.decoder {
            if (loadings.rows, loadings.cols, mean.len()) != (genes.len(), self.states.cols, genes.len()) {
                return Err(Error::input(format!(
                    "{} genes and {} dimensions do not fit loadings of {} x {} and {} means",
                    genes.len(),
                    self.states.cols,
                    loadings.rows,
                    loadings.cols,
                    mean.len()
                )));
            }
            loadings.check_finite().map_err(|error| error.at("loadings"))?;
            if mean.iter().any(|value| !value.is_finite()) {
                return Err(Error::input("a gene mean is not a finite number").at("gene means"));
            }
        }
        if let Some(measured) = &self.measured {
            measured.check(cells).map_err(|error| error.at("measured expression"))?;
        }
        if let Some(planted) = &self.planted_interactions
            && (planted.rows, planted.cols) != (self.types.len(), self.types.len())
        {
            return Err(Error::input("the planted interactions are not a matrix of types x types"));
        }
        if let Some(planted) = &self.planted_interactions {
            planted.check_finite().map_err(|error| error.at("planted interactions"))?;
        }
        Ok(self)
    }

    fn check_sizes(&self) -> Result<()> {
        let sizes = [
            (self.states.cols, MOST_DIMENSIONS, "dimensions", "Keep the first 50 principal components, or so."),
            (self.time_points.len(), MOST_TIME_POINTS, "time points", "Put neighbouring times together."),
            (self.types.len(), MOST_TYPES, "cell types", "Use a coarser annotation."),
        ];
        match sizes.into_iter().find(|(size, most, ..)| size > most) {
            None => Ok(()),
            Some((size, most, what, remedy)) => {
                Err(Error::input(format!("there are {size} {what}, and {most} are the most")).remedy(remedy))
            }
        }
    }

    /// Everything that is not per cell.
    pub fn summary(&self) -> DatasetSummary {
        DatasetSummary {
            name: self.name.clone(),
            fingerprint: self.fingerprint(),
            cells: self.states.rows,
            dimensions: self.states.cols,
            axis: self.axis.clone(),
            genes: self.decoder.as_ref().map_or(0, |decoder| decoder.genes.len()),
            measured: self.measured.as_ref().map(Measured::summary),
            time_points: self.time_points.clone(),
            cell_types: self.types.clone(),
            samples: self.samples.clone(),
            planted: self.planted_interactions.as_ref().map_or_else(Vec::new, |it| it.values.clone()),
            spaces: self.spaces(),
            simulated: self.simulated,
            held_out: self.held_out.clone(),
            preparation: self.preparation.clone(),
            columns: self
                .columns
                .iter()
                .map(|column| CellColumn { name: column.name.clone(), levels: column.levels.clone() })
                .collect(),
            notes: self.notes.clone(),
        }
    }

    /// A value for each cell.
    ///
    /// # Errors
    ///
    /// If there is no such column or gene.
    pub fn values(&self, query: ValuesQuery) -> Result<CellValues> {
        let values = match query {
            ValuesQuery::Column(column) => {
                let missing = || Error::request(format!("there is no column {column} to colour by"));
                self.columns.get(column).ok_or_else(missing)?.values.clone()
            }
            ValuesQuery::Gene(gene) => {
                let decoder = self.gene(gene)?;
                (0..self.states.rows).map(|cell| decoder.decode_gene(gene, self.states.row(cell))).collect()
            }
            ValuesQuery::Measured(gene) => {
                let missing = || {
                    Error::request("this dataset has no measured expression")
                        .remedy("Open the file that it was made of, or colour by decoded expression.")
                };
                self.measured.as_ref().ok_or_else(missing)?.gene(gene)?
            }
            ValuesQuery::Growth
            | ValuesQuery::Potential(_)
            | ValuesQuery::Residual(_)
            | ValuesQuery::GrowthWeight(_) => {
                return Err(Error::request("this is read off a model, not off the data"));
            }
        };
        Ok(CellValues { query, values: values.into() })
    }

    /// The decoder, if it knows a gene.
    ///
    /// # Errors
    ///
    /// If there are no loadings, or no such gene in them.
    pub fn gene(&self, gene: usize) -> Result<&Decoder> {
        let decoder = self.decoder.as_ref().ok_or_else(|| {
            Error::request("this dataset has no gene loadings, so nothing can be decoded to expression")
                .remedy("Open a file with loadings (varm/PCs), or let the components be computed here.")
        })?;
        if gene >= decoder.genes.len() {
            return Err(Error::request(format!("there is no gene {gene}; the loadings have {}", decoder.genes.len())));
        }
        Ok(decoder)
    }

    /// Everything per cell that a scatter plot in the default space needs.
    pub fn cells(&self) -> Cells {
        let first = self.spaces().first().map(|space| space.id).unwrap_or_default();
        Cells {
            positions: self.coordinates(first).unwrap_or_default().into(),
            times: self.times.clone().into(),
            cell_types: self.cell_types.clone().into(),
            samples: self.cell_samples.clone().into(),
        }
    }

    /// Spaces to offer, the default first: the embeddings and the usual planes of components.
    pub fn spaces(&self) -> Vec<Space> {
        let named = |(index, embedding): (usize, &Embedding)| Space {
            id: SpaceId::Embedding(index),
            name: embedding.name.clone(),
            axes: embedding.axes.clone(),
        };
        let embeddings = self.embeddings.iter().enumerate().map(named);
        let known = PLANES.into_iter().filter(|[x, y]| *x.max(y) < self.states.cols);
        let planes = known.map(|axes| Space::components(&self.axis, axes));
        if self.components_first { planes.chain(embeddings).collect() } else { embeddings.chain(planes).collect() }
    }

    /// An embedding.
    ///
    /// # Errors
    ///
    /// If there is no such embedding.
    pub fn embedding(&self, index: usize) -> Result<&Embedding> {
        self.embeddings.get(index).ok_or_else(|| {
            Error::request(format!("there is no embedding {index}; this dataset has {}", self.embeddings.len()))
                .remedy("Embeddings are counted from 0.")
        })
    }

    /// Two axes of the model space that span a plane.
    ///
    /// # Errors
    ///
    /// If the model space has no such axis, or both are the same.
    pub fn components(&self, [x, y]: [usize; 2]) -> Result<[usize; 2]> {
        let (axis, dimensions) = (&self.axis, self.states.cols);
        if x.max(y) >= dimensions {
            let what = format!(
                "there is no {axis} {}: the model space has {dimensions} dimensions",
                x.max(y).saturating_add(1)
            );
            return Err(Error::request(what).remedy("Choose two of its components."));
        }
        if x == y {
            let what = format!("{axis} {} alone spans no plane", x + 1);
            return Err(Error::request(what).remedy("Choose two different components."));
        }
        Ok([x, y])
    }

    /// Coordinates of all cells in a space: x, y of each.
    ///
    /// # Errors
    ///
    /// If there is no such space.
    pub fn coordinates(&self, space: SpaceId) -> Result<Vec<f32>> {
        match space {
            SpaceId::Embedding(index) => Ok(self.embedding(index)?.positions.values.clone()),
            SpaceId::Components(axes) => Ok(self.states.column_pairs(self.components(axes)?)),
        }
    }
}

/// How many cells have each of `groups` indices.
pub(super) fn count(indices: &[u32], groups: usize, cells: usize) -> Result<Vec<usize>> {
    if indices.len() != cells {
        return Err(Error::input(format!("{} entries for {cells} cells", indices.len())));
    }
    let mut counts = vec![0; groups];
    for &index in indices {
        let count = counts
            .get_mut(index as usize)
            .ok_or_else(|| Error::input(format!("index {index} is out of range, there are {groups}")))?;
        *count += 1;
    }
    Ok(counts)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn small() -> Dataset {
        let point = |label: &str| TimePoint { label: label.into(), value: None, cells: 0 };
        Dataset {
            name: "small".into(),
            states: Matrix::new(4, 3, (0..12u8).map(f32::from).collect()).unwrap(),
            axis: "PC".into(),
            times: vec![0, 1, 0, 1],
            time_points: vec![point("day 0"), point("day 1")],
            cell_types: vec![0; 4],
            types: vec![CellType { name: "all cells".into(), color: None, cells: 0 }],
            ..Dataset::default()
        }
    }

    #[test]
    fn cells_are_counted_and_planes_follow_the_dimensions() {
        let mut dataset = small().checked().unwrap();
        assert_eq!(dataset.time_points[1].cells, 2);
        assert_eq!(dataset.types[0].cells, 4);
        assert_eq!(dataset.cells_at(1), [1, 3]);
        assert_eq!(dataset.states_at(1).values, [3.0, 4.0, 5.0, 9.0, 10.0, 11.0]);
        let names: Vec<_> = dataset.spaces().into_iter().map(|space| space.name).collect();
        assert_eq!(names, ["PC 1 and 2", "PC 1 and 3", "PC 2 and 3"]);
        assert_eq!(dataset.coordinates(SpaceId::Components([2, 0])).unwrap()[..4], [2.0, 0.0, 5.0, 3.0]);
        let refused = |space, says: &str| {
            let error = dataset.coordinates(space).unwrap_err().to_string();
            assert!(error.contains(says), "{error}");
        };
        refused(SpaceId::Components([1, 3]), "no PC 4: the model space has 3 dimensions");
        refused(SpaceId::Components([1, 1]), "PC 2 alone spans no plane");
        refused(SpaceId::Embedding(0), "no embedding 0; this dataset has 0");

        let embedding = |name: &str, value: f32| Embedding::new(name, Matrix::new(4, 2, vec![value; 8]).unwrap());
        dataset.embeddings = vec![embedding("t-SNE", 1.0), embedding("UMAP", 2.0)];
        assert_eq!(dataset.coordinates(SpaceId::Embedding(1)).unwrap(), [2.0; 8]);
        assert_eq!(dataset.cells().positions.0, [1.0; 8]);
        assert_eq!(dataset.summary().spaces[1].id, SpaceId::Embedding(1));
        dataset.components_first = true;
        assert_eq!(dataset.summary().spaces[0].id, SpaceId::default());
        assert_eq!(dataset.cells().positions[..2], [0.0, 1.0]);
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        let refused = |change: fn(&mut Dataset), says: &str| {
            let mut dataset = small();
            change(&mut dataset);
            let error = dataset.checked().unwrap_err().to_string();
            assert!(error.contains(says), "{error}");
        };
        refused(|dataset| dataset.states.values[7] = f32::INFINITY, "states: the value in row 2, column 1");
        refused(|dataset| dataset.times[0] = 2, "times: index 2 is out of range");
        refused(|dataset| dataset.times.truncate(3), "times: 3 entries for 4 cells");
        refused(|dataset| dataset.times = vec![0; 4], "“day 1” has no cells");
        refused(
            |dataset| {
                dataset.time_points.truncate(1);
                dataset.times = vec![0; 4];
            },
            "there is 1 time point",
        );
        refused(
            |dataset| {
                dataset.decoder =
                    Some(Decoder { genes: vec!["a".into()], loadings: Matrix::zeros(1, 2), mean: vec![0.0] });
            },
            "1 genes and 3 dimensions",
        );
    }
}
