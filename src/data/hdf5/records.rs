//! Tables that are one dataset: each row is a record of named fields.

use super::{REWRITE, Store, TEXT, heap, number};
use crate::data::Matrix;
use crate::{Error, Result};
use hdf5_pure::{CompoundMember, DType, Datatype};

/// The bytes of all records and where the fields lie in each.
pub(crate) struct Records {
    path: String,
    size: usize,
    bytes: Vec<u8>,
    members: Vec<CompoundMember>,
    /// Texts of any length by the field that refers to them.
    texts: Vec<(String, Vec<String>)>,
}

impl Store {
    /// The dataset is a table of records.
    pub(crate) fn has_records(&self, path: &str) -> bool {
        self.has_dataset(path) && matches!(self.kind(path), Ok(DType::Compound(_)))
    }

    /// Reads a table of records.
    ///
    /// # Errors
    ///
    /// If it is no such table, or cannot be read.
    pub(crate) fn records(&self, path: &str) -> Result<Records> {
        let dataset = self.array(path, TEXT)?;
        let Datatype::Compound { size, members } = self.datatype(path)? else {
            return Err(Error::input("this is no table of records").at(path));
        };
        let (size, bytes) = (size as usize, self.elements(path, &dataset)?);
        let mut records = Records { path: path.into(), size, bytes, members, texts: Vec::new() };
        // A field whose width is not known is not looked at.
        let inside = |member: &CompoundMember| {
            let end = |width: usize| usize::try_from(member.byte_offset).ok()?.checked_add(width);
            width(&member.datatype).is_none_or(|width| end(width).is_some_and(|end| end <= size))
        };
        if size == 0 || !records.members.iter().all(inside) {
            return Err(Error::input("the fields of this table do not fit its records").at(path).remedy(REWRITE));
        }
        let most = usize::try_from(self.size).unwrap_or(usize::MAX);
        let long = |it: &&CompoundMember| matches!(it.datatype, Datatype::VariableLength { is_string: true, .. });
        let long: Vec<CompoundMember> = records.members.iter().filter(long).cloned().collect();
        for member in long {
            let references: Vec<u8> = records.fields(&member, heap::REFERENCE).flatten().copied().collect();
            let texts = heap::texts(&self.source, &references, most)
                .map_err(|error| super::unreadable(&hdf5_pure::Error::Format(error)).at(path))?;
            records.texts.push((member.name, texts));
        }
        Ok(records)
    }
}

impl Records {
    /// Number of records.
    pub(crate) fn rows(&self) -> usize {
        self.bytes.len() / self.size
    }

    /// Names of the fields in their order.
    pub(crate) fn names(&self) -> Vec<String> {
        self.members.iter().map(|member| member.name.clone()).collect()
    }

    /// The type of a field; none if there is no such field.
    pub(crate) fn datatype(&self, name: &str) -> Option<&Datatype> {
        self.member(name).map(|member| &member.datatype)
    }

    /// A field of texts; none if it is no such field.
    pub(crate) fn strings(&self, name: &str) -> Option<Vec<String>> {
        if let Some((_, texts)) = self.texts.iter().find(|(own, _)| own == name) {
            return Some(texts.clone());
        }
        let member = self.member(name)?;
        let Datatype::String { size, .. } = member.datatype else { return None };
        let text = |bytes: &[u8]| {
            let end = bytes.iter().position(|byte| *byte == 0).unwrap_or(bytes.len());
            String::from_utf8_lossy(&bytes[..end]).trim_end().to_owned()
        };
        Some(self.fields(member, size as usize).map(text).collect())
    }

    /// A field of numbers; none if it is no such field.
    pub(crate) fn numbers(&self, name: &str) -> Option<Vec<f64>> {
        let member = self.member(name)?;
        let (kind, big) = number(&member.datatype)?;
        let bytes: Vec<u8> = self.fields(member, width(&member.datatype)?).flatten().copied().collect();
        Some(kind.decode(&bytes, big).collect())
    }

    /// How many numbers a field has in each record; none if they are no numbers in a row.
    pub(crate) fn columns(&self, name: &str) -> Option<usize> {
        match self.datatype(name)? {
            Datatype::Array { base_type, dimensions } if number(base_type).is_some() && dimensions.len() == 1 => {
                Some(dimensions[0] as usize)
            }
            other => number(other).map(|_| 1),
        }
    }

    /// A field with several numbers in each record.
    ///
    /// # Errors
    ///
    /// If it is no such field.
    pub(crate) fn matrix(&self, name: &str) -> Result<Matrix> {
        let missing = || Error::input(format!("“{name}” is no array of numbers")).at(self.path.as_str());
        let member = self.member(name).ok_or_else(missing)?;
        let columns = self.columns(name).ok_or_else(missing)?;
        let base = match &member.datatype {
            Datatype::Array { base_type, .. } => base_type,
            other => other,
        };
        let (kind, big) = number(base).ok_or_else(missing)?;
        let bytes: Vec<u8> =
            self.fields(member, width(&member.datatype).ok_or_else(missing)?).flatten().copied().collect();
        Matrix::new(self.rows(), columns, kind.decode(&bytes, big).map(|value| value as f32).collect())
    }

    fn member(&self, name: &str) -> Option<&CompoundMember> {
        self.members.iter().find(|member| member.name == name)
    }

    /// The bytes of a field in each record.
    fn fields(&self, member: &CompoundMember, width: usize) -> impl Iterator<Item = &[u8]> {
        let at = member.byte_offset as usize;
        self.bytes.chunks_exact(self.size).filter_map(move |record| record.get(at..at.checked_add(width)?))
    }
}

/// Bytes of a field; none if they are not known or not looked at.
fn width(datatype: &Datatype) -> Option<usize> {
    Some(match datatype {
        Datatype::String { size, .. }
        | Datatype::FixedPoint { size, .. }
        | Datatype::FloatingPoint { size, .. }
        | Datatype::BitField { size, .. }
        | Datatype::Enumeration { size, .. } => *size as usize,
        Datatype::VariableLength { .. } => heap::REFERENCE,
        Datatype::Array { base_type, dimensions } => {
            dimensions.iter().try_fold(width(base_type)?, |product, side| product.checked_mul(*side as usize))?
        }
        _ => return None,
    })
}
