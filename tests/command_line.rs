//! The command line as its user meets it: results, messages and exit codes.

use scimf::protocol::{FLOOR, INTERPOLATION, ModelKind, ONE_POINT, STAY_PUT};
use serde_json::Value;
use std::path::PathBuf;
use std::process::{Command, Output};

fn scimf(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_scimf")).args(arguments).output().unwrap()
}

fn fixture(name: &str) -> String {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/h5ad").join(name).display().to_string()
}

/// A fresh path in cargo's folder for test files.
fn scratch(name: &str) -> String {
    PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name).display().to_string()
}

/// Rows of an evaluation that trains the models whose steps are updates: baselines, then each model after its twin without interaction.
fn rows() -> Vec<&'static str> {
    let cards = ModelKind::ALL.into_iter().map(ModelKind::card).filter(|card| card.step == "update" && !card.can.genes);
    let models = cards.flat_map(|card| card.twin.map(|twin| twin.key).into_iter().chain([card.key]));
    [FLOOR, STAY_PUT, INTERPOLATION, ONE_POINT].into_iter().chain(models).collect()
}

#[track_caller]
fn json(output: &Output) -> Value {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn info_tells_what_is_in_a_file() {
    let found = json(&scimf(&["info", &fixture("gzip_csr.h5ad"), "--json"]));
    assert_eq!((found["cells"].as_u64(), found["dimensions"].as_u64()), (Some(240), Some(8)));
    assert_eq!(found["time_points"][2]["label"], "day 10");
}

#[test]
fn genes_that_only_some_files_have_can_be_taken_in() {
    let table = |name: &str, gene: &str, cells: std::ops::Range<usize>| {
        let names: Vec<String> = (0..9).map(|gene| format!("Gene{gene}")).chain([gene.into()]).collect();
        let row = |cell: usize| {
            format!(
                "c{cell},{}",
                (0..10).map(|gene| ((5 * cell + 3 * gene) % 11).to_string()).collect::<Vec<_>>().join(",")
            )
        };
        let path = scratch(name);
        let rows: Vec<String> = cells.map(row).collect();
        std::fs::write(&path, format!("cell,{}\n{}\n", names.join(","), rows.join("\n"))).unwrap();
        path
    };
    let files = [table("day0.csv", "Only0", 0..6), table("day2.csv", "Only2", 6..12)];
    let said = |options: &[&str]| {
        let output = scimf(&[&["info", &files[0], &files[1]], options].concat());
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    assert!(said(&[]).contains("Genes that are not in all files: 2. They were left out."));
    assert!(said(&["--union-genes"]).contains("Genes that are not in all files: 2. They were taken in, as zeros"));
}

#[test]
fn a_trained_model_answers_questions() {
    let (data, weights) = (fixture("gzip_csr.h5ad"), scratch("answers.safetensors"));
    let trained = scimf(&["train", &data, "--updates", "2", "--cells", "16", "--output", &weights]);
    assert!(trained.status.success(), "{}", String::from_utf8_lossy(&trained.stderr));
    let question = [&data, "--weights", &weights, "--time", "1", "--json"];

    let attention = json(&scimf(&[&["attention"], &question[..]].concat()));
    let cells: Vec<f64> = attention["cells"].as_array().unwrap().iter().map(|n| n.as_f64().unwrap()).collect();
    for receiver in attention["mean"].as_array().unwrap() {
        let row = receiver.as_array().unwrap().iter().map(|mean| mean.as_f64().unwrap());
        let heard: f64 = row.zip(&cells).map(|(mean, n)| mean * n).sum();
        assert!((heard - 1.0).abs() < 1e-4, "{heard}");
    }

    let velocity = json(&scimf(&[&["velocity"], &question[..]].concat()));
    let speeds: Vec<f64> = velocity["speeds"].as_array().unwrap().iter().map(|s| s.as_f64().unwrap()).collect();
    let mean = speeds.iter().sum::<f64>() / speeds.len() as f64;
    assert_eq!(speeds.len(), 80);
    assert!((velocity["mean_speed"].as_f64().unwrap() / mean - 1.0).abs() < 1e-4);
}

#[test]
fn cells_without_types_are_clustered() {
    let bundle = scratch("clustered.zip");
    let data = fixture("counts_only.h5ad");
    let prepare =
        ["prepare", &data, "--cluster=0.5", "--cluster-names", "Stem", "--no-umap", "--output", &bundle, "--json"];
    let found = json(&scimf(&prepare));
    let types = found["cell_types"].as_array().unwrap();
    assert_eq!((types[0]["name"].as_str(), types[1]["name"].as_str()), (Some("Stem"), Some("cluster 2")));
    let markers = found["markers"].as_array().unwrap();
    assert!(markers.len() == types.len() && markers[0][0]["gene"].is_string(), "{found}");
    let again = json(&scimf(&["info", &bundle, "--json"]));
    assert_eq!(again["cell_types"], found["cell_types"]);
    let refused = scimf(&["prepare", &data, "--cluster", "--cell-type", "day"]);
    assert!(!refused.status.success());
}

#[test]
fn interactions_are_told_in_a_table_and_in_json() {
    let bundle = scratch("samples.zip");
    let made = ["simulate-tissue", "--design", "depletion", "--cells", "80", "--components", "4", "--output", &bundle];
    assert!(scimf(&made).status.success());
    let session = scratch("evidence.zip");
    let asked = ["interactions", &bundle, "--linear", "--seeds", "2", "--twins", "1", "--json", "--bundle", &session];
    let found = json(&scimf(&asked));
    let links = found["links"].as_array().unwrap();
    assert_eq!(links.len(), 30);
    assert!(links.iter().all(|link| link["verdict"].is_string() && link["receiver"] != link["sender"]));
    let whole = |link: &&Value| {
        link["determinability"].is_f64()
            && link["contrast"]["f"].is_f64()
            && link["contrast"]["times"].is_u64()
            && link["linear"]["t"].is_f64()
            && link["effect"]["mean"].is_f64()
            && link["twin"]["sd"].is_f64()
    };
    assert!(links.iter().filter(whole).count() > 15, "{found}");
    let series = json(&scimf(&["interactions", &fixture("gzip_csr.h5ad"), "--sample-column", "none", "--json"]));
    let nothing = |link: &Value| link["effect"].is_null() && link["contrast"].is_null() && link["linear"].is_null();
    assert!(series["links"].as_array().unwrap().iter().all(nothing));
    let table = scimf(&["interactions", &bundle]);
    assert!(String::from_utf8_lossy(&table.stdout).lines().count() >= 31);

    // The figure is of what the session kept, or of what the data alone tell.
    let figure = |study: &str| {
        let drawn = scratch("evidence.svg");
        assert!(scimf(&["figure", "evidence", study, "--output", &drawn]).status.success());
        std::fs::read_to_string(drawn).unwrap()
    };
    let drawn = figure(&session);
    for part in ["class=\"planted\"", "effect (% of the drift)", "pale: in twins too"] {
        assert!(drawn.contains(part), "no {part}");
    }
    assert!(figure(&bundle).contains("contrast F"));
}

#[test]
fn a_simulated_tissue_is_a_bundle_that_opens() {
    let bundle = scratch("tissue.zip");
    assert!(scimf(&["simulate-tissue", "--output", &bundle, "--cells", "400"]).status.success());
    let found = json(&scimf(&["info", &bundle, "--json"]));
    assert_eq!((found["cells"].as_u64(), found["simulated"].as_bool()), (Some(400), Some(true)));
}

#[test]
fn figures_are_drawn_from_what_the_other_commands_wrote() {
    let (data, weights) = (fixture("gzip_csr.h5ad"), scratch("figures.safetensors"));
    let train = ["train", &data, "--hold-out", "1", "--updates", "2", "--cells", "16", "--output", &weights, "--json"];
    let trained = scimf(&train);
    assert!(trained.status.success(), "{}", String::from_utf8_lossy(&trained.stderr));
    let evaluated = scimf(&[
        "evaluate",
        &data,
        "--weights",
        &weights,
        "--hold-out",
        "1",
        "--cells",
        "20",
        "--seeds",
        "2",
        "--json",
    ]);
    assert!(
        evaluated.status.success()
            && String::from_utf8_lossy(&evaluated.stderr).trim() == "held out: time point 1 (counted from 0), “day 4”",
        "{}",
        String::from_utf8_lossy(&evaluated.stderr)
    );
    let (lines, table) = (scratch("figures.jsonl"), scratch("figures.json"));
    std::fs::write(&lines, &trained.stdout).unwrap();
    std::fs::write(&table, &evaluated.stdout).unwrap();

    let model = [data.as_str(), "--weights", &weights];
    let kinds: [(&str, Vec<&str>, &str); 7] = [
        ("trajectories", [&model[..], &["--cells", "5"]].concat(), "simulated trajectories"),
        ("velocity", [&model[..], &["--time", "1"]].concat(), "velocity at day 4"),
        ("chord", [&model[..], &["--time", "0"]].concat(), "who listens to whom"),
        ("heatmap", [&model[..], &["--time", "0", "--score", "influence"]].concat(), "who listens to whom"),
        // The lines say that only the last time point was compared with.
        ("loss", vec!["--input", &lines], "time 2"),
        ("comparison", vec!["--input", &table], "interpolation"),
        ("comparison", [&["--input", &table], &model[..]].concat(), "Held-out"),
    ];
    for (i, (kind, arguments, words)) in kinds.into_iter().enumerate() {
        let path = scratch(&format!("figure-{i}.svg"));
        let drawn = scimf(&[&["figure", kind, "--output", &path], &arguments[..]].concat());
        assert!(drawn.status.success(), "{kind}: {}", String::from_utf8_lossy(&drawn.stderr));
        let svg = std::fs::read_to_string(&path).unwrap();
        assert!(svg.starts_with("<svg") && svg.to_lowercase().contains(&words.to_lowercase()), "{kind}: {words}");
    }
    let png = scratch("figure.png");
    assert!(scimf(&["figure", "loss", "--input", &lines, "--output", &png]).status.success());
    assert!(std::fs::read(&png).unwrap().starts_with(b"\x89PNG"));
    let unknown = scimf(&["figure", "loss", "--input", &lines, "--output", &scratch("figure.gif")]);
    assert_eq!(unknown.status.code(), Some(2), "{}", String::from_utf8_lossy(&unknown.stderr));
}

#[test]
fn an_evaluation_says_what_its_numbers_mean() {
    let (data, weights) = (fixture("gzip_csr.h5ad"), scratch("words.safetensors"));
    assert!(scimf(&["train", &data, "--updates", "1", "--cells", "16", "--output", &weights]).status.success());
    let arguments = ["evaluate", &data, "--weights", &weights, "--hold-out", "1", "--cells", "20", "--seeds", "1"];
    let output = scimf(&arguments);
    let (table, warning) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(table.contains("At day 4,") && table.contains("A single seed says nothing about noise."), "{table}");
    assert!(warning.contains("not known to have been trained without day 4"), "{warning}");
}

#[test]
fn what_cannot_be_done_says_why_and_ends_with_its_code() {
    let data = fixture("gzip_csr.h5ad");
    let cases: [(&[&str], i32, &str); 7] = [
        (&["info", "no such file.h5ad"], 3, "no such file.h5ad"),
        (&["info", &fixture("bad_not_hdf5.h5ad")], 3, "HDF5"),
        (&["info", &data, "--time-column", "nothing"], 2, "nothing"),
        (&["train", &data, "--updates", "1"], 2, "--output"),
        (&["velocity", &data, "--time", "1"], 2, "no model"),
        // Options are those of the model's card, and have its limits.
        (&["train", &data, "--model", "cell-mnn", "--updates", "1", "--output", "never"], 2, "no such setting"),
        (&["train", &data, "--cells", "20000", "--output", "never"], 2, "1 to 16384"),
    ];
    for (arguments, code, word) in cases {
        let output = scimf(arguments);
        let message = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {message}");
        assert!(message.contains(word), "{arguments:?}: {message}");
        assert!(output.stdout.is_empty(), "{arguments:?}");
    }
}

#[test]
fn counts_become_a_bundle_that_is_evaluated_and_simulated() {
    let (bundle, cells) = (scratch("prepared.zip"), scratch("simulated.npz"));
    let study = fixture("counts_only.h5ad");
    let prepared =
        json(&scimf(&["prepare", &study, "--hold-out", "1", "--pcs", "6", "--no-umap", "--output", &bundle, "--json"]));
    assert_eq!((prepared["dimensions"].as_u64(), prepared["held_out"][0].as_u64()), (Some(6), Some(1)));
    assert_eq!(prepared["preparation"]["steps"]["values"], "Counts");
    assert!(prepared["preparation"]["evidence"].as_str().unwrap().contains("hole numbers"));

    // The bundle names its held-out time point, so nothing has to be said twice.
    let kept = scratch("kept");
    let _ = std::fs::remove_dir_all(&kept);
    // All but PRESCIENT, whose contrast takes longer than the others together.
    let models = "scimf,pi-sde,mioflow,ot-cfm,scnode,mean-field";
    let evaluate = |seeds: &str| {
        let how = ["--models", models, "--updates", "1", "--seeds", seeds, "--cells", "20", "--keep", &kept, "--json"];
        json(&scimf(&[&["evaluate", &bundle][..], &how].concat()))
    };
    let first = evaluate("1");
    let found = evaluate("2");
    // What the folder has is not trained again: one seed took as long as before.
    let again = evaluate("1");
    let took = |table: &Value| {
        let rows = table["held_out"][0]["rows"].as_array().unwrap().iter();
        rows.filter_map(|row| row["training"]["seconds"].as_f64()).collect::<Vec<_>>()
    };
    let same = took(&first).iter().zip(took(&again)).all(|(one, other)| (one - other).abs() < 1e-9 * one);
    assert!(same && took(&first).len() == 8, "{:?} {:?}", took(&first), took(&again));
    let point = &found["held_out"][0];
    assert_eq!((found["seeds"].as_u64(), point["time"].as_u64()), (Some(2), Some(1)));
    let keys: Vec<_> = point["rows"].as_array().unwrap().iter().map(|row| row["key"].as_str().unwrap()).collect();
    assert_eq!(keys, rows().into_iter().filter(|key| *key != "prescient").collect::<Vec<_>>());
    for row in point["rows"].as_array().unwrap() {
        let [w1, w2] = ["w1", "w2"].map(|metric| row["distances"][metric].as_f64().unwrap());
        assert!(w1 > 0.0 && w2 >= w1, "{row}");
    }

    let weights = scratch("prepared.safetensors");
    let trained = scimf(&["train", &bundle, "--updates", "1", "--cells", "8", "--output", &weights]);
    assert!(trained.status.success(), "{}", String::from_utf8_lossy(&trained.stderr));
    let simulated = scimf(&["simulate", &bundle, "--weights", &weights, "--cells", "5", "--output", &cells]);
    assert!(simulated.status.success(), "{}", String::from_utf8_lossy(&simulated.stderr));
    assert!(std::fs::read(&cells).unwrap().starts_with(b"PK"));
    // Weights alone say nothing of the model without interaction.
    let found = json(&scimf(&["evaluate", &bundle, "--weights", &weights, "--seeds", "1", "--cells", "9", "--json"]));
    let rows = found["held_out"][0]["rows"].as_array().unwrap();
    assert!(rows.iter().any(|row| row["key"] == "scimf" && row["distances"].is_object()));
    assert!(rows.iter().all(|row| row["key"] != "scimf-alone"));
}

#[test]
fn a_training_resumes_from_its_checkpoint() {
    let data = fixture("gzip_csr.h5ad");
    let [whole, part, checkpoint] = ["whole", "part", "checkpoint"].map(|name| scratch(&format!("{name}.safetensors")));
    let _ = std::fs::remove_file(&checkpoint);
    let train = |updates: &str, output: &str| {
        let mut arguments = vec!["train", &data, "--cells", "8", "--updates", updates, "--output", output];
        if output != whole {
            arguments.extend(["--checkpoint", &checkpoint, "--checkpoint-every", "1", "--resume"]);
        }
        let run = scimf(&arguments);
        assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    };
    train("3", &whole);
    train("2", &part);
    train("3", &part);
    assert_eq!(std::fs::read(&whole).unwrap(), std::fs::read(&part).unwrap());
}

#[test]
fn a_benchmark_skips_what_is_done_and_shares_its_parts() {
    let folder = PathBuf::from(scratch("benchmark"));
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    let plan = folder.join("plan.toml");
    let data = fixture("gzip_csr.h5ad");
    std::fs::write(folder.join("known.csv"), "Fibroblast,Müller glia\n").unwrap();
    let task = format!("[[task]]\nname = \"small\"\ndata = {data:?}\nhold_out = [1]\nlineage = \"known.csv\"\n");
    let models = "models = [\"scimf\", \"ot-cfm\"]";
    std::fs::write(&plan, format!("updates = 1\nseeds = 2\ncells = 12\n{models}\n{task}")).unwrap();
    let plan = plan.display().to_string();
    let run = |more: &[&str]| {
        let output = scimf(&[&["benchmark", &plan], more].concat());
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{said}");
        said
    };
    // Three trainings under two seeds, of which one is scIMF's twin, and what needs no model.
    assert!(run(&["--shard", "1/2"]).contains("4 of 7 done"));
    assert!(run(&["--table-only"]).contains("4 of 7 done"));
    let said = run(&["--shard", "2/2"]);
    assert!(said.contains("small: 3 of 7 parts") && said.contains("7 of 7 done"), "{said}");
    assert!(!run(&[]).contains("parts"), "everything is done");
    let table = std::fs::read_to_string(folder.join("results/table.md")).unwrap();
    let (table, lineage) = table.split_once("\n\n").unwrap();
    // What needs no model, scIMF with its twin, and OT-CFM.
    let rows = 4 + 2 + 1;
    assert_eq!(table.lines().filter(|line| line.ends_with("| 2 |")).count(), rows, "{table}");
    assert!(
        lineage.contains("| small | Correlation of cells (") && lineage.contains("| small | scIMF | "),
        "{lineage}"
    );
    let csv = std::fs::read_to_string(folder.join("results/table.csv")).unwrap();
    assert_eq!(csv.lines().count(), 1 + rows, "{csv}");
    assert_eq!(scimf(&["benchmark", &plan, "--shard", "3/2"]).status.code(), Some(2));
    // Other models are another question, whose answers take the place of the first ones.
    assert!(run(&["--models", "mioflow"]).contains("3 of 3 done"));
    let tex = std::fs::read_to_string(folder.join("results/table.tex")).unwrap();
    assert!(tex.contains("MIOFlow") && !tex.contains("OT-CFM") && tex.ends_with("\\end{tabular}\n"), "{tex}");
    let without_epochs = scimf(&["benchmark", &plan, "--models", "cell-mnn"]);
    assert!(String::from_utf8_lossy(&without_epochs.stderr).contains("Give a number of epochs."));
}

#[test]
#[ignore = "needs Snakemake: `cargo xtask test --only python` installs it and runs this"]
fn the_workflow_runs_a_plan_in_parts() {
    let snakemake = std::env::var_os("SNAKEMAKE").unwrap_or_else(|| "snakemake".into());
    let folder = PathBuf::from(scratch("workflow"));
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    let data = fixture("gzip_csr.h5ad");
    let text =
        format!("updates = 1\nseeds = 2\ncells = 12\n[[task]]\nname = \"small\"\ndata = {data:?}\nhold_out = [1]\n");
    std::fs::write(folder.join("plan.toml"), text).unwrap();
    let output = Command::new(&snakemake)
        .args([
            "--snakefile",
            concat!(env!("CARGO_MANIFEST_DIR"), "/workflow/Snakefile"),
            "--cores",
            "2",
            "--directory",
        ])
        .arg(&folder)
        .args(["--config", "plan=plan.toml", "shards=2", concat!("scimf=", env!("CARGO_BIN_EXE_scimf"))])
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let table = std::fs::read_to_string(folder.join("results/table.md")).unwrap();
    assert_eq!(table.lines().filter(|line| line.ends_with("| 2 |")).count(), rows().len(), "{table}");
}
