//! What a zarr store says of its groups and arrays: `.zarray` of version 2, `zarr.json` of version 3.

use crate::data::number::Number;
use crate::{Error, Result};
use serde_json::{Map, Value};

/// A group with its attributes, or an array.
pub(super) enum Node {
    Group(Map<String, Value>),
    Array(Array),
}

/// How an array lies in its pieces.
pub(super) struct Array {
    pub(super) shape: Vec<usize>,
    pub(super) pieces: Vec<usize>,
    pub(super) kind: Kind,
    /// How pieces are packed, the outermost last.
    pub(super) packed: Vec<Packing>,
    /// Value of pieces that are not there.
    pub(super) fill: f64,
    /// Text between the numbers in the name of a piece, and before them.
    pub(super) between: String,
    pub(super) before: String,
}

/// What the elements are.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Kind {
    /// Numbers; the flag says that the highest byte is first.
    Number(Number, bool),
    /// Texts, each behind its length.
    Text,
}

/// How a piece is packed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Packing {
    Zlib,
    Gzip,
    Zstd,
    Blosc,
    Lz4,
}

impl Array {
    /// Bytes of all elements in memory, of texts the least; none if there are too many to count.
    pub(super) fn bytes(&self) -> Option<u64> {
        let count = |sides: &[usize]| sides.iter().try_fold(8u64, |product, side| product.checked_mul(*side as u64));
        count(&self.shape)?.checked_add(count(&self.pieces)?)
    }
}

fn not_known(what: &str) -> Error {
    Error::input(format!("this zarr array cannot be read: {what}"))
}

fn json(bytes: &[u8]) -> Result<Value> {
    serde_json::from_slice(bytes).map_err(|error| Error::input(format!("the metadata cannot be used ({error})")))
}

fn sides(value: &Value) -> Result<Vec<usize>> {
    let side = |value: &Value| value.as_u64().and_then(|side| usize::try_from(side).ok());
    let sides: Option<Vec<usize>> = value.as_array().and_then(|sides| sides.iter().map(side).collect());
    sides.ok_or_else(|| not_known("it has no shape"))
}

fn fill(value: &Value) -> f64 {
    match value {
        Value::Bool(value) => f64::from(u8::from(*value)),
        Value::String(text) => text.parse().unwrap_or(f64::NAN),
        other => other.as_f64().unwrap_or(0.0),
    }
}

/// A group of version 2 with what `.zattrs` says.
pub(super) fn group(attributes: Option<&[u8]>) -> Result<Node> {
    let attributes = attributes.map(json).transpose()?.unwrap_or_default();
    Ok(Node::Group(attributes.as_object().cloned().unwrap_or_default()))
}

/// An array of version 2.
pub(super) fn second(bytes: &[u8]) -> Result<Node> {
    let meta = json(bytes)?;
    let texts =
        meta["filters"].as_array().is_some_and(|filters| filters.iter().any(|filter| filter["id"] == "vlen-utf8"));
    let kind = match (texts, meta["filters"].as_array().map_or(0, Vec::len)) {
        (true, 1) => Kind::Text,
        (false, 0) => second_kind(meta["dtype"].as_str().unwrap_or_default())?,
        _ => return Err(not_known("it has filters")),
    };
    if meta["order"] == "F" && meta["shape"].as_array().is_some_and(|shape| shape.len() > 1) {
        return Err(not_known("its first axis runs fastest"));
    }
    let packed = match &meta["compressor"] {
        Value::Null => Vec::new(),
        compressor => vec![packing(compressor["id"].as_str().unwrap_or_default())?],
    };
    array(Array {
        shape: sides(&meta["shape"])?,
        pieces: sides(&meta["chunks"])?,
        kind,
        packed,
        fill: fill(&meta["fill_value"]),
        between: meta["dimension_separator"].as_str().unwrap_or(".").into(),
        before: String::new(),
    })
}

/// A group or array of version 3.
pub(super) fn third(bytes: &[u8]) -> Result<Node> {
    let meta = json(bytes)?;
    if meta["node_type"] == "group" {
        return Ok(Node::Group(meta["attributes"].as_object().cloned().unwrap_or_default()));
    }
    let (mut packed, mut big) = (Vec::new(), false);
    for codec in meta["codecs"].as_array().into_iter().flatten() {
        match codec["name"].as_str().unwrap_or_default() {
            "bytes" => big = codec["configuration"]["endian"] == "big",
            "vlen-utf8" => {}
            name => packed.push(packing(name)?),
        }
    }
    let kind = match meta["data_type"].as_str().unwrap_or_default() {
        "string" => Kind::Text,
        name => Kind::Number(third_kind(name)?, big),
    };
    let keys = &meta["chunk_key_encoding"];
    let second = keys["name"] == "v2";
    let between = keys["configuration"]["separator"].as_str().unwrap_or(if second { "." } else { "/" });
    array(Array {
        shape: sides(&meta["shape"])?,
        pieces: sides(&meta["chunk_grid"]["configuration"]["chunk_shape"])?,
        kind,
        packed,
        fill: fill(&meta["fill_value"]),
        between: between.into(),
        before: if second { String::new() } else { format!("c{between}") },
    })
}

fn array(array: Array) -> Result<Node> {
    let fits = array.shape.len() == array.pieces.len() && (array.shape.is_empty() || !array.pieces.contains(&0));
    if !fits || array.kind == Kind::Text && array.shape.len() > 1 {
        return Err(not_known("its pieces do not fit its shape"));
    }
    Ok(Node::Array(array))
}

fn packing(name: &str) -> Result<Packing> {
    Ok(match name {
        "zlib" => Packing::Zlib,
        "gzip" => Packing::Gzip,
        "zstd" => Packing::Zstd,
        "blosc" => Packing::Blosc,
        "lz4" => Packing::Lz4,
        other => return Err(not_known(&format!("it is packed by “{other}”"))),
    })
}

fn second_kind(dtype: &str) -> Result<Kind> {
    let unknown = || not_known(&format!("its elements are “{dtype}”"));
    let (order, rest) = dtype.split_at_checked(1).ok_or_else(unknown)?;
    let (class, size) = rest.split_at_checked(1).ok_or_else(unknown)?;
    let number = match (class, size.parse().map_err(|_| unknown())?) {
        ("b", 1) => Number::Bool,
        ("i", size @ (1 | 2 | 4 | 8)) => Number::Int(size),
        ("u", size @ (1 | 2 | 4 | 8)) => Number::Uint(size),
        ("f", size @ (2 | 4 | 8)) => Number::Float(size),
        _ => return Err(unknown()),
    };
    Ok(Kind::Number(number, order == ">"))
}

fn third_kind(name: &str) -> Result<Number> {
    Ok(match name {
        "bool" => Number::Bool,
        "int8" => Number::Int(1),
        "int16" => Number::Int(2),
        "int32" => Number::Int(4),
        "int64" => Number::Int(8),
        "uint8" => Number::Uint(1),
        "uint16" => Number::Uint(2),
        "uint32" => Number::Uint(4),
        "uint64" => Number::Uint(8),
        "float16" => Number::Float(2),
        "float32" => Number::Float(4),
        "float64" => Number::Float(8),
        other => return Err(not_known(&format!("its elements are “{other}”"))),
    })
}
