//! AnnData in zarr stores of versions 2 and 3, as a folder or a zip: made into the same file as HDF5, and read as such.

mod array;
mod meta;

use crate::data::hdf5::MOST_EXPANSION;
use crate::data::room;
use crate::protocol::File;
use crate::{Error, Result};
use array::Content;
use hdf5_pure::{AttrValue, DatasetBuilder, FileBuilder, GroupBuilder};
use meta::{Array, Node};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// Parts of AnnData that are read; graphs and everything else in `uns` stay where they are.
const READ: [&str; 6] = ["X", "raw", "layers", "obs", "var", "obsm"];
/// Bytes that all arrays may take besides so many times the store.
const SLACK: u64 = 64 << 20;
/// What to do with a store that cannot be read.
const WRITE_AGAIN: &str = "Open a .zip of the whole folder. Or write it as .h5ad, in Python: `import anndata; anndata.read_zarr(\"in.zarr\").write_h5ad(\"out.h5ad\")`.";

/// The files of a store by their paths in it.
pub(crate) struct Files(BTreeMap<String, Vec<u8>>);

/// A name that only a zarr store has in it.
pub(crate) fn is_part(name: &str) -> bool {
    [".zgroup", ".zarray", ".zattrs", ".zmetadata", "zarr.json"].contains(&last(name))
}

/// The store among files, as an AnnData file, and what was left out of it in whole sentences; none if there is none.
///
/// # Errors
///
/// If it cannot be read, or is no AnnData.
pub(crate) fn anndata(files: Vec<File>) -> Result<Option<(File, Vec<String>)>> {
    let Some(root) = root(&files) else { return Ok(None) };
    let name =
        root.trim_end_matches('/').rsplit('/').next().filter(|it| !it.is_empty()).unwrap_or("study.zarr").to_owned();
    let inside = |file: File| Some((file.name.strip_prefix(root.as_str())?.to_owned(), file.bytes.into_bytes().ok()?));
    let store = Files(files.into_iter().filter_map(inside).collect());
    let mut notes = Vec::new();
    let bytes = store.as_hdf5(&mut notes).map_err(|error| error.at(&name).or_remedy(WRITE_AGAIN))?;
    Ok(Some((File { name: format!("{}.h5ad", name.trim_end_matches(".zarr")), bytes: bytes.into() }, notes)))
}

/// The folder of a store: the shortest path with a mark of one.
fn root(files: &[File]) -> Option<String> {
    let marked = files.iter().filter(|file| [".zgroup", "zarr.json"].contains(&last(&file.name)));
    let folder = |file: &File| file.name[..file.name.len() - last(&file.name).len()].to_owned();
    marked.map(folder).min_by_key(String::len)
}

fn last(name: &str) -> &str {
    name.rsplit('/').next().unwrap_or(name)
}

impl Files {
    fn as_hdf5(&self, notes: &mut Vec<String>) -> Result<Vec<u8>> {
        let size: u64 = self.0.values().map(|bytes| bytes.len() as u64).sum();
        let most = size.saturating_mul(MOST_EXPANSION).saturating_add(SLACK);
        let nodes = self.nodes(notes)?;
        let taken = nodes.values().try_fold(0u64, |sum, node| match node {
            Node::Array(array) => sum.checked_add(array.bytes()?),
            Node::Group(_) => Some(sum),
        });
        let taken = taken.filter(|taken| *taken <= most).ok_or_else(|| {
            Error::input("the arrays of this store are declared larger than it can hold")
                .remedy("The store is damaged; write it again.")
        })?;
        room::reserve(taken)?;
        if !matches!(nodes.get("obs"), Some(Node::Group(_))) {
            return Err(Error::input("this zarr store has no table obs, so it is no AnnData"));
        }
        let mut builder = FileBuilder::new();
        for (name, node) in children(&nodes, "") {
            match node {
                Node::Array(array) => write(builder.create_dataset(name), self.content(name, array)?, name),
                Node::Group(attributes) => {
                    let mut group = builder.create_group(name);
                    self.fill(&mut group, name, attributes, &nodes)?;
                    builder.add_group(group.finish());
                }
            }
        }
        builder.finish().map_err(|error| Error::input(format!("this zarr store cannot be read ({error})")))
    }

    /// What there is of AnnData, by its path.
    fn nodes(&self, notes: &mut Vec<String>) -> Result<BTreeMap<String, Node>> {
        let mut nodes = BTreeMap::new();
        for (path, bytes) in &self.0 {
            let name = last(path);
            let node = path[..path.len() - name.len()].trim_end_matches('/');
            let wanted = READ.contains(&node.split('/').next().unwrap_or_default())
                || node.starts_with("uns/") && node.ends_with("_colors")
                || node == "uns"
                || node.starts_with("varm");
            if !wanted || !is_part(name) {
                continue;
            }
            let attributes = || self.0.get(&format!("{node}/.zattrs")).map(Vec::as_slice);
            let read = match name {
                "zarr.json" => meta::third(bytes),
                ".zgroup" => meta::group(attributes()),
                ".zarray" => meta::second(bytes),
                _ => continue,
            };
            match read {
                // `raw` is an array without sides where there is no raw.
                Ok(Node::Array(array)) if array.shape.is_empty() || array.shape.contains(&0) => {}
                Ok(read) => _ = nodes.insert(node.to_owned(), read),
                Err(error) if node.starts_with('X') => return Err(error.at(node)),
                Err(error) => notes.push(format!("“{node}” was left out: {}.", error.what)),
            }
        }
        Ok(nodes)
    }

    fn fill(
        &self,
        group: &mut GroupBuilder,
        path: &str,
        attributes: &Map<String, Value>,
        nodes: &BTreeMap<String, Node>,
    ) -> Result<()> {
        for (name, value) in attributes {
            if let Some(value) = attribute(value) {
                group.set_attr(name, value);
            }
        }
        for (name, node) in children(nodes, path) {
            let whole = format!("{path}/{name}");
            match node {
                Node::Array(array) => write(group.create_dataset(name), self.content(&whole, array)?, name),
                Node::Group(attributes) => {
                    let mut inner = group.create_group(name);
                    self.fill(&mut inner, &whole, attributes, nodes)?;
                    group.add_group(inner.finish());
                }
            }
        }
        Ok(())
    }

    fn content(&self, path: &str, array: &Array) -> Result<(Vec<usize>, Content)> {
        let piece = |key: &str| self.0.get(&format!("{path}/{key}")).map(Vec::as_slice);
        Ok((array.shape.clone(), array::read(array, piece).map_err(|error| error.at(path))?))
    }
}

/// The nodes directly in a group, by their names.
fn children<'a>(nodes: &'a BTreeMap<String, Node>, path: &'a str) -> impl Iterator<Item = (&'a str, &'a Node)> {
    let inside = move |name: &'a String| match path {
        "" => Some(name.as_str()),
        path => name.strip_prefix(path)?.strip_prefix('/'),
    };
    nodes
        .iter()
        .filter_map(move |(name, node)| Some((inside(name)?, node)))
        .filter(|(name, _)| !name.contains('/') && !name.is_empty())
}

fn write(dataset: &mut DatasetBuilder, (shape, content): (Vec<usize>, Content), name: &str) {
    let shape: Vec<u64> = shape.into_iter().map(|side| side as u64).collect();
    match content {
        Content::Whole(values) => dataset.with_i64_data(&values),
        Content::Singles(values) => dataset.with_f32_data(&values),
        Content::Doubles(values) => dataset.with_f64_data(&values),
        Content::Texts(texts) => dataset.with_vlen_strings(&texts.iter().map(String::as_str).collect::<Vec<_>>()),
        // A mask of missing values is read by its numbers.
        Content::Truth(values) if name == "mask" => {
            dataset.with_u8_data(&values.iter().map(|value| u8::from(*value)).collect::<Vec<_>>())
        }
        Content::Truth(values) => dataset
            .with_vlen_strings(&values.iter().map(|value| if *value { "True" } else { "False" }).collect::<Vec<_>>()),
    };
    dataset.with_shape(&shape);
}

fn attribute(value: &Value) -> Option<AttrValue> {
    match value {
        Value::String(text) => Some(AttrValue::VarLenString(text.clone())),
        Value::Bool(value) => Some(AttrValue::U8(u8::from(*value))),
        Value::Array(values) if !values.is_empty() => {
            let texts: Option<Vec<String>> = values.iter().map(|value| value.as_str().map(str::to_owned)).collect();
            texts.map(AttrValue::VarLenStringArray)
        }
        _ => None,
    }
}
