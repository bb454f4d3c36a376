//! The primal network simplex for transport without capacities.
//!
//! Supplies and demands are whole numbers, so that flows are exact. The basis is a spanning tree with an artificial root, kept strongly
//! feasible (Cunningham 1976), so that degenerate steps, of which uniform masses have many, cannot go round in circles. Entering arcs
//! are found by block search (Kiraly and Kovacs 2012).

/// No node or arc.
const NONE: u32 = u32::MAX;

/// A possible way of the mass.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Arc {
    /// Supplying node.
    pub from: u32,
    /// Demanding node.
    pub to: u32,
    /// Cost of a unit.
    pub cost: f64,
}

/// A node's place in the spanning tree.
#[derive(Clone, Copy, Debug)]
struct Node {
    parent: u32,
    /// Arc to the parent; [`NONE`] for the artificial one.
    arc: u32,
    /// That arc leads from this node to its parent.
    up: bool,
    /// Flow on that arc.
    flow: i64,
    depth: u32,
    first_child: u32,
    next: u32,
    previous: u32,
}

/// A transport problem with the best basis so far.
pub struct Simplex {
    arcs: Vec<Arc>,
    nodes: Vec<Node>,
    /// Potential of each node: an arc of the tree has cost + potential(from) - potential(to) = 0.
    potentials: Vec<f64>,
    tolerance: f64,
    /// Arc at which the search for the next one starts.
    cursor: usize,
    stack: Vec<u32>,
}

impl Simplex {
    /// Nodes with `supply`, then nodes with `demand`, of equal sums, and no arc yet: all mass goes over the artificial root, for
    /// `artificial` at each node. As long as no arc of the problem costs more, none of it is left once every pair has an arc.
    #[must_use]
    pub fn new(supply: &[i64], demand: &[i64], artificial: f64, tolerance: f64) -> Self {
        let count = supply.len() + demand.len();
        let root = count as u32;
        let leaf = |index: usize, up: bool, flow: i64| Node {
            parent: root,
            arc: NONE,
            up,
            flow,
            depth: 1,
            first_child: NONE,
            next: if index + 1 < count { index as u32 + 1 } else { NONE },
            previous: if index > 0 { index as u32 - 1 } else { NONE },
        };
        let supplies = supply.iter().enumerate().map(|(i, flow)| leaf(i, true, *flow));
        let demands = demand.iter().enumerate().map(|(j, flow)| leaf(supply.len() + j, false, *flow));
        let mut nodes: Vec<Node> = supplies.chain(demands).collect();
        nodes.push(Node {
            parent: NONE,
            arc: NONE,
            up: false,
            flow: 0,
            depth: 0,
            first_child: 0,
            next: NONE,
            previous: NONE,
        });
        let mut potentials = vec![-artificial; supply.len()];
        potentials.resize(count, artificial);
        potentials.push(0.0);
        Self { arcs: Vec::new(), nodes, potentials, tolerance, cursor: 0, stack: Vec::new() }
    }

    /// Adds an arc without flow.
    pub fn add(&mut self, arc: Arc) {
        self.arcs.push(arc);
    }

    /// Potential of a node.
    ///
    /// # Panics
    /// There is no such node.
    #[must_use]
    pub fn potential(&self, node: usize) -> f64 {
        self.potentials[node]
    }

    /// Arcs that carry mass: from, to and how much. Mass that still goes over the root is not among them.
    pub fn flows(&self) -> impl Iterator<Item = (usize, usize, i64)> + '_ {
        let carried = self.nodes.iter().filter(|node| node.arc != NONE && node.flow > 0);
        carried.map(|node| {
            let Arc { from, to, .. } = self.arcs[node.arc as usize];
            (from as usize, to as usize, node.flow)
        })
    }

    /// Takes up to `pivots` steps; true if no arc can improve the flow any more.
    pub fn improve(&mut self, pivots: usize) -> bool {
        for _ in 0..pivots {
            match self.entering() {
                Some(arc) => self.pivot(arc),
                None => return true,
            }
        }
        false
    }

    /// The arc of most negative reduced cost in the next block that has one.
    fn entering(&mut self) -> Option<u32> {
        let count = self.arcs.len();
        let block = (count as f64).sqrt() as usize + 10;
        let (mut best, mut lowest) = (None, -self.tolerance);
        let mut left = block;
        for _ in 0..count {
            if self.cursor >= count {
                self.cursor = 0;
            }
            let Arc { from, to, cost } = self.arcs[self.cursor];
            let reduced = cost + self.potentials[from as usize] - self.potentials[to as usize];
            if reduced < lowest {
                (best, lowest) = (Some(self.cursor as u32), reduced);
            }
            self.cursor += 1;
            left -= 1;
            if left == 0 {
                if best.is_some() {
                    return best;
                }
                left = block;
            }
        }
        best
    }

    fn join(&self, mut a: u32, mut b: u32) -> u32 {
        while a != b {
            if self.nodes[a as usize].depth >= self.nodes[b as usize].depth {
                a = self.nodes[a as usize].parent;
            } else {
                b = self.nodes[b as usize].parent;
            }
        }
        a
    }

    fn pivot(&mut self, entering: u32) {
        let Arc { from, to, cost } = self.arcs[entering as usize];
        let join = self.join(from, to);

        // Mass goes from `from` to `to`, up to the join and down again. Arcs against that direction lose flow; the first one that is empty
        // leaves, and among several the last one seen from the join along the circle: that keeps the tree strongly feasible.
        let (mut least, mut leaving, mut at_from) = (i64::MAX, NONE, true);
        let mut node = from;
        while node != join {
            let Node { parent, up, flow, .. } = self.nodes[node as usize];
            if up && flow < least {
                (least, leaving, at_from) = (flow, node, true);
            }
            node = parent;
        }
        let mut node = to;
        while node != join {
            let Node { parent, up, flow, .. } = self.nodes[node as usize];
            if !up && flow <= least {
                (least, leaving, at_from) = (flow, node, false);
            }
            node = parent;
        }
        // Every arc leads from a supplying to a demanding node, so each circle has one against its direction.
        debug_assert_ne!(leaving, NONE);
        if least > 0 {
            let (mut node, mut side) = (from, -1);
            loop {
                while node != join {
                    let Node { up, parent, ref mut flow, .. } = self.nodes[node as usize];
                    *flow += if up { side * least } else { -side * least };
                    node = parent;
                }
                if side == 1 {
                    break;
                }
                (node, side) = (to, 1);
            }
        }

        let (inner, outer) = if at_from { (from, to) } else { (to, from) };
        self.hang(inner, outer, leaving, entering, least, at_from);
        let known = self.potentials[outer as usize];
        let shift = if at_from { known - cost } else { known + cost } - self.potentials[inner as usize];
        self.refresh(inner, shift);
    }

    /// Turns the subtree of `top` round so that `inner` is its root, and hangs it below `outer` by the arc `entering`.
    fn hang(&mut self, inner: u32, outer: u32, top: u32, entering: u32, flow: i64, up: bool) {
        let (mut node, mut parent, mut link) = (inner, outer, (entering, up, flow));
        loop {
            let old = self.nodes[node as usize];
            self.unlink(node);
            let place = &mut self.nodes[node as usize];
            (place.arc, place.up, place.flow) = link;
            self.link(node, parent);
            if node == top {
                return;
            }
            // The arc to the old parent becomes the old parent's arc to this node.
            link = (old.arc, !old.up, old.flow);
            (parent, node) = (node, old.parent);
        }
    }

    fn unlink(&mut self, node: u32) {
        let Node { parent, next, previous, .. } = self.nodes[node as usize];
        match previous {
            NONE => self.nodes[parent as usize].first_child = next,
            previous => self.nodes[previous as usize].next = next,
        }
        if next != NONE {
            self.nodes[next as usize].previous = previous;
        }
    }

    fn link(&mut self, node: u32, parent: u32) {
        let first = std::mem::replace(&mut self.nodes[parent as usize].first_child, node);
        if first != NONE {
            self.nodes[first as usize].previous = node;
        }
        let place = &mut self.nodes[node as usize];
        (place.parent, place.next, place.previous) = (parent, first, NONE);
    }

    /// Brings depths and potentials of a subtree up to date.
    fn refresh(&mut self, top: u32, shift: f64) {
        let mut stack = std::mem::take(&mut self.stack);
        stack.push(top);
        while let Some(node) = stack.pop() {
            self.potentials[node as usize] += shift;
            let Node { parent, mut first_child, .. } = self.nodes[node as usize];
            self.nodes[node as usize].depth = self.nodes[parent as usize].depth + 1;
            while first_child != NONE {
                stack.push(first_child);
                first_child = self.nodes[first_child as usize].next;
            }
        }
        self.stack = stack;
    }
}
