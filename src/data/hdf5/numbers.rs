//! Arrays of numbers. Of a long one a piece is in memory at a time, beside what is made of it.

use super::{Store, is_foreign, too_large, unreadable};
use crate::Result;
use crate::data::expression::{Places, Values};
use crate::data::number::Number;
use crate::data::room;
use hdf5_pure::{Dataset, Datatype, DatatypeByteOrder};

/// Numbers that are read at once of a long array.
const PIECE: u64 = 1 << 20;

impl Store {
    pub(crate) fn numbers(&self, path: &str) -> Result<Vec<f64>> {
        let dataset = self.array(path, 8)?;
        match self.other_numbers(path, &dataset)? {
            Some((bytes, number, big)) => Ok(number.decode(&bytes, big).collect()),
            None => dataset.read_f64().map_err(|error| unreadable(&error).at(path)),
        }
    }

    pub(crate) fn singles(&self, path: &str) -> Result<Vec<f32>> {
        let mut values = Vec::new();
        let read = self.in_pieces(path, |all, numbers, bytes, big| {
            if values.is_empty() {
                room::reserve((all * size_of::<f32>()) as u64)?;
                values.reserve_exact(all);
            }
            values.extend(numbers.decode(bytes, big).map(|value| value as f32));
            Ok(())
        })?;
        if read {
            return Ok(values);
        }
        let dataset = self.array(path, 4)?;
        match self.other_numbers(path, &dataset)? {
            Some((bytes, number, big)) => Ok(number.decode(&bytes, big).map(|value| value as f32).collect()),
            None => dataset.read_f32().map_err(|error| unreadable(&error).at(path)),
        }
    }

    pub(crate) fn integers(&self, path: &str) -> Result<Vec<i64>> {
        let dataset = self.array(path, 8)?;
        match self.other_numbers(path, &dataset)? {
            Some((bytes, number, big)) => Ok(number.decode(&bytes, big).map(|value| value as i64).collect()),
            None => dataset.read_i64().map_err(|error| unreadable(&error).at(path)),
        }
    }

    /// Places of rows or columns below `bound`; what is none becomes one that is not below it.
    pub(crate) fn places(&self, path: &str, bound: usize) -> Result<Places> {
        let place = |value: i64| u32::try_from(value).unwrap_or(u32::MAX);
        let mut places = Places::below(bound);
        let read = self.in_pieces(path, |all, numbers, bytes, big| {
            if places.len() == 0 {
                room::reserve((all * places.size()) as u64)?;
                places.reserve(all);
            }
            numbers.decode(bytes, big).for_each(|value| places.push(place(value as i64)));
            Ok(())
        })?;
        if !read {
            self.integers(path)?.into_iter().for_each(|value| places.push(place(value)));
        }
        Ok(places)
    }

    /// Values of a matrix.
    pub(crate) fn values(&self, path: &str) -> Result<Values> {
        let mut values = Values::default();
        let read = self.in_pieces(path, |all, numbers, bytes, big| {
            let counts = matches!(values, Values::Counts(_));
            if counts && !numbers.decode(bytes, big).all(Values::is_count) {
                room::reserve((all * size_of::<f32>()) as u64)?;
                values.widen(all);
            } else if values.len() == 0 {
                room::reserve((all * size_of::<u16>()) as u64)?;
                values.reserve(all);
            }
            numbers.decode(bytes, big).for_each(|value| values.push(value));
            Ok(())
        })?;
        Ok(if read { values } else { self.singles(path)?.into() })
    }

    /// Reads the numbers of a long array, so that only a piece of it is in memory: `take` gets how many there are in all, and how they lie in the
    /// bytes of a piece. False if the array is short, or not read by the library.
    fn in_pieces(&self, path: &str, mut take: impl FnMut(usize, Number, &[u8], bool) -> Result<()>) -> Result<bool> {
        let dataset = self.dataset(path)?;
        let failed = |error: hdf5_pure::Error| unreadable(&error).at(path);
        let shape = dataset.shape().map_err(failed)?;
        let all = shape.iter().try_fold(1, |product: u64, side| product.checked_mul(*side)).unwrap_or(u64::MAX);
        let Some((number, big)) = number(&dataset.datatype().map_err(failed)?).filter(|_| !is_foreign(&dataset)) else {
            return Ok(false);
        };
        if all <= PIECE {
            return Ok(false);
        }
        self.checked(path, &dataset, 0)?;
        let too_many = || room::reserve(u64::MAX).err().unwrap_or_else(|| too_large(&shape)).at(path);
        let count = usize::try_from(all).ok().filter(|all| all.checked_mul(8).is_some()).ok_or_else(too_many)?;
        // Whole chunks, so that none is unpacked twice.
        let chunk = dataset.chunk_shape().map_err(failed)?.and_then(|sides| sides.first().copied()).unwrap_or(1).max(1);
        let rows = (PIECE / (all / shape[0]).max(1)).max(1).div_ceil(chunk) * chunk;
        for start in (0..shape[0]).step_by(usize::try_from(rows).unwrap_or(usize::MAX)) {
            let bytes = dataset.read_raw_rows(start, rows).map_err(failed)?;
            take(count, number, &bytes, big).map_err(|error| error.at(path))?;
        }
        Ok(true)
    }

    /// Numbers that the library does not read: half precision, bit fields, and those behind filters that are undone here.
    fn other_numbers(&self, path: &str, dataset: &Dataset) -> Result<Option<(Vec<u8>, Number, bool)>> {
        let datatype = dataset.datatype().map_err(|error| unreadable(&error).at(path))?;
        let own = matches!(datatype, Datatype::BitField { .. } | Datatype::FloatingPoint { size: 2, .. });
        match number(&datatype).filter(|_| own || is_foreign(dataset)) {
            Some((number, big)) => Ok(Some((self.elements(path, dataset)?, number, big))),
            None => Ok(None),
        }
    }
}

/// How numbers of a type lie in their bytes, and whether the first byte is the highest; none if they are no numbers.
pub(crate) fn number(datatype: &Datatype) -> Option<(Number, bool)> {
    let whole = |size: &u32| matches!(size, 1 | 2 | 4 | 8);
    let (number, order) = match datatype {
        Datatype::FixedPoint { size, byte_order, layout } if whole(size) => {
            (if layout.signed { Number::Int(*size as usize) } else { Number::Uint(*size as usize) }, byte_order)
        }
        Datatype::BitField { size, byte_order, .. } if whole(size) => (Number::Uint(*size as usize), byte_order),
        Datatype::FloatingPoint { size: 2, byte_order, layout } if layout.exponent_size == 8 => {
            (Number::Bfloat16, byte_order)
        }
        Datatype::FloatingPoint { size, byte_order, .. } if whole(size) && *size > 1 => {
            (Number::Float(*size as usize), byte_order)
        }
        Datatype::Enumeration { base_type, .. } => return number(base_type),
        _ => return None,
    };
    match order {
        DatatypeByteOrder::LittleEndian => Some((number, false)),
        DatatypeByteOrder::BigEndian => Some((number, true)),
        DatatypeByteOrder::Vax => None,
    }
}
