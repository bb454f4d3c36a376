//! What an evaluation says, in words that follow from its numbers: pages and programs say the same.

use super::comparison::{Metric, judge};
use super::score_table::{distance, lowest};
use crate::protocol::{Distances, FLOOR, HeldOut, INTERPOLATION, Row, STAY_PUT};

/// A prediction with a smaller share of the observed variance is told so.
const MOST_NARROW: f64 = 0.67;

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

/// Distances with what judges them.
#[derive(Clone, Copy)]
struct Judged {
    distances: Distances,
    judge: [Metric; 2],
}

impl Judged {
    fn value(&self) -> f64 {
        self.judge[0].of(&self.distances)[0]
    }

    fn words(&self) -> String {
        distance(self.value())
    }

    /// By the other metric.
    fn other(&self) -> f64 {
        self.judge[1].of(&self.distances)[0]
    }

    /// Differences up to the standard deviation of the difference over seeds count as noise.
    fn order(&self, other: &Self) -> Order {
        let deviation = |it: &Self| it.judge[0].of(&it.distances)[1];
        let noise = deviation(self).hypot(deviation(other));
        match self.value() - other.value() {
            difference if difference < -noise => Order::Closer,
            difference if difference > noise => Order::Farther,
            _ => Order::Alike,
        }
    }
}

/// Whether each model predicts a held-out time point better than what needs no model, whether the interaction has a part in that, and which of
/// the models is closest; none while all models or both of their opponents are missing.
///
/// The opponent is the better one of staying put and interpolating. The energy distance decides, in tables of older versions W1; where W1, or W2,
/// puts the means in the other order, that is said.
#[must_use]
pub fn verdict(held_out: &HeldOut) -> Option<String> {
    let judge = judge(held_out);
    let judged = |distances: Distances| Some(Judged { distances, judge }).filter(|it| it.value().is_finite());
    let found = |key: &str| held_out.distances(key).and_then(judged);
    let opponent = [(STAY_PUT, "staying put"), (INTERPOLATION, "optimal-transport interpolation")]
        .into_iter()
        .filter_map(|(key, name)| Some((name, found(key)?)))
        .min_by(|a, b| a.1.value().total_cmp(&b.1.value()))?;
    let models = held_out.rows.iter().filter(|row| row.is_whole_model());
    let models: Vec<(&Row, Judged)> = models.filter_map(|row| Some((row, judged(row.distances?)?))).collect();
    let (mut sentences, mut single) = (Vec::new(), false);
    for &(row, model) in &models {
        sentences.push(alone(held_out, &row.name, model, opponent, found(FLOOR)));
        sentences.extend(narrow(&row.name, &model.distances));
        let card = row.model.unwrap_or_default().card();
        let twin = card.twin.and_then(|twin| found(twin.key));
        sentences.extend(twin.map(|twin| interaction(model, twin)));
        // A model without noise gives the same cells for every seed.
        let values = |it: Judged| it.distances.values;
        single |= card.can.noise && (values(model) < 2 || twin.is_some_and(|twin| values(twin) < 2));
    }
    sentences.extend(closest(&models));
    sentences.extend(disagreement(held_out));
    if single {
        sentences.push("A single seed says nothing about noise.".into());
    }
    (!models.is_empty()).then(|| sentences.join(" "))
}

/// A model beside the better one of what needs no model.
fn alone(
    held_out: &HeldOut,
    name: &str,
    model: Judged,
    (opponent_name, opponent): (&str, Judged),
    floor: Option<Judged>,
) -> String {
    let (label, ours, theirs) = (&held_out.label, model.words(), opponent.words());
    let [by, other] = model.judge.map(Metric::short);
    let result = model.order(&opponent);
    let mut words = match result {
        Order::Closer => {
            format!("At {label}, {name} ({by} {ours}) predicts better than {opponent_name} ({theirs})")
        }
        Order::Alike => format!(
            "At {label}, {name} ({by} {ours}) and {opponent_name} ({theirs}) are within noise of each other: no evidence that the model adds anything here"
        ),
        Order::Farther => format!(
            "At {label}, {opponent_name} ({by} {theirs}) predicts better than {name} ({ours}): the model adds nothing here"
        ),
    };
    if floor.is_some_and(|floor| model.order(&floor) != Order::Farther) {
        words += &format!(", and {name} is as close to the observed cells as two halves of them are to each other");
    }
    words += ".";
    if result != Order::Alike && (model.other() < opponent.other()) != (model.value() < opponent.value()) {
        let [ours, theirs] = [model.other(), opponent.other()].map(distance);
        words += &format!(" By {other} it is the other way round ({ours} against {theirs}).");
    }
    words
}

/// A prediction with much less, or much more, variance than the observed cells is told so.
fn narrow(name: &str, distances: &Distances) -> Option<String> {
    let spread = distances.debiased?.spread;
    let share = format!("{:.0} % of the variance of the observed ones", 100.0 * spread);
    match spread {
        spread if spread < MOST_NARROW => Some(format!("The cells of {name} have only {share}.")),
        spread if spread > 1.0 / MOST_NARROW => Some(format!("The cells of {name} have {share}.")),
        _ => None,
    }
}

/// W1 puts another row first than the energy distance does.
fn disagreement(held_out: &HeldOut) -> Option<String> {
    let [by, other] = judge(held_out);
    if other != Metric::W1 {
        return None;
    }
    let [judged, first] = [by, other].map(|metric| lowest(held_out, metric));
    let row = held_out.row(first.filter(|_| judged.is_some() && judged != first)?)?;
    let why = match row.distances?.debiased?.spread {
        spread if spread < 1.0 => format!(", whose cells have {:.0} % of the observed variance", 100.0 * spread),
        _ => String::new(),
    };
    let first = held_out.row(judged?)?;
    let [row, first] = [&row.name, &first.name];
    Some(format!("W1 disagrees: it puts “{row}” first{why}; by the {} “{first}” comes first.", by.short()))
}

/// The models beside each other; nothing to say of fewer than two.
fn closest(models: &[(&Row, Judged)]) -> Option<String> {
    let mut models = models.to_vec();
    models.sort_by(|a, b| a.1.value().total_cmp(&b.1.value()));
    let [(first, nearest), (second, next), ..] = models[..] else { return None };
    let count = if models.len() == 2 { "two".into() } else { models.len().to_string() };
    let [a, b] = [nearest, next].map(|it| it.words());
    Some(match nearest.order(&next) {
        Order::Closer => {
            format!("Of the {count} models, {} is closest ({a} against {b} of {}).", first.name, second.name)
        }
        _ => {
            format!("The closest two models are within noise of each other ({} {a}, {} {b}).", first.name, second.name)
        }
    })
}

/// The part of the interaction: it needs seeds whose spread says what noise is.
fn interaction(model: Judged, intra: Judged) -> String {
    let alone = intra.words();
    if model.distances.values < 2 || intra.distances.values < 2 {
        return format!(
            "Without interaction the distance is {alone}: whether the interaction helps needs at least two seeds, whose spread says what noise is."
        );
    }
    match model.order(&intra) {
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
    use crate::protocol::{Debiased, ModelKind};

    const FIRST: ModelKind = ModelKind::ALL[0];
    const SECOND: ModelKind = ModelKind::ALL[1];

    fn distances(w1: f64, w1_sd: f64) -> Option<Distances> {
        Some(Distances { w1, w2: 1.2 * w1, w1_sd, w2_sd: w1_sd, values: 5, debiased: None, per_gene: None })
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
    fn the_energy_distance_judges_and_a_collapse_that_wins_by_w1_is_told() {
        let mut held_out = held_out(20.0, Some(22.8), 21.0);
        for (row, (energy, spread)) in
            held_out.rows.iter_mut().zip([(0.0, 1.0), (3.0, 0.9), (1.0, 0.8), (2.0, 0.4), (2.0, 0.33)])
        {
            let debiased = Some(Debiased { energy, energy_sd: 0.1, spread, ..Debiased::default() });
            row.distances.iter_mut().for_each(|it| it.debiased = debiased);
        }
        let words = verdict(&held_out).unwrap();
        for part in [
            "optimal-transport interpolation (energy distance 1.00) predicts better than scIMF (2.00)",
            "By W1 it is the other way round (20.00 against 22.80)",
            "The cells of scIMF have only 33 % of the variance",
            "W1 disagrees: it puts “scIMF” first, whose cells have 33 % of the observed variance",
        ] {
            assert!(words.contains(part), "{part} in {words}");
        }
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
