//! What a browser loads: both programs, the styles and everything in `public/`, put together from `index.html`.
//!
//! `index.html` holds marks that are filled in here: an address for each file, and its checksum. Programs and styles carry their content's hash
//! in their names, so that a cached one can never meet another page.

use crate::keep;
use anyhow::{Context, Result, ensure};
use base64::{Engine, prelude::BASE64_STANDARD};
use sha2::{Digest, Sha256};
use std::{fs, path::Path};

/// Programs of the page, as wasm-bindgen left them in a folder: `NAME.js` and `NAME_bg.wasm`. They are compiled in this order: what takes
/// longest to bind first.
pub const PROGRAMS: [&str; 2] = ["worker", "ui"];

/// Where a style stands in `index.html`.
const STYLE: &str = "<link rel=\"stylesheet\" href=\"";

/// Writes the page into the empty folder `dist`: `source` is the workspace, `programs` the folder of [`PROGRAMS`].
///
/// # Errors
/// A file or a mark is missing.
pub fn assemble(source: &Path, programs: &Path, dist: &Path) -> Result<()> {
    copy_folder(&source.join("public"), dist)?;
    let html = read(&source.join("index.html"))?;
    let mut html = join_styles(&html, source, dist)?;
    for program in PROGRAMS {
        let [script, wasm] = version(programs, program, dist)?;
        html = fill(&html, program, dist, &script)?;
        html = fill(&html, &format!("{program}-wasm"), dist, &wasm)?;
    }
    let hashes = script_hashes(&html).join(" ");
    ensure!(html.matches("{script-hashes}").count() == 1, "index.html must hold the mark {{script-hashes}} once");
    let html = html.replace("{script-hashes}", &hashes);
    fs::write(dist.join("index.html"), html)?;
    keep::list_files(dist)
}

fn read(path: &Path) -> Result<String> {
    fs::read_to_string(path).with_context(|| format!("{} cannot be read", path.display()))
}

/// Copies what is in a folder, and in folders within.
fn copy_folder(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from).with_context(|| format!("{} cannot be read", from.display()))? {
        let (entry, target) = entry.map(|entry| (entry.path(), to.join(entry.file_name())))?;
        if entry.is_dir() {
            copy_folder(&entry, &target)?;
        } else {
            fs::copy(&entry, &target).with_context(|| format!("{} cannot be copied", entry.display()))?;
        }
    }
    Ok(())
}

/// Puts the styles that `index.html` names, in their order, into one file in place of the first of them.
fn join_styles(html: &str, source: &Path, dist: &Path) -> Result<String> {
    let (mut page, mut styles) = (String::new(), String::new());
    for line in html.lines() {
        let Some(style) = line.trim().strip_prefix(STYLE).and_then(|rest| rest.strip_suffix("\">")) else {
            page += line;
            page.push('\n');
            continue;
        };
        if styles.is_empty() {
            page += "    {styles}\n";
        }
        styles += &read(&source.join(style))?;
    }
    let name = format!("style-{}.css", hash(&[styles.as_bytes()]));
    fs::write(dist.join(&name), &styles)?;
    let link = format!("{STYLE}./{name}\" integrity=\"{}\">", integrity(dist, &name)?);
    Ok(page.replacen("{styles}", &link, 1))
}

/// Copies script and wasm of a program under names with one hash for both, because neither works with another's partner.
fn version(programs: &Path, program: &str, dist: &Path) -> Result<[String; 2]> {
    let plain = [format!("{program}.js"), format!("{program}_bg.wasm")];
    let script = read(&programs.join(&plain[0]))?;
    let wasm = fs::read(programs.join(&plain[1])).with_context(|| format!("there is no {}", plain[1]))?;
    let hash = hash(&[script.as_bytes(), &wasm]);
    let versioned = [format!("{program}-{hash}.js"), format!("{program}-{hash}_bg.wasm")];
    fs::write(dist.join(&versioned[0]), script.replace(&plain[1], &versioned[1]))?;
    fs::write(dist.join(&versioned[1]), wasm)?;
    Ok(versioned)
}

/// The first half of a SHA-256, for names.
fn hash(parts: &[&[u8]]) -> String {
    let mut hash = Sha256::new();
    parts.iter().for_each(|part| hash.update(part));
    hash.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

/// The checksum of a file, as the attribute `integrity` has it.
fn integrity(dist: &Path, name: &str) -> Result<String> {
    let content = fs::read(dist.join(name)).with_context(|| format!("there is no {name} in {}", dist.display()))?;
    Ok(format!("sha256-{}", BASE64_STANDARD.encode(Sha256::digest(content))))
}

/// Writes name and checksum of a file over the marks `{mark}` and `{mark-integrity}`.
fn fill(html: &str, mark: &str, dist: &Path, name: &str) -> Result<String> {
    let marks = [(format!("{{{mark}}}"), name), (format!("{{{mark}-integrity}}"), &integrity(dist, name)?)];
    marks.into_iter().try_fold(html.to_owned(), |html, (mark, value)| {
        ensure!(html.contains(&mark), "index.html must hold the mark {mark}");
        Ok(html.replace(&mark, value))
    })
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

    /// SHA-256 of "abc", as in FIPS 180-2.
    const ABC: &str = "sha256-ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=";

    #[test]
    fn a_hash_covers_exactly_the_text_of_an_inline_script() {
        // The example of the CSP specification (https://www.w3.org/TR/CSP2/#script-src-hash-usage).
        let html = r#"<script src="x.js"></script><script type="module">alert('Hello, world.');</script>"#;
        assert_eq!(script_hashes(html), ["'sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng='"]);
    }

    /// The address behind a word of the page.
    fn after<'a>(html: &'a str, word: &str) -> &'a str {
        let (_, rest) = html.split_once(word).unwrap_or_else(|| panic!("no {word} in {html}"));
        rest.split(['"', '\'']).next().unwrap()
    }

    #[test]
    fn a_page_is_put_together() {
        let folder = std::env::temp_dir().join(format!("page-{}", std::process::id()));
        let (source, programs, dist) = (folder.join("source"), folder.join("programs"), folder.join("dist"));
        for folder in [&source.join("public/icons"), &programs, &dist] {
            fs::create_dir_all(folder).unwrap();
        }
        let write = |path: &Path, text: &str| fs::write(path, text).unwrap();
        write(&source.join("index.html"), include_str!("../../index.html"));
        fs::create_dir_all(source.join("app/style")).unwrap();
        for style in include_str!("../../index.html").split(STYLE).skip(1) {
            write(&source.join(style.split('"').next().unwrap()), "");
        }
        write(&source.join("app/style/base.css"), "abc");
        write(&source.join("public/sw.js"), "\"{version}\" {files}");
        write(&source.join("public/icons/icon.svg"), "<svg/>");
        for program in PROGRAMS {
            write(&programs.join(format!("{program}.js")), &format!("new URL('{program}_bg.wasm', import.meta.url)"));
            write(&programs.join(format!("{program}_bg.wasm")), "abc");
        }
        assemble(&source, &programs, &dist).unwrap();

        let html = read(&dist.join("index.html")).unwrap();
        let [style, engine, wasm] = ["stylesheet\" href=\"./", "name=\"engine\" content=\"", "fetch('./"];
        let [style, engine, wasm] = [style, engine, wasm].map(|word| after(&html, word));
        assert_eq!(read(&dist.join(style)).unwrap(), "abc");
        assert!(html.contains(&format!("{style}\" integrity=\"{ABC}\"")), "{html}");
        assert!(html.contains(&format!("fetch('./{wasm}', {{ integrity: '{ABC}' }})")), "{html}");
        assert!(html.contains(&format!("{engine}\" data-integrity=\"{}\"", integrity(&dist, engine).unwrap())));
        let script = read(&dist.join(engine)).unwrap();
        assert_eq!(read(&dist.join(after(&script, "new URL('"))).unwrap(), "abc", "a script finds its own program");
        assert!(!html.contains("{ui") && !html.contains("{worker") && !html.contains("{s"), "no mark is left: {html}");
        let policy = after(&html, "script-src ");
        assert_eq!(html.matches("'sha256-").count(), 3, "the import map, the starter, and what it asks for: {policy}");
        let worker = read(&dist.join("sw.js")).unwrap();
        for name in [style, engine, wasm, "icons/icon.svg", "index.html"] {
            assert!(worker.contains(&format!("\"{name}\"")), "{name} is kept: {worker}");
        }

        write(&source.join("index.html"), "<p>without marks</p>");
        assert!(assemble(&source, &programs, &dist).is_err());
        fs::remove_dir_all(folder).unwrap();
    }
}
