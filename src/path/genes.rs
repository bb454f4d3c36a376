//! The genes that move on a path.

use crate::data::Decoder;
use crate::protocol::PathGene;

/// The genes that move most on a path, `most` of them, and as many that leave the straight line between its ends most. The decoder is linear, so on
/// the straight line every gene goes straight from its value at one end to that at the other: its range there is the difference of the ends.
pub(super) fn moving(decoder: &Decoder, states: &[f32], most: usize) -> Vec<PathGene> {
    let curves: Vec<PathGene> = (0..decoder.genes.len()).map(|gene| curve(decoder, states, gene)).collect();
    let by_range = places(&curves, |it| it.range);
    let by_straight = places(&curves, |it| ends(&it.values).map_or(0.0, |[first, last]| (last - first).abs()));
    let by_departure = places(&curves, |it| it.beyond.abs());
    let listed = (0..curves.len()).filter(|gene| by_range[*gene] <= most || by_departure[*gene] <= most);
    let placed =
        |gene: usize| PathGene { place: by_range[gene], straight_place: by_straight[gene], ..curves[gene].clone() };
    let mut found: Vec<PathGene> = listed.map(placed).collect();
    found.sort_by_key(|it| it.place);
    found
}

fn ends(values: &[f32]) -> Option<[f32; 2]> {
    Some([*values.first()?, *values.last()?])
}

fn curve(decoder: &Decoder, states: &[f32], gene: usize) -> PathGene {
    let values: Vec<f32> =
        states.chunks_exact(decoder.loadings.cols).map(|state| decoder.decode_gene(gene, state)).collect();
    let [first, last] = ends(&values).unwrap_or_default();
    let (low, high) = values.iter().fold((first, first), |(low, high), x| (low.min(*x), high.max(*x)));
    let steps = values.len().saturating_sub(1).max(1) as f32;
    let departure = |(point, value): (usize, &f32)| value - (first + (last - first) * point as f32 / steps);
    let furthest = |far: f32, next: f32| if next.abs() > far.abs() { next } else { far };
    let beyond = values.iter().enumerate().map(departure).fold(0.0, furthest);
    PathGene { gene, range: high - low, beyond, values: values.into(), ..PathGene::default() }
}

/// The place of each gene by a number, the largest first, from 1.
fn places(curves: &[PathGene], number: impl Fn(&PathGene) -> f32) -> Vec<usize> {
    let mut order: Vec<usize> = (0..curves.len()).collect();
    order.sort_by(|a, b| number(&curves[*b]).total_cmp(&number(&curves[*a])));
    let mut places = vec![0; order.len()];
    order.into_iter().enumerate().for_each(|(place, gene)| places[gene] = place + 1);
    places
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::Matrix;

    #[test]
    fn a_gene_that_the_ends_do_not_show_is_found() {
        // A path that goes up and comes back in the second component, while the first rises.
        let states = [0.0, 0.0, 1.0, 4.0, 2.0, 0.0];
        let loadings = vec![1.0, 0.0, 0.0, 1.0, 0.0, -0.1];
        let decoder = Decoder {
            genes: ["rises", "comes back", "hardly"].map(str::to_owned).into(),
            loadings: Matrix::new(3, 2, loadings).unwrap(),
            mean: vec![0.0, 1.0, 0.0],
        };
        let found = moving(&decoder, &states, 1);
        let [back] = &found[..] else { panic!("{found:?}") };
        assert_eq!((back.gene, back.place, back.straight_place), (1, 1, 2), "first in both rankings of the path");
        assert_eq!((back.values.to_vec(), back.range, back.beyond), (vec![1.0, 5.0, 1.0], 4.0, 4.0));
        let found = moving(&decoder, &states, 2);
        assert_eq!(found.iter().map(|it| it.gene).collect::<Vec<_>>(), [1, 0, 2]);
        assert_eq!((found[1].range, found[1].beyond, found[1].straight_place), (2.0, 0.0, 1));
        assert!((found[2].beyond + 0.4).abs() < 1e-6);
    }
}
