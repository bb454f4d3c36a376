//! Who acts on whom, and when that can be known.

use super::entry::Entry;

pub const EVIDENCE: Entry = Entry {
    title: "Evidence: who acts on whom",
    words: "Whether one type acts on another can be known only where the receivers meet the sender in different ways. One series of snapshots \
            hardly offers that; samples of another composition do: a mutant that lacks a lineage, an ablation, a co-culture without a type.",
    formula: "<mrow><msub><mi>D</mi><mrow><mi>a</mi><mi>b</mi></mrow></msub><mo>=</mo><mfrac><mrow><msub><mo>∑</mo><mi>i</mi></msub><msup>\
              <mrow><mo>‖</mo><msub><mi>g</mi><mi>i</mi></msub><mo>−</mo><mover><mi>g</mi><mo>^</mo></mover><mo>(</mo><msub><mi>x</mi><mi>i</mi></msub>\
              <mo>)</mo><mo>‖</mo></mrow><mn>2</mn></msup></mrow><mrow><msub><mo>∑</mo><mi>i</mi></msub><msup><mrow><mo>‖</mo><msub><mi>g</mi>\
              <mi>i</mi></msub><mo>‖</mo></mrow><mn>2</mn></msup></mrow></mfrac></mrow>",
    spoken: "D a b equals the sum of squares of g i minus g hat of x i, over the sum of squares of g i",
    notes: "g is the mean pull of the senders of type b on a receiver x of type a, ĝ what a function of x alone makes of it. Below 0.05 the data cannot \
            tell, and the link is hatched wherever it is drawn. Contrast F compares receivers in samples with and without the sender: 1 is sampling \
            alone. The linear t is signed: negative is away from the sender. An effect is the share of the receivers' drift that goes when the \
            senders are taken out of a fitted model, with its bootstrap interval over trainings and cells; a twin is the same where nothing interacts. A contrast does not tell direct action from action through others.",
    source: "Not in the papers: docs/INTERACTIONS.md. Attention, influence and enrichment are read-outs of the published model, not effects:",
    whose: |can| can.attention,
};
