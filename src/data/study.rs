//! A study as it comes from a laboratory: annotated cells that need a mapping before they are a dataset.

mod groups;
mod parts;

pub(crate) use parts::{KNOWN, Part};

use crate::data::anndata::AnnData;
use crate::data::annotation::Annotation;
use crate::data::expression::Expression;
use crate::data::mapping::{self, Guide};
use crate::data::measured::MOST_BYTES;
use crate::data::recognise::recognise;
use crate::data::unprepared::{Counts, Unprepared};
use crate::data::{Dataset, Embedding, Matrix, Measured};
use crate::protocol::{
    CellType, DisplaySpace, File, FileSummary, Mapping, MatrixSummary, ModelSpace, Preprocessing, SpaceSummary,
    ValueKind,
};
use crate::{Error, Result};

/// An open study.
pub struct Study {
    /// File name.
    pub(super) name: String,
    pub(super) cells: usize,
    pub(super) genes: usize,
    /// Names of the cells; empty where [`Source::File`] has them.
    pub(super) cell_names: Vec<String>,
    /// Annotations of the cells by name.
    pub(super) columns: Vec<(String, Annotation)>,
    pub(super) spaces: Vec<SpaceSummary>,
    pub(super) matrices: Vec<MatrixSummary>,
    pub(super) notes: Vec<String>,
    pub(super) source: Source,
    pub(super) guide: Guide,
}

/// Where the arrays of a study are.
pub(super) enum Source {
    /// In a file that is read when a mapping asks for them.
    File(AnnData),
    /// A single expression matrix with the names of its genes, under the name [`ONLY_MATRIX`].
    Memory(Expression, Vec<String>),
}

/// What to do where nothing more particular is known.
const WRITE_AGAIN: &str = "Choose other columns or arrays, or repair the file and open it again.";
/// Most annotations that are kept to colour by.
const MOST_COLUMNS: usize = 60;
/// Most embeddings that are kept to draw in.
const MOST_EMBEDDINGS: usize = 8;
/// Name of the expression matrix of a study that has one.
const ONLY_MATRIX: &str = "X";

impl Study {
    /// Opens a study: one file, or several that belong together.
    ///
    /// # Errors
    ///
    /// If the files are of no kind that is known, do not belong together, or are damaged; says what to do.
    pub fn open(files: Vec<File>) -> Result<Self> {
        parts::open(files)
    }

    /// A study with one expression matrix in memory.
    pub(super) fn of(
        expression: Expression,
        genes: Vec<String>,
        columns: Vec<(String, Annotation)>,
        notes: Vec<String>,
        guide: Guide,
    ) -> Self {
        Self {
            name: String::new(),
            cells: expression.cells,
            genes: genes.len(),
            cell_names: Vec::new(),
            columns,
            spaces: Vec::new(),
            matrices: vec![matrix_summary(ONLY_MATRIX, &expression)],
            notes,
            source: Source::Memory(expression, genes),
            guide,
        }
    }

    /// The study with the names of its cells.
    pub(super) fn with_cell_names(self, cell_names: Vec<String>) -> Self {
        Self { cell_names, ..self }
    }

    /// The study under another name, such as that of the archive it came in.
    pub(crate) fn named(self, name: &str) -> Self {
        Self { name: name.into(), ..self }
    }

    /// What is in it.
    pub fn summary(&self) -> FileSummary {
        FileSummary {
            name: self.name.clone(),
            cells: self.cells,
            genes: self.genes,
            columns: self.columns.iter().map(|(name, annotation)| annotation.summary(name)).collect(),
            spaces: self.spaces.clone(),
            matrices: self.matrices.clone(),
            notes: self.notes.clone(),
        }
    }

    /// The mapping that fits best.
    ///
    /// # Errors
    ///
    /// If no column can be time, or there is nothing that a model could work in; says what was found and what to do.
    pub fn propose(&self) -> Result<Mapping> {
        let proposed = mapping::propose(&self.summary(), self.guide);
        let mut mapping = proposed.map_err(|error| error.at(&self.name).or_remedy(WRITE_AGAIN))?;
        mapping.sample = groups::sample_column(&self.columns, &mapping);
        Ok(mapping)
    }

    /// What a mapping makes of it.
    ///
    /// # Errors
    ///
    /// If the mapping names something that is not there, orders other time points than there are, or holds out what cannot be; if an
    /// array cannot be read, or holds a value that is not finite.
    pub fn apply(&self, mapping: &Mapping) -> Result<Unprepared> {
        self.build(mapping).map_err(|error| error.at(&self.name).or_remedy(WRITE_AGAIN))
    }

    fn build(&self, mapping: &Mapping) -> Result<Unprepared> {
        if let Source::File(file) = &self.source {
            file.renew();
        }
        let mut notes = self.notes.clone();
        let (times, time_points) = groups::times(self.column(&mapping.time)?, &mapping.time, &mapping.time_order)?;
        let (cell_types, types) = match &mapping.cell_type {
            Some(column) => groups::types(self.column(column)?, column, &self.colors(column), &mut notes)?,
            None => {
                notes.push("The cells have no types; all are drawn and summarised together.".into());
                (vec![0; self.cells], vec![CellType { name: "all cells".into(), color: None, cells: 0 }])
            }
        };
        let (cell_samples, samples) = match &mapping.sample {
            Some(column) => groups::samples(self.column(column)?, column, &mut notes)?,
            None => (Vec::new(), Vec::new()),
        };
        // Samples stay among the annotations, to colour by.
        let chosen = |name: &String| *name == mapping.time || Some(name) == mapping.cell_type.as_ref();
        let others = self.columns.iter().filter(|(name, _)| !chosen(name));
        let columns = others.filter_map(|(name, annotation)| annotation.column(name)).take(MOST_COLUMNS).collect();
        let cell_names = match &self.source {
            Source::File(file) => file.cell_names(self.cells),
            Source::Memory(..) => self.cell_names.clone(),
        };
        let mut dataset = Dataset {
            cell_names,
            columns,
            name: parts::stem(&self.name).into(),
            axis: "PC".into(),
            times,
            time_points,
            cell_types,
            types,
            cell_samples,
            samples,
            ..Dataset::default()
        };
        let counts = match &mapping.model_space {
            ModelSpace::Stored(space) => {
                dataset.states = self.space(space)?;
                if !space.starts_with("X_pca") {
                    dataset.axis = title(space).into();
                }
                if let Source::File(file) = &self.source {
                    let read = self.measured_matrix().map(|matrix| (matrix, file.matrix(&matrix.name, self.cells)));
                    let read = read.and_then(|(matrix, read)| Some((matrix, read.ok()?)));
                    let known = read.as_ref().map(|(matrix, (expression, _))| (matrix.name.as_str(), expression));
                    let (decoder, note) = file.decoder(space, &dataset.states, known);
                    notes.extend(note);
                    if let Some((matrix, (expression, genes))) = read {
                        let covered = decoder.as_ref().map_or(&[][..], |decoder| &decoder.genes);
                        let (measured, note) = Measured::new(&expression, &genes, matrix.values, covered, MOST_BYTES);
                        dataset.measured = Some(measured);
                        notes.extend(note);
                    }
                    dataset.decoder = decoder;
                }
                None
            }
            ModelSpace::Computed(steps) => {
                let counts = self.counts(steps, dataset.time_points.len())?;
                dataset.held_out.clone_from(&counts.steps.held_out);
                Some(counts)
            }
        };
        dataset.embeddings = self.embeddings(mapping, &mut notes)?;
        let is_model = |space: &String| mapping.model_space == ModelSpace::Stored(space.clone());
        let umap = match &mapping.display_space {
            DisplaySpace::Umap(settings) => Some(*settings),
            DisplaySpace::Components => {
                dataset.components_first = true;
                None
            }
            DisplaySpace::Stored(space) => {
                dataset.components_first = is_model(space);
                None
            }
        };
        dataset.notes = notes;
        Ok(Unprepared { dataset, counts, umap })
    }

    fn column(&self, column: &str) -> Result<&Annotation> {
        let (_, annotation) = self.columns.iter().find(|(name, _)| name == column).ok_or_else(|| {
            Error::request(format!("the file has no column “{column}”")).remedy("Choose another column.")
        })?;
        if annotation.levels.is_empty() {
            return Err(Error::request(format!("the column “{column}” has too many different values, or none"))
                .remedy("Choose another column."));
        }
        Ok(annotation)
    }

    fn colors(&self, column: &str) -> Vec<String> {
        match &self.source {
            Source::File(file) => file.colors(column),
            Source::Memory(..) => Vec::new(),
        }
    }

    /// An array with a row per cell: cells x dimensions, finite.
    fn space(&self, name: &str) -> Result<Matrix> {
        match (&self.source, self.spaces.iter().find(|space| space.name == name)) {
            (Source::File(file), Some(space)) => file.space(name, self.cells, space.dimensions),
            _ => Err(Error::request(format!("the file has no array “{name}” in obsm")).remedy("Choose another array.")),
        }
    }

    /// The chosen display space, if it is an embedding of the file, and all other embeddings there are, as far as they can be used.
    fn embeddings(&self, mapping: &Mapping, notes: &mut Vec<String>) -> Result<Vec<Embedding>> {
        let is_model = |name: &str| mapping.model_space == ModelSpace::Stored(name.into());
        let chosen = match &mapping.display_space {
            DisplaySpace::Stored(space) if !is_model(space) => Some(space.as_str()),
            _ => None,
        };
        let mut embeddings = match chosen {
            Some(space) => vec![self.embedding(space, notes)?],
            None => Vec::new(),
        };
        let others = self.spaces.iter().filter(|space| mapping::is_plane(space));
        for SpaceSummary { name, .. } in others.filter(|space| chosen != Some(&space.name) && !is_model(&space.name)) {
            if embeddings.len() == MOST_EMBEDDINGS {
                notes.push(format!("“{name}” was left out: {MOST_EMBEDDINGS} embeddings are kept to draw in."));
                continue;
            }
            match self.embedding(name, notes) {
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

    fn embedding(&self, name: &str, notes: &mut Vec<String>) -> Result<Embedding> {
        let space = self.space(name)?;
        let title = title(name);
        if space.cols < 2 {
            return Err(Error::request(format!("“{name}” has {} column; drawing needs two", space.cols)));
        }
        if space.cols > 2 {
            notes.push(format!("Of the {} columns of “{name}” the first two are drawn.", space.cols));
        }
        let positions = Matrix { rows: space.rows, cols: 2, values: space.column_pairs([0, 1]) };
        Ok(Embedding::new(title, positions))
    }

    /// The matrix whose values are shown as measured: logarithms before others, and of those the one with most genes.
    fn measured_matrix(&self) -> Option<&MatrixSummary> {
        let rank = |matrix: &&MatrixSummary| {
            let values = match matrix.values {
                ValueKind::LogNormalised => 0,
                ValueKind::Normalised => 1,
                ValueKind::Counts => 2,
                ValueKind::Scaled => 3,
            };
            (values, std::cmp::Reverse(matrix.genes))
        };
        self.matrices.iter().min_by_key(rank)
    }

    /// What the model space is computed from.
    fn counts(&self, steps: &Preprocessing, time_points: usize) -> Result<Counts> {
        let matrix = self.matrices.iter().find(|matrix| matrix.name == steps.matrix).ok_or_else(|| {
            Error::request(format!("the file has no expression matrix “{}”", steps.matrix))
                .remedy("Choose another matrix.")
        })?;
        let mut steps = steps.clone();
        steps.held_out.sort_unstable();
        steps.held_out.dedup();
        if steps.held_out.first() == Some(&0) {
            return Err(Error::request("the first time point cannot be held out: every prediction starts there")
                .remedy("Choose a later one."));
        }
        if let Some(time) = steps.held_out.iter().find(|time| **time >= time_points) {
            let last = time_points - 1;
            return Err(Error::request(format!(
                "time point {time} cannot be held out; they are counted from 0 to {last}"
            ))
            .remedy("Choose an earlier one."));
        }
        let (expression, genes) = match &self.source {
            Source::File(file) => file.matrix(&steps.matrix, self.cells)?,
            Source::Memory(expression, genes) => (expression.clone(), genes.clone()),
        };
        if let Some((cell, gene, value)) = expression.first_not_finite() {
            let name = genes.get(gene).map_or("", String::as_str);
            return Err(Error::input(format!(
                "the value of “{name}” in row {cell}, column {gene} (counted from 0) is {value}"
            ))
            .remedy("Every value must be a finite number; remove or repair such cells and write the file again.")
            .at(&steps.matrix));
        }
        let evidence = match steps.values == matrix.values {
            true => matrix.evidence.clone(),
            false => format!("Chosen by the user; the values look otherwise. {}", matrix.evidence),
        };
        Ok(Counts { expression, genes, steps, evidence })
    }
}

/// What a front end is told about a matrix.
pub(super) fn matrix_summary(name: &str, expression: &Expression) -> MatrixSummary {
    let (values, evidence) = recognise(expression);
    MatrixSummary { name: name.into(), genes: expression.genes, values, evidence }
}

/// What people call an array of `obsm`.
fn title(name: &str) -> &str {
    match name {
        "X_umap" => "UMAP",
        "X_tsne" => "t-SNE",
        other => other.strip_prefix("X_").unwrap_or(other),
    }
}
