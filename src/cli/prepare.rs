//! `scimf prepare`

use super::columns::{Columns, Proposed};
use super::files::print_json;
use super::input::open;
use super::times;
use clap::{Args, ValueEnum};
use scimf::error::{Error, Result};
use scimf::protocol::{
    Command, DatasetSummary, DevicePreference, DisplaySpace, Event, FileSummary, Flavour, Mapping, Marker,
    MatrixSummary, ModelSpace, Preparation, Preprocessing, UmapSettings, ValueKind, VariableGenes,
};
use serde::Serialize;
use std::path::PathBuf;

/// Make a dataset bundle of a study: from counts to principal components, and UMAP for drawing.
#[derive(Args)]
pub struct Prepare {
    /// The study: AnnData (.h5ad), a table of cells x genes (.csv, .tsv), 10x (.h5), or matrix.mtx with its two tables or their folder.
    #[arg(required = true, value_name = "DATA")]
    files: Vec<PathBuf>,
    /// Column that holds the time of each cell [default: proposed from the names].
    #[arg(long)]
    time: Option<String>,
    /// Values of that column in the order of time, separated by commas; cells of other values are left out [default: by number].
    #[arg(long, value_delimiter = ',')]
    time_order: Vec<String>,
    /// Column that holds the cell type; `none` for no types [default: proposed from the names].
    #[arg(long)]
    cell_type: Option<String>,
    /// Cluster the cells where no column holds types: Leiden communities at this resolution; more makes smaller clusters.
    #[arg(long, value_name = "RESOLUTION", num_args = 0..=1, require_equals = true, default_missing_value = "1")]
    #[arg(conflicts_with = "cell_type")]
    cluster: Option<f64>,
    /// Names of the clusters, the largest first, separated by commas.
    #[arg(long, value_delimiter = ',', requires = "cluster")]
    cluster_names: Vec<String>,
    /// Column that holds the sample of each cell; `none` for no samples [default: proposed from the names].
    #[arg(long)]
    sample_column: Option<String>,
    /// Expression matrix: X, raw/X or layers/… [default: the one with counts].
    #[arg(long)]
    matrix: Option<String>,
    /// Of several files take every gene that one of them has, as zeros in the cells of files without it [default: genes that all have].
    #[arg(long, conflicts_with = "matrix")]
    union_genes: bool,
    /// What its values are [default: recognised].
    #[arg(long, value_enum)]
    values: Option<Values>,
    /// Time points that nothing is fitted on, by position counted from 0 or by label.
    #[arg(long, value_delimiter = ',')]
    hold_out: Vec<String>,
    /// Variable genes to keep; 0 keeps all [default: 2000].
    #[arg(long)]
    genes: Option<usize>,
    /// How variable genes are found.
    #[arg(long, value_enum, default_value_t = FlavourName::Seurat)]
    flavour: FlavourName,
    /// Sum of each cell over the kept genes; 0 leaves cells as they are [default: 10000 for counts].
    #[arg(long)]
    target_sum: Option<f64>,
    /// Do not take log(1 + x) [default: taken for counts].
    #[arg(long)]
    no_log: bool,
    /// Do not divide genes by their standard deviation.
    #[arg(long)]
    no_z_score: bool,
    /// Principal components [default: 50, or as many as there are].
    #[arg(long)]
    pcs: Option<usize>,
    /// Do not compute UMAP; draw principal components.
    #[arg(long)]
    no_umap: bool,
    /// Seed of UMAP.
    #[arg(long, default_value_t = 0)]
    seed: u32,
    /// Bundle to write [default: the study's name with .zip].
    #[arg(long)]
    output: Option<PathBuf>,
    /// Write one JSON object: the dataset's summary.
    #[arg(long)]
    json: bool,
}

/// Genes that are named of each cluster.
const MARKERS: usize = 8;

/// What is written as JSON.
#[derive(Serialize)]
struct Prepared<'a> {
    #[serde(flatten)]
    dataset: &'a DatasetSummary,
    #[serde(skip_serializing_if = "Option::is_none")]
    markers: Option<&'a Vec<Vec<Marker>>>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Values {
    /// Counts of molecules or reads.
    Counts,
    /// Scaled to a library size, not logarithms.
    Normalised,
    /// log(1 + x) of those.
    LogNormalised,
    /// Centred or z-scored.
    Scaled,
}

#[derive(Clone, Copy, ValueEnum)]
enum FlavourName {
    /// Dispersion of log-normalised values.
    Seurat,
    /// Variance-stabilised counts.
    Vst,
}

impl Prepare {
    /// Prepares and writes the bundle.
    pub fn run(&self) -> Result<()> {
        let mut opened = open(&self.files, DevicePreference::Cpu, |proposed| self.choose(proposed))?;
        if opened.dataset.preparation.is_none() {
            let remedy = "Use it as it is; to compute components, open the study with its expression values.";
            return Err(Error::request("This file already is a dataset, there is nothing to prepare").remedy(remedy));
        }
        let output = self.output.clone().unwrap_or_else(|| PathBuf::from(format!("{}.zip", opened.dataset.name)));
        opened.save(Command::SaveBundle { view: None }, &output)?;
        let markers = match self.cluster {
            None => None,
            Some(_) => Some(opened.answer(Command::Markers(MARKERS), |event| match event {
                Event::Markers(markers) => Some(markers),
                _ => None,
            })?),
        };
        if self.json {
            return print_json(&Prepared { dataset: &opened.dataset, markers: markers.as_ref().map(|it| &it.types) });
        }
        describe(&opened.dataset);
        let marked = opened.dataset.cell_types.iter().zip(markers.iter().flat_map(|markers| &markers.types));
        for (cell_type, markers) in marked {
            let genes: Vec<&str> = markers.iter().map(|marker| marker.gene.as_str()).collect();
            println!("{}\t{} cells, marked by {}", cell_type.name, cell_type.cells, genes.join(", "));
        }
        println!("wrote\t{}", output.display());
        Ok(())
    }

    fn choose(&self, proposed: &Proposed) -> Result<Mapping> {
        let columns = Columns {
            time_column: self.time.clone(),
            time_order: self.time_order.clone(),
            cell_type: self.cell_type.clone(),
            cluster: self.cluster,
            sample_column: self.sample_column.clone(),
            union_genes: self.union_genes,
            ..Columns::default()
        };
        let file = &proposed.file;
        let mut mapping = columns.named(proposed, "--time", "--matrix")?;
        if let Some(clusters) = &mut mapping.clusters {
            clusters.names.clone_from(&self.cluster_names);
        }
        let matrix = self.matrix(file, &mapping)?;
        let values = match self.values {
            None => matrix.values,
            Some(Values::Counts) => ValueKind::Counts,
            Some(Values::Normalised) => ValueKind::Normalised,
            Some(Values::LogNormalised) => ValueKind::LogNormalised,
            Some(Values::Scaled) => ValueKind::Scaled,
        };
        let usual = Preprocessing::of(&matrix.name, values);
        let flavour = match self.flavour {
            FlavourName::Seurat => Flavour::Seurat,
            FlavourName::Vst => Flavour::Vst,
        };
        let variable_genes = match (self.genes, usual.variable_genes) {
            (Some(0), _) => None,
            (Some(count), _) => Some(VariableGenes { count, flavour }),
            (None, usual) => usual.map(|usual| VariableGenes { flavour, ..usual }),
        };
        let steps = Preprocessing {
            held_out: times::positions(&self.hold_out, &mapping.time_order)?,
            variable_genes: variable_genes.filter(|genes| genes.count < matrix.genes),
            target_sum: self.target_sum.or(usual.target_sum).filter(|sum| *sum > 0.0),
            log1p: usual.log1p && !self.no_log,
            z_score: usual.z_score && !self.no_z_score,
            components: self.pcs.unwrap_or(usual.components),
            at_most: self.pcs.is_none(),
            ..usual
        };
        mapping.model_space = ModelSpace::Computed(steps);
        mapping.display_space = match mapping.display_space {
            stored @ DisplaySpace::Stored(_) => stored,
            _ if self.no_umap => DisplaySpace::Components,
            _ => DisplaySpace::Umap(UmapSettings { seed: self.seed, ..UmapSettings::default() }),
        };
        columns.guesses(file, &mapping).iter().for_each(|line| say!("{line}"));
        if !self.hold_out.is_empty() {
            say!("{}", times::echo("held out", &self.hold_out, &mapping.time_order));
        }
        Ok(mapping)
    }

    /// The matrix asked for, or the one that was proposed, or the first.
    fn matrix<'a>(&self, file: &'a FileSummary, mapping: &Mapping) -> Result<&'a MatrixSummary> {
        let proposed = match &mapping.model_space {
            ModelSpace::Computed(steps) => Some(&steps.matrix),
            ModelSpace::Stored(_) => None,
        };
        let found = match self.matrix.as_ref().or(proposed) {
            Some(name) => file.matrices.iter().find(|matrix| matrix.name == *name),
            None => file.matrices.first(),
        };
        let names = || file.matrices.iter().map(|matrix| matrix.name.as_str()).collect::<Vec<_>>().join(", ");
        found.ok_or_else(|| {
            let what =
                if file.matrices.is_empty() { "The study has no expression matrix" } else { "There is no such matrix" };
            Error::request(what).at(file.name.as_str()).remedy(format!("It has: {}.", names()))
        })
    }
}

/// Says what was done.
fn describe(dataset: &DatasetSummary) {
    println!("{}\t{} cells, {} time points", dataset.name, dataset.cells, dataset.time_points.len());
    let Some(Preparation { steps, evidence, fitted_cells, genes, explained_variance, total_variance }) =
        &dataset.preparation
    else {
        return;
    };
    let explained = 100.0 * explained_variance.iter().sum::<f32>() / total_variance.max(f32::MIN_POSITIVE);
    println!("matrix\t{} ({evidence})", steps.matrix);
    println!("fitted on\t{fitted_cells} cells");
    println!("genes\t{genes}");
    println!("cell sum\t{}", steps.target_sum.map_or("as it was".into(), |sum| sum.to_string()));
    println!("log(1 + x)\t{}", if steps.log1p { "yes" } else { "no" });
    println!("z-score\t{}", if steps.z_score { "yes" } else { "no" });
    println!("components\t{} ({explained:.1} % of the variance)", steps.components);
}
