//! The page, built: both programs compiled, bound to JavaScript, and put together with what a browser needs besides.

use crate::{
    page, progress,
    shell::{cargo, root, run, step, words},
    tools,
};
use anyhow::{Context, Result};
use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};
use wasm_bindgen_cli_support::Bindgen;

/// The target of both programs.
pub const TARGET: &str = "wasm32-unknown-unknown";

/// How the page is compiled.
#[derive(Clone, Copy, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Profile {
    /// Small and fast, as published; takes several minutes.
    #[default]
    Page,
    /// Without link-time optimisation, for tests and development.
    Web,
}

impl Profile {
    /// What cargo calls it.
    fn name(self) -> &'static str {
        match self {
            Self::Page => "page",
            Self::Web => "web",
        }
    }

    /// The programs that one run of cargo compiles. As they are published the two are never compiled together: features of one would be built into
    /// the other. For tests that costs nothing, since what a program does not call is not linked, and what both stand on is compiled once.
    fn runs(self) -> &'static [&'static [&'static str]] {
        match self {
            Self::Page => &[&["ui"], &["worker"]],
            Self::Web => &[&page::PROGRAMS],
        }
    }
}

/// Builds the page into `dist`, whose content is replaced when the new one is complete. `prepare` is what to tell cargo besides.
///
/// # Errors
/// A tool cannot be installed, a program does not compile, or `index.html` lacks a mark.
pub fn build(profile: Profile, dist: &Path, prepare: impl Fn(Command) -> Command) -> Result<()> {
    tools::wasm_target()?;
    let programs = target_folder().join("programs").join(profile.name());
    for together in profile.runs() {
        step(&compile(together, profile), || run(words(prepare(cargo()), &compilation(together, profile))))?;
        for program in *together {
            step(&format!("bind {program}"), || bind(program, profile, &programs))?;
        }
    }
    let fresh = dist.with_extension("new");
    for folder in [&fresh, dist] {
        if folder.exists() {
            fs::remove_dir_all(folder).with_context(|| format!("{} cannot be replaced", folder.display()))?;
        }
    }
    fs::create_dir_all(&fresh)?;
    page::assemble(root(), &programs, &fresh)?;
    fs::rename(&fresh, dist).with_context(|| format!("{} cannot be written", dist.display()))?;
    report_sizes(dist)
}

/// Says how long the compilation of both programs takes, the first time on two quiet cores.
pub fn expect(profile: Profile) {
    let seconds: &[f64] = match profile {
        Profile::Page => &[300.0, 900.0],
        Profile::Web => &[560.0],
    };
    let steps: Vec<_> = profile.runs().iter().map(|together| compile(together, profile)).collect();
    let expected: Vec<_> = steps.iter().zip(seconds).map(|(step, &seconds)| (step.as_str(), seconds)).collect();
    progress::expect(&expected);
}

/// The step that compiles programs.
fn compile(programs: &[&str], profile: Profile) -> String {
    format!("compile {} (profile {})", programs.join(" and "), profile.name())
}

/// Where cargo leaves what it builds.
pub fn target_folder() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from)
}

/// Arguments of cargo for programs.
fn compilation(programs: &[&str], profile: Profile) -> String {
    let (bins, features) = (programs.join(" --bin "), programs.join(","));
    format!("build --locked -p app --bin {bins} --features {features} --target {TARGET} --profile {}", profile.name())
}

/// Writes the JavaScript that a program is reached by, and the program to go with it.
fn bind(program: &str, profile: Profile, programs: &Path) -> Result<()> {
    let compiled = target_folder().join(TARGET).join(profile.name()).join(format!("{program}.wasm"));
    let mut bindgen = Bindgen::new();
    bindgen.input_path(&compiled).out_name(program).typescript(false).remove_producers_section(true).web(true)?;
    bindgen.generate(programs).with_context(|| format!("{} cannot be bound", compiled.display()))
}

fn report_sizes(dist: &Path) -> Result<()> {
    let mut files: Vec<_> = fs::read_dir(dist)?.collect::<std::io::Result<_>>()?;
    files.sort_by_key(fs::DirEntry::file_name);
    for file in files {
        let size = file.metadata().context("a file of dist vanished")?.len();
        eprintln!("{:>10.1} KB  {}", size as f64 / 1e3, file.path().display());
    }
    Ok(())
}
