//! Saves in the browser's database (IndexedDB): each write is a transaction, done whole or not at all.

use super::digest::sha256;
use super::head::Head;
use idb::{Database, ObjectStore, Transaction, TransactionMode};
use js_sys::{Array, Object, Reflect, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

const DATABASE: &str = "scimf-saves";
const DATASETS: &str = "datasets";
const GENERATIONS: &str = "generations";
/// Generations that are kept of each save.
const KEPT: u32 = 2;

/// The database, open.
pub struct Store(Database);

/// A save in the list.
pub struct Listed {
    /// Which.
    pub id: String,
    /// The head of its newest generation: none if there is no generation, an error if no generation is of this version.
    pub newest: Option<Result<Head, ()>>,
}

/// A save that was read and whose checksums are right.
pub struct Saved {
    /// The dataset, as a session file.
    pub dataset: web_sys::File,
    /// The words of the generation.
    pub head: Head,
    /// The bytes of its parts.
    pub parts: Vec<Uint8Array>,
    /// Its number; the next one is to be larger.
    pub generation: u32,
    /// A newer generation was damaged.
    pub older: bool,
}

impl Store {
    /// Opens the database.
    ///
    /// # Errors
    /// The browser forbids it, as in some private windows; in words.
    pub async fn open() -> Result<Self, String> {
        Database::builder(DATABASE)
            .version(1)
            .add_object_store(ObjectStore::builder(DATASETS))
            .add_object_store(ObjectStore::builder(GENERATIONS))
            .build()
            .await
            .map(Self)
            .map_err(|error| words(&error))
    }

    /// Writes the dataset of a save.
    ///
    /// # Errors
    /// The storage is full or forbidden; in words.
    pub async fn put_dataset(&self, id: &str, name: &str, bytes: &Uint8Array) -> Result<(), String> {
        let record = Object::new();
        let blob = web_sys::Blob::new_with_u8_array_sequence(&Array::of1(bytes)).map_err(|error| said(&error))?;
        set(&record, "name", &name.into());
        set(&record, "sha256", &sha256(std::slice::from_ref(bytes)).await?.into());
        set(&record, "content", &blob);
        self.put(DATASETS, id, &record).await
    }

    /// Writes a generation in the place of the last but one.
    ///
    /// # Errors
    /// The storage is full or forbidden; in words.
    pub async fn put_generation(
        &self,
        id: &str,
        generation: u32,
        head: &Head,
        parts: &[Uint8Array],
    ) -> Result<(), String> {
        let head = head.text().ok_or("what is to be kept cannot be written as text")?;
        let record = Object::new();
        set(&record, "generation", &generation.into());
        set(&record, "sha256", &checksum(&head, parts).await?.into());
        set(&record, "head", &head.into());
        set(&record, "parts", &parts.iter().collect::<Array>());
        self.put(GENERATIONS, &place(id, generation % KEPT), &record).await
    }

    /// All saves.
    ///
    /// # Errors
    /// The database cannot be read; in words.
    pub async fn list(&self) -> Result<Vec<Listed>, String> {
        let mut list = Vec::new();
        for key in self.keys(DATASETS).await? {
            let mut newest = None;
            for (_, record) in self.generations(&key).await? {
                let head = text(&record, "head").and_then(|head| Head::parse(&head));
                newest = Some(head.ok_or(()));
                if matches!(newest, Some(Ok(_))) {
                    break;
                }
            }
            list.push(Listed { id: key, newest });
        }
        Ok(list)
    }

    /// Reads the newest generation of a save that is whole, and its dataset.
    ///
    /// # Errors
    /// Nothing of it is whole, or the database cannot be read; in words.
    pub async fn read(&self, id: &str) -> Result<Saved, String> {
        let damaged = "what was kept is damaged and cannot be opened";
        let dataset = self.get(DATASETS, id).await?.ok_or(damaged)?;
        let blob: web_sys::Blob = get(&dataset, "content").dyn_into().map_err(|_| damaged)?;
        let content = JsFuture::from(blob.array_buffer()).await.map_err(|error| said(&error))?;
        let content = Uint8Array::new(&content);
        if text(&dataset, "sha256") != Some(sha256(std::slice::from_ref(&content)).await?) {
            return Err(damaged.into());
        }
        let name = text(&dataset, "name").ok_or(damaged)?;
        let file = web_sys::File::new_with_blob_sequence(&Array::of1(&blob), &format!("{name}.zip"));
        let file = file.map_err(|error| said(&error))?;
        let mut older = false;
        for (generation, record) in self.generations(id).await? {
            let parts: Vec<Uint8Array> = match get(&record, "parts").dyn_into::<Array>() {
                Ok(parts) => parts.iter().filter_map(|part| part.dyn_into().ok()).collect(),
                Err(_) => Vec::new(),
            };
            if let Some(words) = text(&record, "head")
                && text(&record, "sha256") == Some(checksum(&words, &parts).await?)
                && let Some(head) = Head::parse(&words).filter(|head| head.parts.len() == parts.len())
            {
                return Ok(Saved { dataset: file, head, parts, generation, older });
            }
            older = true;
        }
        Err(damaged.into())
    }

    /// Deletes a save.
    ///
    /// # Errors
    /// The database cannot be written; in words.
    pub async fn forget(&self, id: &str) -> Result<(), String> {
        let forget = || -> Result<Transaction, idb::Error> {
            let transaction = self.0.transaction(&[DATASETS, GENERATIONS], TransactionMode::ReadWrite)?;
            transaction.object_store(DATASETS)?.delete(JsValue::from(id))?;
            for slot in 0..KEPT {
                transaction.object_store(GENERATIONS)?.delete(JsValue::from(place(id, slot)))?;
            }
            Ok(transaction)
        };
        done(forget()).await
    }

    /// The generations of a save, the newest first.
    async fn generations(&self, id: &str) -> Result<Vec<(u32, JsValue)>, String> {
        let mut all = Vec::new();
        for slot in 0..KEPT {
            if let Some(record) = self.get(GENERATIONS, &place(id, slot)).await? {
                all.push((get(&record, "generation").as_f64().unwrap_or(0.0) as u32, record));
            }
        }
        all.sort_by_key(|(generation, _)| std::cmp::Reverse(*generation));
        Ok(all)
    }

    async fn put(&self, store: &str, key: &str, record: &Object) -> Result<(), String> {
        let put = || -> Result<Transaction, idb::Error> {
            let transaction = self.0.transaction(&[store], TransactionMode::ReadWrite)?;
            transaction.object_store(store)?.put(record, Some(&key.into()))?;
            Ok(transaction)
        };
        done(put()).await
    }

    async fn get(&self, store: &str, key: &str) -> Result<Option<JsValue>, String> {
        let get = async || -> Result<Option<JsValue>, idb::Error> {
            let transaction = self.0.transaction(&[store], TransactionMode::ReadOnly)?;
            transaction.object_store(store)?.get(JsValue::from(key))?.await
        };
        get().await.map_err(|error| words(&error))
    }

    async fn keys(&self, store: &str) -> Result<Vec<String>, String> {
        let keys = async || -> Result<Vec<JsValue>, idb::Error> {
            let transaction = self.0.transaction(&[store], TransactionMode::ReadOnly)?;
            transaction.object_store(store)?.get_all_keys(None, None)?.await
        };
        let keys = keys().await.map_err(|error| words(&error))?;
        Ok(keys.into_iter().filter_map(|key| key.as_string()).collect())
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        self.0.close();
    }
}

/// Waits until a transaction is written. A full disk is often found out only then, and the browser takes everything back.
async fn done(transaction: Result<Transaction, idb::Error>) -> Result<(), String> {
    let written = match transaction.and_then(Transaction::commit) {
        Ok(transaction) => transaction.await.is_ok_and(|result| result.is_committed()),
        Err(_) => false,
    };
    written.then_some(()).ok_or_else(|| "the browser's storage for this page is full or forbidden".into())
}

/// Key of a generation.
fn place(id: &str, slot: u32) -> String {
    format!("{id}/{slot}")
}

async fn checksum(head: &str, parts: &[Uint8Array]) -> Result<String, String> {
    let head = Uint8Array::from(head.as_bytes());
    sha256(&[std::slice::from_ref(&head), parts].concat()).await
}

fn set(record: &Object, name: &str, value: &JsValue) {
    Reflect::set(record, &name.into(), value).ok();
}

fn get(record: &JsValue, name: &str) -> JsValue {
    Reflect::get(record, &name.into()).unwrap_or_default()
}

fn text(record: &JsValue, name: &str) -> Option<String> {
    get(record, name).as_string()
}

fn words(error: &idb::Error) -> String {
    error.to_string().trim_end_matches('.').to_owned()
}

fn said(error: &JsValue) -> String {
    crate::page::message(error)
}
