//! The table of a benchmark as comma-separated values.

use scimf::error::{Error, Result};
use scimf::figure::comparison::Metric;
use scimf::figure::score_table::Line;
use scimf::protocol::Effort;

/// As comma-separated values.
///
/// # Errors
/// None that can be reached: it is written to memory.
pub fn csv(lines: &[Line]) -> Result<String> {
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
    for Line { task, label, method, distances, training, .. } in lines {
        let of = |(metric, _): &(Metric, _)| {
            let known = distances.map(|it| metric.of(&it)).filter(|[mean, _]| mean.is_finite());
            known.map_or_else(|| [String::new(), String::new()], |values| values.map(|value| value.to_string()))
        };
        let took = |value: fn(&Effort) -> f64| training.as_ref().map_or_else(String::new, |it| value(it).to_string());
        let names = [*task, *label, *method].map(str::to_owned);
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
    use scimf::figure::score_table::lines;
    use scimf::protocol::{Evaluation, HeldOut, Row};

    #[test]
    fn rows_without_numbers_stay() {
        let held_out = vec![HeldOut { label: "day \"4\"".into(), rows: Row::baselines(), ..HeldOut::default() }];
        let evaluation = Evaluation { held_out, ..Evaluation::default() };
        let text = csv(&lines(&[("a_1", &evaluation)])).unwrap();
        assert!(text.contains("a_1,\"day \"\"4\"\"\",Stay put,,,,,,,,,,,,,,,,,0"), "{text}");
    }
}
