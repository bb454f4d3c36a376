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
    let html = fill(&html, "{engine}\"", &format!("{engine}\" data-integrity=\"{}\"", integrity(dist, &engine)?))?;
    let html = fill(
        &html,
        "{engine-wasm}\"",
        &format!("{engine_wasm}\" data-integrity=\"{}\"", integrity(dist, &engine_wasm)?),
    )?;
    let html = check_starter(dist, &html)?;
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

/// The checksum of a file, as the attribute `integrity` has it.
fn integrity(dist: &Path, name: &str) -> Result<String> {
    let content = fs::read(dist.join(name)).with_context(|| format!("there is no {name} in {}", dist.display()))?;
    Ok(format!("sha256-{}", BASE64_STANDARD.encode(Sha256::digest(content))))
}

/// Lets trunk's starter check what it starts: the module by an import map, the program by what is asked of its fetch. Trunk's own checksums are
/// those of the preloads, which a browser replaces by an unchecked load where they fail.
fn check_starter(dist: &Path, html: &str) -> Result<String> {
    let named = |before: &str| -> Result<String> {
        let (_, rest) = html.split_once(before).with_context(|| format!("trunk's starter has no {before}"))?;
        Ok(rest.split('\'').next().unwrap_or_default().to_owned())
    };
    let (module, wasm) = (named("import init from '")?, named("module_or_path: '")?);
    let map = format!(
        "<script type=\"importmap\">{{\"integrity\":{{\"{module}\":\"{}\"}}}}</script>\n",
        integrity(dist, &module)?
    );
    let fetched = format!("module_or_path: fetch('{wasm}', {{ integrity: '{}' }})", integrity(dist, &wasm)?);
    let html = fill(html, &format!("module_or_path: '{wasm}'"), &fetched)?;
    fill(&html, "<script type=\"module\">", &format!("{map}<script type=\"module\">"))
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
        let page = "<meta content=\"{engine}\"><meta content=\"{engine-wasm}\"><p>{script-hashes}</p><script type=\"module\">\n\
                    import init from './ui.js';\nconst wasm = await init({ module_or_path: './ui_bg.wasm' });</script>";
        fs::write(dist.join("index.html"), page).unwrap();
        fs::write(dist.join("worker.js"), "new URL('worker_bg.wasm', import.meta.url)").unwrap();
        fs::write(dist.join("worker_bg.wasm"), "wasm").unwrap();
        fs::write(dist.join("ui.js"), "abc").unwrap();
        fs::write(dist.join("ui_bg.wasm"), "abc").unwrap();
        fs::write(dist.join("sw.js"), "\"{version}\" {files}").unwrap();
        seal(&dist).unwrap();
        let html = fs::read_to_string(dist.join("index.html")).unwrap();
        let engines: Vec<&str> = html.split("content=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
        let [engine, engine_wasm] = engines[..] else { panic!("{html}") };
        let script = fs::read_to_string(dist.join(engine)).unwrap();
        assert_eq!(script, format!("new URL('{engine_wasm}', import.meta.url)"));
        assert_eq!(fs::read(dist.join(engine_wasm)).unwrap(), b"wasm");
        // SHA-256 of "abc", as in FIPS 180-2.
        let abc = "sha256-ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=";
        assert!(html.contains(&format!("fetch('./ui_bg.wasm', {{ integrity: '{abc}' }})")), "{html}");
        assert!(html.contains(&format!("{{\"integrity\":{{\"./ui.js\":\"{abc}\"}}}}")), "{html}");
        for name in [engine, engine_wasm] {
            assert!(
                html.contains(&format!("{name}\" data-integrity=\"{}\"", integrity(&dist, name).unwrap())),
                "{html}"
            );
        }
        assert_eq!(
            html.matches("'sha256-").count(),
            3,
            "the import map, the starter, and what the starter asks for: {html}"
        );
        let worker = fs::read_to_string(dist.join("sw.js")).unwrap();
        assert!(
            [engine, engine_wasm, "index.html"].iter().all(|name| worker.contains(&format!("\"{name}\""))),
            "{worker}"
        );
        assert!(seal(&dist).is_err(), "a page without marks is refused");
        fs::remove_dir_all(dist).unwrap();
    }
}
