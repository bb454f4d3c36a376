//! Bytes in and out of the page: files of the user, the demo, downloads. Nothing here reaches another host.

mod dropped;

pub use dropped::{dropped, path};

use crate::{page, words};
use js_sys::{Array, Uint8Array};
use scimf::protocol::formats::{Holds, endings};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

/// File name of the demo, next to the page.
pub const DEMO: &str = "demo.zip";

/// A file that holds weights, by its extension.
pub fn holds_weights(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    [".safetensors", ".pt", ".pth"].iter().any(|extension| name.ends_with(extension))
}

/// Bytes of files that an engine, which has 4 GB, could not hold beside what it makes of them.
const TOO_MANY: f64 = 3e9;
/// From here on opening takes a while.
const MANY: f64 = 150e6;
/// From here on an HDF5 file stays with the browser, and the engine reads slices of it.
const SLICED: f64 = 64e6;

/// What is in a file, on its way to the engine.
#[derive(Clone)]
pub enum Body {
    /// All of it, which moves.
    Bytes(Uint8Array),
    /// It stays with the browser; the engine reads slices of it.
    Outside(web_sys::File),
}

/// A file that is HDF5 by its name.
fn is_hdf5(file: &web_sys::File) -> bool {
    let name = file.name().to_ascii_lowercase();
    endings(Holds::Hdf5).any(|ending| name.ends_with(ending))
}

/// What is to be said while files are opened, before anything is read of them.
///
/// # Errors
/// They do not fit into memory; in words.
pub fn weighed(name: &str, files: &[web_sys::File]) -> Result<String, String> {
    let size_of = |files: &mut dyn Iterator<Item = &web_sys::File>| files.map(|file| file.size()).sum::<f64>();
    let bytes = size_of(&mut files.iter());
    let size = words::bytes(bytes);
    let whole = size_of(&mut files.iter().filter(|file| !is_hdf5(file) || file.size() < SLICED));
    match bytes {
        _ if whole < TOO_MANY && bytes - whole >= MANY => Ok(format!(
            "Opening {name}: {size}, read piece by piece, which takes a while. Its expression values take about as much memory, and several times as \
             much where the file is compressed"
        )),
        TOO_MANY.. => Err(format!(
            "{name} has {size}, more than fits into the 4 GB of memory that a browser gives. Keep fewer cells, or only a space such as X_pca \
             with the time and the type of each cell, or use the command line program scimf."
        )),
        MANY.. => Ok(format!("Opening {name}: {size}, which takes a while and up to four times as much memory")),
        _ => Ok(format!("Opening {name}")),
    }
}

/// The content of a file that the user chose.
///
/// # Errors
/// The browser cannot read it (moved, changed, or larger than memory); in words.
pub async fn read(file: &web_sys::File) -> Result<Uint8Array, String> {
    let buffer = JsFuture::from(file.array_buffer()).await.map_err(|error| {
        format!(
            "{} could not be read ({}). If it was moved or changed, choose it again.",
            file.name(),
            page::message(&error)
        )
    })?;
    Ok(Uint8Array::new(&buffer))
}

/// The content of a small file as text; what is no UTF-8 in it becomes a mark.
///
/// # Errors
/// As for [`read`].
pub async fn read_text(file: &web_sys::File) -> Result<String, String> {
    Ok(String::from_utf8_lossy(&read(file).await?.to_vec()).into_owned())
}

/// The contents of files, in their order; `tell` hears before each how many were read.
///
/// # Errors
/// As [`read`], for the first that cannot be read.
pub async fn read_all(files: &[web_sys::File], tell: impl Fn(usize)) -> Result<Vec<Body>, String> {
    let mut contents = Vec::with_capacity(files.len());
    for (at, file) in files.iter().enumerate() {
        tell(at);
        contents.push(match is_hdf5(file) && file.size() >= SLICED {
            true => Body::Outside(file.clone()),
            false => Body::Bytes(read(file).await?),
        });
    }
    Ok(contents)
}

/// The content of the demo.
///
/// # Errors
/// The host does not serve it; in words.
pub async fn fetch_demo() -> Result<Uint8Array, String> {
    let failed = |why: String| format!("The demo could not be loaded ({why}). Open a dataset of your own, or reload.");
    fetch(DEMO).await.map_err(failed)
}

/// A study that lies beside the page, as a file like those that the user chooses.
///
/// # Errors
/// The host does not serve it; in words.
pub async fn fetch_study(path: &str) -> Result<web_sys::File, String> {
    let failed = |why: String| {
        format!(
            "The study of the link, {path}, could not be loaded ({why}). Ask whoever gave you the link, or open a dataset of your own."
        )
    };
    let content = fetch(path).await.map_err(failed)?;
    let name = path.rsplit('/').next().unwrap_or(path);
    web_sys::File::new_with_u8_array_sequence(&Array::of1(&content), name)
        .map_err(|error| failed(page::message(&error)))
}

/// The content of a file beside the page; else why it cannot be had.
async fn fetch(path: &str) -> Result<Uint8Array, String> {
    let said = |error: JsValue| page::message(&error);
    let answer = JsFuture::from(leptos::prelude::window().fetch_with_str(path)).await.map_err(said)?;
    let answer: web_sys::Response = answer.unchecked_into();
    if !answer.ok() {
        return Err(format!("the host answers {}", answer.status()));
    }
    let buffer = JsFuture::from(answer.array_buffer().map_err(said)?).await.map_err(said)?;
    Ok(Uint8Array::new(&buffer))
}

/// Hands a file to the user as a download.
///
/// # Errors
/// The browser refuses; in words.
pub fn hand_over(name: &str, bytes: &[u8]) -> Result<(), String> {
    hand_over_content(name, &Uint8Array::from(bytes))
}

/// As [`hand_over`], for bytes that are not in the page's memory.
///
/// # Errors
/// As [`hand_over`].
pub fn hand_over_content(name: &str, content: &Uint8Array) -> Result<(), String> {
    let save = || -> Result<(), JsValue> {
        let blob = web_sys::Blob::new_with_u8_array_sequence(&Array::of1(content))?;
        let url = web_sys::Url::create_object_url_with_blob(&blob)?;
        let link: web_sys::HtmlAnchorElement = leptos::prelude::document().create_element("a")?.unchecked_into();
        link.set_href(&url);
        link.set_download(name);
        link.click();
        // The download has its own hold on the blob once it has begun.
        leptos::prelude::set_timeout(
            move || {
                web_sys::Url::revoke_object_url(&url).ok();
            },
            std::time::Duration::from_secs(60),
        );
        Ok(())
    };
    save().map_err(|error| format!("{name} could not be saved ({}).", page::message(&error)))
}
