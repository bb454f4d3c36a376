//! How much the cells of a population attend to each other where that is changed.

/// Cells in audiences: all receivers of an audience attend to the same senders, each with the same factor.
#[derive(Clone, Debug, PartialEq)]
pub struct Audiences {
    of: Vec<usize>,
    /// Row-major `[audiences, cells]`.
    factors: Vec<f32>,
}

impl Audiences {
    /// Cells in the audiences `of`, which are numbered from 0 to `count` - 1. The factor of a sender for an audience is 0 where it is not attended
    /// to and 1 where nothing is changed.
    pub fn new(of: Vec<usize>, count: usize, factor: impl Fn(usize, usize) -> f32) -> Self {
        let cells = of.len();
        let factors = (0..count * cells).map(|at| factor(at / cells, at % cells)).collect();
        Self { of, factors }
    }

    /// The audience of each cell.
    pub fn of(&self) -> &[usize] {
        &self.of
    }

    /// Number of cells.
    pub fn cells(&self) -> usize {
        self.of.len()
    }

    /// Number of audiences.
    pub fn count(&self) -> usize {
        self.factors.len() / self.cells().max(1)
    }

    /// The factor of each sender for an audience; a cell itself may be among them.
    pub fn factors(&self, audience: usize) -> &[f32] {
        &self.factors[audience * self.cells()..][..self.cells()]
    }

    /// Whether each cell attends to another one.
    pub fn listening(&self) -> Vec<bool> {
        let heard = |audience| self.factors(audience).iter().filter(|factor| **factor > 0.0).count();
        let heard: Vec<usize> = (0..self.count()).map(heard).collect();
        let own = |cell: usize| usize::from(self.factors(self.of[cell])[cell] > 0.0);
        (0..self.cells()).map(|cell| heard[self.of[cell]] > own(cell)).collect()
    }
}
