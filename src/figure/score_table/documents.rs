//! Tables of evaluations as documents: Markdown, and LaTeX for the package booktabs.

use crate::figure::comparison::Metric;
use crate::protocol::{Distances, Effort, Evaluation};

/// A line of the table: a task and held-out time point, a method, its distances over seeds, and what its trainings took.
#[derive(Clone, Debug)]
pub struct Line<'a> {
    /// What was evaluated, such as a dataset.
    pub task: &'a str,
    /// Label of the held-out time point.
    pub label: &'a str,
    /// Name of the row.
    pub method: &'a str,
    /// Its distances; none where there are none yet, or none can be had.
    pub distances: Option<Distances>,
    /// What its trainings took.
    pub training: Option<Effort>,
    /// Seeds that were asked for.
    pub seeds: u32,
}

/// One line for each task, held-out time point and row, in their order.
#[must_use]
pub fn lines<'a>(results: &[(&'a str, &'a Evaluation)]) -> Vec<Line<'a>> {
    let of_point = |(task, it): &(&'a str, &'a Evaluation)| {
        let (task, seeds) = (*task, it.seeds);
        let line = move |label: &'a str, row: &'a crate::protocol::Row| Line {
            task,
            label,
            method: &row.name,
            distances: row.distances,
            training: row.training,
            seeds,
        };
        let points =
            it.held_out.iter().flat_map(move |point| point.rows.iter().map(move |row| line(&point.label, row)));
        points.collect::<Vec<_>>()
    };
    results.iter().flat_map(of_point).collect()
}

/// Seconds of a step to three digits that mean something.
#[must_use]
pub fn seconds(seconds: f64) -> String {
    let digits = (2 - seconds.max(1e-6).log10().floor() as i32).clamp(0, 6);
    format!("{seconds:.*}", digits as usize)
}

/// Cells of a row for people: the distances that judge first, parameters, seconds of a step, seeds.
const CELLS: usize = Metric::ALL.len() + 3;

fn cells(line: &Line, plus_minus: &str, none: &str) -> [String; CELLS] {
    let none = || none.to_owned();
    let mut cells: [String; CELLS] = std::array::from_fn(|_| none());
    for (cell, metric) in cells.iter_mut().zip(Metric::ALL) {
        let found = line.distances.map(|it| metric.of(&it)).filter(|[mean, _]| mean.is_finite());
        *cell = found.map_or_else(none, |[mean, sd]| format!("{mean:.3}{plus_minus}{sd:.3}"));
    }
    let [.., parameters, step, seeds] = &mut cells;
    if let Some(effort) = &line.training {
        (*parameters, *step) = (effort.parameters.to_string(), seconds(effort.seconds));
    }
    let known = line.distances.map_or(0, |it| it.values);
    *seeds = if known < line.seeds { format!("{known} of {}", line.seeds) } else { known.to_string() };
    cells
}

/// As a Markdown table.
#[must_use]
pub fn markdown(lines: &[Line]) -> String {
    let heads = Metric::ALL.map(Metric::short).join(" | ");
    let mut text = format!("| task | held out | method | {heads} | parameters | s / step | seeds |\n|---|---|---|");
    text += &format!("{}\n", "---:|".repeat(CELLS));
    for line in lines {
        let Line { task, label, method, .. } = line;
        text += &format!("| {task} | {label} | {method} | {} |\n", cells(line, " ± ", "–").join(" | "));
    }
    text
}

/// A text for LaTeX.
#[must_use]
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
#[must_use]
pub fn latex(lines: &[Line]) -> String {
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
    for line in lines {
        let [task, label, method] = [line.task, line.label, line.method].map(escaped);
        text += &format!("{task} & {label} & {method} & {} \\\\\n", cells(line, " $\\pm$ ", "--").join(" & "));
    }
    text + "\\bottomrule\n\\end{tabular}\n"
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::{HeldOut, ModelKind, Row};

    #[test]
    fn missing_rows_stay_and_fewer_seeds_than_asked_for_are_said() {
        let found = Distances { w1: 2.0, w1_sd: 1.414, w2: 2.0, values: 2, ..Distances::default() };
        let mut rows = Row::baselines();
        let training = Some(Effort { parameters: 12, seconds: 0.02, trainings: 2 });
        rows.push(Row { training, ..Row::of(ModelKind::default()).with(Some(found)) });
        let held_out = vec![HeldOut { label: "day \"4\"".into(), rows, ..HeldOut::default() }];
        let mut evaluation = Evaluation { held_out, seeds: 2, ..Evaluation::default() };
        let row = "| a_1 | day \"4\" | scIMF | – | – | – | – | 2.000 ± 1.414 | 2.000 ± 0.000 | – | 12 | 0.0200 | 2 |";
        let text = markdown(&lines(&[("a_1", &evaluation)]));
        assert!(text.lines().count() == 7 && text.contains(row), "{text}");
        let tex = latex(&lines(&[("a_1", &evaluation)]));
        assert!(
            tex.contains("a\\_1 & day \"4\" & scIMF & -- & -- & -- & -- & 2.000 $\\pm$ 1.414 & 2.000 $\\pm$ 0.000 & -- & 12 & 0.0200 & 2 \\\\"),
            "{tex}"
        );
        evaluation.seeds = 5;
        assert!(markdown(&lines(&[("a_1", &evaluation)])).contains("| 2 of 5 |"));
    }
}
