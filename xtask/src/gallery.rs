//! A gallery of small studies with trained weights, put into a built page: simulated ones, and public ones from files that the caller has.

use crate::shell::{root, run, step, words};
use anyhow::{Context, Result, bail, ensure};
use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

/// A study of the gallery.
struct Study {
    /// Its name in the address.
    name: &'static str,
    title: &'static str,
    /// Three sentences: what it is, what was fitted, what to look at and how far it goes.
    about: &'static str,
    licence: &'static str,
    citation: &'static str,
    /// What its link shows.
    view: &'static str,
    /// The command of `scimf` that makes its bundle; of a public study it is given the file.
    made_by: &'static str,
    /// The file is asked for by this option.
    file: Option<&'static str>,
    /// The trainings: options of `scimf train`.
    trained_by: &'static [&'static str],
}

/// Licence of what the generators make.
const OURS: &str = "CC0 1.0 (simulated by this program)";
const GENERATOR: &str = "scIMF Explorer (CITATION.cff); no biological data";

const STUDIES: &[Study] = &[
    Study {
        name: "tissue-samples",
        title: "A simulated tissue in seven samples, of which six lack a type",
        about: "Six types push and pull each other as planted; a control has all of them and each other sample lacks one. scIMF was trained on all seven, \
                each a population of its own. Show what was planted frames the planted links: compare them with the attention, and see under Evidence which of \
                them such samples determine at all.",
        licence: OURS,
        citation: GENERATOR,
        view: "time=day+3&view=matrix",
        made_by: "simulate-tissue --design depletion --cells 80 --seed 1",
        file: None,
        trained_by: &["--model scimf --updates 150 --cells 128"],
    },
    Study {
        name: "tissue-mutual",
        title: "A simulated tissue in which every interaction is mutual",
        about: "The types of the demo in one series, and whoever pulls is pulled. scIMF was trained on one series, which determines few links: similar pictures can come \
                from other interactions. Compare the non-reciprocity under the chord with that of the demo, where interactions have a direction.",
        licence: OURS,
        citation: GENERATOR,
        view: "time=day+4",
        made_by: "simulate-tissue --reciprocal --cells 1500 --components 20 --seed 1",
        file: None,
        trained_by: &["--model scimf --updates 150 --cells 128"],
    },
    Study {
        name: "tissue-potential",
        title: "A simulated tissue as a landscape",
        about: "The same kind of tissue, fitted by two models without interaction. PI-SDE moves cells down a potential that changes with time, PRESCIENT down \
                one that does not. Switch between them and look at the residual: where it is large, the potential is not to be trusted.",
        licence: OURS,
        citation: GENERATOR,
        view: "model=pi-sde&time=day+4&color=potential",
        made_by: "simulate-tissue --cells 1500 --components 20 --seed 2",
        file: None,
        trained_by: &["--model pi-sde --updates 150", "--model prescient --updates 150"],
    },
    Study {
        name: "gene-network",
        title: "A simulated gene network with known signs",
        about: "Fifty genes activate and repress each other, and cells are drawn at five times. Cell-MNN was trained on ten components, with a linear equation \
                for each cell. The tab Genes shows the strongest interactions that the operators hold; most are not direct ones, which is what the control \
                beside them is for.",
        licence: OURS,
        citation: GENERATOR,
        view: "model=cell-mnn&time=hour+2",
        made_by: "simulate-network --cells 300 --seed 0",
        file: None,
        trained_by: &["--model cell-mnn --components 5 --epochs 60"],
    },
    Study {
        name: "mef",
        title: "Fibroblasts that are reprogrammed to stem cells, days 10 to 11",
        about: "1,000 cells of a study of 250,000, in serum, at three times within a day. scIMF was trained on 20 components of 1,479 genes. So short a series \
                determines hardly any interaction: read the attention as a statement of the model, and the held-out evaluation before the velocity.",
        licence: "Published data (GEO GSE122662); the excerpt is distributed under BSD-3-Clause",
        citation: "Schiebinger et al., Optimal-Transport Analysis of Single-Cell Gene Expression Identifies Developmental Trajectories in Reprogramming, \
                   Cell 176 (2019), doi:10.1016/j.cell.2019.01.006",
        view: "time=day+10.5",
        made_by: "prepare --sample-column none --pcs 20",
        file: Some("--mef"),
        trained_by: &["--model scimf --updates 150 --cells 128"],
    },
    Study {
        name: "mouse-es-cells",
        title: "Mouse embryonic stem cells after LIF is withdrawn",
        about: "1,000 cells and 900 genes of a droplet study, at days 0, 2, 4 and 7. They have no types: clusters were computed, and scIMF was trained on 20 \
                components. Day 2 has 101 cells only, and days differ in depth, so that part of what moves is technical.",
        licence: "Published data (GEO GSE65525); the excerpt is distributed under MIT",
        citation: "Klein et al., Droplet Barcoding for Single-Cell Transcriptomics Applied to Embryonic Stem Cells, Cell 161 (2015), \
                   doi:10.1016/j.cell.2015.04.044",
        view: "time=day+4",
        made_by: "prepare --cluster=0.5 --pcs 20",
        file: Some("--klein"),
        trained_by: &["--model scimf --updates 150 --cells 128"],
    },
];

/// Files of public studies, by the option that names them.
pub type Files = [(&'static str, Option<PathBuf>); 2];

/// Makes, trains and publishes the studies into the page `site`. Public studies need their file. With `steps` each training takes so many at most.
///
/// # Errors
/// There is no page, a file is missing, or a command fails.
pub fn build(scimf: &Path, site: &Path, files: &Files, only: Option<&str>, steps: Option<u32>) -> Result<()> {
    ensure!(site.join("index.html").is_file(), "{} is no built page: run `cargo xtask build` first", site.display());
    if let Some(name) = only.filter(|name| STUDIES.iter().all(|study| study.name != *name)) {
        let names: Vec<&str> = STUDIES.iter().map(|study| study.name).collect();
        bail!("there is no study {name}; there are {}", names.join(", "));
    }
    let folder = root().join("target/gallery");
    fs::create_dir_all(&folder)?;
    for study in STUDIES.iter().filter(|study| only.is_none_or(|name| name == study.name)) {
        let given = study.file.map(|option| (option, files.iter().find(|(name, _)| *name == option)));
        let file = match given {
            None => None,
            Some((_, Some((_, Some(file))))) => Some(file.as_path()),
            Some((option, _)) => {
                eprintln!(
                    "\n==> {}: SKIPPED, since its file is not in the repository; name it with {option}",
                    study.name
                );
                continue;
            }
        };
        step(study.name, || study.publish(scimf, site, &folder, file, steps)).context(study.name)?;
    }
    Ok(())
}

impl Study {
    fn publish(&self, scimf: &Path, site: &Path, folder: &Path, file: Option<&Path>, steps: Option<u32>) -> Result<()> {
        let bundle = folder.join(format!("{}.zip", self.name));
        let command = |arguments: &str| words(Command::new(scimf), arguments);
        let mut make = command(self.made_by);
        make.args(file).arg("--output").arg(&bundle);
        if self.made_by.starts_with("simulate-network") {
            make.arg("--signs").arg(bundle.with_extension("tsv"));
        }
        run(make)?;
        for options in self.trained_by {
            let mut train = command("train");
            train.arg(&bundle).args(capped(options, steps));
            train.arg("--output").arg(bundle.with_extension("safetensors")).arg("--bundle").arg(&bundle);
            run(train)?;
        }
        let mut publish = command("publish");
        publish.arg(&bundle).arg("--into").arg(site).args(["--name", self.name, "--title", self.title]);
        publish.args(["--about", self.about, "--licence", self.licence, "--citation", self.citation]);
        run(words(publish, &format!("--view {}", self.view)))
    }
}

/// The options with no more steps than are allowed.
fn capped(options: &str, steps: Option<u32>) -> Vec<String> {
    let mut words: Vec<String> = options.split_whitespace().map(str::to_owned).collect();
    for at in 1..words.len() {
        if let (true, Some(most)) = (["--updates", "--epochs"].contains(&&*words[at - 1]), steps) {
            words[at] = words[at].parse().map_or(most, |own: u32| own.min(most)).to_string();
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_study_says_what_it_is_and_whose() {
        let names: BTreeSet<&str> = STUDIES.iter().map(|study| study.name).collect();
        assert_eq!(names.len(), STUDIES.len());
        for study in STUDIES {
            let sentences = study.about.matches(". ").count() + 1;
            assert_eq!(sentences, 3, "{}: {}", study.name, study.about);
            assert!(study.about.ends_with('.') && !study.about.contains("  "), "{}", study.name);
            assert!(!study.licence.is_empty() && !study.citation.is_empty() && !study.trained_by.is_empty());
        }
    }

    #[test]
    fn a_short_run_takes_few_steps() {
        assert_eq!(capped("--model m --updates 150", Some(3)).join(" "), "--model m --updates 3");
        assert_eq!(capped("--epochs 2 --cells 9", Some(3)).join(" "), "--epochs 2 --cells 9");
        assert_eq!(capped("--updates 150", None), ["--updates", "150"]);
    }
}
