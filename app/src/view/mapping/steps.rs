//! From expression values to principal components: every step with its parameter.

use super::model_space::kind;
use super::step::{Step, StepNumber};
use crate::prelude::*;
use crate::view::time_boxes::TimeBoxes;
use scimf::protocol::{FileSummary, Flavour, Mapping, ModelSpace, Preprocessing, ValueKind, VariableGenes};

/// What is kept where a step is taken up again.
const GENES: usize = 2000;
const LIBRARY: f64 = 1e4;

/// The steps in their order; nothing while the model space is an array of the file.
#[component]
pub fn Steps(
    /// What is in the file.
    file: FileSummary,
    /// The choice.
    mapping: RwSignal<Mapping>,
) -> impl IntoView {
    let steps = Memo::new(move |_| {
        mapping.with(|it| match &it.model_space {
            ModelSpace::Computed(steps) => Some(steps.clone()),
            ModelSpace::Stored(_) => None,
        })
    });
    let matrix = Memo::new(move |_| steps.with(|steps| steps.as_ref().map(|steps| steps.matrix.clone())));
    let matrices = StoredValue::new(file.matrices);
    let cells = file.cells;
    move || {
        let name = matrix.get()?;
        let matrix = matrices.with_value(|all| all.iter().find(|matrix| matrix.name == name).cloned())?;
        Some(view! {
            <section class="steps" aria-labelledby="steps-title">
                <h3 id="steps-title">"How the principal components are computed"</h3>
                <p>
                    <strong>{matrix.name.clone()}</strong> " holds " {kind(matrix.values)} ". "
                    <span class="quiet">{matrix.evidence.clone()}</span>
                </p>
                <List mapping steps values=matrix.values genes=matrix.genes cells/>
            </section>
        })
    }
}

/// The steps of one matrix.
#[component]
fn List(
    mapping: RwSignal<Mapping>,
    steps: Memo<Option<Preprocessing>>,
    values: ValueKind,
    genes: usize,
    cells: usize,
) -> impl IntoView {
    let change = move |change: &dyn Fn(&mut Preprocessing)| {
        mapping.update(|it| {
            if let ModelSpace::Computed(steps) = &mut it.model_space {
                change(steps);
            }
        });
    };
    let variable = move || steps.with(|it| it.as_ref().and_then(|it| it.variable_genes));
    let library = move || steps.with(|it| it.as_ref().and_then(|it| it.target_sum));
    let log1p = move || steps.with(|it| it.as_ref().is_some_and(|it| it.log1p));
    let z_score = move || steps.with(|it| it.as_ref().is_some_and(|it| it.z_score));
    let components = move || steps.with(|it| it.as_ref().map(|it| it.components as f64));
    let held_out = move || steps.with(|it| it.as_ref().map_or_else(Vec::new, |it| it.held_out.clone()));
    let linear = matches!(values, ValueKind::Counts | ValueKind::Normalised);
    let scaled = (values == ValueKind::Scaled).then_some("These values are scaled already: some are negative.");
    let logged = match values {
        ValueKind::Counts | ValueKind::Normalised => None,
        ValueKind::LogNormalised => Some("These values are logarithms already."),
        ValueKind::Scaled => scaled,
    };
    let labels = Memo::new(move |_| mapping.with(|it| it.time_order.clone()));
    let toggle = move |time: usize| {
        change(&|steps| match steps.held_out.binary_search(&time) {
            Ok(at) => drop(steps.held_out.remove(at)),
            Err(at) => steps.held_out.insert(at, time),
        });
    };
    let rank = cells.min(genes).saturating_sub(1).max(1);
    view! {
        <ol>
            <Step
                name="Variable genes"
                hint="Keeps the genes that differ most between cells, relative to how much they are expressed; the others add noise."
                on=Signal::derive(move || variable().is_some())
                set=move |on: bool| change(&|it| it.variable_genes = on.then_some(VariableGenes { count: GENES.min(genes), flavour: Flavour::Seurat }))
                locked=Signal::stored(scaled)
                whole=true
            >
                <StepNumber
                    label="Number of variable genes"
                    unit="genes"
                    min=1.0
                    max=genes as f64
                    disabled=Signal::derive(move || variable().is_none())
                    value=Signal::derive(move || variable().map(|it| it.count as f64))
                    set=move |n: f64| change(&|it| if let Some(it) = &mut it.variable_genes { it.count = n as usize })
                />
                <select
                    aria-label="Rule for variable genes"
                    title=(values != ValueKind::Counts).then_some("The variance-stabilising rule needs counts.")
                    disabled=move || variable().is_none()
                    on:change:target=move |event| {
                        let flavour = if event.target().value() == "vst" { Flavour::Vst } else { Flavour::Seurat };
                        change(&|it| if let Some(it) = &mut it.variable_genes { it.flavour = flavour });
                    }
                >
                    <option value="seurat" prop:selected=move || variable().is_none_or(|it| it.flavour == Flavour::Seurat)>
                        "by dispersion (Seurat)"
                    </option>
                    <option
                        value="vst"
                        disabled=values != ValueKind::Counts
                        prop:selected=move || variable().is_some_and(|it| it.flavour == Flavour::Vst)
                    >
                        {if values == ValueKind::Counts { "by variance (vst)" } else { "by variance (vst): needs counts" }}
                    </option>
                </select>
            </Step>
            <Step
                name="Counts per cell"
                hint="Scales each cell to this sum over the kept genes, so that deeply sequenced cells do not stand apart."
                on=Signal::derive(move || library().is_some())
                set=move |on: bool| change(&|it| it.target_sum = on.then_some(LIBRARY))
                locked=Signal::stored(logged)
            >
                <StepNumber
                    label="Counts per cell after scaling"
                    unit="counts"
                    min=1.0
                    max=1e9
                    whole=false
                    disabled=Signal::derive(move || library().is_none())
                    value=Signal::derive(library)
                    set=move |x: f64| change(&|it| it.target_sum = Some(x))
                />
            </Step>
            <Step
                name="Logarithm"
                hint="log(1 + x): differences become ratios, so that a few strong genes do not decide everything."
                on=Signal::derive(log1p)
                set=move |on: bool| change(&|it| it.log1p = on && linear)
                locked=Signal::stored(logged)
            />
            <Step
                name="z-score"
                hint="Divides each gene by its standard deviation: every kept gene weighs the same. All genes are centred anyway."
                on=Signal::derive(z_score)
                set=move |on: bool| change(&|it| it.z_score = on)
            />
            <Step name="Principal components" hint="Dimensions of the model space: more keep more of the differences between cells, and train more slowly.">
                <StepNumber
                    label="Principal components"
                    unit="components"
                    min=2.0
                    max=rank.min(500) as f64
                    disabled=false
                    value=Signal::derive(components)
                    set=move |n: f64| change(&|it| (it.components, it.at_most) = (n as usize, false))
                />
            </Step>
            <li class="step whole">
                <TimeBoxes
                    legend="Held-out time points"
                    hint="Nothing is fitted on these: genes, means and components come from the others alone, so that a later evaluation is fair."
                    tip="Fit nothing on these cells, to evaluate the model on them later."
                    labels
                    chosen=Signal::derive(held_out)
                    toggle
                    disabled=false
                />
            </li>
        </ol>
    }
}
