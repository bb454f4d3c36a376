//! What is in a file: its bytes, or where slices of it can be read.

use crate::protocol::Array;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::{fmt, ops::Deref, sync::Arc};

/// A file that is not in memory, of which any bytes can be read.
pub trait Slices: Send + Sync {
    /// Number of its bytes.
    fn size(&self) -> u64;

    /// Reads the bytes from `offset` on until `buffer` is full.
    ///
    /// # Errors
    ///
    /// If the file cannot be read there; in words.
    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> Result<(), String>;
}

/// What is in a file. It dereferences to the bytes that are in memory: all, or none of a file that is read in slices. Messages carry bytes only;
/// whoever takes a message in puts slices in their place.
#[derive(Clone)]
pub enum Content {
    /// All of it.
    Bytes(Array<u8>),
    /// It stays where it is.
    Slices(Arc<dyn Slices>),
}

impl Content {
    /// Number of its bytes.
    pub fn size(&self) -> u64 {
        match self {
            Self::Bytes(bytes) => bytes.len() as u64,
            Self::Slices(slices) => slices.size(),
        }
    }

    /// Its first bytes, fewer where it has no more.
    ///
    /// # Errors
    ///
    /// As [`Slices::read_at`].
    pub fn start(&self, length: usize) -> Result<Vec<u8>, String> {
        let length = length.min(usize::try_from(self.size()).unwrap_or(usize::MAX));
        match self {
            Self::Bytes(bytes) => Ok(bytes[..length].to_vec()),
            Self::Slices(slices) => {
                let mut start = vec![0; length];
                slices.read_at(0, &mut start).map(|()| start)
            }
        }
    }

    /// All of it in memory.
    ///
    /// # Errors
    ///
    /// As [`Slices::read_at`], and where it does not fit.
    pub fn into_bytes(self) -> Result<Vec<u8>, String> {
        match self {
            Self::Bytes(bytes) => Ok(bytes.0),
            Self::Slices(slices) => {
                let mut bytes = Vec::new();
                let size = usize::try_from(slices.size()).unwrap_or(usize::MAX);
                bytes.try_reserve_exact(size).map_err(|_| "it does not fit into memory".to_owned())?;
                bytes.resize(size, 0);
                slices.read_at(0, &mut bytes).map(|()| bytes)
            }
        }
    }
}

impl Default for Content {
    fn default() -> Self {
        Self::Bytes(Array::default())
    }
}

impl Deref for Content {
    type Target = [u8];
    fn deref(&self) -> &[u8] {
        match self {
            Self::Bytes(bytes) => bytes,
            Self::Slices(_) => &[],
        }
    }
}

impl From<Vec<u8>> for Content {
    fn from(bytes: Vec<u8>) -> Self {
        Self::Bytes(bytes.into())
    }
}

impl From<Array<u8>> for Content {
    fn from(bytes: Array<u8>) -> Self {
        Self::Bytes(bytes)
    }
}

impl fmt::Debug for Content {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} bytes", self.size())
    }
}

impl PartialEq for Content {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Bytes(a), Self::Bytes(b)) => a == b,
            (Self::Slices(a), Self::Slices(b)) => Arc::ptr_eq(a, b),
            _ => false,
        }
    }
}

impl Serialize for Content {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(self)
    }
}

impl<'de> Deserialize<'de> for Content {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Array::deserialize(deserializer).map(Self::Bytes)
    }
}
