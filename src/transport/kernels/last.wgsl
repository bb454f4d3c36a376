// The last softmins, and the gradient of the divergence with respect to the first cloud: where its points are drawn by the other cloud, less
// where they are drawn by their own.

const SHARES = 256u / D;

// sum_j P_ij y_j of each row into the pool. Waits at the end.
fn barycentre(p: Problem, s: Setting, x: Sums, to: u32, t: u32) {
    var sum = Rows();
    for (var j0 = 0u; j0 < p.columns; j0 += 256) {
        var weight = Rows();
        if j0 + t < p.columns {
            let e = exponents(p, s, j0 + t);
            for (var v = 0u; v < V; v++) { weight[v] = exp(e[v] - x.most[v]) / x.sum[v]; }
        }
        put_part(t, weight);
        workgroupBarrier();
        if t < SHARES * D {
            let end = min(256u, p.columns - j0);
            for (var i = t / D; i < end; i += SHARES) {
                let y = points[(p.column + j0 + i) * D + t % D];
                for (var v = 0u; v < V; v++) { sum[v] += part[i * V + v] * y; }
            }
        }
        workgroupBarrier();
    }
    put_part(t, sum);
    workgroupBarrier();
    if t < D {
        for (var i = 1u; i < SHARES; i++) {
            for (var v = 0u; v < V; v++) { sum[v] += part[(i * D + t) * V + v]; }
        }
        for (var v = 0u; v < V; v++) { pool[to + t * V + v] = sum[v]; }
    }
    workgroupBarrier();
}

@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) t: u32) {
    let s = Setting(setting[0], setting[1], setting[2]);
    let p = problem(group.x);
    let n = points_of(0);
    load_rows(p, t);
    let x = sums(p, s, t);
    if group.x >= blocks().x {
        if t < ROWS && p.first + t < p.rows { after[p.own + p.first + t] = softmin(x, s, t); }
        return;
    }
    barycentre(p, s, x, PULL, t);
    let own = problem(blocks().x + blocks().y + group.x);
    let alone = sums(own, s, t);
    barycentre(own, s, alone, PUSH, t);
    for (var i = t; i < D * ROWS; i += 256) {
        let row = i / D;
        let at = (i % D) * V + row / 4;
        if p.first + row < n {
            gradient[(p.first + row) * D + i % D] = (pool[PUSH + at][row % 4] - pool[PULL + at][row % 4]) / f32(n);
        }
    }
    if t < ROWS && p.first + t < n { after[p.first + t] = softmin(x, s, t) - softmin(alone, s, t); }
}
