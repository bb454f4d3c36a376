//! What the columns and arrays of a study mean: options over guesses.

use super::times;
use clap::Args;
use scimf::error::{Error, Result};
use scimf::protocol::{
    Clusters, Column, DisplaySpace, FileSummary, GENES_OF_ANY_FILE, Mapping, ModelSpace, OrderSource, Preprocessing,
    ValueKind,
};

/// What the columns and arrays of a study mean.
#[derive(Args, Clone, Default)]
pub struct Columns {
    /// Column that holds the time of each cell [default: proposed from the names].
    #[arg(long)]
    pub time_column: Option<String>,
    /// Values of that column in the order of time, separated by commas; cells of other values are left out [default: by number].
    #[arg(long, value_delimiter = ',')]
    pub time_order: Vec<String>,
    /// Column that holds the cell type; `none` for no types [default: proposed from the names].
    #[arg(long)]
    pub cell_type: Option<String>,
    /// Cluster the cells where no column holds types: Leiden communities at this resolution; more makes smaller clusters.
    #[arg(long, value_name = "RESOLUTION", num_args = 0..=1, require_equals = true, default_missing_value = "1")]
    #[arg(conflicts_with = "cell_type")]
    pub cluster: Option<f64>,
    /// Column that holds the sample of each cell; `none` for no samples [default: proposed from the names].
    #[arg(long)]
    pub sample_column: Option<String>,
    /// Array of obsm in which the model works; `compute` computes principal components [default: proposed from the names; computed if there
    /// is none].
    #[arg(long)]
    pub space: Option<String>,
    /// Principal components, where they are computed [default: 50, or as many as there are].
    #[arg(long)]
    pub pcs: Option<usize>,
    /// Of several files take every gene that one of them has, as zeros in the cells of files without it [default: genes that all have].
    #[arg(long)]
    pub union_genes: bool,
}

/// A study that waits for its mapping.
pub struct Proposed {
    /// What is in the file.
    pub file: FileSummary,
    /// What the engine would choose.
    pub mapping: Mapping,
    /// Why something is open in it.
    pub questions: Vec<String>,
}

impl Columns {
    /// The mapping of a study, with nothing fitted on the held-out time points.
    ///
    /// # Errors
    /// An option names something that is not in the file, or a column has to be named.
    pub fn choose(&self, proposed: &Proposed, held_out: &[String]) -> Result<Mapping> {
        let mut mapping = self.named(proposed, "--time-column", "--space")?;
        if let ModelSpace::Computed(steps) = &mut mapping.model_space {
            steps.held_out = times::positions(held_out, &mapping.time_order)?;
        }
        // Nothing is drawn here; UMAP would be computed for nobody.
        if matches!(mapping.display_space, DisplaySpace::Umap(_)) {
            mapping.display_space = DisplaySpace::Components;
        }
        Ok(mapping)
    }

    /// The proposed mapping with what the options name in its place.
    ///
    /// # Errors
    /// As [`Self::choose`]; messages name the options `time` and `space`.
    pub fn named(&self, proposed: &Proposed, time: &str, space: &str) -> Result<Mapping> {
        let Proposed { file, mapping, questions } = proposed;
        let mut mapping = mapping.clone();
        if let Some(name) = &self.time_column {
            let column = file.columns.iter().find(|column| column.name == *name);
            let missing = || {
                Error::request("There is no such column")
                    .at(name.as_str())
                    .remedy(format!("Choose among: {}.", candidates(file)))
            };
            let column = column.ok_or_else(missing)?;
            mapping.time.clone_from(name);
            mapping.time_order = labels(column).filter(|(_, no_time)| !no_time).map(|(label, _)| label).collect();
            if mapping.time_order.len() < 2 {
                mapping.time_order = labels(column).map(|(label, _)| label).collect();
            }
            if mapping.cell_type.as_ref() == Some(name) {
                mapping.cell_type = None;
            }
        }
        if mapping.time.is_empty() {
            let why = questions.first().map_or("No column was chosen as time", String::as_str);
            return Err(Error::input(why.trim_end_matches('.'))
                .remedy(format!("Name a column with {time}: {}.", candidates(file))));
        }
        if !self.time_order.is_empty() {
            let order: Vec<String> = self.time_order.iter().map(|label| label.trim().to_owned()).collect();
            let known: Vec<String> =
                file.columns.iter().filter(|it| it.name == mapping.time).flat_map(labels).map(|it| it.0).collect();
            if let Some(label) = order.iter().find(|label| !known.contains(label)) {
                return Err(Error::request(format!("“{}” has no value “{label}”", mapping.time))
                    .at("--time-order")
                    .remedy(format!("Its values are: {}.", known.join(","))));
            }
            mapping.time_order = order;
        }
        match self.cell_type.as_deref() {
            Some("none") => mapping.cell_type = None,
            Some(name) => mapping.cell_type = Some(name.into()),
            None => {}
        }
        if let Some(resolution) = self.cluster {
            mapping.cell_type = None;
            mapping.clusters = Some(Clusters { resolution, ..Clusters::default() });
        }
        match self.sample_column.as_deref() {
            Some("none") => mapping.sample = None,
            Some(name) if file.columns.iter().any(|column| column.name == name) => mapping.sample = Some(name.into()),
            Some(name) => {
                return Err(Error::request("There is no such column")
                    .at(name)
                    .remedy(format!("Choose among: {}.", candidates(file))));
            }
            None if mapping.sample.as_ref() == Some(&mapping.time) => mapping.sample = None,
            None => {}
        }
        self.model_space(file, &mut mapping, space)?;
        Ok(mapping)
    }

    fn model_space(&self, file: &FileSummary, mapping: &mut Mapping, option: &str) -> Result<()> {
        let arrays = || {
            let names: Vec<String> =
                file.spaces.iter().map(|it| format!("{} ({} dimensions)", it.name, it.dimensions)).collect();
            names.join(", ")
        };
        match self.space.as_deref() {
            Some("compute") => {
                let matrix = file.matrices.iter().min_by_key(|matrix| match matrix.values {
                    ValueKind::Counts => 0,
                    ValueKind::LogNormalised => 1,
                    ValueKind::Normalised => 2,
                    ValueKind::Scaled => 3,
                });
                let missing = || {
                    Error::request("The study has no expression values to compute components from")
                        .remedy(format!("Name an array: {}.", arrays()))
                };
                mapping.model_space =
                    ModelSpace::Computed(Preprocessing::proposed(matrix.ok_or_else(missing)?, file.cells));
            }
            Some(name) => mapping.model_space = ModelSpace::Stored(name.into()),
            None => {}
        }
        if mapping.model_space == ModelSpace::Stored(String::new()) {
            return Err(Error::input(
                "This study has no expression values and no space that is surely one to model in",
            )
            .at(file.name.as_str())
            .remedy(format!("Name an array with {option}: {}.", arrays())));
        }
        if let (true, ModelSpace::Computed(steps)) = (self.union_genes, &mut mapping.model_space) {
            let matrix = |name: &str| file.matrices.iter().find(|matrix| matrix.name == name);
            // Files that all have the same genes offer nothing else.
            if let Some(union) = matrix(GENES_OF_ANY_FILE) {
                *steps = Preprocessing::proposed(union, file.cells);
            } else if matrix(&steps.matrix).is_some_and(|matrix| matrix.values == ValueKind::Scaled) {
                return Err(Error::request(
                    "A zero says nothing among scaled values, so genes that a file lacks cannot be taken in",
                )
                .at("--union-genes")
                .remedy("Leave the option away, or open files with counts."));
            }
        }
        if let (Some(components), ModelSpace::Computed(steps)) = (self.pcs, &mut mapping.model_space) {
            (steps.components, steps.at_most) = (components, false);
        }
        Ok(())
    }

    /// Every guess that the mapping rests on, a line each.
    pub fn guesses(&self, file: &FileSummary, mapping: &Mapping) -> Vec<String> {
        let how = |named: bool| if named { "as named" } else { "guessed" };
        let column = file.columns.iter().find(|column| column.name == mapping.time);
        let order = match column.map(|column| column.order) {
            _ if !self.time_order.is_empty() => "as named",
            Some(OrderSource::Declared) => "of the file's ordered categories",
            Some(OrderSource::Number) => "by number",
            Some(OrderSource::Convention) => "by number, with units, controls and stages",
            Some(OrderSource::Guessed) => "by a number among other words (guessed)",
            Some(OrderSource::Unknown) | None => "that of the file (unknown)",
        };
        let mut lines = vec![format!(
            "time: {} ({}), order: {order}: {}",
            mapping.time,
            how(self.time_column.is_some()),
            mapping.time_order.join(", ")
        )];
        if matches!(column.map(|it| it.order), Some(OrderSource::Guessed | OrderSource::Unknown))
            && self.time_order.is_empty()
        {
            lines.push(format!(
                "warning: nothing says for sure in which order these time points come. Name it: --time-order \"{}\"",
                mapping.time_order.join(",")
            ));
        }
        let left_out: Vec<String> = column
            .into_iter()
            .flat_map(labels)
            .map(|(label, _)| label)
            .filter(|label| !mapping.time_order.contains(label))
            .collect();
        if !left_out.is_empty() {
            let how = how(!self.time_order.is_empty());
            lines.push(format!("left out of time: {} ({how})", left_out.join(", ")));
        }
        let others = file.columns.iter().filter(|it| can_be_type(it) && it.name != mapping.time);
        let others: Vec<&str> =
            others.map(|it| it.name.as_str()).filter(|name| Some(*name) != mapping.cell_type.as_deref()).collect();
        let others = match others.as_slice() {
            [] => String::new(),
            names => format!("; other columns: {}", names.join(", ")),
        };
        let named = how(self.cell_type.is_some());
        lines.push(match (&mapping.cell_type, &mapping.clusters) {
            (Some(name), _) => format!("cell type: {name} ({named}{others})"),
            (None, Some(clusters)) => {
                format!("cell type: clusters of resolution {} (as named{others})", clusters.resolution)
            }
            (None, None) if self.cell_type.is_some() => "cell type: none (as named)".into(),
            (None, None) => format!("cell type: none (guessed{others}; --cluster finds clusters)"),
        });
        if let Some(sample) = &mapping.sample {
            lines.push(format!("sample: {sample} ({})", how(self.sample_column.is_some())));
        }
        lines.push(match &mapping.model_space {
            ModelSpace::Stored(space) => format!("model space: {space} ({})", how(self.space.is_some())),
            ModelSpace::Computed(steps) => {
                format!("model space: principal components of {} ({})", steps.matrix, how(self.space.is_some()))
            }
        });
        lines
    }
}

/// Labels of a column with whether each names no time.
fn labels(column: &Column) -> impl Iterator<Item = (String, bool)> + '_ {
    column.levels.iter().map(|level| (level.label.clone(), level.no_time))
}

/// Few enough values to be types, and more than one.
fn can_be_type(column: &Column) -> bool {
    column.levels.len() > 1
}

/// The columns that can be time, with their values.
fn candidates(file: &FileSummary) -> String {
    const SHOWN: usize = 5;
    let mut names = Vec::new();
    for column in file.columns.iter().filter(|column| column.can_be_time) {
        let mut values: Vec<String> = labels(column).take(SHOWN).map(|it| it.0).collect();
        if column.levels.len() > SHOWN {
            values.push("…".into());
        }
        names.push(format!("“{}” ({})", column.name, values.join(", ")));
    }
    if names.is_empty() { "no column has 2 to 60 different values".into() } else { names.join("; ") }
}
