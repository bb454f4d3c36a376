//! AnnData files (`.h5ad`).
//!
//! A file is opened, summarised with a proposed [`Mapping`], and becomes a [`Dataset`] once the mapping is settled. Only the
//! annotations are read at first; arrays are read when a mapping asks for them.

mod columns;
mod decoder;
mod expression;
mod store;

use crate::data::mapping::{self, comparable_numbers, hex_color};
use crate::data::unprepared::Unprepared;
use crate::data::{Dataset, Embedding, Matrix};
use crate::protocol::{CellType, DisplaySpace, FileSummary, Mapping, ModelSpace, SpaceSummary, TimePoint};
use crate::{Error, Result};
use columns::Annotation;
use store::Store;

/// Name of the type of cells that have none.
const UNASSIGNED: &str = "unassigned";

/// An open AnnData file.
pub struct AnnData {
    name: String,
    store: Store,
    cells: usize,
    genes: usize,
    columns: Vec<(String, Annotation)>,
    spaces: Vec<SpaceSummary>,
    notes: Vec<String>,
}

impl AnnData {
    /// Opens a file and reads its annotations.
    ///
    /// # Errors
    ///
    /// If it is not HDF5, is cut off, is compressed in a way that cannot be undone, or has no `obs`; says what to do.
    pub fn open(name: &str, bytes: Vec<u8>) -> Result<Self> {
        Self::read(name, bytes).map_err(|error| error.at(name))
    }

    fn read(name: &str, bytes: Vec<u8>) -> Result<Self> {
        let store = Store::open(bytes)?;
        if store.has_dataset("obs") {
            return Err(Error::input("this file was written by an AnnData older than 0.7").remedy(
                "Write it again with a newer one: `anndata.read_h5ad(\"in.h5ad\").write_h5ad(\"out.h5ad\")`.",
            ));
        }
        if store.group("obs").is_none() {
            return Err(Error::input("this HDF5 file has no table obs, so it is not an AnnData file")
                .remedy("Read it with the program that wrote it and save it with `AnnData.write_h5ad`."));
        }
        let cells = columns::rows(&store, "obs")?;
        let genes = match store.group("var") {
            Some(_) => columns::rows(&store, "var")?,
            None => store.shape("X")?.and_then(|shape| shape.get(1).copied()).unwrap_or(0),
        };
        let mut notes = Vec::new();
        let mut columns = Vec::new();
        for column in columns::names(&store, "obs")? {
            match columns::read(&store, "obs", &column, cells)? {
                Some(annotation) => columns.push((column, annotation)),
                None => {
                    notes.push(format!("The column “{column}” is of a kind that cannot be shown and was left out."))
                }
            }
        }
        let mut spaces = Vec::new();
        for space in store.children("obsm")? {
            match store.shape(&format!("obsm/{space}"))?.as_deref() {
                Some(&[rows, dimensions]) if rows == cells => spaces.push(SpaceSummary { name: space, dimensions }),
                _ => notes.push(format!("“{space}” in obsm is not an array with a row per cell and was left out.")),
            }
        }
        spaces.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(Self { name: name.into(), store, cells, genes, columns, spaces, notes })
    }

    /// What is in the file.
    pub fn summary(&self) -> FileSummary {
        FileSummary {
            name: self.name.clone(),
            cells: self.cells,
            genes: self.genes,
            columns: self.columns.iter().map(|(name, annotation)| annotation.summary(name)).collect(),
            spaces: self.spaces.clone(),
            matrices: Vec::new(),
            notes: self.notes.clone(),
        }
    }

    /// The mapping that fits best.
    ///
    /// # Errors
    ///
    /// If the file has no reduced space or no column that can be time; says what it has and what to do.
    pub fn propose(&self) -> Result<Mapping> {
        mapping::propose(&self.summary()).map_err(|error| error.at(&self.name))
    }

    /// What a mapping makes of the file.
    ///
    /// # Errors
    ///
    /// If the mapping names something that is not there or orders other time points than there are, if an array holds a value that is
    /// not finite, or cannot be read.
    pub fn apply(&self, mapping: &Mapping) -> Result<Unprepared> {
        self.build(mapping).map_err(|error| error.at(&self.name))
    }

    fn build(&self, mapping: &Mapping) -> Result<Unprepared> {
        let ModelSpace::Stored(model_space) = &mapping.model_space else {
            return Err(Error::request("the model space cannot be computed yet"));
        };
        let mut notes = self.notes.clone();
        let (times, time_points) = self.times(mapping)?;
        let (cell_types, types) = match &mapping.cell_type {
            Some(column) => self.types(column, &mut notes)?,
            None => {
                notes.push("The cells have no types; all are drawn and summarised together.".into());
                (vec![0; self.cells], vec![CellType { name: "all cells".into(), color: None, cells: 0 }])
            }
        };
        let states = self.space(model_space)?;
        let embedding = match &mapping.display_space {
            DisplaySpace::Stored(space) if space != model_space => Some(self.embedding(space, &mut notes)?),
            _ => None,
        };
        let (decoder, note) = decoder::find(&self.store, model_space, &states);
        notes.extend(note);
        let axis = if model_space.starts_with("X_pca") { "PC" } else { title(model_space) };
        let dataset = Dataset {
            name: self.name.strip_suffix(".h5ad").unwrap_or(&self.name).into(),
            states,
            axis: axis.into(),
            times,
            time_points,
            cell_types,
            types,
            embedding,
            decoder,
            simulated: false,
            planted_interactions: None,
            held_out: Vec::new(),
            preparation: None,
            notes,
        };
        let umap = match mapping.display_space {
            DisplaySpace::Umap(settings) => Some(settings),
            _ => None,
        };
        Ok(Unprepared { dataset, counts: None, umap })
    }

    fn annotation(&self, column: &str) -> Result<&Annotation> {
        let (_, annotation) = self.columns.iter().find(|(name, _)| name == column).ok_or_else(|| {
            Error::request(format!("the file has no column “{column}”")).remedy("Choose another column.")
        })?;
        if annotation.levels.is_empty() {
            return Err(Error::request(format!("the column “{column}” has too many different values, or none"))
                .remedy("Choose another column."));
        }
        Ok(annotation)
    }

    /// Time point of each cell, and the time points in the order of the mapping.
    fn times(&self, mapping: &Mapping) -> Result<(Vec<u32>, Vec<TimePoint>)> {
        let column = &mapping.time;
        let annotation = self.annotation(column)?;
        let mut wanted: Vec<&String> = mapping.time_order.iter().collect();
        let mut there: Vec<&String> = annotation.levels.iter().collect();
        wanted.sort();
        there.sort();
        if wanted != there {
            return Err(Error::request(format!("the order of time points must name each value of “{column}” once")));
        }
        if !mapping::TIME_POINTS.contains(&there.len()) {
            return Err(Error::request(format!(
                "“{column}” has {} different values; time needs {} to {}",
                there.len(),
                mapping::TIME_POINTS.start(),
                mapping::TIME_POINTS.end()
            ))
            .remedy("Choose another column."));
        }
        let positions: Vec<u32> = annotation
            .levels
            .iter()
            .map(|level| mapping.time_order.iter().position(|label| label == level).unwrap_or_default() as u32)
            .collect();
        let times =
            annotation.codes.iter().map(|code| code.map(|code| positions[code as usize])).collect::<Option<_>>();
        let times = times.ok_or_else(|| {
            let missing = annotation.codes.iter().filter(|code| code.is_none()).count();
            Error::input(format!("{missing} cells have no value in the time column “{column}”"))
                .remedy("Remove these cells or fill the column in, and write the file again.")
        })?;
        // Numbers space the axis only if they rise in the chosen order.
        let values = comparable_numbers(&mapping.time_order).filter(|values| values.is_sorted_by(|a, b| a < b));
        let points = mapping.time_order.iter().enumerate().map(|(index, label)| TimePoint {
            label: label.clone(),
            value: values.as_ref().map(|values| values[index]),
            cells: 0,
        });
        Ok((times, points.collect()))
    }

    /// Type of each cell, and the types in the order of the file.
    fn types(&self, column: &str, notes: &mut Vec<String>) -> Result<(Vec<u32>, Vec<CellType>)> {
        let annotation = self.annotation(column)?;
        let colors = self.store.strings(&format!("uns/{column}_colors")).unwrap_or_default();
        let mut types: Vec<CellType> = annotation
            .levels
            .iter()
            .zip(&annotation.categories)
            .map(|(name, position)| CellType {
                name: name.clone(),
                color: colors.get(*position).and_then(|color| hex_color(color)),
                cells: 0,
            })
            .collect();
        let missing = annotation.codes.iter().filter(|code| code.is_none()).count();
        let unassigned = types.iter().position(|cell_type| cell_type.name == UNASSIGNED).unwrap_or(types.len()) as u32;
        if missing > 0 {
            if unassigned as usize == types.len() {
                types.push(CellType { name: UNASSIGNED.into(), color: None, cells: 0 });
            }
            let cells = if missing == 1 { "1 cell has" } else { &format!("{missing} cells have") };
            notes.push(format!("{cells} no value in “{column}” and the type “{UNASSIGNED}” here."));
        }
        Ok((annotation.codes.iter().map(|code| code.unwrap_or(unassigned)).collect(), types))
    }

    /// An array of `obsm`: cells x dimensions, finite.
    fn space(&self, name: &str) -> Result<Matrix> {
        let space = self.spaces.iter().find(|space| space.name == name).ok_or_else(|| {
            Error::request(format!("the file has no array “{name}” in obsm")).remedy("Choose another array.")
        })?;
        let path = format!("obsm/{name}");
        let matrix = Matrix::new(self.cells, space.dimensions, self.store.singles(&path)?);
        let matrix = matrix.map_err(|error| error.at(path.as_str()))?;
        matrix.check_finite().map_err(|error| error.at(path))?;
        Ok(matrix)
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
        Ok(Embedding {
            axes: [1, 2].map(|axis| format!("{title} {axis}")),
            positions: Matrix { rows: space.rows, cols: 2, values: space.column_pairs([0, 1]) },
            name: title.into(),
        })
    }
}

/// What people call an array of `obsm`.
fn title(name: &str) -> &str {
    match name {
        "X_umap" => "UMAP",
        "X_tsne" => "t-SNE",
        other => other.strip_prefix("X_").unwrap_or(other),
    }
}
