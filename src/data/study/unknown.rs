//! Files that have to be converted first, each with the line that does it.

use super::KNOWN;
use crate::Error;
use crate::data::gzip;
use crate::protocol::File;

/// The line of R that writes what can be opened.
const FROM_R: &str = "In R: `library(Seurat); s <- readRDS(\"in.rds\"); \
    write.csv(cbind(s@meta.data, t(as.matrix(GetAssayData(s, slot = \"counts\")))), \"out.csv\")` \
    (with Seurat 5 `layer` in the place of `slot`), then open out.csv";

/// Why a file of an unknown kind cannot be opened, and what to do.
pub(super) fn refuse(file: &File) -> Error {
    let name = file.name.to_lowercase();
    let start = gzip::start(&file.bytes, 8);
    let ends = |endings: &[&str]| endings.iter().any(|ending| name.ends_with(ending));
    let is_r = start.starts_with(b"RDX") || start.starts_with(b"X\n\0\0\0") || start.starts_with(b"RDA");
    if ends(&[".rda", ".rdata"]) {
        return Error::input("this is a file of R").at(&file.name).remedy(format!(
            "{FROM_R}; of an .RData file, `load(\"in.RData\")` first and `ls()` to see the name of the object."
        ));
    }
    if ends(&[".h5seurat"]) {
        return seurat().at(&file.name);
    }
    if is_r || ends(&[".rds", ".qs"]) {
        return Error::input("this is a file of R").at(&file.name).remedy(format!(
            "{FROM_R}. Or, with zellkonverter: `zellkonverter::writeH5AD(as.SingleCellExperiment(s), \"out.h5ad\")`."
        ));
    }
    if ends(&[".xlsx", ".xls", ".ods"]) {
        return Error::input("this is a file of a spreadsheet program")
            .at(&file.name)
            .remedy("Save the sheet as “CSV UTF-8” there, and open that.");
    }
    if ends(&[".fastq", ".fastq.gz", ".bam", ".cram"]) {
        return Error::input("these are reads, not counts")
            .at(&file.name)
            .remedy("Count them first, for instance with Cell Ranger, STARsolo or kb-python.");
    }
    let packed: [(&[u8], &str); 3] = [(b"BZh", "bunzip2"), (b"\xfd7zXZ\0", "unxz"), (b"\x28\xb5\x2f\xfd", "unzstd")];
    if let Some((_, program)) = packed.iter().find(|(mark, _)| file.bytes.start(8).is_ok_and(|it| it.starts_with(mark)))
    {
        return Error::input("this file is packed in a way that is not read here").at(&file.name).remedy(format!(
            "Unpack it with `{program}`, and open what comes out; files packed with gzip open as they are."
        ));
    }
    Error::input("this kind of file is not known").at(&file.name).remedy(KNOWN)
}

/// A file of SeuratDisk, which is HDF5.
pub(super) fn seurat() -> Error {
    let read = FROM_R.replace("readRDS(\"in.rds\")", "SeuratDisk::LoadH5Seurat(\"in.h5Seurat\")");
    Error::input("this is a file of R").remedy(format!("{read}."))
}

/// A MuData file is several AnnData files.
pub(super) fn multimodal() -> Error {
    Error::input("this is a MuData file, which holds several AnnData").remedy(
        "Write the one with the genes by itself, in Python: `import mudata; \
         mudata.read_h5mu(\"in.h5mu\").mod[\"rna\"].write_h5ad(\"out.h5ad\")`; then open that.",
    )
}
