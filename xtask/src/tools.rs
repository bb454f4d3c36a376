//! The programs that building and testing need, at the versions that fit together.

use crate::{
    shell::{cargo, output, root, run, step, words},
    web::TARGET,
};
use anyhow::{Context, Result, bail};
use std::{
    env,
    path::{Path, PathBuf},
    process::Command,
};

/// A program of crates.io at a fixed version.
struct Tool {
    /// The program.
    program: &'static str,
    /// The package that holds it.
    package: &'static str,
    /// The only version that is accepted.
    version: &'static str,
    /// Further arguments of `cargo install`.
    install: &'static [&'static str],
    /// Environment of `cargo install`.
    environment: &'static [(&'static str, &'static str)],
    /// How long that takes.
    duration: &'static str,
}

/// Makes the documentation's site; no check needs it.
const MDBOOK: Tool = Tool {
    program: "mdbook",
    package: "mdbook",
    version: "0.4.52",
    install: &["--locked", "--no-default-features"],
    environment: &[("CARGO_PROFILE_RELEASE_OPT_LEVEL", "0")],
    duration: "2 to 4 minutes",
};

impl Tool {
    fn is_at(&self, program: &Path) -> bool {
        let version = |text: &str| text.split_whitespace().nth(1).map(|word| word.trim_start_matches('v').to_owned());
        output(program, &["--version"]).and_then(|text| version(&text)).is_some_and(|found| found == self.version)
    }

    /// Folder of the program: of the one on PATH if its version is right, else of our own, installed if missing.
    fn folder(&self) -> Result<PathBuf> {
        let file = format!("{}{}", self.program, env::consts::EXE_SUFFIX);
        let own = root().join(".tools/bin");
        let path = env::var_os("PATH").unwrap_or_default();
        let on_path = env::split_paths(&path).find(|folder| folder.join(&file).is_file());
        if let Some(folder) = on_path.into_iter().chain([own.clone()]).find(|folder| self.is_at(&folder.join(&file))) {
            return Ok(folder);
        }
        step(&format!("install {} {} (once, {})", self.package, self.version, self.duration), || {
            let mut install = cargo();
            install.args(["install", self.package, "--version", self.version, "--force", "--root"]);
            install.arg(root().join(".tools")).args(self.install).envs(self.environment.iter().copied());
            run(install)
        })?;
        Ok(own)
    }
}

/// Makes sure that wasm can be built.
///
/// # Errors
/// The target is missing and cannot be added.
pub fn wasm_target() -> Result<()> {
    let library = output("rustc", &["--print", "target-libdir", "--target", TARGET]).unwrap_or_default();
    if Path::new(&library).is_dir() {
        return Ok(());
    }
    step("add the wasm32 target", || {
        run(words(Command::new("rustup"), &format!("target add {TARGET}")))
            .context("building for the browser needs `rustup target add wasm32-unknown-unknown`")
    })
}

/// mdBook.
///
/// # Errors
/// It is missing and cannot be installed.
pub fn mdbook() -> Result<Command> {
    Ok(Command::new(MDBOOK.folder()?.join(MDBOOK.program)))
}

/// Path of Chromium or Chrome: `$CHROMIUM`, else an installed one, else on Debian as root it is installed.
///
/// # Errors
/// There is none and it cannot be installed; the message says what to do.
pub fn chromium() -> Result<PathBuf> {
    const PLACES: [&str; 5] = [
        "/usr/bin/chromium",
        "/usr/bin/chromium-browser",
        "/usr/bin/google-chrome",
        "/usr/bin/google-chrome-stable",
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    ];
    if let Some(chosen) = env::var_os("CHROMIUM") {
        return Ok(chosen.into());
    }
    let installed = || PLACES.iter().map(PathBuf::from).find(|path| path.is_file());
    if let Some(path) = installed() {
        return Ok(path);
    }
    let debian = Path::new("/etc/debian_version").is_file();
    if debian && output("id", &["-u"]).as_deref() == Some("0") {
        step("install chromium (once, about a minute)", || {
            let apt = |arguments| {
                let mut command = words(Command::new("apt-get"), arguments);
                command.env("DEBIAN_FRONTEND", "noninteractive");
                run(command)
            };
            apt("update -qq")?;
            apt("install -y -qq --no-install-recommends chromium mesa-vulkan-drivers fonts-dejavu-core")
        })?;
    }
    installed().context("The end-to-end tests need Chromium: `apt-get install chromium mesa-vulkan-drivers`, or set CHROMIUM to its path.")
}

/// Installs what the end-to-end tests import, exactly as locked.
///
/// # Errors
/// Node.js is missing or too old, or npm fails.
pub fn node_packages(folder: &Path) -> Result<()> {
    let version = output("node", &["--version"]).unwrap_or_default();
    let numbers: Vec<u32> = version.trim_start_matches('v').split('.').map_while(|part| part.parse().ok()).collect();
    if numbers < vec![20, 14] {
        bail!("The end-to-end tests need Node.js 20.14 or newer with npm; found: {version:?}.");
    }
    let mut npm = words(Command::new("npm"), "ci --no-audit --no-fund --loglevel=error");
    // What was installed is no result of the task: it is told where the steps are told.
    npm.current_dir(folder).stdout(std::io::stderr());
    run(npm)
}
