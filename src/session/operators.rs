//! Questions about the operators of a model that has them.

use super::Session;
use crate::error::{Error, Result};
use crate::models::operators::{
    gene_network, growth, linearisation, mean_operators, operator, perturbation, sign_agreement, spectrum, why,
};
use crate::protocol::{CellValues, Command, Event, ValuesQuery};

impl Session {
    /// Answers a question about operators.
    pub(super) async fn read_off(&self, command: Command) -> Result<Event> {
        let (field, device) = self.operators()?;
        Ok(match command {
            Command::Operator { of } => Event::Operator(operator(&field, of, device).await?),
            Command::Spectrum { time } => Event::Spectrum(spectrum(&field, time, device).await?),
            Command::MeanOperators => Event::MeanOperators(mean_operators(&field, device).await?),
            Command::Linearisation(query) => Event::Linearisation(linearisation(&field, query, device).await?),
            Command::GeneNetwork(query) => Event::GeneNetwork(gene_network(&field, query, device).await?),
            Command::Why(query) => Event::Why(why(&field, query, device).await?),
            Command::Perturbation(query) => Event::Perturbation(perturbation(&field, query, device).await?),
            Command::SignAgreement { name, bytes } => {
                Event::SignAgreement(sign_agreement(&field, &name, &bytes, device).await?)
            }
            _ => return Err(Error::internal("this is not a question about operators")),
        })
    }

    /// Growth rate of every cell.
    pub(super) async fn growth(&self) -> Result<CellValues> {
        let (field, device) = self.operators()?;
        let values = growth(&field, device).await?;
        Ok(CellValues { query: ValuesQuery::Growth, values: values.into() })
    }
}
