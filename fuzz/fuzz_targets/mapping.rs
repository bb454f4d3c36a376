//! A mapping of a study that is right, and the preparation that it asks for.
#![no_main]

use libfuzzer_sys::fuzz_target;

use scimf::data::open::{Opened, open};
use scimf::preprocess::Preparing;
use scimf::protocol::Mapping;
use scimf_fuzz::{explained, file, meter::Bound};

/// Twelve cells at three times with four genes.
const TABLE: &str = "cell,day,kind,note,Actb,Gata4,Sox2,Nanog\n    a,0,x,1,1,0,3,5\nb,0,y,2,2,1,0,1\nc,0,x,3,0,4,1,0\nd,0,y,4,5,0,2,2\n    e,1,x,5,1,2,0,3\nf,1,y,6,0,1,6,0\ng,1,x,7,3,0,1,1\nh,1,y,8,2,2,0,4\n    i,2,x,9,0,3,1,0\nj,2,y,10,1,0,2,5\nk,2,x,11,4,1,0,1\nl,2,y,12,0,5,3,0\n";

/// Pieces after which a preparation of twelve cells must have ended.
const PIECES: usize = 20_000;

fuzz_target!(|bytes: &[u8]| {
    let Ok(mapping) = serde_json::from_slice::<Mapping>(bytes) else { return };
    let Ok(Opened::Study(study)) = open(vec![file("study.csv", TABLE.as_bytes())]) else { panic!("a study") };
    Bound { each: 64, besides: 8 << 20 }.hold(bytes.len(), || {
        let prepared = study.apply(&mapping).and_then(|unprepared| {
            let mut preparing = Preparing::new(unprepared)?;
            for _ in 0..PIECES {
                let (_, done) = preparing.progress();
                assert!(!done.is_nan());
                if let Some(dataset) = preparing.advance()? {
                    assert_eq!(dataset.states.rows, 12);
                    return Ok(());
                }
            }
            panic!("a preparation without end: {mapping:?}");
        });
        if let Err(error) = prepared {
            explained(&error);
        }
    });
});
