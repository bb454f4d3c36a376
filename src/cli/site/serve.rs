//! A static server for one folder, on this machine only.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

/// Longest request that is read.
const LONGEST_REQUEST: u64 = 16 << 10;
/// How long a connection may say nothing.
const PATIENCE: Duration = Duration::from_secs(20);

/// What is served: a folder, and one file that is in memory.
pub struct Site {
    /// The folder.
    pub folder: PathBuf,
    /// Path of the file in memory, within the folder, and its content.
    pub file: (String, Vec<u8>),
}

/// A listener on this machine; port 0 is any free one.
///
/// # Errors
/// The port is taken.
pub fn listen(port: u16) -> std::io::Result<TcpListener> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port))
}

/// Answers until the program ends, each connection in a thread of its own: a browser keeps some open, and none may wait for another.
pub fn serve(listener: &TcpListener, site: Site) {
    let site = Arc::new(site);
    for stream in listener.incoming().flatten() {
        let site = Arc::clone(&site);
        std::thread::spawn(move || {
            stream.set_read_timeout(Some(PATIENCE)).ok();
            // Do not report a browser that closes the connection early.
            answer(&stream, &site).ok();
        });
    }
}

/// Reads one request and answers it.
fn answer(mut stream: &TcpStream, site: &Site) -> std::io::Result<()> {
    let mut lines = BufReader::new(stream.take(LONGEST_REQUEST)).lines();
    let first = lines.next().transpose()?.unwrap_or_default();
    let mut host = None;
    for line in lines {
        let line = line?;
        match line.split_once(':') {
            Some((name, value)) if name.eq_ignore_ascii_case("host") => host = Some(value.trim().to_owned()),
            None if line.is_empty() => break,
            _ => {}
        }
    }
    let mut words = first.split_whitespace();
    let (method, target) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    // A page of another site that made its own name point here must not read the study.
    let local = host
        .as_deref()
        .and_then(|host| host.split(':').next())
        .is_some_and(|it| it == "127.0.0.1" || it == "localhost");
    let (status, kind, body) = match (method, local.then(|| found(site, target)).flatten()) {
        ("GET" | "HEAD", Some((kind, body))) => ("200 OK", kind, body),
        ("GET" | "HEAD", None) => ("404 Not Found", "text/plain", b"There is nothing here.\n".to_vec()),
        _ => ("405 Method Not Allowed", "text/plain", b"Only GET.\n".to_vec()),
    };
    write!(
        stream,
        "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\nCache-Control: no-cache\r\nX-Content-Type-Options: nosniff\r\n\
         Connection: close\r\n\r\n",
        body.len()
    )?;
    if method != "HEAD" {
        stream.write_all(&body)?;
    }
    stream.flush()
}

/// Type and content of what an address names.
fn found(site: &Site, target: &str) -> Option<(&'static str, Vec<u8>)> {
    let path = target.split(['?', '#']).next()?.strip_prefix('/')?;
    let path = decoded(path)?;
    if path == site.file.0 {
        return Some((kind(&path), site.file.1.clone()));
    }
    let relative = Path::new(&path);
    if !relative.components().all(|part| matches!(part, Component::Normal(_))) || path.contains(['\\', '\0']) {
        return None;
    }
    let mut file = site.folder.join(relative);
    if path.is_empty() || path.ends_with('/') {
        file.push("index.html");
    }
    Some((kind(&file.to_string_lossy()), std::fs::read(file).ok()?))
}

/// The text behind `%20` and the like.
fn decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'%' => {
                let digits = [rest.next()?, rest.next()?];
                u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok()?
            }
            byte => byte,
        });
    }
    String::from_utf8(bytes).ok()
}

fn kind(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript",
        "css" => "text/css",
        "wasm" => "application/wasm",
        "json" | "webmanifest" => "application/json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "zip" => "application/zip",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Status line, headers and body of the answer to a request.
    fn ask(request: &str) -> String {
        let listener = listen(0).unwrap();
        let address = listener.local_addr().unwrap();
        let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("public");
        let site = Site { folder, file: ("studies/mine.zip".into(), b"PK".to_vec()) };
        std::thread::spawn(move || serve(&listener, site));
        let mut stream = TcpStream::connect(address).unwrap();
        stream.write_all(request.replace("HOST", &address.to_string()).as_bytes()).unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        String::from_utf8_lossy(&answer).into_owned()
    }

    #[test]
    fn files_of_the_folder_and_the_study_are_served() {
        let get = |path: &str| ask(&format!("GET {path} HTTP/1.1\r\nHost: HOST\r\n\r\n"));
        let script = get("/sw.js?x=1");
        assert!(script.starts_with("HTTP/1.1 200") && script.contains("text/javascript"), "{script}");
        assert!(get("/studies/mine.zip").ends_with("\r\n\r\nPK"));
        for refused in
            ["/../Cargo.toml", "/%2e%2e/Cargo.toml", "//etc/hostname", "/nothing", "sw.js", "/%zz", "/..%5cCargo.toml"]
        {
            let answer = get(refused);
            assert!(answer.starts_with("HTTP/1.1 404"), "{refused}: {answer}");
        }
    }

    #[test]
    fn only_this_machine_reads_and_nobody_writes() {
        let stranger = ask("GET /sw.js HTTP/1.1\r\nHost: example.org\r\n\r\n");
        assert!(stranger.starts_with("HTTP/1.1 404"), "{stranger}");
        let written = ask("POST /sw.js HTTP/1.1\r\nHost: HOST\r\n\r\n");
        assert!(written.starts_with("HTTP/1.1 405"), "{written}");
    }
}
