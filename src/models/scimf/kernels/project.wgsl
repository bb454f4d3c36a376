// Queries, keys and values of a block of cells.
@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) t: u32) {
    let first = group.x * ROWS;
    load_positions(AT_X, first, t);
    workgroupBarrier();
    if KEEP { store(AT_X, X, D, first, t); }
    standardise(AT_X, moments(AT_X), t);
    if KEEP { store(AT_X, X_STANDARD, D, first, t); }

    scale_and_shift(AT_X, AT_U, NORM1, t);
    if KEEP { store(AT_U, LISTENING, D, first, t); }
    linear(AT_U, D, AT_OUT, D, QUERY, NO_BIAS, t);
    for (var i = t; i < D * V; i += 256) { pool[AT_OUT + i] *= inverseSqrt(f32(HEAD)); }
    workgroupBarrier();
    store(AT_OUT, Q, D, first, t);
    if KEEP { store_across(AT_OUT, Q_ACROSS, first, t); }
    workgroupBarrier();
    linear(AT_U, D, AT_OUT, D, KEY, NO_BIAS, t);
    if KEEP { store(AT_OUT, K, D, first, t); }
    store_across(AT_OUT, K_ACROSS, first, t);
    workgroupBarrier();

    scale_and_shift(AT_X, AT_U, NORM_VALUE, t);
    if KEEP { store(AT_U, SPEAKING, D, first, t); }
    linear(AT_U, D, AT_OUT, D, VALUE, NO_BIAS, t);
    store(AT_OUT, VALUES, D, first, t);
    if KEEP { store_across(AT_OUT, VALUES_ACROSS, first, t); }
}
