//! Potentials and fates.

use super::entry::Entry;

pub const LANDSCAPE: Entry = Entry {
    title: "Landscape",
    words: "A model with a potential lets cells run downhill: the drift is the negative gradient of one learned function. Valleys are where cells end, \
            ridges part them. The view colours the cells of the chosen time point by their height and draws lines of equal height over them.",
    formula: "<mrow><mi>d</mi><mi>x</mi><mo>=</mo><mo>−</mo><mo>∇</mo><mi>Ψ</mi><mo>(</mo><mi>x</mi><mo>,</mo><mi>t</mi><mo>)</mo><mi>d</mi><mi>t</mi>\
              <mo>+</mo><mi>σ</mi><mi>d</mi><mi>W</mi><mo>,</mo><mspace width='0.6em'></mspace><mi>r</mi><mo>=</mo><mo>|</mo><msub><mo>∂</mo><mi>t</mi></msub>\
              <mi>Ψ</mi><mo>−</mo><mfrac><mn>1</mn><mn>2</mn></mfrac><msup><mrow><mo>‖</mo><mo>∇</mo><mi>Ψ</mi><mo>‖</mo></mrow><mn>2</mn></msup><mo>|</mo></mrow>",
    spoken: "d x equals minus the gradient of psi of x and t times d t plus sigma d W; r equals the absolute value of the time derivative of psi minus \
             half the squared length of its gradient",
    notes: "Heights are known up to a constant, so only differences mean something. Lines between cells are smoothed means, and empty space has none. The \
            residual r is shown where a model is trained to keep it small (PI-SDE): where it is large the landscape is not to be trusted. A growth weight \
            (PRESCIENT) says how much a start cell counts, by its birth and death genes.",
    source: "Potentials of these models:",
    whose: |can| can.potential,
};

pub const FATES: Entry = Entry {
    title: "Fates of cells",
    words: "Copies of one cell part ways because the model has noise. The share of them that end among the cells of a type is how likely the fitted model \
            holds that end, from this cell on.",
    formula: "<mrow><mi>P</mi><mo>(</mo><mi>k</mi><mo>∣</mo><mi>x</mi><mo>)</mo><mo>≈</mo><mfrac><mtext>copies of x that end as type k</mtext>\
              <mtext>all copies of x</mtext></mfrac></mrow>",
    spoken: "P of k given x is about the copies of x that end as type k over all copies of x",
    notes: "The type at the end is that of the majority of the nearest observed cells. With 200 copies a share of one half is known to about 7 % (two \
            standard errors). Cells that hear others move within a population drawn at their time point.",
    source: "As in PRESCIENT, with more copies or fewer:",
    whose: |can| can.noise,
};
