//! A packed table whose text repeats: it may be far longer than the file.
#![no_main]

use libfuzzer_sys::fuzz_target;

use arbitrary::Arbitrary;
use scimf_fuzz::build::gzip;
use scimf_fuzz::{attempt, file, meter::Bound};

#[derive(Arbitrary, Debug)]
struct Input<'a> {
    times: u16,
    flipped: Option<(u16, u8)>,
    head: &'a [u8],
    again: &'a [u8],
}

fuzz_target!(|input: Input| {
    let text = [input.head, &input.again.repeat(usize::from(input.times) % 2000)].concat();
    let mut packed = gzip(&text);
    if let Some((at, bits)) = input.flipped {
        let at = usize::from(at) % packed.len();
        packed[at] ^= bits;
    }
    Bound { each: 256, besides: 1 << 20 }
        .hold(text.len() + packed.len(), || attempt(vec![file("study.csv.gz", &packed)]));
});
