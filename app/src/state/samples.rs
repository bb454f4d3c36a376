//! Which sample is shown, and which stands beside it: a population that lived together.

use super::State;
use crate::signals::RwSignal;
use scimf::protocol::{Cells, Communication};
use std::sync::Arc;

/// The chosen samples; cheap to copy.
#[derive(Clone, Copy, Default)]
pub struct Samples {
    /// The one that views answer for; none for all cells of a time point.
    pub chosen: RwSignal<Option<usize>>,
    /// The one beside it.
    pub compared: RwSignal<Option<usize>>,
    /// Who listens to whom in the compared one.
    pub beside: RwSignal<Option<Arc<Communication>>>,
}

/// The cells of a time point, or of one sample among them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Population {
    /// The time point.
    pub time: usize,
    /// The sample; none for all cells of the time point.
    pub sample: Option<usize>,
}

impl Population {
    /// Whether a cell belongs to it.
    pub fn holds(self) -> impl Fn(&Cells, usize) -> bool + use<> {
        let (time, sample) = (self.time as u32, self.sample.map(|sample| sample as u32));
        let of_sample = move |it: Option<&u32>| sample.is_none_or(|sample| it.is_none_or(|it| *it == sample));
        move |cells, cell| cells.times.get(cell) == Some(&time) && of_sample(cells.samples.get(cell))
    }
}

impl Samples {
    /// Another dataset is open.
    pub(super) fn forget(&self) {
        self.chosen.set(None);
        self.compared.set(None);
        self.beside.set(None);
    }
}

impl State {
    /// Names of the open dataset's samples.
    pub fn sample_names(&self) -> Vec<String> {
        self.dataset.with(|it| {
            it.as_ref()
                .map_or_else(Vec::new, |it| it.summary.samples.iter().map(|sample| sample.name.clone()).collect())
        })
    }

    /// Chooses a sample; what was answered for another is forgotten.
    pub fn choose_sample(&self, sample: Option<usize>) {
        if self.samples.chosen.get_untracked() == sample {
            return;
        }
        self.attention.forget();
        self.velocity.set(None);
        self.samples.chosen.set(sample);
        self.samples.compared.update(|compared| *compared = compared.filter(|it| Some(*it) != sample));
    }

    /// Puts a sample beside the chosen one, or away; a time point that stood there goes.
    pub fn compare_with_sample(&self, sample: Option<usize>) {
        self.attention.compare.set(None);
        self.samples.beside.set(None);
        self.samples.compared.set(sample);
    }

    /// The answer about the compared sample at the chosen time.
    pub fn beside(&self) -> Option<Arc<Communication>> {
        let (sample, time, score) = (self.samples.compared.get()?, self.time.get(), self.score.get());
        self.samples.beside.get().filter(|it| {
            let query = it.query;
            (query.sample, query.time, query.score) == (Some(sample), time, score)
        })
    }

    /// A sample has cells at a time point; all samples together do.
    pub fn has_cells(&self, time: usize, sample: Option<usize>) -> bool {
        let Some(sample) = sample else { return true };
        self.dataset.with(|it| {
            it.as_ref().is_some_and(|it| {
                let mut cells = it.cells.times.iter().zip(it.cells.samples.iter());
                cells.any(|(&at, &of)| (at as usize, of as usize) == (time, sample))
            })
        })
    }

    /// The sample whose population is moved from a time point on: the chosen one. Where all are shown and cells hear each other, it is the one with
    /// most of the cells `among`, else the first that lacks least: cells of different samples never met.
    pub fn moved_sample(&self, time: usize, among: &[u32]) -> Option<usize> {
        if let chosen @ Some(_) = self.samples.chosen.get() {
            return chosen;
        }
        self.dataset.with(|it| {
            let it = it.as_ref().filter(|it| it.summary.samples.len() > 1 && self.can().interaction)?;
            let all = &it.summary.samples;
            let (mut here, mut chosen) = (vec![0usize; all.len()], vec![0usize; all.len()]);
            let at = |cell: usize| it.cells.times.get(cell).is_some_and(|&at| at as usize == time);
            let sample = |cell: usize| it.cells.samples.get(cell).map_or(usize::MAX, |&sample| sample as usize);
            let count = |counts: &mut Vec<usize>, cell: usize| {
                if let Some(count) = counts.get_mut(sample(cell)).filter(|_| at(cell)) {
                    *count += 1;
                }
            };
            (0..it.cells.times.len()).for_each(|cell| count(&mut here, cell));
            among.iter().for_each(|&cell| count(&mut chosen, cell as usize));
            let there = (0..all.len()).filter(|&sample| here[sample] > 0);
            there.min_by_key(|&sample| (std::cmp::Reverse(chosen[sample]), all[sample].lacks.len()))
        })
    }

    /// Which cells are in question: those of the chosen time point and, where one is chosen, of the sample.
    pub fn in_question(&self) -> impl Fn(&Cells, usize) -> bool + use<> {
        Population { time: self.time.get(), sample: self.samples.chosen.get() }.holds()
    }

    /// The population whose cells stand beside those in question, if one is compared.
    pub fn compared(&self) -> Option<Population> {
        let (time, sample) = (self.time.get(), self.samples.chosen.get());
        let at_once = self.samples.compared.get().map(|other| Population { time, sample: Some(other) });
        let later = self.attention.compare.get().filter(|other| *other != time && self.can().attention);
        at_once.or(later.map(|time| Population { time, sample }))
    }
}
