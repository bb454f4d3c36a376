//! Numbers that sum up a model.

use super::entry::Entry;

pub const ENRICHMENT: Entry = Entry {
    title: "Enrichment",
    words: "How much more a receiver listens to a type than its number of cells alone explains. \
            0 is as expected, +1 twice as much, −1 half as much.",
    formula: "<mrow><msub><mi>E</mi><mrow><mi>a</mi><mi>b</mi></mrow></msub><mo>=</mo><msub><mi>log</mi><mn>2</mn></msub><mfrac>\
              <mtext>share of a's attention that goes to b</mtext><mtext>share of b among the cells</mtext></mfrac></mrow>",
    spoken: "E a b equals the logarithm to base 2 of the share of a's attention that goes to b, over the share of b among the cells",
    notes: "a receives, b sends. Types with few cells are left out: their shares are mostly chance.",
    source: "Not in the paper: added here, because mean attention shrinks as a time point has more cells.",
    whose: |can| can.attention,
};

pub const NON_RECIPROCITY: Entry = Entry {
    title: "Non-reciprocity",
    words: "How one-sided the interactions of a time point are: 0 if every pair of types listens to each other alike, larger if they do not. \
            The authors find tissues in vivo clearly one-sided and a culture in vitro nearly reciprocal.",
    formula: "<mrow><mi>R</mi><mo>=</mo><mfrac><mrow><mo>‖</mo><mi>M</mi><mo>−</mo><msup><mi>M</mi><mi>⊤</mi></msup><mo>‖</mo></mrow><mrow><mo>‖</mo>\
              <mi>M</mi><mo>+</mo><msup><mi>M</mi><mi>⊤</mi></msup><mo>‖</mo></mrow></mfrac></mrow>",
    spoken: "R equals the norm of M minus M transposed over the norm of M plus M transposed",
    notes: "M is the matrix of the chosen score between cell types, ‖·‖ the Frobenius norm. Only types with enough cells count.",
    source: "Results, non-reciprocal interactions.",
    whose: |can| can.attention,
};

pub const LOSS: Entry = Entry {
    title: "Loss",
    words: "What the training makes small: the distance between simulated and observed populations at each training time point, and the action, \
            which prefers slow and short paths. The weights with the lowest distance are kept.",
    formula: "<mrow><mi>L</mi><mo>=</mo><mfrac><mn>1</mn><mi>K</mi></mfrac><munder><mo>∑</mo><mi>l</mi></munder><msub><mi>S</mi><mi>ε</mi></msub><mo>(</mo>\
              <msup><mi>X</mi><mi>l</mi></msup><mo>,</mo><mi>x</mi><mo>(</mo><msub><mi>t</mi><mi>l</mi></msub><mo>)</mo><mo>)</mo><mo>+</mo><mi>λ</mi>\
              <mspace width='0.2em'></mspace><mfrac><mn>1</mn><mi>T</mi></mfrac><mi>𝔼</mi><msubsup><mo>∫</mo><mn>0</mn><mi>T</mi></msubsup><msup>\
              <mrow><mo>‖</mo><mi>f</mi><mo>‖</mo></mrow><mn>2</mn></msup><mi>d</mi><mi>t</mi></mrow>",
    spoken: "L equals the mean over training times l of the Sinkhorn divergence between X l and x at t l, plus lambda times the mean action per unit of time",
    notes: "S is the debiased Sinkhorn divergence with cost |x − y|² / 2 and blur √ε, λ the action weight. Held-out time points are never seen.",
    source: "Methods, training.",
    whose: |can| can.attention,
};

pub const EVALUATION: Entry = Entry {
    title: "Held-out evaluation",
    words: "The exact Wasserstein distance between predicted and observed cells at a time point that the training never saw; smaller is better. \
            It means little alone, so the floor (two halves of the observed cells), the time before, interpolation and the model without \
            interaction stand beside it.",
    formula: "<mrow><msub><mi>W</mi><mi>p</mi></msub><mo>=</mo><msup><mrow><mo>(</mo><munder><mo>min</mo><mi>π</mi></munder><munder><mo>∑</mo><mrow><mi>i</mi>\
              <mi>j</mi></mrow></munder><msub><mi>π</mi><mrow><mi>i</mi><mi>j</mi></mrow></msub><msup><mrow><mo>‖</mo><msub><mi>x</mi><mi>i</mi></msub>\
              <mo>−</mo><msub><mi>y</mi><mi>j</mi></msub><mo>‖</mo></mrow><mi>p</mi></msup><mo>)</mo></mrow><mrow><mn>1</mn><mo>/</mo><mi>p</mi></mrow>\
              </msup></mrow>",
    spoken: "W p equals the minimum over plans pi of the sum over i and j of pi i j times the distance between x i and y j to the power p, to the power 1 over p",
    notes: "π moves all predicted cells x to all observed cells y. W1 has p = 1, W2 has p = 2; both are in units of the model space, mean and \
            standard deviation over seeds. Each model under each seed is a unit: an evaluation that is stopped keeps those that are done, and \
            Resume, more seeds or another model train only what is missing.",
    source: "Methods and Results, held-out time points.",
    whose: |can| can.attention,
};
