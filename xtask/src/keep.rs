//! The service worker's list: every file of the finished page with its hash, so that a kept page is of one version or is not kept.

use anyhow::{Context, Result, ensure};
use sha2::{Digest, Sha256};
use std::{collections::BTreeMap, fs, path::Path};

/// The service worker, next to the page.
const WORKER: &str = "sw.js";

/// Fills the marks `{version}` and `{files}` of the service worker; the version is the hash of the list. To be called when all other files
/// are as they will be served.
///
/// # Errors
/// The service worker or one of its marks is missing, or a file has a name that an address would write differently.
pub fn list_files(dist: &Path) -> Result<()> {
    let mut files = BTreeMap::new();
    collect(dist, "", &mut files)?;
    files.remove(WORKER);
    let entries: Vec<_> = files.iter().map(|(name, hash)| format!("  \"{name}\": \"{hash}\"")).collect();
    let list = format!("{{\n{}\n}}", entries.join(",\n"));
    let version = &hex(list.as_bytes())[..16];
    let worker = dist.join(WORKER);
    let script = fs::read_to_string(&worker).with_context(|| format!("{} cannot be read", worker.display()))?;
    let mut sealed = script;
    for (mark, value) in [("{version}", version), ("{files}", &list)] {
        ensure!(sealed.matches(mark).count() == 1, "{WORKER} must hold the mark {mark} exactly once");
        sealed = sealed.replace(mark, value);
    }
    fs::write(&worker, sealed).with_context(|| format!("{} cannot be written", worker.display()))
}

fn collect(folder: &Path, prefix: &str, files: &mut BTreeMap<String, String>) -> Result<()> {
    for entry in fs::read_dir(folder).with_context(|| format!("{} cannot be read", folder.display()))? {
        let entry = entry?;
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if entry.file_type()?.is_dir() {
            collect(&entry.path(), &format!("{name}/"), files)?;
        } else {
            let plain = |c: char| c.is_ascii_alphanumeric() || "._-/".contains(c);
            ensure!(
                name.chars().all(plain),
                "{name}: a file of the page has letters, digits, dots and hyphens in its name"
            );
            files.insert(name, hex(&fs::read(entry.path())?));
        }
    }
    Ok(())
}

fn hex(content: &[u8]) -> String {
    Sha256::digest(content).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_follows_the_content_of_every_file() {
        let dist = std::env::temp_dir().join(format!("keep-{}", std::process::id()));
        fs::create_dir_all(dist.join("part")).unwrap();
        let seal = |page: &str| {
            fs::write(dist.join("index.html"), page).unwrap();
            fs::write(dist.join("part/a.js"), "abc").unwrap();
            fs::write(dist.join(WORKER), "const VERSION = \"{version}\";\nconst FILES = {files};").unwrap();
            list_files(&dist).unwrap();
            fs::read_to_string(dist.join(WORKER)).unwrap()
        };
        let [one, again, other] = [seal("1"), seal("1"), seal("2")];
        assert_eq!(one, again);
        assert_ne!(one.lines().next(), other.lines().next(), "another page is another version");
        // SHA-256 of "abc", as in FIPS 180-2.
        let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert!(one.contains(&format!("\"part/a.js\": \"{abc}\"")), "{one}");
        assert!(one.contains("\"index.html\"") && !one.contains(WORKER));
        assert!(list_files(&dist).is_err(), "a worker without marks is refused");
        fs::remove_dir_all(dist).unwrap();
    }
}
