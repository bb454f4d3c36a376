//! A static server for one folder, on this machine only.

use crate::shell::output;
use anyhow::{Result, anyhow};
use std::{
    fs::File,
    path::{Component, Path, PathBuf},
    sync::Arc,
    thread::{self, JoinHandle},
};
use tiny_http::{Header, Method, Request, Response, Server};

/// Serves `dist` on 127.0.0.1 until the program is stopped.
///
/// # Errors
/// The port is taken.
pub fn serve(dist: &Path, port: u16, open: bool) -> Result<()> {
    let (address, workers) = start(dist, port)?;
    println!("\nThe explorer is at {address}  (Ctrl-C stops it)");
    if open {
        let opener = if cfg!(target_os = "macos") { "open" } else { "xdg-open" };
        if output(opener, &[&address]).is_none() {
            eprintln!("No browser could be opened with {opener}: open the address by hand.");
        }
    }
    workers.into_iter().try_for_each(|worker| worker.join().map_err(|_| anyhow!("the server stopped")))
}

/// Begins to serve `dist`, on any free port for port 0; gives the address and the threads that answer, for as long as the program runs.
///
/// # Errors
/// The port is taken.
pub fn start(dist: &Path, port: u16) -> Result<(String, Vec<JoinHandle<()>>)> {
    let server = Server::http(("127.0.0.1", port))
        .map_err(|error| anyhow!("Port {port} cannot be used ({error}): choose another with --port."))?;
    let address = format!("http://{}/", server.server_addr());
    let server = Arc::new(server);
    let workers = (0..4)
        .map(|_| {
            let (server, dist) = (server.clone(), dist.to_owned());
            thread::spawn(move || server.incoming_requests().for_each(|request| answer(request, &dist)))
        })
        .collect();
    Ok((address, workers))
}

fn answer(request: Request, dist: &Path) {
    let header = |name: &str, value: &str| Header::from_bytes(name, value).expect("plain text is a valid header");
    let file = match request.method() {
        Method::Get | Method::Head => {
            locate(dist, request.url()).and_then(|path| Some((File::open(&path).ok()?, path)))
        }
        _ => None,
    };
    // A browser that goes away in the middle of an answer is not our failure.
    let _ = match file {
        Some((file, path)) => request.respond(
            Response::from_file(file)
                .with_header(header("Content-Type", media_type(&path)))
                .with_header(header("Cache-Control", "no-cache")),
        ),
        None => request.respond(Response::from_string("Not found").with_status_code(404)),
    };
}

/// The file that a request asks for; none if it does not exist or lies outside of `dist`.
fn locate(dist: &Path, url: &str) -> Option<PathBuf> {
    let path = url.split(['?', '#']).next()?.trim_start_matches('/');
    let plain = Path::new(path).components().all(|part| matches!(part, Component::Normal(_)));
    let file = dist.join(if path.is_empty() { "index.html" } else { path });
    (plain && file.is_file()).then_some(file)
}

fn media_type(path: &Path) -> &'static str {
    match path.extension().and_then(|extension| extension.to_str()) {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("wasm") => "application/wasm",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("json") => "application/json",
        Some("webmanifest") => "application/manifest+json",
        Some("zip") => "application/zip",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_files_of_the_folder_are_served() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
        assert_eq!(locate(folder, "/Cargo.toml?x=1"), Some(folder.join("Cargo.toml")));
        assert_eq!(locate(folder, "/src/main.rs"), Some(folder.join("src/main.rs")));
        for refused in ["/", "/src", "/../Cargo.toml", "/src/../../Cargo.toml", "//etc/hostname", "/missing"] {
            assert_eq!(locate(folder, refused), None, "{refused}");
        }
    }
}
