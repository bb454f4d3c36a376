//! The links of a chord diagram: which there are, and how many of them are drawn.

use crate::state::{AttentionState, FULL, MANY};
use scimf::figure::links::{Link, covering, links};
use scimf::figure::quantity::Quantity;
use scimf::protocol::Communication;

/// Where there are too many links to draw all, those that make up this share of the sum.
const COVERED: f64 = 0.9;
/// Where there are far too many, at most as many as this.
const MOST: usize = 60;

/// The least number among these types that is drawn where there are too many links to draw all.
pub fn least(answer: &Communication, kinds: &[usize], chosen: AttentionState) -> f64 {
    let links = chosen_links(answer, kinds, chosen.quantity.get(), chosen);
    let count = chosen_count(&links, kinds.len(), chosen);
    if count < links.len() { links.get(count.saturating_sub(1)).map_or(0.0, |link| link.value) } else { 0.0 }
}

/// The links among these types, the greatest first.
pub fn chosen_links(answer: &Communication, kinds: &[usize], quantity: Quantity, chosen: AttentionState) -> Vec<Link> {
    let mut links = links(answer, quantity, chosen.hide_self.get());
    links.retain(|link| kinds.contains(&link.sender) && kinds.contains(&link.receiver));
    links.iter_mut().enumerate().for_each(|(i, link)| link.rank = i + 1);
    links
}

/// How many of them are drawn.
pub fn chosen_count(links: &[Link], kinds: usize, chosen: AttentionState) -> usize {
    chosen.links.get().unwrap_or(match kinds {
        ..=FULL => links.len(),
        n if n <= MANY => covering(links, COVERED),
        _ => covering(links, COVERED).min(MOST),
    })
}
