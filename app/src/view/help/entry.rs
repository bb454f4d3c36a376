//! One thing explained.

use crate::prelude::*;
use scimf::protocol::ModelKind;
use scimf::protocol::cards::{Capabilities, Card};

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
    /// Whose paper: that of the models with this ability.
    pub whose: fn(&Capabilities) -> bool,
}

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
                {cards().filter(|card| (entry.whose)(&card.can)).map(paper).collect_view()}
            </p>
        </article>
    }
}

/// The cards of all models.
pub fn cards() -> impl Iterator<Item = &'static Card> {
    ModelKind::ALL.into_iter().map(ModelKind::card)
}

fn paper(card: &'static Card) -> impl IntoView {
    view! {
        <a href=card.paper.link target="_blank" rel="noreferrer noopener">
            {card.paper.citation}
        </a>
        " "
    }
}

/// What each model makes small when it is trained.
#[component]
pub fn Losses() -> impl IntoView {
    let one = |card: &'static Card| {
        view! {
            <dt>{card.name}</dt>
            <dd>{card.loss}</dd>
        }
    };
    view! { <dl>{cards().map(one).collect_view()}</dl> }
}
