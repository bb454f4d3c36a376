//! Paths between groups of cells.

use super::entry::Entry;

pub const PATH: Entry = Entry {
    title: "Path between groups",
    words: "Of all ways from the mean of one group of cells to that of another, in any time, the path of least action is the one along which the model's \
            drift leaves least to be made up for. Where the drift alone leads there, the action is 0.",
    formula: "<mrow><mi>S</mi><mo>=</mo><munder><mo>min</mo><mrow><mi>x</mi><mo>,</mo><mi>T</mi></mrow></munder><mfrac><mn>1</mn><mn>2</mn></mfrac>\
              <msubsup><mo>∫</mo><mn>0</mn><mi>T</mi></msubsup><msup><mrow><mo>‖</mo><mover><mi>x</mi><mo>˙</mo></mover><mo>(</mo><mi>s</mi><mo>)</mo>\
              <mo>−</mo><mi>f</mi><mo>(</mo><mi>x</mi><mo>(</mo><mi>s</mi><mo>)</mo><mo>,</mo><mi>s</mi><mo>)</mo><mo>‖</mo></mrow><mn>2</mn></msup><mi>d</mi>\
              <mi>s</mi></mrow>",
    spoken: "S equals the minimum over x and T of one half the integral from 0 to T of the squared length of the velocity of x minus f of x and s, d s",
    notes: "The straight line at its own best duration is the control: a path that asks for as much is no other way. Without any drift the line would cost \
            the squared distance over twice the time. Genes are read through the loadings; those with a large range are mostly those that differ between \
            the two groups, which the line names as well, and those beyond the line are what only the path tells. Of a model whose cells influence each \
            other the drift is the intrinsic one. Times outside the observed ones use the drift of the nearest.",
    source: "A use of Zhang, Larschan, Bigness, Singh, Bioinformatics 2024 (40, Suppl 2, ii146); here for every model, in the study's own components.",
    whose: |can| can.genes,
};
