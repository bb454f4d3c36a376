//! Numbers as files store them.

use half::{bf16, f16};

/// How one number is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Number {
    /// True or false in one byte.
    Bool,
    /// Signed integer of so many bytes.
    Int(usize),
    /// Unsigned integer of so many bytes.
    Uint(usize),
    /// IEEE 754 of 2, 4 or 8 bytes.
    Float(usize),
    /// The upper half of an IEEE 754 single.
    Bfloat16,
}

impl Number {
    /// Bytes that one number takes.
    pub(crate) fn size(self) -> usize {
        match self {
            Self::Bool => 1,
            Self::Bfloat16 => 2,
            Self::Int(size) | Self::Uint(size) | Self::Float(size) => size,
        }
    }

    /// The numbers in `bytes`, which lie without gaps; a remainder is left out.
    pub(crate) fn decode(self, bytes: &[u8], big_endian: bool) -> impl Iterator<Item = f64> {
        bytes.chunks_exact(self.size()).map(move |chunk| {
            let mut word = [0; 8];
            word[..chunk.len()].copy_from_slice(chunk);
            if big_endian {
                word[..chunk.len()].reverse();
            }
            let bits = u64::from_le_bytes(word);
            match self {
                Self::Bool | Self::Uint(_) => bits as f64,
                Self::Int(size) => {
                    let shift = 64 - 8 * size as u32;
                    (((bits << shift) as i64) >> shift) as f64
                }
                Self::Float(2) => f16::from_bits(bits as u16).to_f64(),
                Self::Float(4) => f64::from(f32::from_bits(bits as u32)),
                Self::Float(_) => f64::from_bits(bits),
                Self::Bfloat16 => bf16::from_bits(bits as u16).to_f64(),
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_is_decoded() {
        let decode = |number: Number, bytes: &[u8], big| number.decode(bytes, big).collect::<Vec<_>>();
        assert_eq!(decode(Number::Int(1), &[255, 7], false), [-1.0, 7.0]);
        assert_eq!(decode(Number::Uint(2), &[1, 0, 255, 255], false), [1.0, 65535.0]);
        assert_eq!(decode(Number::Int(4), &[255, 255, 255, 254], true), [-2.0]);
        assert_eq!(decode(Number::Int(8), &(-3i64).to_le_bytes(), false), [-3.0]);
        assert_eq!(decode(Number::Float(2), &[0x00, 0xc1], false), [-2.5]);
        assert_eq!(decode(Number::Bfloat16, &[0x20, 0xc0], false), [-2.5]);
        assert_eq!(decode(Number::Float(4), &1.5f32.to_be_bytes(), true), [1.5]);
        assert_eq!(decode(Number::Float(8), &1.5f64.to_le_bytes(), false), [1.5]);
    }
}
