//! The second table of a benchmark: agreement with known lineages.

use super::table::escaped;
use scimf::protocol::{Evaluation, LineageAgreement, LineageScore};

/// A line: a task, a method and its areas.
pub struct Row {
    task: String,
    method: String,
    found: LineageAgreement,
}

/// One line for each task with a lineage and method: first what needs no model.
pub fn rows(results: &[(&str, &Evaluation)]) -> Vec<Row> {
    let mut rows: Vec<(String, String, Vec<LineageScore>)> = Vec::new();
    let mut add = |task: &str, method: &str, score, once: bool| {
        let same = |(of, name, _): &&mut (String, String, Vec<_>)| of == task && name == method;
        match rows.iter_mut().find(same) {
            Some(_) if once => {}
            Some((.., scores)) => scores.push(score),
            None => rows.push((task.into(), method.into(), vec![score])),
        }
    };
    for (task, evaluation) in results {
        let Some(control) = &evaluation.lineage else { continue };
        add(task, "Chance", control.chance, true);
        let compared = if control.genes { "genes" } else { "components" };
        add(task, &format!("Correlation of cells ({compared})"), control.correlation, true);
        let first = evaluation.held_out.first().into_iter().flat_map(|point| &point.rows);
        first.filter_map(|row| Some((row, row.lineage?))).for_each(|(row, it)| add(task, &row.name, it.mean, false));
    }
    let row = |(task, method, scores): (String, String, Vec<_>)| {
        LineageAgreement::over(&scores).map(|found| Row { task, method, found })
    };
    rows.into_iter().filter_map(row).collect()
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
    fn seeds_are_summarised_and_what_needs_no_model_stands_first() {
        let score = |steps| LineageScore { steps, paths: 0.5 };
        let evaluation = |steps| {
            let lineage = LineageAgreement::over(&[score(steps)]);
            let rows = vec![Method { lineage, ..Method::of(ModelKind::default()) }];
            let control = LineageControl { correlation: score(0.25), chance: score(0.125), genes: true };
            let held_out = vec![HeldOut { rows, ..HeldOut::default() }];
            Evaluation { held_out, lineage: Some(control), ..Evaluation::default() }
        };
        let (one, other, without) = (evaluation(0.5), evaluation(1.0), Evaluation::default());
        let rows = rows(&[("a_1", &one), ("a_1", &other), ("b", &without)]);
        let text = markdown(&rows);
        assert!(text.contains("| a_1 | Chance | 0.125 | 0.500 | 1 |"), "{text}");
        assert!(text.contains("| a_1 | scIMF | 0.750 ± 0.354 | 0.500 ± 0.000 | 2 |"), "{text}");
        assert_eq!((rows.len(), markdown(&[]), latex(&[])), (3, String::new(), String::new()));
        assert!(latex(&rows).contains("a\\_1 & Correlation of cells (genes) & 0.250 & 0.500 & 1"), "{}", latex(&rows));
    }
}
