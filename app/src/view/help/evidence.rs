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
            alone. The linear t is signed: negative is away from the sender. A contrast does not tell direct action from action through others.",
    source: "Not in the papers: docs/INTERACTIONS.md. Attention, influence and enrichment are read-outs of the published model, not effects:",
    whose: |can| can.attention,
};

pub const EFFECT: Entry = Entry {
    title: "Effect, and its twin",
    words: "The share of the receivers' drift that goes when all cells of the sender are taken out of their population, in a fitted model. \
            Beside it stands its twin: the same in data without any interaction, which the model without interaction simulates.",
    formula: "<mrow><msub><mi>E</mi><mrow><mi>a</mi><mi>b</mi></mrow></msub><mo>=</mo><mfrac><mrow><msub><mo>∑</mo><mi>i</mi></msub><mo>‖</mo>\
              <msub><mi>f</mi><mtext>inter</mtext></msub><mo>(</mo><msub><mi>x</mi><mi>i</mi></msub><mo>,</mo><mi>ρ</mi><mo>)</mo><mo>−</mo>\
              <msub><mi>f</mi><mtext>inter</mtext></msub><mo>(</mo><msub><mi>x</mi><mi>i</mi></msub><mo>,</mo><mi>ρ</mi><mo>∖</mo><mi>b</mi><mo>)</mo>\
              <mo>‖</mo></mrow><mrow><msub><mo>∑</mo><mi>i</mi></msub><mo>‖</mo><mi>f</mi><mo>(</mo><msub><mi>x</mi><mi>i</mi></msub><mo>,</mo><mi>ρ</mi>\
              <mo>)</mo><mo>‖</mo></mrow></mfrac></mrow>",
    spoken: "E a b equals the sum over receivers i of the length of f inter of x i and rho minus f inter of x i and rho without b, over the sum of \
             the lengths of f of x i and rho",
    notes: "i goes over the receivers of type a, ρ is their population; the mean is over populations and trainings, the interval a bootstrap over \
            trainings and cells. Solid is what lies beyond the twin; the rest is pale: the method reports as much where there is nothing to find. \
            A wind that all cells share whoever is there cancels in the difference.",
    source: "Not in the papers: docs/INTERACTIONS.md. The published model has attention in its place:",
    whose: |can| can.attention,
};
