//! The table of a benchmark.

use scimf::error::{Error, Result};
use scimf::figure::comparison::Metric;
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

/// Cells of a row for people: the distances that judge first, parameters, seconds of a step, seeds.
const CELLS: usize = Metric::ALL.len() + 3;

fn cells(row: &Row, plus_minus: &str, none: &str) -> [String; CELLS] {
    let none = || none.to_owned();
    let mut cells: [String; CELLS] = std::array::from_fn(|_| none());
    for (cell, metric) in cells.iter_mut().zip(Metric::ALL) {
        let found = row.distances.map(|it| metric.of(&it)).filter(|[mean, _]| mean.is_finite());
        *cell = found.map_or_else(none, |[mean, sd]| format!("{mean:.3}{plus_minus}{sd:.3}"));
    }
    let [.., parameters, step, seeds] = &mut cells;
    if let Some(effort) = &row.training {
        (*parameters, *step) = (effort.parameters.to_string(), seconds(effort.seconds));
    }
    *seeds = row.distances.map_or(0, |it| it.values).to_string();
    cells
}

/// As a Markdown table.
pub fn markdown(rows: &[Row]) -> String {
    let heads = Metric::ALL.map(Metric::short).join(" | ");
    let mut text = format!("| task | held out | method | {heads} | parameters | s / step | seeds |\n|---|---|---|");
    text += &format!("{}\n", "---:|".repeat(CELLS));
    for row in rows {
        let Row { task, label, method, .. } = row;
        text += &format!("| {task} | {label} | {method} | {} |\n", cells(row, " ± ", "–").join(" | "));
    }
    text
}

/// A text for LaTeX.
pub fn escaped(text: &str) -> String {
    let special = |c: char| match c {
        '&' | '%' | '$' | '#' | '_' | '{' | '}' => format!("\\{c}"),
        '~' => "\\textasciitilde{}".into(),
        '^' => "\\textasciicircum{}".into(),
        '\\' => "\\textbackslash{}".into(),
        _ => c.to_string(),
    };
    text.chars().map(special).collect()
}

/// As a LaTeX table for the package booktabs.
pub fn latex(rows: &[Row]) -> String {
    let heads = Metric::ALL.map(|metric| match metric {
        Metric::W1 => "$W_1$",
        Metric::W2 => "$W_2$",
        _ => metric.short(),
    });
    let mut text = format!(
        "\\begin{{tabular}}{{lll{}}}\n\\toprule\ntask & held out & method & {} & parameters & s / step & seeds \\\\\n\\midrule\n",
        "r".repeat(CELLS),
        heads.join(" & ")
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
    const COLUMNS: [(Metric, [&str; 2]); 7] = [
        (Metric::W1, ["w1", "w1_sd"]),
        (Metric::W2, ["w2", "w2_sd"]),
        (Metric::Energy, ["energy", "energy_sd"]),
        (Metric::Sinkhorn, ["sinkhorn", "sinkhorn_sd"]),
        (Metric::Spread, ["spread", "spread_sd"]),
        (Metric::Types, ["types", "types_sd"]),
        (Metric::PerGene, ["sinkhorn_per_gene", "sinkhorn_per_gene_sd"]),
    ];
    let failed = |error: &dyn std::fmt::Display| Error::internal(error.to_string());
    let mut writer = csv::Writer::from_writer(Vec::new());
    let numbers = COLUMNS.iter().flat_map(|(_, names)| *names);
    let header = ["task", "held_out", "method"].into_iter().chain(numbers);
    let header = header.chain(["parameters", "seconds_per_step", "seeds"]);
    writer.write_record(header).map_err(|error| failed(&error))?;
    for Row { task, label, method, distances, training } in rows {
        let of = |(metric, _): &(Metric, _)| {
            let known = distances.map(|it| metric.of(&it)).filter(|[mean, _]| mean.is_finite());
            known.map_or_else(|| [String::new(), String::new()], |values| values.map(|value| value.to_string()))
        };
        let took = |value: fn(&Effort) -> f64| training.as_ref().map_or_else(String::new, |it| value(it).to_string());
        let names = [task.clone(), label.clone(), method.clone()];
        let rest =
            [took(|it| it.parameters as f64), took(|it| it.seconds), distances.map_or(0, |it| it.values).to_string()];
        let record = names.into_iter().chain(COLUMNS.iter().flat_map(of)).chain(rest);
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
        assert_eq!(rows.len(), 5);
        let row = "| a_1 | day \"4\" | scIMF | – | – | – | – | 2.000 ± 1.414 | 2.000 ± 0.000 | – | 12 | 0.0200 | 2 |";
        assert!(markdown(&rows).contains(row), "{}", markdown(&rows));
        assert!(csv(&rows).unwrap().contains("a_1,\"day \"\"4\"\"\",Stay put,,,,,,,,,,,,,,,,,0"));
        let tex = latex(&rows);
        assert!(
            tex.contains("a\\_1 & day \"4\" & scIMF & -- & -- & -- & -- & 2.000 $\\pm$ 1.414 & 2.000 $\\pm$ 0.000 & -- & 12 & 0.0200 & 2 \\\\"),
            "{tex}"
        );
    }
}
