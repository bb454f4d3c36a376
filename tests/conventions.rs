//! What people expect of a command line, and of the files and folders that it leaves.

use scimf::protocol::{CellMnnSettings, Recipe, TrainSettings};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

fn scimf(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_scimf")).args(arguments).output().unwrap()
}

/// A fresh folder.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("conventions").join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

fn fixture() -> String {
    crate::support::path("h5ad/gzip_csr.h5ad").display().to_string()
}

#[track_caller]
fn told(output: &Output) -> (String, String) {
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{said}");
    (String::from_utf8_lossy(&output.stdout).into_owned(), said)
}

#[test]
fn a_settings_file_repeats_a_run() {
    let folder = folder("settings");
    let (config, data, weights) = (folder.join("train.toml"), fixture(), folder.join("w.safetensors"));
    let written = |settings: TrainSettings| Recipe::from(settings).to_settings_file("study");
    let settings = TrainSettings {
        held_out: vec![1],
        updates: 2,
        cells: 12,
        seed: 5,
        blur: 0.2,
        learning_rate: 2e-3,
        interaction: false,
        ..TrainSettings::default()
    };
    std::fs::write(&config, written(settings.clone())).unwrap();
    let [config, weights] = [&config, &weights].map(|path| path.display().to_string());
    let more = ["--output", &weights, "--bundle", &weights.replace("safetensors", "zip"), "--json"];
    let (lines, _) = told(&scimf(&[&["train", &data, "--config", &config, "--updates", "1"], &more[..]].concat()));
    let first: Value = serde_json::from_str(lines.lines().next().unwrap()).unwrap();
    let recipe: Recipe = serde_json::from_value(first["Training"]["state"]["Running"]["recipe"].clone()).unwrap();
    let expected = TrainSettings { updates: 1, ..settings };
    assert_eq!(TrainSettings::from(&recipe), expected, "the command line counts more");

    let text = Recipe::from(CellMnnSettings::default()).to_settings_file("a \"study\"");
    std::fs::write(&config, text + "data = 3\n").unwrap();
    assert_eq!(scimf(&["train", "--config", &config]).status.code(), Some(3), "a key comes once");
    std::fs::write(&config, "update = 1\n").unwrap();
    let refused = scimf(&["train", &data, "--config", &config]);
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert_eq!(refused.status.code(), Some(3), "{said}");
    assert!(said.contains("no setting “update”") && said.contains("updates,"), "{said}");
}

#[test]
fn shells_complete_and_every_command_has_a_page() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let (script, _) = told(&scimf(&["completions", shell]));
        assert!(script.contains("simulate-tissue"), "{shell}");
    }
    let folder = folder("manual");
    told(&scimf(&["manual", "--into", &folder.display().to_string()]));
    let page = std::fs::read_to_string(folder.join("scimf-export.1")).unwrap();
    assert!(page.starts_with(".ie") || page.contains(".TH scimf-export"), "{page}");
    assert!(folder.join("scimf-figure-chord.1").is_file());
    let (markdown, _) = told(&scimf(&["manual"]));
    assert!(markdown.contains("## scimf figure chord") && markdown.contains("Exit codes: 0 done"), "{markdown}");
    assert!(!markdown.contains('\u{1b}'), "no colours in a file");
}

#[test]
fn a_reader_may_go_away() {
    let mut program = Command::new(env!("CARGO_BIN_EXE_scimf"));
    let mut child = program.arg("manual").stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!((output.status.code(), &*said), (Some(141), ""));
}

#[test]
fn quiet_says_nothing() {
    let output = folder("quiet").join("tissue.zip").display().to_string();
    let (_, said) = told(&scimf(&["simulate-tissue", "--cells", "300", "--output", &output, "--quiet"]));
    assert_eq!(said, "");
    let weights = output.replace(".zip", ".safetensors");
    let few = ["--updates", "1", "--cells", "8", "--hold-out", "1", "--output", &weights, "--quiet"];
    let (_, said) = told(&scimf(&[&["train", &fixture()], &few[..]].concat()));
    assert_eq!(said, "");
}

/// A bundle with briefly trained weights.
fn trained(folder: &Path) -> String {
    let bundle = folder.join("small.zip").display().to_string();
    told(&scimf(&["train", &fixture(), "--updates", "1", "--cells", "8", "--bundle", &bundle]));
    bundle
}

#[test]
fn a_study_becomes_anndata_a_figure_of_flows_and_a_report() {
    let folder = folder("report");
    let study = trained(&folder);
    let at = |name: &str| folder.join(name).display().to_string();
    told(&scimf(&["export", &study, "--plane", "UMAP", "--output", &at("study.h5ad")]));
    let (found, _) = told(&scimf(&["info", &at("study.h5ad"), "--json"]));
    assert!(found.contains("\"cells\":240"), "{found}");
    let (flows, table) = (at("flows.svg"), at("flows.csv"));
    told(&scimf(&["figure", "flows", &study, "--cells", "40", "--output", &flows, "--table", &table]));
    assert!(std::fs::read_to_string(&flows).unwrap().contains("class=\"flow\""));
    let table = std::fs::read_to_string(&table).unwrap();
    let moved: usize =
        table.lines().skip(1).map(|line| line.split(',').rev().nth(1).unwrap().parse::<usize>().unwrap()).sum();
    assert_eq!(moved, 2 * 40, "every cell goes through both intervals");
    let path =
        ["path", &study, "--model", "scimf", "--from-time", "0", "--to-time", "2", "--points", "5", "--genes", "3"];
    let (said, _) = told(&scimf(&[&path[..], &["--table", &at("path.csv")]].concat()));
    assert!(said.contains("action of the straight line\t") && said.contains("place on the straight line"), "{said}");
    let found: Value = serde_json::from_str(&told(&scimf(&[&path[..], &["--json"]].concat())).0).unwrap();
    assert_eq!(found["points"][4]["components"].as_array().unwrap().len(), 8, "numbers, no bytes");
    assert!(found["genes"][0]["values"][0].is_f64() && found["action"].as_f64() <= found["straight_action"].as_f64());
    assert_eq!(std::fs::read_to_string(at("path.csv")).unwrap().lines().count(), 1 + 5);
    told(&scimf(&["report", &study, "--cells", "40", "--output", &at("report.html")]));
    let html = std::fs::read_to_string(at("report.html")).unwrap();
    // The bundle kept how its weights were trained.
    let seed = "<dt>Seed of the training</dt><dd>0</dd>";
    for part in
        ["Who listens to whom at day 10", "Velocity at day 4", "Flows between cell types", "@misc{scimf", "240", seed]
    {
        assert!(html.contains(part), "{part}");
    }
    let summary: Value = serde_json::from_str(&told(&scimf(&["info", &study, "--json"])).0).unwrap();
    assert!(html.contains(summary["fingerprint"].as_str().unwrap()), "the data can be told apart");
    assert_eq!(scimf(&["export", &study, "--output", &at("study.csv")]).status.code(), Some(2));
}

#[test]
fn a_study_is_published_into_a_page() {
    let folder = folder("site");
    let study = trained(&folder);
    let site = folder.join("site");
    let into = site.display().to_string();
    let publish = |more: &[&str]| scimf(&[&["publish", &study, "--into", &into], more].concat());
    let refused = publish(&[]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("cargo xtask build"));

    std::fs::create_dir_all(&site).unwrap();
    ["index.html", "sw.js"].iter().for_each(|name| std::fs::write(site.join(name), "page").unwrap());
    let (link, _) = told(&publish(&["--name", "First Study", "--title", "One", "--view", "#time=day+4"]));
    assert_eq!(link.trim(), "?data=studies/first-study.zip#time=day+4");
    told(&publish(&["--name", "second", "--title", "Two", "--about", "x < y"]));
    told(&publish(&["--name", "first study", "--title", "One again"]));
    let list: Value = serde_json::from_slice(&std::fs::read(site.join("studies/studies.json")).unwrap()).unwrap();
    let titles: Vec<&str> = list.as_array().unwrap().iter().map(|it| it["title"].as_str().unwrap()).collect();
    assert_eq!(titles, ["One again", "Two"]);
    let gallery = std::fs::read_to_string(site.join("studies/index.html")).unwrap();
    assert!(gallery.contains("../?data=studies/second.zip") && gallery.contains("x &lt; y"), "{gallery}");
    told(&scimf(&["info", &site.join("studies/second.zip").display().to_string()]));
}
