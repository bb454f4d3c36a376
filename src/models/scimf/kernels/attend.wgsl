// Attention of a block of receivers to all senders, a tile of 256 senders at a time, one for each thread.

// Largest score of a receiver in a head, and the sum of exp(score - largest).
var<workgroup> peak: array<vec4f, PEAKS>;
var<workgroup> total: array<vec4f, PEAKS>;

// A score that no softmax survives: nobody attends to itself.
const MASKED = -1e30;

fn score(h: u32, j: u32, first: u32) -> Rows {
    var s = Rows();
    for (var c = h * HEAD; c < (h + 1) * HEAD; c++) {
        let k = scratch[K_ACROSS + c * N + j];
        for (var v = 0u; v < V; v++) { s[v] += pool[AT_Q + c * V + v] * k; }
    }
    for (var v = 0u; v < V; v++) { s[v] = select(s[v], vec4f(MASKED), LANES + (first + 4 * v) == vec4u(j)); }
    return s;
}

// What the receivers attend to, from their queries in the pool. Waits at the end.
fn attend(to: u32, first: u32, t: u32) {
    for (var h = 0u; h < HEADS; h++) {
        var most: Rows;
        var sum = Rows();
        for (var v = 0u; v < V; v++) { most[v] = vec4f(MASKED); }
        for (var j = t; j < N; j += 256) {
            let s = score(h, j, first);
            for (var v = 0u; v < V; v++) {
                let higher = max(most[v], s[v]);
                sum[v] = sum[v] * exp(most[v] - higher) + exp(s[v] - higher);
                most[v] = higher;
            }
        }
        let highest = most_of_threads(most, t);
        for (var v = 0u; v < V; v++) { sum[v] *= exp(most[v] - highest[v]); }
        let whole = sum_of_threads(sum, t);
        if t == 0 {
            for (var v = 0u; v < V; v++) {
                peak[h * V + v] = highest[v];
                total[h * V + v] = whole[v];
            }
        }

        sum = Rows();
        for (var j0 = 0u; j0 < N; j0 += 256) {
            let j = j0 + t;
            var weight = Rows();
            if j < N {
                let s = score(h, j, first);
                let keep = kept(h, first, j);
                for (var v = 0u; v < V; v++) { weight[v] = exp(s[v] - highest[v]) / whole[v] * keep[v]; }
            }
            put_part(t, weight);
            workgroupBarrier();
            add_tile(&sum, 0, VALUES, h, j0, t);
            workgroupBarrier();
        }
        bring_together(sum, to, h, t);
    }
}
