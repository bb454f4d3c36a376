//! What a pickle can hold.

use crate::data::number::Number;

/// Index of an object in a [`super::Pickle`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::data::weights) struct Id(pub(super) usize);

/// A value: something small, or an object by its index, so that what is shared in the pickle is shared here and nothing nests.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::data::weights) enum Value {
    None,
    Bool(bool),
    Int(i64),
    Float,
    Object(Id),
}

#[derive(Debug)]
pub(super) enum Object {
    Text(String),
    Tuple(Vec<Value>),
    List,
    Dict(Vec<(Value, Value)>),
    Global(Global),
    Storage(Storage),
    Tensor(Strided),
}

/// The globals of a state dictionary.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Global {
    OrderedDict,
    RebuildTensor,
    RebuildParameter,
    Storage(Number),
}

/// Raw numbers that tensors point into.
#[derive(Clone, Debug)]
pub(in crate::data::weights) struct Storage {
    pub(in crate::data::weights) number: Number,
    /// Name of the entry under `data/`.
    pub(in crate::data::weights) key: String,
    /// How many numbers it holds.
    pub(in crate::data::weights) length: usize,
}

/// A view into a storage.
#[derive(Clone, Debug)]
pub(in crate::data::weights) struct Strided {
    pub(in crate::data::weights) storage: Id,
    pub(in crate::data::weights) offset: usize,
    pub(in crate::data::weights) shape: Vec<usize>,
    pub(in crate::data::weights) strides: Vec<usize>,
}
