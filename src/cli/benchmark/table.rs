//! The table of a benchmark.

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
    let mut text = String::from("| task | held out | method | W1 | W2 | seeds |\n|---|---|---|---:|---:|---:|\n");
    for Row { task, label, method, distances } in rows {
        let cells = match distances {
            Some(Distances { w1, w2, w1_sd, w2_sd, values }) => {
                format!("{w1:.3} ± {w1_sd:.3} | {w2:.3} ± {w2_sd:.3} | {values}")
            }
            None => "– | – | 0".into(),
        };
        text += &format!("| {task} | {label} | {method} | {cells} |\n");
    }
    text
}

/// As comma-separated values.
pub fn csv(rows: &[Row]) -> String {
    let quoted = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
    let mut text = String::from("task,held_out,method,w1,w1_sd,w2,w2_sd,seeds\n");
    for Row { task, label, method, distances } in rows {
        let cells = match distances {
            Some(Distances { w1, w2, w1_sd, w2_sd, values }) => format!("{w1},{w1_sd},{w2},{w2_sd},{values}"),
            None => ",,,,0".into(),
        };
        text += &format!("{},{},{},{cells}\n", quoted(task), quoted(label), quoted(method));
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
        assert_eq!(rows.len(), 4);
        assert!(markdown(&rows).contains("| a | day \"4\" | scIMF | 2.000 ± 1.414 | 2.000 ± 0.000 | 2 |"));
        assert!(csv(&rows).contains("\"a\",\"day \"\"4\"\"\",\"Stay put\",,,,,0"));
    }
}
