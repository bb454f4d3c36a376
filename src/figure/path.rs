//! A path of least action: in words, as lines over the cells, and as tables.

use super::arrows;
use super::csv::quoted;
use super::scatter::{Viewport, pairs};
use super::time_axis;
use crate::protocol::{CellGroup, LeastActionPath, PathGene};

/// Action of a path as a share of the straight line's from which on the path is hardly another way.
const HARDLY: f32 = 0.98;
/// Distance from observed cells, in units of what these have among themselves, above which there are no data.
const FAR: f32 = 1.5;
/// Length of an arrow whose head stands on the line, in pixels.
const HEAD: f64 = 16.0;
/// Distance of two heads along the line, in pixels.
const APART: f64 = 60.0;

/// Width of the line, in pixels.
pub const WIDTH: f64 = 2.6;
/// Dashes of the straight line, in pixels.
pub const DASHES: [f64; 2] = [5.0, 4.0];

/// By what genes are ranked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Rank {
    /// How far they go on the path.
    #[default]
    Range,
    /// How far they leave the straight line between the ends.
    Beyond,
}

/// The genes of one ranking, the first first.
#[must_use]
pub fn ranked(path: &LeastActionPath, rank: Rank) -> Vec<&PathGene> {
    let mut genes: Vec<&PathGene> = path.genes.iter().collect();
    if rank == Rank::Beyond {
        genes.sort_by(|a, b| b.beyond.abs().total_cmp(&a.beyond.abs()));
    }
    genes.truncate(path.query.genes);
    genes
}

/// A group of cells in a few words.
#[must_use]
pub fn group_words(group: &CellGroup, types: &[String], times: &[String]) -> String {
    let name = |names: &[String], at: usize| names.get(at).cloned().unwrap_or_else(|| format!("{}", at + 1));
    let kinds: Vec<String> = group.types.iter().map(|kind| name(types, *kind)).collect();
    let mut words = match (kinds.is_empty(), group.cells.len()) {
        (true, 0) => "all cells".to_owned(),
        (false, 0) => kinds.join(" and "),
        (true, count) => format!("{count} selected cells"),
        (false, count) => format!("{} among {count} selected cells", kinds.join(" and ")),
    };
    if let Some(time) = group.time {
        words += &format!(" at {}", name(times, time));
    }
    words
}

/// What was found, sentence by sentence: the actions first, each beside its controls.
#[must_use]
pub fn sentences(path: &LeastActionPath) -> Vec<String> {
    let mut words = vec![format!(
        "The drift leaves an action of {} to be made up for on this path, {} on the straight line between the two means, and without any drift it \
         would be {}.",
        number(path.action),
        number(path.straight_action),
        number(path.undriven_action)
    )];
    words.push(if path.action > path.undriven_action {
        "The drift does not help on this way: without it less would be asked for.".to_owned()
    } else if path.action > HARDLY * path.straight_action {
        "The path is hardly another way than the straight line, so its genes are those of the difference between the groups.".to_owned()
    } else {
        format!("That is {:.0} % of the straight line's.", 100.0 * path.action / path.straight_action)
    });
    let apart = path.seen_at[1] - path.seen_at[0];
    let longest = if path.longest { ", the longest that a path may take: a longer one would ask for less" } else { "" };
    words.push(format!(
        "It takes {} of sampling{longest}; in the mean the cells of the second group were seen {} {} those of the first.",
        intervals(path.duration),
        intervals(apart.abs()),
        if apart < 0.0 { "before" } else { "after" }
    ));
    if !path.settled {
        words.push(format!("The search was ended after {} steps, before it came to rest.", path.steps));
    }
    let away = path.away.iter().copied().fold(0.0, f32::max);
    if away > FAR {
        words.push(format!(
            "It leaves the data: up to {away:.1} times as far from observed cells as these are from each other."
        ));
    }
    if let Some(words_of_genes) = genes_words(path) {
        words.push(words_of_genes);
    }
    words
}

/// How many of the genes that move most the straight line names as well.
fn genes_words(path: &LeastActionPath) -> Option<String> {
    let listed = ranked(path, Rank::Range);
    let most = listed.len();
    let both = listed.iter().filter(|gene| gene.straight_place <= most).count();
    (most > 0).then(|| format!("Of the {most} genes that move most on the path, the straight line names {both}, too."))
}

/// Observed types that the path goes through, in order.
#[must_use]
pub fn passes(path: &LeastActionPath, types: &[String]) -> String {
    let mut kinds: Vec<u16> = path.types.to_vec();
    kinds.dedup();
    let name = |kind: u16| types.get(usize::from(kind)).map_or("?", String::as_str);
    kinds.into_iter().map(name).collect::<Vec<_>>().join(" → ")
}

/// Time of each point in index units.
#[must_use]
pub fn times(path: &LeastActionPath) -> Vec<f64> {
    let steps = path.types.len().saturating_sub(1).max(1) as f64;
    let at = |point: usize| f64::from(path.seen_at[0]) + f64::from(path.duration) * point as f64 / steps;
    (0..path.types.len()).map(at).collect()
}

/// A path over the cells, in pixels.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Drawn {
    /// From the first group to the second.
    pub line: Vec<[f64; 2]>,
    /// Barb, tip, barb of the heads along the line, the last at its end.
    pub heads: Vec<[[f64; 2]; 3]>,
    /// The straight line of the model space, its control; it bends where the plane does.
    pub straight: Vec<[f64; 2]>,
}

/// The path and its straight line as they are drawn in `viewport`.
#[must_use]
pub fn drawn(path: &LeastActionPath, viewport: &Viewport) -> Drawn {
    let placed = |positions: &[f32]| -> Vec<[f64; 2]> {
        let points = pairs(positions).iter().filter(|point| point.iter().all(|x| x.is_finite()));
        points.map(|point| viewport.project(point.map(f64::from))).collect()
    };
    let (line, mut heads, mut since) = (placed(&path.positions), Vec::new(), 0.5 * APART);
    for (at, pair) in line.windows(2).enumerate() {
        let along = [pair[1][0] - pair[0][0], pair[1][1] - pair[0][1]];
        let length = along[0].hypot(along[1]);
        since += length;
        let last = at + 2 == line.len();
        if (since < APART && !last) || length <= 0.0 {
            continue;
        }
        since = 0.0;
        let back = along.map(|part| part / length * HEAD);
        let tip = if last { pair[1] } else { [0.5 * (pair[0][0] + pair[1][0]), 0.5 * (pair[0][1] + pair[1][1])] };
        heads.extend(arrows::shape([tip[0] - back[0], tip[1] - back[1]], back).map(|shape| shape.head));
    }
    Drawn { line, heads, straight: placed(&path.straight) }
}

/// One line for each point: time, type of the cells around it, distance from data, its components.
#[must_use]
pub fn points_csv(path: &LeastActionPath, axis: &str, types: &[String], labels: &[String]) -> String {
    let heads: String = (1..=path.dimensions).map(|k| format!(",{}", quoted(&format!("{axis} {k}")))).collect();
    let mut text = format!("point,time,label,type,share,away{heads}\n");
    for (point, time) in times(path).into_iter().enumerate() {
        let kind = types.get(usize::from(path.types[point])).map_or("", String::as_str);
        let state = path.states.get(point * path.dimensions..(point + 1) * path.dimensions).unwrap_or_default();
        let state: String = state.iter().map(|x| format!(",{x}")).collect();
        let (label, share, away) = (time_axis::words(labels, time), path.confidence[point], path.away[point]);
        text += &format!("{},{time:.4},{},{},{share},{away}{state}\n", point + 1, quoted(&label), quoted(kind));
    }
    text
}

/// One line for each gene: its places, range and departure, and its value at each point.
#[must_use]
pub fn genes_csv(path: &LeastActionPath, names: &[String]) -> String {
    let points: String = (1..=path.types.len()).map(|point| format!(",point {point}")).collect();
    let mut text = format!("gene,place,range,beyond the straight line,place on the straight line{points}\n");
    for gene in &path.genes {
        let name = names.get(gene.gene).map_or("", String::as_str);
        let values: String = gene.values.iter().map(|value| format!(",{value}")).collect();
        let PathGene { place, range, beyond, straight_place, .. } = gene;
        text += &format!("{},{place},{range},{beyond},{straight_place}{values}\n", quoted(name));
    }
    text
}

/// Three digits.
fn number(value: f32) -> String {
    super::labels::number(value.into())
}

/// A time as a number of intervals, to a tenth.
fn intervals(count: f32) -> String {
    let count = format!("{count:.1}");
    let count = count.trim_end_matches(".0");
    format!("{count} interval{}", if count == "1" { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figure::scatter::Bounds;
    use crate::protocol::PathQuery;

    fn path() -> LeastActionPath {
        let gene = |gene, range, beyond, straight_place| PathGene {
            gene,
            range,
            beyond,
            place: gene + 1,
            straight_place,
            values: vec![0.0, range, 0.0].into(),
        };
        LeastActionPath {
            query: PathQuery { genes: 2, points: 3, ..PathQuery::default() },
            cells: [4, 5],
            seen_at: [0.0, 2.0],
            dimensions: 2,
            states: vec![0.0, 0.0, 1.0, 4.0, 2.0, 0.0].into(),
            positions: vec![0.0, 0.0, 5.0, 10.0, 10.0, 0.0].into(),
            straight: vec![0.0, 0.0, 5.0, 0.0, 10.0, 0.0].into(),
            exact: true,
            action: 0.5,
            duration: 1.5,
            straight_action: 2.0,
            straight_duration: 1.0,
            undriven_action: 4.0,
            settled: true,
            types: vec![0, 0, 1].into(),
            confidence: vec![1.0, 0.6, 0.9].into(),
            away: vec![0.9, 1.9, 1.0].into(),
            genes: vec![gene(0, 3.0, 0.1, 1), gene(1, 2.0, -2.0, 9), gene(2, 1.0, 1.0, 2)],
            ..LeastActionPath::default()
        }
    }

    #[test]
    fn actions_stand_beside_their_controls() {
        let words = sentences(&path()).join(" ");
        for part in
            ["0.5", "2", "25 % of the straight line's", "leaves the data: up to 1.9", "the straight line names 1, too"]
        {
            assert!(words.contains(part), "{part}: {words}");
        }
        let straight = LeastActionPath { action: 1.99, away: vec![1.0; 3].into(), ..path() };
        let words = sentences(&straight).join(" ");
        assert!(words.contains("hardly another way") && !words.contains("leaves the data"), "{words}");
        let against = LeastActionPath { action: 5.0, settled: false, longest: true, ..path() };
        let words = sentences(&against).join(" ");
        assert!(words.contains("does not help") && words.contains("before it came to rest"), "{words}");
        assert!(words.contains("the longest that a path may take"), "{words}");
        let bare = LeastActionPath { genes: Vec::new(), ..path() };
        assert!(!sentences(&bare).join(" ").contains("genes that move most"));
    }

    #[test]
    fn genes_are_ranked_and_written() {
        let path = path();
        let genes = |rank| ranked(&path, rank).iter().map(|it| it.gene).collect::<Vec<_>>();
        assert_eq!((genes(Rank::Range), genes(Rank::Beyond)), (vec![0, 1], vec![1, 2]));
        let names = ["a, b".to_owned()];
        let csv = genes_csv(&path, &names);
        assert!(csv.lines().nth(1).unwrap().starts_with("\"a, b\",1,3,0.1,1,0,3,0"), "{csv}");
        assert_eq!(csv.lines().count(), 4);
        let types = ["x".to_owned(), "y".to_owned()];
        let labels = ["day 0".to_owned(), "day 1".to_owned(), "day 2".to_owned()];
        assert_eq!((passes(&path, &types), times(&path)), ("x → y".to_owned(), vec![0.0, 0.75, 1.5]));
        let csv = points_csv(&path, "PC", &types, &labels);
        assert!(csv.lines().nth(3).unwrap().contains(",\"y\",0.9,1,2,0"), "{csv}");
        let group = CellGroup { time: Some(1), types: vec![1], ..CellGroup::default() };
        assert_eq!(group_words(&group, &types, &labels), "y at day 1");
        assert_eq!(group_words(&CellGroup::default(), &types, &labels), "all cells");
    }

    #[test]
    fn heads_point_ahead_and_the_last_stands_at_the_end() {
        let viewport = Viewport::fit(Bounds { low: [0.0; 2], high: [10.0; 2] }, [200.0, 200.0], 0.0);
        let drawn = drawn(&path(), &viewport);
        assert_eq!((drawn.line.len(), drawn.straight.len()), (3, 3));
        let tip = drawn.heads.last().unwrap()[1];
        assert!((tip[0] - 200.0).abs() < 1e-6 && (tip[1] - 200.0).abs() < 1e-6, "{tip:?}");
        assert_eq!(super::drawn(&LeastActionPath::default(), &viewport), Drawn::default());
    }

    #[test]
    fn a_time_is_told_to_a_tenth() {
        assert_eq!([6.0, 1.0, 0.96, 0.25].map(intervals), ["6 intervals", "1 interval", "1 interval", "0.2 intervals"]);
    }
}
