//! Names that fit what was typed.

/// Positions of at most `most` names that hold `wanted`, whatever the capitals: those that begin with it first, in their own order.
#[must_use]
pub fn fitting<S: AsRef<str>>(names: &[S], wanted: &str, most: usize) -> Vec<usize> {
    let wanted = wanted.trim().to_lowercase();
    let [mut begins, mut holds] = [const { Vec::new() }; 2];
    for (place, name) in names.iter().enumerate() {
        match name.as_ref().to_lowercase().find(&wanted) {
            Some(0) => begins.push(place),
            Some(_) if holds.len() < most => holds.push(place),
            _ => {}
        }
        if begins.len() == most {
            break;
        }
    }
    begins.extend(holds);
    begins.truncate(most);
    begins
}

/// The name that was meant: exactly this one, or else the first that differs by capitals alone.
#[must_use]
pub fn exactly<S: AsRef<str>>(names: &[S], wanted: &str) -> Option<usize> {
    let wanted = wanted.trim();
    let exact = names.iter().position(|name| name.as_ref() == wanted);
    exact.or_else(|| names.iter().position(|name| name.as_ref().eq_ignore_ascii_case(wanted)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_begin_so_come_first() {
        let names = ["Irx3", "Sox2", "SOX17", "Esox1", "Gata1"];
        assert_eq!(fitting(&names, " sox", 9), [1, 2, 3]);
        assert_eq!(fitting(&names, "sox", 2), [1, 2]);
        assert_eq!(fitting(&names, "x", 9), [0, 1, 2, 3]);
        assert_eq!(fitting(&names, "", 2), [0, 1]);
        assert!(fitting(&names, "z", 9).is_empty());
    }

    #[test]
    fn capitals_count_only_between_names_that_are_alike() {
        let names = ["gata1", "Gata1", "GATA2"];
        assert_eq!(
            [exactly(&names, "Gata1 "), exactly(&names, "gata2"), exactly(&names, "gat")],
            [Some(1), Some(2), None]
        );
    }
}
