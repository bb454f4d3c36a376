//! The documentation: every link leads somewhere, every page is in the site, and every command that is named is there.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The documents, in no order.
fn documents() -> Vec<PathBuf> {
    let in_folder = |folder: &Path| {
        let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        entries.filter(|path| path.extension().is_some_and(|it| it == "md")).collect::<Vec<_>>()
    };
    [in_folder(root()), in_folder(&root().join("docs")), vec![root().join("fuzz/README.md")]].concat()
}

/// Targets of the links and pictures of a document, without what is in code.
fn links(text: &str) -> Vec<String> {
    let mut in_code = false;
    let mut found = Vec::new();
    for line in text.lines() {
        in_code ^= line.trim_start().starts_with("```");
        if in_code {
            continue;
        }
        let words: String = line.split('`').step_by(2).collect();
        found.extend(words.split("](").skip(1).filter_map(|rest| rest.split(')').next()).map(str::to_owned));
    }
    found
}

/// Names that GitHub and mdBook give the headings of a document.
fn anchors(text: &str) -> Vec<String> {
    let kept = |c: char| c.is_alphanumeric() || c == '-' || c == '_' || c == ' ';
    let headings = text.lines().filter(|line| line.starts_with('#')).map(|line| line.trim_start_matches('#').trim());
    headings.map(|it| it.to_lowercase().chars().filter(|c| kept(*c)).collect::<String>().replace(' ', "-")).collect()
}

#[test]
fn every_link_leads_somewhere() {
    let mut broken = Vec::new();
    for document in documents() {
        let text = fs::read_to_string(&document).unwrap();
        for link in links(&text).into_iter().filter(|link| !link.contains("://")) {
            let (file, anchor) = link.split_once('#').unwrap_or((&link, ""));
            let target = if file.is_empty() { document.clone() } else { document.parent().unwrap().join(file) };
            let there = target.exists()
                && (anchor.is_empty() || anchors(&fs::read_to_string(&target).unwrap()).iter().any(|it| it == anchor));
            // The site holds the files of docs/ alone.
            let outside = document.starts_with(root().join("docs")) && file.starts_with("..");
            if !there || outside {
                broken.push(format!("{}: {link}", document.display()));
            }
        }
    }
    assert!(broken.is_empty(), "\n{}", broken.join("\n"));
}

#[test]
fn every_page_is_in_the_site() {
    let summary = fs::read_to_string(root().join("docs/SUMMARY.md")).unwrap();
    let listed = links(&summary);
    for document in documents().into_iter().filter(|path| path.starts_with(root().join("docs"))) {
        let name = document.file_name().unwrap().to_string_lossy().into_owned();
        assert!(name == "SUMMARY.md" || listed.contains(&name), "{name} is not in docs/SUMMARY.md");
    }
}

/// The commands of `scimf` in a document: in code within a line, and in lines of code.
fn commands(text: &str) -> Vec<Vec<String>> {
    let text = text.replace("\\\n", " ");
    let mut found: Vec<&str> = text.lines().filter(|line| line.starts_with("scimf ")).collect();
    found.extend(text.split("`scimf ").skip(1).filter_map(|rest| rest.split('`').next()));
    let words = |command: &str| command.trim_start_matches("scimf ").split_whitespace().map(str::to_owned).collect();
    found.into_iter().map(words).collect()
}

#[test]
fn every_command_and_option_that_the_documents_name_is_there() {
    let manual = Command::new(env!("CARGO_BIN_EXE_scimf")).arg("manual").output().unwrap();
    let manual = String::from_utf8(manual.stdout).unwrap();
    let sections: Vec<(&str, &str)> =
        manual.split("\n## scimf ").skip(1).filter_map(|it| it.split_once('\n')).collect();
    let mut count = 0;
    for document in documents().into_iter().filter(|path| !path.ends_with("CHANGELOG.md")) {
        for words in commands(&fs::read_to_string(&document).unwrap()) {
            let said = format!("{}: scimf {}", document.display(), words.join(" "));
            if words[0] == "help" {
                continue;
            }
            // A command may have commands of its own, such as `figure chord`.
            let named = |name: String| sections.iter().find(|(it, _)| *it == name).map(|(_, help)| help);
            let help = named(words[..words.len().min(2)].join(" ")).or_else(|| named(words[0].clone()));
            let help = help.unwrap_or_else(|| panic!("{said}: there is no such command"));
            let options =
                words.iter().filter(|word| word.starts_with("--")).map(|word| word.split('=').next().unwrap());
            let known: Vec<&str> = help.split(|c: char| c.is_whitespace() || ",=".contains(c)).collect();
            for option in options {
                assert!(known.contains(&option), "{said}: there is no {option}");
            }
            count += 1;
        }
    }
    assert!(count > 50, "{count} commands");
}

#[test]
fn links_are_read_out_of_markdown() {
    let text = "[a](b.md#c) `[no](code)` ![d](e.png)\n```\n[no](code)\n```\n";
    assert_eq!(links(text), ["b.md#c", "e.png"]);
    assert_eq!(commands("`scimf a --b c`\n```\nscimf d \\\n --e\n```\n"), [vec!["d", "--e"], vec!["a", "--b", "c"]]);
    assert_eq!(anchors("# A b: c\ntext\n## D_e"), ["a-b-c", "d_e"]);
}
