//! All links at all time points as rows that can be sorted and searched.

use super::links::links;
use super::quantity::Quantity;
use crate::protocol::{CellType, Communication, TimePoint};

/// One link at one time point.
#[derive(Clone, Debug, PartialEq)]
pub struct LinkRow {
    /// Time point.
    pub time: usize,
    /// Type that is listened to.
    pub sender: usize,
    /// Type that listens.
    pub receiver: usize,
    /// Multiple of equal listening.
    pub times: f64,
    /// The score as the model gives it.
    pub raw: f64,
    /// log2 of observed over expected; NaN where it is not known.
    pub enrichment: f64,
    /// Share of the receiver's whole input, 0 … 1.
    pub share: f64,
    /// 1 for the greatest at its time point.
    pub rank: usize,
}

/// What rows are sorted by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Column {
    /// Time point, then rank.
    Time,
    /// Name of the sender.
    Sender,
    /// Name of the receiver.
    Receiver,
    /// Multiple of equal listening.
    #[default]
    Times,
    /// Enrichment.
    Enrichment,
    /// Share of the receiver's input.
    Share,
}

/// The rows of all known answers, in the order of their times and ranks.
#[must_use]
pub fn rows<'a>(answers: impl IntoIterator<Item = &'a Communication>) -> Vec<LinkRow> {
    let of = |answer: &'a Communication| {
        let n = answer.cells.len();
        let number = |values: &[f32], at: usize| f64::from(values.get(at).copied().unwrap_or(f32::NAN));
        links(answer, Quantity::Mean, false).into_iter().map(move |link| LinkRow {
            time: answer.query.time,
            sender: link.sender,
            receiver: link.receiver,
            times: link.value,
            raw: number(&answer.mean, link.receiver * n + link.sender),
            enrichment: number(&answer.enrichment, link.receiver * n + link.sender),
            share: link.share,
            rank: link.rank,
        })
    };
    answers.into_iter().flat_map(of).collect()
}

/// The rows in which every word of `sought` stands in the names of the types or the time, whatever its case, sorted by a column: texts rising,
/// numbers falling; `reverse` turns that round.
#[must_use]
pub fn found(
    rows: &[LinkRow],
    sought: &str,
    by: Column,
    reverse: bool,
    types: &[CellType],
    times: &[TimePoint],
) -> Vec<LinkRow> {
    let name = |kind: usize| types.get(kind).map_or("", |kind| kind.name.as_str());
    let label = |time: usize| times.get(time).map_or("", |time| time.label.as_str());
    let words: Vec<String> = sought.split_whitespace().map(str::to_lowercase).collect();
    let fits = |row: &&LinkRow| {
        let text = format!("{} {} {}", name(row.sender), name(row.receiver), label(row.time)).to_lowercase();
        words.iter().all(|word| text.contains(word))
    };
    let mut rows: Vec<LinkRow> = rows.iter().filter(fits).cloned().collect();
    rows.sort_by(|a, b| match by {
        Column::Time => (a.time, a.rank).cmp(&(b.time, b.rank)),
        Column::Sender => name(a.sender).cmp(name(b.sender)),
        Column::Receiver => name(a.receiver).cmp(name(b.receiver)),
        Column::Times => b.times.total_cmp(&a.times),
        Column::Enrichment => b.enrichment.total_cmp(&a.enrichment),
        Column::Share => b.share.total_cmp(&a.share),
    });
    if reverse {
        rows.reverse();
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::{CommunicationQuery, Score};

    fn answer(time: usize, weight: f32) -> Communication {
        Communication {
            query: CommunicationQuery { time, score: Score::Attention, minimum_cells: 1, sample: None },
            cells: vec![60, 41],
            types: vec![0, 1],
            mean: vec![0.01, weight, 0.01, 0.01].into(),
            enrichment: vec![0.0, 0.5, -0.5, 0.0].into(),
            non_reciprocity: 0.0,
        }
    }

    #[test]
    fn links_are_found_and_sorted_over_all_times() {
        let types = ["Axial", "Neural tube"].map(|name| CellType { name: name.into(), color: None, cells: 9 });
        let times = ["day 2", "day 4"].map(|label| TimePoint { label: label.into(), value: None, cells: 9 });
        let answers = [answer(0, 0.02), answer(1, 0.03)];
        let all = rows(&answers);
        assert_eq!(all.len(), 8);
        let strongest = &found(&all, "", Column::Times, false, &types, &times)[0];
        assert_eq!((strongest.time, strongest.sender, strongest.receiver), (1, 1, 0));
        assert!((strongest.times - 3.0).abs() < 1e-4 && (strongest.raw - 0.03).abs() < 1e-6);
        let neural = found(&all, "neural DAY 2", Column::Time, false, &types, &times);
        assert!(neural.len() == 3 && neural.iter().all(|row| row.time == 0 && (row.sender == 1 || row.receiver == 1)));
        let weakest = found(&all, "", Column::Enrichment, true, &types, &times);
        assert_eq!(weakest[0].enrichment, -0.5);
        assert!(found(&all, "heart", Column::Times, false, &types, &times).is_empty());
    }
}
