//! The page that lists published studies: a document without programs, whose links open the explorer beside it.

use super::STUDIES;
use scimf::figure::svg::escape;
use serde::{Deserialize, Serialize};

/// The document down to the first study. It runs no program and asks for nothing but the icon.
const HEAD: &str = r#"<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Studies · scIMF Explorer</title>
<link rel="icon" type="image/svg+xml" href="../icon.svg">
<style>
body { font: 16px/1.5 system-ui, sans-serif; max-width: 46rem; margin: 2rem auto; padding: 0 1rem; }
article { border-top: 1px solid #8886; padding: 0.5rem 0; }
h2 { margin: 0.5rem 0 0; font-size: 1.15rem; }
p { margin: 0.25rem 0; }
small { opacity: 0.8; }
</style>
</head>
<body>
<h1>Studies</h1>
<p>Each link opens a study in the explorer, in this browser. <a href="../">Open the explorer with your own data</a>.</p>
"#;

/// A published study.
#[derive(Debug, Serialize, Deserialize)]
pub struct Entry {
    /// Its title.
    pub title: String,
    /// What it is.
    pub about: String,
    /// Licence of its data.
    pub licence: String,
    /// How to cite its data.
    pub citation: String,
    /// What its link shows, as in the page's address.
    pub view: String,
    /// Number of cells.
    pub cells: usize,
    /// Labels of the time points.
    pub times: Vec<String>,
    /// Models whose weights come with it.
    pub models: Vec<String>,
    /// It was made by a generator.
    pub simulated: bool,
    /// Name of its bundle.
    pub file: String,
}

impl Entry {
    /// The address that opens it, from the page's own folder.
    pub fn link(&self) -> String {
        let view = if self.view.is_empty() { String::new() } else { format!("#{}", self.view) };
        format!("?data={STUDIES}/{}{view}", self.file)
    }
}

/// The gallery.
pub fn html(entries: &[Entry]) -> String {
    let mut out = HEAD.to_owned();
    for entry in entries {
        let mut facts = vec![format!("{} cells", entry.cells), entry.times.join(", ")];
        if !entry.models.is_empty() {
            facts.push(format!("with weights of {}", entry.models.join(" and ")));
        }
        if entry.simulated {
            facts.push("simulated".into());
        }
        out += &format!(
            "<article>\n<h2><a href=\"../{}\">{}</a></h2>\n<p>{}</p>\n<p><small>{}</small></p>\n",
            escape(&entry.link()),
            escape(&entry.title),
            escape(&entry.about),
            escape(&facts.join(" · "))
        );
        for (name, text) in [("Licence", &entry.licence), ("Cite", &entry.citation)] {
            if !text.is_empty() {
                out += &format!("<p><small>{name}: {}</small></p>\n", escape(text));
            }
        }
        out += "</article>\n";
    }
    out + "</body>\n</html>\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_text_and_links_are_relative() {
        let entry = Entry {
            title: "<b>T</b>".into(),
            about: "a & b".into(),
            licence: "CC0".into(),
            citation: String::new(),
            view: "time=day+4&view=matrix".into(),
            cells: 12,
            times: vec!["day 2".into(), "day 4".into()],
            models: vec!["scIMF".into()],
            simulated: true,
            file: "t.zip".into(),
        };
        let html = html(&[entry]);
        assert!(
            html.contains("&lt;b&gt;T&lt;/b&gt;") && html.contains("a &amp; b") && !html.contains("Cite:"),
            "{html}"
        );
        assert!(html.contains("href=\"../?data=studies/t.zip#time=day+4&amp;view=matrix\""), "{html}");
        assert!(html.contains("12 cells · day 2, day 4 · with weights of scIMF · simulated"), "{html}");
    }
}
