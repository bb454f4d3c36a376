//! What stands over the page or beside it: the export, the help, the tour, the drawer.

use crate::signals::RwSignal;

/// At most one of the dialogs is open.
#[derive(Clone, Copy, Default)]
pub struct Dialogs {
    /// The figure that is being exported, by its key in [`crate::export::FIGURES`].
    pub export: RwSignal<Option<&'static str>>,
    /// Something is looked for by its name.
    pub find: RwSignal<bool>,
    /// What is being explained.
    pub help: RwSignal<Option<Topic>>,
    /// The step of the tour.
    pub tour: RwSignal<Option<usize>>,
    /// The panel that has the whole window, by its key.
    pub full: RwSignal<Option<&'static str>>,
    /// Size of the dock as a share of the window, if the user chose it.
    pub dock: RwSignal<Option<f64>>,
    /// Large type and nothing but the views, for a lecture.
    pub lecture: RwSignal<bool>,
    /// What ends when the files that wait are opened, in a sentence.
    pub leaving: RwSignal<Option<String>>,
    /// The types of the open dataset are clusters, which can be named.
    pub clustered: RwSignal<bool>,
    /// The clusters of the open dataset are being named.
    pub naming: RwSignal<bool>,
    /// The open panel of the drawer.
    pub drawer: RwSignal<Option<Tab>>,
}

/// A tab of the drawer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tab {
    /// Teach the model.
    Train,
    /// Move cells with it.
    Simulate,
    /// Change something and see what follows.
    Experiments,
    /// Follow genes along the simulation.
    Genes,
    /// See what the data tell of who acts on whom.
    Evidence,
    /// Compare predictions with what was held out.
    Evaluate,
    /// What was done so far.
    Runs,
}

/// Something that can be explained.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Topic {
    /// Keys and gestures.
    Keys,
    /// The equation.
    Drift,
    /// Arrows in a plane.
    Velocity,
    /// Simulated cells.
    Trajectories,
    /// Mean attention weight.
    Attention,
    /// Attention times value vector.
    Influence,
    /// Attention beyond abundance.
    Enrichment,
    /// How one-sided the interactions are.
    NonReciprocity,
    /// Who acts on whom.
    Evidence,
    /// What goes without a sender in a fitted model.
    Effect,
    /// What the training minimises.
    Loss,
    /// Held-out distances.
    Evaluation,
    /// Operators.
    Operators,
    /// Frozen against re-encoded trajectories.
    Linearisation,
    /// Genes that push genes.
    GeneInteractions,
    /// What setting a gene does.
    Perturbation,
    /// A potential.
    Landscape,
    /// Where copies of cells end.
    Fates,
    /// Between two groups of cells.
    Path,
    /// Which program this is, and how to cite it.
    About,
}

impl Topic {
    /// In the order of the list.
    pub const ALL: [Self; 20] = [
        Self::Keys,
        Self::Drift,
        Self::Velocity,
        Self::Trajectories,
        Self::Attention,
        Self::Influence,
        Self::Enrichment,
        Self::NonReciprocity,
        Self::Evidence,
        Self::Effect,
        Self::Loss,
        Self::Evaluation,
        Self::Operators,
        Self::Linearisation,
        Self::GeneInteractions,
        Self::Perturbation,
        Self::Landscape,
        Self::Fates,
        Self::Path,
        Self::About,
    ];
}
