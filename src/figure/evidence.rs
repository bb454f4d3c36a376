//! Evidence of who acts on whom: its table, what it says in words, and which links the data determine.

mod beyond;
mod determined;
mod number;
mod planted;
mod report;
mod svg;
mod table;
mod words;

pub use beyond::{Beyond, PALE};
pub use determined::{Determined, LEGEND};
pub use number::Number;
pub use planted::Planted;
pub use report::Report;
pub use svg::to_svg;
pub use table::{Column, sorted, to_csv};
pub use words::{headline, interval, link_words, next, source, spread};

#[cfg(test)]
pub(super) mod tests {
    use crate::protocol::{
        CellType, Contrast, DatasetSummary, Evidence, LinearEstimate, Link, NextSample, Sample, Spread, Verdict,
    };

    /// Three types and, where `samples`, a control and a sample without the first.
    pub fn dataset(samples: bool) -> DatasetSummary {
        let kind = |name: &str| CellType { name: name.into(), color: None, cells: 90 };
        let sample =
            |name: &str, lacks: &[usize]| Sample { name: name.into(), lacks: lacks.to_vec(), ..Sample::default() };
        DatasetSummary {
            name: "study".into(),
            cell_types: ["Axial", "Neural, dorsal", "Gut"].map(kind).to_vec(),
            samples: if samples { vec![sample("control", &[]), sample("no Axial", &[0])] } else { Vec::new() },
            ..DatasetSummary::default()
        }
    }

    fn link(receiver: usize, sender: usize, determinability: f32, verdict: Verdict) -> Link {
        let nothing = [None; 2];
        let [effect, twin] = nothing;
        Link {
            receiver,
            sender,
            determinability: Some(determinability),
            contrast: None,
            linear: None,
            effect,
            twin,
            verdict,
        }
    }

    /// What the sample without the first type tells: its action on the second.
    pub fn evidence() -> Evidence {
        let mut links = vec![
            link(0, 1, 0.003, Verdict::Undetermined),
            link(0, 2, 0.01, Verdict::Undetermined),
            link(1, 0, 0.31, Verdict::Supported),
            link(1, 2, 0.002, Verdict::Undetermined),
            link(2, 0, 0.2, Verdict::NotSupported),
            link(2, 1, 0.004, Verdict::Undetermined),
        ];
        links[2].contrast = Some(Contrast { f: 4.25, times: 6, threshold: 1.5 });
        links[2].linear = Some(LinearEstimate { coefficient: 0.4, t: 5.5 });
        links[2].effect = Some(Spread { mean: 0.2, sd: 0.01, interval: Some([0.18, 0.23]) });
        links[2].twin = Some(Spread { mean: 0.05, sd: 0.02, interval: None });
        links[4].contrast = Some(Contrast { f: 1.1, times: 6, threshold: 1.5 });
        Evidence {
            links,
            own: vec![Some(0.1), Some(0.001), None],
            experiments: vec![
                NextSample { lacks: 1, receivers: vec![0, 2] },
                NextSample { lacks: 2, receivers: vec![1] },
            ],
            ..Evidence::default()
        }
    }
}
