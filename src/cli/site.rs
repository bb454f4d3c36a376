//! The built page as a folder: where it is, what is put into it, and how it is served on this machine.

mod explore;
mod gallery;
mod publish;
mod serve;

pub use explore::Explore;
pub use publish::Publish;

use scimf::error::{Error, Result};
use std::path::{Path, PathBuf};

/// Folder of the studies within a page.
const STUDIES: &str = "studies";

/// The folder of a built page: the one that was named, `SCIMF_PAGE`, or `dist` here or beside this program.
///
/// # Errors
/// There is no built page.
fn page_folder(named: Option<&Path>) -> Result<PathBuf> {
    let variable = std::env::var_os("SCIMF_PAGE").map(PathBuf::from);
    if let Some(folder) = named.map(PathBuf::from).or(variable) {
        return built(&folder)
            .then_some(folder.clone())
            .ok_or_else(|| missing("There is no built page in this folder").at(folder.display().to_string()));
    }
    let program = std::env::current_exe().ok();
    let beside = program.as_deref().and_then(Path::parent).map(|folder| folder.join("dist"));
    let candidates = [Some(PathBuf::from("dist")), beside];
    let found = candidates.into_iter().flatten().find(|folder| built(folder));
    found.ok_or_else(|| missing("The page was not found"))
}

fn built(folder: &Path) -> bool {
    folder.join("index.html").is_file() && folder.join("sw.js").is_file()
}

fn missing(what: &str) -> Error {
    Error::request(what).remedy("Build it with `cargo xtask build`, and name its folder, such as `dist`.")
}

/// A name as part of an address: letters, digits, `-`, `_` and `.`.
fn slug(name: &str) -> String {
    let kept = |c: char| if c.is_ascii_alphanumeric() || "-_.".contains(c) { c.to_ascii_lowercase() } else { '-' };
    let text: String = name.chars().map(kept).collect();
    let words: Vec<&str> = text.split('-').filter(|word| !word.is_empty()).collect();
    let joined = words.join("-");
    let joined = joined.trim_start_matches(['.', '-']);
    if joined.is_empty() { "study".into() } else { joined.into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_parts_of_addresses() {
        assert_eq!(slug("MEF, serum (day 2)"), "mef-serum-day-2");
        assert_eq!(slug("../../etc"), "etc");
        assert_eq!(slug("Müller"), "m-ller");
        assert_eq!(slug("…"), "study");
    }
}
