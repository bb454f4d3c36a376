//! What labels say of time: numbers with units, ranges, controls, stages before and after birth.

use super::numbers::{comparable_numbers, hyphened};
use super::vocabulary::{is_adult, is_control, names_no_time};
use crate::protocol::OrderSource;

/// Where a number is counted.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Scale {
    /// A number without a unit.
    Plain,
    /// In units of so many hours.
    Clock(f64),
    /// Days before birth: E9.5.
    Embryonic,
    /// Days after birth: P7.
    Postnatal,
}

const DAY: f64 = 24.0;

/// The scale of a unit in lower case. `m` is a minute beside hours and a month elsewhere.
fn scale(word: &str, minutes: bool) -> Option<Scale> {
    // hpf, dpi, wpc, …: hours, days or weeks post something.
    let word = match word.as_bytes() {
        [unit @ (b'h' | b'd' | b'w' | b'm'), b'p', last] if last.is_ascii_lowercase() && word != "dpc" => match unit {
            b'h' => "h",
            b'd' => "d",
            b'w' => "w",
            _ => "month",
        },
        _ => word,
    };
    Some(match word {
        "s" | "sec" | "secs" | "second" | "seconds" => Scale::Clock(1.0 / 3600.0),
        "min" | "mins" | "minute" | "minutes" => Scale::Clock(1.0 / 60.0),
        "m" if minutes => Scale::Clock(1.0 / 60.0),
        "h" | "hr" | "hrs" | "hour" | "hours" => Scale::Clock(1.0),
        "d" | "day" | "days" | "div" => Scale::Clock(DAY),
        "w" | "wk" | "wks" | "week" | "weeks" | "pcw" | "gw" => Scale::Clock(7.0 * DAY),
        "m" | "mo" | "mon" | "mth" | "month" | "months" => Scale::Clock(365.25 / 12.0 * DAY),
        "y" | "yr" | "yrs" | "year" | "years" => Scale::Clock(365.25 * DAY),
        "e" | "ed" | "embryonicday" | "dpc" => Scale::Embryonic,
        "p" | "pn" | "pnd" | "pd" | "postnatalday" => Scale::Postnatal,
        _ => return None,
    })
}

/// A label as a time.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Reading {
    Control,
    Adult,
    /// A number, or the bounds of a range.
    At(Scale, f64, f64),
    NoTime,
}

/// A part of a label.
#[derive(Clone, Debug, PartialEq)]
enum Item {
    Word(String),
    Number(f64),
    /// Anything else, one character.
    Mark(char),
}

/// Words, numbers and what is between them. A minus belongs to a number at the start and behind a space or underscore, and behind a letter if `minus`.
fn items(label: &str, minus: bool) -> Vec<Item> {
    let letters: Vec<char> = hyphened(label.trim()).chars().collect();
    let mut items = Vec::new();
    let mut at = 0;
    let digit = |at: usize| letters.get(at).is_some_and(char::is_ascii_digit);
    while at < letters.len() {
        let letter = letters[at];
        let before = at.checked_sub(1).map(|at| letters[at]);
        let signs = before.is_none_or(|it| it == ' ' || it == '_' || (minus && it.is_alphabetic()));
        if digit(at) || (letter == '-' && digit(at + 1) && signs) {
            let start = at;
            at += 1;
            let mut point = false;
            while digit(at) || (letters.get(at) == Some(&'.') && !point && digit(at + 1)) {
                point |= letters[at] == '.';
                at += 1;
            }
            let text: String = letters[start..at].iter().collect();
            items.push(text.parse().ok().filter(|x: &f64| x.is_finite()).map_or(Item::Word(text), Item::Number));
        } else if letter.is_alphabetic() {
            let start = at;
            while letters.get(at).is_some_and(|it| it.is_alphabetic()) {
                at += 1;
            }
            items.push(Item::Word(letters[start..at].iter().flat_map(|it| it.to_lowercase()).collect()));
        } else {
            items.push(Item::Mark(letter));
            at += 1;
        }
    }
    items
}

/// A number with nothing but its unit and words of time: `12 hpf`, `day 3`, `E9.5`, `< 100`, `100-130 min`, `650+`.
fn whole(label: &str, minus: bool, minutes: bool) -> Option<Reading> {
    let mut items = items(label, minus);
    items.retain(|item| !matches!(item, Item::Mark(' ' | '_' | '(' | ')')));
    let mut words = String::new();
    let mut numbers = Vec::new();
    let (mut below, mut above, mut dash) = (false, false, false);
    for item in &items {
        match item {
            Item::Word(word) if word == "to" && numbers.len() == 1 => dash = true,
            Item::Word(word) => words.push_str(word),
            Item::Number(number) => numbers.push(*number),
            Item::Mark('<' | '≤') if numbers.is_empty() => below = true,
            Item::Mark('>' | '≥') if numbers.is_empty() => above = true,
            Item::Mark('+') if numbers.len() == 1 => above = true,
            Item::Mark('-' | '–' | '—') if numbers.len() == 1 => dash = true,
            Item::Mark('-' | '.' | '=') => {}
            Item::Mark(_) => return None,
        }
    }
    // `0-4 h` and `E9-E10` name their unit once or twice.
    let unit = match words.len() {
        0 => Scale::Plain,
        length if dash && length % 2 == 0 && words[..length / 2] == words[length / 2..] => {
            scale(&words[..length / 2], minutes)?
        }
        _ => scale(&words, minutes)?,
    };
    let (low, high) = match numbers[..] {
        [number] if below => (f64::NEG_INFINITY, number),
        [number] if above => (number, f64::INFINITY),
        [number] => (number, number),
        [low, high] if dash && low < high => (low, high),
        _ => return None,
    };
    Some(Reading::At(unit, low, high))
}

/// The one number of a label that has a unit of time, whatever stands beside it: `rep1_day3`, `GSM1234567_D10`, `LPS 2h`.
fn among_others(label: &str, minus: bool, minutes: bool) -> Option<(Reading, String)> {
    let items = items(label, minus);
    let unit = |at: Option<usize>| match at.and_then(|at| items.get(at)) {
        // A patient, a sample or a mouse may be meant by `p`, `s`, `t` or `m`.
        Some(Item::Word(word)) if !matches!(word.as_str(), "p" | "s" | "t" | "m" | "w" | "y" | "ed") => {
            scale(word, minutes).map(|scale| (scale, word.clone()))
        }
        _ => None,
    };
    let is_word = |at: Option<usize>| matches!(at.and_then(|at| items.get(at)), Some(Item::Word(_)));
    let mut found = None;
    for (at, item) in items.iter().enumerate() {
        let Item::Number(number) = item else { continue };
        let (before, after) = (at.checked_sub(1), Some(at + 1));
        let (in_front, behind) = if is_word(before) {
            (unit(before), None)
        } else if is_word(after) {
            (None, unit(after))
        } else {
            (unit(at.checked_sub(2)), unit(Some(at + 2)))
        };
        let text = match (&in_front, &behind) {
            (Some((_, word)), _) => format!("{word}{number}"),
            (None, Some((_, word))) => format!("{number}{word}"),
            (None, None) => continue,
        };
        let Some((scale, _)) = in_front.or(behind) else { continue };
        if found.replace((Reading::At(scale, *number, *number), text)).is_some() {
            return None;
        }
    }
    found
}

/// The readings of all labels, and the source of an order by them; none if one of them is no time.
fn read(labels: &[String]) -> Option<(Vec<Reading>, OrderSource)> {
    let minus = minus_counts(labels);
    let hours =
        labels.iter().any(|label| matches!(whole(label, minus, true), Some(Reading::At(Scale::Clock(1.0), ..))));
    let days =
        |label: &String| matches!(whole(label, minus, true), Some(Reading::At(Scale::Clock(unit), ..)) if unit > 1.0);
    let minutes = hours && !labels.iter().any(days);
    let special = |label: &String| {
        if names_no_time(label) {
            Some(Reading::NoTime)
        } else if is_control(label) {
            Some(Reading::Control)
        } else {
            is_adult(label).then_some(Reading::Adult)
        }
    };
    let all = |read: &dyn Fn(&String) -> Option<Reading>| labels.iter().map(read).collect::<Option<Vec<_>>>();
    let by_whole = all(&|label| special(label).or_else(|| whole(label, minus, minutes)));
    let (readings, source) = match by_whole.filter(|readings| fits(readings)) {
        Some(readings) => (readings, OrderSource::Convention),
        None => {
            let among = |label: &String| Some(among_others(label, minus, minutes)?.0);
            let readings = all(&|label| special(label).or_else(|| among(label))).filter(|readings| fits(readings));
            (readings?, OrderSource::Guessed)
        }
    };
    Some((readings, source))
}

/// Two numbers at least, which can be compared, and adults only where there are days before birth or after.
fn fits(readings: &[Reading]) -> bool {
    let scales: Vec<Scale> =
        readings.iter().filter_map(|it| if let Reading::At(scale, ..) = it { Some(*scale) } else { None }).collect();
    let is_birth = |scale: &Scale| matches!(scale, Scale::Embryonic | Scale::Postnatal);
    let plain = scales.iter().filter(|scale| **scale == Scale::Plain).count();
    let adult = readings.contains(&Reading::Adult);
    // A single 0 needs no unit.
    let zeros = readings.iter().filter(|it| matches!(it, Reading::At(Scale::Plain, 0.0, 0.0))).count();
    let counted = plain == 0 || plain == scales.len() || (plain == zeros && !scales.iter().any(is_birth));
    scales.len() >= 2 && counted && (!adult || scales.iter().all(|it| is_birth(it) || matches!(it, Scale::Clock(_))))
}

/// A minus behind a letter counts unless every label has one: then it is a hyphen.
fn minus_counts(labels: &[String]) -> bool {
    let has = |label: &String| {
        let letters: Vec<char> = hyphened(label).chars().collect();
        letters.windows(3).any(|it| it[0].is_alphabetic() && it[1] == '-' && it[2].is_ascii_digit())
    };
    let numbered = labels.iter().filter(|label| label.contains(|c: char| c.is_ascii_digit()));
    numbered.clone().any(has) && !numbered.clone().all(has)
}

/// Place of a reading among others.
fn key(reading: &Reading) -> (u8, f64, f64) {
    match *reading {
        Reading::Control => (0, 0.0, 0.0),
        Reading::At(Scale::Embryonic, low, high) => (1, low, high),
        Reading::At(Scale::Plain, low, high) => (2, low, high),
        Reading::At(Scale::Postnatal, low, high) => (2, low * DAY, high * DAY),
        Reading::At(Scale::Clock(unit), low, high) => (2, low * unit, high * unit),
        Reading::Adult => (3, 0.0, 0.0),
        Reading::NoTime => (4, 0.0, 0.0),
    }
}

/// The order in which labels follow each other as time points, and where it comes from.
pub(crate) fn order(labels: &[String], declared: bool) -> (Vec<usize>, OrderSource) {
    let mut order: Vec<usize> = (0..labels.len()).collect();
    if declared {
        return (order, OrderSource::Declared);
    }
    let by = |order: &mut Vec<usize>, numbers: &[f64]| order.sort_by(|a, b| numbers[*a].total_cmp(&numbers[*b]));
    if !minus_counts(labels)
        && let Some(numbers) = comparable_numbers(labels)
    {
        by(&mut order, &numbers);
        return (order, OrderSource::Number);
    }
    if let Some((readings, source)) = read(labels) {
        order.sort_by(|a, b| {
            let (a, b) = (key(&readings[*a]), key(&readings[*b]));
            a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)).then(a.2.total_cmp(&b.2))
        });
        return (order, source);
    }
    if let Some(numbers) = leading_numbers(labels) {
        by(&mut order, &numbers);
        return (order, OrderSource::Guessed);
    }
    (order, OrderSource::Unknown)
}

/// The numbers that labels begin with, all different: `00_zygote`, `03.3-HIGH`.
fn leading_numbers(labels: &[String]) -> Option<Vec<f64>> {
    let number = |label: &String| match (items(label, false).as_slice(), label.trim().starts_with('-')) {
        ([Item::Number(number), Item::Mark('_' | '-' | ' ' | '.' | ':' | ')'), ..], false) => Some(*number),
        _ => None,
    };
    let numbers: Vec<f64> = labels.iter().map(number).collect::<Option<_>>()?;
    let mut sorted = numbers.clone();
    sorted.sort_by(f64::total_cmp);
    (sorted.windows(2).all(|pair| pair[0] < pair[1])).then_some(numbers)
}

/// Numbers for labels in their order as time points, with which time can be measured; none if they cannot be compared.
pub(crate) fn values(labels: &[String]) -> Option<Vec<f64>> {
    if !minus_counts(labels)
        && let Some(numbers) = comparable_numbers(labels)
    {
        return Some(numbers);
    }
    let (readings, OrderSource::Convention) = read(labels)? else { return None };
    let units = readings.iter().filter_map(|it| match it {
        Reading::At(Scale::Clock(unit), ..) => Some(*unit),
        _ => None,
    });
    let smallest = units.fold(f64::INFINITY, f64::min);
    let value = |reading: &Reading| match *reading {
        Reading::At(Scale::Plain, low, high) => Some((low + high) / 2.0),
        Reading::At(Scale::Clock(unit), low, high) => Some((low + high) / 2.0 * unit / smallest),
        Reading::At(..) | Reading::Control | Reading::Adult | Reading::NoTime => None,
    };
    readings.iter().map(|reading| value(reading).filter(|value| value.is_finite())).collect()
}

/// Every label has a number with a unit of time, or is a control beside two of them.
pub(crate) fn all_have_units(labels: &[String]) -> bool {
    let plain_number = |reading: &Reading| matches!(reading, Reading::At(Scale::Plain, ..));
    read(labels).is_some_and(|(readings, _)| !readings.iter().any(plain_number))
}

/// The time in each label, such as `day3` in `rep1_day3`; none unless each has one.
pub(crate) fn time_of_each(labels: &[String]) -> Option<Vec<String>> {
    let minus = minus_counts(labels);
    labels.iter().map(|label| Some(among_others(label, minus, false)?.1)).collect()
}

/// The times in labels of samples, several of which were taken at one time: `rep1_day3` and `rep2_day3`; none unless there are fewer times than labels,
/// and two at least.
pub(crate) fn times_in(labels: &[String]) -> Option<Vec<String>> {
    let times = time_of_each(labels)?;
    let mut different = times.clone();
    different.sort();
    different.dedup();
    (different.len() >= 2 && different.len() < times.len()).then_some(times)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(labels: &[&str]) -> Vec<String> {
        labels.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn labels_are_ordered_by_number_only_if_they_count_the_same() {
        let check = |labels: &[&str], declared: bool, expected: &[usize], source: OrderSource| {
            assert_eq!(order(&texts(labels), declared), (expected.to_vec(), source), "{labels:?}");
        };
        check(&["day 10", "day 2", "day 4"], false, &[1, 2, 0], OrderSource::Number);
        check(&["day 10", "day 2", "day 4"], true, &[0, 1, 2], OrderSource::Declared);
        check(&["days 2", "1 day"], false, &[1, 0], OrderSource::Number);
        check(&["day-2", "day-10", "day-1"], false, &[2, 0, 1], OrderSource::Number);
        check(&["late", "early"], false, &[0, 1], OrderSource::Unknown);
        check(&["zy", "4cell", "8cell"], false, &[0, 1, 2], OrderSource::Unknown);
        check(&["D0", "D3", "D\u{2212}2"], false, &[2, 0, 1], OrderSource::Convention);
    }

    #[test]
    fn units_ranges_controls_and_birth_are_understood() {
        let check = |labels: &[&str], expected: &[&str], numbers: Option<&[f64]>| {
            let labels = texts(labels);
            let (found, source) = order(&labels, false);
            let ordered: Vec<String> = found.into_iter().map(|at| labels[at].clone()).collect();
            assert_eq!(ordered, expected, "{labels:?}");
            assert_eq!(source, OrderSource::Convention, "{labels:?}");
            assert_eq!(values(&ordered).as_deref(), numbers, "{labels:?}");
        };
        check(&["0h", "12h", "1d", "3d", "6h"], &["0h", "6h", "12h", "1d", "3d"], Some(&[0.0, 6.0, 12.0, 24.0, 72.0]));
        check(
            &["0min", "1h", "24h", "30min", "4h"],
            &["0min", "30min", "1h", "4h", "24h"],
            Some(&[0.0, 30.0, 60.0, 240.0, 1440.0]),
        );
        check(&["1 h", "30m"], &["30m", "1 h"], Some(&[30.0, 60.0]));
        check(&["0", "2 weeks", "3 d"], &["0", "3 d", "2 weeks"], Some(&[0.0, 3.0, 14.0]));
        check(&["10 hpf", "1 dpf", "4hpf"], &["4hpf", "10 hpf", "1 dpf"], Some(&[4.0, 10.0, 24.0]));
        check(&["E14.5", "E18.5", "E9.5", "P0", "P21", "P7"], &["E9.5", "E14.5", "E18.5", "P0", "P7", "P21"], None);
        check(&["Adult", "P7", "E18.5"], &["E18.5", "P7", "Adult"], None);
        check(&["Ctrl", "D10", "D3", "D7"], &["Ctrl", "D3", "D7", "D10"], None);
        check(&["14dpi", "1dpi", "uninjured"], &["uninjured", "1dpi", "14dpi"], None);
        check(&["D0", "D-2", "D3", "D10"], &["D-2", "D0", "D3", "D10"], Some(&[-2.0, 0.0, 3.0, 10.0]));
        check(
            &["100-130", "170-210", "< 100", "> 650", "130-170"],
            &["< 100", "100-130", "130-170", "170-210", "> 650"],
            None,
        );
        check(&["4-8h", "0-4h", "12-16 h"], &["0-4h", "4-8h", "12-16 h"], Some(&[2.0, 6.0, 14.0]));
        check(&["mixed_gastrulation", "E7.5", "E6.5"], &["E6.5", "E7.5", "mixed_gastrulation"], None);
    }

    #[test]
    fn times_among_other_words_are_a_guess() {
        let check = |labels: &[&str], expected: &[usize]| {
            assert_eq!(order(&texts(labels), false), (expected.to_vec(), OrderSource::Guessed), "{labels:?}");
        };
        check(&["GSM1_D10", "GSM2_D2", "GSM3_D4"], &[1, 2, 0]);
        check(&["LPS 7h", "LPS 2h", "none"], &[2, 1, 0]);
        check(&["01_early2cell", "00_zy", "10_blast", "02_4cell"], &[1, 0, 3, 2]);
        check(&["12.0-6-SOMITE", "03.3-HIGH"], &[1, 0]);
        assert_eq!(times_in(&texts(&["rep1_day3", "rep2_day3", "rep1_day0"])).unwrap(), ["day3", "day3", "day0"]);
        assert_eq!(times_in(&texts(&["rep1_day3", "rep1_day0"])), None);
        assert_eq!(times_in(&texts(&["P1", "P2", "P2b"])), None);
    }

    #[test]
    fn some_labels_are_no_times() {
        assert!(["Unassigned", "mixed_gastrulation", "NA", "", "Doublet"].map(names_no_time).iter().all(|it| *it));
        assert!(!["E7.5", "early", "Nanog+", "negation"].map(names_no_time).iter().any(|it| *it));
        assert!(all_have_units(&texts(&["2h", "none", "7h"])) && !all_have_units(&texts(&["1", "2", "3"])));
    }
}
