//! Under which licences and from where the crates are that the programs are built of, held against `deny.toml`.

use crate::shell::{self, cargo, words};
use anyhow::{Context, Result, bail};
use serde::Deserialize;
use spdx::{Expression, LicenseReq, ParseMode};
use std::collections::BTreeMap;

/// The part of `deny.toml` that is held here.
#[derive(Deserialize)]
struct Rules {
    licenses: Licences,
    sources: Sources,
}

#[derive(Deserialize)]
struct Licences {
    allow: Vec<String>,
    #[serde(default)]
    clarify: Vec<Clarified>,
}

/// A crate that states no licence but has the file of one.
#[derive(Deserialize)]
struct Clarified {
    #[serde(rename = "crate")]
    name: String,
    expression: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Sources {
    allow_registry: Vec<String>,
}

/// What cargo says of the crates of the lock file.
#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    version: String,
    license: Option<String>,
    /// None for the crates of this workspace.
    source: Option<String>,
}

/// Checks every crate of the lock file.
///
/// # Errors
/// A crate has another licence or comes from elsewhere; names it.
pub fn check() -> Result<()> {
    let rules = std::fs::read_to_string(shell::root().join("deny.toml")).context("deny.toml")?;
    let mut metadata = words(cargo(), "metadata --locked --format-version 1");
    let found = metadata.current_dir(shell::root()).output().context("cargo metadata")?;
    if !found.status.success() {
        bail!("cargo metadata: {}", String::from_utf8_lossy(&found.stderr));
    }
    let count = judge(&rules, &found.stdout)?;
    eprintln!("{count} crates have licences and sources that deny.toml allows");
    Ok(())
}

fn judge(rules: &str, metadata: &[u8]) -> Result<usize> {
    let Rules { licenses, sources } = toml::from_str(rules).context("deny.toml")?;
    let Metadata { packages } = serde_json::from_slice(metadata).context("cargo metadata")?;
    let clarified: BTreeMap<&str, &str> =
        licenses.clarify.iter().map(|it| (it.name.as_str(), it.expression.as_str())).collect();
    let registries: Vec<String> =
        sources.allow_registry.iter().map(|registry| format!("registry+{registry}")).collect();
    let mut wrong = Vec::new();
    for Package { name, version, license, source } in &packages {
        let licence = license.as_deref().or_else(|| clarified.get(name.as_str()).copied());
        if source.as_ref().is_some_and(|source| !registries.contains(source)) {
            wrong.push(format!("{name} {version} comes from {}", source.as_deref().unwrap_or_default()));
        }
        if !licence.is_some_and(|licence| allowed(licence, &licenses.allow)) {
            wrong.push(format!("{name} {version} has the licence {}", licence.unwrap_or("of a file only")));
        }
    }
    if !wrong.is_empty() {
        bail!("not allowed by deny.toml:\n{}", wrong.join("\n"));
    }
    Ok(packages.len())
}

/// One of the licences that may be chosen is allowed.
fn allowed(licence: &str, allow: &[String]) -> bool {
    let is_allowed = |wanted: &LicenseReq| allow.iter().any(|allowed| *allowed == wanted.to_string());
    Expression::parse_mode(licence, ParseMode::LAX).is_ok_and(|expression| expression.evaluate(is_allowed))
}

/// Asks the advisory database about every crate, by cargo-deny.
///
/// # Errors
/// cargo-deny is not installed, the database cannot be reached, or there is an advisory.
pub fn advisories() -> Result<()> {
    if shell::output("cargo-deny", &["--version"]).is_none() {
        bail!("cargo-deny is missing: cargo install cargo-deny --version ^0.18 --locked");
    }
    shell::run(words(cargo(), "deny --all-features check"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn licences_are_chosen_and_combined() {
        let allow = ["MIT", "Apache-2.0", "Apache-2.0 WITH LLVM-exception", "Zlib"].map(String::from);
        let check = |licence: &str, expected: bool| assert_eq!(allowed(licence, &allow), expected, "{licence}");
        check("MIT", true);
        check("MIT/Apache-2.0", true);
        check("GPL-3.0-only OR Apache-2.0 WITH LLVM-exception", true);
        check("(MIT OR GPL-2.0-only) AND Zlib", true);
        check("MIT AND GPL-2.0-only", false);
        check("GPL-3.0-or-later", false);
        check("my own", false);
    }

    #[test]
    fn crates_that_are_not_allowed_are_named() {
        let rules = "[licenses]\nallow = [\"MIT\"]\n[[licenses.clarify]]\ncrate = \"c\"\nexpression = \"MIT\"\n\
                     [sources]\nallow-registry = [\"https://a\"]\n";
        let judged = |name: &str, license: &str, source: &str| {
            let package =
                format!(r#"{{"packages":[{{"name":"{name}","version":"1","license":{license},"source":{source}}}]}}"#);
            judge(rules, package.as_bytes()).map_err(|error| error.to_string())
        };
        assert_eq!(judged("a", "\"MIT\"", "\"registry+https://a\""), Ok(1));
        assert_eq!(judged("c", "null", "null"), Ok(1));
        assert!(judged("b", "null", "null").unwrap_err().contains("b 1 has the licence of a file only"));
        assert!(judged("a", "\"GPL-3.0-only\"", "null").unwrap_err().contains("GPL-3.0-only"));
        assert!(judged("a", "\"MIT\"", "\"git+https://b\"").unwrap_err().contains("comes from git+https://b"));
    }
}
