//! `cargo xtask bench`: what the explorer weighs and how quick it is, beside a peer or a budget.
//!
//! A group of rows is one file in `bench/` and one line in [`GROUPS`]. Every number of a row comes from the same run on the same machine, the
//! peer's as well. A row that misses its target stays in the table and says why.

mod attention;
mod cold;
mod drawing;
mod gpu;
mod memory;
mod ours;
mod scale;
mod streaming;
mod torch;
mod updates;
mod weight;

use self::{ours::Scimf, torch::Torch};
use crate::{
    shell::{root, step},
    tools, web,
};
use anyhow::{Context, Result, bail, ensure};
use serde_json::{Value, json};
use std::{
    cell::OnceCell,
    fmt::Write,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

/// Rows that are measured together.
struct Group {
    /// What `--only` calls it.
    name: &'static str,
    /// Measures its rows.
    rows: fn(&Bench) -> Result<Vec<Row>>,
}

/// All groups, in the order of the table.
const GROUPS: [Group; 10] = [
    Group { name: "weight", rows: weight::rows },
    Group { name: "cold-start", rows: cold::demo },
    Group { name: "first-update", rows: cold::update },
    Group { name: "updates", rows: updates::rows },
    Group { name: "attention", rows: attention::rows },
    Group { name: "streaming", rows: streaming::rows },
    Group { name: "dispatches", rows: gpu::rows },
    Group { name: "memory", rows: memory::rows },
    Group { name: "drawing", rows: drawing::rows },
    Group { name: "scale", rows: scale::rows },
];

/// One line of the table.
struct Row {
    /// What is measured.
    name: String,
    /// Our figure.
    ours: f64,
    /// What it is held against.
    peer: Peer,
    /// Of both figures.
    unit: &'static str,
    /// What the ratio of ours to the peer's has to be.
    target: Target,
    /// Why the target is missed, where that is known.
    reason: &'static str,
}

/// What a figure is held against.
struct Peer {
    name: String,
    figure: f64,
}

/// A bound on the ratio of our figure to the peer's.
#[derive(Clone, Copy)]
enum Target {
    AtMost(f64),
    AtLeast(f64),
}

impl Row {
    /// A row that is held against a stated limit.
    fn within(name: impl Into<String>, ours: f64, budget: f64, unit: &'static str) -> Self {
        Self::beside(name, ours, Peer { name: "budget".into(), figure: budget }, unit, Target::AtMost(1.0))
    }

    /// A row that is held against what another program, or our own elsewhere, does in the same run.
    fn beside(name: impl Into<String>, ours: f64, peer: Peer, unit: &'static str, target: Target) -> Self {
        Self { name: name.into(), ours, peer, unit, target, reason: "" }
    }

    /// What is known about why the target is missed.
    fn because(self, reason: &'static str) -> Self {
        Self { reason, ..self }
    }

    fn ratio(&self) -> f64 {
        self.ours / self.peer.figure
    }

    fn is_met(&self) -> bool {
        match self.target {
            Target::AtMost(most) => self.ratio() <= most,
            Target::AtLeast(least) => self.ratio() >= least,
        }
    }

    /// `met`, or why not.
    fn verdict(&self) -> String {
        match (self.is_met(), self.reason) {
            (true, _) => "met".into(),
            (false, "") => "missed".into(),
            (false, reason) => format!("missed: {reason}"),
        }
    }

    fn cells(&self) -> [String; 7] {
        let target = match self.target {
            Target::AtMost(most) => format!("≤ {most}"),
            Target::AtLeast(least) => format!("≥ {least}"),
        };
        let peer = format!("{} ({})", figure(self.peer.figure), self.peer.name);
        let unit = self.unit.to_owned();
        [self.name.clone(), figure(self.ours), peer, format!("{:.2}", self.ratio()), unit, target, self.verdict()]
    }

    fn json(&self, group: &str) -> Value {
        let (relation, bound) = match self.target {
            Target::AtMost(most) => ("at most", most),
            Target::AtLeast(least) => ("at least", least),
        };
        json!({
            "group": group, "name": self.name, "ours": self.ours, "unit": self.unit,
            "peer": { "name": self.peer.name, "figure": self.peer.figure }, "ratio": self.ratio(),
            "target": { "relation": relation, "ratio": bound }, "met": self.is_met(),
            "reason": if self.is_met() { "" } else { self.reason },
        })
    }
}

/// A figure with three digits that count.
fn figure(value: f64) -> String {
    match value.abs() {
        size if size >= 100.0 => format!("{value:.0}"),
        size if size >= 10.0 => format!("{value:.1}"),
        _ => format!("{value:.2}"),
    }
}

/// What the groups measure with, each made when it is first asked for.
#[derive(Default)]
struct Bench {
    given: Option<PathBuf>,
    page: OnceCell<PathBuf>,
    browser: OnceCell<PathBuf>,
    torch: OnceCell<Torch>,
    scimf: OnceCell<Scimf>,
}

impl Bench {
    /// The page as it is published: the folder that was given, or a build of the profile `page`.
    fn page(&self) -> Result<&Path> {
        let page = once(&self.page, || {
            let Some(page) = &self.given else {
                let page = root().join("dist");
                web::build(web::Profile::Page, &page, |cargo| cargo)?;
                return Ok(page);
            };
            Ok(page.clone())
        })?;
        ensure!(page.join("index.html").is_file(), "{} holds no page", page.display());
        Ok(page)
    }

    /// The peer of trainings and attention.
    fn torch(&self) -> Result<&Torch> {
        once(&self.torch, || step("install PyTorch and geomloss", Torch::installed))
    }

    /// Our own command line.
    fn scimf(&self) -> Result<&Scimf> {
        once(&self.scimf, || step("build the command line", Scimf::built))
    }

    /// Runs a script of `tests/peers`, which prints its figures as one JSON object.
    fn script(&self, name: &str, arguments: &[&str]) -> Result<Value> {
        let folder = root().join("tests/peers");
        let browser = once(&self.browser, || {
            let browser = tools::chromium()?;
            step("install what the peers need", || {
                tools::node_packages(&root().join("tests/e2e"))?;
                tools::node_packages(&folder)
            })?;
            Ok(browser)
        })?;
        let mut node = Command::new("node");
        node.arg(name).args(arguments).current_dir(&folder).env("CHROMIUM", browser).env("DIST", self.page()?);
        let output =
            node.stdin(Stdio::null()).stderr(Stdio::inherit()).output().context("node could not be started")?;
        if !output.status.success() {
            bail!("tests/peers/{name} ended with {}", output.status);
        }
        serde_json::from_slice(&output.stdout).with_context(|| format!("tests/peers/{name} did not print its figures"))
    }
}

/// What the cell holds, made now if it is empty.
fn once<T>(cell: &OnceCell<T>, make: impl FnOnce() -> Result<T>) -> Result<&T> {
    let made = match cell.get() {
        Some(value) => return Ok(value),
        None => make()?,
    };
    Ok(cell.get_or_init(|| made))
}

/// A number that a script printed.
fn number(figures: &Value, name: &str) -> Result<f64> {
    figures[name].as_f64().with_context(|| format!("the script gave no figure `{name}`"))
}

/// Measures all groups, or one, and prints the table. `page` is a page that is built already.
///
/// # Errors
/// There is no such group, or something cannot be measured; what was measured before is printed.
pub fn run(only: Option<&str>, as_json: bool, page: Option<PathBuf>) -> Result<()> {
    let names = GROUPS.map(|group| group.name);
    if let Some(only) = only {
        ensure!(names.contains(&only), "There is no group {only}: choose one of {}.", names.join(", "));
    }
    let given = page.map(std::path::absolute).transpose()?;
    let bench = Bench { given, ..Bench::default() };
    let mut rows = Vec::new();
    let mut failed = None;
    for group in GROUPS.iter().filter(|group| only.is_none_or(|only| only == group.name)) {
        match step(group.name, || (group.rows)(&bench)) {
            Ok(measured) => rows.extend(measured.into_iter().map(|row| (group.name, row))),
            Err(error) => {
                eprintln!("{}: {error:#}", group.name);
                failed = Some(group.name);
            }
        }
    }
    if as_json {
        let rows: Vec<_> = rows.iter().map(|(group, row)| row.json(group)).collect();
        println!("{:#}", json!({ "processors": std::thread::available_parallelism()?.get(), "rows": rows }));
    } else {
        print!("{}", table(rows.iter().map(|(_, row)| row)));
    }
    failed.map_or(Ok(()), |group| bail!("the group {group} could not be measured"))
}

fn table<'a>(rows: impl Iterator<Item = &'a Row>) -> String {
    let head = ["", "ours", "peer", "ratio", "unit", "target", ""].map(str::to_owned);
    let lines: Vec<_> = std::iter::once(head).chain(rows.map(Row::cells)).collect();
    let mut widths = [0; 7];
    for line in &lines {
        for (width, cell) in widths.iter_mut().zip(line) {
            *width = (*width).max(cell.chars().count());
        }
    }
    let mut text = String::new();
    for line in &lines {
        let padded = line.iter().zip(widths).enumerate().map(|(column, (cell, width))| match column {
            1 | 3 => format!("{cell:>width$}"),
            _ => format!("{cell:width$}"),
        });
        let _ = writeln!(text, "{}", padded.collect::<Vec<_>>().join("  ").trim_end());
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_judged_by_its_ratio() {
        let weight = |ours| Row::within("page", ours, 300.0, "KB").because("icons");
        assert_eq!(weight(300.0).verdict(), "met");
        assert_eq!(weight(301.0).verdict(), "missed: icons");
        let peer = || Peer { name: "other".into(), figure: 30.0 };
        let speed = |ours| Row::beside("frames", ours, peer(), "1/s", Target::AtLeast(1.0));
        assert!(speed(30.0).is_met() && !speed(29.0).is_met());
        assert_eq!(speed(15.0).json("drawing")["ratio"], 0.5);
    }

    #[test]
    fn columns_stand_below_each_other() {
        let rows = [Row::within("a", 1.0, 2.0, "MB"), Row::within("longer", 1234.5, 2.0, "s")];
        let text = table(rows.iter());
        let column = |line: &str| line.find("(budget)");
        let lines: Vec<_> = text.lines().skip(1).collect();
        assert_eq!(lines.len(), 2);
        assert!(column(lines[0]).is_some() && column(lines[0]) == column(lines[1]), "{text}");
        assert!(lines[0].ends_with("met") && lines[1].ends_with("missed"), "{text}");
    }
}
