//! How long there is still to wait. It is said before each step: from what the step took the last time, and the first time from what it took
//! on two quiet cores.

use std::{collections::BTreeMap, fs, path::PathBuf, sync::Mutex};

/// Seconds of each step that is still to come, by name.
static TO_COME: Mutex<Vec<(String, f64)>> = Mutex::new(Vec::new());

/// Says which steps are to come, with the seconds that each takes the first time. A step that is not among them is not counted.
pub fn expect(steps: &[(&str, f64)]) {
    let known = remembered();
    let mut to_come = TO_COME.lock().expect("only names and numbers are held");
    for (name, first) in steps {
        let seconds = known.get(*name).copied().unwrap_or(*first);
        to_come.push(((*name).to_owned(), seconds));
    }
}

/// What to say before a step: how long it takes, and how long all that is to come.
pub fn ahead(step: &str) -> String {
    let to_come = TO_COME.lock().expect("only names and numbers are held");
    let Some((_, own)) = to_come.iter().find(|(name, _)| name == step) else { return String::new() };
    let all: f64 = to_come.iter().map(|(_, seconds)| seconds).sum();
    format!(" (about {} of {})", duration(*own), duration(all))
}

/// Takes a step off the list and remembers how long it took.
pub fn done(step: &str, seconds: f64) {
    let mut to_come = TO_COME.lock().expect("only names and numbers are held");
    let Some(index) = to_come.iter().position(|(name, _)| name == step) else { return };
    to_come.remove(index);
    let mut known = remembered();
    known.insert(step.to_owned(), seconds);
    // Only what is said next time depends on it.
    let _ = serde_json::to_vec(&known).map(|text| fs::write(file(), text));
}

/// Where durations are kept: beside what was built, so that both are forgotten together.
fn file() -> PathBuf {
    crate::web::target_folder().join("xtask-durations.json")
}

fn remembered() -> BTreeMap<String, f64> {
    fs::read(file()).ok().and_then(|text| serde_json::from_slice(&text).ok()).unwrap_or_default()
}

/// As one says it.
pub fn duration(seconds: f64) -> String {
    if seconds < 90.0 { format!("{seconds:.0} s") } else { format!("{:.0} minutes", seconds / 60.0) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_counted_down() {
        expect(&[("progress, one", 60.0), ("progress, two", 600.0)]);
        assert_eq!(ahead("progress, one"), " (about 60 s of 11 minutes)");
        assert_eq!(ahead("unknown"), "");
        TO_COME.lock().unwrap().remove(0);
        assert_eq!(ahead("progress, two"), " (about 10 minutes of 10 minutes)");
    }
}
