// Back through the response and the receivers' side of the attention; the senders' side is another kernel's.
fn finish(m: Moments, first: u32, t: u32) {
    store(AT_A, OWN_BACK, D, first, t);
    workgroupBarrier();
    linear(AT_F, D, AT_A, WIDE, FC2_ACROSS, NO_BIAS, t);
    leaky_back(AT_A, WIDE, WIDE1, WIDE1_BACK, first, t);
    linear(AT_A, WIDE, AT_B, D, FC1_ACROSS, NO_BIAS, t);
    store(AT_B, RESPONDING_BACK, D, first, t);
    for (var i = t; i < D * V; i += 256) { pool[AT_F + i] = vec4f(0); }
    workgroupBarrier();
    norm_back(AT_B, AT_Y, NORM2, m, AT_F, t);
    store(AT_F, Y_BACK, D, first, t);
    store_across(AT_F, Y_BACK_ACROSS, first, t);

    for (var h = 0u; h < HEADS; h++) {
        // sum_j A_ij dA_ij of each receiver is what it attended to times the gradient of that.
        var delta = Rows();
        for (var c = h * HEAD; c < (h + 1) * HEAD; c++) {
            for (var v = 0u; v < V; v++) {
                delta[v] += pool[AT_F + c * V + v] * (pool[AT_Y + c * V + v] / m.inverse[v] + m.mean[v]);
            }
        }
        if t < ROWS && first + t < N {
            let at = h * N + first + t;
            scratch[PEAK + at] = peak[h * V + t / 4][t % 4];
            scratch[TOTAL + at] = total[h * V + t / 4][t % 4];
            scratch[DELTA + at] = delta[t / 4][t % 4];
        }
        var sum = Rows();
        for (var j0 = 0u; j0 < N; j0 += 256) {
            let j = j0 + t;
            var slope = Rows();
            if j < N {
                let s = score(h, j, first);
                let keep = kept(h, first, j);
                var pulled = Rows();
                for (var c = h * HEAD; c < (h + 1) * HEAD; c++) {
                    let value = scratch[VALUES_ACROSS + c * N + j];
                    for (var v = 0u; v < V; v++) { pulled[v] += pool[AT_F + c * V + v] * value; }
                }
                for (var v = 0u; v < V; v++) {
                    slope[v] = exp(s[v] - peak[h * V + v]) / total[h * V + v] * (pulled[v] * keep[v] - delta[v]);
                }
            }
            put_part(t, slope);
            workgroupBarrier();
            add_tile(&sum, 0, K, h, j0, t);
            workgroupBarrier();
        }
        bring_together(sum, AT_A, h, t);
    }
    for (var i = t; i < D * V; i += 256) { pool[AT_A + i] *= inverseSqrt(f32(HEAD)); }
    workgroupBarrier();
    store(AT_A, Q_BACK, D, first, t);
}
