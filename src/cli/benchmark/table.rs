//! The table of a benchmark.

use scimf::figure::comparison::Metric;
use scimf::protocol::{Distances, Evaluation};

/// A line of the table: a task and held-out time point, a method, and its distances over seeds.
pub struct Row {
    task: String,
    label: String,
    method: String,
    distances: Option<Distances>,
}

/// One line for each task, held-out time point and method, in the order of the plan.
pub fn rows(results: &[(&str, &Evaluation)]) -> Vec<Row> {
    let mut rows: Vec<(Row, Vec<Distances>)> = Vec::new();
    for (task, evaluation) in results {
        for point in &evaluation.held_out {
            for method in &point.rows {
                let same = |(row, _): &&mut (Row, _)| {
                    row.task == *task && row.label == point.label && row.method == method.name
                };
                match rows.iter_mut().find(same) {
                    Some((_, values)) => values.extend(method.distances),
                    None => {
                        let (label, name) = (point.label.clone(), method.name.clone());
                        let row = Row { task: (*task).into(), label, method: name, distances: None };
                        rows.push((row, method.distances.into_iter().collect()));
                    }
                }
            }
        }
    }
    rows.into_iter().map(|(row, values)| Row { distances: Distances::over(&values), ..row }).collect()
}

/// As a Markdown table.
pub fn markdown(rows: &[Row]) -> String {
    let heads = Metric::ALL.map(Metric::short).join(" | ");
    let mut text =
        format!("| task | held out | method | {heads} | seeds |\n|---|---|---|---:|---:|---:|---:|---:|---:|---:|\n");
    for Row { task, label, method, distances } in rows {
        let known = |metric: Metric| distances.map(|it| metric.of(&it)).filter(|[mean, _]| mean.is_finite());
        let cell = |metric| known(metric).map_or("–".into(), |[mean, sd]| format!("{mean:.3} ± {sd:.3}"));
        let cells = Metric::ALL.map(cell).join(" | ");
        let seeds = distances.map_or(0, |it| it.values);
        text += &format!("| {task} | {label} | {method} | {cells} | {seeds} |\n");
    }
    text
}

/// As comma-separated values.
pub fn csv(rows: &[Row]) -> String {
    const COLUMNS: [(Metric, &str); 6] = [
        (Metric::W1, "w1"),
        (Metric::W2, "w2"),
        (Metric::Energy, "energy"),
        (Metric::Sinkhorn, "sinkhorn"),
        (Metric::Spread, "spread"),
        (Metric::Types, "types"),
    ];
    let quoted = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
    let heads = COLUMNS.map(|(_, name)| format!("{name},{name}_sd")).join(",");
    let mut text = format!("task,held_out,method,{heads},seeds\n");
    for Row { task, label, method, distances } in rows {
        let known = |metric: Metric| distances.map(|it| metric.of(&it)).filter(|[mean, _]| mean.is_finite());
        let cell = |(metric, _)| known(metric).map_or(",".into(), |[mean, sd]| format!("{mean},{sd}"));
        let (cells, seeds) = (COLUMNS.map(cell).join(","), distances.map_or(0, |it| it.values));
        text += &format!("{},{},{},{cells},{seeds}\n", quoted(task), quoted(label), quoted(method));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use scimf::protocol::{HeldOut, ModelKind, Row as Method};

    #[test]
    fn seeds_are_summarised_and_missing_rows_stay() {
        let evaluation = |w1: f64| {
            let found = Distances { w1, w2: 2.0, values: 1, ..Distances::default() };
            let mut rows = Method::baselines();
            rows.push(Method::of(ModelKind::default()).with(Some(found)));
            let held_out = vec![HeldOut { label: "day \"4\"".into(), rows, ..HeldOut::default() }];
            Evaluation { held_out, ..Evaluation::default() }
        };
        let (one, other) = (evaluation(1.0), evaluation(3.0));
        let rows = rows(&[("a", &one), ("a", &other)]);
        assert_eq!(rows.len(), 5);
        assert!(
            markdown(&rows).contains("| a | day \"4\" | scIMF | – | – | – | – | 2.000 ± 1.414 | 2.000 ± 0.000 | 2 |")
        );
        assert!(csv(&rows).contains("\"a\",\"day \"\"4\"\"\",\"Stay put\",,,,,,,,,,,,,0"));
    }
}
