//! How much noise a model needs in each interval: in words and as a table.

use super::csv::field;
use super::labels::number;
use crate::protocol::{IntervalNoise, NoiseOfInterval};

/// What the numbers mean; where nothing was learned, that they mean nothing.
#[must_use]
pub fn sentences(noise: &IntervalNoise) -> Vec<String> {
    let name = noise.model.name();
    match (noise.learned, noise.start) {
        (true, start) => {
            let start = start.map_or_else(|| "its start".to_owned(), |start| number(start.into()));
            let mut words = vec![format!(
                "What the drift of {name} leaves unexplained: the noise that it learned for each interval, beside what the start of {start} gives."
            )];
            let untrained = noise.intervals.iter().filter(|it| !it.trained).count();
            if untrained > 0 {
                words.push(format!(
                    "In {untrained} of the intervals the training never read all of the scales; these stand where they began."
                ));
            }
            words
        }
        (false, Some(start)) => vec![format!(
            "{name} held its noise at {}, so it says nothing about the data. Train with “Learn the noise” to see how much each interval needs.",
            number(start.into())
        )],
        (false, None) => vec![format!(
            "Nothing tells how these weights of {name} were trained. The published program holds the noise where it began, in effect, so it is no result."
        )],
    }
}

/// An interval by the labels of its time points: `day 1 to day 2`.
#[must_use]
pub fn interval(time: usize, labels: &[String]) -> String {
    let label = |time: usize| labels.get(time).cloned().unwrap_or_else(|| (time + 1).to_string());
    format!("{} to {}", label(time), label(time + 1))
}

/// The bins that an interval reads, counted from 1: `1`, `5, then 1`.
#[must_use]
pub fn bins(noise: &NoiseOfInterval) -> String {
    let mut bins = noise.bins.map(|bin| (bin + 1).to_string()).to_vec();
    bins.dedup();
    bins.join(", then ")
}

/// A line for each interval, with this between its fields; nothing where nothing was learned.
#[must_use]
pub fn table(noise: &IntervalNoise, labels: &[String], between: char) -> String {
    if noise.intervals.is_empty() {
        return String::new();
    }
    let text = |text: &str| if between == ',' { field(text) } else { text.to_owned() };
    let heads = ["interval", "bins", "scales", "spread", "spread at the start", "share of the variance", "trained"];
    let mut lines = vec![heads.map(str::to_owned).to_vec()];
    lines.extend(noise.intervals.iter().map(|it| {
        vec![
            text(&interval(it.time, labels)),
            text(&bins(it)),
            text(&it.scales.map(|scale| scale.to_string()).join(" ")),
            it.spread.to_string(),
            it.spread_at_start.to_string(),
            it.share.to_string(),
            if it.trained { "yes" } else { "no" }.to_owned(),
        ]
    }));
    lines.into_iter().map(|line| line.join(&between.to_string()) + "\n").collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::ModelKind;

    #[test]
    fn learned_noise_is_a_table_and_held_noise_is_none() {
        let labels = ["day 0".to_owned(), "day 1, late".to_owned()];
        let interval = NoiseOfInterval { bins: [4, 0, 0, 0], scales: [0.2, 0.1, 0.1, 0.1], ..Default::default() };
        let learned =
            IntervalNoise { model: ModelKind::default(), learned: true, start: Some(0.2), intervals: vec![interval] };
        let csv = table(&learned, &labels, ',');
        assert!(
            csv.lines().nth(1).unwrap().starts_with("\"day 0 to day 1, late\",\"5, then 1\",0.2 0.1 0.1 0.1,"),
            "{csv}"
        );
        assert!(sentences(&learned).join(" ").contains("In 1 of the intervals"));
        let held = IntervalNoise { learned: false, intervals: Vec::new(), ..learned };
        assert!(sentences(&held).join(" ").contains("says nothing") && table(&held, &labels, '\t').is_empty());
        let unknown = IntervalNoise { start: None, ..held };
        assert!(sentences(&unknown).join(" ").contains("Nothing tells"));
    }
}
