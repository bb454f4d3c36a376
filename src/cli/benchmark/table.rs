//! The table of a benchmark.

use scimf::error::{Error, Result};
use scimf::protocol::{Distances, Effort, Evaluation};

/// A line of the table: a task and held-out time point, a method, its distances over seeds, and what its trainings took.
#[derive(Clone)]
pub struct Row {
    task: String,
    label: String,
    method: String,
    distances: Option<Distances>,
    training: Option<Effort>,
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
                let found = method.training;
                match rows.iter_mut().find(same) {
                    Some((row, values)) => {
                        row.training = match (row.training, found) {
                            (Some(all), Some(one)) => Some(all.and(one.seconds)),
                            (all, one) => all.or(one),
                        };
                        values.extend(method.distances);
                    }
                    None => {
                        let (label, name) = (point.label.clone(), method.name.clone());
                        let row = Row { task: (*task).into(), label, method: name, distances: None, training: found };
                        rows.push((row, method.distances.into_iter().collect()));
                    }
                }
            }
        }
    }
    rows.into_iter().map(|(row, values)| Row { distances: Distances::over(&values), ..row }).collect()
}

/// Seconds of a step to three digits that mean something.
fn seconds(seconds: f64) -> String {
    let digits = (2 - seconds.max(1e-6).log10().floor() as i32).clamp(0, 6);
    format!("{seconds:.*}", digits as usize)
}

/// The cells of a row for people: W1, W2, parameters, seconds of a step, seeds.
fn cells(row: &Row, plus_minus: &str, none: &str) -> [String; 5] {
    let value = |mean: f64, sd: f64| format!("{mean:.3}{plus_minus}{sd:.3}");
    let none = || none.to_owned();
    let [w1, w2, seeds] = match &row.distances {
        Some(it) => [value(it.w1, it.w1_sd), value(it.w2, it.w2_sd), it.values.to_string()],
        None => [none(), none(), "0".into()],
    };
    let [parameters, step] = match &row.training {
        Some(effort) => [effort.parameters.to_string(), seconds(effort.seconds)],
        None => [none(), none()],
    };
    [w1, w2, parameters, step, seeds]
}

/// As a Markdown table.
pub fn markdown(rows: &[Row]) -> String {
    let mut text = String::from(
        "| task | held out | method | W1 | W2 | parameters | s / step | seeds |\n|---|---|---|---:|---:|---:|---:|---:|\n",
    );
    for row in rows {
        let Row { task, label, method, .. } = row;
        text += &format!("| {task} | {label} | {method} | {} |\n", cells(row, " ± ", "–").join(" | "));
    }
    text
}

/// As a LaTeX table for the package booktabs.
pub fn latex(rows: &[Row]) -> String {
    let escaped = |text: &str| {
        let special = |c: char| match c {
            '&' | '%' | '$' | '#' | '_' | '{' | '}' => format!("\\{c}"),
            '~' => "\\textasciitilde{}".into(),
            '^' => "\\textasciicircum{}".into(),
            '\\' => "\\textbackslash{}".into(),
            _ => c.to_string(),
        };
        text.chars().map(special).collect::<String>()
    };
    let mut text = String::from(
        "\\begin{tabular}{lllrrrrr}\n\\toprule\ntask & held out & method & $W_1$ & $W_2$ & parameters & s / step & seeds \\\\\n\\midrule\n",
    );
    for row in rows {
        let [task, label, method] = [&row.task, &row.label, &row.method].map(|text| escaped(text));
        text += &format!("{task} & {label} & {method} & {} \\\\\n", cells(row, " $\\pm$ ", "--").join(" & "));
    }
    text + "\\bottomrule\n\\end{tabular}\n"
}

/// As comma-separated values.
///
/// # Errors
/// None that can be reached: it is written to memory.
pub fn csv(rows: &[Row]) -> Result<String> {
    let failed = |error: &dyn std::fmt::Display| Error::internal(error.to_string());
    let mut writer = csv::Writer::from_writer(Vec::new());
    let header =
        ["task", "held_out", "method", "w1", "w1_sd", "w2", "w2_sd", "parameters", "seconds_per_step", "seeds"];
    writer.write_record(header).map_err(|error| failed(&error))?;
    for Row { task, label, method, distances, training } in rows {
        let of = |value: fn(&Distances) -> f64| distances.as_ref().map_or_else(String::new, |it| value(it).to_string());
        let took = |value: fn(&Effort) -> f64| training.as_ref().map_or_else(String::new, |it| value(it).to_string());
        let seeds = distances.as_ref().map_or(0, |it| it.values);
        let record = [
            task.clone(),
            label.clone(),
            method.clone(),
            of(|it| it.w1),
            of(|it| it.w1_sd),
            of(|it| it.w2),
            of(|it| it.w2_sd),
            took(|it| it.parameters as f64),
            took(|it| it.seconds),
            seeds.to_string(),
        ];
        writer.write_record(record).map_err(|error| failed(&error))?;
    }
    let bytes = writer.into_inner().map_err(|error| failed(&error))?;
    String::from_utf8(bytes).map_err(|error| failed(&error))
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
            let training = Some(Effort { parameters: 12, seconds: w1 / 100.0, trainings: 1 });
            rows.push(Method { training, ..Method::of(ModelKind::default()).with(Some(found)) });
            let held_out = vec![HeldOut { label: "day \"4\"".into(), rows, ..HeldOut::default() }];
            Evaluation { held_out, ..Evaluation::default() }
        };
        let (one, other) = (evaluation(1.0), evaluation(3.0));
        let rows = rows(&[("a_1", &one), ("a_1", &other)]);
        assert_eq!(rows.len(), 4);
        let row = "| a_1 | day \"4\" | scIMF | 2.000 ± 1.414 | 2.000 ± 0.000 | 12 | 0.0200 | 2 |";
        assert!(markdown(&rows).contains(row), "{}", markdown(&rows));
        assert!(csv(&rows).unwrap().contains("a_1,\"day \"\"4\"\"\",Stay put,,,,,,,0"));
        let tex = latex(&rows);
        assert!(
            tex.contains("a\\_1 & day \"4\" & scIMF & 2.000 $\\pm$ 1.414 & 2.000 $\\pm$ 0.000 & 12 & 0.0200 & 2 \\\\"),
            "{tex}"
        );
    }
}
