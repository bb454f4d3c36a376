//! Every check, in the order in which failures are cheapest.

use crate::{
    docs, licences, python,
    shell::{self, cargo, root, step, words},
    tools, web,
};
use anyhow::{Result, bail};
use std::{
    path::{Path, PathBuf},
    process::Command,
    time::Instant,
};

/// A part of the checks.
#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Part {
    /// Format, lints and tests on this machine.
    Native,
    /// Lints and build for the browser.
    Web,
    /// The page in a real Chromium (builds it and the command line first).
    E2e,
    /// What anndata, scVelo and CellRank make of a file of `scimf export` (installs them into `target/python`).
    Python,
}

/// Runs the parts, all of them without `only`, up to the first failure, and closes with one line that counts.
///
/// # Errors
/// A check fails or cannot be run.
pub fn run(only: Option<Part>) -> Result<()> {
    let start = Instant::now();
    let mut passed = 0;
    let result = run_parts(only, &mut passed);
    eprintln!("\n{:.1} minutes", start.elapsed().as_secs_f64() / 60.0);
    println!("checks: {passed} passed, {} failed", u8::from(result.is_err()));
    result
}

fn run_parts(only: Option<Part>, passed: &mut usize) -> Result<()> {
    let mut check = |name: &str, work: &dyn Fn() -> Result<()>| step(name, work).map(|()| *passed += 1);
    let wants = |part| only.is_none_or(|only| only == part);
    if wants(Part::Native) {
        check("format", &|| shell::run(words(cargo(), "fmt --all --check")))?;
        check("licences", &licences::check)?;
        check("lints, native", &|| {
            shell::run(words(cargo(), "clippy -p scimf -p scimf-host -p xtask --all-targets -- -D warnings"))
        })?;
        check("tests, native", &|| shell::run(words(cargo(), "test -p scimf -p scimf-host -p xtask")))?;
    }
    if wants(Part::Web) {
        tools::wasm_target()?;
        for program in ["ui", "worker"] {
            check(&format!("lints, wasm {program}"), &|| {
                let arguments = format!("-p app --bin {program} --features {program} --target wasm32-unknown-unknown");
                shell::run(words(cargo(), &format!("clippy {arguments} -- -D warnings")))
            })?;
        }
    }
    if wants(Part::Web) || wants(Part::E2e) {
        check("page", &|| web::build(web::Profile::Web, &dist()))?;
    }
    if wants(Part::E2e) {
        // The command line is the oracle for the page's numbers. `cargo build` would compile it anew, without the features that tests add.
        check("command line", &|| shell::run(words(cargo(), "test -p scimf -p scimf-host -p xtask --no-run")))?;
        check("end to end", &|| end_to_end("test"))?;
    }
    if wants(Part::Python) {
        match if only.is_some() { Some(python::install()?) } else { python::installed() } {
            None => eprintln!(
                "\n==> python: SKIPPED, since its packages are not there; `cargo xtask test --only python` installs them"
            ),
            Some(python) => {
                check("command line", &|| shell::run(words(cargo(), "test -p scimf -p scimf-host -p xtask --no-run")))?;
                check("python", &|| python::round_trip(&python, &command_line()?))?;
            }
        }
    }
    Ok(())
}

/// Saves pictures of the page's states.
///
/// # Errors
/// The build fails or a state cannot be reached.
pub fn screenshots() -> Result<()> {
    web::build(web::Profile::Web, &dist())?;
    end_to_end("run screenshots")
}

/// Builds the documentation's site.
///
/// # Errors
/// The command line does not build, or mdBook fails.
pub fn docs(dist: &Path) -> Result<()> {
    shell::run(words(cargo(), "test -p scimf -p scimf-host -p xtask --no-run"))?;
    docs::build(&command_line()?, dist)
}

/// The page under test, apart from the `dist` that is published.
fn dist() -> PathBuf {
    root().join("target/web-dist")
}

fn end_to_end(script: &str) -> Result<()> {
    let chromium = tools::chromium()?;
    let folder = root().join("tests/e2e");
    tools::node_packages(&folder)?;
    let mut npm = words(Command::new("npm"), script);
    npm.current_dir(&folder).env("DIST", dist()).env("CHROMIUM", chromium).env("SCIMF", command_line()?);
    shell::run(npm)
}

fn command_line() -> Result<PathBuf> {
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from);
    let program = target.join(Path::new("debug")).join(format!("scimf{}", std::env::consts::EXE_SUFFIX));
    if !program.is_file() {
        bail!("{} is missing", program.display());
    }
    Ok(program)
}
