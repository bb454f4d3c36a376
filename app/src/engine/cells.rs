//! Questions about single cells.

use super::{Engine, Question};
use scimf::protocol::{CellQuery, Command, ReceiverQuery, ValuesQuery};

impl Engine {
    /// Asks for the names of the genes.
    pub fn genes(&self) {
        self.ask(Question::Genes, Command::Genes);
    }

    /// Asks for a value of each cell.
    pub fn values(&self, query: ValuesQuery) {
        self.ask(Question::Values, Command::Values(query));
    }

    /// Asks which cells would hear a type.
    pub fn receivers(&self, query: ReceiverQuery) {
        self.ask(Question::Receivers, Command::Receivers(query));
    }

    /// Asks who a cell listens to, and who listens to it.
    pub fn cell_attention(&self, query: CellQuery) {
        self.ask(Question::CellAttention, Command::CellAttention(query));
    }
}
