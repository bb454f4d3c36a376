//! The words of a page's address.
#![no_main]

use libfuzzer_sys::fuzz_target;
use scimf::protocol::{DatasetSummary, Space, SpaceId};
use scimf_fuzz::meter::Bound;

#[path = "../../app/src/link/path.rs"]
mod path;
#[path = "../../app/src/address/words.rs"]
mod words;

fuzz_target!(|text: &str| {
    Bound { each: 16, besides: 1 << 16 }.hold(text.len(), || {
        let found = words::positions(text, 1..9);
        assert!(found.len() <= 8 && found.iter().all(|position| (1..9).contains(position)));
        assert_eq!(words::positions(&words::list(&found), 1..9), found);
        assert!(words::positions(text, 0..0).is_empty());
        if let Some(number) = words::number(text, [1.0, 1e6], true) {
            assert!((1.0..=1e6).contains(&number) && f64::from(number as u32) == number);
        }
        assert!(words::number(text, [0.0, 2.0], false).is_none_or(|number| (0.0..=2.0).contains(&number)));
        assert!(words::position(text, 7).is_none_or(|position| position < 7));
        let counted = words::counted(text, |word| (word == "gene").then_some(3));
        assert!(counted.is_none_or(|(word, position)| word == "gene" && position < 3));
        if let Some(path) = path::study(text) {
            assert!(path.split('/').all(|part| !part.is_empty() && !part.starts_with('.')));
            assert!(!path.contains([':', '%', '\\', '?', '#']));
        }
        let umap = Space { id: SpaceId::Embedding(0), name: "UMAP".into(), axes: Default::default() };
        let dataset =
            DatasetSummary { dimensions: 10, axis: "PC".into(), spaces: vec![umap], ..DatasetSummary::default() };
        if let Some(space) = dataset.space_named(text) {
            assert!(dataset.space(space).is_some());
        }
    });
});
