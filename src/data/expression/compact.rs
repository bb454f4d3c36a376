//! Long lists of numbers in as few bytes as they need: a matrix of a million cells has a hundred million of each.

/// Places of rows or columns, in two bytes each where all of them fit.
#[derive(Clone, Debug, PartialEq)]
pub enum Places {
    /// Below 65,536.
    Short(Vec<u16>),
    /// Any.
    Long(Vec<u32>),
}

impl Places {
    /// None yet; those to come should be below `bound`. What is not becomes a place that is none either.
    pub(crate) fn below(bound: usize) -> Self {
        if bound <= usize::from(u16::MAX) { Self::Short(Vec::new()) } else { Self::Long(Vec::new()) }
    }

    /// Bytes that a place takes.
    pub(crate) fn size(&self) -> usize {
        match self {
            Self::Short(_) => size_of::<u16>(),
            Self::Long(_) => size_of::<u32>(),
        }
    }

    /// Makes room for so many more.
    pub(crate) fn reserve(&mut self, count: usize) {
        match self {
            Self::Short(places) => places.reserve_exact(count),
            Self::Long(places) => places.reserve_exact(count),
        }
    }

    /// Adds a place.
    pub(crate) fn push(&mut self, place: u32) {
        match self {
            Self::Short(places) => places.push(u16::try_from(place).unwrap_or(u16::MAX)),
            Self::Long(places) => places.push(place),
        }
    }

    /// Makes so many places that are all 0.
    pub(crate) fn fill(&mut self, count: usize) {
        match self {
            Self::Short(places) => *places = vec![0; count],
            Self::Long(places) => *places = vec![0; count],
        }
    }

    /// Puts a place at one that there is.
    ///
    /// # Panics
    ///
    /// If there are not as many.
    pub(crate) fn set(&mut self, at: usize, place: u32) {
        match self {
            Self::Short(places) => places[at] = u16::try_from(place).unwrap_or(u16::MAX),
            Self::Long(places) => places[at] = place,
        }
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        match self {
            Self::Short(places) => places.len(),
            Self::Long(places) => places.len(),
        }
    }

    /// One of them.
    ///
    /// # Panics
    ///
    /// If there are not as many.
    pub(crate) fn at(&self, at: usize) -> u32 {
        match self {
            Self::Short(places) => u32::from(places[at]),
            Self::Long(places) => places[at],
        }
    }
}

impl From<Vec<u32>> for Places {
    fn from(places: Vec<u32>) -> Self {
        match places.iter().all(|place| *place < u32::from(u16::MAX)) {
            true => Self::Short(places.into_iter().map(|place| place as u16).collect()),
            false => Self::Long(places),
        }
    }
}

/// Values of a matrix; counts take two bytes each.
#[derive(Clone, Debug, PartialEq)]
pub enum Values {
    /// Whole numbers from 0 to 65,535.
    Counts(Vec<u16>),
    /// Any.
    Single(Vec<f32>),
}

impl Default for Values {
    fn default() -> Self {
        Self::Counts(Vec::new())
    }
}

impl Values {
    /// The value is a count that takes two bytes.
    pub(crate) fn is_count(value: f64) -> bool {
        f64::from(value as u16) == value
    }

    /// Makes room for so many more.
    pub(crate) fn reserve(&mut self, count: usize) {
        match self {
            Self::Counts(values) => values.reserve_exact(count),
            Self::Single(values) => values.reserve_exact(count),
        }
    }

    /// Takes any value from here on, with room for so many in all.
    pub(crate) fn widen(&mut self, count: usize) {
        if let Self::Counts(counts) = self {
            let mut values = Vec::with_capacity(count.max(counts.len()));
            values.extend(counts.iter().copied().map(f32::from));
            *self = Self::Single(values);
        }
    }

    /// Adds a value, in single precision.
    pub(crate) fn push(&mut self, value: f64) {
        if let Self::Counts(counts) = self
            && !Self::is_count(value)
        {
            let room = counts.capacity();
            self.widen(room);
        }
        match self {
            Self::Counts(values) => values.push(value as u16),
            Self::Single(values) => values.push(value as f32),
        }
    }

    /// Puts a value in the place of another; counts stay counts.
    ///
    /// # Panics
    ///
    /// If there are not as many.
    pub(crate) fn set(&mut self, at: usize, value: f64) {
        match self {
            Self::Counts(values) => values[at] = value as u16,
            Self::Single(values) => values[at] = value as f32,
        }
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        match self {
            Self::Counts(values) => values.len(),
            Self::Single(values) => values.len(),
        }
    }

    /// One of them.
    ///
    /// # Panics
    ///
    /// If there are not as many.
    pub(crate) fn at(&self, at: usize) -> f64 {
        match self {
            Self::Counts(values) => f64::from(values[at]),
            Self::Single(values) => f64::from(values[at]),
        }
    }
}

impl From<Vec<f32>> for Values {
    fn from(values: Vec<f32>) -> Self {
        match values.iter().all(|value| Self::is_count(f64::from(*value))) {
            true => Self::Counts(values.into_iter().map(|value| value as u16).collect()),
            false => Self::Single(values),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_fit_is_kept_all_the_same() {
        let mut values = Values::default();
        [3.0, 65_535.0].into_iter().for_each(|value| values.push(value));
        assert_eq!(values, Values::Counts(vec![3, 65_535]));
        [0.5, 65_536.0, -1.0].into_iter().for_each(|value| values.push(value));
        assert_eq!(values, Values::Single(vec![3.0, 65_535.0, 0.5, 65_536.0, -1.0]));
        values.push(f64::NAN);
        assert!(values.len() == 6 && values.at(5).is_nan());
    }

    #[test]
    fn a_place_that_is_none_stays_none() {
        let mut places = Places::below(65_535);
        [7, 65_534, 70_000].into_iter().for_each(|place| places.push(place));
        assert_eq!((0..3).map(|at| places.at(at)).collect::<Vec<_>>(), [7, 65_534, 65_535]);
        let mut places = Places::below(65_536);
        places.push(65_535);
        assert_eq!((places.at(0), places.size()), (65_535, 4));
        assert_eq!(Places::from(vec![1, 65_535]), Places::Long(vec![1, 65_535]));
    }
}
