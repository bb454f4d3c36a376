//! What an evaluation says, in words that follow from its numbers: pages and programs say the same.

use super::comparison::Row;
use super::score_table::distance;
use crate::protocol::{Distances, HeldOut};

/// How two distances compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Order {
    /// The first is smaller by more than noise.
    Closer,
    /// Their difference is within noise.
    Alike,
    /// The first is greater by more than noise.
    Farther,
}

/// By W1: differences up to the standard deviation of the difference over seeds count as noise.
fn order(a: Distances, b: Distances) -> Order {
    let noise = a.w1_sd.hypot(b.w1_sd);
    match a.w1 - b.w1 {
        difference if difference < -noise => Order::Closer,
        difference if difference > noise => Order::Farther,
        _ => Order::Alike,
    }
}

/// Whether each model predicts a held-out time point better than what needs no model, whether the interaction has a part in that, and which of
/// the models is closer; none while all models or both of their opponents are missing.
///
/// The opponent is the better one of staying put and interpolating. W1 decides; where W2 puts the means in the other order, that is said.
#[must_use]
pub fn verdict(held_out: &HeldOut) -> Option<String> {
    let finite = |it: &Distances| it.w1.is_finite();
    let opponent = [Row::StayPut, Row::Interpolation]
        .into_iter()
        .filter_map(|row| Some((row, row.distances(held_out)?)))
        .filter(|(_, distances)| finite(distances))
        .min_by(|a, b| a.1.w1.total_cmp(&b.1.w1))?;
    let [scimf, cell_mnn] = [held_out.scimf, held_out.cell_mnn].map(|it| it.filter(finite));
    let mut sentences = Vec::new();
    if let Some(model) = scimf {
        sentences.push(alone(held_out, Row::ScImf, model, opponent));
        sentences.extend(held_out.intra_only.filter(finite).map(|intra| interaction(model, intra)));
    }
    sentences.extend(cell_mnn.map(|model| alone(held_out, Row::CellMnn, model, opponent)));
    if let (Some(scimf), Some(cell_mnn)) = (scimf, cell_mnn) {
        sentences.push(against(scimf, cell_mnn));
    }
    // Cell-MNN has no noise: its weights in use give the same cells for every seed.
    let single = [scimf, held_out.intra_only.filter(|_| scimf.is_some())].into_iter().flatten().any(|it| it.values < 2);
    if single {
        sentences.push("A single seed says nothing about noise.".into());
    }
    (scimf.is_some() || cell_mnn.is_some()).then(|| sentences.join(" "))
}

/// A model beside the better one of what needs no model.
fn alone(held_out: &HeldOut, row: Row, model: Distances, (other, opponent): (Row, Distances)) -> String {
    let name = row.name();
    let opponent_name = if other == Row::StayPut { "staying put" } else { "optimal-transport interpolation" };
    let (label, ours, theirs) = (&held_out.label, distance(model.w1), distance(opponent.w1));
    let result = order(model, opponent);
    let mut words = match result {
        Order::Closer => {
            format!("At {label}, {name} (W1 {ours}) predicts better than {opponent_name} ({theirs})")
        }
        Order::Alike => format!(
            "At {label}, {name} (W1 {ours}) and {opponent_name} ({theirs}) are within noise of each other: no evidence that the model adds anything here"
        ),
        Order::Farther => format!(
            "At {label}, {opponent_name} (W1 {theirs}) predicts better than {name} ({ours}): the model adds nothing here"
        ),
    };
    if held_out.floor.is_some_and(|floor| order(model, floor) != Order::Farther) {
        words += &format!(", and {name} is as close to the observed cells as two halves of them are to each other");
    }
    words += ".";
    if result != Order::Alike && (model.w2 < opponent.w2) != (model.w1 < opponent.w1) {
        words +=
            &format!(" By W2 it is the other way round ({} against {}).", distance(model.w2), distance(opponent.w2));
    }
    words
}

/// The two models beside each other.
fn against(scimf: Distances, cell_mnn: Distances) -> String {
    let [a, b] = [scimf.w1, cell_mnn.w1].map(distance);
    match order(scimf, cell_mnn) {
        Order::Closer => format!("Of the two models, scIMF is closer ({a} against {b})."),
        Order::Alike => format!("The two models are within noise of each other (scIMF {a}, Cell-MNN {b})."),
        Order::Farther => format!("Of the two models, Cell-MNN is closer ({b} against {a})."),
    }
}

fn interaction(model: Distances, intra: Distances) -> String {
    let alone = distance(intra.w1);
    match order(model, intra) {
        Order::Closer => format!("It is closer than the model without interaction ({alone}): the interaction helps."),
        Order::Alike => format!(
            "It is within noise of the model without interaction ({alone}): no evidence that the interaction helps."
        ),
        Order::Farther => {
            format!("The model without interaction ({alone}) is closer: here the interaction does not help.")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn distances(w1: f64, w1_sd: f64) -> Option<Distances> {
        Some(Distances { w1, w2: 1.2 * w1, w1_sd, w2_sd: w1_sd, values: 5 })
    }

    fn held_out(scimf: f64, interpolation: Option<f64>, intra_only: f64) -> HeldOut {
        HeldOut {
            label: "day 4".into(),
            scimf: distances(scimf, 0.2),
            intra_only: distances(intra_only, 0.2),
            floor: distances(9.0, 0.0),
            stay_put: distances(30.0, 0.0),
            ot_interpolation: interpolation.and_then(|w1| distances(w1, 0.0)),
            ..HeldOut::default()
        }
    }

    #[test]
    fn a_model_that_does_not_beat_interpolation_is_told_so() {
        let words = verdict(&held_out(25.4, Some(22.8), 25.5)).unwrap();
        assert!(words.starts_with(
            "At day 4, optimal-transport interpolation (W1 22.80) predicts better than scIMF (25.40): the model adds nothing here."
        ), "{words}");
        assert!(words.contains("no evidence that the interaction helps"), "{words}");
    }

    #[test]
    fn a_better_model_is_told_so_with_the_part_of_its_interaction() {
        let words = verdict(&held_out(20.0, Some(22.8), 21.0)).unwrap();
        assert!(words.contains("scIMF (W1 20.00) predicts better than optimal-transport interpolation"), "{words}");
        assert!(words.contains("the interaction helps"), "{words}");
        let words = verdict(&held_out(20.0, Some(22.8), 19.0)).unwrap();
        assert!(words.contains("does not help"), "{words}");
    }

    #[test]
    fn small_differences_are_noise() {
        let words = verdict(&held_out(22.9, Some(22.8), 22.9)).unwrap();
        assert!(words.contains("within noise of each other"), "{words}");
    }

    #[test]
    fn the_better_opponent_counts() {
        assert!(verdict(&held_out(25.0, Some(40.0), 27.0)).unwrap().contains("better than staying put (30"));
        assert!(verdict(&held_out(25.0, None, 27.0)).unwrap().contains("better than staying put"));
    }

    #[test]
    fn w2_may_disagree() {
        let mut held_out = held_out(20.0, Some(22.8), 25.0);
        held_out.scimf.as_mut().unwrap().w2 = 40.0;
        assert!(verdict(&held_out).unwrap().contains("By W2 it is the other way round"));
    }

    #[test]
    fn the_floor_is_noticed_and_one_seed_is_no_measure() {
        let mut held_out = held_out(9.1, Some(22.8), 12.0);
        held_out.scimf.as_mut().unwrap().values = 1;
        let words = verdict(&held_out).unwrap();
        assert!(words.contains("two halves") && words.contains("single seed"), "{words}");
    }

    #[test]
    fn both_models_are_judged_and_compared() {
        let both = HeldOut { cell_mnn: distances(18.0, 0.1), ..held_out(20.0, Some(22.8), 21.0) };
        let words = verdict(&both).unwrap();
        assert!(words.contains("At day 4, Cell-MNN (W1 18.00) predicts better"), "{words}");
        assert!(words.contains("Of the two models, Cell-MNN is closer (18.00 against 20.00)."), "{words}");
        let alone = verdict(&HeldOut { scimf: None, ..both.clone() }).unwrap();
        assert!(!alone.contains("scIMF"), "{alone}");
        let alike = verdict(&HeldOut { cell_mnn: distances(20.1, 0.1), ..both }).unwrap();
        assert!(alike.contains("The two models are within noise of each other"), "{alike}");
    }

    #[test]
    fn nothing_is_said_without_numbers() {
        assert_eq!(verdict(&HeldOut::default()), None);
        let lonely = HeldOut { scimf: distances(1.0, 0.0), ..HeldOut::default() };
        assert_eq!(verdict(&lonely), None);
        let broken = HeldOut { scimf: distances(f64::NAN, 0.0), ..held_out(1.0, None, 1.0) };
        assert_eq!(verdict(&broken), None);
    }
}
