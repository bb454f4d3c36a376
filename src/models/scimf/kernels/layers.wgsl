// Layers and norms of a block of cells, whose columns are in the pool.

const NO_BIAS = 0xffffffffu;

fn put_column(place: u32, c: u32, rows: Rows) {
    for (var v = 0u; v < V; v++) { pool[place + c * V + v] = rows[v]; }
}

fn scratch_or_zero(matrix: u32, width: u32, row: u32, c: u32) -> f32 {
    if row < N { return scratch[matrix + row * width + c]; }
    return 0.0;
}

// The block's rows of a [N, width] matrix into the pool. The caller waits.
fn load(place: u32, matrix: u32, width: u32, first: u32, t: u32) {
    for (var i = t; i < width * V; i += 256) {
        let c = i % width;
        let v = i / width;
        let row = first + 4 * v;
        pool[place + c * V + v] = vec4f(scratch_or_zero(matrix, width, row, c), scratch_or_zero(matrix, width, row + 1, c),
            scratch_or_zero(matrix, width, row + 2, c), scratch_or_zero(matrix, width, row + 3, c));
    }
}

// Columns of the pool to the block's rows of a [N, width] matrix.
fn store(place: u32, matrix: u32, width: u32, first: u32, t: u32) {
    for (var i = t; i < width * V; i += 256) {
        let c = i % width;
        let v = i / width;
        let values = pool[place + c * V + v];
        for (var lane = 0u; lane < 4; lane++) {
            let row = first + 4 * v + lane;
            if row < N { scratch[matrix + row * width + c] = values[lane]; }
        }
    }
}

// The same to a [D, N] matrix, which threads that walk over cells read side by side.
fn store_across(place: u32, matrix: u32, first: u32, t: u32) {
    for (var i = t; i < D * V; i += 256) {
        let values = pool[place + i];
        for (var lane = 0u; lane < 4; lane++) {
            let row = first + 4 * (i % V) + lane;
            if row < N { scratch[matrix + (i / V) * N + row] = values[lane]; }
        }
    }
}

fn position(row: u32, c: u32) -> f32 {
    if row < N { return state[row * (D + 1) + c]; }
    return 0.0;
}

// Positions out of the state [N, D + 1] into the pool. The caller waits.
fn load_positions(place: u32, first: u32, t: u32) {
    for (var i = t; i < D * V; i += 256) {
        let row = first + 4 * (i / D);
        let c = i % D;
        pool[place + c * V + i / D] = vec4f(position(row, c), position(row + 1, c), position(row + 2, c), position(row + 3, c));
    }
}

// A linear layer; its weights are [inputs, outputs]. Threads left over by a narrow output share its sums. Waits at the end.
fn linear(place: u32, inputs: u32, to: u32, outputs: u32, weight: u32, bias: u32, t: u32) {
    let across = min(outputs, 256u);
    let shares = 256u / across;
    let share = (inputs + shares - 1) / shares;
    let s = t / across;
    for (var o0 = 0u; o0 < outputs; o0 += 256) {
        let o = o0 + t % across;
        var sum = Rows();
        if s < shares && o < outputs {
            // one share for all threads is one walk for all of them
            var k = 0u;
            var end = inputs;
            if shares > 1 {
                k = s * share;
                end = min(inputs, k + share);
            }
            for (; k < end; k++) {
                let w = weights[weight + k * outputs + o];
                for (var v = 0u; v < V; v++) { sum[v] += pool[place + k * V + v] * w; }
            }
        }
        if shares > 1 {
            put_part(t, sum);
            workgroupBarrier();
            if t < outputs {
                for (var i = 1u; i < shares; i++) {
                    for (var v = 0u; v < V; v++) { sum[v] += part[(i * across + t) * V + v]; }
                }
            }
        }
        if s == 0 && o < outputs {
            if bias != NO_BIAS {
                for (var v = 0u; v < V; v++) { sum[v] += weights[bias + o]; }
            }
            put_column(to, o, sum);
        }
    }
    workgroupBarrier();
}

// LeakyReLU in place, kept for the way back. Waits before it keeps.
fn leaky(place: u32, width: u32, kept: u32, first: u32, t: u32) {
    for (var i = t; i < width * V; i += 256) {
        let x = pool[place + i];
        pool[place + i] = select(x * SLOPE, x, x > vec4f(0));
    }
    workgroupBarrier();
    if KEEP { store(place, kept, width, first, t); }
}

// From the gradient after a LeakyReLU, whose result was kept, to that before it, in place, and stored for the weights. Waits at the end.
fn leaky_back(place: u32, width: u32, kept: u32, to: u32, first: u32, t: u32) {
    for (var i = t; i < width * V; i += 256) {
        let c = i % width;
        let v = i / width;
        var gradient = pool[place + c * V + v];
        for (var lane = 0u; lane < 4; lane++) {
            let row = first + 4 * v + lane;
            if row < N {
                let at = row * width + c;
                if scratch[kept + at] <= 0 { gradient[lane] *= SLOPE; }
                scratch[to + at] = gradient[lane];
            }
        }
        pool[place + c * V + v] = gradient;
    }
    workgroupBarrier();
}

struct Moments { mean: Rows, inverse: Rows }

// Mean and inverse standard deviation of each cell's D columns. Waits at the end.
fn moments(place: u32) -> Moments {
    var m: Moments;
    for (var c = 0u; c < D; c++) {
        for (var v = 0u; v < V; v++) { m.mean[v] += pool[place + c * V + v]; }
    }
    for (var v = 0u; v < V; v++) { m.mean[v] /= f32(D); }
    for (var c = 0u; c < D; c++) {
        for (var v = 0u; v < V; v++) {
            let off = pool[place + c * V + v] - m.mean[v];
            m.inverse[v] += off * off;
        }
    }
    for (var v = 0u; v < V; v++) { m.inverse[v] = inverseSqrt(m.inverse[v] / f32(D) + EPSILON); }
    workgroupBarrier();
    return m;
}

// (x - mean) / deviation in place. Waits at the end.
fn standardise(place: u32, m: Moments, t: u32) {
    for (var i = t; i < D * V; i += 256) { pool[place + i] = (pool[place + i] - m.mean[i % V]) * m.inverse[i % V]; }
    workgroupBarrier();
}

// gamma x + beta of standardised columns; beta follows gamma. Waits at the end.
fn scale_and_shift(place: u32, to: u32, gamma: u32, t: u32) {
    for (var i = t; i < D * V; i += 256) { pool[to + i] = pool[place + i] * weights[gamma + i / V] + weights[gamma + D + i / V]; }
    workgroupBarrier();
}

// Adds to `to` the gradient before a LayerNorm, from that after it at `place`. Waits at the end.
fn norm_back(place: u32, standard: u32, gamma: u32, m: Moments, to: u32, t: u32) {
    var mean = Rows();
    var slope = Rows();
    for (var c = 0u; c < D; c++) {
        for (var v = 0u; v < V; v++) {
            let g = pool[place + c * V + v] * weights[gamma + c];
            mean[v] += g;
            slope[v] += g * pool[standard + c * V + v];
        }
    }
    for (var i = t; i < D * V; i += 256) {
        let v = i % V;
        let g = pool[place + i] * weights[gamma + i / V];
        pool[to + i] += m.inverse[v] * (g - mean[v] / f32(D) - pool[standard + i] * (slope[v] / f32(D)));
    }
    workgroupBarrier();
}
