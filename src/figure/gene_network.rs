//! The strongest gene interactions as a signed network: genes on a circle, an arrow for each gene that pushes another up, a bar (⊣) for each
//! that pushes it down. A link that is no stronger than what random operators give is grey.

use super::csv::quoted;
use super::drawing::{Drawing, Shape, discs, document};
use super::labels::{number, shorten};
use super::operator::signed;
use super::palette::diverging;
use super::svg::{Anchor, Format, line_through};
use super::theme::Theme;
use crate::protocol::{GeneLink, GeneNetwork};
use std::f64::consts::{PI, TAU};

/// Genes that are drawn at most; links to further genes stay in the table.
pub const MOST_GENES: usize = 40;
/// Size of the names.
const TEXT: f64 = 11.0;
/// Longest name, in characters.
const LONGEST: usize = 14;

/// The network on its circle.
#[derive(Clone, Debug, PartialEq)]
pub struct NetworkLayout {
    /// Width and height.
    pub size: [f64; 2],
    /// The genes.
    pub nodes: Vec<Node>,
    /// The links between them, the strongest first.
    pub arcs: Vec<Arc>,
}

/// A gene.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Node {
    /// The gene.
    pub gene: usize,
    /// Its direction from the centre, in radians.
    pub angle: f64,
    /// Its place.
    pub at: [f64; 2],
}

/// A link.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Arc {
    /// The link.
    pub link: GeneLink,
    /// It is stronger than its control.
    pub beyond_control: bool,
    /// Its start, the point that bends it, and its end.
    pub curve: [[f64; 2]; 3],
    /// Width of its line.
    pub width: f64,
}

/// The links that stand out: the strongest whose genes are at most [`MOST_GENES`], each with its position in the answer.
#[must_use]
pub fn drawn(network: &GeneNetwork) -> Vec<usize> {
    let mut genes: Vec<usize> = Vec::new();
    let mut kept = Vec::new();
    for (position, link) in network.links.iter().enumerate() {
        let mut new: Vec<usize> = [link.from, link.to].into_iter().filter(|gene| !genes.contains(gene)).collect();
        new.dedup();
        if genes.len() + new.len() <= MOST_GENES {
            genes.extend(new);
            kept.push(position);
        }
    }
    kept
}

/// The link at a position is stronger than the same rank under random operators.
#[must_use]
pub fn beyond_control(network: &GeneNetwork, position: usize) -> bool {
    let control = network.control.get(position).copied().unwrap_or(f32::INFINITY);
    network.links.get(position).is_some_and(|link| link.weight.abs() > control.abs())
}

/// Lays the network out.
#[must_use]
pub fn layout(network: &GeneNetwork, size: [f64; 2]) -> NetworkLayout {
    let kept = drawn(network);
    let order = order(&kept.iter().map(|&position| network.links[position]).collect::<Vec<_>>());
    // Names stand around the circle.
    let room = LONGEST as f64 * 0.58 * TEXT + 10.0;
    let radius = (size[0].min(size[1]) / 2.0 - room).max(20.0);
    let center = [size[0] / 2.0, size[1] / 2.0];
    let place = |angle: f64, radius: f64| [center[0] + radius * angle.cos(), center[1] + radius * angle.sin()];
    let count = order.len().max(1) as f64;
    let nodes: Vec<Node> = order
        .iter()
        .enumerate()
        .map(|(i, &gene)| {
            let angle = TAU * i as f64 / count - PI / 2.0;
            Node { gene, angle, at: place(angle, radius) }
        })
        .collect();
    let strongest = network.links.iter().map(|link| link.weight.abs()).fold(f32::MIN_POSITIVE, f32::max);
    let angle = |gene: usize| nodes.iter().find(|node| node.gene == gene).map_or(0.0, |node| node.angle);
    let arcs = kept.iter().map(|&position| {
        let link = network.links[position];
        let (from, to) = (angle(link.from), angle(link.to));
        // Two links between the same genes bend to different sides.
        let apart = ((to - from + 3.0 * PI) % TAU - PI) * 0.08;
        let middle = from + ((to - from + 3.0 * PI) % TAU - PI) / 2.0;
        let depth = radius * (1.0 - ((to - from + 3.0 * PI) % TAU - PI).abs() / PI).max(0.0) * 0.8;
        Arc {
            link,
            beyond_control: beyond_control(network, position),
            curve: [place(from, radius - 5.0), place(middle - apart, depth), place(to, radius - 9.0)],
            width: 0.8 + 2.4 * f64::from(link.weight.abs() / strongest),
        }
    });
    NetworkLayout { size, arcs: arcs.collect(), nodes }
}

/// Genes so that linked ones tend to be neighbours: from each gene on along its strongest links.
fn order(links: &[GeneLink]) -> Vec<usize> {
    let mut order: Vec<usize> = Vec::new();
    for link in links {
        let mut waiting = vec![link.from];
        while let Some(gene) = waiting.pop() {
            if order.contains(&gene) {
                continue;
            }
            order.push(gene);
            // The strongest comes last into the pile, and so first out of it.
            let others = links.iter().rev().filter_map(|link| match (link.from == gene, link.to == gene) {
                (true, _) => Some(link.to),
                (_, true) => Some(link.from),
                _ => None,
            });
            waiting.extend(others.filter(|other| !order.contains(other)));
        }
    }
    order
}

/// The drawn network; `focus` is the gene whose links alone stand out.
#[must_use]
pub fn draw(layout: &NetworkLayout, names: &[String], focus: Option<usize>, theme: Theme) -> Drawing {
    let mut drawing = Drawing::new(layout.size);
    let name =
        |gene: usize| names.get(gene).map_or_else(|| format!("gene {}", gene + 1), |name| shorten(name, LONGEST));
    let touches = |link: &GeneLink| focus.is_none_or(|gene| link.from == gene || link.to == gene);
    let mut arcs: Vec<&Arc> = layout.arcs.iter().collect();
    arcs.sort_by(|a, b| {
        let rank = |arc: &Arc| (touches(&arc.link), arc.beyond_control);
        rank(a).cmp(&rank(b)).then(a.link.weight.abs().total_cmp(&b.link.weight.abs()))
    });
    for arc in arcs {
        let up = arc.link.weight > 0.0;
        let color = if arc.beyond_control { diverging(if up { 0.75 } else { -0.75 }) } else { theme.pale };
        let color = if theme.paper.contrast(color) < 3.0 { color.mix(theme.ink, 0.35) } else { color };
        let [from, bend, to] = arc.curve;
        let title = describe(&arc.link, arc.beyond_control, names);
        let opacity = match (touches(&arc.link), arc.beyond_control) {
            (false, _) => 0.12,
            (true, false) => 0.7,
            (true, true) => 0.95,
        };
        let path = format!("M{:.1},{:.1}Q{:.1},{:.1} {:.1},{:.1}", from[0], from[1], bend[0], bend[1], to[0], to[1]);
        let line = Shape::line(path, color, arc.width).class("link").title(title).opacity(opacity);
        drawing.shape(line.dashes(if up { "" } else { "5 3" }));
        let (end, shape) = head(bend, to, up, arc.width);
        let mark = if up { Shape::area(shape, color) } else { Shape::line(shape, color, 2.2) };
        drawing.shape(mark.class(end).opacity(opacity));
    }
    let at = layout.nodes.iter().map(|node| node.at);
    drawing.shape(Shape::area(discs(at, 3.5), theme.ink).class("genes"));
    for node in &layout.nodes {
        let radius = 9.0;
        let at = [node.at[0] + radius * node.angle.cos(), node.at[1] + radius * node.angle.sin()];
        let left = node.angle.cos() < -1e-9;
        let turn = node.angle.to_degrees() + if left { 180.0 } else { 0.0 };
        let color = if focus.is_none_or(|gene| gene == node.gene) { theme.ink } else { theme.quiet };
        let anchor = if left { Anchor::End } else { Anchor::Start };
        // A turn of zero is drawn as plain text.
        drawing.turned(at, turn, name(node.gene), anchor, color, TEXT);
    }
    drawing
}

/// An arrowhead or a bar at the end of a curve that comes from `bend`.
fn head(bend: [f64; 2], [x, y]: [f64; 2], up: bool, width: f64) -> (&'static str, String) {
    let length = (x - bend[0]).hypot(y - bend[1]).max(1e-6);
    let [dx, dy] = [(x - bend[0]) / length, (y - bend[1]) / length];
    let half = 3.0 + width;
    if up {
        let (long, tip) = (6.0 + width, [x + 3.0 * dx, y + 3.0 * dy]);
        let back = [tip[0] - long * dx, tip[1] - long * dy];
        let sides = [
            [back[0] - half * dy * 0.8, back[1] + half * dx * 0.8],
            [back[0] + half * dy * 0.8, back[1] - half * dx * 0.8],
        ];
        ("activates", line_through([tip, sides[0], sides[1]]) + "Z")
    } else {
        ("represses", line_through([[x - half * dy, y + half * dx], [x + half * dy, y - half * dx]]))
    }
}

/// A link in words.
#[must_use]
pub fn describe(link: &GeneLink, beyond_control: bool, names: &[String]) -> String {
    let name = |gene: usize| names.get(gene).cloned().unwrap_or_else(|| format!("gene {}", gene + 1));
    let verb = if link.weight > 0.0 { "pushes up" } else { "pushes down" };
    let control = if beyond_control { "" } else { ", no more than random operators give" };
    format!("{} {verb} {}: {}{control}", name(link.from), name(link.to), signed(link.weight.into()))
}

/// The words that every gene view must carry.
#[must_use]
pub fn mixture(dimensions: usize) -> String {
    format!(
        "At {dimensions} components every gene is a mixture of {dimensions} patterns: a link says that two genes share patterns which drive each \
         other, not that one gene regulates the other."
    )
}

/// The network as a document.
#[must_use]
pub fn to_svg(network: &GeneNetwork, names: &[String], whose: &str, dimensions: usize, format: &Format) -> String {
    let beyond = (0..network.links.len()).filter(|&position| beyond_control(network, position)).count();
    let caption = format!(
        "Strongest gene interactions in {whose}: full lines with arrowheads push up, dashed lines with bars push down, wider is stronger. {beyond} of {} \
         links are stronger than the same rank under random operators; the others are grey. {}",
        network.links.len(),
        mixture(dimensions)
    );
    document(format, &caption, |size, theme| draw(&layout(network, size), names, None, theme))
}

/// A line for each link.
#[must_use]
pub fn csv(network: &GeneNetwork, names: &[String]) -> String {
    let mut out = "rank,driver,changes,weight,random_operator_control,beyond_control\n".to_owned();
    let name = |gene: usize| quoted(names.get(gene).map_or("", String::as_str));
    for (position, link) in network.links.iter().enumerate() {
        let control = network.control.get(position).map_or_else(String::new, f32::to_string);
        let beyond = beyond_control(network, position);
        let (rank, from, to) = (position + 1, name(link.from), name(link.to));
        out += &format!("{rank},{from},{to},{},{control},{beyond}\n", link.weight);
    }
    out
}

/// What the network says, in a sentence.
#[must_use]
pub fn sentence(network: &GeneNetwork, names: &[String], whose: &str) -> String {
    let Some(first) = network.links.first() else { return format!("No gene interactions in {whose}.") };
    let beyond = (0..network.links.len()).filter(|&position| beyond_control(network, position)).count();
    let control = network.control.first().map_or_else(|| "–".to_owned(), |&control| number(control.abs().into()));
    let judged = if beyond == 0 {
        format!(
            "None of {} links is stronger than under random operators: this network says nothing about genes.",
            network.links.len()
        )
    } else {
        format!(
            "{beyond} of {} links are stronger than under random operators (strongest there: {control}).",
            network.links.len()
        )
    };
    format!("In {whose}, the strongest link: {}. {judged}", describe(first, beyond_control(network, 0), names))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::{GeneNetworkQuery, OperatorOf};

    fn network(links: &[(usize, usize, f32)], control: f32) -> GeneNetwork {
        let of = OperatorOf::Cells { time: 0, kind: None };
        GeneNetwork {
            query: GeneNetworkQuery { of, links: links.len() },
            cells: 5,
            links: links.iter().map(|&(from, to, weight)| GeneLink { from, to, weight }).collect(),
            control: vec![control; links.len()].into(),
        }
    }

    fn names() -> Vec<String> {
        ["Shh", "Wnt1", "a<b", "Fgf8"].map(str::to_owned).to_vec()
    }

    #[test]
    fn genes_stand_on_a_circle_at_equal_distances() {
        let layout = layout(&network(&[(0, 1, 2.0), (1, 2, -1.0), (3, 0, 0.5)], 0.7), [400.0, 400.0]);
        assert_eq!(layout.nodes.len(), 4);
        for node in &layout.nodes {
            let radius = (node.at[0] - 200.0).hypot(node.at[1] - 200.0);
            assert!((radius - (layout.nodes[0].at[1] - 200.0).abs()).abs() < 1e-6);
        }
        let beyond: Vec<bool> = layout.arcs.iter().map(|arc| arc.beyond_control).collect();
        assert_eq!(beyond, [true, true, false]);
        assert!(layout.arcs[0].width > layout.arcs[1].width);
    }

    #[test]
    fn linked_genes_are_neighbours() {
        let order = order(&network(&[(0, 5, 3.0), (7, 8, 2.0), (5, 2, 1.0)], 0.0).links);
        assert_eq!(order, [0, 5, 2, 7, 8]);
    }

    #[test]
    fn signs_have_their_own_heads_and_lines() {
        let network = network(&[(0, 1, 2.0), (1, 2, -1.0)], 0.1);
        let drawing = draw(&layout(&network, [400.0, 400.0]), &names(), None, Theme::new(false));
        assert_eq!((drawing.shapes("activates").count(), drawing.shapes("represses").count()), (1, 1));
        let dashed: Vec<bool> = drawing.shapes("link").map(|link| !link.dashes.is_empty()).collect();
        assert_eq!(dashed.iter().filter(|dashed| **dashed).count(), 1);
        assert!(drawing.texts().any(|text| text.text == "a<b"));
    }

    #[test]
    fn at_most_forty_genes_are_drawn() {
        let links: Vec<(usize, usize, f32)> = (0..60).map(|i| (2 * i, 2 * i + 1, 1.0)).collect();
        let network = network(&links, 0.0);
        assert_eq!(drawn(&network).len(), MOST_GENES / 2);
        assert_eq!(layout(&network, [300.0, 300.0]).nodes.len(), MOST_GENES);
    }

    #[test]
    fn a_network_within_its_control_is_told_so() {
        let weak = network(&[(0, 1, 0.5), (1, 0, -0.4)], 0.6);
        assert!(sentence(&weak, &names(), "5 cells").contains("says nothing about genes"));
        let strong = network(&[(0, 1, 0.7), (1, 0, -0.4)], 0.6);
        assert!(sentence(&strong, &names(), "5 cells").contains("1 of 2 links are stronger"));
        assert!(sentence(&network(&[], 0.0), &names(), "5 cells").starts_with("No gene interactions"));
    }

    #[test]
    fn files_have_every_link() {
        let text = csv(&network(&[(0, 1, 2.0), (2, 9, -1.0)], 1.5), &names());
        assert!(
            text.contains("1,\"Shh\",\"Wnt1\",2,1.5,true\n") && text.contains("2,\"a<b\",\"\",-1,1.5,false\n"),
            "{text}"
        );
        let format = Format { size: [600.0, 500.0], dark: true, title: String::new() };
        let svg = to_svg(&network(&[(0, 1, 2.0), (2, 3, -1.0)], 1.5), &names(), "12 cells", 5, &format);
        assert!(svg.contains("mixture of 5 patterns") && svg.contains("a&lt;b"));
        assert!(to_svg(&network(&[], 0.0), &names(), "", 5, &format).contains("</svg>"));
    }
}
