//! Number arrays that travel as bytes.

use serde::de::{self, Deserialize, Deserializer, Visitor};
use serde::ser::{Serialize, Serializer};
use std::{fmt, marker::PhantomData, ops::Deref};

/// A vector of numbers that serialises as little-endian bytes.
///
/// In the browser a byte string becomes a `Uint8Array`, whose buffer is transferred between page and worker without a copy; a plain
/// `Vec<f32>` would become a JavaScript array of boxed numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Array<T>(pub Vec<T>);

/// A number with a fixed little-endian layout.
pub trait Element: Copy {
    /// Size in bytes.
    const SIZE: usize;
    /// Writes the number to exactly [`Self::SIZE`] bytes.
    fn put(self, out: &mut [u8]);
    /// Reads the number from exactly [`Self::SIZE`] bytes.
    fn get(bytes: &[u8]) -> Self;
    /// Reads all numbers.
    fn get_all(bytes: Vec<u8>) -> Vec<Self> {
        bytes.chunks_exact(Self::SIZE).map(Self::get).collect()
    }
}

macro_rules! element {
    ($($t:ty),*) => {$(
        impl Element for $t {
            const SIZE: usize = size_of::<$t>();
            fn put(self, out: &mut [u8]) {
                out.copy_from_slice(&self.to_le_bytes());
            }
            fn get(bytes: &[u8]) -> Self {
                let mut raw = [0; size_of::<$t>()];
                raw.copy_from_slice(bytes);
                <$t>::from_le_bytes(raw)
            }
        }
    )*};
}
element!(u16, u32, f32, f64);

impl Element for u8 {
    const SIZE: usize = 1;
    fn put(self, out: &mut [u8]) {
        out[0] = self;
    }
    fn get(bytes: &[u8]) -> Self {
        bytes[0]
    }
    /// They stay where they are: a file may fill a good part of the memory.
    fn get_all(bytes: Vec<u8>) -> Vec<Self> {
        bytes
    }
}

impl<T> Default for Array<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> From<Vec<T>> for Array<T> {
    fn from(values: Vec<T>) -> Self {
        Self(values)
    }
}

impl<T> Deref for Array<T> {
    type Target = [T];
    fn deref(&self) -> &[T] {
        &self.0
    }
}

impl<T: Element> Serialize for Array<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut bytes = vec![0; self.0.len() * T::SIZE];
        bytes.chunks_exact_mut(T::SIZE).zip(&self.0).for_each(|(bytes, value)| value.put(bytes));
        serializer.serialize_bytes(&bytes)
    }
}

impl<'de, T: Element> Deserialize<'de> for Array<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Bytes<T>(PhantomData<T>);
        impl<'de, T: Element> Visitor<'de> for Bytes<T> {
            type Value = Array<T>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "bytes, {} for each number", T::SIZE)
            }
            fn visit_bytes<E: de::Error>(self, bytes: &[u8]) -> Result<Array<T>, E> {
                self.visit_byte_buf(bytes.to_vec())
            }
            fn visit_byte_buf<E: de::Error>(self, bytes: Vec<u8>) -> Result<Array<T>, E> {
                if !bytes.len().is_multiple_of(T::SIZE) {
                    return Err(E::invalid_length(bytes.len(), &self));
                }
                Ok(Array(T::get_all(bytes)))
            }
            fn visit_seq<A: de::SeqAccess<'de>>(self, mut seq: A) -> Result<Array<T>, A::Error> {
                let mut bytes = Vec::new();
                while let Some(byte) = seq.next_element::<u8>()? {
                    bytes.push(byte);
                }
                self.visit_byte_buf(bytes)
            }
        }
        deserializer.deserialize_byte_buf(Bytes(PhantomData))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_come_back_as_they_were() {
        let sent = Array(vec![1.5f32, -0.0, f32::MAX]);
        let text = serde_json::to_string(&sent).unwrap();
        assert_eq!(serde_json::from_str::<Array<f32>>(&text).unwrap(), sent);
    }

    #[test]
    fn a_cut_number_is_refused() {
        assert!(serde_json::from_str::<Array<f32>>("[0,0,1]").is_err());
    }
}
