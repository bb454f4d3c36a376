//! A study as it comes from a laboratory: annotated cells that need a mapping before they are a dataset.

mod drawn;
mod groups;
mod joined;
mod layouts;
mod memory;
mod parts;
mod unknown;

pub(crate) use parts::{KNOWN, Part, in_memory};

use crate::data::anndata::AnnData;
use crate::data::annotation::Annotation;
use crate::data::expression::Expression;
use crate::data::kept::Kept;
pub use crate::data::mapping::Proposal;
use crate::data::mapping::{self, Guide};
use crate::data::measured::MOST_BYTES;
use crate::data::recognise::recognise;
use crate::data::unprepared::{Counts, Unprepared};
use crate::data::{Dataset, Matrix, Measured};
use crate::protocol::{
    DisplaySpace, File, FileSummary, Mapping, MatrixSummary, ModelSpace, Preprocessing, SpaceSummary, ValueKind,
};
use crate::{Error, Result};
use memory::Memory;

/// Is told what is being opened, and which share of all is done.
pub(crate) type Watch<'a> = &'a mut dyn FnMut(&str, f32);

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
    /// Columns that can be chosen, but are no annotations of their own.
    pub(super) candidates: Vec<(String, Annotation)>,
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
    /// The values of a table, of 10x files, or of several files.
    Memory(Box<Memory>),
}

/// What to do where nothing more particular is known.
const WRITE_AGAIN: &str = "Choose other columns or arrays, or repair the file and open it again.";
/// Most annotations that are kept to colour by.
const MOST_COLUMNS: usize = 60;

impl Study {
    /// Opens a study: one file, or several that belong together.
    ///
    /// # Errors
    ///
    /// If the files are of no kind that is known, do not belong together, or are damaged; says what to do.
    pub fn open(files: Vec<File>) -> Result<Self> {
        Self::open_watched(files, &mut |_, _| {})
    }

    /// As [`Self::open`], telling how far it is.
    pub(crate) fn open_watched(files: Vec<File>, watch: Watch<'_>) -> Result<Self> {
        parts::open(files, watch)?.with_times_of_samples()
    }

    /// A study with one expression matrix in memory.
    pub(super) fn of(
        expression: Expression,
        genes: Vec<String>,
        columns: Vec<(String, Annotation)>,
        notes: Vec<String>,
        guide: Guide,
    ) -> Self {
        let cells = expression.cells;
        Self::holding(Memory::new(expression, genes, Vec::new()), cells, columns, notes, guide)
    }

    /// A study of so many cells whose values are in memory.
    fn holding(
        memory: Memory,
        cells: usize,
        columns: Vec<(String, Annotation)>,
        notes: Vec<String>,
        guide: Guide,
    ) -> Self {
        let matrices = memory.matrices();
        Self {
            name: String::new(),
            cells,
            genes: matrices.first().map_or(0, |matrix| matrix.genes),
            cell_names: Vec::new(),
            columns,
            candidates: Vec::new(),
            spaces: Vec::new(),
            matrices,
            notes,
            source: Source::Memory(Box::new(memory)),
            guide,
        }
    }

    /// The study with the names of its cells.
    pub(super) fn with_cell_names(self, cell_names: Vec<String>) -> Self {
        Self { cell_names, ..self }
    }

    /// The study with spaces beside its matrix.
    pub(super) fn with_spaces(mut self, spaces: Vec<(String, Matrix)>) -> Self {
        let summary = |(name, matrix): &(String, Matrix)| SpaceSummary { name: name.clone(), dimensions: matrix.cols };
        self.spaces.extend(spaces.iter().map(summary));
        if let Source::Memory(memory) = &mut self.source {
            memory.spaces = spaces;
        }
        self
    }

    /// The study with columns that can be chosen though they are no annotations of their own.
    pub(super) fn with_candidates(self, candidates: Vec<(String, Annotation)>) -> Self {
        Self { candidates, ..self }
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
            columns: self.columns.iter().chain(&self.candidates).map(|(name, it)| it.summary(name)).collect(),
            spaces: self.spaces.clone(),
            matrices: self.matrices.clone(),
            notes: self.notes_on(None),
        }
    }

    /// What a user should know, of a matrix that was chosen or before one is.
    fn notes_on(&self, matrix: Option<&str>) -> Vec<String> {
        let note = if let Source::Memory(memory) = &self.source { memory.note(matrix) } else { None };
        self.notes.iter().cloned().chain(note).collect()
    }

    /// The mapping that fits best, with what has to be asked for.
    ///
    /// # Errors
    ///
    /// If no column could be chosen as time, or there is nothing that a model could work in; says what was found and what to do.
    pub fn ask(&self) -> Result<Proposal> {
        let here = |error: Error| error.at(&self.name).or_remedy(WRITE_AGAIN);
        let Proposal { mut mapping, questions } = mapping::propose(&self.summary(), self.guide).map_err(here)?;
        mapping.sample = groups::sample_column(&self.columns, &mapping);
        Ok(Proposal { mapping, questions: questions.into_iter().map(here).collect() })
    }

    /// The mapping that fits best, where nothing has to be asked for.
    ///
    /// # Errors
    ///
    /// As [`Self::ask`], or if something is open.
    pub fn propose(&self) -> Result<Mapping> {
        let Proposal { mapping, questions } = self.ask()?;
        questions.into_iter().next().map_or(Ok(mapping), Err)
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
        let matrix = if let ModelSpace::Computed(steps) = &mapping.model_space { &*steps.matrix } else { "" };
        let mut notes = self.notes_on(Some(matrix));
        let (times, time_points, kept) =
            groups::times(self.column(&mapping.time)?, &mapping.time, &mapping.time_order, &mut notes)?;
        let (cell_types, types) = match &mapping.cell_type {
            Some(column) => {
                let annotation = kept.annotation(self.column(column)?)?;
                groups::types(&annotation, column, &self.colors(column), &mut notes)?
            }
            None if mapping.clusters.is_some() => groups::untyped(kept.count()),
            None => {
                notes.push("The cells have no types; all are drawn and summarised together.".into());
                groups::untyped(kept.count())
            }
        };
        let (cell_samples, samples) = match &mapping.sample {
            Some(column) => groups::samples(&*kept.annotation(self.column(column)?)?, column, &mut notes)?,
            None => (Vec::new(), Vec::new()),
        };
        // Samples stay among the annotations, to colour by.
        let chosen = |name: &String| *name == mapping.time || Some(name) == mapping.cell_type.as_ref();
        let others = self.columns.iter().filter(|(name, _)| !chosen(name));
        let mut columns = Vec::new();
        for (name, annotation) in others {
            columns.extend(kept.annotation(annotation)?.column(name));
        }
        columns.truncate(MOST_COLUMNS);
        let mut cell_names = match &self.source {
            Source::File(file) => file.cell_names(self.cells),
            Source::Memory(_) => self.cell_names.clone(),
        };
        if cell_names.len() == self.cells {
            cell_names = (0..kept.count()).map(|cell| std::mem::take(&mut cell_names[kept.position(cell)])).collect();
        }
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
                dataset.states = kept.matrix(self.space(space)?);
                dataset.states.check_finite().map_err(|error| error.at(format!("obsm/{space}")))?;
                if !space.to_lowercase().trim_start_matches("x_").starts_with("pca") {
                    dataset.axis = drawn::title(space).into();
                }
                if let Source::File(file) = &self.source {
                    let read = self.measured_matrix().map(|matrix| (matrix, file.matrix(&matrix.name, self.cells)));
                    let read = read.and_then(|(matrix, read)| {
                        let (expression, genes) = read.ok()?;
                        Some((matrix, (kept.expression(expression), genes)))
                    });
                    let known = read.as_ref().map(|(matrix, (expression, _))| (matrix.name.as_str(), expression));
                    let (decoder, note) = file.decoder(space, &dataset.states, &kept, known);
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
                let counts = self.counts(steps, mapping, dataset.time_points.len(), &kept)?;
                dataset.held_out.clone_from(&counts.steps.held_out);
                Some(counts)
            }
        };
        dataset.embeddings = self.embeddings(mapping, &kept, &mut notes)?;
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
        let clusters = mapping.clusters.clone().filter(|_| mapping.cell_type.is_none());
        Ok(Unprepared { dataset, counts, clusters, umap })
    }

    fn column(&self, column: &str) -> Result<&Annotation> {
        let mut columns = self.columns.iter().chain(&self.candidates);
        let (_, annotation) = columns.find(|(name, _)| name == column).ok_or_else(|| {
            Error::request(format!("the file has no column “{column}”")).remedy("Choose another column.")
        })?;
        if annotation.levels.is_empty() {
            return Err(Error::request(format!("the column “{column}” has too many different values, or none"))
                .remedy("Choose another column."));
        }
        Ok(annotation)
    }

    /// The candidates that a mapping has chosen.
    fn chosen<'a>(&self, mapping: &'a Mapping) -> Vec<&'a String> {
        let chosen = [Some(&mapping.time), mapping.cell_type.as_ref(), mapping.sample.as_ref()];
        chosen.into_iter().flatten().filter(|name| self.candidates.iter().any(|(known, _)| known == *name)).collect()
    }

    fn colors(&self, column: &str) -> Vec<String> {
        match &self.source {
            Source::File(file) => file.colors(column),
            Source::Memory(_) => Vec::new(),
        }
    }

    /// An array with a row per cell: cells x dimensions.
    fn space(&self, name: &str) -> Result<Matrix> {
        match (&self.source, self.spaces.iter().find(|space| space.name == name)) {
            (Source::File(file), Some(space)) => file.space(name, self.cells, space.dimensions),
            (Source::Memory(memory), Some(space)) => {
                let found = memory.spaces.iter().find(|(name, _)| *name == space.name);
                found.map(|(_, matrix)| matrix.clone()).ok_or_else(|| Error::internal("a space of a table is lost"))
            }
            _ => Err(Error::request(format!("the file has no array “{name}” in obsm")).remedy("Choose another array.")),
        }
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
    fn counts(&self, steps: &Preprocessing, mapping: &Mapping, time_points: usize, kept: &Kept) -> Result<Counts> {
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
            Source::Memory(memory) => memory.genes_but(&steps.matrix, &self.chosen(mapping)),
        };
        let expression = kept.expression(expression);
        if let Some((cell, gene, value)) = expression.first_not_finite() {
            let (name, cell) = (genes.get(gene).map_or("", String::as_str), kept.position(cell));
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
