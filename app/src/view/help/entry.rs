//! One thing explained.

use leptos::prelude::*;

/// An explanation.
pub struct Entry {
    /// Its name.
    pub title: &'static str,
    /// What it is, in two sentences.
    pub words: &'static str,
    /// The formula as the content of a MathML element.
    pub formula: &'static str,
    /// The formula as it is read aloud.
    pub spoken: &'static str,
    /// What the letters mean, and what to keep in mind.
    pub notes: &'static str,
    /// Where it stands in the paper, or that it does not.
    pub source: &'static str,
    /// The paper.
    pub paper: Paper,
}

/// Address and short name of a paper.
pub type Paper = [&'static str; 2];

/// scIMF.
pub const SCIMF: Paper =
    ["https://doi.org/10.1371/journal.pcbi.1013916", "Jiang et al., PLoS Comput Biol 22(1): e1013916 (2026)"];
/// Cell-MNN.
pub const CELL_MNN: Paper = ["https://arxiv.org/abs/2510.02903", "von Bassewitz et al., arXiv 2510.02903, ICLR 2026"];

/// An entry on the page.
#[component]
pub fn Article(
    /// Which one.
    entry: &'static Entry,
) -> impl IntoView {
    view! {
        <article>
            <h3>{entry.title}</h3>
            <p>{entry.words}</p>
            // The page's own words, not anybody's data: markup is safe here.
            <div class="formula" role="group" aria-label="Formula" tabindex="0">
                <math display="block" aria-label=entry.spoken inner_html=entry.formula></math>
            </div>
            <p>{entry.notes}</p>
            <p class="quiet">
                {entry.source} " "
                <a href=entry.paper[0] target="_blank" rel="noreferrer noopener">
                    {entry.paper[1]}
                </a>
            </p>
        </article>
    }
}
