//! How observed cells look in a plane: their dots and the names of their types.

use super::contours::{Contour, density};
use super::labels::shorten;
use super::palette::{Rgb, cell_types, times};
use super::points::{Dot, scattered};
use super::scatter::{Viewport, median, pairs};
use super::shades::Shades;
use super::theme::Theme;
use crate::protocol::{Cells, DatasetSummary};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// A group of cells needs this many to be named in the picture.
const NAMED_CELLS: usize = 10;
/// Shares of the cells that lines of density are drawn around.
pub const SHARES: [f64; 4] = [0.25, 0.5, 0.75, 0.9];

/// What colours mean.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum ColorBy {
    /// Cell type.
    #[default]
    Type,
    /// Time point.
    Time,
    /// An annotation, as its index in [`DatasetSummary::columns`].
    Column(usize),
    /// Expression of a gene decoded through the loadings, as its index among the genes that they cover.
    Gene(usize),
    /// Expression of a gene as it was measured, as its index among the genes with measured values.
    Measured(usize),
    /// Length of the velocity at the chosen time point.
    Speed,
    /// How much of its attention a cell of the chosen time point gives to the cells of this type.
    Receivers(usize),
    /// Largest real part of the eigenvalues of a cell's operator.
    Growth,
    /// Potential of the model at a cell and its time.
    Potential,
    /// Distance of the potential from its own equation.
    Residual,
    /// How much a start cell multiplies, beside the mean.
    GrowthWeight,
    /// Share of a cell's simulated copies that end as this type.
    Fate(usize),
}

impl ColorBy {
    /// The colours come from a value for each cell: [`Style::shades`].
    #[must_use]
    pub fn is_value(self) -> bool {
        !matches!(self, Self::Type | Self::Time)
    }
}

/// How cells are drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct Style {
    /// What colours mean.
    pub color_by: ColorBy,
    /// One colour a type.
    pub types: Vec<Rgb>,
    /// One colour a time point.
    pub times: Vec<Rgb>,
    /// The colour of cells of other time points, coloured by type.
    pub pale: Rgb,
    /// The time point whose cells stand out; none: all do.
    pub time: Option<usize>,
    /// The sample whose cells stand out, among those of the time point; none: all do.
    pub sample: Option<usize>,
    /// The only type that stays visible; none: all do.
    pub focus: Option<usize>,
    /// Types that are left out: their cells stay as a pale ground.
    pub hidden: Vec<usize>,
    /// The colours of [`ColorBy::is_value`]; cells without a value are pale.
    pub shades: Option<Arc<Shades>>,
    /// Which cells are selected and stand out, whatever their time point; none: no selection.
    pub selected: Option<Arc<Vec<bool>>>,
    /// Radius of cells that stand out, in pixels; the others' is three quarters of it.
    pub radius: f64,
    /// What the reader chose.
    pub ink: Ink,
}

/// How large and how dense cells are drawn, as parts of what is usual.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ink {
    /// Times the usual radius, 0.3 to 3.
    pub size: f32,
    /// Times the usual opacity, 0.1 to 1.
    pub opacity: f32,
    /// Lines around the densest places of the cells that stand out: [`Style::density`].
    pub contours: bool,
}

impl Default for Ink {
    fn default() -> Self {
        Self { size: 1.0, opacity: 1.0, contours: false }
    }
}

impl Style {
    /// The style of a dataset on a light or dark page.
    #[must_use]
    pub fn new(dataset: &DatasetSummary, color_by: ColorBy, time: Option<usize>, dark: bool) -> Self {
        Self {
            color_by,
            types: cell_types(&dataset.cell_types),
            times: times(dataset.time_points.len(), dark),
            pale: Theme::new(dark).pale,
            time,
            sample: None,
            focus: None,
            hidden: Vec::new(),
            shades: None,
            selected: None,
            radius: 2.0,
            ink: Ink::default(),
        }
    }

    /// The cell is at the chosen time point and of the chosen sample.
    fn stands_out(&self, cells: &Cells, i: usize) -> bool {
        let of_sample = self.sample.is_none_or(|chosen| cells.samples.get(i).is_none_or(|&it| it as usize == chosen));
        of_sample && self.time.is_none_or(|chosen| cells.times.get(i).is_some_and(|&it| it as usize == chosen))
    }

    /// Lines around a quarter, a half, three quarters and nine tenths of the cells that stand out, if they are wanted.
    #[must_use]
    pub fn density(&self, cells: &Cells) -> Vec<Contour> {
        if !self.ink.contours {
            return Vec::new();
        }
        let points = pairs(&cells.positions).iter().enumerate();
        let theirs: Vec<[f32; 2]> = points.filter(|(i, _)| self.stands_out(cells, *i)).map(|(_, at)| *at).collect();
        density(&theirs, &SHARES)
    }
}

/// Radius for `cells` that stand out in a picture of this size: about as large as there is room for.
#[must_use]
pub fn radius(size: [f64; 2], cells: usize) -> f64 {
    (0.07 * (size[0] * size[1] / cells.max(1) as f64).sqrt()).clamp(1.4, 2.9)
}

/// Index and dot of each cell in drawing order: those that stand out last, and types mixed so that none covers another.
pub fn dots(cells: &Cells, style: &Style, mut draw: impl FnMut(usize, Dot)) {
    let count = cells.times.len().min(cells.cell_types.len());
    let order = scattered(count);
    let selected = |i: usize| style.selected.as_ref().map(|all| all.get(i).copied().unwrap_or(false));
    let hidden = |i: usize| style.hidden.contains(&(cells.cell_types[i] as usize));
    for layer in [Layer::Behind, Layer::Chosen, Layer::Selected] {
        if layer == Layer::Selected && style.selected.is_none() {
            continue;
        }
        for &i in &order {
            let own = match selected(i) {
                Some(true) => Layer::Selected,
                _ if hidden(i) => Layer::Behind,
                _ if style.stands_out(cells, i) => Layer::Chosen,
                _ => Layer::Behind,
            };
            if own != layer {
                continue;
            }
            let (time, kind) = (cells.times[i] as usize, cells.cell_types[i] as usize);
            let loud = layer != Layer::Behind;
            let color = match style.color_by {
                _ if !loud && hidden(i) => None,
                ColorBy::Type if loud => style.types.get(kind).copied(),
                ColorBy::Type => None,
                ColorBy::Time => style.times.get(time).copied(),
                _ => style.shades.as_ref().and_then(|shades| shades.color(i)),
            };
            let other = style.focus.is_some_and(|focus| focus != kind);
            let alpha = match (loud, style.color_by) {
                (true, _) if other => 0.1,
                (true, _) if selected(i) == Some(false) => 0.16,
                (true, _) => 0.9,
                (false, _) if other || hidden(i) => 0.06,
                (false, ColorBy::Type) => 0.22,
                (false, _) if selected(i) == Some(false) => 0.1,
                (false, _) => 0.35,
            };
            let radius = if loud { style.radius } else { style.radius * 0.75 } as f32 * style.ink.size;
            draw(i, Dot { radius, color: color.unwrap_or(style.pale), alpha: alpha * style.ink.opacity });
        }
    }
}

/// What lies over what.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Layer {
    Behind,
    Chosen,
    Selected,
}

/// A name in the picture.
#[derive(Clone, Debug, PartialEq)]
pub struct Name {
    /// The type or time point.
    pub group: usize,
    /// Its middle, in pixels.
    pub at: [f64; 2],
    /// The text.
    pub text: String,
}

/// Where a group of cells is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Middle {
    /// The type or time point.
    pub group: usize,
    /// Number of its cells.
    pub cells: usize,
    /// Median position.
    pub at: [f64; 2],
}

/// Middles of `count` groups, most frequent first; groups that are too small to be named are left out.
///
/// `group`: which group a cell belongs to, if it is to be counted.
#[must_use]
pub fn middles(cells: &Cells, count: usize, group: impl Fn(usize) -> Option<usize>) -> Vec<Middle> {
    let mut members: Vec<Vec<[f32; 2]>> = vec![Vec::new(); count];
    for (i, point) in pairs(&cells.positions).iter().enumerate().filter(|(_, p)| p.iter().all(|c| c.is_finite())) {
        if let Some(members) = group(i).and_then(|g| members.get_mut(g)) {
            members.push(*point);
        }
    }
    let named = members.into_iter().enumerate().filter(|(_, members)| members.len() >= NAMED_CELLS);
    let middle = |(group, members): (usize, Vec<_>)| Some(Middle { group, cells: members.len(), at: median(members)? });
    let mut found: Vec<Middle> = named.filter_map(middle).collect();
    found.sort_by_key(|middle| std::cmp::Reverse(middle.cells));
    found
}

/// Names at [`middles`]; one that would cover another before it is left out.
///
/// `focus`: the only group that is named; `measure`: width of a text in pixels.
pub fn place_names(
    middles: &[Middle],
    all: &[&str],
    viewport: &Viewport,
    focus: Option<usize>,
    measure: impl Fn(&str) -> f64,
) -> Vec<Name> {
    let mut taken: Vec<[f64; 4]> = Vec::new();
    let mut found = Vec::new();
    for middle in middles.iter().filter(|middle| focus.is_none_or(|focus| focus == middle.group)) {
        let Some(name) = all.get(middle.group) else { continue };
        let text = shorten(name, 24);
        let at = viewport.project(middle.at);
        let half = measure(&text) / 2.0 + 3.0;
        let own = [at[0] - half, at[0] + half, at[1] - 9.0, at[1] + 9.0];
        let covers = |b: &[f64; 4]| own[0] < b[1] && own[1] > b[0] && own[2] < b[3] && own[3] > b[2];
        if !taken.iter().any(covers) {
            taken.push(own);
            found.push(Name { group: middle.group, at, text });
        }
    }
    found
}

/// [`place_names`] at the [`middles`] of the groups.
pub fn names(
    cells: &Cells,
    all: &[&str],
    viewport: &Viewport,
    focus: Option<usize>,
    group: impl Fn(usize) -> Option<usize>,
    measure: impl Fn(&str) -> f64,
) -> Vec<Name> {
    place_names(&middles(cells, all.len(), group), all, viewport, focus, measure)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figure::scatter::Bounds;

    /// Two types and two times in turn; each type at its own place.
    fn cells(count: u32) -> Cells {
        let kinds: Vec<u32> = (0..count).map(|i| i % 2).collect();
        Cells {
            positions: kinds.iter().flat_map(|&kind| [8.0 * kind as f32, 1.0]).collect::<Vec<_>>().into(),
            times: (0..count).map(|i| i / 2 % 2).collect::<Vec<_>>().into(),
            cell_types: kinds.into(),
            ..Cells::default()
        }
    }

    fn style(color_by: ColorBy, time: Option<usize>) -> Style {
        let [red, blue, pale] = [0xff_0000, 0x00_00ff, 0x80_8080].map(Rgb::new);
        let pair = vec![red, blue];
        Style {
            color_by,
            types: pair.clone(),
            times: pair,
            pale,
            time,
            sample: None,
            focus: None,
            hidden: Vec::new(),
            shades: None,
            selected: None,
            radius: 2.0,
            ink: Ink::default(),
        }
    }

    #[test]
    fn every_cell_has_a_dot_in_its_colour() {
        let cells = cells(100);
        for (color_by, time) in [(ColorBy::Type, None), (ColorBy::Type, Some(1)), (ColorBy::Time, Some(0))] {
            let style = style(color_by, time);
            let mut seen = Vec::new();
            dots(&cells, &style, |i, dot| seen.push((i, dot)));
            let loud = |i: usize| time.is_none_or(|t| t as u32 == cells.times[i]);
            for &(i, dot) in &seen {
                let expected = match color_by {
                    ColorBy::Type if loud(i) => style.types[cells.cell_types[i] as usize],
                    ColorBy::Type => style.pale,
                    _ => style.times[cells.times[i] as usize],
                };
                assert_eq!(dot.color, expected);
                assert_eq!(dot.radius == 2.0, loud(i));
            }
            assert!(seen.is_sorted_by_key(|&(i, _)| loud(i)), "cells that stand out are on top");
            let mut indices: Vec<usize> = seen.into_iter().map(|(i, _)| i).collect();
            indices.sort_unstable();
            assert!(indices.into_iter().eq(0..100));
        }
    }

    #[test]
    fn only_cells_of_the_chosen_sample_stand_out() {
        let cells = Cells { samples: (0..100).map(|i| i % 3).collect::<Vec<_>>().into(), ..cells(100) };
        let style = Style { sample: Some(2), ..style(ColorBy::Type, Some(1)) };
        dots(&cells, &style, |i, dot| assert_eq!(dot.radius == 2.0, cells.times[i] == 1 && cells.samples[i] == 2));
    }

    #[test]
    fn cells_of_hidden_types_are_a_pale_ground() {
        let cells = cells(100);
        let style = Style { hidden: vec![1], ..style(ColorBy::Type, Some(1)) };
        dots(&cells, &style, |i, dot| {
            let loud = cells.times[i] == 1 && cells.cell_types[i] == 0;
            assert_eq!((dot.radius == 2.0, dot.color == style.pale), (loud, !loud));
            assert!(loud || cells.cell_types[i] == 0 || dot.alpha < 0.1);
        });
    }

    #[test]
    fn values_colour_cells_and_the_selected_lie_on_top() {
        let cells = cells(100);
        let values = (0..100).map(|i| if i == 3 { f32::NAN } else { i as f32 }).collect();
        let shades = Shades::numbers("", values, false).unwrap();
        let selected: Vec<bool> = (0..100).map(|i| i % 10 == 0).collect();
        let style = Style {
            shades: Some(Arc::new(shades.clone())),
            selected: Some(Arc::new(selected.clone())),
            ..style(ColorBy::Gene(0), Some(1))
        };
        let mut seen = Vec::new();
        dots(&cells, &style, |i, dot| seen.push((i, dot)));
        assert!(seen.iter().all(|(i, dot)| dot.color == shades.color(*i).unwrap_or(style.pale)));
        assert_eq!(seen.len(), 100);
        assert!(seen[90..].iter().all(|(i, dot)| selected[*i] && dot.alpha > 0.5));
        assert!(seen[..90].iter().all(|(i, dot)| !selected[*i] && dot.alpha < 0.5));
    }

    #[test]
    fn names_stand_on_their_cells_and_not_on_each_other() {
        let cells = cells(100);
        let bounds = Bounds { low: [0.0, 0.0], high: [8.0, 2.0] };
        let viewport = Viewport::fit(bounds, [400.0, 100.0], 0.0);
        let kind = |i: usize| Some(cells.cell_types[i] as usize);
        let named = |measure: f64| names(&cells, &["left", "right"], &viewport, None, kind, |_| measure);
        let found = named(30.0);
        assert_eq!(found.iter().map(|n| (n.group, n.at)).collect::<Vec<_>>(), [(0, [0.0, 50.0]), (1, [400.0, 50.0])]);
        assert_eq!(named(500.0).len(), 1, "the second would cover the first");
        assert!(names(&cells, &["left", "right"], &viewport, None, |_| None, |_| 1.0).is_empty());
        let focused = names(&cells, &["left", "right"], &viewport, Some(1), kind, |_| 30.0);
        assert_eq!(focused.iter().map(|n| n.text.as_str()).collect::<Vec<_>>(), ["right"]);
    }
}
