//! Leiden: communities of a graph that are well connected (Traag, Waltman, van Eck 2019, Sci. Rep. 9, 5233).
//!
//! The quality is modularity with a resolution (Reichardt, Bornholdt 2006), as leidenalg's `RBConfigurationVertexPartition`. A node is merged in the
//! refinement where the gain is largest, which is the limit of the paper's random choice and repeats exactly.

use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;
use std::collections::VecDeque;

/// Times that the whole is done again from the partition that it came to, at most.
const MOST_ROUNDS: usize = 10;

/// An undirected graph with weights.
#[derive(Clone, Debug)]
pub(super) struct Graph {
    starts: Vec<usize>,
    /// Neighbours of each node with the weight of the edge to them, without the node itself.
    edges: Vec<(u32, f64)>,
    /// Sum of the weights at each node; an edge within the node counts twice.
    strength: Vec<f64>,
    /// Sum of all strengths.
    total: f64,
}

impl Graph {
    /// From pairs in the order of their first node, each in both directions.
    pub(super) fn new(nodes: usize, pairs: &[(u32, u32, f32)]) -> Self {
        let mut starts = vec![0; nodes + 1];
        pairs.iter().for_each(|(from, ..)| starts[*from as usize + 1] += 1);
        (0..nodes).for_each(|node| starts[node + 1] += starts[node]);
        let mut strength = vec![0.0; nodes];
        pairs.iter().for_each(|(from, _, weight)| strength[*from as usize] += f64::from(*weight));
        let edges = pairs.iter().map(|(_, to, weight)| (*to, f64::from(*weight))).collect();
        Self { starts, edges, total: strength.iter().sum(), strength }
    }

    fn nodes(&self) -> usize {
        self.strength.len()
    }

    fn of(&self, node: usize) -> &[(u32, f64)] {
        &self.edges[self.starts[node]..self.starts[node + 1]]
    }

    /// The graph whose nodes are the parts of this one.
    fn joined(&self, part: &[usize], parts: usize) -> Self {
        let mut strength = vec![0.0; parts];
        part.iter().zip(&self.strength).for_each(|(part, strength_of)| strength[*part] += strength_of);
        let mut members = vec![Vec::new(); parts];
        part.iter().enumerate().for_each(|(node, part)| members[*part].push(node));
        let (mut starts, mut edges) = (vec![0], Vec::new());
        let mut weights = Weights::new(parts);
        for (own, members) in members.iter().enumerate() {
            for (to, weight) in members.iter().flat_map(|node| self.of(*node)) {
                weights.add(part[*to as usize], *weight);
            }
            edges.extend(weights.drain().filter(|(to, _)| *to != own).map(|(to, weight)| (to as u32, weight)));
            starts.push(edges.len());
        }
        Self { starts, edges, strength, total: self.total }
    }
}

/// Sums by community, of which few are touched at a time.
struct Weights {
    sums: Vec<f64>,
    touched: Vec<usize>,
}

impl Weights {
    fn new(communities: usize) -> Self {
        Self { sums: vec![0.0; communities], touched: Vec::new() }
    }

    fn add(&mut self, community: usize, weight: f64) {
        if self.sums[community] == 0.0 {
            self.touched.push(community);
        }
        self.sums[community] += weight;
    }

    fn drain(&mut self) -> impl Iterator<Item = (usize, f64)> + '_ {
        self.touched.sort_unstable();
        self.touched.dedup();
        let Self { sums, touched } = self;
        touched.drain(..).map(|community| (community, std::mem::take(&mut sums[community])))
    }
}

/// A search for communities in progress.
pub(super) struct Leiden {
    graph: Graph,
    resolution: f64,
    rng: ChaCha8Rng,
    /// Community of each node of the whole graph.
    best: Vec<usize>,
    /// The graph as it was joined so far, the node of it that each node of the whole is in, and the communities of its nodes.
    level: Graph,
    inside: Vec<usize>,
    community: Vec<usize>,
    rounds: usize,
}

impl Leiden {
    pub(super) fn new(graph: Graph, resolution: f64, rng: ChaCha8Rng) -> Self {
        let all: Vec<usize> = (0..graph.nodes()).collect();
        let level = graph.clone();
        Self { graph, resolution, rng, best: all.clone(), level, inside: all.clone(), community: all, rounds: 0 }
    }

    /// Does one level: moves nodes, refines and joins. Returns the community of each node when nothing changes any more, the largest first.
    pub(super) fn advance(&mut self) -> Option<Vec<usize>> {
        self.moved();
        let communities = numbered(&mut self.community);
        if communities < self.level.nodes() {
            let mut refined = self.refined();
            let parts = numbered(&mut refined);
            if parts < self.level.nodes() {
                let mut community = vec![0; parts];
                refined.iter().zip(&self.community).for_each(|(part, own)| community[*part] = *own);
                self.level = self.level.joined(&refined, parts);
                self.inside.iter_mut().for_each(|node| *node = refined[*node]);
                self.community = community;
                return None;
            }
        }
        // The round ends: its communities in the whole graph.
        let mut found: Vec<usize> = self.inside.iter().map(|node| self.community[*node]).collect();
        numbered(&mut found);
        self.rounds += 1;
        let settled = found == self.best || self.rounds == MOST_ROUNDS;
        self.best.clone_from(&found);
        if settled {
            return Some(by_size(found));
        }
        self.level = self.graph.clone();
        self.inside = (0..self.graph.nodes()).collect();
        self.community = found;
        None
    }

    /// What a node gains in a community of this strength, to which it has edges of this weight.
    fn gain(&self, weight: f64, own: f64, strength: f64) -> f64 {
        weight - self.resolution * own * strength / self.level.total.max(f64::MIN_POSITIVE)
    }

    /// Moves nodes to the community where they gain most, until none does.
    fn moved(&mut self) {
        let nodes = self.level.nodes();
        let mut strength = vec![0.0; nodes.max(self.community.iter().max().map_or(0, |most| most + 1))];
        let mut size = vec![0usize; strength.len()];
        for (node, community) in self.community.iter().enumerate() {
            strength[*community] += self.level.strength[node];
            size[*community] += 1;
        }
        let mut free: Vec<usize> = (0..size.len()).filter(|community| size[*community] == 0).collect();
        let mut order: Vec<usize> = (0..nodes).collect();
        order.shuffle(&mut self.rng);
        let (mut queue, mut waits) = (VecDeque::from(order), vec![true; nodes]);
        let mut weights = Weights::new(strength.len());
        while let Some(node) = queue.pop_front() {
            waits[node] = false;
            let (own, from) = (self.level.strength[node], self.community[node]);
            strength[from] -= own;
            size[from] -= 1;
            for (to, weight) in self.level.of(node) {
                weights.add(self.community[*to as usize], *weight);
            }
            let found: Vec<(usize, f64)> = weights.drain().collect();
            let here = found.iter().find(|(community, _)| *community == from).map_or(0.0, |(_, weight)| *weight);
            let mut best = (self.gain(here, own, strength[from]), from);
            for (community, weight) in found {
                let gain = self.gain(weight, own, strength[community]);
                if gain > best.0 + 1e-12 {
                    best = (gain, community);
                }
            }
            // A community of its own gains nothing and loses nothing.
            if best.0 < -1e-12
                && size[from] > 0
                && let Some(empty) = free.pop()
            {
                best = (0.0, empty);
            }
            let to = best.1;
            if size[from] == 0 && to != from {
                free.push(from);
            }
            strength[to] += own;
            size[to] += 1;
            if to != from {
                self.community[node] = to;
                for (neighbour, _) in self.level.of(node) {
                    let neighbour = *neighbour as usize;
                    if self.community[neighbour] != to && !std::mem::replace(&mut waits[neighbour], true) {
                        queue.push_back(neighbour);
                    }
                }
            }
        }
    }

    /// Parts of the communities: single nodes, merged within their community where both sides are well connected to it.
    fn refined(&mut self) -> Vec<usize> {
        let nodes = self.level.nodes();
        let total = self.level.total.max(f64::MIN_POSITIVE);
        let mut whole = vec![0.0; nodes];
        self.community.iter().enumerate().for_each(|(node, own)| whole[*own] += self.level.strength[node]);
        let mut part: Vec<usize> = (0..nodes).collect();
        let (mut strength, mut single) = (self.level.strength.clone(), vec![true; nodes]);
        // Weight of the edges from a part to the rest of its community.
        let outside = |node: usize| -> f64 {
            let within = |(to, _): &&(u32, f64)| self.community[*to as usize] == self.community[node];
            self.level.of(node).iter().filter(within).map(|(_, weight)| weight).sum()
        };
        let mut cut: Vec<f64> = (0..nodes).map(outside).collect();
        let mut order: Vec<usize> = (0..nodes).collect();
        order.shuffle(&mut self.rng);
        let mut weights = Weights::new(nodes);
        for node in order {
            let (own, community) = (self.level.strength[node], self.community[node]);
            let well =
                |cut: f64, strength: f64| cut >= self.resolution * strength * (whole[community] - strength) / total;
            if !single[node] || !well(cut[node], own) {
                continue;
            }
            for (to, weight) in self.level.of(node).iter().filter(|(to, _)| self.community[*to as usize] == community) {
                weights.add(part[*to as usize], *weight);
            }
            let mut best = (0.0, None);
            for (other, weight) in weights.drain() {
                let gain = self.gain(weight, own, strength[other]);
                if other != part[node] && gain > best.0 && well(cut[other], strength[other]) {
                    best = (gain, Some((other, weight)));
                }
            }
            if let Some((other, weight)) = best.1 {
                cut[other] += cut[node] - 2.0 * weight;
                strength[other] += own;
                single[part[other]] = false;
                single[other] = false;
                part[node] = other;
            }
        }
        part
    }
}

/// Gives communities the numbers from 0 in the order in which they appear; returns how many there are.
fn numbered(community: &mut [usize]) -> usize {
    let most = community.iter().max().map_or(0, |most| most + 1);
    let (mut numbers, mut next) = (vec![None; most], 0);
    for own in community {
        *own = *numbers[*own].get_or_insert_with(|| {
            next += 1;
            next - 1
        });
    }
    next
}

/// Communities by falling size.
fn by_size(community: Vec<usize>) -> Vec<usize> {
    let count = community.iter().max().map_or(0, |most| most + 1);
    let mut sizes = vec![0; count];
    community.iter().for_each(|own| sizes[*own] += 1);
    let mut order: Vec<usize> = (0..count).collect();
    order.sort_by_key(|own| (std::cmp::Reverse(sizes[*own]), *own));
    let mut rank = vec![0; count];
    order.iter().enumerate().for_each(|(place, own)| rank[*own] = place);
    community.into_iter().map(|own| rank[own]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::SeedableRng;

    #[test]
    fn rings_of_cliques_fall_apart() {
        // Eight cliques of five nodes, each tied to the next by one edge.
        let mut pairs = Vec::new();
        for clique in 0..8u32 {
            for a in 0..5 {
                for b in (0..5).filter(|b| *b != a) {
                    pairs.push((5 * clique + a, 5 * clique + b, 1.0));
                }
            }
            let next = 5 * ((clique + 1) % 8);
            pairs.push((5 * clique + 4, next, 1.0));
            pairs.push((next, 5 * clique + 4, 1.0));
        }
        pairs.sort_by_key(|(from, to, _)| (*from, *to));
        let mut leiden = Leiden::new(Graph::new(40, &pairs), 1.0, ChaCha8Rng::seed_from_u64(0));
        let found = loop {
            if let Some(found) = leiden.advance() {
                break found;
            }
        };
        assert_eq!(found.iter().max(), Some(&7));
        assert!(found.chunks(5).all(|clique| clique.iter().all(|own| own == &clique[0])), "{found:?}");
    }

    #[test]
    fn communities_are_numbered_by_size() {
        assert_eq!(by_size(vec![0, 1, 1, 2, 2, 2]), [2, 1, 1, 0, 0, 0]);
    }
}
