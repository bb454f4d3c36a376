//! The file formats that open, told once: readers, the browser's file picker, the drop zone and the tests of the fuzz targets read this list.

/// What a file holds, as the ending of its name says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holds {
    /// A store of arrays in HDF5: its content tells whose.
    Hdf5,
    /// The counts of a 10x folder.
    Counts,
    /// A text table.
    Table,
    /// Arrays that are a dataset.
    Arrays,
    /// Several files in one.
    Archive,
    /// The weights of a model, or the state of a training.
    Weights,
}

/// A file format.
#[derive(Clone, Copy, Debug)]
pub struct Format {
    /// What it is called where a file can be dropped.
    pub words: &'static str,
    /// Endings of its files' names, in small letters.
    pub endings: &'static [&'static str],
    /// What its files hold.
    pub holds: Holds,
    /// The fuzz target that feeds its reader.
    pub fuzz: &'static str,
}

/// All formats.
pub const FORMATS: [Format; 9] = [
    Format { words: "AnnData .h5ad", endings: &[".h5ad"], holds: Holds::Hdf5, fuzz: "h5ad" },
    Format { words: "10x .h5", endings: &[".h5", ".hdf5"], holds: Holds::Hdf5, fuzz: "tenx_h5" },
    Format { words: ".loom", endings: &[".loom"], holds: Holds::Hdf5, fuzz: "h5ad" },
    Format {
        words: "a 10x folder (matrix.mtx, barcodes, features)",
        endings: &[".mtx"],
        holds: Holds::Counts,
        fuzz: "tenx_folder",
    },
    Format {
        words: "tables .csv or .tsv",
        endings: &[".csv", ".tsv", ".txt", ".tab"],
        holds: Holds::Table,
        fuzz: "table",
    },
    Format { words: ".npz", endings: &[".npz"], holds: Holds::Arrays, fuzz: "arrays" },
    Format { words: ".zip or .tar", endings: &[".zip", ".tar"], holds: Holds::Archive, fuzz: "archive" },
    Format { words: ".safetensors", endings: &[".safetensors"], holds: Holds::Weights, fuzz: "safetensors" },
    Format { words: ".pt", endings: &[".pt", ".pth"], holds: Holds::Weights, fuzz: "checkpoint" },
];

/// Ending of a file that is packed as a whole.
pub const PACKED: &str = ".gz";

/// Endings of all files that hold this.
pub fn endings(holds: Holds) -> impl Iterator<Item = &'static str> {
    FORMATS.iter().filter(move |format| format.holds == holds).flat_map(|format| format.endings).copied()
}

/// All endings with commas between them, as a file picker takes them.
pub fn offered() -> String {
    let all = FORMATS.iter().flat_map(|format| format.endings).copied();
    all.chain([PACKED]).collect::<Vec<_>>().join(",")
}

/// The formats of studies, or those of weights, in words.
pub fn words(weights: bool) -> String {
    let some = FORMATS.iter().filter(|format| (format.holds == Holds::Weights) == weights);
    some.map(|format| format.words).collect::<Vec<_>>().join(" · ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ending_belongs_to_one_format() {
        let mut all: Vec<&str> = FORMATS.iter().flat_map(|format| format.endings).copied().collect();
        let count = all.len();
        assert!(all.iter().all(|ending| ending.starts_with('.') && ending.to_lowercase() == *ending), "{all:?}");
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), count);
        assert!(offered().starts_with(".h5ad,.h5,") && offered().contains(".loom,") && offered().ends_with(",.gz"));
        assert_eq!(words(true), ".safetensors · .pt");
    }
}
