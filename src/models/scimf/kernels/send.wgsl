// The way back through a block of senders: what each receiver's attention to them asks of their keys and values; then to the positions.
@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) t: u32) {
    let first = group.x * ROWS;
    load(AT_K, K, D, first, t);
    load(AT_VALUES, VALUES, D, first, t);
    workgroupBarrier();
    for (var h = 0u; h < HEADS; h++) {
        var on_key = Rows();
        var on_value = Rows();
        for (var i0 = 0u; i0 < N; i0 += 256) {
            let i = i0 + t;
            var slope = Rows();
            var weight = Rows();
            if i < N {
                var pulled = Rows();
                for (var c = h * HEAD; c < (h + 1) * HEAD; c++) {
                    let q = scratch[Q_ACROSS + c * N + i];
                    let pull = scratch[Y_BACK_ACROSS + c * N + i];
                    for (var v = 0u; v < V; v++) {
                        slope[v] += pool[AT_K + c * V + v] * q;
                        pulled[v] += pool[AT_VALUES + c * V + v] * pull;
                    }
                }
                let at = h * N + i;
                let keep = kept_from(h, i, first);
                for (var v = 0u; v < V; v++) {
                    let a = exp(slope[v] - scratch[PEAK + at]) / scratch[TOTAL + at];
                    let attended = select(a, vec4f(0), LANES + (first + 4 * v) == vec4u(i));
                    weight[v] = attended * keep[v];
                    slope[v] = attended * (pulled[v] * keep[v] - scratch[DELTA + at]);
                }
            }
            put_part(t, slope);
            put_part(t + 256, weight);
            workgroupBarrier();
            add_tile(&on_key, 0, Q, h, i0, t);
            add_tile(&on_value, 256 * V, Y_BACK, h, i0, t);
            workgroupBarrier();
        }
        bring_together(on_key, AT_K_BACK, h, t);
        bring_together(on_value, AT_VALUES_BACK, h, t);
    }
    store(AT_K_BACK, K_BACK, D, first, t);
    store(AT_VALUES_BACK, VALUES_BACK, D, first, t);

    // The places of keys and values are free now.
    load_positions(AT_K, first, t);
    load(AT_VALUES, Q_BACK, D, first, t);
    load(AT_OUT, OWN_BACK, D, first, t);
    workgroupBarrier();
    let m = moments(AT_K);
    standardise(AT_K, m, t);

    linear(AT_VALUES, D, AT_U, D, QUERY_ACROSS, NO_BIAS, t);
    linear(AT_K_BACK, D, AT_VALUES, D, KEY_ACROSS, NO_BIAS, t);
    for (var i = t; i < D * V; i += 256) { pool[AT_U + i] += pool[AT_VALUES + i]; }
    workgroupBarrier();
    store(AT_U, LISTENING_BACK, D, first, t);
    norm_back(AT_U, AT_K, NORM1, m, AT_OUT, t);

    linear(AT_VALUES_BACK, D, AT_U, D, VALUE_ACROSS, NO_BIAS, t);
    store(AT_U, SPEAKING_BACK, D, first, t);
    norm_back(AT_U, AT_K, NORM_VALUE, m, AT_OUT, t);

    for (var i = t; i < (D + 1) * ROWS; i += 256) {
        let row = first + i / (D + 1);
        let c = i % (D + 1);
        if row < N {
            var value = adjoint[row * (D + 1) + D];
            if c < D { value = pool[AT_OUT + c * V + (i / (D + 1)) / 4][(i / (D + 1)) % 4]; }
            before[row * (D + 1) + c] = value;
        }
    }
}
