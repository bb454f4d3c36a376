//! The documentation as a site: the files of `docs/` with the command line's own help, made by mdBook.

use crate::{
    shell::{self, output, root, step},
    tools,
};
use anyhow::{Context, Result};
use std::{fs, path::Path};

/// Builds the site into `folder`, such as `dist/docs` beside the page.
///
/// # Errors
/// mdBook cannot be installed, or a page is missing.
pub fn build(scimf: &Path, folder: &Path) -> Result<()> {
    let source = root().join("target/docs");
    if source.is_dir() {
        fs::remove_dir_all(&source)?;
    }
    copy(&root().join("docs"), &source)?;
    let commands = output(scimf, &["manual"]).context("`scimf manual` failed")?;
    fs::write(source.join("COMMANDS.md"), commands)?;
    let mut book = tools::mdbook()?;
    book.arg("build").arg(&source).arg("--dest-dir").arg(std::path::absolute(folder)?);
    step("documentation", || shell::run(book))
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let (path, target) = (entry.path(), to.join(entry.file_name()));
        if path.is_dir() { copy(&path, &target)? } else { fs::copy(&path, &target).map(|_| ())? }
    }
    Ok(())
}
