//! The shape of scNODE on genes: that of its network, and which genes it knows.

use super::ScNodeGenesWeights;
use crate::error::{Error, Result};
use crate::models::fitted::{Shape, Tensors, initial};
use crate::models::scnode::ScNodeShape;
use crate::protocol::Recipe;
use crate::protocol::limits::MOST_DIMENSIONS;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Shape of a scNODE model on genes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ScNodeGenesShape {
    /// The network, whose dimensions are genes.
    pub network: ScNodeShape,
    /// Names of the genes; empty in published checkpoints, which do not say.
    pub genes: Vec<String>,
}

impl ScNodeGenesShape {
    /// What a recipe asks for, on these genes.
    pub fn new(recipe: &Recipe, genes: Vec<String>) -> Self {
        let hidden = |key| vec![recipe.whole("hidden"); recipe.whole(key)];
        let network = ScNodeShape {
            dimensions: genes.len(),
            latent: recipe.whole("latent"),
            encoder: hidden("encoder-layers"),
            decoder: hidden("decoder-layers"),
            drift: hidden("drift-layers"),
            rising: recipe.switch("rising"),
            steps: recipe.whole("steps"),
        };
        Self { network, genes }
    }

    /// The model can be used where cells have these genes.
    ///
    /// # Errors
    /// It knows others.
    pub fn fits(&self, genes: &[String]) -> Result<()> {
        let other = |what: String| Err(Error::input(what).remedy("Open the dataset that they were trained on."));
        let (theirs, ours) = (self.network.dimensions, genes.len());
        if theirs != ours {
            return other(format!("These weights work on {theirs} genes, but the dataset has {ours}"));
        }
        match self.genes.iter().zip(genes).find(|(theirs, ours)| theirs != ours) {
            Some((theirs, ours)) => {
                other(format!("These weights know a gene “{theirs}” where the dataset has “{ours}”"))
            }
            None => Ok(()),
        }
    }
}

impl Shape for ScNodeGenesShape {
    const KEY: &'static str = "scnode-genes";
    const NAME: &'static str = "scNODE";

    fn dimensions(&self) -> usize {
        self.network.dimensions
    }

    fn tensors(&self) -> BTreeMap<String, Vec<usize>> {
        self.network.tensors()
    }

    fn check(&self) -> Result<()> {
        let Self { network, genes } = self;
        if !genes.is_empty() && genes.len() != network.dimensions {
            let what = format!("{} names of genes do not fit a model of {} genes", genes.len(), network.dimensions);
            return Err(Error::input(what));
        }
        network.check()
    }

    /// A published checkpoint is of genes where its decoder ends in a ReLU, or has more outputs than a model space has dimensions.
    fn recognises(tensors: &Tensors) -> bool {
        ScNodeShape::recognises(tensors)
            && ScNodeShape::infer(tensors)
                .is_ok_and(|shape| !shape.decoder.is_empty() || shape.dimensions > MOST_DIMENSIONS)
    }

    fn infer(tensors: &Tensors) -> Result<Self> {
        Ok(Self { network: ScNodeShape::infer(tensors)?, genes: Vec::new() })
    }
}

/// Fresh weights: linear layers as PyTorch's.
pub fn initial_weights(shape: ScNodeGenesShape, seed: u32) -> ScNodeGenesWeights {
    let tensors = initial(&shape.network.list(), "", seed);
    ScNodeGenesWeights { shape, updates: 0, held_out: Vec::new(), tensors }
}
