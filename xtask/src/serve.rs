//! A static server for one folder, on this machine only.

use crate::shell::output;
use anyhow::{Context, Result, anyhow};
use axum::{
    Router,
    http::{HeaderValue, header::CACHE_CONTROL},
};
use std::{
    net::TcpListener,
    path::Path,
    thread::{self, JoinHandle},
};
use tokio::runtime::Runtime;
use tower_http::{services::ServeDir, set_header::SetResponseHeaderLayer};

/// Serves `dist` on 127.0.0.1 until the program is stopped.
///
/// # Errors
/// The port is taken.
pub fn serve(dist: &Path, port: u16, open: bool) -> Result<()> {
    let (address, server) = start(dist, port)?;
    println!("\nThe explorer is at {address}  (Ctrl-C stops it)");
    if open {
        let opener = if cfg!(target_os = "macos") { "open" } else { "xdg-open" };
        if output(opener, &[&address]).is_none() {
            eprintln!("No browser could be opened with {opener}: open the address by hand.");
        }
    }
    server.join().map_err(|_| anyhow!("the server stopped"))?
}

/// Begins to serve `dist`, on any free port for port 0; gives the address and the thread that answers, for as long as the program runs.
///
/// # Errors
/// The port is taken.
pub fn start(dist: &Path, port: u16) -> Result<(String, JoinHandle<Result<()>>)> {
    let listener = TcpListener::bind(("127.0.0.1", port))
        .with_context(|| format!("Port {port} cannot be used: choose another with --port"))?;
    listener.set_nonblocking(true)?;
    let address = format!("http://{}/", listener.local_addr()?);
    // A page that was built anew is seen at the next load.
    let fresh = SetResponseHeaderLayer::overriding(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    let files = Router::new().fallback_service(ServeDir::new(dist)).layer(fresh);
    let runtime = Runtime::new()?;
    let server = thread::spawn(move || {
        runtime.block_on(async { Ok(axum::serve(tokio::net::TcpListener::from_std(listener)?, files).await?) })
    });
    Ok((address, server))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Read, Write};
    use std::net::TcpStream;

    /// Status line and headers of the answer to a request for this path.
    fn head(address: &str, path: &str) -> String {
        let host = address.trim_start_matches("http://").trim_end_matches('/');
        let mut stream = TcpStream::connect(host).unwrap();
        write!(stream, "GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n").unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        let text = String::from_utf8_lossy(&answer);
        text.split("\r\n\r\n").next().unwrap().to_lowercase()
    }

    #[test]
    fn only_files_of_the_folder_are_served() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
        let (address, _answering) = start(folder, 0).unwrap();
        let found = head(&address, "/src/main.rs?x=1");
        assert!(found.starts_with("http/1.1 200") && found.contains("cache-control: no-cache"), "{found}");
        for refused in ["/../Cargo.toml", "/src/../../Cargo.toml", "/%2e%2e/Cargo.toml", "//etc/hostname", "/missing"] {
            let answer = head(&address, refused);
            assert!(!answer.starts_with("http/1.1 200"), "{refused}: {answer}");
        }
    }

    #[test]
    fn many_connections_are_answered_at_once() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
        let (address, _answering) = start(folder, 0).unwrap();
        let host = address.trim_start_matches("http://").trim_end_matches('/');
        // A browser keeps its connections open; none may wait for another.
        let idle: Vec<_> = (0..32).map(|_| TcpStream::connect(host).unwrap()).collect();
        assert!(head(&address, "/Cargo.toml").starts_with("http/1.1 200"));
        drop(idle);
    }
}
