// Softmins between clouds, from their points alone: a workgroup takes a block of rows and streams over all columns.

// Points of the first and of the second cloud; none of the second where one is compared with itself.
fn points_of(cloud: u32) -> u32 { return sizes[cloud].x; }

// Epsilon; whether there is a potential yet; whether the softmin is averaged with the potential before.
struct Setting { epsilon: f32, potential: f32, average: f32 }

// Rows `begin + first ..` of the points, of which the cloud has `rows`, against the `columns` points from `column` on, whose potential
// is at `heard`; the rows' own is at `own`.
struct Problem { begin: u32, first: u32, rows: u32, column: u32, columns: u32, heard: u32, own: u32 }

// Workgroups for the rows of the first cloud against the second, and of the second against the first. What comes after them is for the rows of the
// first against itself.
fn blocks() -> vec2u {
    let n = points_of(0);
    let m = points_of(1);
    return vec2u(select((n + ROWS - 1) / ROWS, 0, m == 0), (m + ROWS - 1) / ROWS);
}

fn problem(group: u32) -> Problem {
    let n = points_of(0);
    let m = points_of(1);
    let first = blocks().x;
    let both = first + blocks().y;
    if group < first { return Problem(0, group * ROWS, n, n, m, n, 0); }
    if group < both { return Problem(n, (group - first) * ROWS, m, 0, n, 0, n); }
    return Problem(0, (group - both) * ROWS, n, 0, n, n + m, n + m);
}

fn coordinate(p: Problem, row: u32, c: u32) -> f32 {
    if row < p.rows { return across[c * (points_of(0) + points_of(1)) + p.begin + row]; }
    return 0.0;
}

// The rows' points into the pool. Waits at the end.
fn load_rows(p: Problem, t: u32) {
    for (var i = t; i < D * V; i += 256) {
        let row = p.first + 4 * (i % V);
        let c = i / V;
        pool[i] = vec4f(coordinate(p, row, c), coordinate(p, row + 1, c), coordinate(p, row + 2, c), coordinate(p, row + 3, c));
    }
    workgroupBarrier();
}

// h_j - |x_i - y_j|^2 / 2 eps of all rows with column j.
fn exponents(p: Problem, s: Setting, j: u32) -> Rows {
    let all = points_of(0) + points_of(1);
    var squares = Rows();
    for (var c = 0u; c < D; c++) {
        let y = across[c * all + p.column + j];
        for (var v = 0u; v < V; v++) {
            let off = pool[c * V + v] - y;
            squares[v] += off * off;
        }
    }
    var h = -log(f32(p.columns));
    if s.potential > 0 { h += before[p.heard + j] / s.epsilon; }
    for (var v = 0u; v < V; v++) { squares[v] = h - squares[v] * (0.5 / s.epsilon); }
    return squares;
}

// The largest exponent of each row, and the sum of exp(exponent - largest).
struct Sums { most: Rows, sum: Rows }

fn sums(p: Problem, s: Setting, t: u32) -> Sums {
    var most: Rows;
    var sum = Rows();
    for (var v = 0u; v < V; v++) { most[v] = vec4f(-1e30); }
    for (var j = t; j < p.columns; j += 256) {
        let e = exponents(p, s, j);
        for (var v = 0u; v < V; v++) {
            let higher = max(most[v], e[v]);
            sum[v] = sum[v] * exp(most[v] - higher) + exp(e[v] - higher);
            most[v] = higher;
        }
    }
    let highest = most_of_threads(most, t);
    for (var v = 0u; v < V; v++) { sum[v] *= exp(most[v] - highest[v]); }
    return Sums(highest, sum_of_threads(sum, t));
}

// -eps log sum_j exp(h_j - C_ij / eps)
fn softmin(x: Sums, s: Setting, row: u32) -> f32 {
    return -s.epsilon * (log(x.sum[row / 4][row % 4]) + x.most[row / 4][row % 4]);
}
