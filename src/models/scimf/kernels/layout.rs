//! Sizes of a population, where its kernels find what, and their sources.

use super::super::ScImf;
use super::packed::Packed;
use crate::kernel::{Gpu, MOST_GROUPS, ROWS, THREADS, bindings};
use crate::models::SLOPE;

/// Bytes of a vector of four cells.
const VECTOR: usize = 16;

/// Sizes of a population, and the block of cells that a workgroup takes.
pub struct Layout {
    pub cells: usize,
    pub heads: usize,
    dimensions: usize,
    hidden: usize,
    /// Width of the response's hidden layer; 0 without interaction.
    wide: usize,
    dropout: Option<f32>,
    sigma: f32,
    /// Vectors of four cells in a block.
    vectors: usize,
}

/// The kernels of a population, or their sources. Without interaction some are not needed.
pub struct Sources<T> {
    /// Queries, keys and values.
    pub project: Option<T>,
    /// Attention, response, intrinsic drift, and the step.
    pub step: T,
    /// As `project`, keeping what the way back needs.
    pub project_again: Option<T>,
    /// Back through everything but what the cells sent.
    pub receive: T,
    /// Back through what the cells sent.
    pub send: Option<T>,
    /// The gradients of the weights.
    pub weigh: T,
}

impl<T> Sources<T> {
    /// Each of them changed.
    pub fn map<U>(self, change: impl Fn(T) -> U) -> Sources<U> {
        Sources {
            project: self.project.map(&change),
            step: change(self.step),
            project_again: self.project_again.map(&change),
            receive: change(self.receive),
            send: self.send.map(&change),
            weigh: change(self.weigh),
        }
    }
}

impl Layout {
    /// The layout of `cells` cells; the one place that says which shapes have kernels: at most one block of interaction, heads of at most
    /// [`THREADS`] dimensions, and columns that a workgroup's memory holds.
    pub fn new(model: &ScImf, cells: usize, drops: bool, gpu: &Gpu) -> Option<Self> {
        let config = &model.config;
        let blocks = if cells < 2 { &[] } else { &model.network.interaction[..] };
        let wide = match blocks {
            [] => 0,
            [block] => block.fc1.weight.val().dims()[1],
            _ => return None,
        };
        let mut layout = Self {
            cells,
            heads: config.heads,
            dimensions: config.dimensions,
            hidden: config.hidden,
            wide,
            dropout: (drops && wide > 0).then_some(config.dropout),
            sigma: config.sigma,
            vectors: 2,
        };
        let largest = gpu.largest_buffer().min(128 << 20) as usize;
        let fits = |layout: &Self| layout.shared_bytes() <= gpu.shared_bytes() && layout.groups() <= MOST_GROUPS;
        if config.dimensions / config.heads > THREADS || layout.scratch_len() * size_of::<f32>() > largest {
            return None;
        }
        if !fits(&layout) {
            layout.vectors = 1;
        }
        fits(&layout).then_some(layout)
    }

    pub fn interacts(&self) -> bool {
        self.wide > 0
    }

    pub fn drops(&self) -> bool {
        self.dropout.is_some()
    }

    pub fn state_shape(&self) -> [usize; 2] {
        [self.cells, self.dimensions + 1]
    }

    pub fn state_len(&self) -> usize {
        self.cells * (self.dimensions + 1)
    }

    /// Workgroups of the kernels that take a block of cells each.
    pub fn groups(&self) -> usize {
        self.cells.div_ceil(4 * self.vectors)
    }

    /// Numbers of the scratch memory.
    pub fn scratch_len(&self) -> usize {
        self.matrices().iter().map(|(_, width)| width * self.cells).sum()
    }

    /// The matrices of the scratch memory, `[n, width]` or across `[width, n]`.
    fn matrices(&self) -> Vec<(&'static str, usize)> {
        let Self { dimensions: d, hidden, wide, heads, .. } = *self;
        let mut matrices: Vec<_> =
            [("HIDDEN1", hidden), ("HIDDEN2", hidden), ("HIDDEN1_BACK", hidden), ("HIDDEN2_BACK", hidden)]
                .into_iter()
                .chain(["X", "DRIFT_BACK"].map(|name| (name, d)))
                .collect();
        if self.interacts() {
            matrices.extend([
                ("WIDE1", wide),
                ("WIDE1_BACK", wide),
                ("PEAK", heads),
                ("TOTAL", heads),
                ("DELTA", heads),
            ]);
            let as_wide_as_a_cell = [
                "X_STANDARD",
                "LISTENING",
                "SPEAKING",
                "Q",
                "Q_ACROSS",
                "K",
                "K_ACROSS",
                "VALUES",
                "VALUES_ACROSS",
                "Y_STANDARD",
                "RESPONDING",
                "OWN_BACK",
                "RESPONDING_BACK",
                "Y_BACK",
                "Y_BACK_ACROSS",
                "Q_BACK",
                "K_BACK",
                "VALUES_BACK",
                "LISTENING_BACK",
                "SPEAKING_BACK",
            ];
            matrices.extend(as_wide_as_a_cell.map(|name| (name, d)));
        }
        matrices
    }

    /// Places in a workgroup's pool by kernel, in columns.
    fn pool(&self, kernel: &str) -> Vec<(&'static str, usize)> {
        let d = self.dimensions;
        let widest = self.hidden.max(self.wide).max(d);
        match kernel {
            "project" => vec![("AT_X", d), ("AT_U", d), ("AT_OUT", d)],
            "send" => {
                ["AT_K", "AT_VALUES", "AT_K_BACK", "AT_VALUES_BACK", "AT_U", "AT_OUT"].map(|name| (name, d)).to_vec()
            }
            _ if self.interacts() => vec![("AT_Q", d), ("AT_Y", d), ("AT_F", d), ("AT_A", widest), ("AT_B", widest)],
            _ => vec![("AT_F", d), ("AT_A", widest), ("AT_B", widest)],
        }
    }

    /// Columns that the threads hand each other, by kernel.
    fn parts(kernel: &str) -> usize {
        if kernel == "send" { 2 * THREADS } else { THREADS }
    }

    /// The most that a workgroup of any kernel shares.
    fn shared_bytes(&self) -> usize {
        let peaks = 2 * self.heads;
        let columns =
            |kernel| self.pool(kernel).iter().map(|(_, width)| width).sum::<usize>() + Self::parts(kernel) + peaks;
        ["project", "receive", "send"].map(columns).into_iter().max().unwrap_or(0) * self.vectors * VECTOR
    }

    /// Sources of the kernels for steps of `dt`.
    pub fn sources(&self, packed: &Packed, dt: f64) -> Sources<String> {
        const PROJECT: &str = include_str!("project.wgsl");
        const TILES: &str = include_str!("tiles.wgsl");
        const ATTEND: &str = include_str!("attend.wgsl");
        const RESPOND: &str = include_str!("respond.wgsl");
        const DRIFT: &str = include_str!("drift.wgsl");
        const ALONE: &str = include_str!("alone.wgsl");
        const STEP: &str = include_str!("step.wgsl");
        const RECEIVE: &str = include_str!("receive.wgsl");
        const ATTENDED: &str = include_str!("receive_attended.wgsl");
        const UNATTENDED: &str = include_str!("receive_alone.wgsl");
        const SEND: &str = include_str!("send.wgsl");
        let state = &["scratch", "weights", "state"][..];
        let there = &["scratch", "weights", "state", "noise", "next"][..];
        let back = &["scratch", "weights", "state", "adjoint", "before"][..];
        let weigh = self.weigh(packed);
        let step = format!("const DT = f32({dt:?});\n");
        let source = |kernel: &str, keep, buffers: &[&str], parts: &[&str]| {
            step.clone() + &self.source(kernel, packed, keep, buffers, parts)
        };
        if !self.interacts() {
            return Sources {
                project: None,
                step: source("step", false, there, &[ALONE, DRIFT, STEP]),
                project_again: None,
                receive: source("receive", true, back, &[ALONE, DRIFT, RECEIVE, UNATTENDED]),
                send: None,
                weigh,
            };
        }
        Sources {
            project: Some(source("project", false, state, &[PROJECT])),
            step: source("step", false, there, &[TILES, ATTEND, RESPOND, DRIFT, STEP]),
            project_again: Some(source("project", true, state, &[PROJECT])),
            receive: source("receive", true, &back[..4], &[TILES, ATTEND, RESPOND, DRIFT, RECEIVE, ATTENDED]),
            send: Some(source("send", true, back, &[TILES, SEND])),
            weigh,
        }
    }

    fn source(&self, kernel: &str, packed: &Packed, keep: bool, buffers: &[&str], parts: &[&str]) -> String {
        let mut buffers: Vec<_> = buffers.iter().map(|name| (*name, "f32")).collect();
        if self.drops() && kernel != "project" {
            buffers.push(("mask", "u32"));
        }
        let v = self.vectors;
        let mut place = 0;
        let mut pool = String::new();
        for (name, width) in self.pool(kernel) {
            pool += &format!("const {name} = {place}u;\n");
            place += width * v;
        }
        let head = [
            self.constants(),
            packed.places.iter().map(|(name, place)| format!("const {name} = {place}u;\n")).collect(),
            bindings(&buffers),
            format!("{pool}const POOL = {place}u;\nconst PART = {}u;\nconst KEEP = {keep};\n", Self::parts(kernel) * v),
            self.kept(kernel),
            ROWS.into(),
            include_str!("layers.wgsl").into(),
        ];
        head.concat() + &parts.concat()
    }

    fn constants(&self) -> String {
        let v = self.vectors;
        let mut place = 0;
        let mut constants = String::new();
        for (name, width) in self.matrices() {
            constants += &format!("const {name} = {place}u;\n");
            place += width * self.cells;
        }
        let whole = [
            ("N", self.cells),
            ("D", self.dimensions),
            ("HIDDEN", self.hidden),
            ("WIDE", self.wide),
            ("HEADS", self.heads),
            ("HEAD", self.dimensions / self.heads),
            ("V", v),
            ("ROWS", 4 * v),
            ("PEAKS", self.heads * v),
        ];
        let real = [("SIGMA", f64::from(self.sigma)), ("SLOPE", SLOPE), ("EPSILON", 1e-5)];
        whole.iter().for_each(|(name, value)| constants += &format!("const {name} = {value}u;\n"));
        real.iter().for_each(|(name, value)| constants += &format!("const {name} = f32({value:?});\n"));
        constants
    }

    /// What dropout makes of the weights of a block of receivers to one sender, or of one receiver to a block of senders.
    fn kept(&self, kernel: &str) -> String {
        let everything = "var keep: Rows;\n    for (var v = 0u; v < V; v++) { keep[v] = vec4f(1); }\n    return keep;";
        let (receivers, senders) = match self.dropout {
            None => (everything.to_string(), everything.to_string()),
            Some(rate) => {
                let kept = 1.0 / (1.0 - rate);
                let word = |i: &str, j: &str| {
                    format!("mask[(h * {}u + {i} / 32) * N + {j}] >> ({i} % 32)", self.cells.div_ceil(32))
                };
                (
                    format!(
                        "let word = {};\n    var keep: Rows;\n    for (var v = 0u; v < V; v++) {{ keep[v] = vec4f((vec4u(word) >> (LANES + 4 * v)) & vec4u(1)) * {kept:?}; }}\n    return keep;",
                        word("first", "j")
                    ),
                    format!(
                        "var keep: Rows;\n    for (var j = 0u; j < ROWS; j++) {{\n        if first + j < N {{ keep[j / 4][j % 4] = f32(({}) & 1) * {kept:?}; }}\n    }}\n    return keep;",
                        word("i", "(first + j)")
                    ),
                )
            }
        };
        match kernel {
            "send" => format!("fn kept_from(h: u32, i: u32, first: u32) -> Rows {{\n    {senders}\n}}\n"),
            "project" => String::new(),
            _ => format!("fn kept(h: u32, first: u32, j: u32) -> Rows {{\n    {receivers}\n}}\n"),
        }
    }

    /// Each layer's inputs, their width, the gradient after it, its width, and its name.
    fn layers(&self) -> Vec<(&'static str, usize, &'static str, usize, &'static str)> {
        let Self { dimensions: d, hidden, wide, .. } = *self;
        let mut layers = vec![
            ("X", d, "HIDDEN1_BACK", hidden, "LINEAR1"),
            ("HIDDEN1", hidden, "HIDDEN2_BACK", hidden, "LINEAR2"),
            ("HIDDEN2", hidden, "DRIFT_BACK", d, "LINEAR"),
        ];
        if self.interacts() {
            layers.extend([
                ("LISTENING", d, "Q_BACK", d, "QUERY"),
                ("LISTENING", d, "K_BACK", d, "KEY"),
                ("SPEAKING", d, "VALUES_BACK", d, "VALUE"),
                ("RESPONDING", d, "WIDE1_BACK", wide, "FC1"),
                ("WIDE1", wide, "DRIFT_BACK", d, "FC2"),
            ]);
        }
        layers
    }

    /// Standardised inputs of each norm, the gradient after it, and its name.
    fn norms(&self) -> &[(&'static str, &'static str, &'static str)] {
        let norms = &[
            ("X_STANDARD", "LISTENING_BACK", "NORM1"),
            ("X_STANDARD", "SPEAKING_BACK", "NORM_VALUE"),
            ("Y_STANDARD", "RESPONDING_BACK", "NORM2"),
        ];
        if self.interacts() { norms } else { &[] }
    }

    /// Source of the kernel that collects the weights' gradients, with its tables.
    fn weigh(&self, packed: &Packed) -> String {
        let (tiles, firsts) = self.tiles(packed);
        let mut layers = String::new();
        for ((input, k, back, o, name), first) in self.layers().into_iter().zip(&firsts).rev() {
            let bias = u32::from(has_bias(packed, name));
            layers += &format!(
                "    if tile >= {first} {{ return Layer({input}, {k}, {back}, {o}, {name}, {bias}, {first}); }}\n"
            );
        }
        let mut norms = String::new();
        for (index, (standard, back, name)) in self.norms().iter().enumerate() {
            norms += &format!("    if norm == {index} {{ return Norm({standard}, {back}, {name}); }}\n");
        }
        let tables = format!(
            "const TILES = {tiles}u;\nfn layer_of(tile: u32) -> Layer {{\n{layers}    return Layer();\n}}\nfn norm_of(norm: u32) -> Norm {{\n{norms}    return Norm();\n}}\n"
        );
        let names: String = packed.places.iter().map(|(name, place)| format!("const {name} = {place}u;\n")).collect();
        let buffers = bindings(&[("scratch", "f32"), ("gradients", "f32")]);
        [&self.constants(), &names, &buffers, &tables, include_str!("weigh.wgsl")].concat()
    }

    /// Number of 32 x 32 tiles of all layers, and of each layer the first.
    fn tiles(&self, packed: &Packed) -> (usize, Vec<usize>) {
        let mut tiles = 0;
        let firsts = self.layers().into_iter().map(|(_, k, _, o, name)| {
            let first = tiles;
            tiles += (k + usize::from(has_bias(packed, name))).div_ceil(32) * o.div_ceil(32);
            first
        });
        let firsts = firsts.collect();
        (tiles, firsts)
    }

    /// Workgroups of the kernel that collects the weights' gradients.
    pub fn weigh_groups(&self, packed: &Packed) -> usize {
        self.tiles(packed).0 + self.norms().len() * self.dimensions.div_ceil(32)
    }
}

fn has_bias(packed: &Packed, layer: &str) -> bool {
    let bias = format!("{layer}_BIAS");
    packed.places.iter().any(|(name, _)| *name == bias)
}
