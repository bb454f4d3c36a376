//! What is chosen about who listens to whom, and the answers for all time points.

use super::{EvidenceState, Models, Samples, State, Strengths};
use crate::prelude::*;
use scimf::figure::evidence::Number;
use scimf::figure::palette::{Rgb, cell_types, distinct};
use scimf::figure::quantity::Quantity;
use scimf::protocol::{CellMatrix, Communication, Evidence, Score};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Types with fewer cells at a time point are left out of the chord.
pub const MINIMUM_CELLS: usize = scimf::figure::operator_grid::MINIMUM_CELLS;
/// With more types than this, only the strongest links are drawn.
pub const FULL: usize = 12;
/// With more types than this, the matrix comes first.
pub const MANY: usize = 24;

/// How attention is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum AttentionView {
    /// Cell types on a circle.
    #[default]
    Chord,
    /// Cell types in rows and columns.
    Matrix,
    /// Single cells in rows and columns.
    Cells,
    /// All links at all time points, in a table.
    Links,
}

/// Which number is shown: of a model's attention, or of the evidence.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Measure {
    /// Mean attention weight.
    #[default]
    Attention,
    /// Attention weight times length of the sender's value vector.
    Influence,
    /// log2 of a sender's share of the attention over its share of the cells.
    Enrichment,
    /// Share of the drift that goes without the sender.
    Effect,
    /// Difference between samples with and without the sender.
    Contrast,
    /// Size of the linear estimate.
    Linear,
    /// Whether the data can tell.
    Determinability,
}

impl Measure {
    /// As the figures know it.
    pub const fn quantity(self) -> Quantity {
        match self {
            Self::Attention | Self::Influence => Quantity::Mean,
            Self::Enrichment => Quantity::Enrichment,
            Self::Effect => Quantity::Told(Number::Effect),
            Self::Contrast => Quantity::Told(Number::Contrast),
            Self::Linear => Quantity::Told(Number::Linear),
            Self::Determinability => Quantity::Told(Number::Determinability),
        }
    }

    /// The measure that shows a number of the evidence.
    pub const fn of(number: Number) -> Self {
        match number {
            Number::Effect => Self::Effect,
            Number::Contrast => Self::Contrast,
            Number::Linear => Self::Linear,
            Number::Determinability => Self::Determinability,
        }
    }
}

/// Which links of a type are shown when it is in focus.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Direction {
    /// Those that it sends.
    Out,
    /// Those that it receives.
    In,
    /// All.
    #[default]
    Both,
}

/// Something that can be pointed at and pinned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// A cell type.
    Type(usize),
    /// A directed pair of types.
    Link {
        /// Type that is listened to.
        sender: usize,
        /// Type that listens.
        receiver: usize,
    },
}

impl Part {
    /// The link belongs to what is in focus.
    pub fn shows(self, sender: usize, receiver: usize, direction: Direction) -> bool {
        match self {
            Self::Type(kind) => match direction {
                Direction::Out => sender == kind,
                Direction::In => receiver == kind,
                Direction::Both => sender == kind || receiver == kind,
            },
            Self::Link { sender: s, receiver: r } => (s, r) == (sender, receiver),
        }
    }

    /// The type is an end of it.
    pub fn touches(self, kind: usize) -> bool {
        match self {
            Self::Type(this) => this == kind,
            Self::Link { sender, receiver } => sender == kind || receiver == kind,
        }
    }

    /// The type to light up in the other views.
    pub fn kind(self) -> usize {
        match self {
            Self::Type(kind) | Self::Link { sender: kind, .. } => kind,
        }
    }
}

/// An answer about a time point, and how old it is.
#[derive(Clone, Debug, PartialEq)]
pub struct Known {
    /// The count of the model's weights when it was asked for.
    pub weights: u32,
    /// The answer.
    pub answer: Arc<Communication>,
}

/// Choices and answers; cheap to copy.
#[derive(Clone, Copy)]
pub struct AttentionState {
    /// How attention is shown.
    pub view: RwSignal<AttentionView>,
    /// The score: [`State::score`].
    score: RwSignal<Score>,
    /// The measure that the user chose; none for the one that says most.
    pub wanted: RwSignal<Option<Measure>>,
    /// The measure that is shown.
    pub measure: Memo<Measure>,
    /// The measure as the figures know it.
    pub quantity: Memo<Quantity>,
    /// Which links of a focused type are shown.
    pub direction: RwSignal<Direction>,
    /// Leave out what types say to themselves.
    pub hide_self: RwSignal<bool>,
    /// Types that are left out.
    pub hidden: RwSignal<Vec<usize>>,
    /// Number of links that are drawn, if the user chose it.
    pub links: RwSignal<Option<usize>>,
    /// What is under the pointer or focus.
    pub pointed: RwSignal<Option<Part>>,
    /// What stays in focus until it is cleared.
    pub pinned: RwSignal<Option<Part>>,
    /// The link whose strength is set.
    pub strengths: Strengths,
    /// Colours that all kinds of colour vision can tell apart, instead of the study's own.
    pub distinct: RwSignal<bool>,
    /// The time point beside the chosen one.
    pub compare: RwSignal<Option<usize>>,
    /// The last answer for each time point.
    pub all: RwSignal<Vec<Option<Known>>>,
    /// Attention between single cells.
    pub cells: RwSignal<Option<Arc<CellMatrix>>>,
    /// The count of the model's weights when one of [`Self::all`] was asked for that is not chosen.
    pub asked: StoredValue<u32>,
}

impl AttentionState {
    /// Nothing is known.
    pub fn new(score: RwSignal<Score>, models: Models, evidence: EvidenceState, samples: Samples) -> Self {
        let (wanted, compare, view) = (RwSignal::new(None), RwSignal::new(None), RwSignal::default());
        let measure = Memo::new(move |_| {
            let attends = models.chosen.get().card().can.attention;
            // Evidence is of types, and of all times and samples together: single cells and comparisons are those of attention.
            let compares = compare.get().is_some() || samples.compared.get().is_some();
            let single = matches!(view.get(), AttentionView::Cells | AttentionView::Links);
            let heard = attends && (compares || single);
            evidence.found.with(|found| measure(wanted.get(), attends, found.as_deref().filter(|_| !heard)))
        });
        Self {
            score,
            view,
            wanted,
            measure,
            quantity: Memo::new(move |_| measure.get().quantity()),
            direction: RwSignal::default(),
            hide_self: RwSignal::new(false),
            hidden: RwSignal::default(),
            links: RwSignal::new(None),
            pointed: RwSignal::new(None),
            pinned: RwSignal::new(None),
            strengths: Strengths::default(),
            distinct: RwSignal::new(false),
            compare,
            all: RwSignal::default(),
            cells: RwSignal::new(None),
            asked: StoredValue::new(0),
        }
    }

    /// Forgets the answers.
    pub fn forget(&self) {
        self.all.set(Vec::new());
        self.cells.set(None);
    }

    /// Another dataset is open: choices about types and times mean nothing there.
    pub fn begin(&self, types: usize) {
        self.hidden.set(Vec::new());
        self.links.set(None);
        self.pointed.set(None);
        self.pinned.set(None);
        self.strengths.forget();
        self.compare.set(None);
        self.view.set(if types > MANY { AttentionView::Matrix } else { AttentionView::Chord });
    }

    /// Keeps an answer.
    pub fn keep(&self, answer: Arc<Communication>, weights: u32) {
        self.all.update(|all| {
            if all.len() <= answer.query.time {
                all.resize(answer.query.time + 1, None);
            }
            let time = answer.query.time;
            all[time] = Some(Known { weights, answer });
        });
    }

    /// What is known of a time point with the chosen score.
    pub fn known(&self, time: usize) -> Option<Known> {
        let score = self.score.get();
        self.all.with(|all| all.get(time)?.clone().filter(|known| known.answer.query.score == score))
    }

    /// The answer for a time point.
    pub fn at(&self, time: usize) -> Option<Arc<Communication>> {
        self.known(time).map(|known| known.answer)
    }

    /// The answer for each time point; the last may be missing altogether.
    pub fn answers(&self) -> Vec<Option<Arc<Communication>>> {
        (0..self.all.with(Vec::len)).map(|time| self.at(time)).collect()
    }

    /// Points at something, or at nothing.
    pub fn point(&self, state: State, part: Option<Part>) {
        if self.pointed.get_untracked() != part {
            self.pointed.set(part);
        }
        let kind = part.or(self.pinned.get_untracked()).map(Part::kind);
        if state.focused_type.get_untracked() != kind {
            state.focused_type.set(kind);
        }
    }

    /// Pins something, or lets it go if it is pinned.
    pub fn pin(&self, part: Part) {
        self.pinned.update(|now| *now = (*now != Some(part)).then_some(part));
    }

    /// Lets everything go.
    pub fn clear(&self, state: State) {
        self.pinned.set(None);
        self.point(state, None);
    }

    /// What is in focus: pointed at, pinned, or lit up by another view.
    pub fn in_focus(&self, state: State) -> Option<Part> {
        self.pointed.get().or(self.pinned.get()).or_else(|| state.focused_type.get().map(Part::Type))
    }
}

/// The measure that is shown: what the user wants if it is there, else effects, else the attention of a model that has it, else what the data
/// tell best.
fn measure(wanted: Option<Measure>, attends: bool, found: Option<&Evidence>) -> Measure {
    let is_there = |measure: &Measure| match measure.quantity().told() {
        Some(number) => found.is_some_and(|found| number.is_in(found)),
        None => attends,
    };
    let best = found.map_or(Number::Effect, Number::best);
    match (wanted.filter(is_there), best) {
        (Some(wanted), _) => wanted,
        (None, Number::Effect) if found.is_some() => Measure::Effect,
        (None, _) if attends => Measure::Attention,
        (None, best) => Measure::of(best),
    }
}

impl State {
    /// Chooses the number to show; none for the one that says most.
    pub fn choose_measure(&self, measure: Option<Measure>) {
        let score = if measure == Some(Measure::Influence) { Score::Influence } else { Score::Attention };
        if self.score.get_untracked() != score {
            self.score.set(score);
        }
        self.attention.wanted.set(measure);
    }

    /// The shown number of the evidence for every pair of types; none while attention is shown, or before there is evidence.
    pub fn told(&self) -> Option<Arc<Communication>> {
        let number = self.attention.quantity.get().told()?;
        let (found, dataset) = (self.evidence.found.get()?, self.dataset.get()?);
        let fits = found.own.len() == dataset.summary.cell_types.len() && number.is_in(&found);
        fits.then(|| Arc::new(number.as_answer(&found, &dataset.summary)))
    }

    /// Puts a time point beside the chosen one, or away if it stands there.
    pub fn compare_with(&self, time: usize) {
        if time != self.time.get_untracked() {
            self.samples.compared.set(None);
            self.attention.compare.update(|now| *now = (*now != Some(time)).then_some(time));
        }
    }

    /// One colour for each cell type of the open dataset, as every view shows it.
    pub fn type_colors(&self) -> Vec<Rgb> {
        let distinct_colors = self.attention.distinct.get();
        self.dataset.with(|dataset| {
            dataset.as_ref().map_or_else(Vec::new, |it| {
                let types = &it.summary.cell_types;
                if distinct_colors { distinct(types) } else { cell_types(types) }
            })
        })
    }

    /// Takes in an answer about the chosen time point (`visible`) or about another one.
    pub fn hear_communication(&self, answer: Communication, visible: bool) {
        if answer.query.score != self.score.get_untracked()
            || answer.query.sample != self.samples.chosen.get_untracked()
        {
            return;
        }
        let answer = Arc::new(answer);
        let weights = if visible {
            untrack(|| self.models.weights_of_able(|can| can.attention))
        } else {
            self.attention.asked.get_value()
        };
        if visible {
            self.keep_heard(&answer);
        }
        self.attention.keep(answer, weights);
    }
}
