//! Operators and what is read off them.

use super::entry::Entry;

pub const OPERATORS: Entry = Entry {
    title: "Operators",
    words: "A network reads a cell and its time and answers with a matrix, the operator; with it frozen the cell moves by a linear equation that is solved \
            exactly. The operator says which component drives which, and its eigenvalues how fast the cell leaves the mean and how it turns.",
    formula: "<mrow><mfrac><mrow><mi>d</mi><mi>z</mi></mrow><mrow><mi>d</mi><mi>t</mi></mrow></mfrac><mo>=</mo><mi>A</mi><mo>(</mo>\
              <msub><mi>z</mi><mn>0</mn></msub><mo>,</mo><mi>t</mi><mo>)</mo><mspace width='0.2em'></mspace><mi>z</mi><mo>,</mo><mspace width='0.6em'></mspace>\
              <mi>z</mi><mo>(</mo><mi>t</mi><mo>+</mo><mi>Δ</mi><mo>)</mo><mo>=</mo><msup><mi>e</mi><mrow><mi>A</mi><mi>Δ</mi></mrow></msup><mi>z</mi></mrow>",
    spoken: "d z by d t equals A of z 0 and t, times z; z at t plus delta equals e to the A delta times z",
    notes: "z are components divided by their standard deviation (above five components by one common scale), time is counted in mean sampling \
            intervals. Re λ > 0 leads away from the mean of all cells, Im λ turns with period 2π / Im λ. A cell at the mean never moves: A · 0 = 0.",
    source: "Section 3, operators and closed-form solution.",
    whose: |can| can.operators,
};

pub const LINEARISATION: Entry = Entry {
    title: "Frozen and re-encoded",
    words: "A frozen operator is read once and carries the cell to the end; a re-encoded one is read again on the way. Their distance is the error of \
            treating the path as linear, to be judged beside how far the cells travel.",
    formula: "<mrow><mi>g</mi><mo>(</mo><mi>t</mi><mo>)</mo><mo>=</mo><mi>𝔼</mi><mo>‖</mo><msub><mi>z</mi><mtext>frozen</mtext></msub><mo>(</mo><mi>t</mi>\
              <mo>)</mo><mo>−</mo><msub><mi>z</mi><mtext>re-encoded</mtext></msub><mo>(</mo><mi>t</mi><mo>)</mo><mo>‖</mo></mrow>",
    spoken: "g of t equals the mean length of z frozen of t minus z re-encoded of t",
    notes: "Simulated cells read their operator anew at each frame. Where the gap is as large as the distance travelled, a single operator does not \
            describe the way.",
    source: "Not in the paper: added here, to show what freezing costs.",
    whose: |can| can.operators,
};

pub const GENE_INTERACTIONS: Entry = Entry {
    title: "Gene interactions",
    words: "With the loadings the operator of components becomes one of genes: how much gene j, as far as it differs from its mean, changes gene i now. \
            With few components every gene is a mixture of few patterns, so what random operators of the same size give stands beside every number.",
    formula: "<mrow><msub><mi>w</mi><mrow><mi>j</mi><mo>→</mo><mi>i</mi></mrow></msub><mo>=</mo><msub><mi>G</mi><mrow><mi>i</mi><mi>j</mi></mrow></msub>\
              <mo>(</mo><msub><mi>x</mi><mi>j</mi></msub><mo>−</mo><msub><mi>μ</mi><mi>j</mi></msub><mo>)</mo><mo>,</mo><mspace width='0.6em'></mspace>\
              <mi>G</mi><mo>=</mo><mi>V</mi><mi>S</mi><mi>A</mi><msup><mi>S</mi><mrow><mo>−</mo><mn>1</mn></mrow></msup><msup><mi>V</mi><mi>⊤</mi></msup></mrow>",
    spoken: "w from j to i equals G i j times x j minus mu j, with G equals V S A S inverse V transposed",
    notes: "V are the loadings, S the scale of the components, μ the mean expression. A link is not regulation; the table of known signs tests that.",
    source: "Section on gene regulatory interactions; the controls are added here.",
    whose: |can| can.operators,
};

pub const PERTURBATION: Entry = Entry {
    title: "Setting a gene",
    words: "The expression of a gene is multiplied at the start, the change is taken into the components, and both cells move on. What differs is what the \
            fitted model says of such a push: linear, in few components, and not causal.",
    formula: "<mrow><mi>δ</mi><mi>z</mi><mo>=</mo><msup><mi>S</mi><mrow><mo>−</mo><mn>1</mn></mrow></msup><msup><mi>V</mi><mi>⊤</mi></msup><mi>δ</mi><mi>x</mi></mrow>",
    spoken: "delta z equals S inverse V transposed delta x",
    notes: "A gene with small loadings moves the components little, whatever it does in a cell. A knock-out sets the decoded expression to zero.",
    source: "Not in the paper: added here, as the first-order question to the model.",
    whose: |can| can.operators,
};
