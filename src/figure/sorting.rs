//! What a table of types makes of the cells: rows in another order, with other names, of which those with the same name are one type.

use crate::protocol::{CellType, Typing};

/// A row of the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The type that its cells have now; none for cells that were drawn round.
    pub from: Option<usize>,
    /// What it is to be called.
    pub name: String,
    /// It is shown.
    pub shown: bool,
}

/// Why the cells cannot be sorted so, in a sentence.
#[must_use]
pub fn problem(rows: &[Row]) -> Option<String> {
    if rows.iter().any(|row| row.name.trim().is_empty()) {
        Some("Give every type a name.".into())
    } else if !rows.iter().any(|row| row.shown) {
        Some("Show at least one type.".into())
    } else {
        None
    }
}

/// The cells of `now` sorted as the rows say, `drawn` being the cells of the row without a type; and the names of the types that are left out: those
/// of which no row is shown. Types that lose all their cells go.
#[must_use]
pub fn sorted(now: &Typing, rows: &[Row], drawn: &[u32]) -> (Typing, Vec<String>) {
    // Places of the names, in the order in which they first stand in the table, and who is shown.
    let mut names: Vec<(&str, Option<String>, bool)> = Vec::new();
    let place = |row: &Row, names: &[(&str, Option<String>, bool)]| {
        names.iter().position(|(name, ..)| *name == row.name.trim())
    };
    for row in rows {
        let color = row.from.and_then(|from| now.types.get(from)).and_then(|it| it.color.clone());
        match place(row, &names) {
            Some(at) => names[at].2 |= row.shown,
            None => names.push((row.name.trim(), color, row.shown)),
        }
    }
    let to = |from: Option<usize>| {
        rows.iter().find(|row| row.from == from).and_then(|row| place(row, &names)).unwrap_or(0) as u32
    };
    let places: Vec<u32> = (0..now.types.len()).map(|kind| to(Some(kind))).collect();
    let mut of: Vec<u32> = now.of.iter().map(|kind| places.get(*kind as usize).copied().unwrap_or(0)).collect();
    if rows.iter().any(|row| row.from.is_none()) {
        let own = to(None);
        drawn
            .iter()
            .filter_map(|cell| of.get(*cell as usize).map(|_| *cell as usize))
            .collect::<Vec<_>>()
            .into_iter()
            .for_each(|cell| of[cell] = own);
    }
    let mut counts = vec![0; names.len()];
    of.iter().for_each(|kind| counts[*kind as usize] += 1);
    let mut kept = Vec::new();
    let moved: Vec<u32> = counts
        .iter()
        .enumerate()
        .map(|(at, count)| {
            if *count > 0 {
                kept.push(at);
            }
            kept.len().saturating_sub(1) as u32
        })
        .collect();
    of.iter_mut().for_each(|kind| *kind = moved[*kind as usize]);
    let types =
        kept.iter().map(|at| CellType { name: names[*at].0.into(), color: names[*at].1.clone(), cells: counts[*at] });
    let hides = kept.iter().filter(|at| !names[**at].2).map(|at| names[*at].0.to_owned());
    (Typing { types: types.collect(), of: of.into() }, hides.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> Typing {
        let named = |name: &str, color: &str| CellType { name: name.into(), color: Some(color.into()), cells: 2 };
        Typing {
            types: vec![named("a", "#aa0000"), named("b", "#00bb00"), named("c", "#0000cc")],
            of: vec![0, 0, 1, 1, 2, 2].into(),
        }
    }

    fn row(from: usize, name: &str) -> Row {
        Row { from: Some(from), name: name.into(), shown: true }
    }

    #[test]
    fn rows_are_types_in_their_order_and_those_with_one_name_are_one() {
        let rows = [row(2, "c "), Row { shown: false, ..row(0, "unknown") }, row(1, "c")];
        let (typing, hides) = sorted(&now(), &rows, &[]);
        let named: Vec<_> = typing.types.iter().map(|it| (it.name.as_str(), it.color.as_deref(), it.cells)).collect();
        assert_eq!(named, [("c", Some("#0000cc"), 4), ("unknown", Some("#aa0000"), 2)]);
        assert_eq!(*typing.of, [1, 1, 0, 0, 0, 0]);
        assert_eq!(hides, ["unknown"]);
    }

    #[test]
    fn drawn_cells_leave_their_types_and_empty_types_go() {
        let drawn = Row { from: None, name: "drawn".into(), shown: true };
        let rows = [drawn, row(0, "a"), row(1, "b"), row(2, "c")];
        let (typing, hides) = sorted(&now(), &rows, &[1, 2, 3, 99]);
        let named: Vec<_> = typing.types.iter().map(|it| (it.name.as_str(), it.cells)).collect();
        assert_eq!(named, [("drawn", 3), ("a", 1), ("c", 2)]);
        assert_eq!(*typing.of, [1, 0, 0, 0, 2, 2]);
        assert!(hides.is_empty() && typing.types[0].color.is_none());
    }

    #[test]
    fn a_table_without_names_or_without_a_shown_row_cannot_be_used() {
        assert_eq!(problem(&[row(0, "a"), row(1, " ")]).as_deref(), Some("Give every type a name."));
        let hidden = Row { shown: false, ..row(0, "a") };
        assert_eq!(problem(&[hidden]).as_deref(), Some("Show at least one type."));
        assert_eq!(problem(&[row(0, "a"), row(1, "a")]), None);
    }
}
