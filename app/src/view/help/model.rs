//! The model and what is read off it.

use super::entry::Entry;

pub const DRIFT: Entry = Entry {
    title: "The model: drift",
    words: "Every cell moves by a drift that has two parts: what it would do alone, and what all other cells of its time add to that. \
            Both are neural networks, learned so that simulated populations match the observed ones.",
    formula: "<mrow><mi>d</mi><mi>x</mi><mo>=</mo><mo>(</mo><msub><mi>f</mi><mtext>intra</mtext></msub><mo>(</mo><mi>x</mi><mo>)</mo><mo>+</mo>\
              <msub><mi>f</mi><mtext>inter</mtext></msub><mo>(</mo><mi>x</mi><mo>,</mo><mi>ρ</mi><mo>)</mo><mo>)</mo><mi>d</mi><mi>t</mi><mo>+</mo>\
              <mi>σ</mi><mi>d</mi><mi>W</mi></mrow>",
    spoken: "d x equals f intra of x plus f inter of x and rho, times d t, plus sigma d W",
    notes: "x is a cell in the model space (usually principal components), ρ the population at that time, σ = 0.1 the noise. \
            Time is counted in sampling intervals: one unit leads from one time point to the next.",
    source: "Methods, the McKean-Vlasov equation and its networks.",
    whose: |can| can.attention,
};

pub const VELOCITY: Entry = Entry {
    title: "Velocity",
    words: "An arrow is the mean drift of the cells around it, in units of the plane per sampling interval and without noise. \
            Total, intrinsic and interaction show the whole drift and its two parts; of the interaction the caption says how much is wind, and \
            without the wind only what differs between cells is drawn.",
    formula: "<mrow><mi>v</mi><mo>=</mo><mi>P</mi><mspace width='0.2em'></mspace><mi>f</mi><mo>(</mo><mi>x</mi><mo>,</mo>\
              <msub><mi>ρ</mi><mi>t</mi></msub><mo>)</mo></mrow>",
    spoken: "v equals P times f of x and rho t",
    notes: "P takes the axes of the plane. Where these are axes of the model space the arrows are exact; on UMAP or t-SNE a cell's arrow is \
            the mean of the displacements of its neighbours, weighted by how well they agree with the drift, and approximate. Wind is the mean interaction of all cells \
            of a population, its share that of the mean squared length: what all cells share says nothing of who acts on whom.",
    source: "Results, velocities of cells; the authors project through the fitted UMAP instead.",
    whose: |can| can.attention,
};

pub const TRAJECTORIES: Entry = Entry {
    title: "Simulated cells",
    words: "Cells drawn from those observed at the start move together by the model, each hearing the others, with noise. \
            They show where the fitted model takes the population, also between the time points and where nothing was observed. \
            They wear the colours of the types that they become (a vote of their observed neighbours), and while they are shown \
            chord and matrix are about them, not about observed cells.",
    formula: "<mrow><msub><mi>x</mi><mrow><mi>k</mi><mo>+</mo><mn>1</mn></mrow></msub><mo>=</mo><msub><mi>x</mi><mi>k</mi></msub><mo>+</mo><mi>f</mi>\
              <mo>(</mo><msub><mi>x</mi><mi>k</mi></msub><mo>,</mo><msub><mi>ρ</mi><mi>k</mi></msub><mo>)</mo><mi>Δ</mi><mi>t</mi><mo>+</mo><mi>σ</mi>\
              <msqrt><mrow><mi>Δ</mi><mi>t</mi></mrow></msqrt><mspace width='0.2em'></mspace><msub><mi>z</mi><mi>k</mi></msub></mrow>",
    spoken: "x at step k plus 1 equals x at step k, plus f of x k and rho k times delta t, plus sigma times the square root of delta t times z k",
    notes: "ρ is the simulated population itself, Δt the time step of the training, z independent normal numbers from the seed. \
            Cells are never matched across time points: a path is a prediction, not a lineage.",
    source: "Methods, simulation of the equation (Euler-Maruyama).",
    whose: |can| can.attention,
};

pub const ATTENTION: Entry = Entry {
    title: "Attention",
    words: "How much a receiving cell listens to a sending cell: the weights of a receiver add up to 1 over all other cells of its time point. \
            The chord and the matrix show their mean between the cells of two types, with arrows from the sender to the receiver.",
    formula: "<mrow><msub><mi>A</mi><mrow><mi>i</mi><mi>j</mi></mrow></msub><mo>=</mo><munder><mtext>softmax</mtext><mrow><mi>j</mi><mo>≠</mo><mi>i</mi>\
              </mrow></munder><mspace width='0.3em'></mspace><mfrac><mrow><msub><mi>q</mi><mi>i</mi></msub><mo>·</mo><msub><mi>k</mi><mi>j</mi></msub></mrow><msqrt><mrow><mi>d</mi>\
              <mo>/</mo><mi>H</mi></mrow></msqrt></mfrac></mrow>",
    spoken: "A i j equals the softmax over j other than i of q i times k j over the square root of d over H",
    notes: "i receives, j sends; queries q and keys k are learned from the normalised state, and the mean is taken over H heads. \
            It says who the fitted model lets listen to whom, not by which molecules. The mean shrinks as a time point has more cells.",
    source: "Methods, cell-wise attention; Results, attention between cell types.",
    whose: |can| can.attention,
};

pub const INFLUENCE: Entry = Entry {
    title: "Influence",
    words: "Attention times the length of the sender's value vector: how much a sender moves a receiver, not only how much it is listened to. \
            A sender with a small value vector moves nobody, however much attention it gets.",
    formula: "<mrow><msub><mi>I</mi><mrow><mi>i</mi><mi>j</mi></mrow></msub><mo>=</mo><mfrac><mn>1</mn><mi>H</mi></mfrac><munder><mo>∑</mo><mi>h</mi>\
              </munder><msubsup><mi>A</mi><mrow><mi>i</mi><mi>j</mi></mrow><mi>h</mi></msubsup><mspace width='0.2em'></mspace><mo>‖</mo>\
              <msubsup><mi>v</mi><mi>j</mi><mi>h</mi></msubsup><mo>‖</mo></mrow>",
    spoken: "I i j equals the mean over heads h of A i j times the length of v j",
    notes: "v is what a sender gives to those who listen to it, before the network that turns the sum into a drift.",
    source: "Used in the authors' figures; the text describes attention.",
    whose: |can| can.attention,
};
