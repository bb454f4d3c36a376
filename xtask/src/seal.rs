//! What trunk leaves open: versioned names for the engine's files, a Content-Security-Policy that knows the page's own scripts, and a service
//! worker that knows all files.
//!
//! `index.html` holds three marks that are filled in here: `{engine}`, `{engine-wasm}` and `{script-hashes}`.

use crate::keep;
use anyhow::{Context, Result, ensure};
use base64::{Engine, prelude::BASE64_STANDARD};
use sha2::{Digest, Sha256};
use std::{fs, path::Path};

/// Gives the engine's two files names with their content's hash, so that a cached one can never meet another page, and fills the marks in
/// `index.html` and, last of all, in the service worker.
///
/// # Errors
/// A file or a mark is missing.
pub fn seal(dist: &Path) -> Result<()> {
    let index = dist.join("index.html");
    let html = fs::read_to_string(&index).with_context(|| format!("{} cannot be read", index.display()))?;
    let [engine, engine_wasm] = version_engine(dist)?;
    let html = fill(&html, "{engine}", &engine)?;
    let html = fill(&html, "{engine-wasm}", &engine_wasm)?;
    let html = fill(&html, "{script-hashes}", &script_hashes(&html).join(" "))?;
    fs::write(&index, html).with_context(|| format!("{} cannot be written", index.display()))?;
    keep::list_files(dist)
}

/// Renames `worker.js` and `worker_bg.wasm`; both carry one version because neither works with another's partner.
fn version_engine(dist: &Path) -> Result<[String; 2]> {
    const PLAIN: [&str; 2] = ["worker.js", "worker_bg.wasm"];
    let mut hash = Sha256::new();
    for name in PLAIN {
        hash.update(fs::read(dist.join(name)).with_context(|| format!("trunk left no {name} in {}", dist.display()))?);
    }
    let version: String = hash.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    let versioned = [format!("worker-{version}.js"), format!("worker-{version}_bg.wasm")];
    let script = fs::read_to_string(dist.join(PLAIN[0]))?;
    fs::write(dist.join(&versioned[0]), script.replace(PLAIN[1], &versioned[1]))?;
    fs::remove_file(dist.join(PLAIN[0]))?;
    fs::rename(dist.join(PLAIN[1]), dist.join(&versioned[1]))?;
    Ok(versioned)
}

fn fill(html: &str, mark: &str, value: &str) -> Result<String> {
    ensure!(html.matches(mark).count() == 1, "index.html must hold the mark {mark} exactly once");
    Ok(html.replace(mark, value))
}

/// The sources for `script-src` that allow exactly the inline scripts of the page.
fn script_hashes(html: &str) -> Vec<String> {
    html.split("<script")
        .skip(1)
        .filter_map(|rest| {
            let (attributes, rest) = rest.split_once('>')?;
            let (text, _) = rest.split_once("</script>")?;
            (!attributes.contains("src=")).then(|| format!("'sha256-{}'", BASE64_STANDARD.encode(Sha256::digest(text))))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_covers_exactly_the_text_of_an_inline_script() {
        // The example of the CSP specification (https://www.w3.org/TR/CSP2/#script-src-hash-usage).
        let html = r#"<script src="x.js"></script><script type="module">alert('Hello, world.');</script>"#;
        assert_eq!(script_hashes(html), ["'sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng='"]);
    }

    #[test]
    fn sealing_versions_the_engine_and_fills_the_page() {
        let dist = std::env::temp_dir().join(format!("seal-{}", std::process::id()));
        fs::create_dir_all(&dist).unwrap();
        fs::write(dist.join("index.html"), "{engine} {engine-wasm} {script-hashes}<script>1</script>").unwrap();
        fs::write(dist.join("worker.js"), "new URL('worker_bg.wasm', import.meta.url)").unwrap();
        fs::write(dist.join("worker_bg.wasm"), "wasm").unwrap();
        fs::write(dist.join("sw.js"), "\"{version}\" {files}").unwrap();
        seal(&dist).unwrap();
        let html = fs::read_to_string(dist.join("index.html")).unwrap();
        let [engine, engine_wasm, hash] = html.split([' ', '<']).take(3).collect::<Vec<_>>().try_into().unwrap();
        let script = fs::read_to_string(dist.join(engine)).unwrap();
        assert_eq!(script, format!("new URL('{engine_wasm}', import.meta.url)"));
        assert_eq!(fs::read(dist.join(engine_wasm)).unwrap(), b"wasm");
        assert!(hash.starts_with("'sha256-"));
        let worker = fs::read_to_string(dist.join("sw.js")).unwrap();
        assert!(
            [engine, engine_wasm, "index.html"].iter().all(|name| worker.contains(&format!("\"{name}\""))),
            "{worker}"
        );
        assert!(seal(&dist).is_err(), "a page without marks is refused");
        fs::remove_dir_all(dist).unwrap();
    }
}
