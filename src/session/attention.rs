//! Questions about the attention of a model that has it.

use super::Session;
use crate::error::{Error, Result};
use crate::models::attention::{cell_attention, cell_matrix, communication, receivers, recovery};
use crate::protocol::{Command, Event};

impl Session {
    /// Answers a question about attention.
    pub(super) async fn attention(&self, command: Command) -> Result<Event> {
        let time = match &command {
            Command::Communication(query) => Some(query.time),
            Command::CellMatrix(query) => Some(query.time),
            Command::Receivers(query) => Some(query.time),
            _ => None,
        };
        let (dataset, model, device) = self.question(self.able(|kind| kind.card().can.attention)?, time)?;
        let model = model.attention().ok_or_else(|| Error::internal("a model with attention has none"))?;
        Ok(match command {
            Command::Communication(query) => Event::Communication(communication(model, dataset, query, device).await?),
            Command::Recovery(query) => Event::Recovery(recovery(model, dataset, query, device).await?),
            Command::CellAttention(query) => Event::CellAttention(cell_attention(model, dataset, query, device).await?),
            Command::CellMatrix(query) => Event::CellMatrix(cell_matrix(model, dataset, query, device).await?),
            Command::Receivers(query) => Event::Receivers(receivers(model, dataset, query, device).await?),
            _ => return Err(Error::internal("this is not a question about attention")),
        })
    }
}
