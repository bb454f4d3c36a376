//! A short text that is the same for the same data, whatever file they came in.

use super::Dataset;
use std::fmt::Write;

impl Dataset {
    /// SHA-256 of what a model is fitted to, in hexadecimal: number of cells and dimensions, the states (`f32`, little endian, cell after cell), the
    /// time and type of each cell (`u32`), and the labels of the times and types, each behind its length in bytes (`u64`). Where there are samples,
    /// the sample of each cell and their names follow in the same form.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        let mut hash = Sha256::default();
        let count = |hash: &mut Sha256, n: usize| hash.update(&(n as u64).to_le_bytes());
        count(&mut hash, self.states.rows);
        count(&mut hash, self.states.cols);
        self.states.values.iter().for_each(|value| hash.update(&value.to_le_bytes()));
        self.times.iter().chain(&self.cell_types).for_each(|value| hash.update(&value.to_le_bytes()));
        let times = self.time_points.iter().map(|point| &point.label);
        let say = |hash: &mut Sha256, text: &str| {
            count(hash, text.len());
            hash.update(text.as_bytes());
        };
        times.chain(self.types.iter().map(|kind| &kind.name)).for_each(|text| say(&mut hash, text));
        if !self.samples.is_empty() {
            self.cell_samples.iter().for_each(|value| hash.update(&value.to_le_bytes()));
            self.samples.iter().for_each(|sample| say(&mut hash, &sample.name));
        }
        hash.finish()
    }
}

/// SHA-256 (FIPS 180-4).
struct Sha256 {
    state: [u32; 8],
    block: [u8; 64],
    /// Bytes so far.
    length: u64,
}

/// The fractional parts of the cube roots of the first 64 primes.
const ROUNDS: [u32; 64] = [
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98,
    0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786,
    0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8,
    0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13,
    0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819,
    0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a,
    0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7,
    0xc67178f2,
];

impl Default for Sha256 {
    /// The fractional parts of the square roots of the first eight primes.
    fn default() -> Self {
        let state = [0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19];
        Self { state, block: [0; 64], length: 0 }
    }
}

impl Sha256 {
    fn update(&mut self, bytes: &[u8]) {
        for byte in bytes {
            let at = (self.length % 64) as usize;
            self.block[at] = *byte;
            self.length += 1;
            if at == 63 {
                self.compress();
            }
        }
    }

    fn compress(&mut self) {
        let mut w = [0u32; 64];
        for (word, bytes) in w.iter_mut().zip(self.block.chunks_exact(4)) {
            *word = bytes.iter().fold(0, |word, byte| word << 8 | u32::from(*byte));
        }
        for i in 16..64 {
            let low = w[i - 15].rotate_right(7) ^ w[i - 15].rotate_right(18) ^ w[i - 15] >> 3;
            let high = w[i - 2].rotate_right(17) ^ w[i - 2].rotate_right(19) ^ w[i - 2] >> 10;
            w[i] = w[i - 16].wrapping_add(low).wrapping_add(w[i - 7]).wrapping_add(high);
        }
        let [mut a, mut b, mut c, mut d, mut e, mut f, mut g, mut h] = self.state;
        for (word, round) in w.into_iter().zip(ROUNDS) {
            let high = e.rotate_right(6) ^ e.rotate_right(11) ^ e.rotate_right(25);
            let choice = e & f ^ !e & g;
            let one = h.wrapping_add(high).wrapping_add(choice).wrapping_add(round).wrapping_add(word);
            let low = a.rotate_right(2) ^ a.rotate_right(13) ^ a.rotate_right(22);
            let majority = a & b ^ a & c ^ b & c;
            (h, g, f, e, d, c, b, a) =
                (g, f, e, d.wrapping_add(one), c, b, a, one.wrapping_add(low.wrapping_add(majority)));
        }
        let changes = [a, b, c, d, e, f, g, h];
        self.state.iter_mut().zip(changes).for_each(|(word, change)| *word = word.wrapping_add(change));
    }

    fn finish(mut self) -> String {
        let bits = self.length * 8;
        self.update(&[0x80]);
        while self.length % 64 != 56 {
            self.update(&[0]);
        }
        self.update(&bits.to_be_bytes());
        self.state.iter().fold(String::with_capacity(64), |mut text, word| {
            _ = write!(text, "{word:08x}");
            text
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_is_that_of_the_standard() {
        let hash = |bytes: &[u8]| {
            let mut hash = Sha256::default();
            hash.update(bytes);
            hash.finish()
        };
        // The examples of FIPS 180-4, and one of several blocks by Python's hashlib.
        assert_eq!(hash(b""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        assert_eq!(hash(b"abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assert_eq!(hash(&[b'a'; 1000]), "41edece42d63e8d9bf515a9ba6932e1c20cbc9f5a5d134645adb5db1b9737ea3");
    }

    #[test]
    fn each_number_and_label_counts() {
        let dataset = |value: f32, time: u32, label: &str| Dataset {
            states: super::super::Matrix { rows: 2, cols: 1, values: vec![0.5, value] },
            times: vec![0, time],
            cell_types: vec![0, 0],
            time_points: vec![crate::protocol::TimePoint { label: label.into(), value: None, cells: 2 }],
            ..Dataset::default()
        };
        let first = dataset(1.0, 1, "day 2").fingerprint();
        assert_eq!(first, Dataset { name: "another name".into(), ..dataset(1.0, 1, "day 2") }.fingerprint());
        for other in [dataset(1.5, 1, "day 2"), dataset(1.0, 0, "day 2"), dataset(1.0, 1, "day 3")] {
            assert_ne!(first, other.fingerprint());
        }
    }
}
