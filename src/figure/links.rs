//! Who listens to whom, link by link: what a matrix of cell types says about each pair, over time and as a table.

use super::csv::field;
use super::quantity::Quantity;
use crate::protocol::{CellType, Communication, TimePoint};
use std::fmt::Write;

/// A pair of types whose number is known.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Link {
    /// Type that is listened to.
    pub sender: usize,
    /// Type that listens.
    pub receiver: usize,
    /// The number.
    pub value: f64,
    /// Share of the receiver's whole input, each score counted once a cell of the sender, 0 … 1.
    pub share: f64,
    /// 1 for the greatest number.
    pub rank: usize,
}

/// All links, the greatest number first; without those of a type to itself if `hide_self`.
#[must_use]
pub fn links(communication: &Communication, quantity: Quantity, hide_self: bool) -> Vec<Link> {
    let n = communication.cells.len();
    let (values, mean) = (quantity.values(communication), &communication.mean);
    let weight = |receiver: usize, sender: usize| {
        let score = mean.get(receiver * n + sender).copied().filter(|score| score.is_finite()).unwrap_or(0.0);
        f64::from(score.max(0.0)) * communication.cells[sender] as f64
    };
    let inputs: Vec<f64> = (0..n).map(|receiver| (0..n).map(|sender| weight(receiver, sender)).sum()).collect();
    let mut all: Vec<Link> = (0..n * n)
        .map(|i| (i / n, i % n))
        .filter(|(receiver, sender)| !(hide_self && receiver == sender))
        .filter_map(|(receiver, sender)| {
            let value = values.get(receiver * n + sender).copied().filter(|value| value.is_finite())?;
            let share = if inputs[receiver] > 0.0 { weight(receiver, sender) / inputs[receiver] } else { 0.0 };
            Some(Link { sender, receiver, value: value.into(), share, rank: 0 })
        })
        .collect();
    all.sort_by(|a, b| b.value.total_cmp(&a.value));
    all.iter_mut().enumerate().for_each(|(i, link)| link.rank = i + 1);
    all
}

/// How many of the greatest numbers are needed for a share of the sum of all positive ones. `links` are in falling order.
#[must_use]
pub fn covering(links: &[Link], share: f64) -> usize {
    let positive = || links.iter().map(|link| link.value).take_while(|value| *value > 0.0);
    let wanted = share * positive().sum::<f64>();
    let mut sum = 0.0;
    for (i, value) in positive().enumerate() {
        sum += value;
        if sum >= wanted {
            return i + 1;
        }
    }
    positive().count()
}

/// Number of cells and square matrix of these types alone, in their order.
#[must_use]
pub fn among(communication: &Communication, quantity: Quantity, types: &[usize]) -> (Vec<usize>, Vec<f32>) {
    let (n, values) = (communication.cells.len(), quantity.values(communication));
    let value = |receiver: usize, sender: usize| values.get(receiver * n + sender).copied().unwrap_or(f32::NAN);
    let cells = types.iter().map(|&kind| communication.cells.get(kind).copied().unwrap_or(0)).collect();
    let matrix = types.iter().flat_map(|&receiver| types.iter().map(move |&sender| value(receiver, sender))).collect();
    (cells, matrix)
}

/// The number of one link at each time point; none where it is not known.
#[must_use]
pub fn course<'a>(
    answers: impl IntoIterator<Item = Option<&'a Communication>>,
    quantity: Quantity,
    receiver: usize,
    sender: usize,
) -> Vec<Option<f64>> {
    let value = |answer: &Communication| {
        let at = receiver * answer.cells.len() + sender;
        quantity.values(answer).get(at).copied().filter(|value| value.is_finite()).map(f64::from)
    };
    answers.into_iter().map(|answer| answer.and_then(value)).collect()
}

/// A table of every link at every known time point, a row each, as comma-separated values: the score as the model gives it, and its multiple of
/// equal listening.
#[must_use]
pub fn csv<'a>(
    times: &[TimePoint],
    types: &[CellType],
    answers: impl IntoIterator<Item = &'a Communication>,
) -> String {
    let mut text =
        "time,receiver,sender,score,mean,enrichment_log2,share_of_input,rank,receiver_cells,sender_cells,times_equal_listening\n"
            .to_owned();
    for answer in answers {
        let n = answer.cells.len();
        let time = times.get(answer.query.time).map_or("", |time| &time.label);
        let name = |kind: usize| field(types.get(kind).map_or("", |it| &it.name));
        for link in links(answer, Quantity::Mean, false) {
            let mean = answer.mean.get(link.receiver * n + link.sender).copied().unwrap_or(f32::NAN);
            let enrichment = answer.enrichment.get(link.receiver * n + link.sender).copied().unwrap_or(f32::NAN);
            // Writing to a string cannot fail.
            let _ = writeln!(
                text,
                "{},{},{},{},{},{},{},{},{},{},{}",
                field(time),
                name(link.receiver),
                name(link.sender),
                format!("{:?}", answer.query.score).to_lowercase(),
                mean,
                if enrichment.is_finite() { enrichment.to_string() } else { String::new() },
                link.share as f32,
                link.rank,
                answer.cells[link.receiver],
                answer.cells[link.sender],
                link.value as f32,
            );
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::{CommunicationQuery, Score};

    fn answer() -> Communication {
        Communication {
            query: CommunicationQuery { time: 1, score: Score::Attention, minimum_cells: 1, sample: None },
            cells: vec![120, 80, 0],
            types: vec![0, 1],
            mean: vec![0.1, 0.4, f32::NAN, 0.05, 0.3, f32::NAN, f32::NAN, f32::NAN, f32::NAN].into(),
            enrichment: vec![-1.0, 2.0, f32::NAN, 0.5, -0.1, f32::NAN, f32::NAN, f32::NAN, f32::NAN].into(),
            non_reciprocity: 0.2,
        }
    }

    #[test]
    fn links_are_ranked_and_shared_out() {
        let answer = answer();
        let all = links(&answer, Quantity::Mean, false);
        assert_eq!(
            all.iter().map(|link| (link.receiver, link.sender, link.rank)).collect::<Vec<_>>(),
            [(0, 1, 1), (1, 1, 2), (0, 0, 3), (1, 0, 4)]
        );
        // 0.4 x 80 of 0.1 x 120 + 0.4 x 80.
        assert!((all[0].share - 32.0 / 44.0).abs() < 1e-6);
        let others = links(&answer, Quantity::Enrichment, true);
        assert_eq!(others.iter().map(|link| (link.receiver, link.sender)).collect::<Vec<_>>(), [(0, 1), (1, 0)]);
        assert!((others[0].share - all[0].share).abs() < 1e-12, "a share is of the whole input, whatever is shown");
    }

    #[test]
    fn few_links_cover_most() {
        let answer = answer();
        let all = links(&answer, Quantity::Mean, false);
        assert_eq!((covering(&all, 0.4), covering(&all, 0.9), covering(&all, 1.0)), (1, 3, 4));
        assert_eq!(covering(&links(&answer, Quantity::Enrichment, false), 1.0), 2, "what is below zero covers nothing");
        assert_eq!(covering(&[], 0.9), 0);
    }

    #[test]
    fn a_part_of_the_types_keeps_their_numbers() {
        let (cells, matrix) = among(&answer(), Quantity::Mean, &[1, 0]);
        assert_eq!(cells, [80, 120]);
        // Times 200 - 1 other cells, the diagonal without its zeros.
        let expected = [0.3 * 199.0 * 80.0 / 79.0, 0.05 * 199.0, 0.4 * 199.0, 0.1 * 199.0 * 120.0 / 119.0];
        assert!(matrix.iter().zip(expected).all(|(a, b): (&f32, f32)| (a - b).abs() < 1e-3), "{matrix:?}");
    }

    #[test]
    fn a_course_has_gaps() {
        let answer = answer();
        assert_eq!(course([None, Some(&answer)], Quantity::Mean, 1, 2), [None, None]);
        let known = course([None, Some(&answer)], Quantity::Enrichment, 0, 1);
        assert_eq!(known, [None, Some(2.0)]);
    }

    #[test]
    fn the_table_has_a_row_for_each_link() {
        let named = |name: &str| CellType { name: name.into(), color: None, cells: 1 };
        let time = |label: &str| TimePoint { label: label.into(), value: None, cells: 1 };
        let text = csv(&[time("a"), time("day 2")], &[named("x, \"y\""), named("z"), named("w")], [&answer()]);
        let rows: Vec<_> = text.lines().collect();
        assert_eq!(rows.len(), 5);
        assert!(rows[1].starts_with("day 2,\"x, \"\"y\"\"\",z,attention,0.4,2,"), "{}", rows[1]);
        // Last, the multiple of equal listening: 0.4 x (200 - 1).
        assert!(rows[1].ends_with(",1,120,80,79.6"), "{}", rows[1]);
    }
}
