//! A chord diagram in words.

use scimf::figure::chord::{ChordLayout, Ribbon};
use scimf::figure::labels::number;
use scimf::protocol::Score;

/// The names that sentences need.
#[derive(Clone, Debug, PartialEq)]
pub struct Names {
    /// Names of the types.
    pub types: Vec<String>,
    /// Label of the time point.
    pub time: String,
    /// What the weights are.
    pub score: Score,
}

impl Names {
    fn score(&self) -> &'static str {
        match self.score {
            Score::Attention => "attention",
            Score::Influence => "input",
        }
    }

    /// `A → B 0.0123, 12 % of B's attention, rank 3 of 36, 120 and 80 cells`.
    pub fn link(&self, layout: &ChordLayout, ribbon: &Ribbon) -> String {
        let (sender, receiver) = (&self.types[ribbon.sender], &self.types[ribbon.receiver]);
        let count = |kind: usize| layout.arcs[kind].cells;
        let population = if ribbon.sender == ribbon.receiver {
            cells(count(ribbon.sender))
        } else {
            format!("{} and {}", count(ribbon.sender), cells(count(ribbon.receiver)))
        };
        format!(
            "{sender} → {receiver} {}, {} of {receiver}'s {}, rank {} of {}, {population}",
            number(ribbon.weight),
            percent(ribbon.share),
            self.score(),
            ribbon.rank,
            layout.pairs,
        )
    }

    /// What a type sends and receives.
    pub fn arc(&self, layout: &ChordLayout, kind: usize) -> String {
        let (arc, name) = (&layout.arcs[kind], &self.types[kind]);
        if !arc.present {
            return format!("{name}, {}: too few to say who listens to whom", cells(arc.cells));
        }
        let heard = layout.ribbons.iter().filter(|r| r.receiver == kind).max_by(|a, b| a.share.total_cmp(&b.share));
        let most = heard
            .map_or(String::new(), |r| format!(", listens most to {} ({})", self.types[r.sender], percent(r.share)));
        format!("{name}, {}: sends {}, receives {}{most}", cells(arc.cells), number(arc.outgoing), number(arc.incoming))
    }

    /// The diagram in one sentence.
    pub fn sentence(&self, layout: &ChordLayout) -> String {
        let strongest: Vec<String> = layout
            .ribbons
            .iter()
            .take(3)
            .map(|r| format!("{} → {} {}", self.types[r.sender], self.types[r.receiver], number(r.weight)))
            .collect();
        let strongest = if strongest.is_empty() { "none".to_owned() } else { strongest.join(", ") };
        format!("Who listens to whom at {}, arrows from sender to receiver; strongest: {strongest}", self.time)
    }
}

/// `1 cell`, `80 cells`.
pub fn cells(count: usize) -> String {
    if count == 1 { "1 cell".to_owned() } else { format!("{count} cells") }
}

fn percent(share: f64) -> String {
    let percent = share * 100.0;
    if percent >= 9.95 { format!("{percent:.0} %") } else { format!("{percent:.1} %") }
}
