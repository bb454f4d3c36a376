//! Every check: the cheapest failures first, then what takes longest side by side.

use crate::{
    demo, docs, gallery, licences, progress, python,
    shell::{self, cargo, root, step, words},
    tools, web,
};
use anyhow::{Result, anyhow, bail};
use std::{
    path::{Path, PathBuf},
    process::Command,
    sync::atomic::{AtomicUsize, Ordering},
    thread,
    time::Instant,
};

/// A part of the checks.
#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Part {
    /// Format, licences, lints and tests on this machine.
    Native,
    /// The page, built with lints.
    Web,
    /// The page in real browsers (builds it and the command line first, with lints).
    E2e,
    /// The command line with the GPU and all threads, as it is released: compiled, linted, and the same bits with any number of threads.
    Gpu,
    /// What anndata, scVelo and CellRank make of a file of `scimf export`, and Snakemake of the workflow (installs them into `target/python`).
    Python,
    /// The library's reference without a warning, and the documentation as a site in which no link leads nowhere (installs mdBook).
    Docs,
}

/// Runs the parts, all of them without `only`, up to the first failure, and closes with one line that counts.
///
/// # Errors
/// A check fails or cannot be run.
pub fn run(only: Option<Part>) -> Result<()> {
    let start = Instant::now();
    let passed = AtomicUsize::new(0);
    let result = run_parts(only, &passed);
    eprintln!("\n{:.1} minutes", start.elapsed().as_secs_f64() / 60.0);
    println!("checks: {} passed, {} failed", passed.into_inner(), u8::from(result.is_err()));
    result
}

fn run_parts(only: Option<Part>, passed: &AtomicUsize) -> Result<()> {
    let check = |name: &str, work: &dyn Fn() -> Result<()>| {
        step(name, work).map(|()| {
            passed.fetch_add(1, Ordering::Relaxed);
        })
    };
    let wants = |part| only.is_none_or(|only| only == part);
    let to_come = STEPS.iter().filter(|(parts, ..)| parts.iter().any(|part| wants(*part)));
    progress::expect(&to_come.map(|(_, name, seconds)| (*name, *seconds)).collect::<Vec<_>>());
    if wants(Part::Native) {
        check("format", &|| shell::run(words(cargo(), "fmt --all --check")))?;
        check("licences", &licences::check)?;
    }
    let native = || {
        if wants(Part::Native) || wants(Part::E2e) {
            // The command line is the oracle for the page's numbers, so the browser's tests need it too.
            check("compile and lint", &|| shell::run(engine()))?;
        }
        if wants(Part::Native) {
            check("tests", &|| shell::run(words(linted(cargo()), &format!("test {TARGETS} {ENGINE}"))))?;
            check("tests of the reference", &|| shell::run(words(linted(cargo()), &format!("test --doc {ENGINE}"))))?;
            // By itself, as `cargo xtask` built it: together with the engine its crates would be compiled again, with the engine's features.
            check("tests of xtask", &|| shell::run(words(linted(cargo()), "test -p xtask")))?;
        }
        Ok(())
    };
    let page = || {
        if wants(Part::Web) || wants(Part::E2e) {
            check("page, linted", &|| web::build(web::Profile::Web, &dist(), linted))?;
        }
        Ok(())
    };
    // Side by side: each builds into a folder of its own, and the large crates at the end of each leave a core idle.
    let [native, page]: [Result<()>; 2] = thread::scope(|scope| {
        let page = scope.spawn(page);
        let native = native();
        [native, page.join().unwrap_or_else(|_| Err(anyhow!("the build of the page panicked")))]
    });
    native?;
    page?;
    if wants(Part::E2e) {
        check("end to end", &|| {
            let mut tests = npm("test", &dist())?;
            tests.env("SCIMF", command_line()?);
            shell::run(tests)
        })?;
    }
    match only {
        Some(Part::Gpu) => {
            check("as released, linted", &|| shell::run(words(linted(cargo()), &format!("build {TARGETS} -p scimf"))))?;
            check("the same bits", &|| {
                shell::run(words(linted(cargo()), "test -p scimf --test suite reproducible::"))
            })?;
        }
        None => skipped(
            "gpu",
            "the page's build compiles what is for GPUs, and Burn's threads take long to compile",
            "compiles the command line as it is released",
        ),
        Some(_) => {}
    }
    if wants(Part::Python) {
        match if only.is_some() { Some(python::install()?) } else { python::installed() } {
            None => skipped("python", "its packages are not there", INSTALLS),
            Some(python) => {
                let scimf = built()?;
                check("python", &|| python::round_trip(&python, &scimf))?;
                check("workflow", &|| workflow(&python))?;
            }
        }
    }
    if wants(Part::Docs) {
        match only.is_some() || tools::has_mdbook() {
            false => skipped("docs", "mdBook is not there", INSTALLS),
            true => {
                check("reference", &reference)?;
                check("docs", &|| docs(&root().join("target/docs-site")))?;
            }
        }
    }
    Ok(())
}

/// What asking for a part by name does where something is missing.
const INSTALLS: &str = "installs what it needs";

/// Says so that nobody misses it that a part was not checked, why, and what asking for it by name does.
fn skipped(part: &str, why: &str, asked: &str) {
    eprintln!("\n==> {part}: SKIPPED, since {why}; `cargo xtask test --only {part}` {asked}");
}

/// Snakemake runs the workflow on two shards.
fn workflow(python: &Path) -> Result<()> {
    let test = "--test suite command_line::the_workflow_runs_a_plan_in_parts -- --ignored";
    let mut cargo = words(linted(cargo()), &format!("test {ENGINE} {test}"));
    cargo.env("SNAKEMAKE", python.with_file_name("snakemake"));
    shell::run(cargo)
}

/// The library's reference has no warning.
fn reference() -> Result<()> {
    let mut cargo = words(cargo(), "doc --no-deps -p scimf -p scimf-dense -p scimf-host");
    cargo.env("RUSTDOCFLAGS", "-D warnings");
    shell::run(cargo)
}

/// The build of the engine, the command line and their tests.
fn engine() -> Command {
    words(linted(cargo()), &format!("build {TARGETS} {ENGINE}"))
}

/// The long steps with the parts that they belong to, and the seconds that each takes the first time on two quiet cores.
const STEPS: [(&[Part], &str, f64); 5] = [
    (&[Part::Native, Part::E2e], "compile and lint", 260.0),
    (&[Part::Native], "tests", 230.0),
    (&[Part::Native], "tests of xtask", 10.0),
    (&[Part::Web, Part::E2e], "page, linted", 540.0),
    (&[Part::E2e], "end to end", 640.0),
];

/// What is compiled and tested on this machine: without the GPU, which no test has here, and without Burn's threads, which take long to compile. The
/// page's build compiles and lints what is for GPUs.
const ENGINE: &str = "-p scimf -p scimf-dense -p scimf-host --no-default-features --features scimf/cli";

/// All of it but the examples as programs: a test compiles and runs them as modules.
const TARGETS: &str = "--lib --bins --tests";

/// Lets cargo compile the workspace with clippy, which is the compiler with more lints: what is built is linted, and nothing is compiled twice,
/// as `cargo clippy` beside a build would. Warnings are errors.
fn linted(mut cargo: Command) -> Command {
    cargo.env("RUSTC_WORKSPACE_WRAPPER", "clippy-driver");
    // As `cargo clippy -- -D warnings` hands its arguments on.
    cargo.env("CLIPPY_ARGS", "-D__CLIPPY_HACKERY__warnings__CLIPPY_HACKERY__");
    cargo
}

/// Saves pictures of the page's states, of `page` or of one that is built; for the documents alone those that they show.
///
/// # Errors
/// The build fails or a state cannot be reached.
pub fn screenshots(page: Option<PathBuf>, docs: bool) -> Result<()> {
    let page = match page {
        Some(page) => std::path::absolute(page)?,
        None => {
            web::build(web::Profile::Web, &dist(), linted)?;
            dist()
        }
    };
    let mut pictures = npm("run screenshots", &page)?;
    pictures.env("PICTURES", if docs { "docs" } else { "all" });
    shell::run(pictures)
}

/// Builds the documentation's site.
///
/// # Errors
/// The command line does not build, or mdBook fails.
pub fn docs(dist: &Path) -> Result<()> {
    docs::build(&built()?, dist)
}

/// Puts the gallery into a built page.
///
/// # Errors
/// The command line does not build, or a study cannot be made.
pub fn gallery(site: &Path, files: &gallery::Files, only: Option<&str>, steps: Option<u32>) -> Result<()> {
    gallery::build(&built()?, site, files, only, steps)
}

/// Makes the demo with the command line.
///
/// # Errors
/// The command line does not build, or a command fails.
pub fn demo(quick: bool) -> Result<()> {
    demo::make(&built()?, quick)
}

/// The page under test, apart from the `dist` that is published.
pub fn dist() -> PathBuf {
    root().join("target/web-dist")
}

/// A script of the end-to-end tests on a built page.
fn npm(script: &str, page: &Path) -> Result<Command> {
    let browsers = tools::browsers()?;
    let folder = root().join("tests/e2e");
    tools::node_packages(&folder)?;
    let mut npm = words(Command::new("npm"), script);
    npm.current_dir(&folder).env("DIST", page).envs(browsers);
    Ok(npm)
}

/// The command line: the one that the variable SCIMF names, else built.
fn built() -> Result<PathBuf> {
    if let Some(program) = std::env::var_os("SCIMF") {
        return Ok(std::path::absolute(program)?);
    }
    step("compile and lint", || shell::run(engine()))?;
    command_line()
}

fn command_line() -> Result<PathBuf> {
    let program = web::target_folder().join("debug").join(format!("scimf{}", std::env::consts::EXE_SUFFIX));
    if !program.is_file() {
        bail!("{} is missing", program.display());
    }
    Ok(program)
}
