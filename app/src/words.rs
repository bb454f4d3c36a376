//! Numbers and quantities as people read them.

use scimf::protocol::DatasetSummary;

/// A count in groups of three digits: `12,500`.
pub fn count(n: usize) -> String {
    let digits = n.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A noun for so many: `cell` for one, else `cells`.
pub fn noun(n: usize, one: &str) -> String {
    if n == 1 { one.to_owned() } else { format!("{one}s") }
}

/// So many of something: `1 cell`, `12,500 cells`.
pub fn counted(n: usize, one: &str) -> String {
    format!("{} {}", count(n), noun(n, one))
}

/// A number of bytes: `212 MB`, `3.4 GB`.
pub fn bytes(bytes: f64) -> String {
    if bytes < 1e9 { format!("{:.0} MB", bytes / 1e6) } else { format!("{:.1} GB", bytes / 1e9) }
}

/// A measured number with three significant digits or so: `12.3`, `0.0123`, `1.2e-5`.
pub fn number(x: f32) -> String {
    let size = x.abs();
    if !x.is_finite() || size == 0.0 {
        format!("{x}")
    } else if !(1e-3..1e5).contains(&size) {
        format!("{x:.1e}")
    } else {
        let decimals = (2 - size.log10().floor() as i32).clamp(0, 5) as usize;
        format!("{x:.decimals$}")
    }
}

/// A duration, rounded to what matters: `40 s`, `12 min`, `3 h 20 min`.
pub fn duration(seconds: f64) -> String {
    let seconds = seconds.max(0.0).round() as u64;
    match seconds {
        0..=99 => format!("{seconds} s"),
        100..=5999 => format!("{} min", (seconds + 30) / 60),
        _ => {
            let minutes = (seconds + 30) / 60;
            format!("{} h {} min", minutes / 60, minutes % 60)
        }
    }
}

/// How large a dataset is: `6,000 cells, 8 time points, 6 cell types`.
pub fn extent(summary: &DatasetSummary) -> String {
    let types = match summary.cell_types.len() {
        1 => "1 cell type".into(),
        n => format!("{n} cell types"),
    };
    format!("{} cells, {} time points, {types}", count(summary.cells), summary.time_points.len())
}

/// A file size: `12 kB`, `3.4 MB`.
pub fn size(bytes: usize) -> String {
    match bytes {
        0..=999_999 => format!("{} kB", bytes.div_ceil(1000)),
        _ => format!("{:.1} MB", bytes as f64 / 1e6),
    }
}

/// A model's source as part of a sentence.
pub fn source(source: &str) -> &str {
    match source {
        "training" => "training",
        "bundle" => "the dataset's bundle",
        file => file,
    }
}

/// Names in a sentence: `day 2`, `day 2 and day 4`, `day 2, day 4 and day 6`.
pub fn list(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [one] => one.clone(),
        [all @ .., last] => format!("{} and {last}", all.join(", ")),
    }
}

/// A name as the beginning of a file name: letters and digits stay, what lies between them becomes one hyphen.
pub fn file_stem(name: &str) -> String {
    let parts = name.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|part| !part.is_empty());
    let stem = parts.collect::<Vec<_>>().join("-");
    if stem.is_empty() { "scimf".into() } else { stem }
}

/// Words that begin in lower case, as a sentence without its full stop.
pub fn sentence(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// How long ago something was: `just now`, `3 min ago`, `2 days ago`.
pub fn ago(seconds: f64) -> String {
    match seconds {
        s if s < 60.0 => "just now".into(),
        s if s < 6000.0 => format!("{:.0} min ago", s / 60.0),
        s if s < 48.0 * 3600.0 => format!("{:.0} h ago", s / 3600.0),
        s => format!("{:.0} days ago", s / 86_400.0),
    }
}
