//! Agreement of read-off gene interactions with known signs: numbers as people read them, and what they say.

use super::csv::quoted;
use super::labels::number;
use crate::protocol::{SignAgreement, SignScore};

/// A share with two decimals; a dash where there is none.
#[must_use]
pub fn share(value: f64) -> String {
    if value.is_finite() { format!("{value:.2}") } else { "–".into() }
}

/// An area under a curve beside its control: `0.54 (random 0.50 ± 0.03)`.
#[must_use]
pub fn control(value: Option<f64>, deviation: f64) -> String {
    value.map_or_else(|| "–".into(), |value| format!("{} ± {}", share(value), share(deviation)))
}

/// The area is beyond a control by more than two of its standard deviations.
fn beats(area: Option<f64>, control: Option<f64>, deviation: f64) -> bool {
    area.zip(control).is_some_and(|(area, control)| area > control + 2.0 * deviation)
}

/// Whose genes these are by the way their symbols are written: human ones in capitals, mouse ones with a capital first. None where most are
/// written in neither way.
#[must_use]
pub fn species(genes: &[String]) -> Option<&'static str> {
    let letters = |name: &str| name.chars().filter(|c| c.is_alphabetic()).collect::<String>();
    let names: Vec<String> = genes.iter().map(|name| letters(name)).filter(|name| name.len() > 1).collect();
    let share = |written: fn(&str) -> bool| names.iter().filter(|name| written(name)).count() * 2 > names.len();
    let capitals = |name: &str| name.chars().all(char::is_uppercase);
    let title = |name: &str| {
        name.starts_with(char::is_uppercase)
            && name.chars().skip(1).filter(|c| c.is_lowercase()).count() + 1 >= name.len()
    };
    if share(capitals) {
        Some("human")
    } else if share(title) {
        Some("mouse")
    } else {
        None
    }
}

/// Both controls and the guess that everything is an activation are beaten.
#[must_use]
pub fn convincing(score: &SignScore) -> bool {
    beats(score.auroc, score.random_operator, score.random_operator_sd)
        && beats(score.auroc, score.permuted_genes, score.permuted_genes_sd)
        && score.f1() > score.f1_always_activation()
}

/// What the numbers say of all rows together, in words that follow from them.
#[must_use]
pub fn verdict(agreement: &SignAgreement) -> String {
    let all = &agreement.all;
    let found = all.count();
    if found == 0 {
        return format!(
            "None of the {} signed rows of {} names two genes of this dataset's loadings. Are the names of the same species and kind?",
            agreement.rows, agreement.file
        );
    }
    let mut words = format!(
        "{found} of {} signed rows have both genes here. The signs agree in {} % of them (balanced {} %).",
        agreement.rows,
        number((100.0 * all.accuracy()).round()),
        if all.balanced_accuracy().is_finite() {
            number((100.0 * all.balanced_accuracy()).round())
        } else {
            "–".into()
        },
    );
    let mut fails = Vec::new();
    if all.f1() <= all.f1_always_activation() {
        fails.push(format!(
            "calling everything an activation (F1 {} against {})",
            share(all.f1_always_activation()),
            share(all.f1())
        ));
    }
    let area = all.auroc.map_or_else(|| "–".into(), share);
    let controls = [
        ("random operators", all.random_operator, all.random_operator_sd),
        ("permuted genes", all.permuted_genes, all.permuted_genes_sd),
    ];
    for (name, value, deviation) in controls {
        if !beats(all.auroc, value, deviation) {
            fails.push(format!("{name} (AUROC {area} against {})", control(value, deviation)));
        }
    }
    words += &match fails.as_slice() {
        [] => format!(
            " That is better than calling everything an activation, and than random operators and permuted genes (AUROC {area})."
        ),
        fails => {
            format!(" It does not beat {}: these interactions are no evidence of regulation.", fails.join(", nor "))
        }
    };
    words
}

/// A line for all rows and each regulator.
#[must_use]
pub fn csv(agreement: &SignAgreement, names: &[String]) -> String {
    let mut out = "regulator,n,true_activations,false_activations,true_repressions,false_repressions,accuracy,balanced_accuracy,f1,\
                   f1_always_activation,auroc,random_operator,random_operator_sd,permuted_genes,permuted_genes_sd\n"
        .to_owned();
    let all = std::iter::once(("all", &agreement.all));
    let each = agreement.regulators.iter().map(|(gene, score)| (names.get(*gene).map_or("", String::as_str), score));
    let optional = |value: Option<f64>| value.map_or_else(String::new, |value| value.to_string());
    for (name, it) in all.chain(each) {
        out += &format!(
            "{},{},{},{},{},{},{},{},{},{},{},{},{},{},{}\n",
            quoted(name),
            it.count(),
            it.true_activations,
            it.false_activations,
            it.true_repressions,
            it.false_repressions,
            it.accuracy(),
            it.balanced_accuracy(),
            it.f1(),
            it.f1_always_activation(),
            optional(it.auroc),
            optional(it.random_operator),
            it.random_operator_sd,
            optional(it.permuted_genes),
            it.permuted_genes_sd
        );
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn agreement(all: SignScore) -> SignAgreement {
        SignAgreement { file: "trrust.tsv".into(), rows: 40, all, regulators: vec![(1, all)] }
    }

    /// 12 of 20 right; always activation would be right in 14 of 20.
    fn weak() -> SignScore {
        SignScore {
            true_activations: 9,
            false_activations: 3,
            true_repressions: 3,
            false_repressions: 5,
            auroc: Some(0.58),
            random_operator: Some(0.5),
            random_operator_sd: 0.06,
            permuted_genes: Some(0.51),
            permuted_genes_sd: 0.02,
        }
    }

    #[test]
    fn the_species_is_read_off_the_symbols() {
        let of = |names: &[&str]| species(&names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>());
        assert_eq!(of(&["Actb", "Gapdh", "Ascl1", "mt-Nd1"]), Some("mouse"));
        assert_eq!(of(&["ACTB", "GAPDH", "C1orf43", "MT-ND1"]), Some("human"));
        assert_eq!(of(&["simOrg03", "gene_1", "slc25a5"]), None);
        assert_eq!(of(&[]), None);
    }

    #[test]
    fn controls_that_are_not_beaten_are_named() {
        let words = verdict(&agreement(weak()));
        assert!(words.contains("20 of 40 signed rows") && words.contains("agree in 60.00 %"), "{words}");
        assert!(words.contains("calling everything an activation") && words.contains("random operators"), "{words}");
        assert!(!words.contains("permuted genes") && words.contains("no evidence of regulation"), "{words}");
        assert!(!convincing(&weak()));
    }

    #[test]
    fn agreement_beyond_all_controls_is_told() {
        let strong = SignScore { false_repressions: 0, true_activations: 14, auroc: Some(0.9), ..weak() };
        assert!(convincing(&strong));
        assert!(verdict(&agreement(strong)).contains("better than calling everything an activation"));
    }

    #[test]
    fn genes_that_are_not_there_are_told() {
        assert!(verdict(&agreement(SignScore::default())).contains("None of the 40 signed rows"));
        assert_eq!(share(f64::NAN), "–");
        assert_eq!(control(None, 0.1), "–");
    }

    #[test]
    fn the_file_has_a_line_for_each_regulator() {
        let text = csv(&agreement(weak()), &["A".into(), "JUN".into()]);
        assert_eq!(text.lines().count(), 3);
        assert!(text.lines().nth(2).unwrap().starts_with("\"JUN\",20,9,3,3,5,0.6,"), "{text}");
    }
}
