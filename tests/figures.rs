//! The figures as files: what they show is what is in the data.
use roxmltree::{Document, Node};
use scimf::figure::cells::ColorBy;
use scimf::figure::pairs::Pairs;
use scimf::figure::palette::{cell_types, diverging};
use scimf::figure::plane::{self, CIRCLES, Plane};
use scimf::figure::quantity::Quantity;
use scimf::figure::svg::Format;
use scimf::figure::{chord, comparison, curve, heatmap, png};
use scimf::protocol::{
    CellType, Cells, Communication, CommunicationQuery, DatasetSummary, Debiased, Distances, DriftPart, Evaluation,
    HeldOut, Loss, ModelKind, Predictions, Row, Score, Simulation, SimulationQuery, Space, SpaceId, Term, TimePoint,
    Update, VelocityField, VelocityQuery,
};

/// A name that would be markup if it were not text.
const ODD: &str = "<b>&\"x\"";
const TYPES: [&str; 3] = [ODD, "Neural", "Blood"];

fn format(dark: bool) -> Format {
    Format { size: [640.0, 480.0], dark, title: format!("A study of {ODD}") }
}

/// `count` cells, in turn of the three types and the two time points, on a spiral.
fn study(count: usize) -> (DatasetSummary, Cells) {
    let kinds: Vec<u32> = (0..count as u32).map(|i| i % 3).collect();
    let times: Vec<u32> = (0..count as u32).map(|i| i / 3 % 2).collect();
    let at = |i: usize| [(i as f32 / 9.0).cos() * i as f32, (i as f32 / 9.0).sin() * i as f32];
    let of = |list: &[u32], which: usize| list.iter().filter(|&&x| x == which as u32).count();
    let dataset = DatasetSummary {
        name: "spiral".into(),
        cells: count,
        dimensions: 2,
        axis: "PC".into(),
        time_points: ["day 2", ODD]
            .iter()
            .enumerate()
            .map(|(i, label)| TimePoint { label: (*label).into(), value: None, cells: of(&times, i) })
            .collect(),
        cell_types: TYPES
            .iter()
            .enumerate()
            .map(|(i, name)| CellType { name: (*name).into(), color: None, cells: of(&kinds, i) })
            .collect(),
        spaces: vec![Space { id: SpaceId::Embedding(0), name: "UMAP".into(), axes: ["UMAP 1".into(), ODD.into()] }],
        simulated: true,
        held_out: vec![1],
        ..DatasetSummary::default()
    };
    let positions: Vec<f32> = (0..count).flat_map(at).collect();
    (dataset, Cells { positions: positions.into(), times: times.into(), cell_types: kinds.into(), ..Cells::default() })
}

fn velocity_of(cells: &Cells, time: usize) -> VelocityField {
    let here: Vec<u32> = (0..cells.times.len() as u32).filter(|&i| cells.times[i as usize] == time as u32).collect();
    let n = here.len();
    VelocityField {
        query: VelocityQuery {
            time,
            space: SpaceId::Embedding(0),
            part: DriftPart::Total,
            model: ModelKind::ScImf,
            sample: None,
        },
        cells: here.into(),
        vectors: [1.0, 0.0].repeat(n).into(),
        speeds: vec![1.0; n].into(),
        mean_speed: 1.0,
        wind: None,
        exact: false,
    }
}

fn simulation(cells: usize, frames: usize) -> Simulation {
    let at = |frame: usize, cell: usize| [(10 * frame) as f32, cell as f32];
    Simulation {
        query: SimulationQuery { cells, frames_per_interval: 1, ..SimulationQuery::default() },
        times: (0..frames).map(|frame| frame as f32).collect::<Vec<_>>().into(),
        positions: (0..frames).flat_map(|f| (0..cells).flat_map(move |c| at(f, c))).collect::<Vec<_>>().into(),
        exact: true,
        ..Simulation::default()
    }
}

fn answer() -> Communication {
    let absent = f32::NAN;
    Communication {
        query: CommunicationQuery { time: 0, score: Score::Attention, minimum_cells: 10, sample: None },
        cells: vec![40, 60, 3],
        types: vec![0, 1],
        mean: vec![0.0125, 0.25, absent, 0.5, 0.0625, absent, absent, absent, absent].into(),
        enrichment: vec![-1.5, 0.5, absent, 0.75, -0.25, absent, absent, absent, absent].into(),
        non_reciprocity: 0.3,
    }
}

fn evaluation() -> Evaluation {
    let distances = |w1: f64, w1_sd: f64| {
        let debiased = Some(Debiased { energy: w1 - 8.0, energy_sd: w1_sd, spread: 1.0, ..Debiased::default() });
        Some(Distances { w1, w2: 2.0 * w1, w1_sd, w2_sd: w1_sd, values: 3, debiased, per_gene: None })
    };
    let [one, other] = [ModelKind::ScImf, ModelKind::CellMnn];
    let models = [Row::of_twin(one), Some(Row::of(one)), Some(Row::of(other))];
    let rows = Row::baselines().into_iter().chain(models.into_iter().flatten());
    let found = [(9.0, 0.0), (15.0, 0.0), (f64::NAN, 0.0), (14.0, 0.0), (13.5, 0.125), (12.5, 0.25), (12.0, 0.5)];
    let with = |(row, (w1, sd)): (Row, (f64, f64))| row.with(distances(w1, sd).filter(|it| it.w1.is_finite()));
    let rows = rows.zip(found).map(with).collect();
    let held_out = HeldOut { time: 1, label: ODD.into(), observed: 120, rows, ..HeldOut::default() };
    Evaluation { held_out: vec![held_out], seeds: 3, updates: Some(200), cells: 2000, lineage: None }
}

fn updates() -> Vec<Update> {
    let update = |n: u32| Update {
        update: n,
        of: 20,
        loss: Loss {
            terms: vec![Term::at_times("transport", vec![20.0 / n as f32]), Term::whole("action", 0.5)],
            total: 20.0 / n as f32 + 0.5,
            validation: None,
        },
        gradient_norm: 1.0,
        learning_rate: 1e-3,
        best: true,
        seconds: 0.1,
        seconds_left: 1.0,
    };
    (1..=20).map(update).collect()
}

/// All figures, with their names.
fn all(dark: bool) -> Vec<(&'static str, String)> {
    let (dataset, cells) = study(300);
    let plane = Plane { dataset: &dataset, cells: &cells, space: SpaceId::Embedding(0) };
    let format = format(dark);
    let simulation = simulation(7, 3);
    let predictions = ["scimf", "scimf-alone"].map(|row| Predictions {
        time: 1,
        row: row.into(),
        positions: simulation.positions[..14].to_vec().into(),
        exact: true,
    });
    let times = [ODD.to_owned()];
    let curve = curve::LossCurve { updates: &updates(), times: &times, model: ModelKind::ScImf, dark };
    vec![
        ("cells", plane::observed(&plane, ColorBy::Type, 1, &format).unwrap()),
        ("times", plane::observed(&plane, ColorBy::Time, 1, &format).unwrap()),
        ("trajectories", plane::trajectories(&plane, ColorBy::Time, &simulation, &format).unwrap()),
        ("types", plane::trajectories(&plane, ColorBy::Type, &simulation, &format).unwrap()),
        ("velocity", plane::velocity(&plane, &velocity_of(&cells, 1), &format).unwrap()),
        ("chord", chord::to_svg(&dataset, &answer(), &Pairs::all(&dataset, Quantity::Mean), &format)),
        ("heatmap", heatmap::to_svg(&dataset, &answer(), &Pairs::all(&dataset, Quantity::Mean), &format)),
        ("enrichment", heatmap::to_svg(&dataset, &answer(), &Pairs::all(&dataset, Quantity::Enrichment), &format)),
        ("loss", curve::to_svg(&curve, &format).unwrap()),
        ("comparison", comparison::to_svg(&evaluation(), None, &format).unwrap()),
        ("predictions", comparison::to_svg(&evaluation(), Some((&plane, &predictions)), &format).unwrap()),
    ]
}

fn drawn(name: &str) -> String {
    all(false).into_iter().find(|(found, _)| *found == name).unwrap().1
}

/// Elements with this class.
fn classed<'a, 'b>(document: &'b Document<'a>, class: &str) -> Vec<Node<'b, 'a>> {
    document.descendants().filter(|node| node.attribute("class") == Some(class)).collect()
}

fn texts(document: &Document) -> Vec<String> {
    let nodes = document.descendants().filter(|node| node.has_tag_name("text"));
    nodes.map(|node| node.descendants().filter_map(|n| n.is_text().then(|| n.text()).flatten()).collect()).collect()
}

fn number(node: &Node, attribute: &str) -> f64 {
    node.attribute(attribute).unwrap().parse().unwrap()
}

#[test]
fn every_figure_is_a_document_in_which_names_are_text() {
    for (name, svg) in all(false).into_iter().chain(all(true)) {
        let document = Document::parse(&svg).unwrap_or_else(|error| panic!("{name}: {error}"));
        let root = document.root_element();
        assert_eq!((number(&root, "width"), number(&root, "height")), (640.0, 480.0), "{name}");
        let texts = texts(&document);
        assert!(texts.iter().any(|text| text == &format!("A study of {ODD}")), "{name} has its title: {texts:?}");
        assert!(texts.iter().filter(|text| text.contains(ODD)).count() > 1, "{name} names what it shows: {texts:?}");
        assert!(!document.descendants().any(|node| node.tag_name().name() == "b"), "{name}: a name became markup");
        assert!(!svg.contains("NaN") && !svg.contains("inf"), "{name}");
    }
}

#[test]
fn every_figure_is_a_picture_of_the_size_asked_for() {
    for dark in [false, true] {
        for (name, svg) in all(dark) {
            let png = png::render(&svg, 1.0).unwrap();
            let picture = resvg::tiny_skia::Pixmap::decode_png(&png).unwrap();
            assert_eq!((picture.width(), picture.height()), (640, 480), "{name}");
            let paper = picture.pixels()[0];
            assert_eq!(paper.red() < 64, dark, "{name}");
            let inked = picture.pixels().iter().filter(|pixel| **pixel != paper).count();
            assert!(inked > 2000, "{name} has {inked} pixels that are not paper");
            // Nothing is drawn over the edge.
            let (w, h) = (640, 480);
            let edge = (0..w).flat_map(|x| [[x, 0], [x, h - 1]]).chain((0..h).flat_map(|y| [[0, y], [w - 1, y]]));
            for [x, y] in edge {
                assert_eq!(picture.pixel(x, y), Some(paper), "{name} reaches the edge at {x}, {y}");
            }
        }
    }
}

#[test]
fn cells_have_the_colours_of_their_types() {
    let (dataset, cells) = study(300);
    let svg = drawn("types");
    let document = Document::parse(&svg).unwrap();
    let group = classed(&document, "cells")[0];
    for (kind, color) in cell_types(&dataset.cell_types).iter().enumerate() {
        let circles = group.children().filter(|node| node.attribute("fill") == Some(&color.to_string()));
        assert_eq!(circles.count(), dataset.cell_types[kind].cells, "{}", TYPES[kind]);
    }
    let velocity = drawn("velocity");
    let document = Document::parse(&velocity).unwrap();
    let color = cell_types(&dataset.cell_types)[1].to_string();
    let shown = classed(&document, "cells")[0].children().filter(|n| n.attribute("fill") == Some(&color)).count();
    let expected = cells.times.iter().zip(cells.cell_types.iter()).filter(|pair| pair == &(&1, &1)).count();
    assert_eq!(shown, expected, "only cells of the chosen time point are coloured");
}

#[test]
fn many_cells_become_pixels_and_keep_their_text() {
    let (dataset, cells) = study(CIRCLES + 1);
    let plane = Plane { dataset: &dataset, cells: &cells, space: SpaceId::Embedding(0) };
    let svg = plane::trajectories(&plane, ColorBy::Type, &simulation(3, 2), &format(false)).unwrap();
    let document = Document::parse(&svg).unwrap();
    let group = classed(&document, "cells")[0];
    assert_eq!(group.children().filter(Node::is_element).count(), 1);
    assert!(
        group.descendants().any(|node| node.attribute("href").is_some_and(|a| a.starts_with("data:image/png;base64,")))
    );
    assert!(texts(&document).iter().any(|text| text == "2 Neural"));
    let picture = resvg::tiny_skia::Pixmap::decode_png(&png::render(&svg, 1.0).unwrap()).unwrap();
    let colored = picture.pixels().iter().filter(|p| p.red().abs_diff(p.blue()) > 40).count();
    assert!(colored > 20_000, "{colored} pixels have a colour");
}

#[test]
fn a_path_goes_from_its_first_frame_to_its_last() {
    let svg = drawn("trajectories");
    let document = Document::parse(&svg).unwrap();
    let paths: Vec<&str> = classed(&document, "paths")[0].children().filter_map(|node| node.attribute("d")).collect();
    let (starts, ends) = (classed(&document, "start"), classed(&document, "end"));
    assert_eq!((paths.len(), starts.len(), ends.len()), (7, 7, 7));
    let place = |node: &Node| format!("{},{}", node.attribute("cx").unwrap(), node.attribute("cy").unwrap());
    for ((path, start), end) in paths.iter().zip(&starts).zip(&ends) {
        assert_eq!(path.split(['M', ' ']).filter(|point| !point.is_empty()).count(), 3, "three frames: {path}");
        assert!(path.starts_with(&format!("M{}", place(start))) && path.ends_with(&place(end)));
        assert!(number(end, "cx") > number(start, "cx"), "all cells move to the right");
    }
}

#[test]
fn velocity_points_where_the_cells_go() {
    let svg = drawn("velocity");
    let document = Document::parse(&svg).unwrap();
    let path = classed(&document, "velocity")[0].attribute("d").unwrap();
    let lines: Vec<Vec<f64>> = path
        .split('M')
        .filter(|line| !line.is_empty())
        .map(|line| line.split([',', ' ']).map(|n| n.parse().unwrap()).collect())
        .collect();
    let shafts: Vec<_> = lines.iter().filter(|line| line.len() == 4).collect();
    assert!(shafts.len() > 20 && lines.len() == 2 * shafts.len(), "each shaft has its head");
    for shaft in shafts {
        assert!(shaft[2] > shaft[0] + 5.0 && (shaft[3] - shaft[1]).abs() < 0.2, "to the right: {shaft:?}");
    }
    let words = texts(&document).join(" ");
    assert!(words.contains("per interval") && words.contains("approximate") && words.contains("Simulated tissue"));
    let (dataset, cells) = study(300);
    let other = VelocityField { cells: vec![5000; 50].into(), ..velocity_of(&cells, 0) };
    let plane = Plane { dataset: &dataset, cells: &cells, space: SpaceId::Embedding(0) };
    assert!(plane::velocity(&plane, &other, &format(false)).is_err(), "of another dataset");
}

#[test]
fn the_heatmap_shows_every_number_once() {
    for (name, numbers) in
        [("heatmap", ["1.308", "25.50", "51.00", "6.483"]), ("enrichment", ["−1.50", "+0.50", "+0.75", "−0.25"])]
    {
        let svg = drawn(name);
        let document = Document::parse(&svg).unwrap();
        let texts = texts(&document);
        for number in numbers {
            assert_eq!(texts.iter().filter(|text| *text == number).count(), 1, "{name}: {number} in {texts:?}");
        }
        assert_eq!(texts.iter().filter(|text| *text == "–").count(), 5, "{name}: pairs without a number");
        let cells = classed(&document, "cell");
        assert_eq!(cells.len(), 9);
        // Row 1, column 0: the second type listens to the first.
        let title: String = cells[3].descendants().filter_map(|n| n.text()).next().unwrap().into();
        assert_eq!(title, format!("{ODD} → Neural: {}", numbers[2]));
        assert!(number(&cells[3], "y") > number(&cells[0], "y") && cells[3].attribute("x") == cells[0].attribute("x"));
        for word in ["sender →", "receiver ↓", "2 Neural"] {
            assert!(texts.iter().any(|text| text == word), "{name}: {word}");
        }
    }
    let svg = drawn("enrichment");
    let document = Document::parse(&svg).unwrap();
    assert_eq!(classed(&document, "cell")[0].attribute("fill"), Some(diverging(-1.0).to_string().as_str()));
}

#[test]
fn the_chord_says_what_its_width_means() {
    let svg = drawn("chord");
    let document = Document::parse(&svg).unwrap();
    let titles: Vec<_> = classed(&document, "ribbon")
        .iter()
        .map(|r| r.first_element_child().unwrap().text().unwrap().to_owned())
        .collect();
    assert_eq!(
        titles,
        [
            format!("{ODD} → Neural 51.00"),
            format!("Neural → {ODD} 25.50"),
            "Neural → Neural 6.483".into(),
            format!("{ODD} → {ODD} 1.308")
        ]
    );
    assert_eq!(classed(&document, "arc").len(), 2, "the third type has too few cells");
    let words = texts(&document).join(" ");
    for part in ["Width: attention (× equal listening)", "from the sender to the receiver", "Blood 3", "receives"] {
        assert!(words.contains(part), "{part} in {words}");
    }
    let (dataset, _) = study(30);
    let enriched = chord::to_svg(&dataset, &answer(), &Pairs::all(&dataset, Quantity::Enrichment), &format(false));
    assert_eq!(enriched.matches("class=\"ribbon\"").count(), 2, "only what is above zero");
}

#[test]
fn the_comparison_has_its_floor_its_rows_and_its_words() {
    let svg = drawn("comparison");
    let document = Document::parse(&svg).unwrap();
    let (floors, means) = (classed(&document, "floor"), classed(&document, "mean"));
    assert_eq!((floors.len(), means.len()), (2, 12), "two metrics; one of seven rows is absent");
    assert!(floors.iter().all(|floor| floor.attribute("stroke-dasharray").is_some()));
    // Dots: floor, stay put, one point, intra-only, scIMF, Cell-MNN; the energy distance first.
    let x: Vec<f64> = [0, 1, 3, 4].map(|row| means[row]).iter().map(|mean| number(mean, "cx")).collect();
    let step = (x[1] - x[0]) / 6.0;
    assert!((x[2] - x[0] - 4.5 * step).abs() < 0.2 && (x[3] - x[0] - 3.5 * step).abs() < 0.2, "{x:?}");
    assert!(floors[0].attribute("d").unwrap().starts_with(&format!("M{:.1},", x[0])));
    assert_eq!(classed(&document, "whisker").len(), 6, "single values have none");
    let texts = texts(&document);
    for row in &evaluation().held_out[0].rows {
        assert_eq!(texts.iter().filter(|text| *text == &row.name).count(), 1, "{}", row.name);
    }
    let words = texts.join(" ");
    for part in [
        "4.50 ± 0.25",
        "12.50 ± 0.25",
        "3 seeds",
        "no later time point",
        "scIMF (energy distance 4.50) predicts better than staying put",
        "200 updates",
    ] {
        assert!(words.contains(part), "{part} in {words}");
    }
    let svg = drawn("predictions");
    let document = Document::parse(&svg).unwrap();
    let predicted = classed(&document, "predicted");
    assert_eq!(predicted.iter().map(|p| p.children().filter(Node::is_element).count()).collect::<Vec<_>>(), [7, 7]);
    let observed = classed(&document, "cells");
    assert_eq!(observed[0].children().filter(Node::is_element).count(), 150, "the cells of the held-out time point");
}
