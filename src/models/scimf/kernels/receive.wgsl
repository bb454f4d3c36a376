// The way back through a step of a block of cells, as far as it is theirs alone: their drift, and what they attended to.

fn adjoint_of(row: u32, c: u32) -> f32 {
    if row < N { return adjoint[row * (D + 1) + c]; }
    return 0.0;
}

fn adjoints(row: u32, c: u32) -> vec4f {
    return vec4f(adjoint_of(row, c), adjoint_of(row + 1, c), adjoint_of(row + 2, c), adjoint_of(row + 3, c));
}

@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) t: u32) {
    let first = group.x * ROWS;
    let m = drift(first, t);
    // next = x + f dt and action + |f|^2 dt
    for (var i = t; i < D * V; i += 256) {
        let row = first + 4 * (i % V);
        pool[AT_F + i] = DT * (adjoints(row, i / V) + 2 * adjoints(row, D) * pool[AT_F + i]);
    }
    workgroupBarrier();
    store(AT_F, DRIFT_BACK, D, first, t);

    linear(AT_F, D, AT_A, HIDDEN, LINEAR_ACROSS, NO_BIAS, t);
    leaky_back(AT_A, HIDDEN, HIDDEN2, HIDDEN2_BACK, first, t);
    linear(AT_A, HIDDEN, AT_B, HIDDEN, LINEAR2_ACROSS, NO_BIAS, t);
    leaky_back(AT_B, HIDDEN, HIDDEN1, HIDDEN1_BACK, first, t);
    linear(AT_B, HIDDEN, AT_A, D, LINEAR1_ACROSS, NO_BIAS, t);
    for (var i = t; i < D * V; i += 256) { pool[AT_A + i] += adjoints(first + 4 * (i % V), i / V); }
    workgroupBarrier();
    finish(m, first, t);
}
