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
        if let Some(folder) = self.found() {
            return Ok(folder);
        }
        step(&format!("install {} {} (once, {})", self.package, self.version, self.duration), || {
            let mut install = cargo();
            install.args(["install", self.package, "--version", self.version, "--force", "--root"]);
            install.arg(root().join(".tools")).args(self.install).envs(self.environment.iter().copied());
            run(install)
        })?;
        Ok(own_folder())
    }

    /// Folder of the program where it is there at the right version.
    fn found(&self) -> Option<PathBuf> {
        let file = format!("{}{}", self.program, env::consts::EXE_SUFFIX);
        let path = env::var_os("PATH").unwrap_or_default();
        let on_path = env::split_paths(&path).find(|folder| folder.join(&file).is_file());
        on_path.into_iter().chain([own_folder()]).find(|folder| self.is_at(&folder.join(&file)))
    }
}

/// Where our own programs are.
fn own_folder() -> PathBuf {
    root().join(".tools/bin")
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

/// mdBook is there, so that nothing would be installed.
pub fn has_mdbook() -> bool {
    MDBOOK.found().is_some()
}

/// mdBook.
///
/// # Errors
/// It is missing and cannot be installed.
pub fn mdbook() -> Result<Command> {
    Ok(Command::new(MDBOOK.folder()?.join(MDBOOK.program)))
}

/// A browser of the end-to-end tests, and where it is looked for.
struct Browser {
    /// Environment variable that names its program.
    variable: &'static str,
    /// Where it usually is.
    places: &'static [&'static str],
    /// Debian's packages that bring it.
    packages: &'static str,
    /// Its name in words.
    name: &'static str,
}

const CHROMIUM: Browser = Browser {
    variable: "CHROMIUM",
    places: &[
        "/usr/bin/chromium",
        "/usr/bin/chromium-browser",
        "/usr/bin/google-chrome",
        "/usr/bin/google-chrome-stable",
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    ],
    packages: "chromium mesa-vulkan-drivers fonts-dejavu-core",
    name: "Chromium",
};

const FIREFOX: Browser = Browser {
    variable: "FIREFOX",
    places: &["/usr/bin/firefox-esr", "/usr/bin/firefox", "/Applications/Firefox.app/Contents/MacOS/firefox"],
    packages: "firefox-esr",
    name: "Firefox",
};

const WEBKIT: Browser = Browser {
    variable: "WEBKIT_DRIVER",
    places: &["/usr/bin/WebKitWebDriver"],
    packages: "webkit2gtk-driver xvfb xauth",
    name: "WebKitGTK with its driver and Xvfb",
};

/// The variables that tell the end-to-end tests where their browsers are: each is taken from the environment, else found, else on Debian as root
/// installed.
///
/// # Errors
/// One is missing and cannot be installed; the message says what to do.
pub fn browsers() -> Result<Vec<(&'static str, PathBuf)>> {
    at_hand(&[CHROMIUM, FIREFOX, WEBKIT])
}

/// Path of Chromium or Chrome, found or installed as by [`browsers`].
///
/// # Errors
/// There is none and it cannot be installed.
pub fn chromium() -> Result<PathBuf> {
    Ok(at_hand(&[CHROMIUM])?.remove(0).1)
}

fn at_hand(all: &[Browser]) -> Result<Vec<(&'static str, PathBuf)>> {
    let missing: Vec<&Browser> = all.iter().filter(|browser| browser.find().is_none()).collect();
    let debian = Path::new("/etc/debian_version").is_file();
    if !missing.is_empty() && debian && output("id", &["-u"]).as_deref() == Some("0") {
        let packages = missing.iter().map(|browser| browser.packages).collect::<Vec<_>>().join(" ");
        step(&format!("install {packages} (once, about a minute)"), || {
            let apt = |arguments: &str| {
                let mut command = words(Command::new("apt-get"), arguments);
                command.env("DEBIAN_FRONTEND", "noninteractive");
                run(command)
            };
            apt("update -qq")?;
            apt(&format!("install -y -qq --no-install-recommends {packages}"))
        })?;
    }
    all.iter().map(|browser| Ok((browser.variable, browser.found()?))).collect()
}

impl Browser {
    fn find(&self) -> Option<PathBuf> {
        let installed = || self.places.iter().map(PathBuf::from).find(|path| path.is_file());
        env::var_os(self.variable).map(PathBuf::from).or_else(installed)
    }

    fn found(&self) -> Result<PathBuf> {
        let Browser { variable, packages, name, .. } = self;
        let what =
            format!("The end-to-end tests need {name}: `apt-get install {packages}`, or set {variable} to its path.");
        self.find().context(what)
    }
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
