//! NumPy's `.npy` arrays of numbers, versions 1 to 3 of the format (NumPy Enhancement Proposal 1).

use crate::data::number::Number;
use crate::data::room;
use crate::{Error, Result};

/// An array of one or two dimensions, in row-major order whatever the file had.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Npy<T> {
    pub(crate) shape: Vec<usize>,
    pub(crate) values: Vec<T>,
}

/// Reads an array of numbers, each of which `as_kept` turns into what is kept: large arrays must not take more room on the way than at the end.
/// One without dimensions, a single number, is read as one of length 1.
///
/// # Errors
///
/// If it is not an array of numbers with one or two dimensions, or the shape does not fit the bytes.
pub(crate) fn read<T: Copy>(bytes: &[u8], as_kept: impl Fn(f64) -> T) -> Result<Npy<T>> {
    let Header { descr, fortran, shape, data } = header(bytes)?;
    let number = kind(descr).ok_or_else(|| {
        Error::input(format!("this .npy array holds “{descr}”, not numbers"))
            .remedy("Save it as float32 or as integers, for example with `array.astype(\"float32\")`.")
    })?;
    let length = shape.iter().try_fold(number.size(), |product, side| product.checked_mul(*side));
    // Rows without columns take no bytes, however many there are said to be.
    let endless = matches!(shape[..], [rows, 0] if rows > 0);
    if !(1..=2).contains(&shape.len()) || length != Some(data.len()) || endless {
        return Err(does_not_fit(&shape, descr, data));
    }
    room::reserve((data.len() / number.size() * size_of::<T>()) as u64)?;
    let mut values: Vec<T> = number.decode(data, descr.starts_with('>')).map(as_kept).collect();
    if let (true, &[rows, cols]) = (fortran, shape.as_slice()) {
        values = (0..rows).flat_map(|row| (0..cols).map(move |col| col * rows + row)).map(|at| values[at]).collect();
    }
    Ok(Npy { shape, values })
}

/// Reads an array of texts of one dimension (`<U`: UTF-32, padded by zeros).
///
/// # Errors
///
/// If it is another array, or the shape does not fit the bytes.
pub(crate) fn read_texts(bytes: &[u8]) -> Result<Vec<String>> {
    let Header { descr, shape, data, .. } = header(bytes)?;
    let width = descr.strip_prefix("<U").and_then(|width| width.parse::<usize>().ok()).filter(|width| *width > 0);
    let (Some(width), &[_]) = (width, shape.as_slice()) else {
        return Err(Error::input(format!("this .npy array holds “{descr}” in shape {shape:?}, not a list of texts"))
            .remedy("Save it with `numpy.array([…], dtype=str)`."));
    };
    if width.checked_mul(4).and_then(|size| size.checked_mul(shape[0])) != Some(data.len()) {
        return Err(does_not_fit(&shape, descr, data));
    }
    let letter = |bytes: &[u8]| {
        let code = Number::Uint(4).decode(bytes, false).next().unwrap_or_default() as u32;
        char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER)
    };
    let text = |bytes: &[u8]| bytes.chunks_exact(4).map(letter).collect::<String>().trim_end_matches('\0').to_owned();
    Ok(data.chunks_exact(4 * width).map(text).collect())
}

fn does_not_fit(shape: &[usize], descr: &str, data: &[u8]) -> Error {
    Error::input(format!("shape {shape:?} of “{descr}” does not fit {} bytes", data.len()))
}

/// What an array says of itself, and its content.
struct Header<'a> {
    descr: &'a str,
    fortran: bool,
    shape: Vec<usize>,
    data: &'a [u8],
}

fn header(bytes: &[u8]) -> Result<Header<'_>> {
    let (header, data) = split(bytes).ok_or_else(|| Error::input("this is not a .npy array"))?;
    let field = |key: &str| {
        let rest = header.split_once(key)?.1.trim_start().strip_prefix(':')?.trim_start();
        Some(rest)
    };
    let unreadable = || Error::input(format!("the header of this .npy array cannot be read: {}", header.trim()));
    let descr = field("'descr'").ok_or_else(unreadable)?;
    let descr = descr.strip_prefix('\'').and_then(|rest| rest.split('\'').next()).ok_or_else(|| {
        Error::input("this .npy array is a table of records, not of numbers").remedy("Save a plain array of numbers.")
    })?;
    let fortran = field("'fortran_order'").ok_or_else(unreadable)?.starts_with("True");
    let shape = field("'shape'").and_then(|rest| rest.strip_prefix('(')).ok_or_else(unreadable)?;
    let shape = shape.split(')').next().unwrap_or_default();
    let mut shape: Vec<usize> = shape
        .split(',')
        .map(str::trim)
        .filter(|side| !side.is_empty())
        .map(|side| side.parse().map_err(|_| unreadable()))
        .collect::<Result<_>>()?;
    if shape.is_empty() {
        shape.push(1);
    }
    Ok(Header { descr, fortran, shape, data })
}

/// Header text and data.
fn split(bytes: &[u8]) -> Option<(&str, &[u8])> {
    let rest = bytes.strip_prefix(b"\x93NUMPY")?;
    let (version, rest) = rest.split_at_checked(2)?;
    let (length, rest) = if version[0] == 1 {
        let (length, rest) = rest.split_first_chunk::<2>()?;
        (usize::from(u16::from_le_bytes(*length)), rest)
    } else {
        let (length, rest) = rest.split_first_chunk::<4>()?;
        (u32::from_le_bytes(*length) as usize, rest)
    };
    let (header, data) = rest.split_at_checked(length)?;
    Some((std::str::from_utf8(header).ok()?, data))
}

fn kind(descr: &str) -> Option<Number> {
    Some(match descr.trim_start_matches(['<', '>', '|', '=']) {
        "b1" => Number::Bool,
        "i1" => Number::Int(1),
        "i2" => Number::Int(2),
        "i4" => Number::Int(4),
        "i8" => Number::Int(8),
        "u1" => Number::Uint(1),
        "u2" => Number::Uint(2),
        "u4" => Number::Uint(4),
        "u8" => Number::Uint(8),
        "f2" => Number::Float(2),
        "f4" => Number::Float(4),
        "f8" => Number::Float(8),
        _ => return None,
    })
}

/// Writes 32-bit floating point numbers.
pub(crate) fn write_f32(shape: &[usize], values: &[f32]) -> Vec<u8> {
    write("<f4", shape, values.iter().flat_map(|value| value.to_le_bytes()))
}

/// Writes numbers of one dimension: as indices if they all are, which takes less room, else as 32-bit floating point numbers.
pub(crate) fn write_numbers(values: &[f32]) -> Vec<u8> {
    let whole = |value: &f32| value.fract() == 0.0 && (0.0..=f32::from(u16::MAX)).contains(value);
    if values.iter().all(whole) {
        write_indices(&values.iter().map(|value| *value as u32).collect::<Vec<_>>())
    } else {
        write_f32(&[values.len()], values)
    }
}

/// Writes indices, in 16 bits each where they fit.
pub(crate) fn write_indices(values: &[u32]) -> Vec<u8> {
    let shape = [values.len()];
    if values.iter().all(|value| u16::try_from(*value).is_ok()) {
        write("<u2", &shape, values.iter().flat_map(|value| (*value as u16).to_le_bytes()))
    } else {
        write("<u4", &shape, values.iter().flat_map(|value| value.to_le_bytes()))
    }
}

fn write(descr: &str, shape: &[usize], data: impl Iterator<Item = u8>) -> Vec<u8> {
    let shape: String = shape.iter().map(|side| format!("{side}, ")).collect();
    let mut header = format!("{{'descr': '{descr}', 'fortran_order': False, 'shape': ({}), }}", shape.trim_end());
    // Magic, version, length and header end at a multiple of 64 bytes, the last of them a line break.
    let length = (10 + header.len() + 1).next_multiple_of(64) - 10;
    header.extend(std::iter::repeat_n(' ', length - 1 - header.len()));
    header.push('\n');
    let mut bytes = b"\x93NUMPY\x01\x00".to_vec();
    bytes.extend((length as u16).to_le_bytes());
    bytes.extend(header.bytes());
    bytes.extend(data);
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> Result<Npy<f64>> {
        super::read(bytes, |value| value)
    }

    fn with_header(header: &str, data: &[u8]) -> Vec<u8> {
        let mut bytes = b"\x93NUMPY\x01\x00".to_vec();
        bytes.extend((header.len() as u16).to_le_bytes());
        bytes.extend(header.bytes());
        bytes.extend(data);
        bytes
    }

    #[test]
    fn what_is_written_is_read() {
        let bytes = write_f32(&[2, 3], &[1.0, 2.0, 3.0, 4.0, 5.0, 6.5]);
        assert_eq!(bytes.len(), 128 + 24);
        assert_eq!(read(&bytes).unwrap(), Npy { shape: vec![2, 3], values: vec![1.0, 2.0, 3.0, 4.0, 5.0, 6.5] });
        assert_eq!(read(&write_indices(&[0, 70_000])).unwrap().values, [0.0, 70_000.0]);
        assert_eq!(read(&write_indices(&[1, 2])).unwrap().shape, [2]);
    }

    #[test]
    fn texts_are_read() {
        let letters = |text: &str| text.chars().flat_map(|letter| (letter as u32).to_le_bytes()).collect::<Vec<_>>();
        let bytes = with_header("{'descr': '<U3', 'fortran_order': False, 'shape': (2,), }\n", &letters("dé\0abc"));
        assert_eq!(read_texts(&bytes).unwrap(), ["dé", "abc"]);
        let refused = |header: &str, says: &str| {
            let error = read_texts(&with_header(header, &letters("abc"))).unwrap_err().to_string();
            assert!(error.contains(says), "{error}");
        };
        refused("{'descr': '<U3', 'fortran_order': False, 'shape': (9,), }\n", "does not fit 12 bytes");
        refused("{'descr': '<U0', 'fortran_order': False, 'shape': (1,), }\n", "not a list of texts");
        refused("{'descr': '<f4', 'fortran_order': False, 'shape': (3,), }\n", "not a list of texts");
    }

    #[test]
    fn a_single_number_is_an_array_of_one() {
        let bytes = with_header("{'descr': '|i1', 'fortran_order': False, 'shape': (), }\n", &[7]);
        assert_eq!(read(&bytes).unwrap(), Npy { shape: vec![1], values: vec![7.0] });
    }

    #[test]
    fn fortran_order_is_turned() {
        let bytes = with_header("{'descr': '|i1', 'fortran_order': True, 'shape': (2, 3), }\n", &[1, 4, 2, 5, 3, 6]);
        assert_eq!(read(&bytes).unwrap().values, [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
    }

    #[test]
    fn lies_and_other_things_are_refused() {
        let refused = |header: &str, data: &[u8], says: &str| {
            let error = read(&with_header(header, data)).unwrap_err().to_string();
            assert!(error.contains(says), "{error}");
        };
        let huge = "{'descr': '<f4', 'fortran_order': False, 'shape': (4294967296, 4294967296), }\n";
        refused(huge, &[0; 4], "does not fit 4 bytes");
        refused("{'descr': '<f4', 'fortran_order': False, 'shape': (3,), }\n", &[0; 8], "does not fit 8 bytes");
        let endless = "{'descr': '<f4', 'fortran_order': True, 'shape': (18446744073709551615, 0), }\n";
        refused(endless, &[], "does not fit 0 bytes");
        refused("{'descr': '|O', 'fortran_order': False, 'shape': (3,), }\n", &[0; 8], "“|O”, not numbers");
        refused("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (3,), }\n", &[], "table of records");
        refused("{'descr': '<f4'}", &[], "cannot be read");
        assert!(read(b"\x93NUMPY\x01\x00\xff\xff{").is_err());
        assert!(read(b"PK").is_err());
    }
}
