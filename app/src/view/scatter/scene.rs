//! What is derived from the state for drawing.

use crate::{
    page,
    shown::{
        cells::{Heard, heard, selected},
        shades::shades,
        velocity,
    },
    signals::{Memo, RwSignal},
    state::{ColorBy, Flow, Population, State},
};
use scimf::figure::arrows::grid_options;
use scimf::figure::cells::{Middle, Style, middles};
use scimf::figure::contours::Contour;
use scimf::figure::field::{Arrow, Grid};
use scimf::figure::flow::LINE_SPACING;
use scimf::figure::palette::{Rgb, times};
use scimf::figure::scatter::{Bounds, Viewport, pairs};
use scimf::figure::shades::Shades;
use scimf::figure::streamlines::{self, Line};
use scimf::figure::theme::Theme;
use scimf::protocol::LeastActionPath;
use std::sync::Arc;

/// Space around all cells, in pixels.
pub const PADDING: f64 = 28.0;
/// Everything that is drawn; cheap to copy.
#[derive(Clone, Copy)]
pub struct Scene {
    pub state: State,
    /// The population whose cells stand out.
    pub population: Memo<Population>,
    pub size: RwSignal<[f64; 2]>,
    pub bounds: Memo<Bounds>,
    pub viewport: Memo<Viewport>,
    /// Velocity of the chosen time point; empty while there is none.
    pub grid: Memo<Arc<Grid>>,
    pub arrows: Memo<Arc<Vec<Arrow>>>,
    /// Only while they are shown.
    pub lines: Memo<Arc<Vec<Line>>>,
    /// Lines around the densest places, while they are shown.
    pub density: Memo<Arc<Vec<Contour>>>,
    /// Where the types of the chosen time point are.
    pub middles: Memo<Arc<Vec<Middle>>>,
    /// Colours by value, if they are wanted and there.
    pub shades: Memo<Option<Arc<Shades>>>,
    /// Which cells are selected; none without a selection.
    pub selected: Memo<Option<Arc<Vec<bool>>>>,
    pub heard: Memo<Option<Arc<Heard>>>,
    /// The path between two groups of cells, if it is drawn.
    pub path: Memo<Option<Arc<LeastActionPath>>>,
    pub type_colors: Memo<Vec<Rgb>>,
    pub time_colors: Memo<Vec<Rgb>>,
    /// Number of cells of each type at the chosen time.
    pub counts: Memo<Vec<usize>>,
    /// The cell under the pointer or the crosshair.
    pub hovered: RwSignal<Option<usize>>,
    /// The arrow keys move from cell to cell.
    pub crosshair: RwSignal<bool>,
    /// The line that is being drawn, in the coordinates of the data.
    pub lasso: RwSignal<Vec<[f64; 2]>>,
}

impl Scene {
    /// Derives everything from the state, the size of the plot and what the user moved.
    pub fn new(state: State, size: RwSignal<[f64; 2]>) -> Self {
        let chosen =
            move |_: Option<&Population>| Population { time: state.time.get(), sample: state.samples.chosen.get() };
        Self::of(state, size, Memo::new(chosen))
    }

    /// The same with the cells of any population standing out.
    pub fn of(state: State, size: RwSignal<[f64; 2]>, population: Memo<Population>) -> Self {
        let bounds = Memo::new(move |_| {
            state.dataset.with(|d| Bounds::around(d.as_ref().map_or(&[], |d| pairs(&d.cells.positions)), 0.01))
        });
        let viewport = Memo::new(move |_| {
            let (size, bounds) = (size.get(), bounds.get());
            let whole = Viewport::fit(bounds, size, PADDING);
            state
                .cells
                .camera
                .get()
                .filter(|camera| camera.bounds == bounds)
                .map_or(whole, |camera| camera.viewport(whole))
        });
        let grid = grid(state, size, bounds);
        let arrows = Memo::new(move |_| Arc::new(grid.with(|grid| grid.arrows())));
        let lines = Memo::new(move |_| {
            if shown(state) != Flow::Lines {
                return Arc::default();
            }
            let separation = LINE_SPACING / Viewport::fit(bounds.get(), size.get(), PADDING).scale;
            Arc::new(grid.with(|grid| streamlines::lines(grid, separation)))
        });
        let type_colors = Memo::new(move |_| state.type_colors());
        let time_colors = Memo::new(move |_| {
            times(state.dataset.with(|d| d.as_ref().map_or(0, |d| d.summary.time_points.len())), state.dark.get())
        });
        Self {
            state,
            population,
            size,
            bounds,
            viewport,
            grid,
            arrows,
            lines,
            middles: type_middles(state, population),
            density: density(state),
            shades: Memo::new(move |_| shades(state).map(Arc::new)),
            selected: Memo::new(move |_| selected(state).map(Arc::new)),
            heard: Memo::new(move |_| heard(state).map(Arc::new)),
            path: Memo::new(move |_| state.drawn_path()),
            type_colors,
            time_colors,
            counts: Memo::new(move |_| counts(state, population.get())),
            hovered: RwSignal::new(None),
            crosshair: RwSignal::new(false),
            lasso: RwSignal::default(),
        }
    }

    /// The viewport that shows everything.
    pub fn whole(&self) -> Viewport {
        Viewport::fit(self.bounds.get_untracked(), self.viewport.get_untracked().size, PADDING)
    }

    /// How the cells look, with dots of radius 1.
    pub fn style(&self) -> Style {
        let state = self.state;
        Style {
            color_by: state.color_by.get_untracked(),
            types: self.type_colors.get_untracked(),
            times: self.time_colors.get_untracked(),
            pale: Theme::new(state.dark.get_untracked()).pale,
            time: Some(self.population.get_untracked().time),
            sample: self.population.get_untracked().sample,
            focus: state.focused_type.get_untracked(),
            hidden: state.attention.hidden.get_untracked(),
            shades: self.shades.get_untracked(),
            selected: self.selected.get_untracked(),
            radius: 1.0,
            ink: state.cells.ink.get_untracked(),
        }
    }

    /// Follows what [`Self::style`] is made of. Memos are read, not only tracked: one that was never read does not follow its sources.
    pub fn track_style(&self) {
        self.type_colors.with(|_| ());
        self.time_colors.with(|_| ());
        self.shades.with(|_| ());
        self.selected.with(|_| ());
        self.state.dataset.track();
        self.population.with(|_| ());
        self.state.color_by.track();
        self.state.focused_type.track();
        self.state.attention.hidden.track();
        self.state.dark.track();
        self.state.cells.ink.track();
    }
}

/// How the velocity is drawn: particles stand still for those who want less motion.
pub fn shown(state: State) -> Flow {
    match state.cells.flow.get() {
        Flow::Particles if page::reduced_motion() => Flow::Lines,
        flow => flow,
    }
}

fn grid(state: State, size: RwSignal<[f64; 2]>, bounds: Memo<Bounds>) -> Memo<Arc<Grid>> {
    let options = Memo::new(move |_| {
        let bounds = bounds.get();
        grid_options(bounds, &Viewport::fit(bounds, size.get(), PADDING))
    });
    Memo::new(move |_| {
        let grid = || {
            let (dataset, velocity) = (state.dataset.get()?, velocity::drawn(state)?);
            let current = velocity.query.time == state.time.get() && velocity.query.space == state.space.get();
            let all = pairs(&dataset.cells.positions);
            let at: Option<Vec<[f32; 2]>> = velocity.cells.iter().map(|&i| all.get(i as usize).copied()).collect();
            let (at, vectors) = (at?, pairs(&velocity.vectors));
            (current && at.len() == vectors.len()).then(|| Grid::new(&at, vectors, bounds.get(), &options.get()))
        };
        Arc::new(grid().unwrap_or_default())
    })
}

fn density(state: State) -> Memo<Arc<Vec<Contour>>> {
    Memo::new(move |_| {
        let (ink, time, sample) = (state.cells.ink.get(), state.time.get(), state.samples.chosen.get());
        state.dataset.with(|dataset| {
            let Some(dataset) = dataset.as_ref().filter(|_| ink.contours) else { return Arc::default() };
            let style = Style { ink, sample, ..Style::new(&dataset.summary, ColorBy::Type, Some(time), false) };
            Arc::new(style.density(&dataset.cells))
        })
    })
}

fn type_middles(state: State, population: Memo<Population>) -> Memo<Arc<Vec<Middle>>> {
    Memo::new(move |_| {
        let in_question = population.get().holds();
        state.dataset.with(|dataset| {
            let Some(dataset) = dataset else { return Arc::default() };
            let cells = &dataset.cells;
            let hidden = state.attention.hidden.get();
            let kind = |i: usize| {
                let kind = in_question(cells, i).then(|| cells.cell_types.get(i).map(|&kind| kind as usize))?;
                kind.filter(|kind| !hidden.contains(kind))
            };
            Arc::new(middles(cells, dataset.summary.cell_types.len(), kind))
        })
    })
}

fn counts(state: State, population: Population) -> Vec<usize> {
    let in_question = population.holds();
    state.dataset.with(|dataset| {
        let Some(dataset) = dataset else { return Vec::new() };
        let mut counts = vec![0; dataset.summary.cell_types.len()];
        let cells = &dataset.cells;
        for (_, &kind) in cells.cell_types.iter().enumerate().filter(|(i, _)| in_question(cells, *i)) {
            if let Some(count) = counts.get_mut(kind as usize) {
                *count += 1;
            }
        }
        counts
    })
}
