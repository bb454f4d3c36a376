//! The peer of trainings and attention: PyTorch and geomloss, in a Python of their own, and studies of any size.

use crate::shell::{json_lines, root, run};
use anyhow::Result;
use serde_json::Value;
use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

/// The peer's program, `tests/peers/scimf_torch.py`, with what runs it.
pub struct Torch {
    python: PathBuf,
}

impl Torch {
    /// A Python with the peers' packages, beside what this project builds.
    pub fn installed() -> Result<Self> {
        let folder = root().join("target/bench/python");
        let python = folder.join("bin/python");
        if !python.is_file() {
            let mut make = Command::new("python3");
            make.args(["-m", "venv"]).arg(&folder);
            run(make)?;
        }
        let packages = root().join("tests/peers/requirements.txt");
        let mut install = Command::new(&python);
        install.args(["-m", "pip", "install", "--quiet", "--requirement"]).arg(packages);
        run(install)?;
        Ok(Self { python })
    }

    /// Writes a study of so many cells a time point, of 50 components each, and says where.
    pub fn study(&self, name: &str, cells: &str) -> Result<PathBuf> {
        let folder = root().join("target/bench");
        fs::create_dir_all(&folder)?;
        let path = folder.join(format!("{name}.npz"));
        let mut make = self.program("make", &path);
        make.args(["--cells", cells]);
        run(make)?;
        Ok(path)
    }

    /// What the peer prints on a study, one JSON object a line.
    pub fn figures(&self, command: &str, study: &Path, arguments: &[&str]) -> Result<Vec<Value>> {
        json_lines(self.program(command, study).args(arguments))
    }

    fn program(&self, command: &str, study: &Path) -> Command {
        let mut program = Command::new(&self.python);
        program.arg(root().join("tests/peers/scimf_torch.py")).arg(command).arg(study);
        program
    }
}
