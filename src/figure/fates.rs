//! Where copies of single cells end, as numbers for a table and a colour.

use super::csv::quoted;
use crate::protocol::CellFates;

/// Shares of the types among the copies of the cell at this place.
#[must_use]
pub fn of_cell(fates: &CellFates, place: usize) -> &[f32] {
    let types = fates.shares.len().checked_div(fates.query.cells.len()).unwrap_or(0);
    fates.shares.get(place * types..(place + 1) * types).unwrap_or_default()
}

/// Shares of a type, in the order of the cells.
#[must_use]
pub fn of_type(fates: &CellFates, kind: usize) -> Vec<f32> {
    let share = |place| of_cell(fates, place).get(kind).copied().unwrap_or(f32::NAN);
    (0..fates.query.cells.len()).map(share).collect()
}

/// Mean over the cells of the share of each type.
#[must_use]
pub fn mean(fates: &CellFates) -> Vec<f32> {
    let cells = fates.query.cells.len();
    (0..of_cell(fates, 0).len()).map(|kind| of_type(fates, kind).iter().sum::<f32>() / cells.max(1) as f32).collect()
}

/// One line for each cell: its number counted from 1, its copies, and the share of each type.
#[must_use]
pub fn csv(fates: &CellFates, names: &[String]) -> String {
    let heads: String = names.iter().map(|name| format!(",{}", quoted(name))).collect();
    let row = |(place, cell): (usize, &u32)| {
        let shares: String = of_cell(fates, place).iter().map(|share| format!(",{share}")).collect();
        format!("{},{}{shares}\n", cell + 1, fates.query.copies)
    };
    std::iter::once(format!("cell,copies{heads}\n")).chain(fates.query.cells.iter().enumerate().map(row)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::FatesQuery;

    #[test]
    fn shares_are_read_by_cell_and_by_type() {
        let query = FatesQuery { cells: vec![3, 7].into(), ..FatesQuery::default() };
        let shares = vec![0.0, 1.0, 0.5, 0.5].into();
        let fates = CellFates { query, shares, types: vec![1, 0].into(), neighbours: 15 };
        assert_eq!((of_cell(&fates, 1), of_type(&fates, 1)), (&[0.5, 0.5][..], vec![1.0, 0.5]));
        assert_eq!(mean(&fates), [0.25, 0.75]);
        let names = ["a, b".to_owned(), "c".to_owned()];
        assert_eq!(csv(&fates, &names), "cell,copies,\"a, b\",\"c\"\n4,200,0,1\n8,200,0.5,0.5\n");
    }

    #[test]
    fn nothing_is_no_panic() {
        let empty = CellFates {
            query: FatesQuery::default(),
            shares: Vec::new().into(),
            types: Vec::new().into(),
            neighbours: 0,
        };
        assert!(mean(&empty).is_empty() && of_type(&empty, 3).is_empty());
    }
}
