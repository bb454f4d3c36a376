//! The documentation as a site: the files of `docs/` with the command line's own help, made by mdBook.

use crate::{
    shell::{self, output, root, step},
    tools,
};
use anyhow::{Context, Result, ensure};
use std::{
    fs,
    path::{Path, PathBuf},
};

/// Builds the site into `folder`, such as `dist/docs` beside the page.
///
/// # Errors
/// mdBook cannot be installed, a page is missing, or a link within the site leads nowhere.
pub fn build(scimf: &Path, folder: &Path) -> Result<()> {
    let source = root().join("target/docs");
    if source.is_dir() {
        fs::remove_dir_all(&source)?;
    }
    copy(&root().join("docs"), &source)?;
    let commands = output(scimf, &["manual"]).context("`scimf manual` failed")?;
    fs::write(source.join("COMMANDS.md"), commands)?;
    let mut book = tools::mdbook()?;
    book.arg("build").arg(&source).arg("--dest-dir").arg(std::path::absolute(folder)?);
    step("documentation", || shell::run(book))?;
    let (links, broken) = check(folder)?;
    ensure!(broken.is_empty(), "links that lead nowhere:\n{}", broken.join("\n"));
    eprintln!("{links} links within the site, none broken: {}", folder.join("index.html").display());
    Ok(())
}

/// Number of the links within a site, and those that lead to no file or to no place in it.
fn check(folder: &Path) -> Result<(usize, Vec<String>)> {
    let (mut count, mut broken) = (0, Vec::new());
    for page in pages(folder)? {
        let text = fs::read_to_string(&page)?;
        for link in links(&text).filter(|link| !link.contains(':')) {
            let (file, anchor) = link.split_once('#').unwrap_or((link, ""));
            let target = if file.is_empty() { page.clone() } else { page.with_file_name("").join(file) };
            let named = |text: &str| anchor.is_empty() || text.contains(&format!("id=\"{anchor}\""));
            let there = match target.extension().is_some_and(|it| it == "html") {
                true => fs::read_to_string(&target).is_ok_and(|text| named(&text)),
                false => target.exists(),
            };
            count += 1;
            if !there {
                broken.push(format!("{}: {link}", page.display()));
            }
        }
    }
    Ok((count, broken))
}

/// The HTML files of a folder and of those in it.
fn pages(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        match path.is_dir() {
            true => found.extend(pages(&path)?),
            // The page for what is not found has addresses of its own: it can stand anywhere.
            false if path.extension().is_some_and(|it| it == "html") && !path.ends_with("404.html") => found.push(path),
            false => {}
        }
    }
    Ok(found)
}

/// What the links, pictures and scripts of an HTML text name.
fn links(text: &str) -> impl Iterator<Item = &str> {
    let named = ["href=\"", "src=\""].into_iter().flat_map(|name| text.split(name).skip(1));
    named.filter_map(|rest| rest.split('"').next())
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let (path, target) = (entry.path(), to.join(entry.file_name()));
        if path.is_dir() { copy(&path, &target)? } else { fs::copy(&path, &target).map(|_| ())? }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_that_leads_nowhere_is_found() {
        let folder = std::env::temp_dir().join(format!("xtask-docs-{}", std::process::id()));
        fs::create_dir_all(folder.join("images")).unwrap();
        let write = |name: &str, text: &str| fs::write(folder.join(name), text).unwrap();
        write("images/a.png", "");
        write("b.html", r#"<h2 id="there">b</h2>"#);
        write("a.html", r#"<a href="b.html#there"></a><img src="images/a.png"><a href="https://x.org/y"></a>"#);
        assert_eq!(check(&folder).unwrap(), (2, Vec::new()));
        write(
            "a.html",
            r##"<a href="b.html#gone"></a><img src="images/c.png"><a href="#gone"></a><a href="c.html"></a>"##,
        );
        let (links, broken) = check(&folder).unwrap();
        assert_eq!((links, broken.len()), (4, 4), "{broken:?}");
        fs::remove_dir_all(folder).unwrap();
    }
}
