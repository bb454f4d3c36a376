//! Agreement with known lineages: the second table of a benchmark, and lines under an evaluation.

use scimf::figure::score_table::escaped;
use scimf::protocol::{Evaluation, LineageAgreement, LineageScore};

/// A line: a task, a method and its areas.
pub struct Row {
    task: String,
    method: String,
    found: LineageAgreement,
}

/// One line for each task with a lineage and method: first what needs no model.
pub fn rows(results: &[(&str, &Evaluation)]) -> Vec<Row> {
    let mut rows = Vec::new();
    for (task, evaluation) in results {
        let Some(control) = &evaluation.lineage else { continue };
        let mut add = |method: &str, found| rows.push(Row { task: (*task).into(), method: method.into(), found });
        let alone = |mean: LineageScore| LineageAgreement { mean, values: 1, ..LineageAgreement::default() };
        add("Chance", alone(control.chance));
        let compared = if control.genes { "genes" } else { "components" };
        add(&format!("Correlation of cells ({compared})"), alone(control.correlation));
        let first = evaluation.held_out.first().into_iter().flat_map(|point| &point.rows);
        first.filter_map(|row| Some((row, row.lineage?))).for_each(|(row, it)| add(&row.name, it));
    }
    rows
}

fn cells(found: &LineageAgreement, plus_minus: &str) -> [String; 3] {
    let pair = |mean: f64, deviation: f64| match found.values {
        1 => format!("{mean:.3}"),
        _ => format!("{mean:.3}{plus_minus}{deviation:.3}"),
    };
    let [steps, paths] =
        [(found.mean.steps, found.deviation.steps), (found.mean.paths, found.deviation.paths)].map(|(a, b)| pair(a, b));
    [steps, paths, found.values.to_string()]
}

/// As lines with tabs under a heading, for a terminal; none without lines.
pub fn lines(rows: &[Row]) -> Vec<String> {
    let heading = (!rows.is_empty()).then(|| "Lineage, area under precision and recall\tsteps\tpaths".to_owned());
    let lines = rows.iter().map(|Row { method, found, .. }| {
        let [steps, paths, _] = cells(found, " ± ");
        format!("{method}\t{steps}\t{paths}")
    });
    heading.into_iter().chain(lines).collect()
}

/// As a Markdown table, empty without lines.
pub fn markdown(rows: &[Row]) -> String {
    let mut text = String::new();
    for (at, Row { task, method, found }) in rows.iter().enumerate() {
        if at == 0 {
            text += "\n| task | method | lineage: steps | lineage: paths | seeds |\n|---|---|---:|---:|---:|\n";
        }
        text += &format!("| {task} | {method} | {} |\n", cells(found, " ± ").join(" | "));
    }
    text
}

/// As a LaTeX table for the package booktabs, empty without lines.
pub fn latex(rows: &[Row]) -> String {
    if rows.is_empty() {
        return String::new();
    }
    let line = |Row { task, method, found }: &Row| {
        format!("{} & {} & {} \\\\\n", escaped(task), escaped(method), cells(found, " $\\pm$ ").join(" & "))
    };
    let lines: String = rows.iter().map(line).collect();
    format!(
        "\n\\begin{{tabular}}{{llrrr}}\n\\toprule\ntask & method & lineage: steps & lineage: paths & seeds \\\\\n\\midrule\n{lines}\\bottomrule\n\\end{{tabular}}\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use scimf::protocol::{HeldOut, LineageControl, ModelKind, Row as Method};

    #[test]
    fn what_needs_no_model_stands_first() {
        let score = |steps| LineageScore { steps, paths: 0.5 };
        let lineage = LineageAgreement::over(&[score(0.5), score(1.0)]);
        let rows = vec![Method { lineage, ..Method::of(ModelKind::default()) }];
        let control = LineageControl { correlation: score(0.25), chance: score(0.125), genes: true };
        let held_out = vec![HeldOut { rows, ..HeldOut::default() }];
        let (one, without) =
            (Evaluation { held_out, lineage: Some(control), ..Evaluation::default() }, Evaluation::default());
        let rows = super::rows(&[("a_1", &one), ("b", &without)]);
        let text = markdown(&rows);
        assert!(text.contains("| a_1 | Chance | 0.125 | 0.500 | 1 |"), "{text}");
        assert!(text.contains("| a_1 | scIMF | 0.750 ± 0.354 | 0.500 ± 0.000 | 2 |"), "{text}");
        assert_eq!((rows.len(), lines(&[]).len(), markdown(&[]), latex(&[])), (3, 0, String::new(), String::new()));
        assert_eq!(lines(&rows)[3], "scIMF\t0.750 ± 0.354\t0.500 ± 0.000");
        assert!(latex(&rows).contains("a\\_1 & Correlation of cells (genes) & 0.250 & 0.500 & 1"), "{}", latex(&rows));
    }
}
