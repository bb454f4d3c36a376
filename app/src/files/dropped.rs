//! What was dropped on the page: files, and the files in folders.

use js_sys::{Array, Promise};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{DataTransfer, File, FileSystemDirectoryEntry, FileSystemEntry, FileSystemFileEntry};

/// Names that only the folder of a zarr store has in it.
const ZARR: [&str; 2] = [".zgroup", "zarr.json"];

/// The dropped files; a folder stands for the files directly in it, without hidden ones. Of several folders the files' names begin with the folder's. Must be called while the event is handled: the browser
/// takes the list back afterwards.
pub fn dropped(data: &DataTransfer) -> impl Future<Output = Vec<File>> + use<> {
    let items = data.items();
    let (mut files, mut folders) = (Vec::new(), Vec::new());
    for item in (0..items.length()).filter_map(|index| items.get(index)).filter(|item| item.kind() == "file") {
        let folder = item.webkit_get_as_entry().ok().flatten().filter(|entry| entry.is_directory());
        match folder {
            Some(folder) => folders.push(folder.unchecked_into::<FileSystemDirectoryEntry>()),
            None => files.extend(item.get_as_file().ok().flatten()),
        }
    }
    async move {
        let several = folders.len() > 1;
        for folder in folders {
            let inside = files_in(&folder).await;
            // The files of several folders are often called alike.
            files.extend(inside.into_iter().map(|file| if several { within(&folder, file) } else { file }));
        }
        files
    }
}

/// The file under a name that begins with that of its folder.
fn within(folder: &FileSystemDirectoryEntry, file: File) -> File {
    called(&format!("{}_{}", folder.name(), file.name()), file)
}

/// The file under another name.
fn called(name: &str, file: File) -> File {
    File::new_with_blob_sequence(&Array::of1(&file), name).unwrap_or(file)
}

/// The path of a file: its name, in which some browsers write `:` for the `/` of the folders of a zarr store.
pub fn path(file: &File) -> String {
    let name = file.name();
    if name.contains(".zarr:") { name.replace(':', "/") } else { name }
}

/// The files of a folder, those of a zarr store with all its folders; what cannot be read is left out, as the study's reader says what is missing.
async fn files_in(folder: &FileSystemDirectoryEntry) -> Vec<File> {
    let entries = entries_of(folder).await;
    let is_zarr = entries.iter().any(|entry| ZARR.contains(&entry.name().as_str()));
    let mut files = Vec::new();
    let mut waiting: Vec<(String, FileSystemEntry)> = entries.into_iter().map(|entry| (String::new(), entry)).collect();
    while let Some((before, entry)) = waiting.pop() {
        let name = entry.name();
        if entry.is_directory() && is_zarr {
            let inside = entries_of(entry.unchecked_ref()).await;
            waiting.extend(inside.into_iter().map(|entry| (format!("{before}{name}/"), entry)));
        } else if entry.is_file() && (is_zarr || !name.starts_with('.')) {
            let entry: FileSystemFileEntry = entry.unchecked_into();
            let file = Promise::new(&mut |resolve, reject| entry.file_with_callback_and_callback(&resolve, &reject));
            let file = JsFuture::from(file).await.ok().map(JsCast::unchecked_into::<File>);
            files.extend(
                file.map(
                    |file| if is_zarr { called(&format!("{}/{before}{name}", folder.name()), file) } else { file },
                ),
            );
        }
    }
    files
}

/// What is directly in a folder.
async fn entries_of(folder: &FileSystemDirectoryEntry) -> Vec<FileSystemEntry> {
    let reader = folder.create_reader();
    let mut found = Vec::new();
    loop {
        // The browser hands out entries in portions; an empty one is the end.
        let portion = Promise::new(&mut |resolve, reject| {
            if reader.read_entries_with_callback_and_callback(&resolve, &reject).is_err() {
                let _ = reject.call0(&JsValue::NULL);
            }
        });
        let entries = JsFuture::from(portion).await.map(JsCast::unchecked_into::<Array>).unwrap_or_default();
        if entries.length() == 0 {
            return found;
        }
        found.extend(entries.iter().map(JsCast::unchecked_into::<FileSystemEntry>));
    }
}
