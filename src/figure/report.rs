//! A report as one self-contained HTML document: facts, figures, tables, how it was made, and what to cite. It reads and prints without a network.

use super::svg::escape;
use std::fmt::Write;

/// What is reported.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Report {
    /// What stands above all.
    pub title: String,
    /// Named groups of facts: name and value.
    pub facts: Vec<(String, Vec<(String, String)>)>,
    /// Figures: name and SVG document, as this crate draws them.
    pub figures: Vec<(String, String)>,
    /// Tables.
    pub tables: Vec<Table>,
    /// How it was made, paragraph by paragraph.
    pub methods: Vec<String>,
    /// What to cite, as BibTeX.
    pub bibliography: Vec<String>,
}

/// A table of texts.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Table {
    /// What stands above it.
    pub name: String,
    /// Names of the columns.
    pub head: Vec<String>,
    /// The rows.
    pub rows: Vec<Vec<String>>,
}

const STYLE: &str = "
body { font: 15px/1.55 system-ui, sans-serif; color: #1c252b; background: #fff; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.7rem; } h2 { font-size: 1.2rem; margin-top: 2rem; border-bottom: 1px solid #d8dfe3; }
dl { display: grid; grid-template-columns: minmax(9rem, max-content) 1fr; gap: 0.2rem 1rem; } dt { color: #55636d; } dd { margin: 0; overflow-wrap: anywhere; }
figure { margin: 1.2rem 0; break-inside: avoid; } figure svg { max-width: 100%; height: auto; } figcaption { font-weight: 600; }
table { border-collapse: collapse; break-inside: avoid; } th, td { padding: 0.2rem 0.7rem; border-bottom: 1px solid #d8dfe3; text-align: right; }
th:first-child, td:first-child { text-align: left; } pre { white-space: pre-wrap; background: #f4f6f7; padding: 0.7rem; font-size: 0.85rem; }
@media print { body { margin: 0; max-width: none; } h2 { break-after: avoid; } }
";

/// The document.
#[must_use]
pub fn html(report: &Report) -> String {
    let mut out = format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; \
         style-src 'unsafe-inline'; img-src data:; font-src data:; base-uri 'none'; form-action 'none'\">\n<meta name=\"viewport\" \
         content=\"width=device-width, initial-scale=1\">\n<title>{0}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<h1>{0}</h1>\n",
        escape(&report.title)
    );
    for (name, facts) in &report.facts {
        _ = write!(out, "<h2>{}</h2>\n<dl>\n", escape(name));
        for (name, value) in facts {
            _ = writeln!(out, "<dt>{}</dt><dd>{}</dd>", escape(name), escape(value));
        }
        out += "</dl>\n";
    }
    if !report.figures.is_empty() {
        out += "<h2>Figures</h2>\n";
    }
    for (number, (name, svg)) in report.figures.iter().enumerate() {
        let svg = alone(svg, number);
        _ = writeln!(out, "<figure>\n<figcaption>{}. {}</figcaption>\n{svg}\n</figure>", number + 1, escape(name));
    }
    if !report.tables.is_empty() {
        out += "<h2>Tables</h2>\n";
    }
    for table in &report.tables {
        _ = write!(out, "<h3>{}</h3>\n<table>\n<thead><tr>", escape(&table.name));
        table.head.iter().for_each(|cell| _ = write!(out, "<th scope=\"col\">{}</th>", escape(cell)));
        out += "</tr></thead>\n<tbody>\n";
        for row in &table.rows {
            out += "<tr>";
            row.iter().for_each(|cell| _ = write!(out, "<td>{}</td>", escape(cell)));
            out += "</tr>\n";
        }
        out += "</tbody>\n</table>\n";
    }
    out += "<h2>Methods</h2>\n";
    report.methods.iter().for_each(|words| _ = writeln!(out, "<p>{}</p>", escape(words)));
    out += "<h2>To cite</h2>\n";
    for entry in &report.bibliography {
        let lines: Vec<String> = entry.lines().map(escape).collect();
        _ = writeln!(out, "<pre>{}</pre>", lines.join("\n"));
    }
    out + "</body>\n</html>\n"
}

/// The document as a part of another: without what stands before its root, and with names of its own for what it refers to.
fn alone(svg: &str, number: usize) -> String {
    let root = svg.find("<svg").map_or("", |at| &svg[at..]);
    let mut out = root.to_owned();
    for mark in ["id=\"", "url(#", "href=\"#"] {
        out = out.replace(mark, &format!("{mark}figure-{}-", number + 1));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_has_every_part_and_texts_are_text() {
        let report = Report {
            title: "a <b> study".into(),
            facts: vec![("Data".into(), vec![("cells".into(), "12 & more".into())])],
            figures: vec![
                ("one".into(), "<?xml version=\"1.0\"?>\n<svg id=\"a\"><use href=\"#a\"/></svg>".into()),
                ("two".into(), "<svg><g clip-path=\"url(#a)\"/></svg>".into()),
            ],
            tables: vec![Table { name: "t".into(), head: vec!["x".into()], rows: vec![vec!["1 < 2".into()]] }],
            methods: vec!["Words.".into()],
            bibliography: vec!["@article{a,\n  title = {T}\n}".into()],
        };
        let html = html(&report);
        for part in [
            "a &lt;b&gt; study",
            "<dt>cells</dt><dd>12 &amp; more</dd>",
            "<svg id=\"figure-1-a\"><use href=\"#figure-1-a\"/></svg>",
            "url(#figure-2-a)",
            "<td>1 &lt; 2</td>",
            "@article{a,\n  title = {T}\n}",
        ] {
            assert!(html.contains(part), "{part}: {html}");
        }
        assert!(!html.contains("<?xml") && !html.contains("<script") && !html.contains("http://"), "{html}");
    }
}
