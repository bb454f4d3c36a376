//! What an evaluation says, in words that follow from its numbers: pages and programs say the same.

use super::score_table::distance;
use crate::protocol::{Distances, FLOOR, HeldOut, INTERPOLATION, Row, STAY_PUT};

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
/// the models is closest; none while all models or both of their opponents are missing.
///
/// The opponent is the better one of staying put and interpolating. W1 decides; where W2 puts the means in the other order, that is said.
#[must_use]
pub fn verdict(held_out: &HeldOut) -> Option<String> {
    let finite = |it: &Distances| it.w1.is_finite();
    let found = |key: &str| held_out.distances(key).filter(finite);
    let opponent = [(STAY_PUT, "staying put"), (INTERPOLATION, "optimal-transport interpolation")]
        .into_iter()
        .filter_map(|(key, name)| Some((name, found(key)?)))
        .min_by(|a, b| a.1.w1.total_cmp(&b.1.w1))?;
    let models = held_out.rows.iter().filter(|row| row.is_whole_model());
    let models: Vec<(&Row, Distances)> = models.filter_map(|row| Some((row, row.distances.filter(finite)?))).collect();
    let (mut sentences, mut single) = (Vec::new(), false);
    for &(row, distances) in &models {
        sentences.push(alone(held_out, &row.name, distances, opponent));
        let card = row.model.unwrap_or_default().card();
        let twin = card.twin.and_then(|twin| found(twin.key));
        sentences.extend(twin.map(|twin| interaction(distances, twin)));
        // A model without noise gives the same cells for every seed.
        single |= card.can.noise && (distances.values < 2 || twin.is_some_and(|twin| twin.values < 2));
    }
    sentences.extend(closest(&models));
    if single {
        sentences.push("A single seed says nothing about noise.".into());
    }
    (!models.is_empty()).then(|| sentences.join(" "))
}

/// A model beside the better one of what needs no model.
fn alone(held_out: &HeldOut, name: &str, model: Distances, (opponent_name, opponent): (&str, Distances)) -> String {
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
    if held_out.distances(FLOOR).is_some_and(|floor| order(model, floor) != Order::Farther) {
        words += &format!(", and {name} is as close to the observed cells as two halves of them are to each other");
    }
    words += ".";
    if result != Order::Alike && (model.w2 < opponent.w2) != (model.w1 < opponent.w1) {
        words +=
            &format!(" By W2 it is the other way round ({} against {}).", distance(model.w2), distance(opponent.w2));
    }
    words
}

/// The models beside each other; nothing to say of fewer than two.
fn closest(models: &[(&Row, Distances)]) -> Option<String> {
    let mut models = models.to_vec();
    models.sort_by(|a, b| a.1.w1.total_cmp(&b.1.w1));
    let [(first, nearest), (second, next), ..] = models[..] else { return None };
    let count = if models.len() == 2 { "two".into() } else { models.len().to_string() };
    let [a, b] = [nearest, next].map(|it| distance(it.w1));
    Some(match order(nearest, next) {
        Order::Closer => {
            format!("Of the {count} models, {} is closest ({a} against {b} of {}).", first.name, second.name)
        }
        _ => {
            format!("The closest two models are within noise of each other ({} {a}, {} {b}).", first.name, second.name)
        }
    })
}

/// The part of the interaction: it needs seeds whose spread says what noise is.
fn interaction(model: Distances, intra: Distances) -> String {
    let alone = distance(intra.w1);
    if model.values < 2 || intra.values < 2 {
        return format!(
            "Without interaction the distance is {alone}: whether the interaction helps needs at least two seeds, whose spread says what noise is."
        );
    }
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
    use crate::protocol::ModelKind;

    const FIRST: ModelKind = ModelKind::ALL[0];
    const SECOND: ModelKind = ModelKind::ALL[1];

    fn distances(w1: f64, w1_sd: f64) -> Option<Distances> {
        Some(Distances { w1, w2: 1.2 * w1, w1_sd, w2_sd: w1_sd, values: 5 })
    }

    fn held_out(model: f64, interpolation: Option<f64>, twin: f64) -> HeldOut {
        let found = [distances(9.0, 0.0), distances(30.0, 0.0), interpolation.and_then(|w1| distances(w1, 0.0))];
        let mut rows: Vec<Row> =
            Row::baselines().into_iter().zip(found).map(|(row, distances)| row.with(distances)).collect();
        rows.extend(Row::of_twin(FIRST).map(|row| row.with(distances(twin, 0.2))));
        rows.push(Row::of(FIRST).with(distances(model, 0.2)));
        HeldOut { label: "day 4".into(), rows, ..HeldOut::default() }
    }

    fn of_first(held_out: &mut HeldOut) -> &mut Distances {
        held_out.rows.last_mut().and_then(|row| row.distances.as_mut()).unwrap()
    }

    /// A second model beside the first.
    fn with_second(mut held_out: HeldOut, w1: f64) -> HeldOut {
        held_out.rows.push(Row::of(SECOND).with(distances(w1, 0.1)));
        held_out
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
        of_first(&mut held_out).w2 = 40.0;
        assert!(verdict(&held_out).unwrap().contains("By W2 it is the other way round"));
    }

    #[test]
    fn the_floor_is_noticed_and_one_seed_is_no_measure() {
        let mut held_out = held_out(9.1, Some(22.8), 12.0);
        of_first(&mut held_out).values = 1;
        let words = verdict(&held_out).unwrap();
        assert!(words.contains("two halves") && words.contains("single seed"), "{words}");
    }

    #[test]
    fn all_models_are_judged_and_compared() {
        let both = || held_out(20.0, Some(22.8), 21.0);
        let words = verdict(&with_second(both(), 18.0)).unwrap();
        let name = SECOND.name();
        assert!(words.contains(&format!("At day 4, {name} (W1 18.00) predicts better")), "{words}");
        assert!(words.contains(&format!("Of the two models, {name} is closest (18.00 against 20.00 of ")), "{words}");
        let alike = verdict(&with_second(both(), 20.1)).unwrap();
        assert!(alike.contains("The closest two models are within noise of each other"), "{alike}");
        let mut alone = with_second(both(), 18.0);
        alone.rows.retain(|row| row.model != Some(FIRST));
        let words = verdict(&alone).unwrap();
        assert!(!words.contains(FIRST.name()) && !words.contains("models"), "{words}");
    }

    #[test]
    fn one_seed_says_nothing_of_the_interaction() {
        let mut held_out = held_out(20.0, Some(22.8), 25.0);
        of_first(&mut held_out).values = 1;
        let words = verdict(&held_out).unwrap();
        assert!(words.contains("needs at least two seeds"), "{words}");
        assert!(!words.contains("the interaction helps."), "{words}");
    }

    #[test]
    fn nothing_is_said_without_numbers() {
        assert_eq!(verdict(&HeldOut::default()), None);
        let lonely = HeldOut { rows: vec![Row::of(FIRST).with(distances(1.0, 0.0))], ..HeldOut::default() };
        assert_eq!(verdict(&lonely), None);
        let mut broken = held_out(1.0, None, 1.0);
        of_first(&mut broken).w1 = f64::NAN;
        assert_eq!(verdict(&broken), None);
    }
}
