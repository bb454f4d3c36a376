//! The page, built: both programs compiled, bound to JavaScript, and put together with what a browser needs besides.

use crate::{
    page, progress,
    shell::{cargo, root, run, step, words},
    tools,
};
use anyhow::{Context, Result, anyhow};
use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    thread,
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
}

/// Builds the page into `dist`, whose content is replaced when the new one is complete. `prepare` is what to tell cargo besides.
/// A program is bound to JavaScript, which takes one core, while the next one is compiled.
///
/// # Errors
/// A tool cannot be installed, a program does not compile, or `index.html` lacks a mark.
pub fn build(profile: Profile, dist: &Path, prepare: impl Fn(Command) -> Command) -> Result<()> {
    tools::wasm_target()?;
    let programs = target_folder().join("programs").join(profile.name());
    let into = &programs;
    thread::scope(|threads| {
        let mut bound = Vec::new();
        for program in page::PROGRAMS {
            step(&compile(program, profile), || run(words(prepare(cargo()), &compilation(program, profile))))?;
            bound.push(threads.spawn(move || bind(program, profile, into)));
        }
        step("bind both programs", || {
            bound
                .into_iter()
                .try_for_each(|it| it.join().map_err(|_| anyhow!("what binds a program panicked, as said above"))?)
        })
    })?;
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
    let seconds = match profile {
        Profile::Page => [960.0, 240.0],
        Profile::Web => [330.0, 150.0],
    };
    let steps = page::PROGRAMS.map(|program| compile(program, profile));
    progress::expect(&[(&steps[0], seconds[0]), (&steps[1], seconds[1])]);
}

/// The step that compiles a program.
fn compile(program: &str, profile: Profile) -> String {
    format!("compile {program} (profile {})", profile.name())
}

/// Where cargo leaves what it builds.
pub fn target_folder() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from)
}

/// Arguments of cargo for a program. The two are never compiled at once: features of one would be built into the other, and
/// with the engine its constructors, which would run at every call of the page.
fn compilation(program: &str, profile: Profile) -> String {
    format!("build --locked -p app --bin {program} --features {program} --target {TARGET} --profile {}", profile.name())
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
